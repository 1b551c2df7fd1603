"""Which words each learner gave which label, and how many gave it to each word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.article import Article
from kit.exercise import SPAN_PARTS, Exercise, Task
from kit.response import Answers
from kit.scoring.spans import Words, read_span

KINDS = ("highlight", "classify", "attribution")  # tasks that are about stretches of the text

Marking = dict[str, Words]  # label -> words, of one learner


def labels_of(task: Task) -> tuple[str, ...]:
    """Return what words can be marked as: the labels asked for, or the parts of an attribution."""
    return SPAN_PARTS if task.kind == "attribution" else task.labels


def marking(exercise: Exercise, task: Task, answers: Answers) -> Marking:
    """Return the words that one learner gave each label.

    Parameters
    ----------
    answers : dict
        Item to value, judged before, as a record of `kit.grading.grade` holds them.
    """
    article = exercise.article
    found: dict[str, set[int]] = {}
    for item, value in answers.items():
        if task.kind == "classify":
            clause = exercise.by_clause.get(item)
            if clause is not None:
                found.setdefault(value, set()).update(article.words_of(clause.span))
        elif task.kind == "highlight":
            words = _words(article, value.get("ranges"))
            found.setdefault(value["label"], set()).update(words)
        else:
            for part in SPAN_PARTS:
                if words := _words(article, value.get(part)):
                    found.setdefault(part, set()).update(words)
    return {label: frozenset(found[label]) for label in labels_of(task) if label in found}


def heat(
    exercise: Exercise, labels: Sequence[str], markings: Iterable[Marking]
) -> dict[str, list[int]]:
    """Count for each word how many marked it: by label, and in all under the empty name.

    A learner who gave a word two labels counts once in all.
    """
    length = len(exercise.article.words)
    counts = {label: [0] * length for label in ("", *labels)}
    for each in markings:
        for label, words in each.items():
            for word in words:
                counts[label][word] += 1
        for word in frozenset[int]().union(*each.values()):
            counts[""][word] += 1
    return counts


def _words(article: Article, ranges: object) -> Words:
    span = read_span(article, ranges)
    return article.words_of(span) if span else frozenset()
