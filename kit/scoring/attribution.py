"""Scoring of attributions: who says what, by which words, and what kind of source (section 3.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import Any

from kit.article import Range
from kit.codebook import codebook
from kit.exercise import SPAN_PARTS, Attribution, Exercise, Task
from kit.response import Answers
from kit.scoring.assignment import best_pairs
from kit.scoring.highlight import MOST_SPANS, edges
from kit.scoring.outcome import Outcome, Result
from kit.scoring.spans import Words, read_span, sim

FIELDS = (*SPAN_PARTS, *codebook().properties)
WEIGHTS = {"source": 0.35, "content": 0.30, "cue": 0.15}
PROPERTIES_WEIGHT = 0.20  # shared by the properties


@dataclass(frozen=True, slots=True)
class _Given:
    """A learner's attribution, its spans as words."""

    id: str
    paragraph: str
    words: dict[str, Words]
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An attribution of the key, its spans as words."""

    attribution: Attribution
    paragraph: str
    words: dict[str, Words]


def judge(exercise: Exercise, task: Task, item: str, value: Any) -> str | None:
    """Say why a value is no attribution, or None.

    It is ``{"source": [[start, end], …], "cue": …, "content": …, "kind": "person", …}``; parts
    not yet answered are absent, but one of the three spans is there.
    """
    if not isinstance(value, dict):
        return "not_an_attribution"
    for part in SPAN_PARTS:
        if part in value and read_span(exercise.article, value[part]) is None:
            return "outside_text"
    if not any(part in value for part in SPAN_PARTS):
        return "not_an_attribution"
    for property in codebook().properties.values():
        if property.id in value and value[property.id] not in list(property.values):
            return "unknown_value"
    return None


def paragraph_of(exercise: Exercise, item: str, value: Any) -> str:
    """Return the paragraph in which an attribution begins."""
    pieces = [pair for part in SPAN_PARTS for pair in value.get(part, ())]
    return exercise.article.paragraph_of([Range(*min(pieces))])


def score(
    exercise: Exercise,
    task: Task,
    answers: Answers,
    paragraphs: Collection[str] | None = None,
    mode: str = "practice",
) -> Result:
    """Score attributions: the mean over the key's, each extra one counting as an empty one.

    Parameters are those of `kit.scoring.highlight.score`; ``answers`` maps ids to attributions as
    `judge` describes them.
    """
    if len(answers) > MOST_SPANS:
        return Result(task.id, None, (), refused="too_many")
    covered = tuple(name for name in task.paragraphs if paragraphs is None or name in paragraphs)
    given = [each for each in _given(exercise, answers) if each.paragraph in covered]
    wanted = _wanted(exercise, task, covered)
    core = [each for each in wanted if each.attribution.status == "core"]
    debated = [each for each in wanted if each.attribution.status == "debated"]
    asides = {}
    counted, credit = [], []
    for each in given:
        worth = [_credit(exercise, each, k, mode) for k in core]
        of_debated = [_credit(exercise, each, k, mode) for k in debated]
        if max(of_debated, default=0.0) > max(worth, default=0.0):
            asides[each.id] = debated[of_debated.index(max(of_debated))]
        else:
            counted.append(each)
            credit.append(worth)
    pairs = dict(best_pairs(credit))
    extra = [row for row in range(len(counted)) if row not in pairs]
    total = fsum(credit[row][column] for row, column in pairs.items())
    outcomes: list[Outcome] = []
    for row, column in pairs.items():
        outcomes += _said(exercise, counted[row], core[column], credit[row][column], mode)
    outcomes += [
        Outcome("extra", counted[row].paragraph, 0.0, None, counted[row].id) for row in extra
    ]
    outcomes += [
        Outcome("debated", each.paragraph, 0.0, asides[each.id].attribution.id, each.id)
        for each in given
        if each.id in asides
    ]
    outcomes += [
        Outcome("missed", each.paragraph, 0.0, each.attribution.id)
        for column, each in enumerate(core)
        if column not in pairs.values()
    ]
    of = len(core) + len(extra)
    return Result(task.id, total / of if of else 1.0, tuple(outcomes), blank=not given)


def _credit(exercise: Exercise, given: _Given, wanted: _Wanted, mode: str) -> float:
    """Tell what a pair is worth: 0 if neither source nor content meets."""
    if wanted.words["content"] and all(
        given.words[part].isdisjoint(wanted.words[part]) for part in ("source", "content")
    ):
        return 0.0  # most pairs: the rest need not be compared
    parts = {part: _part(exercise, given, wanted, part, mode) for part in SPAN_PARTS}
    meets = (wanted.words["source"] and parts["source"]) or parts["content"]
    if not meets:
        return 0.0
    right = [
        given.properties.get(id) == value for id, value in wanted.attribution.properties.items()
    ]
    shares = [WEIGHTS[part] * parts[part] for part in SPAN_PARTS]
    return fsum([*shares, PROPERTIES_WEIGHT * sum(right) / len(right)])


def _part(exercise: Exercise, given: _Given, wanted: _Wanted, part: str, mode: str) -> float:
    if not wanted.words[part]:  # no source, or no cue: right if none was marked
        return float(not given.words[part])
    return sim(exercise.article, given.words[part], wanted.words[part], mode)


def _said(
    exercise: Exercise, given: _Given, wanted: _Wanted, credit: float, mode: str
) -> list[Outcome]:
    """Choose what to say of a pair: the first part that falls short, or that all is there."""
    id = wanted.attribution.id
    for part in WEIGHTS:
        worth = _part(exercise, given, wanted, part, mode)
        if worth == 1.0:
            continue
        if not worth or not wanted.words[part]:
            return [Outcome("incomplete", wanted.paragraph, credit, id, given.id, part)]
        kind = edges(given.words[part], wanted.words[part])
        return [Outcome(kind, wanted.paragraph, credit, id, given.id, part)]
    for property, value in wanted.attribution.properties.items():
        if given.properties.get(property) != value:
            return [Outcome("other_label", wanted.paragraph, credit, id, given.id, property)]
    exact = all(given.words[part] == wanted.words[part] for part in SPAN_PARTS)
    return [Outcome("exact" if exact else "close", wanted.paragraph, credit, id, given.id)]


def _given(exercise: Exercise, answers: Answers) -> list[_Given]:
    article = exercise.article
    given = []
    for id, value in answers.items():
        spans = {part: read_span(article, value.get(part)) or () for part in SPAN_PARTS}
        place = [range_ for span in spans.values() for range_ in span]
        if place:
            words = {part: article.words_of(span) for part, span in spans.items()}
            properties = {name: value[name] for name in codebook().properties if name in value}
            given.append(_Given(id, article.paragraph_of(place), words, properties))
    return sorted(given, key=lambda each: [sorted(each.words[part]) for part in SPAN_PARTS])


@lru_cache(maxsize=256)
def _wanted(exercise: Exercise, task: Task, paragraphs: tuple[str, ...]) -> list[_Wanted]:
    article = exercise.article
    return [
        _Wanted(
            each,
            article.paragraph_of(each.place),
            {part: article.words_of(each.spans[part]) for part in SPAN_PARTS},
        )
        for each in exercise.attributions(task)
        if article.paragraph_of(each.place) in paragraphs
    ]
