"""What is worth a talk: hand-ins unusually alike, faster than hands, or changed after handing in.

Signs, never a verdict; no point depends on them. Two good answers are alike because they are
right, so only what is wrong is compared, and the rarer a slip is in the class, the more it says.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from math import log2
from typing import Any

from kit.grading.deadline import instant
from kit.grading.grade import Record

MOST = 500  # hand-ins of one exercise that are compared with one another
LEAST_SHARED = 4  # slips in common
LEAST_ALIKE = 0.75  # share of the slips of both that they have in common
LEAST_BITS = 12.0  # how surprising these slips are together
COMMON = 0.2  # a slip of more than a fifth of the class says nothing
CROWD = 100  # nor does one of so many learners, in a large class
QUICK = 1.0  # seconds for an action, on average
MANY = 20  # actions, before speed says anything
_RIGHT = ("exact", "close", "debated")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to ask about: what, of whom, and its measure."""

    code: str
    exercise: str
    learner: str
    other: str = ""
    measure: str = ""


@dataclass
class _Class:
    """The slips of one exercise."""

    learners: list[str] = field(default_factory=list)
    slips: list[frozenset[str]] = field(default_factory=list)


class Signs:
    """Finds signs, row by row; keeps no more than what is compared."""

    def __init__(self) -> None:
        self._classes: defaultdict[str, _Class] = defaultdict(_Class)

    def add(self, row: dict[str, Any], record: Record) -> list[Sign]:
        """Take in a row of the gradebook and the record behind it; return what it shows alone."""
        found = []
        exercise, learner = row["exercise"], row["learner"]
        remarks = row["reason"].split()
        for code in ("receipt_differs", "same_file"):
            if code in remarks:
                found.append(Sign(code, exercise, learner))
        seconds = _seconds_an_action(record.get("work", {}))
        if seconds is not None and seconds < QUICK:
            found.append(Sign("quick", exercise, learner, measure=f"{seconds:.2f}"))
        here = self._classes[exercise]
        if record["tasks"] and len(here.learners) < MOST:
            here.learners.append(learner)
            here.slips.append(slips(record))
        return found

    def alike(self) -> Iterator[Sign]:
        """Yield the pairs that are unusually alike, when all rows were added."""
        for exercise, here in self._classes.items():
            for one, other, shared in alike(here.slips):
                first, second = sorted((here.learners[one], here.learners[other]))
                yield Sign("alike", exercise, first, second, str(shared))


def slips(record: Record) -> frozenset[str]:
    """Return what is wrong in a hand-in, each thing as a text that equal ones share."""
    found = []
    for task in record["tasks"]:
        if any(outcome[0] == "everything" for outcome in task["outcomes"]):
            continue  # all who mark everything mark the same
        for kind, _, _, _, item, _ in task["outcomes"]:
            answer = task["answers"].get(item)
            if answer is not None and kind not in _RIGHT:
                where = item if isinstance(answer, str) else ""
                told = json.dumps(answer, sort_keys=True)
                found.append(f"{task['task']}/{where}/{told}")
    return frozenset(found)


def alike(of_learners: list[frozenset[str]]) -> Iterator[tuple[int, int, int]]:
    """Yield pairs of hand-ins that are unusually alike, and how many slips they share."""
    count = len(of_learners)
    who: defaultdict[str, list[int]] = defaultdict(list)
    for number, mine in enumerate(of_learners):
        for slip in mine:
            who[slip].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    bits: defaultdict[tuple[int, int], float] = defaultdict(float)
    for slip in sorted(who):
        numbers = who[slip]
        if 1 < len(numbers) <= max(3, min(COMMON * count, CROWD)):
            for pair in combinations(numbers, 2):
                shared[pair] += 1
                bits[pair] += log2(count / len(numbers))
    for (one, other), times in sorted(shared.items()):
        both = of_learners[one] & of_learners[other]
        either = of_learners[one] | of_learners[other]
        if (
            times >= LEAST_SHARED
            and bits[one, other] >= LEAST_BITS
            and len(both) >= LEAST_ALIKE * len(either)
        ):
            yield one, other, len(both)


def _seconds_an_action(work: dict[str, Any]) -> float | None:
    """Return how long an action took, on average; None where the log does not say."""
    begin, end = instant(work.get("from")), instant(work.get("to"))
    if not begin or not end or work["actions"] < MANY:
        return None
    passed = datetime.fromisoformat(end) - datetime.fromisoformat(begin)
    actions: int = work["actions"]
    return passed.total_seconds() / actions
