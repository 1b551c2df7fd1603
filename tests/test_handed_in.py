"""What a learner hands in is read strictly: one typed object, or the code of the reason."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.errors import KitError
from kit.grading import strict
from kit.grading.deadline import Deadline, instant
from kit.grading.handed_in import CUT, MOST_TEXT, HandedIn, Refused, read
from kit.session import Session
from kit.simulation import right
from kit.submission import receipt_code

AT = "2026-05-12T10:00:00Z"


def submission(**changes):
    table = {
        "schema": 1,
        "exercise": "halle",
        "exercise_version": "v",
        "article": "a",
        "learner": "zoé",
        "version": 1,
        "submitted_at": AT,
        "log": [{"id": "1", "do": "open", "exercise": "halle", "article": "a", "learner": "zoé"}],
    }
    table |= changes
    return table | {"receipt": receipt_code(table)}


def written(table, **options):
    return json.dumps(table, ensure_ascii=False, **options).encode()


def test_what_a_session_hands_in_is_read_whole(halle, tmp_path):
    """Every field of a true submission arrives, and its receipt fits."""
    session = Session(halle, "zoé", tmp_path)
    task = halle.tasks[0]
    for item, value in right(halle, task).items():
        session.act({"id": item, "do": "set", "task": task.id, "item": item, "value": value})
    session.act({"id": "h", "at": AT, "do": "hand_in"})
    (path,) = (tmp_path / "zoé" / "remis").iterdir()
    handed = read(path.read_bytes())
    assert isinstance(handed, HandedIn)
    assert (handed.exercise, handed.learner, handed.version) == ("halle", "zoé", 1)
    assert handed.article == halle.article.sha256
    assert handed.exercise_version == halle.version
    assert handed.submitted_at == AT
    assert handed.receipt_fits
    assert not handed.remarks
    assert len(handed.log) == 1 + len(right(halle, task))


def test_the_log_of_a_learner_who_forgot_to_hand_in_is_taken(halle, tmp_path):
    """The raw log says the same as the submission, and is flagged."""
    session = Session(halle, "zoé", tmp_path)
    session.act({"id": "1", "at": AT, "do": "check", "task": halle.tasks[0].id, "paragraphs": []})
    session.act({"id": "2", "at": AT, "do": "set", "task": "t", "item": "i", "value": None})
    handed = read(session.log.path.read_bytes())
    assert handed.from_log
    assert handed.remarks == {"from_log": 1}
    assert (handed.exercise, handed.learner, handed.submitted_at) == ("halle", "zoé", AT)


def lines(*actions):
    opening = {"id": "o", "do": "open", "exercise": "halle", "article": "a", "learner": "z"}
    return [json.dumps(action) for action in (opening, *actions)]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("\n".join([*lines({"id": "1", "do": "set"}), '{"id": "2", "do": "se']), "torn_line"),
        ("\n".join([*lines(), "garbage", '{"id": "2", "do": "set"}']), "bad_line"),
        ("\n".join(lines({"id": "1", "do": "set"}, {"id": "1", "do": "check"})), "same_id"),
        ("\n".join(["garbage", *lines({"id": "1", "do": "set"})]), "bad_line"),
    ],
)
def test_a_damaged_line_costs_itself_alone(text, remark):
    """All other lines of a log are read."""
    handed = read(text.encode())
    assert handed.remarks == {"from_log": 1, remark: 1}
    assert len(handed.log) == 2


def test_a_log_of_one_line_is_a_log():
    """Nothing but the opening: the learner looked at the exercise."""
    assert read("\n".join(lines()).encode()).from_log


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty_file"),
        (b" \n\0\0", "empty_file"),
        (written(submission()).decode().encode("utf-16"), "utf16"),
        (written(submission()).decode().encode("utf-16-le"), "utf16"),
        (written(submission()).decode().encode("utf-32"), "utf16"),
        (written(submission()).decode().encode("latin-1"), "not_utf8"),
        (b"%PDF-1.7", "other_format"),
        (b"PK\x03\x04....", "other_format"),
        (b"\x80\x05\x95pickle", "other_format"),
        (b"  <!doctype html>", "other_format"),
        (b"import os", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (written(submission(x=[[[[[[[[[[[[[1]]]]]]]]]]]]])), "too_deep"),
        (b'{"a": NaN}', "bad_number"),
        (b'{"a": -Infinity}', "bad_number"),
        (b'{"a": 1e999}', "bad_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "bad_number"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (written(submission()) + written(submission()), "two_texts"),
        (b"[]", "not_object"),
        (b"3", "not_object"),
        (written({"cells": [], "nbformat": 4}), "notebook"),
        (written(submission(schema=2)), "newer_schema"),
        (written(submission(log={})), "no_log"),
        (written(submission(exercise=3, log=[])), "no_exercise"),
        (b"[" + b"[]," * 900_000 + b"[]]", "too_big"),
        (b" " * (strict.MOST_BYTES + 1), "too_big"),
    ],
)
def test_what_is_no_submission_has_a_reason(data, reason):
    """A reason code, never an exception."""
    refused = read(data)
    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_a_byte_order_mark_is_accepted():
    """Some editors write one."""
    assert isinstance(read(b"\xef\xbb\xbf" + written(submission())), HandedIn)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"version": True}, "odd_field"),
        ({"version": 1.0}, "odd_field"),
        ({"submitted_at": "9999-01-01T00:00:00Z"}, "odd_time"),
        ({"submitted_at": "2026-05-12T10:00:00"}, "odd_time"),
        ({"submitted_at": None}, "odd_time"),
        ({"extra": 1, "__class__": "os.system"}, "unknown_field"),
        ({"log": [3, {"id": 4}, {"id": "x" * 300}]}, "bad_line"),
    ],
)
def test_what_is_odd_is_told_and_the_rest_read(changes, remark):
    """Types are those later code trusts, whatever the file says."""
    handed = read(written(submission(**changes)))
    assert isinstance(handed, HandedIn)
    assert remark in handed.remarks
    assert type(handed.version) is int


def test_a_changed_file_no_longer_fits_its_receipt():
    """One sign is enough; nobody is accused, it is a remark."""
    table = submission()
    assert read(written(table)).receipt_fits
    handed = read(written(table | {"learner": "bob"}))
    assert handed.receipt_fits is False
    assert handed.remarks == {"receipt_differs": 1}
    del table["receipt"]
    assert read(written(table)).remarks == {"receipt_missing": 1}


def test_halves_of_surrogate_pairs_and_nuls_are_replaced_at_the_door():
    """What comes through can be written to any file."""
    data = json.dumps(submission(learner="a\ud800b\0c😀")).encode()
    assert read(data).learner == "a\ufffdb\ufffdc😀"


def test_long_free_text_is_cut_with_a_mark():
    """A megabyte of disagreement is not carried around."""
    contest = {"id": "c", "do": "contest", "task": "t", "target": "x", "reason": "a" * 1_000_000}
    handed = read(written(submission(log=[contest])))
    assert handed.log[0]["reason"] == "a" * MOST_TEXT + CUT
    assert handed.remarks["text_cut"] == 1


@pytest.mark.parametrize("words", [[3], [4, 2], [0, 2, 1, 3], [0, "1"], [True, 2], [0, 0], "x"])
def test_places_of_words_that_cannot_be_are_none(words):
    """Only whole numbers that rise can say where words lie."""
    assert read(written(submission(words=words))).words == []


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_reading_raise(data):
    """Anything at all has an answer."""
    assert isinstance(read(data), HandedIn | Refused)


def test_times_are_compared_in_one_zone():
    """What a zone changes is taken out; what cannot be is empty."""
    assert instant("2026-05-12T18:00:00+02:00") == "2026-05-12T16:00:00Z"
    assert instant("-0001-01-01T00:00:00Z") == instant(3) == instant("x" * 99) == ""


def test_a_deadline_is_a_date_or_a_time():
    """Lateness is seconds; unknown where either time is."""
    deadline = Deadline.of("2026-05-12T12:00:00+02:00")
    assert deadline.seconds_late("2026-05-12T09:59:59Z") == 0
    assert deadline.seconds_late("2026-05-12T10:01:00Z") == 60
    assert deadline.seconds_late("") is None
    assert Deadline.of("last").seconds_late(AT) is None
    assert Deadline.of("2026-05-12").at.startswith("2026-05-1")
    with pytest.raises(KitError, match="late_rule"):
        Deadline.of("tomorrow")
