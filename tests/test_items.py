"""Tasks that are lists of questions: what is read, kept, scored, said, and handed in."""

import json
import shutil

import pytest

from kit.grading import grade as grading
from kit.grading.grade import Bench, grade
from kit.grading.handed_in import CUT, MOST_TEXT
from kit.grading.reports import learner as pages
from kit.grading.reports import summary
from kit.grading.reports.tally import Tally
from kit.loading import read
from kit.messages import in_words
from kit.scoring import LISTS, UNSCORED, counted, score, score_task
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
        assert "{" not in in_words(mistake, "fr") + in_words(mistake, "en")


def test_every_kind_of_list_is_in_the_exercise_of_the_tests(foire):
    """What follows is true of all of them."""
    assert {task.kind for task in foire.tasks} == set(LISTS)


def test_a_question_is_checked_on_its_own(foire):
    """The items of a task stand where other tasks have paragraphs."""
    for task in foire.tasks:
        assert task.paragraphs == tuple(item.id for item in foire.items_of(task))


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
            if record["status"] != "empty":
                assert len(summary.parts(tally, bench, lang)[0]["tasks"]) == len(foire.tasks)


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


def test_markup_in_a_text_stays_text(foire, bench, tmp_path):
    """What looks like a tag is shown as it was written."""
    task = foire.task("reasons")
    session = Session(foire, "zoé", tmp_path)
    act(session, "set", task, item="o1", value={"text": "<script>alert(1)</script> *x*"})
    record = grade(handed_in(session), bench)
    assert "<script>" in json.dumps(record)
