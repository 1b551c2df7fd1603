"""A passage shown in the sentence it stands in."""

from __future__ import annotations

from kit.article import Range, Span
from kit.exercise import Exercise

Piece = tuple[str, bool]  # words, and whether they are marked


def pieces(exercise: Exercise, place: Span) -> list[Piece]:
    """Cut the sentences around a passage where it begins and ends.

    Of a text that a reader supplied only the passage itself is shown: it is not the kit's.
    """
    text = exercise.article.text
    if exercise.supplied:
        return [(exercise.article.quote(place), True)]
    first = exercise.article.segment_at(min(place).start).range.start
    last = max(end for _, end in place)
    end = exercise.article.segment_at(last - 1).range.end
    cut: list[Piece] = []
    at = first
    for start, stop in _merged(place):
        cut += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    cut.append((text[at : max(end, at)], False))
    return [(words.replace("\n", " "), marked) for words, marked in cut if words]


def _merged(place: Span) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(place):
        if merged and start <= merged[-1].end:
            merged[-1] = Range(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Range(start, end))
    return merged
