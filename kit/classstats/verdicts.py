"""Verdicts on statements seen as labels on passages: the class view shows both in one way."""

from __future__ import annotations

from dataclasses import replace

from kit.exercise import Clause, Entry, Exercise, Task
from kit.grading.grade import Record
from kit.messages import say
from kit.scoring.verdict import VALUES

KIND = "verdict"
_TAGS = {"true": "✓", "imprecise": "≈", "false": "✗", "unverifiable": "?"}


def as_clauses(exercise: Exercise, task: Task) -> tuple[Exercise, Task]:
    """Return exercise and task as if each statement were a clause, and each verdict a label.

    A statement that is no passage of the text is left out.
    """
    assert exercise.key is not None, "what was graded has a key"
    article = exercise.article
    placed = [item for item in exercise.items_of(task) if item.span]
    entries = []
    for item in placed:
        answer = exercise.answer(item.id)
        also = answer.also[0]["verdict"] if answer.also else None
        entries.append(
            Entry(
                item.id,
                task.layer,
                answer.status,
                item.span,
                answer.why,
                label=answer.value["verdict"],
                also=also,
                clause=item.id,
            )
        )
    inside = {article.paragraph_of(item.span) for item in placed}
    seen = replace(
        exercise,
        clauses=tuple(Clause(item.id, item.span) for item in placed),
        key=replace(exercise.key, entries=tuple(entries)),
    )
    paragraphs = tuple(name for name in article.paragraphs if name in inside)
    return seen, replace(task, kind="classify", labels=VALUES, paragraphs=paragraphs)


def plain(part: Record) -> Record:
    """Return a task's part of a record with the verdicts alone as answers."""
    if part["kind"] != KIND:
        return part
    given = {
        item: value["verdict"] for item, value in part["answers"].items() if value.get("verdict")
    }
    return part | {"answers": given}


def labels(lang: str) -> list[dict[str, str]]:
    """Return the verdicts as labels: id, name and a sign for each."""
    return [
        {"id": value, "name": say(f"feedback.verdict.said_{value}", lang), "tag": _TAGS[value]}
        for value in VALUES
    ]
