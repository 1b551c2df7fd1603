"""What goes into a cell: a mark on the scale of the platform, and a comment."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from kit.codebook import codebook
from kit.export.graded import Marked
from kit.messages import LANGUAGES, say

_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_WITH_COMMA = re.compile(r"\d+,\d+", re.ASCII)


def number(cell: str) -> float | None:
    """Return the number in a cell, with point or comma; None where there is none.

    Examples
    --------
    >>> number("12,50"), number(" 20.00 "), number("-")
    (12.5, 20.0, None)
    """
    text = cell.strip()
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def mark(share: float, most: float, *, comma: bool) -> str:
    """Return a mark on a scale, two decimals as platforms show them.

    Examples
    --------
    >>> mark(0.75, 20, comma=True)
    '15,00'
    """
    text = f"{share * most:.2f}"
    return text.replace(".", ",") if comma else text


def uses_comma(cells: Iterable[str]) -> bool:
    """Tell whether a file writes a comma into numbers; a point is read everywhere."""
    return any(_WITH_COMMA.fullmatch(cell.strip()) for cell in cells)


def comment(marked: Marked, lang: str, *, page: bool) -> str:
    """Return a short comment for one learner, as HTML that is nothing but text.

    No word of the learner is in it. Quotes and backslashes are written as HTML entities, so that
    no reader of CSV files can trip over them; the dollar, so that no filter sees a formula.
    """
    points, most = marked.row["points"], marked.row["max"]
    total = {"points": worded(points, lang), "max": worded(most, lang)}
    parts = [say("export.comment.head", lang), say("export.comment.total", lang, **total)]
    tasks = ", ".join(
        say(
            "export.comment.task",
            lang,
            task=codebook().layers[task["layer"]].name[lang],
            points=worded(task["points"], lang),
            max=worded(task["max"], lang),
        )
        for task in marked.tasks
        if task["layer"] in codebook().layers and task["points"] is not None
    )
    if tasks:
        parts.append(say("export.comment.tasks", lang, tasks=tasks))
    if page:
        parts.append(say("export.comment.page", lang))
    text = html.escape(" ".join(parts))
    return text.replace("$", "&#36;").replace("\\", "&#92;")


def is_ours(cell: str) -> bool:
    """Tell whether a comment is one that an export wrote earlier."""
    heads = [say("export.comment.head", lang) for lang in LANGUAGES]
    text = html.unescape(re.sub(r"<[^>]*>", "", cell)).strip()
    return text.startswith(tuple(heads))


def worded(value: float, lang: str) -> str:
    """Return a number as it is written in a language: no decimals that say nothing.

    Examples
    --------
    >>> worded(24.5, "fr"), worded(30.0, "en")
    ('24,5', '30')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "fr" else text
