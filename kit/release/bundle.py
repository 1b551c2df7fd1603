"""Builds the learners' bundle from a list of what may go in, and checks it before it is there."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import kit
from kit import course, exam, packed
from kit.errors import KitError, Mistake
from kit.exam import Exam
from kit.loading import read
from kit.messages import LANGUAGES, say
from kit.release import papers
from kit.release.leaks import Leak, check
from kit.release.needles import needles_of

EXAM_TEXTS = ("e1", "e2")  # what an exam is about unless it is said; out of practice likewise
_PACKAGE = {".py", ".toml", ".js", ".css", ".html", ".json", ".svg", ".txt"}
_LICENCES = ("LICENSE", "LICENSE-content")
_OPENED = re.compile(r'\b(?:task|verify)\(\s*\\?"([\w-]+)')
_DAY = len("2026-05-12")


@dataclass(frozen=True)
class Plan:
    """What is released, how, and where to.

    Parameters
    ----------
    to : Path
        Folder of the bundle; the archive goes beside it, as ``<to>.zip``.
    exercises : tuple of str
        Their ids; empty for all of the course but exam texts, in an exam for those.
    is_exam : bool
        No key in any form.
    opens, closes : str
        Dates or times, local without a zone; empty for none.
    seed : int, optional
        Shuffles texts and items.
    keys : Path, optional
        Where keys lie that are not in the course.
    """

    to: Path
    exercises: tuple[str, ...] = ()
    is_exam: bool = False
    opens: str = ""
    closes: str = ""
    seed: int | None = None
    keys: Path | None = None


@dataclass
class Built:
    """What came of it.

    Attributes
    ----------
    exercises, notebooks, left_out : list of str
        What is in it, and the notebooks that open other exercises and so are not.
    without : list of str
        Exercises of which no key was found, so that the check could look for its form alone.
    leaks : list of Leak
        Where a key could be read; then there is no bundle.
    """

    exercises: list[str] = field(default_factory=list)
    notebooks: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)


def release(plan: Plan) -> Built:
    """Build a bundle, folder and archive; where a key could be read in it there is none.

    Raises
    ------
    KitError
        If something of the plan cannot be, a file of an exercise has mistakes, or nothing can be
        written.
    """
    archive = plan.to.with_name(f"{plan.to.name}.zip")
    for path in (plan.to, archive):
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            raise KitError(Mistake("release_not_empty", str(path), "", {"name": path.name}))
    ids = _chosen(plan)
    sat = _exam(plan, ids) if plan.is_exam else None
    built = Built(ids)
    files = dict(_gathered(plan, ids, sat, built))
    try:
        plan.to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=plan.to.parent, prefix=".release-") as room:
            folder, packing = Path(room, plan.to.name), Path(room, archive.name)
            write(files, folder)
            pack(files, plan.to.name, packing)
            needles = needles_of(course.exercises(), plan.keys)
            built.without = [id for id in ids if id in needles.without]
            built.leaks = check(packing, needles, is_exam=plan.is_exam)
            if not built.leaks:
                if plan.to.exists():
                    plan.to.rmdir()
                shutil.move(folder, plan.to)
                shutil.move(packing, archive)
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("cannot_write_results", str(plan.to), "", {"why": why})) from error
    return built


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write a bundle as a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def pack(files: dict[str, bytes], top: str, path: Path) -> None:
    """Write a bundle as an archive: the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


def _chosen(plan: Plan) -> list[str]:
    known = [folder.name for folder in course.exercises()]
    if plan.exercises:
        chosen = list(dict.fromkeys(plan.exercises))
    else:
        chosen = [id for id in known if (id in EXAM_TEXTS) == plan.is_exam]
    for id in chosen:
        if id not in known:
            raise KitError(Mistake("exercise_missing", id, "", {"known": ", ".join(known)}))
    if not chosen:
        raise KitError(Mistake("release_nothing", "kit release", "", {"known": ", ".join(known)}))
    return chosen


def _exam(plan: Plan, ids: Sequence[str]) -> Exam:
    opens = _time(plan.opens, "--opens", "T00:00:00")
    closes = _time(plan.closes, "--closes", "T23:59:59")
    if opens and closes and closes <= opens:
        raise KitError(Mistake("exam_time", "--closes", "", {"found": plan.closes}))
    return Exam(tuple(ids), opens, closes, plan.seed)


def _time(rule: str, option: str, of_day: str) -> str:
    """Return a date or time, local unless it has a zone, as ISO 8601 in UTC."""
    if not rule:
        return ""
    try:
        if len(rule) <= _DAY:
            rule = date.fromisoformat(rule).isoformat() + of_day
        at = datetime.fromisoformat(rule).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise KitError(Mistake("exam_time", option, "", {"found": rule})) from error
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _gathered(
    plan: Plan, ids: Sequence[str], sat: Exam | None, built: Built
) -> Iterator[tuple[str, bytes]]:
    """Yield what goes in, from a list of what may: nothing is copied because it is there."""
    yield from _package()
    yield "pyproject.toml", papers.pyproject()
    yield "README.md", papers.readme(sat)
    for name in _LICENCES:
        if (course.CLONE / name).is_file():
            yield name, (course.CLONE / name).read_bytes()
    asked = {id: _tasks(id, plan) for id in ids}
    for id in ids:
        yield from _exercise(course.exercise_folder(id), plan)
    if sat:
        _same_tasks(asked)
        yield exam.NAME, papers.exam_file(sat)
        for lang in LANGUAGES:
            name = f"notebooks/{lang}/00-epreuve.ipynb"
            title = say("release.notebook.title", lang)
            yield name, papers.notebook(exam.ASSIGNED, asked[ids[0]], title, sat, lang)
            built.notebooks.append(name)
        return
    yield from _notebooks(plan, ids, asked, built)


def _package() -> Iterator[tuple[str, bytes]]:
    home = Path(kit.__file__).parent
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        hidden = any(part.startswith((".", "__pycache__")) for part in name.parts)
        if path.is_file() and path.suffix in _PACKAGE and not hidden and name.parts[0] != "course":
            yield f"kit/{name.as_posix()}", path.read_bytes()


def _exercise(folder: Path, plan: Plan) -> Iterator[tuple[str, bytes]]:
    base = f"exercises/{folder.name}"
    for name in ["exercise.toml", *_table(folder)["articles"]]:
        yield f"{base}/{name}", (folder / name).read_bytes()
    if plan.is_exam:
        return
    place = _place_of_key(folder, plan)
    if place is not None:
        yield f"{base}/{packed.NAME}", packed.pack(packed.read(place))


def _place_of_key(folder: Path, plan: Plan) -> Path | None:
    places = [folder, *([plan.keys / folder.name] if plan.keys else [])]
    for place in reversed(places):
        path = place / packed.name_in(place)
        if path.is_file():
            return path
    return None


def _tasks(id: str, plan: Plan) -> list[str]:
    """Return the tasks of an exercise; its mistakes stop the release, an absent text does not."""
    folder = course.exercise_folder(id)
    with_key = not plan.is_exam and (folder / packed.name_in(folder)).is_file()
    _, mistakes = read(folder, key=with_key)
    wrong = [mistake for mistake in mistakes if not mistake.notice]
    if wrong:
        raise KitError(wrong)
    return [task["id"] for task in _table(folder)["task"]]


def _table(folder: Path) -> dict[str, Any]:
    """Return what a learner may see of an exercise, as its file has it."""
    return tomllib.loads((folder / "exercise.toml").read_text("utf-8"))


def _same_tasks(asked: dict[str, list[str]]) -> None:
    """Hold that the texts of an exam have the same tasks: one notebook opens them all."""
    (one, tasks), *others = asked.items()
    for other, theirs in others:
        if theirs != tasks:
            raise KitError(Mistake("exam_variants", other, "", {"one": one, "other": other}))


def _notebooks(
    plan: Plan, ids: Sequence[str], asked: dict[str, list[str]], built: Built
) -> Iterator[tuple[str, bytes]]:
    """Yield the notebooks that open these exercises and no other, and one for each left over."""
    home = course.home()
    opened: set[str] = set()
    for path in sorted((home / "notebooks").glob("*/[0-9]*.ipynb")):
        data = path.read_bytes()
        wanted = set(_OPENED.findall(data.decode("utf-8", "replace")))
        name = path.relative_to(home).as_posix()
        if wanted and wanted <= set(ids):
            opened |= wanted
            built.notebooks.append(name)
            yield name, data
        else:
            built.left_out.append(name)
    for number, id in enumerate(id for id in plan.exercises if id not in opened):
        for lang in LANGUAGES:
            name = f"notebooks/{lang}/{50 + number}-{id}.ipynb"
            title = _table(course.exercise_folder(id))["title"][lang]
            built.notebooks.append(name)
            yield name, papers.notebook(id, asked[id], title, None, lang)
