"""`submitted/` rebuilt for nbgrader: the released notebook and validated answers, nothing else.

What a learner handed in is only ever read as data; no notebook of a learner is opened. What
nbgrader collected is moved to `collected/`, and nothing that this room did not make is deleted.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit import course
from kit.bridge.source import MARK
from kit.errors import KitError, Mistake
from kit.grading import handed_in
from kit.grading.attempts import Line, lines
from kit.grading.collect import Candidate, collect
from kit.grading.deadline import Deadline
from kit.grading.gather import gather
from kit.grading.grade import Bench
from kit.grading.handed_in import HandedIn
from kit.grading.layouts import Owner
from kit.grading.ledger import Ledger
from kit.grading.tables import Table, rows, slug, whole
from kit.submission import SCHEMA

TABLE = "kit_submitted.csv"  # which folder is whose, and which folders may be made anew
COLLECTED = "collected"
COLUMNS = ("exercise", "folder", "learner", "name", "status", "reason", "file")
_TIME = "timestamp.txt"  # nbgrader's, beside a notebook
_OURS = (b'"answers": "', b'"refused": "')  # stands in each notebook that was made here
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?( UTC| [+-]\d{4})?")
# Names that every file system, nbgrader's patterns and its unquoted CSV take as they are.
_SAFE = re.compile(r"\w([\w .@+~-]{0,62}\w)?")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Rebuild:
    """What is rebuilt, from what.

    Parameters
    ----------
    to : Path
        The folder of the nbgrader course.
    exercise : str
        Its id, which is the name of the assignment too.
    submissions : Path, optional
        Folder or zip of the hand-ins; without it, what nbgrader collected into ``submitted/``.
    bench : Bench
        Tells which files can be graded; marks are given later, by nbgrader.
    late : str
        ``last``, or a deadline, as in `kit grade`.
    """

    to: Path
    exercise: str
    submissions: Path | None = None
    bench: Bench = Bench()  # noqa: RUF009  # frozen
    late: str = "last"


def rebuild(plan: Rebuild) -> Counter[str]:
    """Rebuild ``submitted/*/<exercise>`` and return the learners by status.

    Raises
    ------
    KitError
        If there is no released notebook, there are no hand-ins, something else is in the way, or
        nothing can be written.
    """
    deadline = Deadline.of(plan.late)
    notebook = _released(plan)
    try:
        before = _table(plan.to)
        ours = {row["folder"] for row in before if row["exercise"] == plan.exercise}
        if plan.submissions is None:
            _move_collected(plan, ours)
        counted = _counted(plan, deadline)
        table = list(_named(plan.exercise, counted))
        _make_room(plan, ours, {row["folder"] for row, _ in table})
        kept = [row for row in before if row["exercise"] != plan.exercise]
        _write_table(plan.to, [*kept, *(row for row, _ in table)])
        _write_all(plan, notebook, table)
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("cannot_write_results", str(plan.to), "", {"why": why})) from error
    return Counter(row["status"] for row, _ in table)


def canonical(handed: HandedIn) -> dict[str, Any]:
    """Return what was accepted of a hand-in, as a submission with known fields alone."""
    return {
        "schema": SCHEMA,
        "exercise": handed.exercise,
        "exercise_version": handed.exercise_version,
        "article": handed.article,
        "learner": handed.learner,
        "version": handed.version,
        "submitted_at": handed.submitted_at,
        "words": handed.words,
        "log": handed.log,
    }


def folder_of(learner: str, key: str, taken: Iterable[str]) -> str:
    """Return the name of a learner's folder, which is the learner's id in nbgrader.

    The learner's own name where it is safe and free, else a short form with a sum.

    Examples
    --------
    >>> folder_of("zoe", "zoe|", ()), folder_of("../x", "k", ())
    ('zoe', 'x-8254c329')
    """
    free = learner.casefold() not in taken
    if free and _SAFE.fullmatch(learner) and not _DEVICE.fullmatch(learner):
        return learner
    return f"{slug(learner)}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _released(plan: Rebuild) -> dict[str, Any]:
    path = plan.to / "release" / plan.exercise / f"{plan.exercise}.ipynb"
    try:
        table = json.loads(path.read_text("utf-8"))
        released = table["metadata"][MARK]["exercise"] == plan.exercise
    except (OSError, ValueError, KeyError, TypeError):
        released = False
    if not released:
        raise KitError(Mistake("nbgrader_release", str(path), "", {"exercise": plan.exercise}))
    notebook: dict[str, Any] = table
    return notebook


def _table(to: Path) -> list[dict[str, str]]:
    path = to / TABLE
    return list(rows(path.read_text("utf-8"))) if path.exists() else []


def _move_collected(plan: Rebuild, ours: set[str]) -> None:
    """Move what nbgrader collected out of the way: each time to a place of its own."""
    for folder in sorted((plan.to / "submitted").glob(f"*/{plan.exercise}")):
        learner = folder.parent.name
        if learner in ours and not _is_foreign(folder, plan.exercise):
            continue
        place = plan.to / COLLECTED / learner / plan.exercise
        place.mkdir(parents=True, exist_ok=True)
        number = 1 + max(
            (int(each.name) for each in place.iterdir() if each.name.isdigit()), default=0
        )
        folder.rename(place / str(number))


def _is_foreign(folder: Path, exercise: str) -> bool:
    """Tell whether something else lies in a folder of ours: it was collected anew."""
    notebook = folder / f"{exercise}.ipynb"
    if {path.name for path in folder.iterdir()} - {notebook.name, _TIME}:
        return True
    if notebook.is_symlink() or not notebook.is_file():
        return notebook.is_symlink()
    data = notebook.read_bytes()  # its bytes are looked through; it is not opened as a notebook
    return not any(word in data for word in _OURS)


def _candidates(plan: Rebuild) -> Iterator[Candidate]:
    """Yield what was handed in; where nbgrader collected it, its folder says whose it is."""
    if plan.submissions is not None:
        known = {folder.name for folder in course.exercises()}
        leave_out = plan.to if plan.submissions.is_dir() else None
        yield from collect(plan.submissions, known, leave_out)
        return
    for folder in sorted((plan.to / COLLECTED).glob(f"*/{plan.exercise}")):
        learner = folder.parent.name
        for found in collect(folder):
            if found.path.rpartition("/")[2] != _TIME:
                path = f"{learner}/{plan.exercise}/{found.path}"
                yield replace(found, path=path, owner=Owner(learner))


def _counted(plan: Rebuild, deadline: Deadline) -> list[Line]:
    """Return the lines of the gradebook of this exercise, chosen as `kit grade` does.

    A file that nobody can read does not say which exercise it is of: it stands here for a learner
    who has nothing better.
    """
    fitting: list[Line] = []
    unread: dict[str, Line] = {}
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder), plan.bench.version())
        try:
            for _ in gather(_candidates(plan), plan.bench, ledger, 0):
                pass
            ledger.settle_owners()
            for line in lines(ledger, deadline, None):
                if line.row["exercise"] == plan.exercise:
                    fitting.append(line)
                elif not line.row["exercise"]:
                    unread.setdefault(line.row["learner"], line)
        finally:
            ledger.close()
    known = {line.row["learner"] for line in fitting}
    return fitting + [line for learner, line in unread.items() if learner not in known]


def _named(exercise: str, counted: Iterable[Line]) -> Iterator[tuple[dict[str, Any], Line]]:
    taken: set[str] = set()
    for line in counted:
        folder = folder_of(line.row["learner"], line.key, taken)
        taken.add(folder.casefold())
        yield line.row | {"exercise": exercise, "folder": folder}, line


def _make_room(plan: Rebuild, ours: set[str], wanted: set[str]) -> None:
    """Take away what was made before; stop before anything else would be lost."""
    places = {name: plan.to / "submitted" / name / plan.exercise for name in ours | wanted}
    there = {name: place for name, place in places.items() if place.exists()}
    foreign = [
        place
        for name, place in there.items()
        if name not in ours or _is_foreign(place, plan.exercise)
    ]
    if foreign:
        details: dict[str, object] = {"count": len(foreign), "exercise": plan.exercise}
        raise KitError(Mistake("nbgrader_in_the_way", str(sorted(foreign)[0]), "", details))
    for place in there.values():
        shutil.rmtree(place)


def _write_table(to: Path, table: Iterable[dict[str, Any]]) -> None:
    with whole(to / TABLE) as file:
        sheet = Table(file, COLUMNS)
        for row in table:
            sheet.add(row)


def _write_all(
    plan: Rebuild, notebook: dict[str, Any], table: Iterable[tuple[dict[str, Any], Line]]
) -> None:
    """Write a folder for each learner; the files are read once more, one after the other."""
    waiting = {}
    for row, line in table:
        place = plan.to / "submitted" / row["folder"] / plan.exercise
        if row["status"] == "refused":
            _write(place, notebook, {"refused": line.counting.remarks[0]})
        else:
            waiting[row["file"]] = place, line
    for found in _candidates(plan):
        if found.path in waiting:
            place, line = waiting.pop(found.path)
            handed = handed_in.read(found.data or b"")
            if isinstance(handed, HandedIn):
                answers = json.dumps(canonical(handed), ensure_ascii=False)
                _write(place, notebook, {"answers": answers})
                _write_time(place, _time(plan, found.path) or _told(line))
    for place, _ in waiting.values():  # gone since it was read
        _write(place, notebook, {"refused": "unreadable"})


def _write(place: Path, notebook: dict[str, Any], handed: dict[str, str]) -> None:
    place.mkdir(parents=True)
    mark = notebook["metadata"][MARK] | handed
    made = notebook | {"metadata": notebook["metadata"] | {MARK: mark}}
    with whole(place / f"{place.name}.ipynb", safe=False) as file:
        file.write(json.dumps(made, ensure_ascii=False, indent=1) + "\n")


def _write_time(place: Path, time: str) -> None:
    if time:
        (place / _TIME).write_text(time + "\n", "utf-8")


def _time(plan: Rebuild, path: str) -> str:
    """Return when nbgrader says this was handed in, if it does."""
    if plan.submissions is not None:
        return ""
    told = plan.to.joinpath(COLLECTED, *path.split("/")[:3], _TIME)
    if told.is_symlink() or not told.is_file():
        return ""
    with told.open("rb") as file:
        text = file.read(100).decode("ascii", "replace").strip()
    return text if _CLOCK.fullmatch(text) else ""


def _told(line: Line) -> str:
    """Return when the file says it was handed in, as nbgrader writes a time."""
    at: str = line.row["submitted_at"]
    return at.replace("T", " ").replace("Z", " UTC")
