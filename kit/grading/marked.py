"""A teacher's marks of open answers, laid into the record of a hand-in after it was graded.

A record depends on the hand-in and the key alone, so that it can be kept; marks come later, by
hand, and are laid over it whenever the books are written.
"""

from __future__ import annotations

from math import fsum
from typing import Any

from kit.grading.grade import Record
from kit.review import marks
from kit.review.marks import Book
from kit.review.rubric import OF_KIND

_MERGED = ("score", "points", "to_mark", "marks")  # what a page needs to know of a task


def with_marks(record: Record, learner: str, book: Book) -> Record:
    """Return a record with a teacher's marks in it; the same one if there is nothing to lay in.

    A task with an answer that waits for a teacher counts neither in the points nor in the maximum.
    Once a class is being marked, a blank one counts 0.
    """
    if not book.marks or not any(task["kind"] in OF_KIND for task in record["tasks"]):
        return record
    tasks = [
        _marked(task, learner, record["exercise"], book) if task["kind"] in OF_KIND else task
        for task in record["tasks"]
    ]
    counted = [task for task in tasks if task["points"] is not None]
    waiting = sum(task["to_mark"] for task in tasks)
    marked = record["status"] == "to_mark" and not waiting
    return record | {
        "status": "graded" if marked else record["status"],
        "points": round(fsum(task["points"] for task in counted), 2),
        "max": sum(task["max"] for task in counted),
        "to_mark": waiting,
        "tasks": tasks,
    }


def figures(record: Record) -> dict[str, Any]:
    """Return what a row says of marks: points by machine and by hand; for pages, what changed."""
    by_hand = [task for task in record["tasks"] if task["kind"] in OF_KIND]
    given = [task["points"] for task in by_hand if task["points"] is not None]
    manual = round(fsum(given), 2) if given else None
    points = record["points"]
    return {
        "auto": points if points is None else round(points - (manual or 0.0), 2),
        "manual": manual,
        "marked": {
            task["task"]: {name: task[name] for name in _MERGED if name in task} for task in by_hand
        },
    }


def _marked(task: Record, learner: str, exercise: str, book: Book) -> Record:
    told = marks.apply(book, learner, exercise, task, len(task["outcomes"]))
    score = told["score"]
    return told | {"points": None if score is None else round(score * told["max"], 2)}
