"""Files of results: written whole or not at all, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PART = ".part"  # an unfinished file; the next run writes over it
LONGEST = 200  # signs of one cell
_FORMULA = "=+-@＝＋－＠"
# Controls, and the marks that turn the direction of writing around in all that follows.
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@contextmanager
def whole(path: Path, *, safe: bool = True) -> Iterator[IO[str]]:
    """Open a file to write: it takes its name only when all of it is there.

    `safe` waits until it is on disk, too: for the files that cannot be made again at once.
    """
    part = path.with_name(path.name + PART)
    with part.open("w", encoding="utf-8", newline="\n", errors="replace") as file:
        yield file
        if safe:
            file.flush()
            os.fsync(file.fileno())
    part.replace(path)


def shown(text: str, most: int = LONGEST) -> str:
    """Return a text as one line that can be shown: no unseen signs; a long one is cut.

    What was cut can still be told from another by a short sum of the whole.

    Examples
    --------
    >>> shown("Zo" + chr(0x202E) + "é")
    'Zo�é'
    """
    line = _UNSEEN.sub("\ufffd", text)
    if len(line) <= most:
        return line
    sum_ = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{line[: most - 10]}… #{sum_}"


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("3e B")
    ("'=1+1", '3e B')
    """
    line = shown(text)
    return f"'{line}" if line.lstrip()[:1] in tuple(_FORMULA) else line


class Table:
    """A CSV file that is being written: UTF-8, LF, commas; texts guarded, numbers as they are."""

    def __init__(self, file: IO[str], columns: Sequence[str]) -> None:
        self._columns = columns
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(columns)

    def add(self, row: Mapping[str, str | int | float | None]) -> None:
        """Write a row; what it lacks stays empty."""
        self._writer.writerow([_cell(row.get(column)) for column in self._columns])


def rows(text: str) -> Iterable[dict[str, str]]:
    """Yield the rows of a CSV text as spreadsheets save one: comma, semicolon or tab."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")


def slug(text: str, most: int = 24) -> str:
    """Return a short form that every file system takes: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower())[:most].strip("-") or "x"


def _cell(value: str | int | float | None) -> str | int:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return guarded(value) if isinstance(value, str) else value
