"""What can go wrong, as data: place, what was found, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of an author or an instructor; `messages` gives it words.

    Attributes
    ----------
    code : str
        Name of the mistake, e.g. ``"quote_missing"``; its words are under ``mistake.<code>``.
    file : str
        The file it stands in, relative to the course where possible.
    entry : str
        The entry of that file (an id, a field), empty for the file as a whole.
    details : dict
        What the sentence needs: plain strings and numbers.
    notice : bool
        True for what an author should know but need not mend.
    """

    code: str
    file: str
    entry: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    notice: bool = False


class KitError(Exception):
    """Something that stops a command, told by its mistakes.

    Attributes
    ----------
    mistakes : tuple of Mistake
        All that is wrong, not only the first.
    exit_code : int
        What the command line returns.
    """

    exit_code = 1

    def __init__(self, mistakes: Mistake | Iterable[Mistake]) -> None:
        self.mistakes = (mistakes,) if isinstance(mistakes, Mistake) else tuple(mistakes)
        super().__init__(
            "; ".join(f"{m.file}: {m.entry}: {m.code} {m.details}" for m in self.mistakes)
        )
