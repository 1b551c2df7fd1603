"""Everything in a folder or a zip, one file after the other: whose it is, and its bytes.

Each file is told of once: as a hand-in, as refused with a reason, or as set aside. No link is
followed, nothing is unpacked, a notebook is never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError, Mistake
from kit.grading.archives import Refusal, entries
from kit.grading.layouts import Owner, owner
from kit.grading.strict import MOST_BYTES

NOTEBOOK = ".ipynb"
ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar")
ASIDE = ("of_the_kit", "of_a_system")  # reasons of files without a row
OF_SYSTEMS = ("thumbs.db", "desktop.ini", "__macosx")
OF_THE_KIT = (".turn", ".aside.txt")  # what a session keeps beside its log


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that was found.

    Attributes
    ----------
    path : str
        From the top of what was collected, ``/`` between its parts.
    owner : Owner
        Whose it is.
    data : bytes or None
        What is in it; None where it was not read.
    reason : str
        Code of why it was not read.
    counts : bool
        False for a file that nobody meant to hand in: it is listed, and gets no row.
    """

    path: str
    owner: Owner
    data: bytes | None = None
    reason: str = ""
    counts: bool = True


def collect(
    source: Path, exercises: Container[str] = (), leave_out: Path | None = None
) -> Iterator[Candidate]:
    """Yield what was handed in, one file after the other, in the order in which it is found.

    Nothing is listed beforehand, so that a folder of a million files takes no memory; the ledger
    sorts. Only the entries of a zip are known, and ordered, before the first is read.

    Parameters
    ----------
    source : Path
        A folder, a zip, or one file.
    exercises : container of str
        Ids of exercises: a folder of such a name is nobody's.
    leave_out : Path, optional
        A folder below `source` that holds results, not hand-ins.

    Raises
    ------
    KitError
        If there is nothing at `source`.
    """
    if not source.exists():
        raise KitError(Mistake("submissions_missing", str(source)))
    walk = _Walk(exercises, leave_out)
    if source.is_dir():
        yield from walk.folder(source, ())
    elif source.suffix.lower() == ".zip":
        yield from walk.archive(source, (), source.name)
    else:
        yield walk.file(source, (source.name,))


def collect_one(
    path: Path, parts: tuple[str, ...], exercises: Container[str] = ()
) -> Iterator[Candidate]:
    """Yield what one file below a folder holds, as `collect` does: itself, or what is in a zip.

    Parameters
    ----------
    path : Path
        A plain file.
    parts : tuple of str
        Folders and name, from the top of what is collected.
    exercises : container of str
        Ids of exercises: a folder of such a name is nobody's.
    """
    yield from _Walk(exercises, None).one(path, parts)


class _Walk:
    """One walk through folders and zips."""

    def __init__(self, exercises: Container[str], leave_out: Path | None) -> None:
        self._exercises = exercises
        self._leave_out = leave_out

    def folder(self, folder: Path, above: tuple[str, ...]) -> Iterator[Candidate]:
        for entry in _entries(folder):
            if entry is None:
                yield self._refused((*above, ""), "unreadable")
                return
            parts = (*above, shown(entry.name))
            path = Path(entry.path)
            if aside := set_aside(entry.name):
                yield Candidate("/".join(parts), Owner(), reason=aside, counts=False)
            elif entry.is_symlink():
                yield self._refused(parts, "link")
            elif entry.is_dir(follow_symlinks=False):
                if not (self._leave_out and _same(path, self._leave_out)):
                    yield from self.folder(path, parts)
            elif not entry.is_file(follow_symlinks=False):
                yield self._refused(parts, "special")
            else:
                yield from self.one(path, parts)

    def one(self, path: Path, parts: tuple[str, ...]) -> Iterator[Candidate]:
        if path.suffix.lower() == ".zip":
            inside = self.archive(path, parts, "/".join(parts))
            yield next(inside, self._refused(parts, "empty_archive"))
            yield from inside
        else:
            yield self.file(path, parts)

    def file(self, path: Path, parts: tuple[str, ...]) -> Candidate:
        if reason := _by_name(parts[-1]):
            return self._refused(parts, reason)
        try:
            data = _read(path)
        except Refusal as refusal:
            return self._refused(parts, refusal.reason)
        except OSError:
            return self._refused(parts, "unreadable")
        return Candidate("/".join(parts), owner(parts, self._exercises), data)

    def archive(self, path: Path, above: tuple[str, ...], name: str) -> Iterator[Candidate]:
        try:
            for entry in entries(path, _unopened):
                parts = (*above, *entry.parts)
                shown = "/".join(parts) + (f" #{entry.twin + 1}" if entry.twin else "")
                whose = owner(parts, self._exercises)
                counts = entry.reason not in ASIDE
                yield Candidate(shown, whose, entry.data, entry.reason, counts)
        except Refusal as refusal:
            yield self._refused(above or (name,), refusal.reason)

    def _refused(self, parts: tuple[str, ...], reason: str) -> Candidate:
        return Candidate("/".join(parts), owner(parts, self._exercises), reason=reason)


def _entries(folder: Path) -> Iterator[os.DirEntry[str] | None]:
    """Yield what is in a folder; None where it cannot be read, or not any further."""
    try:
        with os.scandir(folder) as scan:
            yield from scan
    except OSError:
        yield None


def set_aside(name: str) -> str:
    """Tell what nobody hands in: files of a system, and those the kit keeps for itself."""
    lower = name.lower()
    if lower.endswith(OF_THE_KIT):
        return ASIDE[0]
    if lower in OF_SYSTEMS or lower.startswith((".", "~$")):
        return ASIDE[1]
    return ""


def _unopened(parts: tuple[str, ...]) -> str:
    """Tell why an entry of a zip is left closed: by its name, or by a folder it lies in."""
    return next(filter(None, map(set_aside, parts)), "") or _by_name(parts[-1])


def _by_name(name: str) -> str:
    """Tell what is refused unopened."""
    lower = name.lower()
    if lower.endswith(NOTEBOOK):
        return "notebook"
    return "archive" if lower.endswith(ARCHIVES) else ""


def _read(path: Path) -> bytes:
    """Read a plain file; what took its place meanwhile is noticed on the open file."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise Refusal("special")
        if state.st_size > MOST_BYTES:
            raise Refusal("too_big")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refusal("too_big")
    return data


def shown(name: str) -> str:
    """Return a name that can be written: bytes that are no UTF-8 are spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
