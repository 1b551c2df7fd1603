"""Calibration: of those who said how sure they were, how many were right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kit.grading.grade import Record

FIELD = "confidence"  # of an answer, in per cent
_WHOLE = 0.9999


@dataclass(frozen=True, slots=True)
class Point:
    """Answers given with one confidence (0 to 1): how many, and how many of them right."""

    confidence: float
    answers: int
    right: int


def points(given: Iterable[tuple[float, bool]]) -> list[Point]:
    """Gather (confidence, right) by confidence, the least sure first."""
    by: dict[float, list[bool]] = {}
    for sure, right in given:
        by.setdefault(sure, []).append(right)
    return [Point(sure, len(by[sure]), sum(by[sure])) for sure in sorted(by)]


def given(records: Sequence[Record]) -> Iterator[tuple[float, bool]]:
    """Yield confidence and outcome of the answers of a task for which confidence was asked."""
    for record in records:
        right = {item for _, _, credit, _, item, _ in record["outcomes"] if credit >= _WHOLE}
        for item, answer in record["answers"].items():
            sure = _confidence(answer)
            if sure is not None:
                yield sure, item in right


def _confidence(answer: Any) -> float | None:
    sure = answer.get(FIELD) if isinstance(answer, dict) else None
    return sure / 100 if type(sure) is int and 0 <= sure <= 100 else None
