"""Whose turn it is: of several pages on the same task, in one kernel or in two, one may write."""

from __future__ import annotations

import json
import time
from pathlib import Path

SILENCE = 12.0  # seconds without a sign of life (one comes every 5 s) after which another may write


class Turn:
    """A small file beside the log that names the page at work.

    Parameters
    ----------
    path : Path
        The file, one for each learner and task.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def mine(self, page: str, heir_of: str = "") -> bool:
        """Note a sign of life of a page; return whether it may write.

        Parameters
        ----------
        page : str
            The page's name.
        heir_of : str
            The page it replaces, after a reload or after the cell was run again.
        """
        holder, heard = self._read()
        if holder not in ("", page, heir_of) and time.time() - heard < SILENCE:
            return False
        self._write(page)
        return True

    def take(self, page: str) -> None:
        """Give the turn to a page: its learner asked for it."""
        self._write(page)

    def leave(self, page: str) -> None:
        """Free the turn if the page has it."""
        if self._read()[0] == page:
            self._write("")

    def _read(self) -> tuple[str, float]:
        try:
            holder, heard = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return "", 0.0
        return str(holder), float(heard)

    def _write(self, page: str) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps([page, time.time()]), "utf-8")
        except OSError:
            pass  # where nothing can be written no answer can be either: the log says so
