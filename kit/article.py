"""An article as text, segments, paragraphs and words; offsets are code points of the NFC text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

# A letter or digit with the accents that NFC could not join to it.
_SIGN = r"[^\W_][\u0300-\u036f]*"
_WORD = re.compile(
    rf"""(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu|quoiqu)[’'](?=[^\W_])  # elided: its own word
      | (?:{_SIGN})+ (?: (?: [-\u2010\u2011’'] | (?<=\d)[.,](?=\d) ) (?:{_SIGN})+ )*""",
    re.VERBOSE | re.IGNORECASE,
)


class Range(NamedTuple):
    """A stretch of the text, `end` excluded, in code points."""

    start: int
    end: int


Span = tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence: its name (``T``, ``C``, ``1a`` …), its paragraph (``1``), its place."""

    name: str
    paragraph: str
    range: Range


def clean(text: str) -> str:
    """Return a text as it is stored: NFC, LF, lines stripped, one blank line between paragraphs."""
    text = unicodedata.normalize("NFC", text.replace("\ufeff", ""))
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def words(text: str) -> tuple[Range, ...]:
    """Return where the words of a text lie.

    A word is a run of letters and digits with inner hyphens, apostrophes and decimal marks; an
    elided form before an apostrophe (*l’ d’ qu’ jusqu’* …) is a word of its own; punctuation is
    none.

    Examples
    --------
    >>> text = "Aujourd’hui, l’élève paie 9,74 euros."
    >>> [text[start:end] for start, end in words(text)]
    ['Aujourd’hui', 'l’', 'élève', 'paie', '9,74', 'euros']
    """
    return tuple(Range(*found.span()) for found in _WORD.finditer(text))


@dataclass(frozen=True)
class Article:
    """One text, or several read side by side, under a single count of code points.

    Attributes
    ----------
    text : str
        NFC with LF ends: one sentence a line, a blank line between paragraphs.
    segments : tuple of Segment
        In the order of the text.
    """

    text: str
    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, *texts: str, standfirst: bool = True) -> Article:
        """Cut texts into segments.

        Parameters
        ----------
        *texts : str
            One or several articles; with several, names begin with ``A.``, ``B.`` …
        standfirst : bool
            Whether the second paragraph is the standfirst (``C``).
        """
        cleaned = [clean(text) for text in texts]
        segments: list[Segment] = []
        start = 0
        for number, text in enumerate(cleaned):
            prefix = f"{chr(ord('A') + number)}." if len(cleaned) > 1 else ""
            segments += _segments(text, start, prefix, standfirst)
            start += len(text) + 2
        return cls("\n\n".join(cleaned), tuple(segments))

    @cached_property
    def sha256(self) -> str:
        """Fingerprint: SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def words(self) -> tuple[Range, ...]:
        """Where the words lie, in the order of the text."""
        return words(self.text)

    @cached_property
    def by_name(self) -> dict[str, Segment]:
        """The segments by their names."""
        return {segment.name: segment for segment in self.segments}

    @cached_property
    def paragraphs(self) -> dict[str, Range]:
        """Where each paragraph lies, by its name (``T``, ``C``, ``1`` …), in text order."""
        places: dict[str, Range] = {}
        for segment in self.segments:
            first = places.get(segment.paragraph, segment.range)
            places[segment.paragraph] = Range(first.start, segment.range.end)
        return places

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def _word_ends(self) -> list[int]:
        return [word.end for word in self.words]

    @cached_property
    def _segment_starts(self) -> list[int]:
        return [segment.range.start for segment in self.segments]

    def words_of(self, span: Sequence[Range]) -> frozenset[int]:
        """Return the numbers of the words that share a character with the span."""
        found: set[int] = set()
        for start, end in span:
            first = bisect_right(self._word_ends, start)
            found.update(range(first, bisect_left(self._word_starts, end)))
        return frozenset(found)

    def segment_at(self, offset: int) -> Segment:
        """Return the segment that holds `offset`, or the last one that begins before it."""
        return self.segments[max(bisect_right(self._segment_starts, offset) - 1, 0)]

    def paragraph_of(self, span: Sequence[Range]) -> str:
        """Return the paragraph in which the span begins."""
        return self.segment_at(min(span).start).paragraph

    def quote(self, span: Sequence[Range]) -> str:
        """Return the words of a span, pieces joined by an ellipsis, line ends as blanks."""
        return " … ".join(self.text[start:end].replace("\n", " ") for start, end in span)


def _segments(text: str, start: int, prefix: str, standfirst: bool) -> list[Segment]:
    found: list[Segment] = []
    heads = ["T", "C"] if standfirst else ["T"]
    for number, paragraph in enumerate(text.split("\n\n") if text else []):
        name = heads[number] if number < len(heads) else str(number - len(heads) + 1)
        lines = paragraph.split("\n")
        for letter, line in enumerate(lines):
            alone = number < len(heads) and len(lines) == 1
            found.append(
                Segment(
                    prefix + name + ("" if alone else _letters(letter)),
                    prefix + name,
                    Range(start, start + len(line)),
                )
            )
            start += len(line) + 1
        start += 1
    return found


def _letters(number: int) -> str:
    """Count in letters: a, b … z, aa, ab, and so on."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
