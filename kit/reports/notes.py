"""What a learner's page says of each passage: plain data for a template, worded in one language."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from kit.article import Range, Span
from kit.codebook import codebook
from kit.exercise import SPAN_PARTS, Attribution, Entry, Exercise, Task
from kit.grading import Record
from kit.messages import say
from kit.scoring.outcome import FOUND, NEAR
from kit.scoring.spans import read_span

Piece = tuple[str, bool]  # words, and whether they are marked
Note = dict[str, Any]

_SIGNS = dict.fromkeys(FOUND, "right") | dict.fromkeys(NEAR, "near")
_OF_CLAUSES = {
    "exact": ("right_label", "right"),
    "near_label": ("near_kind", "near"),
    "other_label": ("other_kind", "wrong"),
    "debated": ("accepted", "right"),
    "missed": ("unanswered", "missed"),
}


def notes(exercise: Exercise, record: Record, lang: str) -> list[Note]:
    """Return what is said of the answers to a task, in the order of the text.

    Parameters
    ----------
    record : dict
        One of the tasks of a hand-in's record.

    Returns
    -------
    list of dict
        ``sign`` (right, near, debated, wrong, missed), ``head``, ``pieces`` (the passage in its
        sentence), ``lines`` (pairs of what and words), ``why``.
    """
    task = exercise.task(record["task"])
    writer = {"classify": _of_clause, "attribution": _of_attribution}.get(task.kind, _of_mark)
    told = [
        (place, writer(exercise, task, record, outcome, place, lang))
        for outcome in record["outcomes"]
        if outcome[0] != "everything"
        if (place := _place(exercise, task, record, outcome))
    ]
    return [note for _, note in sorted(told, key=lambda pair: min(pair[0]))]


def counts(record: Record, lang: str) -> str:
    """Word how many answers are right, near, missing, too many."""
    kinds = Counter(outcome[0] for outcome in record["outcomes"])
    right, near = sum(kinds[kind] for kind in FOUND), sum(kinds[kind] for kind in NEAR)
    numbers = {"right": right, "near": near, "missed": kinds["missed"]}
    if record["kind"] == "classify":
        numbers |= {
            "right": right + kinds["debated"],
            "near": near - kinds["other_label"],
            "other": kinds["other_label"],
            "missed": 0,
            "unanswered": kinds["missed"],
        }
    numbers["extra"] = sum(kinds[kind] for kind in ("extra", "sound", "twice"))
    told = [
        say(f"grade.page.{what}", lang, count=count) for what, count in numbers.items() if count
    ]
    return ", ".join(told)


def _of_mark(
    exercise: Exercise, task: Task, record: Record, outcome: list[Any], place: Span, lang: str
) -> Note:
    kind, entry = outcome[0], _entry(exercise, outcome[3])
    chosen = record["answers"].get(outcome[4], {}).get("label", "")
    lines = []
    if entry is None:
        lines.append((say("grade.page.chosen", lang), _names(task, lang, chosen)))
        lines.append((say("grade.page.question", lang), _test(task, chosen, lang)))
        return _note("wrong", kind, exercise, place, lines, "", lang)
    if kind in ("near_label", "other_label"):
        lines.append((say("grade.page.chosen", lang), _names(task, lang, chosen)))
    if entry.status != "sound":
        lines.append(
            (say("grade.page.expected", lang), _names(task, lang, entry.label, entry.also))
        )
    if kind != "missed" and entry.status == "core" and kind != "exact":
        lines.append((say("grade.page.passage", lang), exercise.article.quote(entry.span)))
    if entry.neutral:
        lines.append((say("grade.page.neutral", lang), entry.neutral[lang]))
    sign = _SIGNS.get(kind, "missed" if kind == "missed" else "wrong")
    sign = "debated" if kind == "debated" else sign
    return _note(sign, kind, exercise, place, lines, entry.why[lang], lang)


def _of_clause(
    exercise: Exercise, task: Task, record: Record, outcome: list[Any], place: Span, lang: str
) -> Note:
    entry = _entry(exercise, outcome[3])
    assert entry is not None, "every clause has an entry"
    chosen = record["answers"].get(outcome[4], "")
    head, sign = _OF_CLAUSES[outcome[0]]
    lines = []
    if head != "right_label":
        if chosen:
            lines.append((say("grade.page.answer", lang), _names(task, lang, chosen)))
        lines.append(
            (say("grade.page.expected", lang), _names(task, lang, entry.label, entry.also))
        )
    label = _names(task, lang, chosen)
    return _note(sign, head, exercise, place, lines, entry.why[lang], lang, label)


def _of_attribution(
    exercise: Exercise, task: Task, record: Record, outcome: list[Any], place: Span, lang: str
) -> Note:
    kind, _, _, id, item, part = outcome
    given = record["answers"].get(item, {})
    key = exercise.key.by_id.get(id) if exercise.key and id else None
    lines = []
    wanted = key.spans if isinstance(key, Attribution) else {}
    for name in SPAN_PARTS:
        mine = read_span(exercise.article, given.get(name))
        words = exercise.article.quote(mine) if mine else say("grade.page.none", lang)
        here = say("grade.page.part", lang, name=_names(task, lang, name).capitalize())
        if not key:
            lines.append((here, words))
            continue
        right = wanted.get(name, ())
        expected = exercise.article.quote(right) if right else say("grade.page.none", lang)
        lines.append((here, expected if name != part or not item else f"{words} → {expected}"))
    if isinstance(key, Attribution) and key.who:
        lines.append((say("grade.page.who", lang), key.who[lang]))
    properties = codebook().properties
    head = {"exact": "whole", "close": "nearly_whole"}.get(kind, kind)
    if part in properties and isinstance(key, Attribution):
        head = "property"
        values = properties[part].values
        chosen = given.get(part)
        mine_said = values[chosen][0][lang] if chosen in values else say("grade.page.blank", lang)
        expected = values[key.properties[part]][0][lang]
        lines.append((properties[part].question[lang], f"{mine_said} → {expected}"))
    sign = _SIGNS.get(kind, "missed" if kind == "missed" else "wrong")
    sign = "debated" if kind == "debated" else sign
    return _note(sign, head, exercise, place, lines, key.why[lang] if key else "", lang)


def _note(
    sign: str,
    head: str,
    exercise: Exercise,
    place: Span,
    lines: list[tuple[str, str]],
    why: str,
    lang: str,
    label: str = "",
) -> Note:
    return {
        "sign": sign,
        "head": say(f"grade.kind.{head}", lang, label=label),
        "pieces": pieces(exercise, place),
        "lines": lines,
        "why": why,
    }


@lru_cache(maxsize=4096)  # a class meets the same passages over and over
def pieces(exercise: Exercise, place: Span) -> list[Piece]:
    """Cut the sentences around a passage where it begins and ends.

    Of a text that a reader supplied only the passage itself is shown: it is not the kit's.
    """
    text = exercise.article.text
    if exercise.supplied:
        return [(exercise.article.quote(place), True)]
    first = exercise.article.segment_at(min(place).start).range.start
    last = max(end for _, end in place)
    end = exercise.article.segment_at(last - 1).range.end
    cut: list[Piece] = []
    at = first
    for start, stop in _merged(place):
        cut += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    cut.append((text[at : max(end, at)], False))
    return [(words.replace("\n", " "), marked) for words, marked in cut if words]


def _merged(place: Span) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(place):
        if merged and start <= merged[-1].end:
            merged[-1] = Range(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Range(start, end))
    return merged


def _place(exercise: Exercise, task: Task, record: Record, outcome: list[Any]) -> Span:
    """Where the answer lies; the key's passage where there is none."""
    entry, item = outcome[3], outcome[4]
    answer = record["answers"].get(item) if item else None
    if task.kind == "classify":
        return exercise.by_clause[item].span
    if isinstance(answer, dict):
        parts = ("ranges",) if task.kind == "highlight" else SPAN_PARTS
        spans = [read_span(exercise.article, answer.get(part)) for part in parts]
        return tuple(sorted(range_ for span in spans if span for range_ in span))
    thing = exercise.key.by_id.get(entry) if exercise.key else None
    if isinstance(thing, Attribution):
        return thing.place
    return thing.span if thing else ()


def _entry(exercise: Exercise, id: str | None) -> Entry | None:
    thing = exercise.key.by_id.get(id) if exercise.key and id else None
    return thing if isinstance(thing, Entry) else None


def _names(task: Task, lang: str, *labels: str | None) -> str:
    known = codebook().layers[task.layer].labels
    return " / ".join(known[label].name[lang] for label in labels if label in known)


def _test(task: Task, label: str, lang: str) -> str:
    known = codebook().layers[task.layer].labels
    return known[label].test[lang] if label in known else ""
