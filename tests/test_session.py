"""The road of a learner, from the first mark to the receipt, for every exercise."""

import json
import re
from uuid import uuid4

import pytest

from kit.course import exercises
from kit.errors import KitError
from kit.exercise import Entry
from kit.loading import load, read
from kit.response import Log
from kit.scoring import UNSCORED, score
from kit.session import Session
from kit.simulation import right, wrong
from tests.conftest import HALLE

AT = "2026-01-01T00:00:00Z"


class Learner:
    """Acts in a session as a page does: each action has an id and a time."""

    def __init__(self, exercise, folder, task="bias", lang="fr"):
        self.session = Session(exercise, "zoé", folder, lang)
        self.task = exercise.task(task)

    def act(self, do, **rest):
        return self.session.act(
            {"id": uuid4().hex, "at": AT, "do": do, "task": self.task.id} | rest
        )

    def answer(self, answers):
        for item, value in answers.items():
            self.act("set", item=item, value=value)

    def mark(self, text, label, item="m1"):
        start = self.session.exercise.article.text.index(text)
        value = {"label": label, "ranges": [[start, start + len(text)]]}
        self.act("set", item=item, value=value)
        return value

    def check(self, *paragraphs):
        return self.act("check", paragraphs=list(paragraphs or self.task.paragraphs))["feedback"]

    @property
    def state(self):
        return self.session.state(self.task.id)

    @property
    def score(self):
        results = score(self.session.exercise, self.session.response)
        return next(result for result in results if result.task == self.task.id)


@pytest.fixture
def zoe(halle, tmp_path):
    """A learner at the task on bias."""
    return Learner(halle, tmp_path)


def test_an_answer_is_saved(zoe):
    """Each action is answered with its id once it is on disk."""
    assert zoe.act("set", id="a1", item="m1", value=None) == {"saved": "a1"}
    (opening, action) = map(json.loads, zoe.session.log.lines())
    assert (opening["do"], opening["article"]) == ("open", zoe.session.exercise.article.sha256)
    assert action["id"] == "a1"


def test_an_action_sent_twice_is_stored_once(zoe):
    """A page that did not hear the answer may ask again."""
    for _ in range(2):
        assert zoe.act("check", id="c", paragraphs=["T"])["feedback"]["T"]["tries"] == 1
    assert len(list(zoe.session.log.lines())) == 2


def test_undo_is_a_set(zoe):
    """Taking an answer back leaves no answer."""
    value = zoe.mark("toute la ville", "exaggeration")
    assert zoe.state["answers"] == {"m1": value}
    zoe.act("set", item="m1", value=None)
    assert zoe.state["answers"] == {}


def test_nothing_is_told_before_a_check(zoe):
    """Marks are not commented while the learner marks."""
    zoe.mark("toute la ville", "exaggeration")
    assert zoe.state["feedback"] == {}


def test_a_check_tells_signs_and_counts(zoe):
    """A check answers each mark and counts what is missing."""
    zoe.mark("toute la ville", "exaggeration")
    zoe.mark("un gouffre", "loaded_language", "m2")
    told = zoe.check("T", "1")
    assert told["T"]["items"]["m1"]["sign"] == "right"
    assert told["1"]["items"]["m2"]["sign"] == "near"
    assert told["T"]["summary"] == "1 passage trouvé. Tout est trouvé dans ce paragraphe."
    assert told["1"]["summary"] == "1 proche."


def test_tries_are_counted_down(zoe):
    """Three checks of a paragraph are offered; a fourth is not stored."""
    left = [zoe.check("T")["T"]["left"] for _ in range(3)]
    assert left == [2, 1, 0]
    before = list(zoe.session.log.lines())
    zoe.check("T")
    assert list(zoe.session.log.lines()) == before
    assert zoe.check("T", "1")["1"]["left"] == 2


def test_feedback_grows_stale(zoe):
    """Feedback on earlier answers says that it is old."""
    zoe.mark("toute la ville", "exaggeration")
    zoe.check("T")
    assert not zoe.state["feedback"]["T"]["stale"]
    zoe.mark("la ville", "exaggeration")
    assert zoe.state["feedback"]["T"]["stale"]


def test_hints_climb_a_ladder(zoe):
    """Hints name the sentence, ask, then show the passage."""
    told = [zoe.act("hint", paragraph="T")["feedback"]["T"] for _ in range(3)]
    assert [[hint["rung"] for hint in each["hints"]] for each in told] == [[1], [1, 2], [1, 2, 3]]
    one, two, three = (hint["text"] for hint in told[-1]["hints"])
    assert "«\u202fValmont rouvre sa halle …\u202f»" in one
    assert two == zoe.session.exercise.key.by_id["b1"].hint["fr"]
    assert "toute la ville" in three
    assert "exagération" in three
    assert not told[-1]["moreHints"]


def test_hints_go_on_to_the_next_passage(zoe):
    """When all is said, hints turn to the next passage."""
    for _ in range(4):
        zoe.act("hint", paragraph="2")
    hints = [
        action for action in map(json.loads, zoe.session.log.lines()) if action["do"] == "hint"
    ]
    assert [(hint["target"], hint["rung"]) for hint in hints] == [
        ("b3", 1),
        ("b3", 2),
        ("b3", 3),
        ("b4", 1),
    ]


def test_no_hint_where_nothing_is_left(zoe):
    """In a paragraph where all is found no more hints are offered."""
    zoe.mark("toute la ville", "exaggeration")
    assert not zoe.check("T")["T"]["moreHints"]
    assert zoe.act("hint", paragraph="T")["feedback"]["T"]["hints"] == []


def test_the_model_answer_shows_every_passage(zoe):
    """Each passage comes with its label, its because and a neutral wording."""
    (first, second, third, *more) = zoe.act("model", paragraphs=["2"])["feedback"]["2"]["model"]
    assert [first["entry"], second["entry"], third["entry"]] == ["b3", "b5", "b4"]
    assert first["labelName"] == "source vague"
    assert first["neutral"] == "l’architecte, Ana Vidal"
    assert [each["status"] for each in (first, second, third, *more)].count("debated") == 2


def test_a_second_label_is_shown_beside_the_first(zoe):
    """Of a debated passage both readings are shown."""
    model = zoe.act("model", paragraphs=["2"])["feedback"]["2"]["model"]
    assert model[-1]["labelName"] == "exagération / vocabulaire chargé"


def test_the_mark_is_made_before_the_solution(zoe):
    """What is copied from the model answer is checked, but not counted."""
    zoe.mark("toute la ville", "labelling")
    zoe.check("T")
    zoe.act("model", paragraphs=["T"])
    zoe.mark("toute la ville", "exaggeration")
    assert zoe.check("T")["T"]["items"]["m1"]["sign"] == "right"
    assert zoe.score.score < 0.2


def test_a_better_second_try_counts(zoe):
    """Before anything is shown, the last check counts and not the first."""
    zoe.mark("toute la ville", "labelling")
    zoe.check("T")
    before = zoe.score.score
    zoe.mark("toute la ville", "exaggeration")
    zoe.check("T")
    assert zoe.score.score > before


def test_a_learner_may_disagree(zoe):
    """A contest is stored with its reason and shown again."""
    zoe.act("contest", target="b1", reason="On l’a compté.")
    assert zoe.state["contests"] == {"b1": "On l’a compté."}


def test_everything_marked_is_told_once(zoe):
    """A remark on the whole check stands apart from the paragraphs."""
    for number, segment in enumerate(zoe.session.exercise.article.segments):
        ranges = [list(segment.range)]
        zoe.act("set", item=f"m{number}", value={"label": "labelling", "ranges": ranges})
    assert "Surligner tout ne distingue rien" in zoe.check()[""]["summary"]


def test_more_marks_than_can_be_counted_are_kept(zoe):
    """Above 500 marks nothing is lost, and nothing counted."""
    for number in range(501):
        zoe.act("set", item=f"m{number}", value={"label": "labelling", "ranges": [[0, 3]]})
    assert "500" in zoe.check("T")[""]["summary"]
    assert len(zoe.state["answers"]) == 501


def test_handing_in_twice_makes_two_versions(zoe):
    """A submission is taken back, and handed in again as a new version."""
    zoe.mark("toute la ville", "exaggeration")
    first = zoe.act("hand_in")["handedIn"]
    assert zoe.state["handedIn"] == first
    assert zoe.act("take_back")["handedIn"] is None
    zoe.mark("la ville", "exaggeration")
    second = zoe.act("hand_in")["handedIn"]
    assert (first["version"], second["version"]) == (1, 2)
    assert first["receipt"] != second["receipt"]
    for handed_in in (first, second):
        submission = json.loads((zoe.session.folder / handed_in["file"]).read_text("utf-8"))
        assert submission["receipt"] == handed_in["receipt"]


def test_all_tasks_are_handed_in(zoe, tmp_path):
    """A submission holds what another notebook wrote in the meantime."""
    Learner(zoe.session.exercise, tmp_path, "claims").answer({"c1": "fact"})
    file = zoe.act("hand_in")["handedIn"]["file"]
    log = json.loads((zoe.session.folder / file).read_text("utf-8"))["log"]
    assert ("claims", "c1") in {(action.get("task"), action.get("item")) for action in log}


def test_opening_again_restores_all(zoe, tmp_path):
    """Another session finds everything as it was."""
    zoe.mark("toute la ville", "loaded_language")
    zoe.check("T")
    zoe.act("hint", paragraph="2")
    zoe.act("model", paragraphs=["1"])
    zoe.act("contest", target="m1", reason="non")
    zoe.act("hand_in")
    again = Session(zoe.session.exercise, "zoé", tmp_path)
    assert again.state("bias") == zoe.state
    assert set(zoe.state["feedback"]) == {"T", "1", "2"}


def test_another_learner_sees_nothing_of_it(zoe, tmp_path):
    """Each pseudonym has answers of its own."""
    zoe.mark("toute la ville", "exaggeration")
    assert Session(zoe.session.exercise, "ali", tmp_path).state("bias")["answers"] == {}


def test_the_feedback_is_in_the_language_of_the_session(halle, tmp_path):
    """In English everything is said in English."""
    ann = Learner(halle, tmp_path, lang="en")
    ann.mark("toute la ville", "exaggeration")
    assert ann.check("T")["T"]["summary"].startswith("1 passage found")


def test_unusable_lines_are_reported_and_kept(zoe):
    """Garbage in a log is counted, copied aside, and stays in the log."""
    zoe.mark("toute la ville", "exaggeration")
    with zoe.session.log.path.open("ab") as file:
        file.write(b"garbage\n")
    assert zoe.state["aside"] == 1
    assert zoe.state["answers"]
    assert b"garbage" in zoe.session.log.path.read_bytes()
    assert b"garbage" in zoe.session.log.path.with_suffix(".aside.txt").read_bytes()


def test_work_goes_on_after_another_text_was_opened(zoe, halle):
    """Another copy of the text in the log costs nothing."""
    zoe.mark("toute la ville", "exaggeration")
    Log(zoe.session.log.path).append(
        {"id": "x", "do": "open", "exercise": "halle", "article": "0" * 64}
    )
    zoe.session.state("bias")
    zoe.mark("un gouffre", "loaded_language", "m2")
    assert set(zoe.state["answers"]) == {"m1", "m2"}
    assert zoe.state["aside"] == 0


def test_a_full_disk_is_told(zoe, monkeypatch):
    """An action that is not on disk is not acknowledged, and does not count."""

    def full(self, action):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Log, "append", full)
    with pytest.raises(OSError, match="No space"):
        zoe.mark("toute la ville", "exaggeration")
    monkeypatch.undo()
    assert zoe.state["answers"] == {}


@pytest.fixture
def exam(tmp_path):
    """A learner at a task without its key."""
    exercise, mistakes = read(HALLE, key=False)
    assert not mistakes
    return Learner(exercise, tmp_path)


@pytest.mark.parametrize("do", ["check", "hint", "model"])
def test_an_exam_says_nothing(exam, do):
    """Without a key nothing is said, and answers are saved."""
    exam.mark("toute la ville", "exaggeration")
    reply = exam.act(do, id="x", paragraphs=["T"], paragraph="T")
    assert reply == {"saved": "x"}
    assert exam.state["feedback"] == {}
    assert exam.state["aside"] == 0


def test_an_exam_can_be_handed_in(exam):
    """Handing in gives a receipt and no score."""
    exam.mark("toute la ville", "exaggeration")
    assert set(exam.act("hand_in", id="h")) == {"saved", "handedIn"}


# --- For every exercise of the course ------------------------------------------------------


def loaded():
    """Every exercise whose text is here; those with mistakes fail in test_exercise."""
    for folder in exercises():
        try:
            yield load(folder.name)
        except KitError:
            pass


EXERCISES = list(loaded())
TASKS = [
    pytest.param(exercise, task.id, id=f"{exercise.id}-{task.id}")
    for exercise in EXERCISES
    for task in exercise.tasks
]
MARKED = [
    pytest.param(exercise, task.id, id=f"{exercise.id}-{task.id}")
    for exercise in EXERCISES
    for task in exercise.tasks
    if task.kind in ("highlight", "attribution")  # clauses and questions are shown from the start
]
every_task = pytest.mark.parametrize(("exercise", "task"), TASKS)


def signs(told):
    return [item["sign"] for each in told.values() for item in each.get("items", {}).values()]


@every_task
def test_a_blank_answer_is_no_mistake(exercise, task, tmp_path):
    """Whoever has done nothing is not judged."""
    zoe = Learner(exercise, tmp_path, task)
    assert zoe.score.blank
    assert not {"right", "near", "debated"} & set(signs(zoe.check()))
    assert all(each["summary"] for each in zoe.state["feedback"].values())


@every_task
def test_the_answers_of_the_key_are_right(exercise, task, tmp_path):
    """Whoever answers like the key earns everything."""
    zoe = Learner(exercise, tmp_path, task)
    zoe.answer(right(exercise, zoe.task))
    assert set(signs(zoe.check())) <= {"right", "kept"}
    assert zoe.score.score == (None if zoe.task.kind in UNSCORED else pytest.approx(1.0))
    assert not zoe.score.count("missed", "extra", "twice")


@every_task
def test_answers_beside_the_key_are_not(exercise, task, tmp_path):
    """Whoever answers beside the key earns next to nothing."""
    zoe = Learner(exercise, tmp_path, task)
    zoe.answer(wrong(exercise, zoe.task))
    assert set(signs(zoe.check())) <= {"wrong", "debated", "kept"}
    assert (zoe.score.score or 0) <= 0.2


@every_task
def test_each_answer_is_told_something(exercise, task, tmp_path):
    """No answer that was checked stays without a sign and a sentence."""
    zoe = Learner(exercise, tmp_path, task)
    answers = wrong(exercise, zoe.task) | right(exercise, zoe.task)
    zoe.answer(answers)
    items = [each["items"] for each in zoe.check().values() if "items" in each]
    told = {item: said for each in items for item, said in each.items()}
    assert set(answers) <= set(told)
    assert all(said["text"] for said in told.values())


@pytest.mark.parametrize(("exercise", "task"), MARKED)
def test_a_check_does_not_tell_where_the_missing_passages_are(exercise, task, tmp_path):
    """The words of a missed passage are nowhere in a check."""
    zoe = Learner(exercise, tmp_path, task)
    every_one = right(exercise, zoe.task)
    kept = dict(list(every_one.items())[::2])
    zoe.answer(kept)
    said = json.dumps(zoe.check(), ensure_ascii=False)
    for id in set(every_one) - set(kept):
        thing = exercise.key.by_id[id]
        span = thing.span if isinstance(thing, Entry) else thing.spans["content"]
        words = re.escape(exercise.article.quote(span))
        assert not re.search(rf"(?<!\w){words}(?!\w)", said), id


@every_task
def test_hints_come_to_an_end(exercise, task, tmp_path):
    """Hints come to an end."""
    zoe = Learner(exercise, tmp_path, task)
    for paragraph in zoe.task.paragraphs:
        for _ in range(100):
            told = zoe.act("hint", paragraph=paragraph)["feedback"][paragraph]
            if not told["moreHints"]:
                break
        assert not told["moreHints"]


def test_a_paper_says_nothing_before_it_is_handed_in_and_everything_after(tmp_path):
    """Sealed: no check is answered; handed in, each paragraph has its words and the key's."""
    exercise = load("z0")
    session = Session(exercise, "ada", tmp_path, sealed=True)
    task = exercise.task("bias")
    names = list(task.paragraphs)
    check = {"id": "1", "do": "check", "task": "bias", "paragraphs": names}
    assert "feedback" not in session.act(check)
    assert session.state("bias")["feedback"] == {}
    session.act({"id": "2", "do": "hand_in", "task": "bias"})
    told = Session(exercise, "ada", tmp_path, sealed=True).state("bias")["feedback"]
    assert set(told) == set(names)
    assert any(each["model"] for each in told.values())
    assert session.silent("claims")
