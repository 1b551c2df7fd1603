"""Canvas: the teacher's exported gradebook, with the marks in one column of one assignment.

Canvas makes a new assignment of a heading it does not know and a new student of a name it does
not know, so nothing but cells of that column is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kit.errors import KitError, Mistake
from kit.export import marks
from kit.export.graded import Marked
from kit.export.people import Person, Roster, folded, settled
from kit.export.report import Filled, Left
from kit.export.sheet import Cell, Sheet
from kit.grading.layouts import owner

_POINTS = "points possible"
_READ_ONLY = "read only"
_ADDRESSES = ("sis user id", "sis login id", "integration id")
_TITLE = re.compile(r"(.*\S)\s+\((\d+)\)", re.DOTALL)
# What Canvas writes instead of a mark, and what it means.
_WORDS = {"ex": "excused", "n/a": "not_assigned"}
_NOTHING = ("", "-")


class Gradebook:
    """A gradebook as Canvas exports it.

    Parameters
    ----------
    column : str
        The assignment: its heading, its title or its number; may be empty where there is one.

    Raises
    ------
    KitError
        If this is no such gradebook, or the assignment is not to be found, is not told apart
        from another, has no points, or cannot be marked.
    """

    def __init__(self, data: bytes, name: str = "", column: str = "") -> None:
        self.sheet = Sheet.of(data, name)
        titles = [cell.text.strip() for cell in self.sheet.rows[0]] if self.sheet.rows else []
        self._titles = [folded(title) for title in titles]
        self._name = 2 if self._titles[:2] == ["lastname", "firstname"] else 1
        if self._titles[self._name : self._name + 1] != ["id"] or "section" not in self._titles:
            found = ", ".join(titles)[:200] or "–"
            raise KitError(Mistake("gradebook_columns", name, "", {"found": found}))
        points = [row for row in self.sheet.rows[1:] if row and _POINTS in folded(row[0].text)]
        self._points = points[0] if points else ()
        self.column = self._choose(titles, column, name)
        self.title = titles[self.column]
        most = marks.number(self._worth(self.column))
        if not most or most < 0:
            raise KitError(Mistake("gradebook_points", name, self.title))
        self.most = most
        self.places = [at for at in range(1, len(self.sheet.rows)) if self.why_not(at) is None]
        self.comma = marks.uses_comma(
            cell.text for row in self.sheet.rows[1:] for cell in row[self._name :]
        )

    def why_not(self, at: int) -> str | None:
        """Return why a line is no student's: empty for one of Canvas's own, else a code."""
        row = self.sheet.rows[at]
        student = any(cell.text.strip() for cell in row[: self._name + 1])
        if not student or row is self._points:
            return ""  # blank, points, or the line that says which assignments are hidden
        if len(row) != len(self._titles):
            return "damaged"
        return None if row[self._name].text.strip() else "no_number"

    def cell(self, at: int) -> Cell:
        """Return the cell of a line where its mark goes."""
        return self.sheet.rows[at][self.column]

    def person(self, at: int) -> Person:
        """Return how the student of a line can be known."""
        row = self.sheet.rows[at]
        known = range(self._name + 1, self._titles.index("section"))
        logins = {folded(row[at].text) for at in known if self._titles[at] in _ADDRESSES}
        names = frozenset(self._names(at))
        return Person(row[self._name].text.strip(), frozenset(logins - {""}), names)

    def shown(self, at: int) -> str:
        """Return what a line is called in the list."""
        return " ".join(cell.text.strip() for cell in self.sheet.rows[at][: self._name])

    def _names(self, at: int) -> Iterator[str]:
        """Yield a student's name in both orders: ``Martin, Zoé`` and ``Zoé Martin``."""
        cells = [cell.text for cell in self.sheet.rows[at][: self._name]]
        last, *first = cells if self._name > 1 else cells[0].split(",")
        yield folded(" ".join([last, *first]) if self._name > 1 else cells[0])
        if len(first) == 1:
            yield folded(f"{first[0]} {last}")

    def _worth(self, column: int) -> str:
        return self._points[column].text.strip() if column < len(self._points) else ""

    def _choose(self, titles: Sequence[str], wanted: str, name: str) -> int:
        begin = self._titles.index("section") + 1
        known = [
            at
            for at in range(begin, len(titles))
            if _TITLE.fullmatch(titles[at]) and _READ_ONLY not in folded(self._worth(at))
        ]
        fitting = [at for at in known if not wanted or folded(wanted) in _called(titles[at])]
        if len(fitting) == 1:
            return fitting[0]
        details = {"found": wanted, "known": " · ".join(titles[at] for at in known) or "–"}
        code = "gradebook_column" if wanted else "gradebook_which"
        raise KitError(Mistake(code, name, "", details))


def fill(
    gradebook: Gradebook, marked: Sequence[Marked], roster: Roster, *, overwrite: bool = False
) -> Filled:
    """Fill marks into the column of the assignment."""
    ours = [_person(each, roster) for each in marked]
    rows, why_not = settled(marked, ours, [gradebook.person(at) for at in gradebook.places])
    lines = {at: gradebook.places[row] for at, row in rows.items()}
    left: list[Left] = []
    cells: dict[Cell, str] = {}
    for at, each in enumerate(marked):
        line = lines.get(at)
        if at in why_not or line is None:
            code = why_not[at]
        else:
            code = _fill(gradebook, line, each, cells, overwrite=overwrite)
        if code:
            left.append(_left(gradebook, code, line, each))
    taken = set(lines.values())
    for at in range(1, len(gradebook.sheet.rows)):
        code = "no_work" if (why := gradebook.why_not(at)) is None else why
        if code and at not in taken:
            left.append(_left(gradebook, code, at))
    return Filled(gradebook.sheet.filled(cells), len(cells), tuple(left), lines)


def _fill(
    gradebook: Gradebook, at: int, marked: Marked, cells: dict[Cell, str], *, overwrite: bool
) -> str:
    """Add the mark to `cells`; return the code of why not, or of what is to be looked at."""
    cell = gradebook.cell(at)
    text = marks.mark(marked.share or 0.0, gradebook.most, comma=gradebook.comma)
    old = cell.text.strip()
    if folded(old) in _WORDS:
        return _WORDS[folded(old)]
    if old not in _NOTHING:
        if marks.number(old) == marks.number(text):
            return "unchanged"
        if not overwrite:
            return "kept"
    cells[cell] = text
    return ""


def _person(marked: Marked, roster: Roster) -> Person:
    """Return how a learner can be known; Canvas's numbers are the same in all of a course."""
    whose = owner(marked.file.split("/"))
    if not whose.folder and whose.learner.isdecimal() and "_assignsubmission_" not in marked.file:
        # The name in a file's name has lost its blanks and accents: it tells nothing.
        return roster.person(replace(marked, name=""), whose.learner)
    return roster.person(marked, "")


def _called(title: str) -> set[str]:
    found = _TITLE.fullmatch(title)
    return {folded(title), *(map(folded, found.groups()) if found else ())}


def _left(gradebook: Gradebook, code: str, at: int | None, marked: Marked | None = None) -> Left:
    return Left(
        code,
        0 if at is None else at + 1,
        "" if at is None else gradebook.shown(at),
        marked.learner if marked else "",
        marked.name if marked else "",
    )
