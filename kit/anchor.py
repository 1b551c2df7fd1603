"""Where are the words that a key quotes? Strict on own texts, tolerant on supplied ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kit.article import Article, Range, Span, words

GAP = " … "  # "first words … last words"

# How alike two words must be to pass for one retyped: two slips in a word of eight letters.
ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage named by its words: segment, one or several pieces, which of several places."""

    segment: str
    pieces: tuple[str, ...]
    occurrence: int | None = None


class NotLocated(Exception):
    """A quote that names no place, or more than one.

    Attributes
    ----------
    piece : str
        The piece that could not be placed.
    places : int
        In how many places its words stand; 0 if nowhere.
    nearest : str
        The words of the segment that are most like it (where it stands nowhere).
    """

    def __init__(self, piece: str, places: int, nearest: str = "") -> None:
        super().__init__(piece)
        self.piece, self.places, self.nearest = piece, places, nearest


Finder = Callable[[Article, Range, str], list[Range]]


def locate(article: Article, quote: Quote, *, tolerant: bool = False) -> Span:
    """Return the ranges that a quote names.

    Parameters
    ----------
    article : Article
        It must have the segment ``quote.segment``.
    quote : Quote
        With several pieces, each is sought behind the one before it.
    tolerant : bool
        Pass over quotation marks, apostrophes, blanks, ligatures, accents and case, and over
        retyped characters: for a copy that a reader supplied.

    Raises
    ------
    NotLocated
        If a piece stands nowhere, or in several places and no occurrence is given.
    """
    find: Finder = _alike if tolerant else _exact
    within = article.by_name[quote.segment].range
    ranges: list[Range] = []
    for piece in quote.pieces:
        places = find(article, within, piece)
        number = quote.occurrence if not ranges else 1 if places else None
        if number is None and len(places) == 1:
            number = 1
        if number is None or not 0 < number <= len(places):
            text = article.text[slice(*article.by_name[quote.segment].range)]
            raise NotLocated(piece, len(places), "" if places else nearest(text, piece))
        ranges.append(places[number - 1])
        within = Range(ranges[-1].end, within.end)
    return tuple(ranges)


def nearest(text: str, piece: str) -> str:
    """Return the run of words of `text` that is most like `piece`."""
    places = words(text)
    count = max(len(words(piece)), 1)
    runs = [
        text[places[at].start : places[min(at + count, len(places)) - 1].end]
        for at in range(max(len(places) - count + 1, 1))
        if places
    ]
    return max(runs, key=lambda run: SequenceMatcher(None, run, piece).ratio(), default="")


def folded(word: str) -> str:
    """Return a word as a careless copy may write it: no case, accents, ligatures, apostrophes."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in parts if sign.isalnum())


def _exact(article: Article, within: Range, piece: str) -> list[Range]:
    """Letter for letter, on whole words; an elided form is one, up to its apostrophe."""
    pattern = ".*?".join(re.escape(part) for part in piece.split(GAP))
    found = re.compile(rf"(?<![^\W_]){pattern}(?:(?<=[’'])|(?![^\W_]))")
    return [Range(*match.span()) for match in found.finditer(article.text, *within)]


def _alike(article: Article, within: Range, piece: str) -> list[Range]:
    """By words that may have been retyped: the best places, all equally good."""
    text = article.text
    places = [word for word in article.words if within.start <= word.start < within.end]
    given = [folded(text[start:end]) for start, end in places]
    parts = [[folded(part[slice(*word)]) for word in words(part)] for part in piece.split(GAP)]
    best: list[Range] = []
    best_score = ALIKE
    for at in range(len(given)):
        found = _match(given, at, parts)
        if found is None:
            continue
        last, score = found
        if score > best_score:
            best, best_score = [], score
        if score == best_score and not (best and places[at].start < best[-1].end):
            best.append(Range(places[at].start, places[last].end))
    return best


def _match(
    given: Sequence[str], at: int, parts: Sequence[Sequence[str]]
) -> tuple[int, float] | None:
    """Match the parts from word `at` on: number of the last word, mean likeness."""
    scores: list[float] = []
    end = at
    for number, part in enumerate(parts):
        starts = range(end, len(given) - len(part) + 1) if number else [at]
        tries = [
            (_likeness(given[start : start + len(part)], part), -start)
            for start in starts
            if start + len(part) <= len(given)
        ]
        likeness, start = max(tries, default=(0.0, 0))
        if likeness < ALIKE:
            return None
        scores.append(likeness)
        end = len(part) - start
    return end - 1, sum(scores) / len(scores)


def _likeness(given: Sequence[str], wanted: Sequence[str]) -> float:
    ratios = [
        1.0 if a == b else SequenceMatcher(None, a, b).ratio()
        for a, b in zip(given, wanted, strict=True)
    ]
    return sum(ratios) / len(ratios) if ratios else 0.0
