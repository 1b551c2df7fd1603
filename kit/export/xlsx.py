"""A workbook: what the gradebook holds, texts as texts and numbers as numbers.

No text becomes a formula or a link, whatever it begins with, and the same marks give the same
bytes: the workbook has no clock in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kit.codebook import codebook
from kit.errors import KitError, Mistake
from kit.export.graded import Marked
from kit.grading import remarks
from kit.grading.attempts import COLUMNS
from kit.grading.tables import shown
from kit.messages import say

NAME = "gradebook.xlsx"
_MADE = datetime(2000, 1, 1)
_WIDTH = 16
# What a teacher looks for first; the second sheet has all columns under their own names.
_MARKS = ("exercise", "learner", "name", "group", "status", "points", "max", "percent")
_MARKS_LAST = ("submitted_at", "reason")
_TASKS = ("exercise", "learner", "name", "task", "points", "max")

Value = str | float | int | None


def workbook(marked: Sequence[Marked], lang: str) -> bytes:
    """Return a workbook with three sheets: marks in words, points by task, the whole gradebook.

    Raises
    ------
    KitError
        If XlsxWriter is not installed.
    """
    try:
        import xlsxwriter  # an extra: only who asks for a workbook needs it
    except ImportError as error:
        raise KitError(Mistake("xlsx_missing", NAME)) from error
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        sheets = {
            "marks": ((*_MARKS, *_MARKS_LAST), _in_words(marked, lang)),
            "tasks": (_TASKS, _by_task(marked, lang)),
        }
        for sheet, (columns, lines) in sheets.items():
            titles = [say(f"export.column.{column}", lang) for column in columns]
            _write(book.add_worksheet(say(f"export.sheet.{sheet}", lang)), titles, lines, bold)
        everything = ([_raw(each, column) for column in COLUMNS] for each in marked)
        _write(book.add_worksheet("gradebook"), COLUMNS, everything, bold)
    return held.getvalue()


def _write(sheet: Any, titles: Sequence[str], lines: Iterable[Sequence[Value]], bold: Any) -> None:
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line):
            if isinstance(value, str) and value:
                sheet.write_string(row, column, shown(value))
            elif isinstance(value, (int, float)):
                sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, _WIDTH)


def _in_words(marked: Iterable[Marked], lang: str) -> Iterable[Sequence[Value]]:
    for each in marked:
        why = " ".join(remarks.why(code, lang) for code in str(each.row["reason"]).split())
        status = say(f"grade.status.{each.row['status']}", lang)
        line = [status if column == "status" else _raw(each, column) for column in _MARKS]
        yield [*line, each.row["submitted_at"], why]


def _by_task(marked: Iterable[Marked], lang: str) -> Iterable[Sequence[Value]]:
    for each in marked:
        for task in each.tasks:
            layer = codebook().layers.get(task["layer"])
            name = layer.name[lang] if layer else str(task["task"])
            yield [each.exercise, each.learner, each.name, name, task["points"], task["max"]]


def _raw(marked: Marked, column: str) -> Value:
    """Return a value as it was handed in, without the apostrophe that guards it in CSV."""
    if column in ("learner", "name", "group", "file"):
        return str(getattr(marked, column))
    value: Value = marked.row[column]
    return value
