"""A folder of hand-ins watched while it fills: each file read once it lies still, none twice.

What counts is what `kit grade` would count on the same folder: the same reader, the same rules of
whose file it is and of which version stands. Nothing in a file stops the watch.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kit import course
from kit.grading.attempts import Line, lines
from kit.grading.collect import Candidate, collect_one, set_aside, shown
from kit.grading.deadline import Deadline
from kit.grading.grade import Bench, Record, grade, refused
from kit.grading.ledger import Ledger, packed, said

PATIENCE = 5.0  # seconds in which a file that breaks off may still be on its way
MOST_FILES = 5_000  # more are not a class: they are told, not read
DEEPEST = 8  # folders in folders

_BREAKS_OFF = {"not_json", "empty_file", "damaged", "empty_archive", "torn_line"}
_ON_THE_WAY = (".part", ".partial", ".tmp", ".crdownload", ".download")

Stamp = tuple[int, int]  # size and time of the last change
Parts = tuple[str, ...]
Found = tuple[Candidate, bytes | None, Record]  # without its bytes, their sum, what it is worth


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not counted: its path in the folder, and the code of why."""

    file: str
    reason: str


@dataclass(slots=True)
class _File:
    """What is known of a file: how it looked last, and what was in it."""

    stamp: Stamp
    changed: float
    taken: bool = False
    found: list[Found] = field(default_factory=list)


class Watch:
    """A folder, and what has been handed in there so far.

    Parameters
    ----------
    folder : Path
        It may not exist yet, and may go and come back.
    exercise : str
        Only hand-ins of this one count.
    bench : Bench
        What they are held against.
    clock : callable
        Seconds that only grow.

    Attributes
    ----------
    counted : list of dict
        The record of each learner's hand-in that counts, in the order of arrival; no names.
    problems : list of Problem
        What could not be read, and why.
    waiting : int
        Files that still change, or break off and changed a moment ago.
    elsewhere : int
        Hand-ins of other exercises.
    """

    def __init__(
        self,
        folder: Path,
        exercise: str,
        bench: Bench,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.counted: list[Record] = []
        self.problems: list[Problem] = []
        self.waiting = self.elsewhere = 0
        self._exercise, self._bench, self._clock = exercise, bench, clock
        self._exercises = {path.name for path in course.exercises()}
        self._files: dict[Parts, _File] = {}
        self._order: dict[str, int] = {}  # learner's key -> when first seen
        self._odd: list[Problem] = []  # what is no plain file
        self._last: object = None

    def look(self) -> bool:
        """Look once at the folder; return whether there is anything else to show than before.

        A file is read when size and time are those of the look before: one that is still being
        copied waits.
        """
        now = self._clock()
        present, odd = _scan(self.folder)
        stirred = odd != self._odd or not present.keys() >= self._files.keys()
        self._odd = odd
        self._files = {parts: file for parts, file in self._files.items() if parts in present}
        waiting = 0
        for parts, (path, stamp) in sorted(present.items()):
            known = self._files.get(parts)
            if known is None or known.stamp != stamp:
                found = known.found if known else []  # what it held before counts until it is read
                self._files[parts] = _File(stamp, now, found=found)
                waiting += 1
            elif not known.taken:
                taken = self._take(known, path, parts, now)
                stirred, waiting = stirred or taken, waiting + (not taken)
        self.waiting = waiting
        if stirred:
            self._settle()
        sums = [record["sum"] for record in self.counted]
        state = (sums, self.problems, self.waiting, self.elsewhere)
        changed, self._last = state != self._last, state
        return changed

    def _take(self, file: _File, path: Path, parts: Parts, now: float) -> bool:
        """Read a file that lies still; return False if it seems to be on its way still."""
        found = [self._graded(each) for each in collect_one(path, parts, self._exercises)]
        breaks_off = any(_BREAKS_OFF & set(record["reasons"]) for _, _, record in found)
        if breaks_off and now - file.changed < PATIENCE:
            return False
        file.found, file.taken = found, True
        return True

    def _graded(self, candidate: Candidate) -> Found:
        bare = Candidate(candidate.path, candidate.owner, None, candidate.reason, candidate.counts)
        if candidate.data is None:
            return bare, None, refused(candidate.reason)
        try:
            record = grade(candidate.data, self._bench)
        except Exception:  # as in `kit grade`: one odd hand-in must not stop the class
            record = refused("not_scored")
        return bare, hashlib.sha256(candidate.data).digest(), record

    def _settle(self) -> None:
        """Decide whose each file is and which of several counts, by the rules of `kit grade`."""
        every = [each for file in self._files.values() for each in file.found if each[0].counts]
        with TemporaryDirectory(prefix="kit-class-") as place:
            rows = _rows(Path(place), every)
        self.elsewhere = 0
        counted: list[tuple[int, Record]] = []
        problems = list(self._odd)
        for row in rows:
            problems += [
                Problem(each.file["path"], each.remarks[0])
                for each in row.attempts
                if each.record["status"] == "refused"
            ]
            if row.row["status"] == "refused":
                continue
            if row.row["exercise"] != self._exercise:
                self.elsewhere += 1
                continue
            arrived = self._order.setdefault(row.key, len(self._order))
            counted.append((arrived, _bare(row)))
        self.counted = _once(record for _, record in sorted(counted, key=lambda each: each[0]))
        self.problems = sorted(problems, key=lambda each: (each.file, each.reason))


def _rows(place: Path, every: Iterable[Found]) -> list[Line]:
    ledger = Ledger(place, "")
    try:
        for candidate, sum_, record in every:
            if sum_ is not None:
                ledger.keep(sum_, packed(record))
            ledger.found(candidate, sum_, said(record))
        ledger.settle_owners()
        return list(lines(ledger, Deadline(), None))
    finally:
        ledger.close()


def _bare(line: Line) -> Record:
    """Return the record of a row without anything that names the learner."""
    record = {name: line.counting.record[name] for name in ("status", "tasks", "contests")}
    receipt = line.counting.record.get("receipt", "")
    fits = line.counting.record.get("receipt_fits")
    return record | {"sum": bytes(line.counting.file["sum"]), "receipt": receipt if fits else ""}


def _once(records: Iterator[Record]) -> list[Record]:
    """Leave out the same content, or the same receipt, under a second name."""
    seen: set[object] = set()
    kept = []
    for record in records:
        signs = {record["sum"], record["receipt"]} - {""}
        if not signs & seen:
            kept.append(record)
        seen |= signs
    return kept


def _scan(folder: Path) -> tuple[dict[Parts, tuple[Path, Stamp]], list[Problem]]:
    """List the plain files below a folder as they look now; no link is followed."""
    present: dict[Parts, tuple[Path, Stamp]] = {}
    problems: list[Problem] = []
    todo: list[tuple[Path, Parts]] = [(folder, ())]
    while todo:
        here, above = todo.pop()
        try:
            with os.scandir(here) as scan:
                found = list(scan)
        except OSError:  # not there yet, or not any more: the next look tells
            continue
        for entry in found:
            parts = (*above, shown(entry.name))
            if set_aside(entry.name) or entry.name.lower().endswith(_ON_THE_WAY):
                continue
            try:
                if entry.is_symlink():
                    problems.append(Problem("/".join(parts), "link"))
                elif entry.is_dir(follow_symlinks=False):
                    if len(parts) < DEEPEST:
                        todo.append((Path(entry.path), parts))
                elif not entry.is_file(follow_symlinks=False):
                    problems.append(Problem("/".join(parts), "special"))
                elif len(present) < MOST_FILES:
                    state = entry.stat(follow_symlinks=False)
                    present[parts] = Path(entry.path), (state.st_size, state.st_mtime_ns)
                else:
                    return present, [*problems, Problem("", "too_many_files")]
            except OSError:  # gone between two calls
                continue
    return present, problems
