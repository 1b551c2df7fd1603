"""Krippendorff's alpha for names without order, with values that may be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence


def nominal_alpha(units: Iterable[Sequence[str | None]]) -> float | None:
    """Return how far readers agree beyond chance: 1 is full agreement, 0 is chance.

    Krippendorff (2011), *Computing Krippendorff's alpha-reliability*, section C.

    Parameters
    ----------
    units : iterable of sequence
        For each unit (a word, a clause) the value that each reader gave; None where one is missing.
        A unit with fewer than two values says nothing and is passed over.

    Returns
    -------
    float or None
        None where it is not defined: nothing was read twice, or only one value was ever given.

    Examples
    --------
    >>> nominal_alpha([("a", "a"), ("b", "b"), ("a", None)])
    1.0
    >>> nominal_alpha([("a", "a"), ("a", "a")]) is None
    True
    """
    total: Counter[str] = Counter()
    disagreeing = 0.0
    for unit in units:
        values = Counter(value for value in unit if value is not None)
        count = values.total()
        if count < 2:
            continue
        total += values
        disagreeing += (count**2 - _squares(values)) / (count - 1)
    count = total.total()
    expected = count**2 - _squares(total)
    if not expected:
        return None
    return 1 - (count - 1) * disagreeing / expected


def _squares(values: Counter[str]) -> int:
    return sum(number**2 for number in values.values())
