"""What a teacher has to look at after an export: who has no mark in the file, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kit.grading.tables import Table, whole
from kit.messages import say

NAME = "to-check.csv"
COLUMNS = ("line", "row", "learner", "name", "code", "why")


@dataclass(frozen=True, slots=True)
class Left:
    """A learner or a line that was left as it is, or that the platform will pass over.

    Attributes
    ----------
    code : str
        Why; its words are under ``export.left.<code>``.
    line : int
        Line of the teacher's file, as a spreadsheet counts; 0 where the learner has none.
    row, learner, name : str
        How the file calls the line, and the hand-in the learner.
    """

    code: str
    line: int = 0
    row: str = ""
    learner: str = ""
    name: str = ""


@dataclass(frozen=True)
class Filled:
    """A teacher's file with marks in it.

    Attributes
    ----------
    data : bytes
        The file.
    count : int
        How many marks were written.
    left : tuple of Left
        What is to be looked at.
    lines : dict
        Place in the gradebook of everybody who has a line, with its place in the file.
    """

    data: bytes
    count: int
    left: tuple[Left, ...]
    lines: dict[int, int]


def write(path: Path, left: Iterable[Left], lang: str) -> None:
    """Write the list, lines of the file first."""
    with whole(path) as file:
        table = Table(file, COLUMNS)
        for each in sorted(left, key=lambda one: (not one.line, one.line)):
            table.add(
                {
                    "line": each.line or None,
                    "row": each.row,
                    "learner": each.learner,
                    "name": each.name,
                    "code": each.code,
                    "why": say(f"export.left.{each.code}", lang),
                }
            )
