"""The list of a class: who is expected, under which name, in which group."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError, Mistake
from kit.grading.tables import rows

# What teachers and learning management systems call these columns.
_NAMES = {
    "learner": ("learner", "id", "identifiant", "identifier", "eleve", "élève", "pseudonyme"),
    "name": ("name", "nom", "full name", "nom complet", "student"),
    "group": ("group", "groupe", "classe", "class", "section"),
}
_MOST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of the list."""

    learner: str
    name: str
    group: str


class Roster:
    """Everybody who is expected; a learner is known by their id, else by their name."""

    def __init__(self, expected: list[Expected]) -> None:
        self.expected = expected
        self._by_name = {_folded(each.name): each for each in expected if each.name}
        self._by_id = {_folded(each.learner): each for each in expected}

    def find(self, learner: str, name: str = "") -> Expected | None:
        """Return the line of a learner, or None for somebody who is not on the list."""
        found = self._by_id.get(_folded(learner))
        return found or self._by_name.get(_folded(name or learner))


def read(path: Path) -> Roster:
    """Read a list: CSV with a line of headings, in UTF-8 or Windows-1252.

    Raises
    ------
    KitError
        If it cannot be read, or no column names the learners.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, "> 50 MB")
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    expected: dict[str, Expected] = {}
    try:
        for row in rows(text):
            here = {str(title).strip().casefold(): cell for title, cell in row.items()}
            cells = {field: _first(here, titles) for field, titles in _NAMES.items()}
            learner = cells["learner"] or cells["name"]
            if learner:
                expected.setdefault(learner, Expected(learner, cells["name"], cells["group"]))
    except (ValueError, csv.Error) as error:
        raise _unreadable(path, str(error)) from error
    if not expected:
        raise _unreadable(path, text.split("\n", 1)[0][:80])
    return Roster(list(expected.values()))


def _first(row: Mapping[str, object], titles: tuple[str, ...]) -> str:
    cells = (row.get(title) for title in titles)
    return next((cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()), "")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _unreadable(path: Path, why: str) -> KitError:
    return KitError(Mistake("roster_unreadable", str(path), "", {"why": why}))
