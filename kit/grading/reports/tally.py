"""Figures of a class, gathered row by row: small however many learners there are."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from math import fsum
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
    percents: Counter[float] = field(default_factory=Counter)  # two decimals: 10,001 at most
    tasks: defaultdict[str, OfTask] = field(default_factory=lambda: defaultdict(OfTask))
    contests: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    versions: tuple[str, str, str, str] = ("", "", "", "")

    def mean(self) -> float:
        """Return the mean of the per cents; 0 where there are none."""
        count = self.percents.total()
        return fsum(self.percents.elements()) / count if count else 0.0

    def quarters(self) -> tuple[float, float, float] | None:
        """Return lower quartile, median and upper quartile of the per cents."""
        count = self.percents.total()
        if not count:
            return None
        values = sorted(self.percents)
        upto = list(accumulate(self.percents[value] for value in values))

        def cut(quarter: int) -> float:
            """Interpolate as `statistics.quantiles` does, which wants a list of all."""
            at, part = divmod(quarter * (count - 1), 4)
            low, high = (values[bisect_right(upto, min(at + k, count - 1))] for k in (0, 1))
            return (low * (4 - part) + high * part) / 4

        return cut(1), cut(2), cut(3)

    def bands(self) -> list[int]:
        """Count the hand-ins in each tenth of the scale."""
        counts = [0] * BANDS
        for percent, times in self.percents.items():
            counts[min(int(percent * BANDS / 100), BANDS - 1)] += times
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
        if row["percent"] is not None:  # nothing but what a teacher marks
            here.percents[row["percent"]] += 1
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
