"""The kernel's side of the review: what it opens, what a page is sent, and when it says saved."""

import json

import pytest

from kit.classroom import review
from kit.classroom.reviewing import ReviewWidget
from kit.grading.gradebook import Plan, grade_class
from kit.review.marks import FILE
from tests.school import WHY, build, regrade, write


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A class of three that has answered the open questions."""
    monkeypatch.chdir(tmp_path)
    build(tmp_path)
    write(
        tmp_path, **{learner: {"o1": f"{WHY} ({number})"} for number, learner in enumerate("abc")}
    )
    return tmp_path


@pytest.fixture
def widget(school):
    """The review of the class, with what it sends noted; AB has sat down."""
    regrade(school)
    widget = ReviewWidget(Plan(school / "classe", school / "out", feedback=False))
    widget.sent = []
    widget.send = widget.sent.append
    hear(widget, hello="p")
    hear(widget, sit="AB", page="p")
    return widget


def hear(widget, **content):
    widget._receive(widget, content, [])
    return widget.sent[-1]


def mark(widget, points=3, id="1", marker="AB"):
    answer = next(iter(widget._sitting.answers))
    action = {"id": id, "do": "mark", "answer": answer, "points": points, "marker": marker}
    return hear(widget, action=action, page="p")


def test_saved_is_said_when_the_mark_is_on_disk(widget, school):
    """The answer comes after the line is in the file; a full disk is told, and can be retried."""
    reply = mark(widget)
    assert (reply["saved"], reply["answer"]["points"]) == ("1", 3)
    assert json.loads((school / "out" / FILE).read_text("utf-8"))["id"] == "1"
    append = widget._sitting._marks._log.append

    def full(action):
        raise OSError(28, "No space left")

    widget._sitting._marks._log.append = full
    reply = mark(widget, id="2")
    assert reply["failed"] == "2"
    assert "final" not in reply
    widget._sitting._marks._log.append = append
    assert mark(widget, id="2")["saved"] == "2"


def test_what_will_never_be_taken_is_let_go(widget):
    """A refusal is final and worded."""
    reply = mark(widget, points=7)
    assert (reply["failed"], reply["final"]) == ("1", True)
    assert reply["why"]


def test_the_same_mark_sent_twice_counts_once(widget, school):
    """A page that heard no answer sends it again under its id."""
    mark(widget)
    mark(widget)
    undo = {"id": "9", "do": "undo", "marker": "AB"}
    assert hear(widget, action=undo, page="p")["answer"]["points"] is None


def test_a_page_is_sent_no_name_until_it_asks(widget):
    """Anonymous at first; another marker starts from nothing."""
    state = hear(widget, sit="AB", page="p")["state"]
    assert {each["learner"] for each in state["answers"]} == {""}
    state = hear(widget, anonymous=False, page="p")["state"]
    assert {each["learner"] for each in state["answers"]} == set("abc")
    mark(widget)
    state = hear(widget, sit="CD", page="p")["state"]
    assert {each["points"] for each in state["answers"]} == {None}
    assert "AB" not in json.dumps(state)


def test_a_sign_of_life_is_answered_shortly(widget):
    """Only a new page is sent the whole state."""
    assert hear(widget, hello="p") == {"to": "p", "alive": True}
    assert "state" in hear(widget, hello="q")


def test_nothing_handed_in_is_told_in_words(school, monkeypatch):
    """No folder, an empty one, or one without hand-ins: what to do instead of a screen."""
    for folder in ("nulle-part", "vide"):
        (school / "vide").mkdir(exist_ok=True)
        note = review(folder, "out2")
        assert "kit demo-class" in note.value
        assert folder in note.value
    assert not (school / "out2").exists()


def test_a_class_opens_from_the_names_of_its_folders(school):
    """Folders are sought from the course; the class is graded before it is shown."""
    widget = review("classe", "resultats")
    assert repr(widget) == "ReviewWidget(resultats)"
    assert (school / "resultats" / "gradebook.csv").is_file()
    with pytest.raises(AttributeError):
        __import__("kit.classroom").classroom.nothing  # noqa: B018  # asking is the test


def test_a_broken_grading_is_told(school):
    """A mistake of the instructor is worded on the screen."""
    assert "classe" in review("classe", "classe").value


def test_regrading_uses_the_same_plan(school, monkeypatch):
    """What was asked of the first grading is asked of the next."""
    widget = review("classe", "resultats", mode="exam", late="2026-05-01")
    rows = (school / "resultats" / "gradebook.csv").read_text("utf-8")
    widget.send = lambda message: None
    widget._regrade("p")
    assert (school / "resultats" / "gradebook.csv").read_text("utf-8") == rows
    assert ",exam," in rows
    assert grade_class(widget._plan).statuses
