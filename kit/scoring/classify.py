"""Scoring of ready-cut clauses that each get a label (pedagogy of the kit, section 3.4)."""

from __future__ import annotations

from collections.abc import Collection
from math import fsum
from typing import Any

from kit.exercise import Entry, Exercise, Task
from kit.response import Answers
from kit.scoring.outcome import Kind, Outcome, Result
from kit.scoring.spans import lab

FIELDS: tuple[str, ...] = ()  # a value is the label itself


def judge(exercise: Exercise, task: Task, item: str, value: Any) -> str | None:
    """Say why a value is no label of a clause, or None."""
    if item not in exercise.by_clause:
        return "unknown_item"
    return None if value in task.labels else "unknown_label"


def paragraph_of(exercise: Exercise, item: str, value: Any) -> str:
    """Return the paragraph of a clause."""
    return exercise.article.paragraph_of(exercise.by_clause[item].span)


def score(
    exercise: Exercise,
    task: Task,
    answers: Answers,
    paragraphs: Collection[str] | None = None,
    mode: str = "practice",
) -> Result:
    """Score labels: the mean over all clauses of 1, .6 (near label) or 0.

    Parameters are those of `kit.scoring.highlight.score`; ``answers`` maps clause ids to labels.
    """
    outcomes = []
    answered = 0
    for entry in exercise.entries(task):
        paragraph = exercise.article.paragraph_of(entry.span)
        if entry.clause is None or (paragraphs is not None and paragraph not in paragraphs):
            continue
        label = answers.get(entry.clause)
        answered += label is not None
        kind, credit = _worth(entry, label)
        outcomes.append(Outcome(kind, paragraph, credit, entry.id, entry.clause))
    value = fsum(outcome.credit for outcome in outcomes) / len(outcomes) if outcomes else 0.0
    return Result(task.id, value, tuple(outcomes), blank=not answered)


def _worth(entry: Entry, label: str | None) -> tuple[Kind, float]:
    if label is None:
        return "missed", 0.0
    if label == entry.label:
        return "exact", 1.0
    if label == entry.also:
        return "debated", 1.0
    # Between labels of clauses only neighbours earn: a wrong label on a clause found nothing.
    worth = lab(entry, label, "exam")
    return ("near_label" if worth else "other_label"), worth
