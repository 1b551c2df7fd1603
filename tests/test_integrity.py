"""What is worth a talk is told as a sign: honest learners are left alone, no point is lost."""

import csv
from pathlib import Path

import pytest

from benchmarks.integrity import honest, measure, rates
from kit.demo_class import demo_class
from kit.grading.gradebook import Plan, grade_class
from kit.grading.integrity import Signs, alike

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


def test_honest_learners_are_not_told_as_alike():
    """Fewer than one pair in a thousand, in simulated classes; copies of poor work are seen."""
    pairs, told, copies, seen = measure(8, 30)
    assert told <= pairs / 1000
    assert seen >= copies / 4


def test_learners_taught_the_same_are_not_told_as_alike():
    """Even where half of all slips are those that many make: no class of ten has a sign."""
    classes, quick = honest(10, 30)
    assert quick == 0
    assert sum(rates(classes, 0.5)[1:]) == 0


def slips(*names):
    return frozenset(names)


def test_what_many_have_wrong_says_nothing():
    """A common slip is the text's doing, not a neighbour's."""
    common = slips("a", "b", "c", "d", "e")
    assert list(alike([common] * 10)) == []
    rare = [common, common, *(slips(f"x{n}") for n in range(28))]
    assert list(alike(rare)) == [(0, 1, 5)]


def test_few_slips_and_right_answers_say_nothing():
    """Two good learners are alike because they are right."""
    assert list(alike([slips()] * 30)) == []
    few = [slips("a", "b", "c")] * 2 + [slips(f"x{n}") for n in range(28)]
    assert list(alike(few)) == []


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ({"from": "2026-05-12T10:00:00Z", "to": "2026-05-12T10:00:09Z", "actions": 60}, True),
        ({"from": "2026-05-12T10:00:00Z", "to": "2026-05-12T10:09:00Z", "actions": 60}, False),
        ({"from": "2026-05-12T10:00:00Z", "to": "2026-05-12T10:00:01Z", "actions": 3}, False),
        ({"from": "2026-05-12T10:00:00Z", "to": "2026-05-11T10:00:00Z", "actions": 60}, True),
        ({"from": "x", "to": "9999", "actions": 60}, False),
        ({}, False),
    ],
)
def test_speed_is_told_where_the_log_says_it(work, told):
    """Faster than hands, or back in time; unknown times say nothing."""
    found = Signs().add(
        {"exercise": "e", "learner": "l", "reason": "late"},
        {"tasks": [], "contests": [], "work": work},
    )
    assert [sign.code for sign in found] == (["quick"] if told else [])


def test_signs_stand_in_a_file_of_their_own_and_cost_nothing(tmp_path):
    """With both names and a sentence that says what they are not."""
    truths = demo_class(60, 3, tmp_path / "in")
    grade_class(Plan(tmp_path / "in", tmp_path / "out", lang="en", feedback=False))
    with (tmp_path / "out" / "talk.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    source = {truth.learner: truth.copied_from or truth.learner for truth in truths}
    assert told
    for each in told:
        assert source[each["learner"]] == source[each["other"]]
        assert "never a verdict" in each["why"]
    gradebook = (tmp_path / "out" / "gradebook.csv").read_text("utf-8")
    assert "alike" not in gradebook
