"""Passages that learners contest, each with all the reasons given for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kit.exercise import SPAN_PARTS
from kit.review.results import Record

Ranges = tuple[tuple[int, int], ...]

PREFIX = "accepted-"  # of the ids of entries that an accepted contest has added

# A mark of these kinds is no reading of the key's passage, but one of the learner's own.
_OF_THEIR_OWN = ("extra", "sound")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one learner does not agree, and the label they had chosen."""

    learner: str
    words: str
    chosen: str


@dataclass(frozen=True)
class Contested:
    """A passage that one or several learners contest.

    Attributes
    ----------
    entry : str
        Id in the key; empty for a passage that the key does not have.
    answer : object
        The answer that is defended, as the task stores it; None where only the key is contested.
    """

    exercise: str
    article: str
    task: str
    kind: str
    entry: str
    answer: Any
    reasons: list[Reason] = field(default_factory=list, compare=False)

    @property
    def id(self) -> str:
        """A short name, the same after a new grading."""
        told = [self.exercise, self.task, self.entry, self._told]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def _told(self) -> Any:
        """What of the answer tells this contest from another on the same task."""
        return self.answer if self.kind == "classify" or not self.entry else None


def contested(records: Iterable[Record]) -> list[Contested]:
    """Gather what is contested, the most contested first within each task."""
    found: dict[str, Contested] = {}
    for record in records:
        for each, reason in _of(record):
            found.setdefault(each.id, each).reasons.append(reason)
    return sorted(
        found.values(), key=lambda each: (each.exercise, each.task, -len(each.reasons), each.id)
    )


def label_of(kind: str, answer: Any) -> str:
    """Return the label in an answer; empty where it has none."""
    if kind == "classify":
        return answer if isinstance(answer, str) else ""
    return str(answer.get("label", "")) if isinstance(answer, dict) else ""


def place_of(answer: Any) -> Ranges:
    """Return all ranges of an answer, sorted."""
    if not isinstance(answer, dict):
        return ()
    parts = [answer.get(part) or [] for part in ("ranges", *SPAN_PARTS)]
    return tuple(sorted((start, end) for part in parts for start, end in part))


def _of(record: Record) -> Iterator[tuple[Contested, Reason]]:
    tasks = {task["task"]: task for task in record["tasks"]}
    for contest in record["contests"]:
        task = tasks.get(contest["task"])
        if task is None:
            continue
        entry, item = _about(task, contest["target"])
        answer = task["answers"].get(item)
        if not entry and answer is None:
            entry = contest["target"]  # an entry that no answer met, or a mark taken away since
        passage = Contested(
            record["exercise"], record["article"], task["task"], task["kind"], entry, answer
        )
        chosen = label_of(task["kind"], answer)
        yield passage, Reason(record["learner"], contest["reason"], chosen)


def _about(task: Record, target: str) -> tuple[str, str]:
    """Return the entry of the key and the item of the answer that a contest names."""
    for kind, _, _, entry, item, _ in task["outcomes"]:
        if target in (entry, item):
            own = kind in _OF_THEIR_OWN and target == item
            added = (entry or "").startswith(PREFIX)
            return "" if own or added else entry or "", item or ""
    return "", target
