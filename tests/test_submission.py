"""A submission is written once, and its receipt tells its content."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import submission
from kit.submission import hand_in, receipt_code

AT = "2026-01-01T00:00:00Z"
LOG = [{"id": "1", "do": "set", "task": "bias", "item": "m1", "value": None}]


def read(receipt):
    return json.loads(receipt.path.read_text("utf-8"))


def test_a_submission_holds_all_that_grading_needs(halle, tmp_path):
    """Who, what, which version, when, and every action."""
    receipt = hand_in(halle, "zoé", LOG, tmp_path, AT)
    assert read(receipt) == {
        "schema": 1,
        "exercise": "halle",
        "exercise_version": halle.version,
        "article": halle.article.sha256,
        "learner": "zoé",
        "version": 1,
        "submitted_at": AT,
        "log": LOG,
        "receipt": receipt.code,
    }
    assert receipt.path == tmp_path / "remis" / "zoé_halle_v1.json"


def test_no_word_of_the_article_is_handed_in(halle, tmp_path):
    """A submission holds places in the text, not the text."""
    assert "Valmont" not in hand_in(halle, "zoé", LOG, tmp_path, AT).path.read_text("utf-8")


def test_a_version_is_never_overwritten(halle, tmp_path):
    """Handing in again leaves the version before."""
    first = hand_in(halle, "zoé", LOG, tmp_path, AT)
    before = first.path.read_bytes()
    second = hand_in(halle, "zoé", LOG, tmp_path, AT)
    assert (first.version, second.version) == (1, 2)
    assert first.path.read_bytes() == before
    assert first.path != second.path


def test_learners_do_not_meet(halle, tmp_path):
    """Two learners who share a folder each have their own count."""
    hand_in(halle, "zoé", LOG, tmp_path, AT)
    assert hand_in(halle, "ali", LOG, tmp_path, AT).version == 1


def test_the_receipt_has_80_bits():
    """A receipt is four groups of four signs."""
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", receipt_code({}))


def test_the_receipt_is_of_the_content(halle, tmp_path):
    """A changed file no longer fits its receipt."""
    found = read(hand_in(halle, "zoé", LOG, tmp_path, AT))
    assert receipt_code(found) == found["receipt"]
    assert receipt_code(found | {"log": []}) != found["receipt"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), values))
def test_the_receipt_does_not_depend_on_the_way_of_writing(content):
    """Order of fields, indentation and escapes change nothing."""
    turned = dict(reversed(content.items()))
    again = json.loads(json.dumps(turned, ensure_ascii=True, indent=3))
    assert receipt_code(again) == receipt_code(content)
    assert receipt_code(content | {"receipt": "x"}) == receipt_code(
        {name: value for name, value in content.items() if name != "receipt"}
    )


def test_what_could_not_be_written_is_told(halle, tmp_path, monkeypatch):
    """A failed write leaves no half submission."""

    def fail(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(submission.os, "fsync", fail)
        with pytest.raises(OSError, match="No space"):
            hand_in(halle, "zoé", LOG, tmp_path, AT)
    assert list((tmp_path / "remis").iterdir()) == []
    assert hand_in(halle, "zoé", LOG, tmp_path, AT).version == 1


def test_half_an_emoji_can_be_handed_in(halle, tmp_path):
    """Half a sign does not keep a learner from handing in."""
    receipt = hand_in(halle, "zoé", [{"id": "1", "reason": "\ud83d"}], tmp_path, AT)
    assert receipt_code(read(receipt)) == receipt.code
