"""Moodle: the teacher's own grading worksheet filled in, and the feedback files as a zip.

Moodle finds the columns by their names, in its own language, and passes over lines in silence:
without a mark, with the mark it has already, locked, or changed in Moodle since the download. So
the worksheet is never made anew, and every line that will be passed over is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.errors import KitError, Mistake
from kit.export import marks, people
from kit.export.graded import PAGES, Marked
from kit.export.people import Person, Roster, folded, settled
from kit.export.report import Filled, Left
from kit.export.sheet import Cell, Sheet
from kit.messages import say

# The columns by the names that Moodle gives them in English and French.
TITLES = {
    "number": ("identifier", "identifiant"),
    "name": ("full name", "nom complet"),
    "email": people.TITLES["email"],
    "grade": ("grade", "note"),
    "most": ("maximum grade", "note maximale"),
    "open": ("grade can be changed", "la note peut être modifiée"),
    "modified": ("last modified (grade)", "dernière modification (note)"),
    "comment": ("feedback comments", "feedback par commentaires"),
}
_NEEDED = ("number", "grade", "most", "modified")
_NO = ("no", "non")
_NOTHING = ("", "-")
# Full name, participant number, a word of Moodle's own; then nothing since 4.1, an underscore
# before, or the rest of the name of a file that lies flat.
_PLACE = re.compile(r"(.*?)_(\d{1,18})_assignsubmission_(?:file|onlinetext)(_.*)?", re.DOTALL)
_IDENTIFIER = re.compile(r"(\D*?)\s*(\d{1,18})\s*", re.ASCII)
# Moodle reads the date of a mark as English, or not at all.
_ENGLISH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
_PAGE = re.compile(r"[a-z0-9-]+\.html")
_UNFIT = re.compile(r'[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|_]')
_LONGEST = 60  # signs of a name within the zip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hand-in lay in Moodle's download: number, name, and what came behind."""

    number: str
    name: str
    tail: str


class Worksheet:
    """A grading worksheet as Moodle hands it out.

    Raises
    ------
    KitError
        If a column is missing or there twice, or the marks are words of a scale.
    """

    def __init__(self, data: bytes, name: str = "") -> None:
        self.sheet = Sheet.of(data, name)
        titles = [folded(cell.text) for cell in self.sheet.rows[0]] if self.sheet.rows else []
        found = {
            column: [at for at, title in enumerate(titles) if title in known]
            for column, known in TITLES.items()
        }
        lacking = [TITLES[column] for column in _NEEDED if len(found[column]) != 1]
        if lacking:
            details = {
                "found": ", ".join(titles)[:200] or "–",
                "lacking": ", ".join(f"{english} / {french}" for english, french in lacking),
            }
            raise KitError(Mistake("worksheet_columns", name, "", details))
        self._columns = {column: at[0] for column, at in found.items() if len(at) == 1}
        self._width = len(titles)
        self.places = [at for at in range(1, len(self.sheet.rows)) if self.why_not(at) is None]
        self.comma = marks.uses_comma(
            self.text(at, column) for at in self.places for column in ("grade", "most")
        )

    def why_not(self, at: int) -> str | None:
        """Return why a line is nobody's; empty for a blank one, None where it is somebody's."""
        row = self.sheet.rows[at]
        if not row:
            return ""
        if len(row) != self._width:
            return "damaged"
        return None if _IDENTIFIER.fullmatch(self.text(at, "number")) else "no_number"

    def cell(self, at: int, column: str) -> Cell | None:
        """Return a cell; None where the worksheet lacks the column."""
        return self.sheet.rows[at][self._columns[column]] if column in self._columns else None

    def text(self, at: int, column: str) -> str:
        """Return the text of a cell; empty where the worksheet lacks the column."""
        cell = self.cell(at, column)
        return cell.text.strip() if cell else ""

    def identifier(self, at: int) -> tuple[str, str]:
        """Return the word and the number of a line: ``("Participant", "12345")``."""
        found = _IDENTIFIER.fullmatch(self.text(at, "number"))
        return (found[1], str(int(found[2]))) if found else ("", "")

    def person(self, at: int) -> Person:
        """Return how the participant of a line can be known."""
        return Person(
            self.identifier(at)[1],
            frozenset({folded(self.text(at, "email"))} - {""}),
            frozenset({folded(self.text(at, "name"))} - {""}),
        )

    def shown(self, at: int) -> str:
        """Return what a line is called in the list."""
        row = self.sheet.rows[at]
        return self.text(at, "number") if len(row) == self._width else row[0].text if row else ""


def place(path: str) -> Place | None:
    """Return where a hand-in lay in Moodle's download; None for another layout.

    Examples
    --------
    >>> place("Zoé Martin_1234_assignsubmission_file_/z0.json").number
    '1234'
    """
    for part in path.split("/"):
        if found := _PLACE.fullmatch(part):
            return Place(str(int(found[2])), found[1].replace("_", " "), found[3] or "")
    return None


def fill(
    worksheet: Worksheet,
    marked: Sequence[Marked],
    roster: Roster,
    lang: str,
    *,
    overwrite: bool = False,
    pages: bool = False,
) -> Filled:
    """Fill marks and comments into a worksheet.

    Parameters
    ----------
    overwrite : bool
        Write over a mark that is already there. A comment of the teacher's own is never
        written over.
    pages : bool
        Whether comments say that there is a feedback page, too.
    """
    # Where marking is blind, the word that Moodle puts for a name is nobody's name.
    words = {folded(worksheet.identifier(at)[0]) for at in worksheet.places}
    ours = [_person(each, roster, words) for each in marked]
    rows, why_not = settled(marked, ours, [worksheet.person(at) for at in worksheet.places])
    lines = {at: worksheet.places[row] for at, row in rows.items()}
    left: list[Left] = []
    cells: dict[Cell, str] = {}
    for at, each in enumerate(marked):
        line = lines.get(at)
        if at in why_not or line is None:
            codes = [why_not[at]]
        else:
            filling = _Line(worksheet, line, each, lang, pages)
            codes = list(filling.fill(cells, overwrite=overwrite))
        left += [_left(worksheet, code, line, each) for code in codes]
    taken = set(lines.values())
    for at in range(1, len(worksheet.sheet.rows)):
        code = "no_work" if (why := worksheet.why_not(at)) is None else why
        if code and at not in taken:
            left.append(_left(worksheet, code, at))
    count = sum(worksheet.cell(line, "grade") in cells for line in lines.values())
    return Filled(worksheet.sheet.filled(cells), count, tuple(left), lines)


def feedback(
    worksheet: Worksheet, marked: Sequence[Marked], filled: Filled, folder: Path, lang: str
) -> dict[str, Path]:
    """Return the feedback pages by the names that Moodle asks for within a zip.

    A page lies as the hand-in lay in Moodle's download. A learner whose hand-in came another way
    gets a folder with a last underscore, which Moodle reads before and since 4.1.
    """
    name = say("export.file.feedback", lang)
    pages: dict[str, Path] = {}
    # The page of a mark is added last: a refused file beside it has the same place in the zip.
    for at in sorted(filled.lines, key=lambda at: marked[at].share is not None):
        line = filled.lines[at]
        page = str(marked[at].row["page"])
        path = folder / PAGES / page
        if marked[at].why_not == "absent" or not _PAGE.fullmatch(page) or not path.is_file():
            continue
        word, number = worksheet.identifier(line)
        lay = place(marked[at].file) or Place(number, worksheet.text(line, "name") or word, "_")
        begin = f"{_fit(lay.name)}_{number}_assignsubmission_file"
        flat = lay.tail not in ("", "_")
        pages[f"{begin}_{name}" if flat else f"{begin}{lay.tail}/{name}"] = path
    return pages


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a worksheet, and whose work belongs there."""

    worksheet: Worksheet
    at: int
    marked: Marked
    lang: str
    page: bool

    def fill(self, cells: dict[Cell, str], *, overwrite: bool) -> Iterator[str]:
        """Add what is to be written to `cells`; yield codes of what is to be looked at."""
        most = marks.number(self.worksheet.text(self.at, "most"))
        if folded(self.worksheet.text(self.at, "open")) in _NO:
            yield "locked"
        elif not most or most < 0:
            yield "no_maximum"
        else:
            yield from self._mark(cells, most, overwrite=overwrite)

    def _mark(self, cells: dict[Cell, str], most: float, *, overwrite: bool) -> Iterator[str]:
        grade, comment = (self.worksheet.cell(self.at, column) for column in ("grade", "comment"))
        assert grade
        share = self.marked.share or 0.0
        text = marks.mark(share, most, comma=self.worksheet.comma)
        if grade.text.strip() in _NOTHING:
            cells[grade] = text
        elif marks.number(grade.text) == marks.number(text):
            yield "unchanged"
        elif not overwrite:
            yield "kept"
            return
        else:
            cells[grade] = text
            if not _ENGLISH.search(self.worksheet.text(self.at, "modified")):
                yield "dated"
        if comment and (not comment.text.strip() or marks.is_ours(comment.text)):
            if grade in cells or not comment.text.strip():
                cells[comment] = marks.comment(self.marked, self.lang, page=self.page)
        elif comment:
            yield "comment_kept"


def _person(marked: Marked, roster: Roster, words: set[str]) -> Person:
    lay = place(marked.file)
    named = replace(marked, name="") if folded(marked.name) in words else marked
    return roster.person(named, lay.number if lay else "")


def _left(worksheet: Worksheet, code: str, at: int | None, marked: Marked | None = None) -> Left:
    return Left(
        code,
        0 if at is None else at + 1,
        "" if at is None else worksheet.shown(at),
        marked.learner if marked else "",
        marked.name if marked else "",
    )


def _fit(name: str) -> str:
    """Return a name as it may stand in a zip; Moodle reads the number behind it alone."""
    return " ".join(_UNFIT.sub(" ", name).split())[:_LONGEST].strip(" .~") or "x"
