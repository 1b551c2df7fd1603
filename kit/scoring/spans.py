"""How well one span meets another, in words (pedagogy of the kit, section 3.1)."""

from __future__ import annotations

from typing import Any

from kit.article import Article, Range, Span
from kit.codebook import codebook
from kit.exercise import Entry

Words = frozenset[int]

TOLERANCE = {"practice": 2, "exam": 1}  # words at each end
SHORT, SHORT_TOLERANCE = 4, 1  # a key span of four words or fewer
INSIDE = 0.8  # a part of the key span that covers half of it
AROUND = 0.35  # a span around the key's, within one sentence
LEAST = 0.25  # overlap below this is none
NEAR_LABEL, OTHER_LABEL = 0.6, {"practice": 0.2, "exam": 0.0}
MOST_RANGES = 50  # pieces of one span


def sim(article: Article, given: Words, wanted: Words, mode: str = "practice") -> float:
    """How well the words `given` meet the words `wanted`: 0 to 1.

    Parameters
    ----------
    article : Article
        It knows the sentences.
    given, wanted : frozenset of int
        Numbers of words: the learner's and the key's.
    mode : {"practice", "exam"}
        Sets the tolerance at the ends.
    """
    if given.isdisjoint(wanted):
        return 0.0
    if given == wanted:
        return 1.0
    tolerance = SHORT_TOLERANCE if len(wanted) <= SHORT else TOLERANCE[mode]
    if within(given, wanted, tolerance):
        return 1.0
    if given <= wanted and 2 * len(given) >= len(wanted):
        return INSIDE
    overlap = len(given & wanted) / len(given | wanted)
    if wanted <= given and _in_one_sentence(article, given):
        return max(overlap, AROUND)
    return overlap if overlap >= LEAST else 0.0


def within(given: Words, wanted: Words, tolerance: int) -> bool:
    """Whether both ends of each run of words are within `tolerance` words of the other's."""
    one, other = _runs(given), _runs(wanted)
    return len(one) == len(other) and all(
        abs(a - c) <= tolerance and abs(b - d) <= tolerance
        for (a, b), (c, d) in zip(one, other, strict=True)
    )


def lab(entry: Entry, label: str, mode: str = "practice") -> float:
    """Tell what a label is worth where the key has `entry`."""
    if label in (entry.label, entry.also):
        return 1.0
    if codebook().near(entry.layer, label, entry.label or ""):
        return NEAR_LABEL
    return OTHER_LABEL[mode]


def read_span(article: Article, value: Any) -> Span | None:
    """Return the span of a JSON value ``[[start, end], …]``; None if it is not one of this text."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_RANGES:
        return None
    ranges = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        start, end = pair
        if type(start) is not int or type(end) is not int:
            return None
        if not 0 <= start < end <= len(article.text):
            return None
        ranges.append(Range(start, end))
    span = tuple(sorted(ranges))
    return span if article.words_of(span) else None


def _runs(words: Words) -> list[tuple[int, int]]:
    """First and last word of each run of neighbouring words."""
    runs: list[tuple[int, int]] = []
    for word in sorted(words):
        if runs and word == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], word)
        else:
            runs.append((word, word))
    return runs


def _in_one_sentence(article: Article, words: Words) -> bool:
    first, last = (article.words[word].start for word in (min(words), max(words)))
    return article.segment_at(first) == article.segment_at(last)
