"""Joins the parts of the widgets' page into one ES module; no bundler, nothing to install."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("esm")

# In the order in which they need one another: what a part uses while loading stands before it.
PARTS = (
    "offsets",
    "pieces",
    "words",
    "names",
    "dom",
    "measure",
    "history",
    "shelf",
    "channel",
    "saver",
    "keyboard",
    "live",
    "cursor",
    "pointer",
    "text",
    "legend",
    "menu",
    "list",
    "status",
    "toolbar",
    "confirm",
    "checks",
    "feedback",
    "handin",
    "marking",
    "annotator",
    "classifier",
    "attribution",
    "writing",
    "item-open",
    "item-choice",
    "item-number",
    "item-order",
    "item-match",
    "item-verdict",
    "item-rewrite",
    "items",
    "widget",
)

# anywidget loads the module from a Blob URL, where `import "./text.js"` cannot be resolved.
_IMPORT = re.compile(r'^import [^;]*? from "\./[a-z-]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def join(folder: Path) -> str:
    """Return the parts of a task's page as one module; only the last one exports."""
    return joined(folder / f"{part}.js" for part in PARTS)


def joined(files: Iterable[Path]) -> str:
    """Return files, each after those it needs while loading, as one module."""
    text = "\n".join(file.read_text("utf-8") for file in files)
    return _EXPORT.sub("", _IMPORT.sub("", text))


def beside(own: Path | Sequence[Path], *shared: str) -> str:
    """Return a page of its own, with parts of the tasks' pages before it, as one module.

    Parameters
    ----------
    own : Path or sequence of Path
        They import from the parts as from their own folder: ``from "./dom.js"``.
    *shared : str
        Names of `PARTS`, in any order.
    """
    parts = [FOLDER / f"{part}.js" for part in PARTS if part in shared]
    return joined([*parts, *([own] if isinstance(own, Path) else own)])


@cache
def module() -> str:
    """Return the page of the widgets as one ES module."""
    return join(FOLDER)
