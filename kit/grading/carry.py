"""Marks made on one copy of a supplied text, carried over to another copy by the words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from kit.article import Article
from kit.exercise import SPAN_PARTS
from kit.response import Action

SAME = 0.9  # of the words have the same length in two copies that differ in spelling alone
ENOUGH = 0.7  # of the words must be found again, or it is another text


def carried(
    log: Sequence[Action], article: str, words: Sequence[int], to: Article
) -> tuple[list[Action], int] | None:
    """Return the actions as if done on another copy, and how many marks were lost.

    None if the words do not look like those of the same text.

    Parameters
    ----------
    log : sequence of dict
        Its openings of `article` become openings of `to`.
    article : str
        Fingerprint of the learner's copy.
    words : sequence of int
        Start and end of each of its words, flat.
    to : Article
        The grader's copy.
    """
    bridge = _Bridge(words, to)
    if bridge.share < ENOUGH:
        return None
    actions: list[Action] = []
    lost = 0
    for action in log:
        moved = action
        if action.get("do") == "open" and action.get("article") == article:
            moved = action | {"article": to.sha256}
        elif action.get("do") == "set" and isinstance(action.get("value"), dict):
            value = bridge.value(action["value"])
            lost += value is None
            moved = action | {"value": value}
        actions.append(moved)
    return actions, lost


def same_words(lengths: Sequence[int], others: Sequence[int]) -> tuple[dict[int, int], float]:
    """Tell which word of one copy is which of another, from the lengths of the words alone.

    Returns
    -------
    dict of int to int, float
        The pairs, and the share of `others` that is surely among them.

    Examples
    --------
    >>> same_words([2, 5, 3], [2, 4, 5, 3])
    ({0: 0, 1: 2, 2: 3}, 0.75)
    """
    alike = [one == other for one, other in zip(lengths, others, strict=False)]
    if len(lengths) == len(others) and sum(alike) >= SAME * len(others) > 0:
        return {number: number for number in range(len(others))}, sum(alike) / len(others)
    if not others or len(lengths) > 2 * len(others):
        return {}, 0.0
    pairs: dict[int, int] = {}
    sure = 0
    matcher = SequenceMatcher(None, lengths, others, autojunk=False)
    for tag, start, end, other, other_end in matcher.get_opcodes():
        if end - start == other_end - other:  # a word retyped is still the same word
            pairs |= zip(range(start, end), range(other, other_end), strict=True)
            sure += end - start if tag == "equal" else 0
    return pairs, sure / len(others)


class _Bridge:
    """From the places of one copy to those of another; ``share`` says how sure it is."""

    def __init__(self, words: Sequence[int], to: Article) -> None:
        self._starts, self._ends = words[::2], words[1::2]
        self._to = to.words
        lengths = [end - start for start, end in zip(self._starts, self._ends, strict=True)]
        self._same, self.share = same_words(lengths, [end - start for start, end in to.words])

    def value(self, value: dict[str, Any]) -> dict[str, Any] | None:
        """Carry an answer over; None if a part of it has no counterpart."""
        moved = dict(value)
        for part in ("ranges", *SPAN_PARTS):
            if part in value:
                ranges = self._ranges(value[part])
                if ranges is None:
                    return None
                moved[part] = ranges
        return moved

    def _ranges(self, ranges: Any) -> list[list[int]] | None:
        if not isinstance(ranges, list):
            return None
        moved = []
        for pair in ranges:
            if not (isinstance(pair, list) and len(pair) == 2):
                return None
            if not all(type(place) is int for place in pair) or pair[0] >= pair[1]:
                return None
            first = bisect_right(self._ends, pair[0])
            last = bisect_left(self._starts, pair[1]) - 1
            met = [self._same[word] for word in (first, last) if word in self._same]
            if first > last or len(met) < 2 or met[0] > met[1]:
                return None
            moved.append([self._to[met[0]].start, self._to[met[1]].end])
        return moved
