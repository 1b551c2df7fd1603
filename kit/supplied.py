"""A published article that the reader supplies: recognised, tidied, kept beside its key.

The course holds no text of it. Its fingerprint is one 32-bit hash for each group of four words,
groups not overlapping: enough to recognise a careless copy, too sparse to spell the words out.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any

from kit.anchor import folded
from kit.article import Article, Range, clean, words
from kit.typography import tidy

GROUP = 4  # words hashed together
ENOUGH = 0.6  # share of the words that must be recognised for the exercise to open
SOME = 0.15  # from here on it is told as an incomplete copy
STORED = Path("supplied", "article.fr.txt")  # below the exercise's folder, ignored by git


@dataclass(frozen=True, slots=True)
class Recognition:
    """What became of a copy.

    Attributes
    ----------
    share : float
        Share of the article's words that were recognised, 0 to 1.
    text : str
        The article in house style, one sentence a line; empty below `ENOUGH`.
    repairs : int
        Places where typography or line ends were mended.
    retyped : int
        Groups of words that differ from the published ones.
    around : int
        Words before and after the article that were left out.
    """

    share: float
    text: str = ""
    repairs: int = 0
    retyped: int = 0
    around: int = 0

    @property
    def differences(self) -> int:
        """All that was bridged."""
        return self.repairs + self.retyped + bool(self.around)


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of words of the published article: number of its first word, count, hash."""

    first: int
    count: int
    hash: str


def fingerprint(article: Article) -> list[dict[str, Any]]:
    """Return what the course keeps of an article: name, count and hashes of each segment."""
    table = []
    for segment in article.segments:
        found = _folded_words(article.text[slice(*segment.range)])
        hashes = [_hash(found[at : at + count]) for at, count in _cut(len(found))]
        table.append({"name": segment.name, "words": len(found), "groups": hashes})
    return table


def tidied(text: str) -> str:
    """Return a text laid out in segments, each line in house style."""
    return "\n".join(tidy(line) for line in clean(text).split("\n"))


def in_toml(table: Sequence[dict[str, Any]]) -> str:
    """Return a fingerprint as it stands in ``exercise.toml``."""
    return "\n\n".join(
        f'[[supplied]]\nname = "{segment["name"]}"\nwords = {segment["words"]}\n'
        f"groups = {json.dumps(segment['groups'])}"
        for segment in table
    )


def recognise(copy: str, table: Sequence[dict[str, Any]]) -> Recognition:
    """Look for the article of a fingerprint in a copy that may be careless.

    Parameters
    ----------
    copy : str
        What was pasted: it may hold other text before and after.
    table : sequence of dict
        What `fingerprint` returned.
    """
    copy = clean(copy)
    places = words(copy)
    anchors = _anchors(copy, places, table)
    groups = list(_groups(table))
    total = sum(group.count for group in groups)
    known = sum(group.count for group in groups if group.first in anchors)
    if not total or known / total < ENOUGH:
        return Recognition(known / total if total else 0.0)
    starts = [_place(copy, places, first, anchors) for first in _first_words(table)]
    first, last = starts[0], starts[-1]
    inner = [_opening(copy, places, at) for at in starts[1:-1]]
    cuts = [_beginning(copy, places, first), *inner, _opening(copy, places, last)]
    lines = [tidy(copy[start:end]) for start, end in pairwise(cuts)]
    bounded = [
        at in (0, len(places)) or "\n" in copy[slice(*_gap(copy, places, at))]
        for at in (first, last)
    ]
    if not _complete(lines, table, anchors, bounded):
        return Recognition(known / total)
    text = _joined(lines, table)
    return Recognition(
        known / total,
        text,
        _repairs(copy[cuts[0] : cuts[-1]], text),
        sum(group.first not in anchors for group in groups),
        first + len(places) - last,
    )


def stored(folder: Path, table: Sequence[dict[str, Any]]) -> Article | None:
    """Return the supplied article of an exercise, or None where it is absent or does not fit."""
    try:
        article = Article.of((folder / STORED).read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    names = [segment.name for segment in article.segments]
    return article if names == [segment.get("name") for segment in table] else None


def keep(folder: Path, recognition: Recognition) -> Path:
    """Write a recognised text beside its exercise; return where."""
    path = folder / STORED
    path.parent.mkdir(exist_ok=True)
    path.write_text(recognition.text + "\n", "utf-8", newline="\n")
    return path


def _hash(group: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(group).encode()).hexdigest()[:8]


def _folded_words(text: str) -> list[str]:
    return [folded(text[start:end]) for start, end in words(text)]


def _cut(count: int) -> list[tuple[int, int]]:
    """Cut `count` words into groups: (first, count); the last takes what is left over."""
    number = max(count // GROUP, 1)
    return [
        (at * GROUP, GROUP if at < number - 1 else count - at * GROUP)
        for at in range(number if count else 0)
    ]


def _groups(table: Sequence[dict[str, Any]]) -> Iterator[_Group]:
    first = 0
    for segment in table:
        for (at, count), hash_ in zip(_cut(segment["words"]), segment["groups"], strict=True):
            yield _Group(first + at, count, hash_)
        first += segment["words"]


def _first_words(table: Sequence[dict[str, Any]]) -> list[int]:
    """Return the number of the first word of each segment, at the end the count of all words."""
    firsts = [0]
    for segment in table:
        firsts.append(firsts[-1] + segment["words"])
    return firsts


def _anchors(copy: str, places: Sequence[Range], table: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Tell which word of the copy is the first word of a group, for each group found."""
    found = [folded(copy[start:end]) for start, end in places]
    groups = list(_groups(table))
    where: dict[tuple[int, str], list[int]] = defaultdict(list)
    for count in {group.count for group in groups}:
        for at in range(len(found) - count + 1):
            where[count, _hash(found[at : at + count])].append(at)
    pairs = [
        (group.first, at)
        for group in groups
        for at in reversed(where.get((group.count, group.hash), []))
    ]
    return dict(_longest_rising(pairs))


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest choice of pairs in which both numbers rise (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for number, (_, at) in enumerate(pairs):
        place = bisect_left(tails, at)
        before.append(ends[place - 1] if place else None)
        tails[place : place + 1] = [at]
        ends[place : place + 1] = [number]
    chain: list[tuple[int, int]] = []
    step: int | None = ends[-1] if ends else None
    while step is not None:
        chain.append(pairs[step])
        step = before[step]
    return chain[::-1]


def _place(copy: str, places: Sequence[Range], word: int, anchors: dict[int, int]) -> int:
    """Find a sentence's first word in the copy, from the anchors around it."""
    if word in anchors:
        return anchors[word]
    before = max((first for first in anchors if first < word), default=None)
    after = min((first for first in anchors if first > word), default=None)
    guesses = []
    if before is not None:
        guesses.append(anchors[before] + word - before)
    if after is not None:
        guesses.append(anchors[after] - (after - word))
    low, high = max(min(guesses), 0), min(max(guesses), len(places))
    for at in range(low, high + 1):
        if 0 < at < len(places) and re.search(
            r"[.!?»\n]", copy[places[at - 1].end : places[at].start]
        ):
            return at
    return min(max(guesses[-1], 0), len(places))


def _beginning(copy: str, places: Sequence[Range], at: int) -> int:
    """Find where the article begins: at its first word, or at the quotation mark before it."""
    start, end = _gap(copy, places, at)
    found = re.search(r'(?:[«"“(]\s*)?$', copy[start:end])
    return start + found.start() if found else end


def _opening(copy: str, places: Sequence[Range], at: int) -> int:
    """Find where a segment begins: behind the punctuation of the one before."""
    start, end = _gap(copy, places, at)
    return start + _sentence_end(copy[start:end])


def _gap(copy: str, places: Sequence[Range], at: int) -> tuple[int, int]:
    """Find where the signs before word number `at` begin and end."""
    return (
        places[at - 1].end if at else 0,
        places[at].start if at < len(places) else len(copy),
    )


def _sentence_end(gap: str) -> int:
    """How much of the signs between two sentences belongs to the first one."""
    found = re.match(r'[.,;:!?…)\]]*(?:\s*»|[”"](?=\s|$))?[.!?…]*', gap)
    return found.end() if found else 0


def _complete(
    lines: Sequence[str],
    table: Sequence[dict[str, Any]],
    anchors: dict[int, int],
    bounded: Sequence[bool],
) -> bool:
    """Whether each sentence is there: half its words at least.

    Words around the article may stand where its first or last sentence should. Such a sentence has
    a group that was recognised, or the article begins (or ends) where a line does.
    """
    places = list(pairwise(_first_words(table)))
    if any(2 * len(words(line)) < each["words"] for line, each in zip(lines, table, strict=True)):
        return False
    outer = zip((places[0], places[-1]), bounded, strict=True)
    return all(is_ or any(first <= word < end for word in anchors) for (first, end), is_ in outer)


def _joined(lines: Sequence[str], table: Sequence[dict[str, Any]]) -> str:
    text = ""
    paragraph = None
    for line, segment in zip(lines, table, strict=True):
        name = segment["name"].rstrip("abcdefghijklmnopqrstuvwxyz")
        text += ("" if not text else "\n" if name == paragraph else "\n\n") + line
        paragraph = name
    return text


def _repairs(copy: str, text: str) -> int:
    """Count the places in which copy and stored text differ."""
    matcher = SequenceMatcher(None, copy, text, autojunk=False)
    return sum(tag != "equal" for tag, *_ in matcher.get_opcodes())
