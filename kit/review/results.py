"""What a run of grading wrote, as far as a teacher has to decide about it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.review.rubric import OF_KIND

NAME = "results.jsonl"

Record = dict[str, Any]
Place = tuple[str, str, str, str, str]  # exercise, learner, task, item, sum of the text


@dataclass(frozen=True)
class Written:
    """An open answer: whose, to which question, and its words.

    Examples
    --------
    >>> Written("zoe", "halle", "why", "w1", "Parce que.").place
    ('halle', 'zoe', 'why', 'w1', 'cf809e1834a1676a')
    """

    learner: str
    exercise: str
    task: str
    item: str
    text: str
    kind: str = "open"

    @cached_property
    def place(self) -> Place:
        """What a mark is given to: this text, so that it falls off when another is handed in."""
        return (self.exercise, self.learner, self.task, self.item, sum_of(self.text))

    @property
    def id(self) -> str:
        """A short name without the learner in it."""
        return hashlib.sha256(json.dumps(self.place).encode()).hexdigest()[:12]


def sum_of(text: str) -> str:
    """Return a short sum of a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def records(folder: Path) -> Iterator[Record]:
    """Yield the record of each hand-in that counts; nothing where nothing was graded yet."""
    path = folder / NAME
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record.get("counts") and record.get("tasks"):
                yield record


def open_answers(record: Record) -> Iterator[Written]:
    """Yield the open answers of a hand-in; a blank one waits for nobody."""
    for task in record["tasks"]:
        if task["kind"] in OF_KIND:
            yield from written(record["learner"], record["exercise"], task)


def written(learner: str, exercise: str, task: Record) -> Iterator[Written]:
    """Yield the answers to an open task."""
    for item, value in task["answers"].items():
        text = value.get("text") if isinstance(value, dict) else None
        if isinstance(text, str) and text.strip():
            yield Written(learner, exercise, task["task"], item, text, task["kind"])
