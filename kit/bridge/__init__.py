"""The kit beside nbgrader: source notebooks, hand-ins as data, marks without running anything.

What `nbgrader_config.py` and the notebooks of an assignment use. nbgrader itself is loaded only
where it is configured.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = {"configure": "config", "answers_here": "cells", "graded_later": "cells"}
__all__ = ["answers_here", "configure", "graded_later"]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"kit.bridge.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'kit.bridge' has no attribute {name!r}")
