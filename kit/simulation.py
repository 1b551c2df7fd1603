"""Simulated ways of highlighting, from careful to blind: the scoring rule is tried on them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from kit.article import Range
from kit.codebook import codebook
from kit.exercise import Entry, Exercise, Task
from kit.response import Answers
from kit.scoring import LISTS

MOST_TRIES = 10_000

Behaviour = Callable[[Exercise, Task, Random], Answers]


def right(exercise: Exercise, task: Task) -> Answers:
    """Return the answers of the key itself, for any kind of task."""
    if task.kind in LISTS:
        of = LISTS[task.kind].of
        return {i.id: of.right(i, exercise.answer(i.id)) for i in exercise.items_of(task)}
    if task.kind == "attribution":
        return {
            each.id: {part: [list(r) for r in span] for part, span in each.spans.items() if span}
            | each.properties
            for each in exercise.attributions(task, "core")
        }
    core = exercise.entries(task, "core")
    if task.kind == "classify":
        return {e.clause: e.label for e in exercise.entries(task) if e.clause and e.label}
    return _exact(exercise, core)


def wrong(exercise: Exercise, task: Task) -> Answers:
    """Return answers that meet nothing of the key, for any kind of task."""
    if task.kind in LISTS:
        of = LISTS[task.kind].of
        return {i.id: of.wrong(i, exercise.answer(i.id)) for i in exercise.items_of(task)}
    if task.kind == "classify":
        return {
            entry.clause: unlike(task, entry) for entry in exercise.entries(task) if entry.clause
        }
    if task.kind == "attribution":
        taken = [range_ for each in exercise.attributions(task) for range_ in each.place]
        free = _untouched(exercise, taken)
        return {f"x{at}": {"source": [list(word)]} for at, word in enumerate(free[:3])}
    return false_alarms(exercise, task, Random(0), 5)  # noqa: S311  # a draw, not a secret


def behaviours() -> dict[str, Behaviour]:
    """Return the behaviours of the ordering table, best first (pedagogy, section 3.3)."""
    return {
        "complete key": lambda e, t, r: _exact(e, e.entries(t, "core", "debated")),
        "core only, perfect": lambda e, t, r: _exact(e, e.entries(t, "core")),
        "core + all debated, any label": _core_and_debated,
        "core, ends ±1 word": lambda e, t, r: _shaken(e, t, r, 1),
        "core + 5 false alarms": lambda e, t, r: (
            _exact(e, e.entries(t, "core")) | false_alarms(e, t, r, 5)
        ),
        "15 core + all debated": _fifteen_and_debated,
        "core, ends ±2 words": lambda e, t, r: _shaken(e, t, r, 2),
        "core, neighbouring label": _neighbours,
        "half of the core": lambda e, t, r: _exact(e, _half(e, t, r)),
        "core, one word of each": _one_word,
        "half of the core + 5 false alarms": lambda e, t, r: (
            _exact(e, _half(e, t, r)) | false_alarms(e, t, r, 5)
        ),
        "core, random label": lambda e, t, r: _exact(
            e, e.entries(t, "core"), lambda entry: r.choice(t.labels)
        ),
        "whole sentences": _sentences,
        "30 random spans": lambda e, t, r: _random_spans(e, t, r, 30),
        "everything, one label": lambda e, t, r: everything(e, t.labels[:1]),
        "everything, every label": lambda e, t, r: everything(e, t.labels),
        "every word on its own": lambda e, t, r: {
            f"w{word}": _mark(e, word, word, r.choice(t.labels))
            for word in range(len(e.article.words))
        },
        "debated passages only": lambda e, t, r: _exact(e, e.entries(t, "debated")),
        "nothing": lambda e, t, r: {},
    }


def unlike(task: Task, entry: Entry) -> str:
    """Return a label that is neither the key's nor next to it, as far as there is one."""
    others = [label for label in task.labels if label not in (entry.label, entry.also)]
    far = [label for label in others if not codebook().near(task.layer, label, entry.label or "")]
    return (far or others or [entry.label or ""])[0]


def _untouched(exercise: Exercise, taken: list[Range]) -> list[Range]:
    """Return the words that share nothing with these ranges."""
    touched = exercise.article.words_of(taken)
    return [word for at, word in enumerate(exercise.article.words) if at not in touched]


def _mark(exercise: Exercise, first: int, last: int, label: str) -> dict[str, Any]:
    """Return a mark from word `first` to word `last`."""
    words = exercise.article.words
    return {"label": label, "ranges": [[words[first].start, words[last].end]]}


def _exact(
    exercise: Exercise,
    entries: tuple[Entry, ...],
    label: Callable[[Entry], str] = lambda entry: entry.label or "",
) -> Answers:
    return {
        entry.id: {"label": label(entry), "ranges": [list(range_) for range_ in entry.span]}
        for entry in entries
    }


def _ends(exercise: Exercise, entry: Entry) -> tuple[int, int]:
    """Return the numbers of the first and of the last word."""
    words = exercise.article.words_of(entry.span)
    return min(words), max(words)


def _core_and_debated(exercise: Exercise, task: Task, random: Random) -> Answers:
    debated = exercise.entries(task, "debated")
    return _exact(exercise, exercise.entries(task, "core")) | _exact(
        exercise, debated, lambda entry: random.choice(task.labels)
    )


def _fifteen_and_debated(exercise: Exercise, task: Task, random: Random) -> Answers:
    core = tuple(random.sample(exercise.entries(task, "core"), 15))
    return _exact(exercise, core + exercise.entries(task, "debated"))


def _shaken(exercise: Exercise, task: Task, random: Random, most: int) -> Answers:
    answers = {}
    last_word = len(exercise.article.words) - 1
    for entry in exercise.entries(task, "core"):
        first, last = _ends(exercise, entry)
        # The mark still touches the passage: its ends are off, not its place.
        start = max(min(first + random.randint(-most, most), last), 0)
        end = min(max(last + random.randint(-most, most), first, start), last_word)
        answers[entry.id] = _mark(exercise, start, end, entry.label or "")
    return answers


def _half(exercise: Exercise, task: Task, random: Random) -> tuple[Entry, ...]:
    core = exercise.entries(task, "core")
    return tuple(random.sample(core, len(core) // 2))


def neighbour(task: Task, entry: Entry, random: Random) -> str:
    """Return a label next to the key's; another wrong one, or the key's, where there is none."""
    near = [
        label
        for label in task.labels
        if codebook().near(task.layer, label, entry.label or "") and label != entry.also
    ]
    others = [label for label in task.labels if label not in (entry.label, entry.also)]
    return random.choice(near or others or [entry.label or ""])


def _neighbours(exercise: Exercise, task: Task, random: Random) -> Answers:
    return _exact(
        exercise, exercise.entries(task, "core"), lambda entry: neighbour(task, entry, random)
    )


def _one_word(exercise: Exercise, task: Task, random: Random) -> Answers:
    answers = {}
    for entry in exercise.entries(task, "core"):
        word = random.choice(sorted(exercise.article.words_of(entry.span)))
        answers[entry.id] = _mark(exercise, word, word, entry.label or "")
    return answers


def _sentences(exercise: Exercise, task: Task, random: Random) -> Answers:
    answers = {}
    for entry in exercise.entries(task, "core"):
        sentence: Range = exercise.article.segment_at(min(entry.span).start).range
        answers[entry.id] = {"label": entry.label, "ranges": [list(sentence)]}
    return answers


def everything(exercise: Exercise, labels: tuple[str, ...]) -> Answers:
    """Each sentence of the text, with each of the labels."""
    return {
        f"{segment.name}-{label}": {"label": label, "ranges": [list(segment.range)]}
        for segment in exercise.article.segments
        for label in labels
    }


def _random_spans(exercise: Exercise, task: Task, random: Random, count: int) -> Answers:
    answers = {}
    for number in range(count):
        length = random.randint(1, 6)
        first = random.randrange(len(exercise.article.words) - length)
        answers[f"r{number}"] = _mark(
            exercise, first, first + length - 1, random.choice(task.labels)
        )
    return answers


def false_alarms(exercise: Exercise, task: Task, random: Random, count: int) -> Answers:
    """Short marks that touch neither core nor debated passages, nor each other."""
    entries = exercise.entries(task, "core", "debated")
    taken = set().union(*(exercise.article.words_of(entry.span) for entry in entries))
    answers: Answers = {}
    for _ in range(MOST_TRIES):  # a short text may have no room for so many
        if len(answers) == count:
            break
        length = random.randint(1, 4)
        first = random.randrange(len(exercise.article.words) - length)
        words = set(range(first, first + length))
        if not words & taken:
            taken |= words
            answers[f"f{len(answers)}"] = _mark(
                exercise, first, first + length - 1, random.choice(task.labels)
            )
    return answers
