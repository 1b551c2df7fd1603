"""Tasks that are lists of questions: what is read, kept, scored, said, and handed in."""

import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.grading import grade as grading
from kit.grading.grade import Bench, grade
from kit.grading.handed_in import CUT, MOST_TEXT
from kit.grading.reports import learner as pages
from kit.grading.reports import summary
from kit.grading.reports.pages import environment
from kit.grading.reports.tally import Tally
from kit.loading import read
from kit.messages import catalogue as messages
from kit.messages import in_words
from kit.scoring import LISTS, UNSCORED, counted, items, score, score_task
from kit.scoring.number import readings
from kit.scoring.sort import Counts, sensitivity
from kit.session import Session
from kit.simulation import right, wrong
from tests.conftest import FOIRE

EXERCISE, KEY = "exercise.toml", "key.toml"
AT = "2026-05-12T10:00:00Z"

# code: (file, what stands in it, what a bad file has instead)
ITEM_SLIPS = {
    "unknown_list": (EXERCISE, 'task = "reasons"', 'task = "reason"'),
    "unknown_item": (KEY, 'item = "o2"', 'item = "o22"'),
    "item_unanswered": (KEY, 'item = "o2"', 'item = "o1"'),
    "wrong_options": (EXERCISE, 'id = "eur"', 'id = "usd"'),
    "unknown_answer": (KEY, 'value = "faulty"', 'value = "false"'),
    "not_a_number": (KEY, "value = 1111111.11", 'value = "1111111,11"'),
    "wrong_order": (KEY, '"vote", "sale", "open"', '"vote", "sale"'),
    "order_given_away": (KEY, '"vote", "sale", "open"', '"open", "vote", "sale"'),
    "wrong_match": (KEY, 'club = "all"', 'club = "none"'),
    "unknown_card": (EXERCISE, 'cards = ["V1", "V2"]', 'cards = ["V1", "V3"]'),
    "one_text_only": (EXERCISE, ', "riverains.fr.txt"]', "]"),
    "task_without_items": (
        EXERCISE,
        "[[task]]",
        '[[task]]\nid = "x"\nkind = "open"\nprompt.fr = "x"\nprompt.en = "x"\n\n[[task]]',
    ),
}


@pytest.fixture
def folder(tmp_path):
    """The folder of *foire*, to be spoilt."""
    return shutil.copytree(FOIRE, tmp_path / "foire")


@pytest.fixture
def bench(foire):
    """What hand-ins of *foire* are held against."""
    bench = Bench()
    bench._known.add("foire")
    bench._loaded["foire"] = foire
    return bench


def tasks(foire, *kinds):
    return [task for task in foire.tasks if not kinds or task.kind in kinds]


def act(session, do, task, **more):
    number = len(session.log.path.read_bytes().splitlines()) if session.log.path.exists() else 0
    return session.act({"id": f"a{number}", "at": AT, "do": do, "task": task.id} | more)


def work(session, task, answers):
    for item, value in answers.items():
        act(session, "set", task, item=item, value=value)


def handed_in(session):
    session.act({"id": "h", "at": AT, "do": "hand_in"})
    (path,) = (session.folder / "remis").iterdir()
    return path.read_bytes()


# --- What an author writes ------------------------------------------------------------------------


@pytest.mark.parametrize("code", ITEM_SLIPS)
def test_a_slip_is_named_with_its_mend(folder, code):
    """A mistake in a question or its answer names its place and its mend, in both languages."""
    file, given, instead = ITEM_SLIPS[code]
    text = (folder / file).read_text("utf-8")
    assert given in text
    (folder / file).write_text(text.replace(given, instead, 1), "utf-8")
    exercise, mistakes = read(folder)
    assert exercise is None
    assert code in {mistake.code for mistake in mistakes}
    for mistake in mistakes:
        said = in_words(mistake, "fr") + in_words(mistake, "en")
        assert not re.search(r"\{\w+\}", said)


def test_every_kind_of_list_is_in_the_exercise_of_the_tests(foire):
    """What follows is true of all of them."""
    assert {task.kind for task in foire.tasks} == set(LISTS)


def test_a_question_is_checked_on_its_own(foire):
    """The items of a task stand where other tasks have paragraphs."""
    for task in foire.tasks:
        assert task.paragraphs == tuple(item.id for item in foire.items_of(task))


def test_every_mistake_of_a_kind_has_been_provoked():
    """The table above knows every code that the kinds can raise."""
    source = "".join(path.read_text("utf-8") for path in Path(items.__file__).parent.glob("*.py"))
    catalogue = {id.split(".")[1] for id in messages("fr") if id.startswith("mistake.")}
    raised = set(re.findall(r'"([a-z]+_[a-z_]+)"', source)) & catalogue
    set_aside = {"unknown_label", "unknown_value"}  # why an answer, not a file, is no good
    elsewhere = {"unknown_segment", "wrong_segments"}  # provoked in test_exercise
    assert raised - set_aside - elsewhere <= set(ITEM_SLIPS)


# --- Blank, right, wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_three_ways_to_answer(foire, kind):
    """From its declaration alone: nothing is 0, the key is 1, what misses it is at most 0.2."""
    for task in tasks(foire, kind):
        scores = [
            score_task(foire, task, answers)
            for answers in ({}, right(foire, task), wrong(foire, task))
        ]
        assert [each.blank for each in scores] == [True, False, False]
        if kind in UNSCORED:
            assert [each.score for each in scores] == [None] * 3
        else:
            blank, best, worst = (each.score for each in scores)
            assert (blank, best) == (0.0, pytest.approx(1.0))
            assert worst <= 0.2


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize(
    "value", [3, True, "", [], {}, {"text": 3}, {"x": "y"}, "<b>", [[]], ["a"]]
)
def test_what_is_no_answer_is_refused(foire, kind, value):
    """A value of another form than the kind's own is set aside, and nothing breaks."""
    for task in tasks(foire, kind):
        for item in task.paragraphs:
            assert LISTS[kind].judge(foire, task, item, value)
        assert LISTS[kind].judge(foire, task, "nowhere", right(foire, task)) == "unknown_item"


@pytest.mark.parametrize("kind", LISTS)
def test_the_key_is_an_answer(foire, kind):
    """What the key asks for, and what misses it, can both be handed in."""
    for task in tasks(foire, kind):
        for answers in (right(foire, task), wrong(foire, task)):
            for item, value in answers.items():
                assert LISTS[kind].judge(foire, task, item, value) is None
                assert LISTS[kind].of.said(foire.by_item[item], value, "fr")


# --- A learner at work ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LISTS)
def test_check_hints_and_model_answer_work_by_question(foire, kind, tmp_path):
    """One question is checked, helped with and shown; the others are not touched."""
    task = tasks(foire, kind)[0]
    session = Session(foire, "zoé", tmp_path)
    work(session, task, wrong(foire, task))
    first = task.paragraphs[0]
    told = act(session, "check", task, paragraphs=[first])["feedback"]
    assert set(told) == {first}
    assert set(told[first]["items"]) == {first}
    for rung in (1, 2, 3):
        told = act(session, "hint", task, paragraph=first)["feedback"][first]
        assert len(told["hints"]) == rung
    assert not told["moreHints"]
    (shown,) = act(session, "model", task, paragraphs=[first])["feedback"][first]["model"]
    assert shown["answer"]
    assert set(session.state(task.id)["feedback"]) == {first}


@pytest.mark.parametrize("kind", LISTS)
def test_the_last_check_before_the_answer_counts(foire, kind, tmp_path):
    """Whoever looks at the model answer keeps what was checked before."""
    task = tasks(foire, kind)[0]
    session = Session(foire, "zoé", tmp_path)
    first = task.paragraphs[0]
    work(session, task, wrong(foire, task))
    before = wrong(foire, task)[first]
    act(session, "check", task, paragraphs=[first])
    act(session, "model", task, paragraphs=[first])
    act(session, "set", task, item=first, value=right(foire, task)[first])
    act(session, "check", task, paragraphs=[first])
    assert counted(foire, task, session.response.task(task.id))[first] == before


@pytest.mark.parametrize("kind", LISTS)
def test_an_answer_can_be_taken_away(foire, kind, tmp_path):
    """A null leaves the question blank, and a new session knows it."""
    task = tasks(foire, kind)[0]
    session = Session(foire, "zoé", tmp_path)
    work(session, task, right(foire, task))
    for item in task.paragraphs:
        act(session, "set", task, item=item, value=None)
    again = Session(foire, "zoé", tmp_path)
    assert again.state(task.id)["answers"] == {}


# --- Graded ---------------------------------------------------------------------------------------


def graded(foire, bench, folder, answers):
    session = Session(foire, "zoé", folder)
    for task in foire.tasks:
        work(session, task, answers(foire, task))
    return grade(handed_in(session), bench)


def test_right_answers_earn_all_that_a_machine_gives(foire, bench, tmp_path):
    """Points and their most leave out what waits for a teacher, which is counted apart."""
    record = graded(foire, bench, tmp_path, right)
    machine = [task for task in foire.tasks if task.kind not in UNSCORED]
    assert record["max"] == sum(grading.POINTS[task.layer] for task in machine)
    assert record["points"] == pytest.approx(record["max"])
    waiting = [task for task in record["tasks"] if task["to_mark"]]
    assert {task["kind"] for task in waiting} == UNSCORED
    assert {(task["score"], task["points"]) for task in waiting} == {(None, None)}
    assert record["to_mark"] == sum(task["to_mark"] for task in waiting)
    assert record["status"] == "to_mark"


def test_graded_answers_are_kept_as_given(foire, bench, tmp_path):
    """A record holds each answer, for whoever looks at it again."""
    record = graded(foire, bench, tmp_path, right)
    for task in record["tasks"]:
        assert task["answers"] == right(foire, foire.task(task["task"]))


def test_pages_for_learner_and_teacher_can_be_made(foire, bench, tmp_path):
    """Every outcome of every kind has its words on both pages."""
    for name, answers in (("r", right), ("w", wrong), ("b", lambda exercise, task: {})):
        record = graded(foire, bench, tmp_path / name, answers)
        row = {"exercise": "foire", "status": record["status"], "reason": "", "percent": None}
        row |= {"exercise_version": "v", "key_version": "k", "scorer": "s", "mode": "practice"}
        row |= {"submitted_at": AT, "receipt": "", "file": "f", "learner": "z", "name": ""}
        row |= {"points": record["points"], "max": record["max"]}
        tally = Tally()
        tally.add(row, record)
        for lang in ("fr", "en"):
            told = pages.page([(row, record)], bench, lang)["parts"][0]["tasks"]
            assert [len(task["notes"]) for task in told] == [len(t.paragraphs) for t in foire.tasks]
            sorting = told[[task.kind for task in foire.tasks].index("sort")]
            hits = {"fr": "2 fautes repérées sur 2.", "en": "2 faults spotted out of 2."}[lang]
            assert (hits in sorting["summary"]) == (name == "r")
            if record["status"] != "empty":
                assert len(summary.parts(tally, bench, lang)[0]["tasks"]) == len(foire.tasks)


# --- Sorting --------------------------------------------------------------------------------------

choices = st.lists(st.sampled_from(["sound", "faulty", None]), min_size=4, max_size=4)


def sorted_(foire, values):
    task = foire.task("holds")
    answers = {id: value for id, value in zip(task.paragraphs, values, strict=True) if value}
    return score_task(foire, task, answers).score


@given(choices, st.integers(0, 3))
def test_sorting_one_more_rightly_never_costs(foire, values, at):
    """The score lies between 0 and 1, and a right answer never lowers it."""
    task = foire.task("holds")
    before = sorted_(foire, values)
    values[at] = foire.answer(task.paragraphs[at]).value
    assert 0 <= before <= sorted_(foire, values) <= 1


@pytest.mark.parametrize("value", ["sound", "faulty"])
def test_one_answer_for_all_earns_next_to_nothing(foire, value):
    """Suspecting everything is worth no more than trusting everything."""
    values = [value] * 3 + ["sound"]  # the last one is debated
    assert sorted_(foire, values) == (0.0 if value == "sound" else 0.5)


@given(st.integers(1, 50), st.integers(1, 50), st.data())
def test_sensitivity_is_finite_and_rises_with_hits(faulty, sound, data):
    """The correction keeps d' finite; one more hit raises it, one more false alarm lowers it."""
    hits = data.draw(st.integers(0, faulty - 1))
    alarms = data.draw(st.integers(0, sound - 1))
    here, _ = sensitivity(Counts(hits, faulty, alarms, sound))
    assert sensitivity(Counts(hits + 1, faulty, alarms, sound))[0] > here
    assert sensitivity(Counts(hits, faulty, alarms + 1, sound))[0] < here
    assert abs(here) < 10


def test_a_check_says_in_words_what_was_told_apart(foire, tmp_path):
    """Hits and false alarms stand beside each other, and what they say together."""
    task = foire.task("holds")
    session = Session(foire, "zoé", tmp_path)
    for item, value in zip(task.paragraphs, ["faulty", "faulty", "sound", "sound"], strict=True):
        act(session, "set", task, item=item, value=value)
    told = act(session, "check", task, paragraphs=list(task.paragraphs))["feedback"][""]["summary"]
    assert told.startswith("1 faute repérée sur 2. 1 passage sûr accusé à tort sur 1.")
    assert "" not in act(session, "check", task, paragraphs=["s1"]).get("feedback", {})


# --- Numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("9,74 milliards", [9_740_000_000]),
        ("9.74 billion", [9_740_000_000, 9_740_000_000_000]),
        ("40\u202f000", [40_000]),
        ("40 000 habitants", [40_000]),
        ("40'000", [40_000]),
        ("1.234.567,8", [Fraction("1234567.8")]),
        ("1,234,567.8", [Fraction("1234567.8")]),
        ("1,5", [Fraction("1.5")]),
        ("1,500", [1500, Fraction("1.5")]),
        ("0,123", [Fraction("0.123")]),
        ("−3", [-3]),
        ("12 %", [12]),
        ("3 M€", [3_000_000]),
        ("3 mètres", [3]),
        ("2 mille", [2000]),
        ("2 ou 3", []),
        ("beaucoup", []),
        ("", []),
        ("1.2.3.4", []),
    ],
)
def test_numbers_are_read_as_the_french_and_the_english_write_them(text, numbers):
    """Decimal marks, thousands, words for thousands and millions."""
    assert list(readings(text)) == numbers


@given(st.text(max_size=30))
def test_no_text_makes_reading_a_number_crash(text):
    """Anything has readings, perhaps none."""
    assert all(isinstance(number, Fraction) for number in readings(text))


@given(st.integers(0, 10**12), st.sampled_from(["\u202f", "\u00a0", " ", ""]))
def test_a_whole_number_is_read_back(number, blank):
    """Whatever parts the thousands."""
    assert list(readings(f"{number:,}".replace(",", blank))) == [number]


@pytest.mark.parametrize(
    ("value", "kind", "credit"),
    [
        ({"text": "1\u202f111\u202f111,11", "unit": "eur"}, "exact", 1.0),
        ({"text": "1,11 million", "unit": "eur"}, "close", 1.0),
        ({"text": "1,11 million", "unit": "usd"}, "unit_slip", 0.5),
        ({"text": "1,11 million"}, "unit_slip", 0.5),
        ({"text": "1,11 milliard", "unit": "eur"}, "scale_slip", 0.2),
        ({"text": "1111,1", "unit": "eur"}, "scale_slip", 0.2),
        ({"text": "1,296 million", "unit": "usd"}, "other_value", 0.0),
        ({"text": "un million", "unit": "eur"}, "unreadable", 0.0),
    ],
)
def test_slips_of_unit_and_scale_are_told_apart(foire, value, kind, credit):
    """A slip is worth part of the credit, and has its own words."""
    result = score_task(foire, foire.task("numbers"), {"n1": value}, {"n1"})
    assert (result.outcomes[0].kind, result.score) == (kind, credit)


# --- Open questions -------------------------------------------------------------------------------


def test_a_text_is_never_scored(foire, tmp_path):
    """However good it is, a teacher marks it; a blank one has nothing to mark."""
    task = foire.task("reasons")
    session = Session(foire, "zoé", tmp_path)
    act(session, "set", task, item="o1", value={"text": "Parce que."})
    act(session, "set", task, item="o2", value={"text": " \n"})
    (result,) = [each for each in score(foire, session.response) if each.task == task.id]
    assert (result.score, result.refused, result.to_mark) == (None, None, 1)


def test_a_long_text_is_cut_with_a_mark_where_it_is_graded(foire, bench, tmp_path):
    """Ten thousand signs are kept, and it is told that there were more."""
    task = foire.task("reasons")
    session = Session(foire, "zoé", tmp_path)
    act(session, "set", task, item="o1", value={"text": "a" * (MOST_TEXT + 1)})
    record = grade(handed_in(session), bench)
    (told,) = [each for each in record["tasks"] if each["task"] == task.id]
    assert told["answers"]["o1"]["text"] == "a" * MOST_TEXT + CUT
    assert record["reasons"]["text_cut"] == 1


def test_markup_in_an_answer_stays_text(foire, bench, tmp_path):
    """What looks like a tag is shown as it was written, on the page a learner gets back."""
    session = Session(foire, "zoé", tmp_path)
    planted = "<script>alert(1)</script> <img src=x onerror=alert(2)>"
    act(session, "set", foire.task("reasons"), item="o1", value={"text": planted})
    act(session, "set", foire.task("numbers"), item="n1", value={"text": planted})
    record = grade(handed_in(session), bench)
    row = {"exercise": "foire", "status": record["status"], "reason": "", "percent": None}
    row |= {"exercise_version": "v", "key_version": "k", "scorer": "s", "mode": "practice"}
    row |= {"submitted_at": AT, "receipt": "", "file": "f", "learner": "z", "name": ""}
    row |= {"points": record["points"], "max": record["max"]}
    told = pages.page([(row, record)], bench, "fr")
    page = environment("fr").get_template("feedback.html").render(lang="fr", **told)
    assert page.count("&lt;script&gt;alert(1)") == page.count("&lt;img src=x") == 2
    assert "<script" not in page
    assert "<img" not in page


# --- Orders and matches ---------------------------------------------------------------------------


@given(st.permutations(["open", "vote", "sale"]))
def test_an_order_is_worth_the_neighbours_that_are_right(foire, order):
    """1 for the key's order alone; swapping two neighbours into place never costs."""
    task = foire.task("timeline")
    key = foire.answer("t1").value
    result = score_task(foire, task, {"t1": order})
    assert (result.score == 1) == (order == key)
    assert 0 <= result.score <= 1
    for at in range(2):
        if key.index(order[at]) > key.index(order[at + 1]):
            better = [*order]
            better[at : at + 2] = reversed(order[at : at + 2])
            assert score_task(foire, task, {"t1": better}).score >= result.score


@pytest.mark.parametrize(
    "order",
    [["open", "vote"], ["open", "vote", "vote"], ["open", "vote", "x"], ["open", 3, "sale"]],
)
def test_an_order_holds_everything_once(foire, order):
    """Something forgotten, doubled or foreign is no order."""
    assert LISTS["order"].judge(foire, foire.task("timeline"), "t1", order)


@given(st.dictionaries(st.sampled_from(["hall", "club"]), st.sampled_from(["all", "cost"])))
def test_a_match_is_worth_the_pairs_that_are_right(foire, value):
    """Pairs left open count as wrong; the rest counts as it is."""
    task, key = foire.task("voices"), foire.answer("m1").value
    right_ones = sum(key[id] == other for id, other in value.items())
    answers = {"m1": value} if value else {}
    assert score_task(foire, task, answers).score == right_ones / 2


# --- Verdicts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "verdict", "credit"),
    [
        ("v1", "imprecise", 1.0),
        ("v1", "true", 0.6),
        ("v1", "false", 0.6),
        ("v1", "unverifiable", 0.0),
        ("v2", "unverifiable", 1.0),
        ("v2", "false", 1.0),  # accepted in full
        ("v2", "imprecise", 0.0),
        ("v2", "true", 0.0),
    ],
)
def test_what_a_verdict_is_worth(foire, id, verdict, credit):
    """A neighbour earns .6, and confidence nothing at all."""
    for sure in (None, 25, 100):
        value = {"verdict": verdict} | ({"confidence": sure} if sure else {})
        result = score_task(foire, foire.task("check"), {id: value}, {id})
        assert result.score == pytest.approx(credit)


def test_opening_cards_is_no_verdict(foire):
    """A card that was opened is kept, in its order, and earns nothing by itself."""
    task = foire.task("check")
    assert LISTS["verdict"].judge(foire, task, "v1", {"cards": ["V2", "V1", "V2"]}) is None
    assert score_task(foire, task, {"v1": {"cards": ["V2"]}}).blank


@pytest.mark.parametrize(
    "value",
    [
        {"verdict": "maybe"},
        {"verdict": ["true"]},
        {"verdict": "true", "confidence": 99},
        {"verdict": "true", "confidence": True},
        {"verdict": "true", "confidence": "100"},
        {"verdict": "true", "cards": ["V3"]},
        {"verdict": "true", "cards": "V1"},
        {"verdict": "true", "cards": ["V1"] * 101},
        {"verdict": "true", "x": 1},
    ],
)
def test_what_is_no_verdict(foire, value):
    """Only the four verdicts, the four steps, and cards that lie there."""
    assert LISTS["verdict"].judge(foire, foire.task("check"), "v1", value)


# --- Two texts, and rewriting ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "value", "kind", "credit"),
    [
        ("d1", "B.1a", "exact", 1.0),
        ("d1", "B.1c", "other_value", 0.0),
        ("d1", "none", "overlooked", 0.0),
        ("d2", "none", "exact", 1.0),
        ("d2", "B.C", "debated", 1.0),
        ("d2", "B.1a", "false_alarm", 0.0),
    ],
)
def test_the_same_fact_in_another_text(foire, id, value, kind, credit):
    """What is told, told elsewhere, or left out are three answers with words of their own."""
    result = score_task(foire, foire.task("twins"), {id: value}, {id})
    assert (result.outcomes[0].kind, result.score) == (kind, credit)


def test_the_sentences_to_choose_from_can_be_narrowed(foire):
    """All of the other text, or from one sentence to another."""
    narrowed, all_ = (
        [o.id for o in i.details["options"]] for i in foire.items_of(foire.task("twins"))
    )
    assert narrowed == ["B.1a", "B.1b", "B.1c"]
    assert all_ == ["B.T", "B.C", *narrowed]


@pytest.mark.parametrize("checks", ["words", ["x"], [3], ["words"] * 51])
def test_only_checks_of_the_list_can_be_ticked(foire, checks):
    """Anything else is no rewriting."""
    value = {"text": "Un titre", "checks": checks}
    assert LISTS["rewrite"].judge(foire, foire.task("neutral"), "w1", value)
