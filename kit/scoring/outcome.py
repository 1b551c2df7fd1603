"""What scoring says about one try: data without words; `kit.feedback` words it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "exact",  # the same words (or the right label)
    "close",  # within tolerance, not equal
    "too_wide",
    "too_short",
    "shifted",
    "near_label",  # right place, neighbouring label
    "other_label",  # right place, another label
    "debated",  # people differ here: neither costs nor earns
    "sound",  # a passage that holds was marked
    "extra",  # fits neither a key entry nor a sound passage
    "twice",  # the passage was marked already
    "missed",  # in the key, not in the answer
    "everything",  # so much is marked that nothing stands out
    "incomplete",  # a part is missing or elsewhere: of an attribution, an order, a match
    "false_alarm",  # what holds was called faulty, or what is left out was found
    "overlooked",  # what is faulty was called sound, or what is told was called left out
    "unit_slip",  # the number is right, its unit is not
    "scale_slip",  # the digits are right, a power of ten is not
    "unreadable",  # no number, or several
    "other_value",  # another number, order or sentence
    "kept",  # a text for a teacher: no machine scores it
]

FOUND = {"exact", "close"}
NEAR = {"too_wide", "too_short", "shifted", "near_label", "other_label", "incomplete"}
NEAR |= {"unit_slip", "scale_slip"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that is right, near, missing or too much.

    Attributes
    ----------
    paragraph : str
        Where it is.
    credit : float
        0 to 1.
    entry : str or None
        Id in the key.
    item : str or None
        Id in the response.
    part : str or None
        Which part of an attribution falls short (``source``, ``cue``, ``content``, a property).
    """

    kind: Kind
    paragraph: str
    credit: float = 0.0
    entry: str | None = None
    item: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one try at a task, over some of its paragraphs.

    Attributes
    ----------
    score : float or None
        0 to 1, not rounded; None if the answer was refused, or if only a teacher can score it.
    refused : str or None
        Code of the reason, e.g. ``"too_many"``.
    """

    task: str
    score: float | None
    outcomes: tuple[Outcome, ...]
    blank: bool = False
    refused: str | None = None

    @property
    def to_mark(self) -> int:
        """How many answers wait for a teacher."""
        return self.count("kept")

    def count(self, *kinds: str) -> int:
        """How many outcomes are of these kinds."""
        return sum(outcome.kind in kinds for outcome in self.outcomes)
