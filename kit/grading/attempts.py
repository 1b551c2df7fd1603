"""The row of one learner and one exercise: which of several hand-ins counts, and what is told."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kit.grading.deadline import Deadline
from kit.grading.grade import Record, refused
from kit.grading.ledger import Ledger, text_of
from kit.grading.marked import figures, with_marks
from kit.grading.roster import Roster
from kit.grading.tables import slug
from kit.review.marks import Book

COLUMNS = (
    "exercise",  # its id; empty where a file does not say
    "exercise_version",  # graded with: first 12 signs of the sum of exercise.toml
    "learner",  # as the folder or the LMS tells, else as the file says, else the file's path
    "name",  # from the LMS or the roster
    "group",  # from the roster, or the folder around
    "status",  # graded, partial, to_mark, empty, refused
    "reason",  # codes with blanks between, described in problems.csv
    "points",  # two decimals; empty where refused
    "max",
    "percent",
    "auto",  # points the kit gave
    "manual",  # points a teacher gave
    "to_mark",  # answers that wait for a teacher
    "attempt",  # which of the files counts, by time
    "attempts",  # how many there are
    "submitted_at",  # UTC
    "late_s",  # seconds after the deadline; empty where unknown
    "receipt",
    "receipt_ok",  # yes, no, or empty where there is none
    "file",  # the one that counts
    "clock",  # whose clock says submitted_at
    "learner_in_file",
    "mode",  # practice or exam
    "exercise_version_in_file",  # what the learner worked with
    "key_version",  # graded with
    "scorer",  # graded with
    "page",  # below feedback/
)
_SHORT = 12  # signs of a version: told apart at a glance, whole in results.jsonl


@dataclass(frozen=True, slots=True)
class Attempt:
    """One file of a learner for an exercise."""

    file: sqlite3.Row
    record: Record
    text: str  # the record as JSON
    remarks: tuple[str, ...]
    late_s: int | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the gradebook, with all files behind it."""

    key: str
    sort: str
    row: dict[str, Any]
    attempts: tuple[Attempt, ...]

    @property
    def counting(self) -> Attempt:
        """The file that counts."""
        return next(attempt for attempt in self.attempts if attempt.counts)


def lines(
    ledger: Ledger, deadline: Deadline, roster: Roster | None, book: Book | None = None
) -> Iterator[Line]:
    """Yield the rows of the gradebook, by exercise and learner.

    Of several hand-ins the last one on time counts; where none is on time, the first. A raw log
    counts where nothing was handed in, and a refused file where there is nothing else. `book` has
    a teacher's marks of open answers.
    """
    files = ledger.in_order()
    for _, group in groupby(files, key=lambda file: (file["exercise"], file["key"], file["alone"])):
        attempts = _attempts(ledger, list(group), deadline, roster, book or Book())
        counting = next(attempt for attempt in attempts if attempt.counts)
        file = counting.file
        expected = roster.find(file["learner"], file["name"]) if roster else None
        row = _row(counting, attempts) | {
            "name": file["name"] or (expected.name if expected else ""),
            "group": file["group"] or (expected.group if expected else ""),
        }
        yield Line(file["key"], file["sort"], row, tuple(attempts))


def page_name(key: str, learner: str) -> str:
    """Return the name of a learner's feedback page: a short form and a sum, safe anywhere."""
    return f"{slug(learner)}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.html"


def _attempts(
    ledger: Ledger,
    files: Sequence[sqlite3.Row],
    deadline: Deadline,
    roster: Roster | None,
    book: Book,
) -> list[Attempt]:
    late = [deadline.seconds_late(file["at"]) for file in files]
    best = _best(files, late)
    found = []
    for number, (file, seconds) in enumerate(zip(files, late, strict=True)):
        packed = None if file["reason"] or not file["sum"] else ledger.packed(file["sum"])
        if packed is None:
            record = refused(file["reason"], file["exercise"], file["inside"])
            record["status"] = file["status"]
            text = json.dumps(record, ensure_ascii=False)
        else:
            text = text_of(packed)
            graded = json.loads(text)
            record = with_marks(graded, file["learner"], book)
            if record is not graded:
                text = json.dumps(record, ensure_ascii=False)
        remarks = [*record["reasons"], *_remarks(file, seconds, roster)]
        if number != best:
            remarks.append("superseded")
        elif len(files) > 1:
            remarks.append("several")
        found.append(Attempt(file, record, text, tuple(remarks), seconds, number == best))
    return found


def _best(files: Sequence[sqlite3.Row], late: Sequence[int | None]) -> int:
    """Choose the file that counts."""
    everything = range(len(files))
    sound = [at for at in everything if files[at]["status"] != "refused"]
    handed_in = [at for at in sound if not files[at]["from_log"]]
    choice = handed_in or sound or list(everything)
    on_time = [at for at in choice if not late[at] and not files[at]["lms_late"]]
    return on_time[-1] if on_time else choice[0]


def _remarks(file: sqlite3.Row, late_s: int | None, roster: Roster | None) -> Iterator[str]:
    by_folder = file["folder"] and file["key"] == f"{file['learner']}|{file['folder']}"
    if by_folder and file["inside"] and _nfc(file["inside"]) != _nfc(file["learner"]):
        yield "learner_differs"
    if late_s:
        yield "late"
    if file["lms_late"]:
        yield "late_lms"
    if file["twin"]:
        yield "same_file"
    if roster and file["path"] and not roster.find(file["learner"], file["name"]):
        yield "unknown_learner"


def _row(counting: Attempt, attempts: Sequence[Attempt]) -> dict[str, Any]:
    file, record = counting.file, counting.record
    points, most = record["points"], record["max"]
    fits = record.get("receipt_fits")
    return {
        "exercise": file["exercise"],
        "exercise_version": record.get("exercise_version", "")[:_SHORT],
        "learner": file["learner"],
        "status": record["status"],
        "reason": " ".join(counting.remarks),
        "points": points,
        "max": most,
        "percent": None if points is None or not most else round(100 * points / most, 2),
        "to_mark": record.get("to_mark", 0),
        "attempt": attempts.index(counting) + 1 if file["path"] else 0,
        "attempts": len(attempts) if file["path"] else 0,
        "submitted_at": record.get("submitted_at", ""),
        "late_s": counting.late_s,
        "receipt": record.get("receipt", ""),
        "receipt_ok": {True: "yes", False: "no", None: ""}[fits],
        "file": file["path"],
        "clock": "learner" if record.get("submitted_at") else "",
        "learner_in_file": record["learner_in_file"],
        "mode": record.get("mode", ""),
        "exercise_version_in_file": record.get("exercise_version_in_file", "")[:_SHORT],
        "key_version": record.get("key_version", "")[:_SHORT],
        "scorer": record["scorer"],
        "page": page_name(file["key"], file["learner"]),
    } | figures(record)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
