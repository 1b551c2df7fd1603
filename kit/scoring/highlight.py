"""Scoring of free highlighting: spans with a label (pedagogy of the kit, section 3.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import Any

from kit.article import Article, Range
from kit.exercise import Entry, Exercise, Task
from kit.response import Answers
from kit.scoring.assignment import best_pairs
from kit.scoring.outcome import Kind, Outcome, Result
from kit.scoring.spans import Words, lab, read_span, sim

FIELDS = ("label", "ranges")
MOST_SPANS = 500  # more are refused: a hand-in cannot be used to stall the grader
FORGIVEN = 4  # marks in a sound text that bring its score to 0
OVER_WEIGHT = 0.6
EVERYTHING = 0.5  # from this `over` on, the learner is told that all is marked


@dataclass(frozen=True, slots=True)
class _Marked:
    """A span as words: the learner's or the key's."""

    id: str
    words: Words
    paragraph: str
    first: int  # number of the first word, and of the last
    last: int
    label: str = ""
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class _Passages:
    """The key in the paragraphs of a try; ``debated`` holds also what it does not ask for."""

    core: list[_Marked]
    debated: list[_Marked]
    sound: list[_Marked]
    length: int  # words of the text


def judge(exercise: Exercise, task: Task, item: str, value: Any) -> str | None:
    """Say why a value is no mark ``{"label": …, "ranges": [[start, end], …]}``, or None."""
    if not isinstance(value, dict) or value.get("label") not in task.labels:
        return "unknown_label"
    if read_span(exercise.article, value.get("ranges")) is None:
        return "outside_text"
    return None


def paragraph_of(exercise: Exercise, item: str, value: Any) -> str:
    """Return the paragraph in which a mark begins."""
    return exercise.article.paragraph_of([Range(*min(value["ranges"]))])


def score(
    exercise: Exercise,
    task: Task,
    answers: Answers,
    paragraphs: Collection[str] | None = None,
    mode: str = "practice",
) -> Result:
    """Score marks against the key.

    Parameters
    ----------
    answers : dict
        Mark id to ``{"label": …, "ranges": …}``, judged before.
    paragraphs : collection of str, optional
        Only these; the whole task if None.
    mode : {"practice", "exam"}
        Tolerance and worth of a wrong label.
    """
    if len(answers) > MOST_SPANS:
        return Result(task.id, None, (), refused="too_many")
    covered = tuple(name for name in task.paragraphs if paragraphs is None or name in paragraphs)
    marks = [
        mark for mark in _marks(exercise, answers) if mark.paragraph in covered
    ]  # in the order of the text, so that ids and order change nothing
    key = _passages(exercise, task, covered)
    asides: dict[str, _Marked] = {}
    counted: list[_Marked] = []
    sims: list[list[float]] = []
    for mark in marks:
        meets = [_sim(exercise.article, mark, k, mode) for k in key.core]
        debated = [_sim(exercise.article, mark, k, mode) for k in key.debated]
        if max(debated, default=0.0) > max(meets, default=0.0):
            asides[mark.id] = key.debated[debated.index(max(debated))]
        else:
            counted.append(mark)
            sims.append(meets)
    credit = [
        [s and s * lab(_entry(k), m.label, mode) for s, k in zip(row, key.core, strict=True)]
        for row, m in zip(sims, counted, strict=True)
    ]
    pairs = dict(best_pairs(credit))
    total = fsum(credit[row][column] for row, column in pairs.items())
    over = _over(marks, key)
    outcomes = [
        _pair(counted[row], key.core[column], credit[row][column]) for row, column in pairs.items()
    ]
    taken = {key.core[column].id for column in pairs.values()}
    outcomes += [
        _alone(exercise.article, mark, key, taken)
        for row, mark in enumerate(counted)
        if row not in pairs
    ]
    outcomes += [
        Outcome("debated", mark.paragraph, 0.0, asides[mark.id].id, mark.id)
        for mark in marks
        if mark.id in asides
    ]
    outcomes += [
        Outcome("missed", core.paragraph, 0.0, core.id) for core in key.core if core.id not in taken
    ]
    if over >= EVERYTHING:
        outcomes.insert(0, Outcome("everything", covered[0]))
    value = _value(total, len(counted), len(key.core), over)
    return Result(task.id, value, tuple(outcomes), blank=not marks)


def _sim(article: Article, mark: _Marked, passage: _Marked, mode: str) -> float:
    if mark.last < passage.first or passage.last < mark.first:
        return 0.0  # most pairs: seen without comparing words
    return sim(article, mark.words, passage.words, mode)


def _value(total: float, marks: int, core: int, over: float) -> float:
    damped = 1 - OVER_WEIGHT * over
    if not core:
        return max(0.0, 1 - marks / FORGIVEN) * damped
    if not total:
        return 0.0
    precision = 2 * total / (marks + total)  # an exact mark counts 1, a false alarm 1/2
    recall = total / core
    return 2 * precision * recall / (precision + recall) * damped


def _over(marks: list[_Marked], key: _Passages) -> float:
    """How far the marks go beyond what the key could need: 0 to 1."""
    known = frozenset[int]().union(*(k.words for k in (*key.core, *key.debated)))
    outside = len(frozenset[int]().union(*(mark.words for mark in marks)) - known)
    excess = outside - len(known) / 2
    if excess <= 0:
        return 0.0
    return min(excess / max(key.length / 4, key.length - 1.5 * len(known)), 1.0)


def _pair(mark: _Marked, core: _Marked, credit: float) -> Outcome:
    """Choose what to say of a mark that met a core passage."""
    entry = _entry(core)
    kind: Kind
    if mark.label not in (entry.label, entry.also):
        kind = "near_label" if lab(entry, mark.label, "exam") else "other_label"
    elif mark.words == core.words:
        kind = "exact"
    elif credit == 1.0:
        kind = "close"
    else:
        kind = edges(mark.words, core.words)
    return Outcome(kind, core.paragraph, credit, core.id, mark.id)


def edges(given: Words, wanted: Words) -> Kind:
    """How the ends of a span are off."""
    if given >= wanted:
        return "too_wide"
    return "too_short" if given <= wanted else "shifted"


def _alone(article: Article, mark: _Marked, key: _Passages, taken: set[str]) -> Outcome:
    """Choose what to say of a mark that earned nothing."""
    met = [core for core in key.core if core.words & mark.words]
    for core in met:
        if core.id in taken and sim(article, mark.words, core.words):
            return Outcome("twice", mark.paragraph, 0.0, core.id, mark.id)
    for sound in key.sound:
        if 2 * len(sound.words & mark.words) >= min(len(mark.words), len(sound.words)):
            return Outcome("sound", mark.paragraph, 0.0, sound.id, mark.id)
    for core in met:
        if core.words <= mark.words:
            return Outcome("too_wide", mark.paragraph, 0.0, core.id, mark.id)
    return Outcome("extra", mark.paragraph, 0.0, None, mark.id)


def _marks(exercise: Exercise, answers: Answers) -> list[_Marked]:
    marks = []
    for id, value in answers.items():
        span = read_span(exercise.article, value["ranges"])
        if span is not None:
            words = exercise.article.words_of(span)
            paragraph = exercise.article.paragraph_of(span)
            marks.append(_Marked(id, words, paragraph, min(words), max(words), value["label"]))
    return sorted(marks, key=lambda mark: (sorted(mark.words), mark.label))


@lru_cache(maxsize=256)
def _passages(exercise: Exercise, task: Task, paragraphs: tuple[str, ...]) -> _Passages:
    assert exercise.key is not None, "an exam has no key"
    asked = {entry.id: entry for entry in exercise.entries(task)}
    kinds: dict[str, list[_Marked]] = {"core": [], "debated": [], "sound": []}
    for entry in exercise.key.entries:
        paragraph = exercise.article.paragraph_of(entry.span)
        if entry.layer == task.layer and paragraph in paragraphs:
            kind = entry.status if entry.id in asked else "debated"
            words = exercise.article.words_of(entry.span)
            ends = min(words), max(words)
            kinds[kind].append(_Marked(entry.id, words, paragraph, *ends, entry.label or "", entry))
    length = sum(
        exercise.article.segment_at(word.start).paragraph in paragraphs
        for word in exercise.article.words
    )
    return _Passages(kinds["core"], kinds["debated"], kinds["sound"], length)


def _entry(marked: _Marked) -> Entry:
    assert marked.entry is not None, "only passages of the key are asked"
    return marked.entry
