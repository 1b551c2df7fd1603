"""The rubrics by which a teacher marks what no machine scores; the catalogues word their levels."""

from __future__ import annotations

OF_KIND = {"open": "justification", "rewrite": "rewriting"}  # kind of task: its rubric
EDITION = 1  # raise it when a level is worded anew: marks keep theirs
MOST = 4
LEVELS = tuple(range(MOST + 1))
APART = 2  # levels between two markers from which an answer is talked about


def version(kind: str) -> str:
    """Return the rubric of a kind of task, with its edition.

    Examples
    --------
    >>> version("open")
    'justification/1'
    """
    return f"{OF_KIND[kind]}/{EDITION}"
