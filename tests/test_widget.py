"""The kernel's side of a widget: who may write, and what is answered when something fails."""

import errno
from html import escape

import pytest

from kit.loading import load
from kit.session import Session
from kit.widgets.desk import Place
from kit.widgets.task import TaskWidget


@pytest.fixture
def widget(tmp_path):
    """A widget of the short text, with what it sends noted."""
    exercise = load("z0")
    widget = TaskWidget(Session(exercise, "zoe", tmp_path), exercise.task("bias"))
    widget.sent = []
    widget.send = widget.sent.append
    return widget


def hear(widget, **content):
    widget._receive(widget, content, [])
    return widget.sent[-1]


def mark(id="1"):
    value = {"label": "loaded_language", "ranges": [[0, 5]]}
    return {"id": id, "at": "2026-01-01T00:00:00Z", "do": "set", "item": "m", "value": value}


def test_the_first_page_writes_and_gets_the_state(widget):
    """A page that greets is told whether it may write, and what was answered so far."""
    reply = hear(widget, hello="a")
    assert (reply["to"], reply["writer"], reply["state"]["answers"]) == ("a", True, {})


def test_a_second_page_reads(widget):
    """While one page is at work another may not write."""
    hear(widget, hello="a")
    assert hear(widget, hello="b")["writer"] is False


def test_a_page_that_replaces_another_writes_at_once(widget):
    """After a reload the new view takes over from the one it replaces."""
    hear(widget, hello="a")
    assert hear(widget, hello="b", heir="a")["writer"] is True


def test_taking_over_makes_the_other_read(widget):
    """« Travailler ici » gives the turn, and the page that had it is told."""
    hear(widget, hello="a")
    hear(widget, hello="b")
    assert hear(widget, take="b")["writer"] is True
    assert {"to": "a", "writer": False} in widget.sent


def test_an_action_is_answered_when_it_is_on_disk(widget, tmp_path):
    """The answer names the action, and the log holds it."""
    assert hear(widget, action=mark(), page="a")["saved"] == "1"
    assert '"loaded_language"' in (tmp_path / "zoe" / "z0.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "plein"), (errno.EROFS, "lecture seule"), (errno.EIO, "éch")]
)
def test_what_cannot_be_written_is_told_in_words(widget, monkeypatch, code, words):
    """The cause is named in the learner's language; the page keeps the action and tries again."""

    def fail(action):
        raise OSError(code, "x")

    monkeypatch.setattr(widget._session, "act", fail)
    reply = hear(widget, action=mark(), page="a")
    assert reply["failed"] == "1"
    assert words in reply["why"]
    assert "final" not in reply


def test_an_action_that_is_not_understood_does_not_hold_up_the_rest(widget, monkeypatch):
    """A mistake of the kit is answered for good, so that the page goes on with what waits."""
    monkeypatch.setattr(widget._session, "act", lambda action: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hear(widget, action=mark(), page="a")
    assert widget.sent[-1]["final"] is True


def test_where_no_widget_runs_the_text_and_the_task_can_be_read():
    """A static view has the instruction, every sentence and the labels as plain HTML."""
    bundle = Place("z0", "bias")._repr_mimebundle_()
    page = bundle["text/html"]
    article = load("z0").article
    for segment in article.segments:
        assert escape(article.text[slice(*segment.range)]) in page
    assert load("z0").task("bias").prompt["fr"] in page
    assert "vocabulaire chargé" in page
    assert "<script" not in page
