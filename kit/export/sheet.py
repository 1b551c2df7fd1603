"""Somebody else's CSV file: read as cells, and written back with only some cells changed.

The file is never put together anew. Each cell knows where its bytes lie, so that whatever is not
filled in (byte order mark, quoting, line ends, blanks, odd bytes) stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kit.errors import KitError, Mistake

MOST_BYTES = 50_000_000
_BOM = b"\xef\xbb\xbf"
_DELIMITERS = b",;\t"
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its bytes in the file, and the text that they stand for."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Sheet:
    """A CSV file.

    Attributes
    ----------
    data : bytes
        All of it.
    rows : tuple
        Its lines, the headings first; a blank line has no cells.
    delimiter : bytes
        Comma, semicolon or tab: the one that the headings have most of.
    encoding : str
        UTF-8, or Windows-1252 where it cannot be UTF-8.
    """

    data: bytes
    rows: tuple[tuple[Cell, ...], ...]
    delimiter: bytes
    encoding: str

    @classmethod
    def of(cls, data: bytes, name: str = "") -> Sheet:
        """Read a file; `name` is what a mistake calls it.

        Raises
        ------
        KitError
            If it is no CSV file in UTF-8 or Windows-1252, or a quoted cell does not end.
        """
        if b"\0" in data:  # UTF-16, or no text at all: a comma is two bytes there
            raise KitError(Mistake("csv_encoding", name))
        if len(data) > MOST_BYTES:
            raise KitError(Mistake("export_file", name, "", {"why": "> 50 MB"}))
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
        start = len(_BOM) if data.startswith(_BOM) else 0
        delimiter = _delimiter(data, start)
        rows = _rows(data, start, delimiter, encoding, name)
        return cls(data, rows, delimiter, encoding)

    def filled(self, cells: Mapping[Cell, str]) -> bytes:
        """Return the file with new texts in some of its cells, all else byte for byte."""
        pieces, at = [], 0
        for cell in sorted(cells, key=lambda cell: cell.start):
            pieces += [self.data[at : cell.start], self._written(cell, cells[cell])]
            at = cell.end
        return b"".join([*pieces, self.data[at:]])

    def _written(self, cell: Cell, text: str) -> bytes:
        """Write a text as a cell, in quotes where the old one had them or the text needs them."""
        # What Windows-1252 lacks is written as Moodle's comments, which are HTML, can show it.
        data = text.encode(self.encoding, "xmlcharrefreplace")
        quoted = self.data[cell.start : cell.start + 1] == b'"'
        if quoted or re.search(rb'["\r\n]|' + self.delimiter, data):
            return b'"' + data.replace(b'"', b'""') + b'"'
        return data


def _delimiter(data: bytes, start: int) -> bytes:
    """Tell what parts the headings, looking past those in quotes."""
    quoted = re.compile(rb'"[^"]*"')
    end = start
    while end < len(data) and data[end : end + 1] not in (b"\n", b"\r"):
        inside = quoted.match(data, end)
        end = inside.end() if inside else end + 1
    headings = quoted.sub(b"", data[start:end])
    return max((bytes([each]) for each in _DELIMITERS), key=headings.count)


@cache
def _patterns(delimiter: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return a cell in quotes with what stands behind them, and the rest of a plain cell."""
    plain = rb"[^\r\n" + re.escape(delimiter) + rb"]*"
    return re.compile(rb'"([^"]*(?:""[^"]*)*)"(' + plain + rb")"), re.compile(plain)


def _rows(
    data: bytes, at: int, delimiter: bytes, encoding: str, name: str
) -> tuple[tuple[Cell, ...], ...]:
    quoted, plain = _patterns(delimiter)
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    while at < len(data) or row:
        if data[at : at + 1] == b'"':
            found = quoted.match(data, at)
            if not found:
                line = {"line": len(rows) + 1}
                raise KitError(Mistake("csv_quotes", name, "", line))
            text = found[1].replace(b'""', b'"') + found[2]
        else:
            found = plain.match(data, at)
            assert found
            text = found[0]
        row.append(Cell(at, found.end(), text.decode(encoding, "replace")))
        at = found.end()
        if data[at : at + 1] == delimiter:
            at += 1
            continue
        ended = _LINE_END.match(data, at)
        at = ended.end() if ended else at
        rows.append(() if len(row) == 1 and row[0].start == row[0].end else tuple(row))
        row = []
    return tuple(rows)
