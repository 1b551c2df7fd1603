"""The class against the key: labels mistaken for one another, sound passages accused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum

from kit.classstats.marking import Marking
from kit.classstats.passages import verdict
from kit.exercise import SPAN_PARTS, Exercise, Task
from kit.grading.grade import Record
from kit.scoring.outcome import FOUND, NEAR

NOTHING = ""  # in place of a label: the passage was not marked


def confusion(
    exercise: Exercise, task: Task, records: Sequence[Record], markings: Sequence[Marking]
) -> Counter[tuple[str, str]]:
    """Count (label in the key, label chosen) over all learners and all passages that are counted.

    A second label that the key accepts counts as the key's. Where nothing was chosen the second
    part is empty. In attributions the labels are the parts: who took the cue for the source?
    """
    assert exercise.key is not None, "what was graded has a key"
    cells: Counter[tuple[str, str]] = Counter()
    if task.kind == "attribution":
        for attribution in exercise.attributions(task, "core"):
            for part in SPAN_PARTS:
                words = sorted(exercise.article.words_of(attribution.spans[part]))
                if words:
                    cells.update((part, verdict(words, task, given)) for given in markings)
        return cells
    entries = {entry.id: entry for entry in exercise.entries(task)}
    for record in records:
        for kind, _, _, id, item, _ in record["outcomes"]:
            entry = entries.get(id)
            if entry is None or entry.label is None or kind == "twice":
                continue
            if kind == "missed":
                chosen = NOTHING
            elif kind in FOUND or (task.kind == "classify" and kind == "debated"):
                chosen = entry.label
            elif kind in NEAR and item in record["answers"]:
                answer = record["answers"][item]
                chosen = answer if task.kind == "classify" else answer["label"]
                chosen = entry.label if chosen == entry.also else chosen
            else:
                continue
            cells[entry.label, chosen] += 1
    return cells


def alarms(records: Sequence[Record]) -> Counter[str]:
    """Count for each sound passage of the key how many learners marked it."""
    return Counter(
        id
        for record in records
        for id in {entry for kind, _, _, entry, _, _ in record["outcomes"] if kind == "sound"}
    )


def false_alarms_each(records: Sequence[Record]) -> float:
    """Return how many marks of a learner, on average, meet no passage of the key."""
    if not records:
        return 0.0
    return fsum(
        sum(outcome[0] in ("sound", "extra") for outcome in record["outcomes"])
        for record in records
    ) / len(records)
