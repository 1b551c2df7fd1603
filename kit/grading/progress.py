"""How far a long command has come, on the terminal of whoever watches; silent otherwise."""

from __future__ import annotations

import sys
import time

from kit.messages import say

EVERY = 0.1  # seconds between two signs of life
PATIENCE = 1.0  # seconds before the first


class Progress:
    """A line that is written over: stage and count."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._watched = sys.stderr.isatty()
        self._next = time.monotonic() + PATIENCE
        self._width = 0

    def __call__(self, stage: str, done: int) -> None:
        """Tell how many are done, if somebody watches and it is time to."""
        if self._watched and time.monotonic() >= self._next:
            self._write(f"{say(f'grade.said.{stage}', self._lang)} {done}")
            self._next = time.monotonic() + EVERY

    def clear(self) -> None:
        """Leave an empty line to what comes."""
        if self._width:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text:<{self._width}}" + ("" if text else "\r"))
        sys.stderr.flush()
        self._width = len(text)
