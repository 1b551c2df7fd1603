"""Contests that a teacher has accepted: a log beside the results, and the key with them in it.

The author's ``key.toml`` is never touched. An accepted contest makes a passage debated: of the
key's own passage, its status; of a passage the key does not have, a new entry; of a ready-cut
clause, a second label. The key so changed has a version of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kit.article import Span
from kit.codebook import Text, codebook
from kit.exercise import SPAN_PARTS, Attribution, Entry, Exercise, Key
from kit.messages import LANGUAGES, say
from kit.response import Action, Log, parse
from kit.review.contests import PREFIX, Contested, label_of
from kit.review.marks import now
from kit.scoring.spans import read_span

FILE = "accepted.jsonl"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One accepted contest: who accepted it, when, and what changes in the key."""

    id: str
    who: str
    at: str
    contest: str
    exercise: str
    article: str
    task: str
    entry: str
    answer: Any
    note: str


def read(path: Path) -> list[Accepted]:
    """Return the contests that are accepted and not withdrawn, in the order of the log."""
    actions, _ = parse(Log(path).lines())
    withdrawn = {action.get("of") for action in actions if action.get("do") == "withdraw"}
    found: dict[str, Accepted] = {}
    for action in actions:
        each = _accepted(action)
        if each and each.id not in withdrawn:
            found.setdefault(each.contest, each)
    return list(found.values())


def accept(
    path: Path, who: str, contest: Contested, note: str = "", *, id: str = "", at: str = ""
) -> None:
    """Write that a contest is accepted; it is on disk when this returns.

    Raises
    ------
    OSError
        If it is not.
    """
    at = at or now()
    Log(path).append(
        {
            "id": id or f"{contest.id}/{at}",
            "at": at,
            "do": "accept",
            "who": who,
            "contest": contest.id,
            "exercise": contest.exercise,
            "article": contest.article,
            "task": contest.task,
            "entry": contest.entry,
            "answer": contest.answer,
            "note": note,
        }
    )


def withdraw(path: Path, who: str, accepted: Accepted, *, id: str = "", at: str = "") -> None:
    """Write that an accepted contest no longer counts; see `accept`."""
    at = at or now()
    Log(path).append(
        {"id": id or f"-{accepted.id}/{at}", "at": at, "do": "withdraw", "who": who}
        | {"of": accepted.id}
    )


def obstacle(exercise: Exercise, contest: Contested) -> str:
    """Return the code of why a contest cannot be accepted; empty if it can.

    ``other_text`` (the answers stand on another text), ``no_passage`` (nothing says which passage
    it is about), ``two_labels`` (the clause has two labels already), ``incomplete`` (an attribution
    without all its parts), ``debated`` (the key holds it open already), ``not_here`` (this kind of
    task has no debated passages).
    """
    if exercise.key is None or contest.article != exercise.article.sha256:
        return "other_text"
    return _changed(exercise, exercise.key, contest.task, contest.entry, contest.answer, "")[1]


def with_accepted(exercise: Exercise, accepted: Iterable[Accepted]) -> Exercise:
    """Return an exercise whose key has accepted contests in it; the same one if none is its own."""
    key = exercise.key
    if key is None:
        return exercise
    told = []
    for each in accepted:
        if (each.exercise, each.article) != (exercise.id, exercise.article.sha256):
            continue
        changed, reason = _changed(exercise, key, each.task, each.entry, each.answer, each.note)
        if not reason:
            key = changed
            told.append([each.contest, each.task, each.entry, each.answer, each.note])
    if not told:
        return exercise
    sum_ = hashlib.sha256(json.dumps([key.version, told], sort_keys=True).encode()).hexdigest()
    return replace(exercise, key=replace(key, version=sum_))


def _accepted(action: Action) -> Accepted | None:
    names = [field.name for field in fields(Accepted) if field.name != "answer"]
    if action.get("do") != "accept" or not all(isinstance(action.get(name), str) for name in names):
        return None
    return Accepted(answer=action.get("answer"), **{name: action[name] for name in names})


def _changed(
    exercise: Exercise, key: Key, task_id: str, entry: str, answer: Any, note: str
) -> tuple[Key, str]:
    """Return the key with one contest in it, or why it cannot be."""
    task = exercise.by_task.get(task_id)
    if task is None:
        return key, "no_passage"
    if task.kind not in ("highlight", "classify", "attribution"):
        return key, "not_here"
    thing = key.by_id.get(entry) if entry else None
    if entry and thing is None:
        return key, "no_passage"
    if isinstance(thing, Entry) and task.kind == "classify":
        return _second_label(key, thing, label_of("classify", answer), task.labels)
    if isinstance(thing, Entry | Attribution):
        if thing.status == "debated":
            return key, "debated"
        return _swapped(key, thing, replace(thing, status="debated")), ""
    why = {lang: note or say("review.accepted_why", lang) for lang in LANGUAGES}
    id = PREFIX + hashlib.sha256(json.dumps([task_id, answer], sort_keys=True).encode()).hexdigest()
    if task.kind == "highlight":
        span = read_span(exercise.article, answer.get("ranges")) if _is_table(answer) else None
        label = label_of("highlight", answer)
        if span is None or label not in task.labels:
            return key, "no_passage"
        made = Entry(id[:20], task.layer, "debated", span, why, label)
        return replace(key, entries=(*key.entries, made)), ""
    return _new_attribution(exercise, key, id[:20], answer, why)


def _second_label(
    key: Key, entry: Entry, label: str, labels: Sequence[str]
) -> tuple[Key, str]:  # fmt: skip
    if label not in labels:
        return key, "no_passage"
    if label in (entry.label, entry.also):
        return key, "debated"
    if entry.also:
        return key, "two_labels"
    return _swapped(key, entry, replace(entry, also=label)), ""


def _new_attribution(
    exercise: Exercise, key: Key, id: str, answer: Any, why: Text
) -> tuple[Key, str]:
    spans: dict[str, Span] = {}
    if not _is_table(answer):
        return key, "no_passage"
    for part in SPAN_PARTS:
        spans[part] = read_span(exercise.article, answer.get(part)) or ()
    properties = {
        each.id: answer[each.id]
        for each in codebook().properties.values()
        if answer.get(each.id) in list(each.values)
    }
    if not spans["source"] or not spans["content"] or len(properties) < len(codebook().properties):
        return key, "incomplete"
    made = Attribution(id, "debated", spans, properties, why, why)
    return replace(key, attributions=(*key.attributions, made)), ""


def _swapped(key: Key, old: Entry | Attribution, new: Entry | Attribution) -> Key:
    if isinstance(new, Attribution):
        swapped = tuple(new if each is old else each for each in key.attributions)
        return replace(key, attributions=swapped)
    return replace(key, entries=tuple(new if each is old else each for each in key.entries))


def _is_table(answer: Any) -> bool:
    return isinstance(answer, dict)
