"""Figures of a class, gathered row by row: small however many learners there are."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from kit.grading.grade import Record
from kit.scoring.outcome import FOUND

SCORED = ("graded", "partial", "to_mark")
BANDS = 10
MOST_REASONS = 5  # of one contested passage; the others are counted


@dataclass
class OfTask:
    """Figures of one task.

    Attributes
    ----------
    share : float
        Sum of the scores.
    outcomes : dict of str to Counter
        Id in the key to kinds of outcome.
    chosen : Counter
        (id in the key, label chosen), where it is another than the key's.
    """

    learners: int = 0
    share: float = 0.0
    blank: int = 0
    scored: int = 0  # learners of whom it has a score: none where only a teacher marks
    outcomes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass
class OfExercise:
    """Figures of one exercise."""

    statuses: Counter[str] = field(default_factory=Counter)
    percents: array[float] = field(default_factory=lambda: array("d"))
    tasks: defaultdict[str, OfTask] = field(default_factory=lambda: defaultdict(OfTask))
    contests: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    versions: tuple[str, str, str, str] = ("", "", "", "")

    def quarters(self) -> tuple[float, float, float] | None:
        """Return lower quartile, median and upper quartile of the per cents."""
        if not self.percents:
            return None
        if len(self.percents) == 1:
            return (self.percents[0],) * 3
        low, middle, high = quantiles(self.percents, method="inclusive")
        return low, middle, high

    def bands(self) -> list[int]:
        """Count the hand-ins in each tenth of the scale."""
        counts = [0] * BANDS
        for percent in self.percents:
            counts[min(int(percent * BANDS / 100), BANDS - 1)] += 1
        return counts


class Tally:
    """Figures of all exercises of a run."""

    def __init__(self) -> None:
        self.exercises: defaultdict[str, OfExercise] = defaultdict(OfExercise)

    def add(self, row: dict[str, Any], record: Record) -> None:
        """Count a row of the gradebook."""
        absent = row["reason"] == "absent"
        graded = bool(row["exercise_version"])  # a made-up id gets no section of its own
        here = self.exercises[row["exercise"] if graded or absent else ""]
        here.statuses["absent" if absent else row["status"]] += 1
        if row["status"] not in SCORED:
            return
        here.percents.append(row["percent"])
        here.versions = (
            row["exercise_version"],
            row["key_version"],
            row["scorer"],
            row["mode"],
        )
        for task in record["tasks"]:
            _add(here.tasks[task["task"]], task)
        for contest in record["contests"]:
            about = contest["task"], _entry_of(record, contest)
            here.contests[about] += 1
            if len(here.reasons[about]) < MOST_REASONS:
                here.reasons[about].append(contest["reason"])


def _add(here: OfTask, task: Record) -> None:
    here.learners += 1
    here.share += task["score"] or 0.0
    here.blank += task["blank"]
    here.scored += task["points"] is not None
    for kind, _, _, entry, item, _ in task["outcomes"]:
        if entry is None:
            continue
        here.outcomes[entry][kind] += 1
        if kind in ("near_label", "other_label") and task["kind"] in ("highlight", "classify"):
            answer = task["answers"].get(item, "")
            here.chosen[entry, answer["label"] if isinstance(answer, dict) else answer] += 1


def _entry_of(record: Record, contest: dict[str, str]) -> str:
    """Name the entry a disagreement is about; the learner's own mark where it met none."""
    for task in record["tasks"]:
        if task["task"] == contest["task"]:
            for _, _, _, entry, item, _ in task["outcomes"]:
                if entry and contest["target"] in (entry, item):
                    return str(entry)
    return ""


def found(kinds: Counter[str]) -> int:
    """How many met a passage."""
    return sum(kinds[kind] for kind in FOUND)
