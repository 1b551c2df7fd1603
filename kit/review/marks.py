"""The marks that teachers give to open answers: an append-only log, and its fold.

A line is a mark, its undoing, a settlement, a comment for the bank, or « I am done ». Nothing is
ever rewritten: who marked what, and when, can be read in the file.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import fsum
from pathlib import Path
from typing import Any

from kit.response import Action, Log, parse
from kit.review import rubric
from kit.review.results import Place, Record, Written, written

FILE = "marks.jsonl"
MOST_COMMENT = 2_000  # signs


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker gave to one answer."""

    id: str
    marker: str
    place: Place
    points: int
    comment: str
    at: str


@dataclass
class Book:
    """The fold of a log of marks.

    Attributes
    ----------
    marks : dict
        Place of an answer to marker to the mark that stands.
    settled : dict
        Place to the points two markers agreed on.
    done : set of str
        Markers who said that they have finished.
    bank : dict of str to list of str
        Marker to the comments they keep.
    history : dict of str to list of Mark
        Marker to their marks that stand or have been replaced, in order; not those undone.
    aside : int
        Lines that could not be used.
    """

    marks: dict[Place, dict[str, Mark]] = field(default_factory=dict)
    settled: dict[Place, Mark] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    bank: dict[str, list[str]] = field(default_factory=dict)
    history: dict[str, list[Mark]] = field(default_factory=dict)
    aside: int = 0

    def of(self, place: Place, marker: str) -> Mark | None:
        """Return the mark of one marker."""
        return self.marks.get(place, {}).get(marker)

    def apart(self, place: Place) -> bool:
        """Whether markers lie two or more levels apart, and nothing was settled."""
        points = [mark.points for mark in self.marks.get(place, {}).values()]
        if place in self.settled or not points:
            return False
        return max(points) - min(points) >= rubric.APART

    def points(self, place: Place) -> float | None:
        """Return the points of an answer; None while it waits for a teacher.

        What was settled stands; else the mean of the markers, unless they are too far apart.
        """
        if place in self.settled:
            return float(self.settled[place].points)
        given = [mark.points for mark in self.marks.get(place, {}).values()]
        if not given or self.apart(place):
            return None
        return fsum(given) / len(given)

    def comment(self, place: Place) -> str:
        """Return what the learner is told: the settlement's words, else those of all markers."""
        if place in self.settled and self.settled[place].comment:
            return self.settled[place].comment
        said = [self.marks[place][who].comment for who in sorted(self.marks.get(place, {}))]
        return "\n".join(dict.fromkeys(filter(None, said)))


class Marks:
    """The log of marks of a class, on disk.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._log = Log(path)

    def read(self) -> Book:
        """Return the fold of what is on disk."""
        actions, rejected = parse(self._log.lines())
        book = fold(actions)
        book.aside += len(rejected)
        return book

    def add(self, do: str, marker: str, *, id: str = "", at: str = "", **more: Any) -> None:
        """Write a line; it is on disk when this returns.

        Raises
        ------
        OSError
            If it is not.
        """
        self._log.append({"id": id or uuid.uuid4().hex, "at": at or now(), "do": do} | more
                         | {"marker": marker})  # fmt: skip

    def mark(
        self, marker: str, answer: Written, points: int, comment: str = "", *, do: str = "mark",
        id: str = "", at: str = "",
    ) -> None:  # fmt: skip
        """Write what a marker gives to an answer (with `do` "settle": what two agreed on)."""
        exercise, learner, task, item, text = answer.place
        self.add(
            do, marker, id=id, at=at, exercise=exercise, learner=learner, task=task, item=item,
            text=text, rubric=rubric.version(answer.kind), points=points,
            comment=comment[:MOST_COMMENT],
        )  # fmt: skip


def fold(actions: Iterable[Action]) -> Book:
    """Fold a log: for each answer and marker the last mark that was not undone."""
    kept = list(actions)
    undone = {action.get("of") for action in kept if action.get("do") == "undo"}
    book = Book()
    for action in kept:
        if action["id"] not in undone and not _apply(book, action):
            book.aside += 1
    return book


def _apply(book: Book, action: Action) -> bool:
    """Apply a line; return whether it could be used."""
    match action:
        case {"do": "mark" | "settle" as do, "marker": str(marker)}:
            mark = _mark(action, marker)
            if mark is None:
                return False
            if do == "settle":
                book.settled[mark.place] = mark
            else:
                book.marks.setdefault(mark.place, {})[marker] = mark
                book.history.setdefault(marker, []).append(mark)
        case {"do": "done", "marker": str(marker)}:
            book.done.add(marker)
        case {"do": "bank", "marker": str(marker), "text": str(text)}:
            bank = book.bank.setdefault(marker, [])
            if text not in bank:
                bank.append(text)
        case {"do": "undo"}:
            pass
        case _:
            return False
    return True


def _mark(action: Action, marker: str) -> Mark | None:
    names = ("exercise", "learner", "task", "item", "text")
    place = tuple(action.get(name) for name in names)
    points, comment = action.get("points"), action.get("comment", "")
    if not all(isinstance(part, str) for part in (*place, comment)):
        return None
    if type(points) is not int or points not in rubric.LEVELS:
        return None
    return Mark(action["id"], marker, place, points, comment, str(action.get("at", "")))  # type: ignore[arg-type]  # all strings


def apply(book: Book, learner: str, exercise: str, task: Record, asked: int) -> Record:
    """Return the record of an open task with a teacher's marks in it.

    The score is the sum of the answers' points over the most that they could have, a blank answer
    counting 0; None while one of them waits for a teacher.

    Parameters
    ----------
    task : dict
        One of the tasks of a hand-in's record, of a kind that has a rubric.
    asked : int
        How many questions it has.
    """
    answers = list(written(learner, exercise, task))
    points = {each.item: book.points(each.place) for each in answers}
    given = {item: each for item, each in points.items() if each is not None}
    waiting = len(points) - len(given)
    score = fsum(given.values()) / (rubric.MOST * max(asked, len(answers), 1))
    marks = {
        each.item: {"points": given[each.item], "comment": book.comment(each.place)}
        for each in answers
        if each.item in given
    }
    return task | {"score": None if waiting else score, "marks": marks, "to_mark": waiting}


def now() -> str:
    """Return the time, as logs write it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
