"""What an exam is: its times, who gets which text, in which order items are shown (`exam.toml`)."""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import course
from kit.errors import KitError, Mistake

NAME = "exam.toml"
ASSIGNED = "exam"  # in a notebook: the text that this learner gets
PAPERS = ("e1", "e2")  # of the course itself, where no teacher has set an exam
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Exam:
    """The options of an exam.

    Attributes
    ----------
    variants : tuple of str
        The exercises; each learner gets one of them.
    opens, closes : str
        ISO 8601 in UTC, empty where there is none. They are told and recorded, nothing is locked:
        an offline computer believes the clock its owner sets.
    seed : int or None
        Shuffles texts and items; without one, items keep the order of the text.
    """

    variants: tuple[str, ...]
    opens: str = ""
    closes: str = ""
    seed: int | None = None

    def variant(self, learner: str) -> str:
        """Return the exercise of a learner: the same one on every computer, for one seed."""
        at = int.from_bytes(self._draw(_folded(learner))[:8], "big") % len(self.variants)
        return self.variants[at]

    def order(self, items: Sequence[str], learner: str) -> list[str]:
        """Return items in the order in which a learner sees them.

        Answers are kept by item, so grading needs no order: it never has to be undone.
        """
        if self.seed is None:
            return list(items)
        return sorted(items, key=lambda item: self._draw(f"{_folded(learner)}/{item}"))

    def missed(self, now: datetime) -> str:
        """Return ``early`` or ``late`` where a moment lies outside the times, else nothing."""
        if self.opens and now < datetime.fromisoformat(self.opens):
            return "early"
        return "late" if self.closes and now > datetime.fromisoformat(self.closes) else ""

    def recorded(self) -> dict[str, Any]:
        """Return what a learner's log keeps of it, beside the times of the actions."""
        return {"opens": self.opens, "closes": self.closes, "seed": self.seed}

    def _draw(self, what: str) -> bytes:
        return hashlib.sha256(f"{'' if self.seed is None else self.seed}/{what}".encode()).digest()


def read(home: Path) -> Exam | None:
    """Return the exam of a course; None if it is none.

    Raises
    ------
    KitError
        If its file cannot be read: then nobody can say what it is.
    """
    path = home / NAME
    if not path.is_file():
        return None
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        known = table["schema"] == SCHEMA and set(table) <= set(Exam.__slots__) | {"schema"}
        variants = tuple(table["variants"])
        seed = table.get("seed")
        known = known and bool(variants) and all(isinstance(each, str) for each in variants)
        known = known and (seed is None or type(seed) is int)
        opens, closes = (_moment(table.get(name, "")) for name in ("opens", "closes"))
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise KitError(Mistake("exam_unreadable", NAME))
    return Exam(variants, opens, closes, seed)


def around(exercise: Path) -> Exam | None:
    """Return the exam that an exercise's folder belongs to; None if it belongs to none."""
    found = read(exercise.parent.parent)
    return found if found and exercise.name in found.variants else None


def assigned(exercise: str, learner: str) -> str:
    """Return the exercise that a notebook means: for ``"exam"`` the learner's own."""
    if exercise != ASSIGNED:
        return exercise
    found = read(course.home()) or Exam(PAPERS)
    return found.variant(learner)


def moment(text: str, lang: str) -> str:
    """Word a moment in the time of this computer."""
    time = datetime.fromisoformat(text).astimezone()
    return f"{time:%d/%m/%Y %H:%M}" if lang == "fr" else f"{time:%Y-%m-%d %H:%M}"


def _moment(text: str) -> str:
    if not text:
        return ""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(text)
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _folded(learner: str) -> str:
    """Return a pseudonym without what a person may write now so, now so: case and form."""
    return unicodedata.normalize("NFC", learner).strip().casefold()
