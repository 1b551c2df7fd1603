"""What a learner's page says of each passage: plain data for a template, worded in one language."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from kit.article import Span
from kit.codebook import codebook
from kit.exercise import SPAN_PARTS, Attribution, Entry, Exercise, Task
from kit.feedback import SIGNS as SIGNS_OF_FEEDBACK
from kit.grading.grade import Record
from kit.grading.reports.passages import Piece, pieces
from kit.messages import say
from kit.review import rubric
from kit.scoring import LISTS
from kit.scoring.outcome import FOUND, NEAR
from kit.scoring.spans import read_span

Lines = list[tuple[str, str]]  # what, and words

_SIGNS = (
    dict.fromkeys(FOUND, "right")
    | dict.fromkeys(NEAR, "near")
    | {"debated": "debated", "missed": "missed"}
)
_OF_CLAUSES = {
    "exact": ("right_label", "right"),
    "near_label": ("near_kind", "near"),
    "other_label": ("other_kind", "wrong"),
    "debated": ("accepted", "right"),
    "missed": ("unanswered", "missed"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of one passage.

    Attributes
    ----------
    sign : str
        right, near, debated, wrong or missed.
    head : str
        What became of it, in a few words.
    pieces : tuple of (str, bool)
        The passage in its sentence.
    lines : tuple of (str, str)
        What was chosen, what was expected, and so on.
    why : str
        Because.
    start : int
        Where the passage begins.
    """

    sign: str
    head: str
    pieces: tuple[Piece, ...]
    lines: tuple[tuple[str, str], ...]
    why: str
    start: int


def notes(exercise: Exercise, record: Record, lang: str) -> list[Note]:
    """Return what is said of the answers to a task, in the order of the text.

    Parameters
    ----------
    record : dict
        One of the tasks of a hand-in's record.
    """
    task, answers = exercise.task(record["task"]), record["answers"]
    told = []
    for kind, _, _, entry, item, part in record["outcomes"]:
        answer = answers.get(item, "")
        plain = isinstance(answer, str) and task.kind not in LISTS
        said = answer if plain else json.dumps(answer)
        note = _told(exercise, task, kind, entry, part, said, lang)
        if note:
            told.append(_marked(note, record.get("marks", {}).get(item), lang))
    return sorted(told, key=lambda note: note.start)


def _marked(note: Note, mark: Record | None, lang: str) -> Note:
    """Add what a teacher gave to an open answer, and said of it."""
    if mark is None:
        return note
    points = f"{mark['points']:.1f}".removesuffix(".0")
    points = points.replace(".", ",") if lang == "fr" else points
    said = [(say("review.page.comment", lang), mark["comment"])] if mark["comment"] else []
    head = say("review.page.marked", lang, points=points, max=rubric.MOST)
    return replace(note, head=head, lines=(*note.lines, *said))


@lru_cache(maxsize=2048)  # a class says the same things over and over
def _told(
    exercise: Exercise,
    task: Task,
    kind: str,
    entry: str | None,
    part: str | None,
    answer: str,
    lang: str,
) -> Note | None:
    """Say one thing; None where there is no passage to say it of."""
    if task.kind in LISTS:
        return _of_item(exercise, task, kind, entry or "", json.loads(answer or '""'), lang)
    thing = exercise.key.by_id.get(entry) if exercise.key and entry else None
    if task.kind == "classify":
        assert isinstance(thing, Entry), "every clause has an entry"
        return _of_clause(exercise, task, kind, thing, answer, lang)
    given = json.loads(answer) if answer else {}
    parts = ("ranges",) if task.kind == "highlight" else SPAN_PARTS
    spans = [read_span(exercise.article, given.get(name)) for name in parts]
    place = tuple(sorted(range_ for span in spans if span for range_ in span))
    if not place and thing:
        place = thing.place if isinstance(thing, Attribution) else thing.span
    if not place:
        return None
    if task.kind == "attribution":
        key = thing if isinstance(thing, Attribution) else None
        return _of_attribution(exercise, task, kind, key, part, given, place, lang)
    passage = thing if isinstance(thing, Entry) else None
    return _of_mark(exercise, task, kind, passage, str(given.get("label", "")), place, lang)


def _of_mark(
    exercise: Exercise,
    task: Task,
    kind: str,
    entry: Entry | None,
    chosen: str,
    place: Span,
    lang: str,
) -> Note:
    lines: Lines = []
    if entry is None or kind in ("near_label", "other_label"):
        lines.append((say("grade.page.chosen", lang), _names(task, lang, chosen)))
    if entry is None:
        lines.append(_asks(task, chosen, lang))
        return _note("wrong", kind, exercise, place, lines, "", lang)
    if entry.status != "sound":
        names = _names(task, lang, entry.label, entry.also)
        lines.append((say("grade.page.expected", lang), names))
    if kind in ("near_label", "other_label"):
        lines += _apart(task, chosen, entry, lang)
    if entry.status == "core" and kind not in ("missed", "exact"):
        lines.append((say("grade.page.passage", lang), exercise.article.quote(entry.span)))
    if entry.neutral:
        lines.append((say("grade.page.neutral", lang), entry.neutral[lang]))
    sign = _SIGNS.get(kind, "wrong")
    return _note(sign, kind, exercise, place, lines, entry.why[lang], lang)


def _of_clause(
    exercise: Exercise, task: Task, kind: str, entry: Entry, chosen: str, lang: str
) -> Note:
    head, sign = _OF_CLAUSES[kind]
    label = _names(task, lang, chosen)
    lines: Lines = []
    if head != "right_label":
        if chosen:
            lines.append((say("grade.page.answer", lang), label))
        names = _names(task, lang, entry.label, entry.also)
        lines.append((say("grade.page.expected", lang), names))
    if kind in ("near_label", "other_label"):
        lines += _apart(task, chosen, entry, lang)
    return _note(sign, head, exercise, entry.span, lines, entry.why[lang], lang, label)


def _of_attribution(
    exercise: Exercise,
    task: Task,
    kind: str,
    key: Attribution | None,
    part: str | None,
    given: dict[str, Any],
    place: Span,
    lang: str,
) -> Note:
    lines: Lines = []
    for name in SPAN_PARTS:
        mine = read_span(exercise.article, given.get(name)) or ()
        words, expected = _quote(exercise, mine, lang), ""
        if key:
            expected = _quote(exercise, key.spans[name], lang)
            words = f"{words} → {expected}" if name == part and given else expected
        here = _names(task, lang, name).capitalize()
        lines.append((say("grade.page.part", lang, name=here), words))
    if key and key.who:
        lines.append((say("grade.page.who", lang), key.who[lang]))
    head = {"exact": "whole", "close": "nearly_whole"}.get(kind, kind)
    property = codebook().properties.get(part or "")
    if property and key:
        head = "property"
        chosen = property.values.get(given.get(property.id, ""))
        mine_said = chosen[0][lang] if chosen else say("grade.page.blank", lang)
        right = property.values[key.properties[property.id]][0][lang]
        lines.append((property.question[lang], f"{mine_said} → {right}"))
    why = key.why[lang] if key else ""
    return _note(_SIGNS.get(kind, "wrong"), head, exercise, place, lines, why, lang)


def _of_item(exercise: Exercise, task: Task, kind: str, id: str, given: Any, lang: str) -> Note:
    item, answer, of = exercise.by_item[id], exercise.answer(id), LISTS[task.kind].of
    sign = "missed" if kind == "missed" else SIGNS_OF_FEEDBACK.get(kind, "wrong")
    lines: Lines = []
    if item.span:
        lines.append((say("grade.page.asked", lang), item.prompt[lang]))
    if given:
        lines.append((say("grade.page.answer", lang), of.said(item, given, lang)))
    if sign != "right":
        lines.append((say("grade.page.expected", lang), of.said(item, answer.value, lang)))
    shown = pieces(exercise, item.span) if item.span else [(item.prompt[lang], False)]
    head = say(f"grade.kind.item_{sign}", lang)
    at = task.paragraphs.index(id)
    return Note(sign, head, tuple(shown), tuple(lines), answer.why[lang], at)


def _note(
    sign: str,
    head: str,
    exercise: Exercise,
    place: Span,
    lines: Lines,
    why: str,
    lang: str,
    label: str = "",
) -> Note:
    said = say(f"grade.kind.{head}", lang, label=label)
    shown = tuple(pieces(exercise, place))
    return Note(sign, said, shown, tuple(lines), why, min(place).start)


def _apart(task: Task, chosen: str, entry: Entry, lang: str) -> Lines:
    """Say what tells two labels apart; where nothing is written, what the chosen one asks."""
    tell = codebook().tells.get((task.layer, chosen, entry.label or ""))
    if tell:
        return [(say("grade.page.tell", lang), tell[lang])]
    return [_asks(task, chosen, lang)]


def _asks(task: Task, label: str, lang: str) -> tuple[str, str]:
    """Say what a label asks."""
    name = _names(task, lang, label)
    return say("grade.page.question", lang, label=name), _test(task, label, lang)


def _quote(exercise: Exercise, span: Span, lang: str) -> str:
    return exercise.article.quote(span) if span else say("grade.page.none", lang)


def _names(task: Task, lang: str, *labels: str | None) -> str:
    known = codebook().layers[task.layer].labels
    return " / ".join(known[label].name[lang] for label in labels if label in known)


def _test(task: Task, label: str, lang: str) -> str:
    known = codebook().layers[task.layer].labels
    return known[label].test[lang] if label in known else ""
