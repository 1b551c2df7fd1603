"""A teaching kit: find the claims, the sources and the bias in a press article.

What a notebook uses: `learner`, `task`, `paper`, `result`, `supply`, `verify`, and the figures
`article_map`, `chain`, `progress`, `voices`. They are loaded when first asked for, so that
importing the kit needs nothing of Jupyter.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "article_map",
    "chain",
    "learner",
    "paper",
    "progress",
    "result",
    "supply",
    "task",
    "verify",
    "voices",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("kit.notebook"), name)
    raise AttributeError(f"module 'kit' has no attribute {name!r}")
