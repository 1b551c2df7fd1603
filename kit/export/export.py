"""From a folder of results to the files that a teacher asks for, all in one folder."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import KitError, Mistake
from kit.export import canvas, graded, moodle, report, xapi, xlsx
from kit.export.graded import Marked
from kit.export.people import Roster, read_bytes
from kit.export.report import Filled
from kit.grading.attempts import COLUMNS
from kit.grading.tables import PART

MOODLE, CANVAS, JSONL = "moodle.csv", "canvas.csv", "gradebook.jsonl"
ZIP = "feedback-moodle.zip"
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Plan:
    """What is exported, and where to.

    Parameters
    ----------
    graded, to : Path
        The folder that `kit grade` wrote; the folder of the new files.
    moodle, canvas : Path, optional
        The teacher's grading worksheet or gradebook.
    xlsx, jsonl, xapi : bool
        Which other files are made.
    exercise : str
        Whose marks; may be empty where the folder has one exercise, or for a file of all.
    column : str
        The assignment of a Canvas gradebook; may be empty where it has one.
    roster : Path, optional
        List of the class: names and addresses of those whose hand-ins have none.
    overwrite : bool
        Write over marks that are in the teacher's file already.
    lang : {"fr", "en"}
        Of comments, titles and lists.
    """

    graded: Path
    to: Path
    moodle: Path | None = None
    canvas: Path | None = None
    xlsx: bool = False
    jsonl: bool = False
    xapi: bool = False
    exercise: str = ""
    column: str = ""
    roster: Path | None = None
    overwrite: bool = False
    lang: str = "fr"


@dataclass
class Summary:
    """What came of it: files written, marks filled in, lines to look at by code."""

    files: list[Path] = field(default_factory=list)
    filled: int = 0
    left: Counter[str] = field(default_factory=Counter)


def export(plan: Plan) -> Summary:
    """Write the files.

    Raises
    ------
    KitError
        If results or a teacher's file cannot be used, a file would be written over the teacher's
        own, or nothing can be written. Nothing is written then, unless the disk is to blame.
    """
    marked = graded.read(plan.graded)
    roster = Roster.read(plan.roster) if plan.roster else Roster()
    made: dict[str, bytes] = {}
    summary = Summary()
    left: list[report.Left] = []
    if plan.moodle or plan.canvas:
        here = graded.of_one(marked, plan.exercise, plan.graded)
        for own, name, fill in ((plan.moodle, MOODLE, _moodle), (plan.canvas, CANVAS, _canvas)):
            if own:
                filled, more = fill(plan, own, here, roster)
                made |= {name: filled.data} | more
                left += filled.left
                summary.filled += filled.count
    if plan.exercise:
        marked = [each for each in marked if each.exercise == plan.exercise]
    if plan.xlsx:
        made[xlsx.NAME] = xlsx.workbook(marked, plan.lang)
    if plan.jsonl:
        made[JSONL] = "".join(_lines(marked)).encode("utf-8", "replace")
    if plan.xapi:
        made[xapi.NAME] = xapi.encoded(marked)
    try:
        plan.to.mkdir(parents=True, exist_ok=True)
        _spare_the_teachers_own(plan, made)
        for name, data in made.items():
            _write(plan.to / name, data)
            summary.files.append(plan.to / name)
        if plan.moodle or plan.canvas:
            report.write(plan.to / report.NAME, left, plan.lang)
            summary.files.append(plan.to / report.NAME)
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("cannot_write_results", str(plan.to), "", {"why": why})) from error
    summary.left = Counter(each.code for each in left)
    return summary


def _moodle(
    plan: Plan, own: Path, marked: list[Marked], roster: Roster
) -> tuple[Filled, dict[str, bytes]]:
    worksheet = moodle.Worksheet(read_bytes(own), str(own))
    pages = (plan.graded / graded.PAGES).is_dir()
    filled = moodle.fill(
        worksheet, marked, roster, plan.lang, overwrite=plan.overwrite, pages=pages
    )
    found = moodle.feedback(worksheet, marked, filled, plan.graded, plan.lang)
    return filled, {ZIP: _zipped(found)} if found else {}


def _canvas(
    plan: Plan, own: Path, marked: list[Marked], roster: Roster
) -> tuple[Filled, dict[str, bytes]]:
    gradebook = canvas.Gradebook(read_bytes(own), str(own), plan.column)
    return canvas.fill(gradebook, marked, roster, overwrite=plan.overwrite), {}


def _lines(marked: list[Marked]) -> Iterator[str]:
    """Yield the gradebook as JSON Lines: names as handed in, numbers as numbers."""
    for each in marked:
        row = {column: each.row[column] for column in COLUMNS}
        for column in ("learner", "name", "group", "file"):
            row[column] = getattr(each, column)
        row["reason"] = str(row["reason"]).split()
        yield json.dumps(row | {"tasks": each.tasks}, ensure_ascii=False) + "\n"


def _zipped(files: dict[str, Path]) -> bytes:
    """Return a zip of files, without a clock in it: the same pages give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _NO_CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return held.getvalue()


def _spare_the_teachers_own(plan: Plan, made: dict[str, bytes]) -> None:
    for own in (plan.moodle, plan.canvas, plan.roster):
        for name in [*made, report.NAME]:
            if own and (plan.to / name).exists() and own.samefile(plan.to / name):
                raise KitError(Mistake("export_over", str(own)))


def _write(path: Path, data: bytes) -> None:
    """Write a file: it takes its name only when all of it is there."""
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
