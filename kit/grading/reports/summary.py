"""What stands in the report of the class: plain data for a template, without names."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kit.codebook import codebook
from kit.exercise import Attribution, Entry, Exercise, Task
from kit.grading.grade import Bench
from kit.grading.reports.learner import about
from kit.grading.reports.passages import pieces
from kit.grading.reports.tally import OfExercise, OfTask, Tally, found
from kit.messages import say
from kit.scoring import LISTS
from kit.scoring.outcome import NEAR

MOST_LINES = 10  # of a table: what a class can talk about
STATUSES = ("graded", "partial", "to_mark", "empty", "absent", "refused")
_MARKS = ("sound", "debated")


def parts(tally: Tally, bench: Bench, lang: str) -> list[dict[str, Any]]:
    """Return what the template of the report asks for, exercise by exercise."""
    return [_part(id, tally.exercises[id], bench, lang) for id in sorted(tally.exercises)]


def _part(id: str, here: OfExercise, bench: Bench, lang: str) -> dict[str, Any]:
    exercise = bench.exercise(id) if id else ""
    known = exercise if isinstance(exercise, Exercise) else None
    bands = here.bands()
    most = max([1, *bands])
    version, key, scorer, mode = here.versions
    return {
        "title": known.title[lang] if known else id,
        "notice": known.notice[lang] if known else "",
        "lang": known.lang if known else lang,
        "statuses": [
            (_status(status, lang), here.statuses[status])
            for status in STATUSES
            if here.statuses[status]
        ],
        "mean": here.mean(),
        "quarters": here.quarters(),
        "bands": [
            {"low": 10 * at, "high": 10 * at + 10, "count": count, "share": count / most}
            for at, count in enumerate(bands)
        ],
        "tasks": [_task(known, known.task(id), here.tasks[id], lang) for id in here.tasks]
        if known
        else [],
        "contests": _contests(known, here) if known else [],
        "versions": say(
            "grade.report.versions", lang, exercise=version, key=key, scorer=scorer, mode=mode
        )
        if version
        else "",
    }


def _task(exercise: Exercise, task: Task, here: OfTask, lang: str) -> dict[str, Any]:
    total = here.learners or 1
    row = _item if task.kind in LISTS else _passage
    rows = [row(exercise, task, id, kinds, total, lang) for id, kinds in here.outcomes.items()]
    core = [row for row in rows if row["status"] == "core"]
    # The same figures come in the order of the text.
    hardest = sorted(core, key=lambda row: (row["found"], row["near"], row["at"]))
    marks = {
        status: sorted(
            (row for row in rows if row["status"] == status and row["share"]),
            key=lambda row: (-row["share"], row["at"]),
        )
        for status in _MARKS
    }
    return {
        "name": codebook().layers[task.layer].name[lang].capitalize(),
        "mean": here.share / here.scored if here.scored else None,
        "blank": here.blank,
        "hardest": hardest[:MOST_LINES],
        "sound": marks["sound"][:MOST_LINES],
        "debated": [] if task.kind == "classify" else marks["debated"][:MOST_LINES],
        "confusions": [] if task.kind in LISTS else _confusions(exercise, task, here, lang),
    }


def _passage(
    exercise: Exercise, task: Task, id: str, kinds: Counter[str], total: int, lang: str
) -> dict[str, Any]:
    assert exercise.key is not None, "what was graded has a key"
    thing = exercise.key.by_id[id]
    place = thing.span if isinstance(thing, Entry) else thing.place
    right, near = found(kinds), sum(kinds[kind] for kind in NEAR)
    missed = kinds["missed"]
    if task.kind == "classify":  # a second label is accepted, a wrong one found nothing
        right += kinds["debated"]
        near -= kinds["other_label"]
        missed += kinds["other_label"]
    return {
        "at": min(place).start,
        "status": thing.status,
        "pieces": pieces(exercise, place),
        "label": _label(task, thing, lang),
        "why": thing.why[lang],
        "found": 100 * right / total,
        "near": 100 * near / total,
        "missed": 100 * missed / total,
        "share": 100 * (kinds["sound"] + kinds["debated"]) / total,
    }


def _item(
    exercise: Exercise, task: Task, id: str, kinds: Counter[str], total: int, lang: str
) -> dict[str, Any]:
    item, answer = exercise.by_item[id], exercise.answer(id)
    right, near = found(kinds) + kinds["debated"], kinds["near_label"]
    return {
        "at": task.paragraphs.index(id),
        "status": "to_mark" if kinds["kept"] else answer.status,
        "pieces": about(exercise, id),
        "label": LISTS[task.kind].of.said(item, answer.value, lang),
        "why": answer.why[lang],
        "found": 100 * right / total,
        "near": 100 * near / total,
        "missed": 100 * (kinds.total() - right - near) / total,
        "share": 0.0,
    }


def _confusions(
    exercise: Exercise, task: Task, here: OfTask, lang: str
) -> list[tuple[str, str, int]]:
    assert exercise.key is not None, "what was graded has a key"
    pairs: Counter[tuple[str, str]] = Counter()
    for (id, chosen), times in here.chosen.items():
        thing = exercise.key.by_id[id]
        pairs[_label(task, thing, lang), _name(task, chosen, lang)] += times
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(expected, chosen, times) for (expected, chosen), times in ordered[:MOST_LINES]]


def _contests(exercise: Exercise, here: OfExercise) -> list[dict[str, Any]]:
    ordered = sorted(here.contests.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "pieces": about(exercise, entry),
            "reasons": here.reasons[task, entry],
            "more": times - len(here.reasons[task, entry]),
        }
        for (task, entry), times in ordered[:MOST_LINES]
    ]


def _label(task: Task, thing: Entry | Attribution, lang: str) -> str:
    if isinstance(thing, Attribution):
        return thing.who[lang] if thing.who else ""
    return _name(task, thing.label or "", lang)


def _name(task: Task, label: str, lang: str) -> str:
    labels = codebook().layers[task.layer].labels
    return labels[label].name[lang] if label in labels else ""


def _status(status: str, lang: str) -> str:
    if status == "absent":
        return say("grade.report.absent", lang)
    return say(f"grade.status.{status}", lang)
