"""What an instructor opens in a notebook: each name is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# name: the module with a function of it
_MODULES = {"class_view": "kit.classroom.classview", "review": "kit.classroom.reviewing"}
__all__ = ["class_view", "review"]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'kit.classroom' has no attribute {name!r}")
