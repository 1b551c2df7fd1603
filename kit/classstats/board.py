"""What the class view shows: plain data, worded in one language, without names.

`text_of` never changes; `figures` needs no key; `against` is what a class sees once it asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.article import Article, Span
from kit.classstats import calibration, verdicts
from kit.classstats.against_key import NOTHING, alarms, confusion, false_alarms_each
from kit.classstats.items import FEWEST, items
from kit.classstats.marking import Marking, heat, labels_of, marking
from kit.classstats.passages import Passage, disputed, passages
from kit.codebook import codebook
from kit.exercise import Attribution, Entry, Exercise, Status, Task
from kit.grading.grade import Record

ROLES = {"T": "title", "C": "standfirst"}
MOST_ALARMS = 5  # as many as a class can look at together
STATUSES: tuple[Status, ...] = ("core", "debated", "sound")


def text_of(exercise: Exercise, task: Task) -> list[dict[str, Any]]:
    """Return the paragraphs as words and what stands between them: the page counts no signs.

    ``pieces`` begins and ends with what is no word; ``first`` is the number of its first word.
    """
    article = exercise.article
    found = []
    at = 0
    for name, (start, end) in article.paragraphs.items():
        pieces, first, before = [], at, start
        while at < len(article.words) and article.words[at].start < end:
            word = article.words[at]
            pieces += [article.text[before : word.start], article.text[slice(*word)]]
            before, at = word.end, at + 1
        pieces.append(article.text[before:end])
        found.append(
            {
                "name": name,
                "role": ROLES.get(name.split(".")[-1], "paragraph"),
                "asked": name in task.paragraphs,
                "first": first,
                "pieces": [piece.replace("\n", " ") for piece in pieces],
            }
        )
    return found


def labels(task: Task, lang: str) -> list[dict[str, str]]:
    """Return what words can be marked as: id, name and tag."""
    known = codebook().layers[task.layer].labels
    if not known:
        return verdicts.labels(lang)
    return [
        {"id": id, "name": known[id].name[lang], "tag": known[id].tag} for id in labels_of(task)
    ]


def answered(task: Task, records: Sequence[Record]) -> list[Record]:
    """Return the task's part of each record in which something was answered."""
    parts = [part for each in records for part in each["tasks"] if part["task"] == task.id]
    return [part for part in parts if not part["blank"]]


def figures(exercise: Exercise, task: Task, records: Sequence[Record]) -> dict[str, Any]:
    """Return what the class marked, and where it is divided.

    Parameters
    ----------
    records : sequence of dict
        Of those who handed in, as `kit.classstats.watch.Watch` counts them.
    """
    article = exercise.article
    markings = _markings(exercise, task, map(verdicts.plain, answered(task, records)))
    found = passages(exercise, task, markings)
    talk = disputed(article, task, found)
    counts = heat(exercise, labels_of(task), markings)
    if task.kind == "classify":  # everybody marks every clause: what tells is the label most chosen
        by_label = [counts[label] for label in labels_of(task)]
        counts[""] = [max(each) for each in zip(*by_label, strict=True)]
    return {
        "handedIn": len(records),
        "learners": len(markings),
        "heat": counts,
        "passages": [_passage(article, each) for each in found],
        "disputed": [found.index(each) for each in talk],
    }


def against(exercise: Exercise, task: Task, records: Sequence[Record], lang: str) -> dict[str, Any]:
    """Return the key, and the class against it."""
    assert exercise.key is not None, "what was graded has a key"
    given = answered(task, records)
    parts = [verdicts.plain(part) for part in given]
    markings = _markings(exercise, task, parts)
    accused = alarms(parts)
    things: list[Entry | Attribution] = (
        list(exercise.attributions(task, *STATUSES))
        if task.kind == "attribution"
        else list(exercise.entries(task))
    )
    key = [_entry(exercise.article, task, thing, lang) for thing in things]
    return {
        "key": sorted(key, key=lambda each: (each["words"], each["id"])),
        "confusion": _matrix(confusion(exercise, task, parts, markings), labels_of(task)),
        "alarms": [
            {"id": id, "learners": count}
            for id, count in sorted(accused.items(), key=lambda pair: (-pair[1], pair[0]))
        ][:MOST_ALARMS],
        "alarmsEach": false_alarms_each(parts),
        "sound": sum(thing.status == "sound" for thing in things),
        "items": [
            {
                "id": each.id,
                "right": each.right,
                "of": each.learners,
                "r": each.discrimination,
                "low": each.low,
                "high": each.high,
            }
            for each in items(exercise, task, parts)
        ],
        "fewest": FEWEST,
        "calibration": [
            {"sure": point.confidence, "answers": point.answers, "right": point.right}
            for point in calibration.points(calibration.given(given))
        ],
    }


def _markings(exercise: Exercise, task: Task, parts: Iterable[Record]) -> list[Marking]:
    return [marking(exercise, task, part["answers"]) for part in parts]


def _passage(article: Article, each: Passage) -> dict[str, Any]:
    return {
        "words": list(each.words),
        "quote": _quote(article, each.words),
        "split": each.split,
        "nothing": each.nothing,
        "divided": each.divided,
    }


def _quote(article: Article, words: Sequence[int]) -> str:
    """Return the words with what stands between them; an ellipsis where some are left out."""
    text = ""
    for at, word in enumerate(words):
        start, end = article.words[word]
        if at:
            near = words[at - 1] == word - 1
            text += article.text[article.words[word - 1].end : start] if near else " … "
        text += article.text[start:end]
    return text.replace("\n", " ")


def _entry(article: Article, task: Task, thing: Entry | Attribution, lang: str) -> dict[str, Any]:
    known = {label["id"]: label for label in labels(task, lang)}
    if isinstance(thing, Attribution):
        parts = {part: sorted(article.words_of(thing.spans[part])) for part in labels_of(task)}
        return _shown(article, thing, thing.place, lang) | {
            "name": thing.who[lang] if thing.who else "",
            "tag": "",
            "parts": parts,
        }
    label = known.get(thing.label or "", {"name": "", "tag": ""})
    return _shown(article, thing, thing.span, lang) | {"name": label["name"], "tag": label["tag"]}


def _shown(article: Article, thing: Entry | Attribution, place: Span, lang: str) -> dict[str, Any]:
    words = sorted(article.words_of(place))
    return {
        "id": thing.id,
        "status": thing.status,
        "words": words,
        "quote": _quote(article, words),
        "why": thing.why[lang],
    }


def _matrix(cells: dict[tuple[str, str], int], known: Sequence[str]) -> dict[str, Any]:
    """Return rows of labels that the key has; columns of those that were chosen, nothing last."""
    rows = [label for label in known if any(expected == label for expected, _ in cells)]
    columns = [label for label in known if any(chosen == label for _, chosen in cells)]
    columns = [label for label in known if label in {*rows, *columns}]
    return {
        "rows": rows,
        "columns": [*columns, NOTHING],
        "counts": [[cells.get((row, column), 0) for column in [*columns, NOTHING]] for row in rows],
    }
