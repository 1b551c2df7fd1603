"""A teacher's marks and accepted contests: kept, blind until both are done, then in the books."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import cli
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_class
from kit.loading import load
from kit.review import accepted, rubric
from kit.review.agreement import quadratic_kappa
from kit.review.contests import contested
from kit.review.marks import FILE, Marks
from kit.review.results import open_answers, records
from kit.review.sitting import Refused, Sitting
from kit.scoring import score_task
from kit.simulation import right
from tests.school import AT, LEARNERS, WHY, build, extra, hand_in, regrade, write


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A course with the tests' two exercises; the class hands in into `classe`."""
    monkeypatch.chdir(tmp_path)
    return build(tmp_path)


def sit(school):
    return Sitting(school / "out", load)


@pytest.fixture
def written(school):
    """Three learners have answered the first question, one of them the second one, too."""
    write(school, ana={"o1": WHY, "o2": "En euros ?"}, bob={"o1": "Bof."}, chloé={"o1": WHY * 2})
    regrade(school)
    return school


def act(sitting, do, marker="AB", **more):
    act.count += 1
    return sitting.act({"id": f"x{act.count}", "at": AT, "do": do, "marker": marker} | more)


act.count = 0


def answers(sitting, marker="AB"):
    return sitting.state(marker)["answers"]


def answer_of(sitting, learner, item="o1"):
    """The id under which the page knows an answer."""
    return next(
        id for id, each in sitting.answers.items() if (each.learner, each.item) == (learner, item)
    )


# --- Marks ---------------------------------------------------------------------------------------


def test_a_mark_is_on_disk_when_it_is_told(written):
    """Each mark is one line with who, whose, which rubric and when, before anything is answered."""
    sitting = sit(written)
    told = act(sitting, "mark", answer=answer_of(sitting, "bob"), points=1, comment="Citer.")
    assert told["answer"]["points"] == 1
    line = json.loads((written / "out" / FILE).read_text("utf-8"))
    assert (line["marker"], line["learner"], line["item"]) == ("AB", "bob", "o1")
    assert (line["points"], line["comment"], line["at"]) == (1, "Citer.", AT)
    assert line["rubric"] == rubric.version("open")
    assert answers(sit(written)) == answers(sitting)


def test_undo_brings_back_the_mark_before(written):
    """Step by step, each marker their own; the log keeps every line."""
    sitting = sit(written)
    id = answer_of(sitting, "bob")
    act(sitting, "mark", answer=id, points=1)
    act(sitting, "mark", answer=id, points=3)
    act(sitting, "mark", "CD", answer=id, points=4)
    assert act(sitting, "undo")["answer"]["points"] == 1
    assert act(sitting, "undo")["answer"]["points"] is None
    with pytest.raises(Refused):
        act(sitting, "undo")
    assert Marks(written / "out" / FILE).read().history["CD"][0].points == 4
    assert len((written / "out" / FILE).read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize("points", [-1, 5, 2.5, True, "3", None])
def test_only_levels_of_the_rubric_are_taken(written, points):
    """Anything else is refused, and leaves no line."""
    sitting = sit(written)
    with pytest.raises(Refused):
        act(sitting, "mark", answer=answer_of(sitting, "bob"), points=points)
    assert not (written / "out" / FILE).exists()


def test_a_torn_or_odd_line_costs_that_line(written):
    """What a crash or an editor left is counted and passed over."""
    sitting = sit(written)
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=2)
    with (written / "out" / FILE).open("a") as file:
        file.write('{"id": "z", "do": "mark", "marker": "AB", "points": 9}\n{"id": "y", "do"')
    act(sitting, "mark", answer=answer_of(sitting, "ana"), points=3)
    book = Marks(written / "out" / FILE).read()
    assert book.aside == 2
    assert sorted(each["AB"].points for each in book.marks.values()) == [2, 3]


def test_a_mark_is_for_the_text_that_was_read(written):
    """Who hands in another text has an answer that waits again."""
    sitting = sit(written)
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=0)
    write(written, bob={"o1": "Une meilleure réponse."})
    rows = regrade(written)
    assert (rows["bob"]["to_mark"], rows["bob"]["manual"]) == ("1", "")
    assert [each["points"] for each in answers(sit(written))] == [None] * 4


def test_questions_are_marked_one_after_the_other_in_no_order_of_names(written):
    """All answers to a question stand together; in anonymous mode no learner is named."""
    sitting = sit(written)
    assert [each["group"] for each in answers(sitting)] == ["foire/reasons/o1"] * 3 + [
        "foire/reasons/o2"
    ]
    hidden = json.dumps(sitting.state("AB"), ensure_ascii=False)
    assert not [learner for learner in LEARNERS if f'"{learner}"' in hidden]
    shown = sitting.state("AB", anonymous=False)["answers"]
    assert {each["learner"] for each in shown} == set(LEARNERS)
    assert answers(sitting)[0]["question"].startswith("Pourquoi la comparaison")


def test_a_comment_is_kept_for_its_marker(written):
    """The bank begins with ready comments; each marker's own follow."""
    sitting = sit(written)
    ready = sitting.state("AB")["bank"]
    assert act(sitting, "bank", text=" Relire la phrase. ")["bank"] == [*ready, "Relire la phrase."]
    assert sitting.state("CD")["bank"] == ready


def test_whatever_no_machine_scores_is_queued_with_its_rubric():
    """A rewriting waits like an answer in one's own words; an empty one or a number does not."""
    tasks = [
        {"task": kind, "kind": kind, "answers": {"a": {"text": text}}}
        for kind, text in (("open", "x"), ("rewrite", "y"), ("rewrite", " "), ("number", "3"))
    ]
    found = list(open_answers({"learner": "ana", "exercise": "foire", "tasks": tasks}))
    assert [each.text for each in found] == ["x", "y"]
    versions = [rubric.version(each.kind) for each in found]
    assert versions == ["justification/1", "rewriting/1"]


# --- The gradebook -------------------------------------------------------------------------------


def test_marks_enter_the_gradebook(written):
    """Points by hand beside points by machine; what waits counts neither for nor against."""
    rows = regrade(written)
    assert (rows["ana"]["status"], rows["ana"]["to_mark"], rows["ana"]["max"]) == (
        "to_mark",
        "2",
        "0",
    )
    sitting = sit(written)
    act(sitting, "mark", answer=answer_of(sitting, "ana"), points=4)
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=1)
    rows = regrade(written)
    assert (rows["ana"]["status"], rows["ana"]["to_mark"], rows["ana"]["max"]) == (
        "to_mark",
        "1",
        "0",
    )
    bob = rows["bob"]  # the second question, left blank, counts 0
    assert (bob["status"], bob["points"], bob["max"]) == ("graded", "0.50", "4")
    assert (bob["auto"], bob["manual"], bob["to_mark"]) == ("0.00", "0.50", "0")
    act(sitting, "mark", answer=answer_of(sitting, "ana", "o2"), points=2)
    assert regrade(written)["ana"]["points"] == "3.00"


def test_marks_and_comments_stand_on_the_learners_page(written):
    """Words of the teacher reach the learner, as text."""
    sitting = sit(written)
    comment = "Citer <b>les mots</b> du passage."
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=3, comment=comment)
    grade_class(Plan(written / "classe", written / "out"))
    pages = [path.read_text("utf-8") for path in (written / "out" / "feedback").glob("bob-*.html")]
    assert "Noté\u202f: 3 sur 4" in pages[0]
    assert "Citer &lt;b&gt;les mots&lt;/b&gt; du passage." in pages[0]


def test_marks_may_lie_elsewhere(written):
    """`--marks` names the file; one that is not there is a mistake, not an empty one."""
    sitting = sit(written)
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=4)
    elsewhere = written / "notes.jsonl"
    (written / "out" / FILE).rename(elsewhere)
    assert regrade(written)["bob"]["manual"] == ""
    to = ["--to", str(written / "out"), "--no-feedback", "--marks"]
    assert cli.main(["grade", str(written / "classe"), *to, str(elsewhere)]) == 0
    assert "2.00" in (written / "out" / "gradebook.csv").read_text("utf-8")
    assert cli.main(["grade", str(written / "classe"), *to, "nowhere.jsonl"]) == 1


def test_marks_leave_the_rest_as_it_is(written):
    """The same input gives the same bytes, with marks as without."""
    sitting = sit(written)
    act(sitting, "mark", answer=answer_of(sitting, "bob"), points=2)
    regrade(written)
    once = (written / "out" / "results.jsonl").read_bytes()
    regrade(written)
    assert (written / "out" / "results.jsonl").read_bytes() == once


# --- Two markers ---------------------------------------------------------------------------------


def mark_all(sitting, marker, points):
    for each, value in zip(answers(sitting, marker), points, strict=True):
        act(sitting, "mark", marker, answer=each["id"], points=value, comment=f"de {marker}")


def test_nobody_sees_the_other_marks_until_both_are_done(written):
    """Neither points nor comments of the other are in what a page is sent."""
    sitting = sit(written)
    mark_all(sitting, "AB", [4, 1, 0, 2])
    before = sitting.state("CD")
    assert [each["points"] for each in before["answers"]] == [None] * 4
    assert "de AB" not in json.dumps(before)
    act(sitting, "done", "AB")
    mark_all(sitting, "CD", [2, 1, 1, 2])
    for marker, other in (("AB", "CD"), ("CD", "AB")):
        state = sitting.state(marker)
        assert state["agreement"] == []
        assert f"de {other}" not in json.dumps(state)
    act(sitting, "done", "CD")
    for marker in ("AB", "CD"):
        (pair,) = sitting.state(marker)["agreement"]
        assert (pair["markers"], pair["count"], pair["same"]) == (["AB", "CD"], 4, 2)
        (apart,) = pair["apart"]
        assert (apart["points"], apart["comments"]) == ([4, 2], ["de AB", "de CD"])
    assert sitting.state("EF")["agreement"] == []


def test_what_was_compared_no_longer_changes(written):
    """After the comparison a mark would not be blind: it is settled instead."""
    sitting = sit(written)
    with pytest.raises(Refused):
        act(sitting, "settle", answer=answers(sitting)[0]["id"], points=3)
    mark_all(sitting, "AB", [4, 1, 0, 2])
    mark_all(sitting, "CD", [1, 1, 1, 2])
    act(sitting, "done", "AB")
    act(sitting, "done", "CD")
    first = answers(sitting)[0]
    assert first["locked"]
    for refused in ({"do": "mark", "answer": first["id"], "points": 2}, {"do": "undo"}):
        with pytest.raises(Refused):
            act(sitting, **refused)
    (pair,) = act(sitting, "settle", answer=first["id"], points=3)["agreement"]
    assert (pair["settled"], pair["apart"][0]["settled"]) == (1, 3)


def test_far_apart_waits_and_near_is_the_mean(school):
    """Two levels apart: to be marked until settled; one apart: the mean."""
    write(school, ana={"o1": WHY, "o2": "x"}, bob={"o1": WHY, "o2": "y"})
    regrade(school)
    sitting = sit(school)
    for marker, points in (("AB", (4, 4, 2, 2)), ("CD", (1, 3, 2, 2))):
        for each, value in zip(
            (answer_of(sitting, who, item) for item in ("o1", "o2") for who in ("ana", "bob")),
            (points[0], points[1], points[2], points[3]),
            strict=True,
        ):
            act(sitting, "mark", marker, answer=each, points=value)
    rows = regrade(school)
    assert (rows["ana"]["to_mark"], rows["ana"]["manual"]) == ("1", "")
    assert rows["bob"]["manual"] == "2.75"  # (3.5 + 2) of 8, over 4
    act(sitting, "done", "AB")
    act(sitting, "done", "CD")
    act(sitting, "settle", answer=answer_of(sitting, "ana"), points=2)
    assert regrade(school)["ana"]["manual"] == "2.00"


# Ratings of anxiety of 20 people by two of three raters, as the R package irr carries them.
FIRST = [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3]
SECOND = [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4]


def test_kappa_of_a_published_example():
    """The documentation of irr prints 0.297 for its squared weights."""
    assert round(quadratic_kappa(list(zip(FIRST, SECOND, strict=True))), 3) == 0.297


LEVEL = st.sampled_from(rubric.LEVELS)


@given(st.lists(st.tuples(LEVEL, LEVEL), min_size=1, max_size=40))
def test_kappa_is_that_of_scikit_learn(pairs):
    """For all tables on which it is defined."""
    metrics = pytest.importorskip("sklearn.metrics")
    kappa = quadratic_kappa(pairs)
    if kappa is not None:
        first, second = zip(*pairs, strict=True)
        oracle = metrics.cohen_kappa_score(first, second, weights="quadratic", labels=rubric.LEVELS)
        assert kappa == pytest.approx(oracle)


@given(st.lists(st.tuples(LEVEL, LEVEL), max_size=40))
def test_kappa_is_the_same_both_ways_and_at_most_one(pairs):
    """Nobody is the first; equal marks give 1, or nothing where one level is all there is."""
    kappa = quadratic_kappa(pairs)
    assert kappa == quadratic_kappa([(two, one) for one, two in pairs])
    assert kappa is None or kappa <= 1
    same = quadratic_kappa([(one, one) for one, _ in pairs])
    assert same == (1 if len({one for one, _ in pairs}) > 1 else None)


# --- Contests ------------------------------------------------------------------------------------


def contest(school, target, mark=None, task="bias", learners=("ana",)):
    """Let learners contest something in *halle*; return what a sitting lists."""
    exercise = load("halle")
    sets = {task: {"m1": mark}} if mark else {}
    for learner in learners:
        hand_in(school, exercise, learner, sets, [(task, target, f"Selon {learner}.")])
    regrade(school)
    return sit(school)


def test_contests_are_listed_with_all_reasons(school):
    """One passage, the reasons of all who contest it, their label and what the key says."""
    mark = extra(load("halle"))
    sitting = contest(school, "m1", mark, learners=("ana", "bob"))
    (told,) = sitting.state("AB")["contests"]
    assert [reason["words"] for reason in told["reasons"]] == ["Selon ana.", "Selon bob."]
    assert told["words"] == load("halle").article.text[slice(*mark["ranges"][0])]
    assert told["obstacle"] == ""
    assert {reason["learner"] for reason in told["reasons"]} == {""}
    shown = sitting.state("AB", anonymous=False)["contests"][0]["reasons"]
    assert [reason["learner"] for reason in shown] == ["ana", "bob"]
    assert shown[0]["chosen"] == "vocabulaire chargé"


def test_an_accepted_mark_is_debated_for_everybody(school):
    """The key gets a debated span, its file stays as it is, its version shows in every row."""
    exercise = load("halle")
    key = (school / "exercises" / "halle" / "key.toml").read_bytes()
    good = right(exercise, exercise.task("bias"))
    for learner, more in (("ana", {"m1": extra(exercise)}), ("bob", {})):
        contests = [("bias", "m1", "Parce que.")] if more else []
        hand_in(school, exercise, learner, {"bias": good | more}, contests)
    before = regrade(school)
    assert float(before["ana"]["points"]) < float(before["bob"]["points"])
    sitting = sit(school)
    (told,) = sitting.state("AB")["contests"]
    assert act(sitting, "accept", contest=told["id"], note="Les deux se lisent.") == {
        "regrade": True
    }
    after = regrade(school)
    assert after["ana"]["points"] == after["bob"]["points"] == before["bob"]["points"]
    assert len({row["key_version"] for row in (before["bob"], after["bob"])}) == 2
    assert (school / "exercises" / "halle" / "key.toml").read_bytes() == key
    line = json.loads((school / "out" / accepted.FILE).read_text("utf-8"))
    assert (line["who"], line["at"], line["exercise"]) == ("AB", AT, "halle")
    assert line["answer"] == extra(exercise)
    again = sit(school)
    (told,) = again.state("AB")["contests"]
    assert told["accepted"] == {"who": "AB", "at": AT, "note": "Les deux se lisent."}
    act(again, "withdraw", contest=told["id"])
    assert regrade(school) == before


def test_an_accepted_passage_of_the_key_no_longer_counts(school):
    """Missing it costs nothing from then on."""
    exercise = load("halle")
    task = exercise.task("bias")
    entry = exercise.entries(task, "core")[0]
    good = {item: value for item, value in right(exercise, task).items() if item != entry.id}
    hand_in(school, exercise, "ana", {"bias": good}, [("bias", entry.id, "Ce mot est neutre.")])
    regrade(school)
    sitting = sit(school)
    (told,) = sitting.state("AB")["contests"]
    assert entry.why["fr"] in told["key"]
    act(sitting, "accept", contest=told["id"])
    bench = Bench(accepted=str(school / "out" / accepted.FILE))
    changed = bench.exercise("halle")
    assert changed.key.by_id[entry.id].status == "debated"
    assert score_task(changed, changed.task("bias"), good).score == 1.0
    assert score_task(exercise, task, good).score < 1.0


def test_an_accepted_label_of_a_clause_is_a_second_one(school):
    """A clause takes one second label; a third reading is refused with the reason."""
    exercise = load("halle")
    task = exercise.task("claims")
    entry = next(each for each in exercise.entries(task) if not each.also)
    labels = [label for label in task.labels if label != entry.label][:2]
    for learner, label in zip(("ana", "bob"), labels, strict=True):
        target = [("claims", entry.clause, "Autre lecture.")]
        hand_in(school, exercise, learner, {"claims": {entry.clause: label}}, target)
    before = regrade(school)
    sitting = sit(school)
    one, other = (each["id"] for each in sitting.state("AB")["contests"])
    act(sitting, "accept", contest=one)
    with pytest.raises(Refused, match="two_labels"):
        act(sitting, "accept", contest=other)
    after = regrade(school)
    gained = [float(after[who]["points"]) > float(before[who]["points"]) for who in after]
    assert sorted(gained) == [False, True]


@pytest.mark.parametrize(
    ("target", "code"),
    [("nowhere", "no_passage"), ("m1", "no_passage")],
)
def test_what_names_no_passage_cannot_be_accepted(school, target, code):
    """A contest of something that is not in the answer is listed, and says why it stays open."""
    sitting = contest(school, target)
    (told,) = sitting.state("AB")["contests"]
    assert told["obstacle"]
    with pytest.raises(Refused, match=code):
        act(sitting, "accept", contest=told["id"])
    assert not (school / "out" / accepted.FILE).exists()


def test_an_accepted_contest_on_another_text_is_passed_over(school):
    """An article that has changed since is graded with the author's key."""
    sitting = contest(school, "m1", extra(load("halle")))
    act(sitting, "accept", contest=sitting.state("AB")["contests"][0]["id"])
    path = school / "out" / accepted.FILE
    path.write_text(
        path.read_text("utf-8").replace(load("halle").article.sha256, "0" * 64), "utf-8"
    )
    bench = Bench(accepted=str(path))
    assert bench.exercise("halle").key.version == load("halle").key.version


@given(st.binary(max_size=80))
def test_an_odd_line_among_accepted_contests_changes_nothing(line):
    """The log is read as all logs are."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, accepted.FILE)
        path.write_bytes(line)
        assert accepted.read(path) == []


def test_attributions_can_be_contested(school):
    """A whole attribution that the key lacks becomes debated; half a one is refused."""
    exercise = load("halle")
    task = exercise.task("sources")
    value = next(iter(right(exercise, task).values()))
    words = exercise.article.words
    place = [list(words[-2])], [list(words[-1])]
    whole = value | {"source": place[0], "content": place[1]}
    whole.pop("cue", None)
    half = {name: part for name, part in whole.items() if name != "interest"}
    for learner, given_ in (("ana", whole), ("bob", half)):
        contests = [("sources", "m1", "C’en est une.")]
        hand_in(school, exercise, learner, {"sources": {"m1": given_}}, contests)
    before = regrade(school)
    sitting = sit(school)
    obstacles = {each["id"]: each["obstacle"] for each in sitting.state("AB")["contests"]}
    assert sorted(map(bool, obstacles.values())) == [False, True]
    act(sitting, "accept", contest=next(id for id, why in obstacles.items() if not why))
    assert regrade(school)["ana"]["key_version"] != before["ana"]["key_version"]


def test_contests_of_results_are_those_of_the_hand_ins(school):
    """What grading wrote is enough to list them."""
    contest(school, "m1", extra(load("halle")), learners=LEARNERS)
    (told,) = contested(records(school / "out"))
    assert {reason.learner for reason in told.reasons} == set(LEARNERS)
    data = (school / "classe" / "ana_halle_v1.json").read_bytes()
    assert grade(data, Bench())["contests"][0]["reason"] == "Selon ana."
