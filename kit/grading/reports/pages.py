"""Results as HTML: a page a learner, the index of the pages, the report of the class.

Every word of a learner passes through autoescaping and is stripped of signs that cannot be seen;
no page has a script, and each says so to the browser.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from kit.grading.grade import Bench
from kit.grading.ledger import Ledger, unpacked
from kit.grading.pool import spread
from kit.grading.reports import learner, summary
from kit.grading.reports.notes import Note
from kit.grading.reports.tally import Tally
from kit.grading.tables import shown, whole
from kit.messages import say

Part = tuple[dict[str, Any], bytes | None]  # a row of the gradebook, and its packed record

SIGNS = {"right": "✓", "near": "≈", "debated": "?", "wrong": "✗", "missed": "○", "kept": "…"}
PAGES_AT_ONCE = 16
INDEX = "index.html"
_HERE = Path(__file__).with_name("templates")
_OURS = re.compile(r"[a-z0-9-]{1,24}-[0-9a-f]{16}\.html(\.part)?")
_MOST_LINES = 200
_MOST_SIGNS = 4_000  # of one free text on a page; results.jsonl has it whole


def write_feedback(
    folder: Path,
    ledger: Ledger,
    bench: Bench,
    lang: str,
    jobs: int,
    progress: Callable[[int], None],
) -> None:
    """Write a page for each learner and the index; take away those of a former run."""
    folder.mkdir(exist_ok=True)
    written = 0
    people = _people(ledger)
    setup = (bench, lang)
    for chunk, pages in spread(_page, setup, _chunks(people), jobs, _no_page):
        for (name, _), page in zip(chunk, pages, strict=True):
            with whole(folder / name, safe=False) as file:
                file.write(page)
            written += 1
        progress(written)
    ledger.index_pages()
    with os.scandir(folder) as scan:
        ours = (entry.name for entry in scan if _OURS.fullmatch(entry.name))
        former = [name for name in ours if not ledger.has_page(name)]
    for name in former:
        (folder / name).unlink()
    with whole(folder / INDEX) as file:
        rows = (learner.index_row(row, lang) for _, row, _ in ledger.rows(records=False))
        pieces = environment(lang).get_template("index.html").stream(rows=rows, lang=lang)
        pieces.enable_buffering(500)
        for piece in pieces:
            file.write(piece)


def write_report(path: Path, tally: Tally, bench: Bench, lang: str) -> None:
    """Write the report of the class."""
    parts = summary.parts(tally, bench, lang)
    with whole(path) as file:
        file.write(environment(lang).get_template("report.html").render(parts=parts, lang=lang))


@cache
def environment(lang: str) -> jinja2.Environment:
    """Return what templates are filled in with: everything escaped, nothing undefined let pass."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_HERE / "page.css").read_text("utf-8")
    sum_ = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals |= {
        "say": lambda message, **details: say(message, lang, **details),
        "signs": SIGNS,
        "style": _Style(style),
        "style_sum": f"sha256-{sum_}",
    }
    made.globals["drawn"] = lru_cache(maxsize=2048)(partial(_drawn, made))
    made.filters |= {
        "line": shown,
        "lines": _lines,
        "number": partial(number, lang=lang),
    }
    return made


def _drawn(made: jinja2.Environment, note: Note, text_lang: str) -> Markup:
    """Draw a note once: most of what is said to a class is said to many."""
    return Markup(made.get_template("note.html").render(note=note, text_lang=text_lang))  # noqa: S704  # autoescaped


def number(value: float, lang: str) -> str:
    """Return a number as it is written in a language: at most one decimal.

    Examples
    --------
    >>> number(24.5, "fr"), number(30.0, "en")
    ('24,5', '30')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if lang == "fr" else text


class _Style(str):
    """The kit's own style sheet: the one text that is not escaped, so that its sum is right."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _people(ledger: Ledger) -> Iterator[tuple[str, list[Part]]]:
    """Yield the name of each page with the rows and records that go on it."""
    for _, group in groupby(ledger.rows(), key=lambda found: found[0]):
        parts = [(row, record) for _, row, record in group]
        yield parts[0][0]["page"], parts


def _chunks(
    people: Iterator[tuple[str, list[Part]]],
) -> Iterator[list[tuple[str, list[Part]]]]:
    chunk: list[tuple[str, list[Part]]] = []
    for each in people:
        chunk.append(each)
        if len(chunk) == PAGES_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _page(setup: tuple[Bench, str], each: tuple[str, list[Part]]) -> str:
    bench, lang = setup
    template = environment(lang).get_template("feedback.html")
    try:
        parts = [(row, unpacked(record) if record else None) for row, record in each[1]]
        return template.render(lang=lang, **learner.page(parts, bench, lang))
    except Exception:  # one odd hand-in must not cost the others their pages
        marks: list[learner.Part] = [(row, None) for row, _ in each[1]]
        return template.render(lang=lang, **learner.page(marks, bench, lang))


def _no_page(each: tuple[str, list[Part]]) -> str:
    return ""


def _lines(text: str) -> str:
    """Return a free text, its lines kept; cut with a mark."""
    lines = text[:_MOST_SIGNS].split("\n")[:_MOST_LINES]
    kept = "\n".join(shown(line, _MOST_SIGNS) for line in lines)
    return kept if len(kept) >= len(text) else kept + " […]"
