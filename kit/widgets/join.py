"""Joins the parts of the widgets' page into one ES module; no bundler, nothing to install."""

from __future__ import annotations

import re
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
    "widget",
)

# anywidget loads the module from a Blob URL, where `import "./text.js"` cannot be resolved.
_IMPORT = re.compile(r'^import [^;]*? from "\./[a-z-]+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def join(folder: Path) -> str:
    """Return the parts as one module; only the last one exports."""
    text = "\n".join((folder / f"{part}.js").read_text("utf-8") for part in PARTS)
    return _EXPORT.sub("", _IMPORT.sub("", text))


@cache
def module() -> str:
    """Return the page of the widgets as one ES module."""
    return join(FOLDER)
