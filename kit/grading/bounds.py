"""How much of a log is looked at: more than any learner does, less than would stall a grader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from kit.exercise import SPAN_PARTS, Exercise
from kit.grading.handed_in import MOST_NAME
from kit.response import Action

MOST_ITEMS = 1_000  # answers to one task
MOST_STEPS = 1_000  # checks, hints, model answers and disagreements
MOST_RANGES = 100_000  # pieces of marks, over the whole log


def within_bounds(
    exercise: Exercise, log: Iterable[Action], remarks: Counter[str]
) -> Iterable[Action]:
    """Yield the actions of a log, without what only one made to stall the grader holds.

    Parameters
    ----------
    exercise : Exercise
        Paragraphs it does not have are left out of checks, and checks beyond its attempts.
    log : iterable of dict
        Actions, as they were handed in.
    remarks : Counter
        Counts what was left out.
    """
    items: dict[str, set[str]] = {}
    tries: Counter[tuple[str, str]] = Counter()
    ranges = steps = 0
    for action in log:
        kind, task = action.get("do"), exercise.by_task.get(str(action.get("task")))
        if kind == "set" and task is not None:
            item = action.get("item")
            if not isinstance(item, str) or len(item) > MOST_NAME:
                remarks["unknown_item"] += 1
                continue
            known = items.setdefault(task.id, set())
            known.add(item)
            ranges += _pieces(action.get("value"))
            if len(known) > MOST_ITEMS or ranges > MOST_RANGES:
                remarks["too_many_events"] += 1
                continue
        elif kind in ("check", "hint", "model", "contest"):
            steps += 1
            names = action.get("paragraphs")
            if isinstance(names, list):
                asked = task.paragraphs if task else tuple(exercise.article.paragraphs)
                places = [name for name in asked if name in names]
                if kind == "check" and task is not None:
                    places = [name for name in places if tries[task.id, name] < task.attempts]
                    tries.update((task.id, name) for name in places)
                action = action | {"paragraphs": places}
            if steps > MOST_STEPS or (kind == "check" and not action.get("paragraphs")):
                remarks["too_many_steps"] += 1
                continue
        yield action


def _pieces(value: Any) -> int:
    if not isinstance(value, dict):
        return 0
    spans = (value.get(part) for part in ("ranges", *SPAN_PARTS))
    return sum(len(span) for span in spans if isinstance(span, list))
