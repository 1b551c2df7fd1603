"""What stands on a learner's page, and in their line of the index: plain data for a template."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kit.codebook import codebook
from kit.exercise import Attribution, Exercise
from kit.feedback import remark
from kit.grading import remarks
from kit.grading.grade import Bench, Record
from kit.grading.reports.notes import notes
from kit.grading.reports.passages import Piece, pieces
from kit.messages import say
from kit.scoring import LISTS
from kit.scoring.outcome import FOUND, NEAR

Part = tuple[dict[str, Any], Record | None]  # a row of the gradebook, and its record

MOST_NOTES = 150  # on one task: more is no answer, and a page is to be read

# What concerns the teacher alone: other people, or what somebody could take for an accusation.
_NOT_FOR_LEARNERS = {
    "same_file",
    "unknown_learner",
    "learner_differs",
    "receipt_missing",
    "receipt_differs",
    "odd_field",
    "odd_time",
    "unknown_field",
    "superseded",
    "absent",
}


def page(parts: list[Part], bench: Bench, lang: str) -> dict[str, Any]:
    """Return what the template of a learner's page asks for."""
    first = parts[0][0]
    return {
        "learner": first["learner"],
        "name": first["name"],
        "parts": [_part(row, record, bench, lang) for row, record in parts],
    }


def index_row(row: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return a line of the index."""
    fields = ("learner", "name", "group", "exercise", "points", "max", "page")
    why = [remarks.why(code, lang) for code in row["reason"].split()]
    status = say(f"grade.status.{row['status']}", lang)
    return {field: row[field] for field in fields} | {"status": status, "why": why}


def _part(row: dict[str, Any], record: Record | None, bench: Bench, lang: str) -> dict[str, Any]:
    found = bench.exercise(row["exercise"]) if row["exercise"] else ""
    exercise = found if isinstance(found, Exercise) else None
    codes = row["reason"].split()
    told = {
        "title": exercise.title[lang] if exercise else row["exercise"],
        "notice": exercise.notice[lang] if exercise else "",
        "lang": exercise.lang if exercise else lang,
        "supplied": exercise is not None and exercise.supplied,
        "status": row["status"],
        "absent": "absent" in codes,
        "points": row["points"],
        "max": row["max"],
        "percent": row["percent"],
        "facts": _facts(row, lang),
        "remarks": [
            (remarks.why(code, lang), remarks.done(code, lang))
            for code in codes
            if code not in _NOT_FOR_LEARNERS
        ],
        "tasks": [],
        "contests": [],
        "versions": "",
    }
    if exercise and record and record["tasks"]:
        marked = row.get("marked", {})  # what a teacher gave since the record was made
        told["tasks"] = [
            _task(exercise, task | marked.get(task["task"], {}), lang) for task in record["tasks"]
        ]
        told["contests"] = _contests(exercise, record)
        told["versions"] = say(
            "grade.page.versions",
            lang,
            exercise=row["exercise_version"],
            key=row["key_version"],
            scorer=row["scorer"],
        )
    return told


def _facts(row: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    at = row["submitted_at"].replace("T", " ").replace("Z", " UTC")
    said = say("grade.page.sent_clock", lang, at=at) if at else ""
    facts = {"sent": said, "receipt": row["receipt"], "file": row["file"]}
    return [(say(f"grade.page.{what}", lang), words) for what, words in facts.items() if words]


def _task(exercise: Exercise, record: Record, lang: str) -> dict[str, Any]:
    task, said = exercise.task(record["task"]), notes(exercise, record, lang)
    whole = remark(exercise, task, record["answers"], task.paragraphs, lang)
    return {
        "name": codebook().layers[task.layer].name[lang].capitalize(),
        "prompt": task.prompt[lang],
        "points": record["points"],
        "max": record["max"],
        "share": record["score"] or 0.0,
        "blank": record["blank"],
        "refused": bool(record["refused"]),
        "to_mark": record["points"] is None,
        "everything": any(outcome[0] == "everything" for outcome in record["outcomes"]),
        "summary": ". ".join(filter(None, [_counts(record, lang), whole])),
        "notes": said[:MOST_NOTES],
        "more": max(len(said) - MOST_NOTES, 0),
    }


def _counts(record: Record, lang: str) -> str:
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
    if record["kind"] in LISTS:
        numbers = {
            "right": right + kinds["debated"],
            "near": kinds["near_label"],
            "to_mark": record["to_mark"],
            "unanswered": kinds["missed"],
        }
        marked = kinds["kept"] - record["to_mark"]
        numbers["other"] = sum(kinds.values()) - sum(numbers.values()) - marked
    numbers["extra"] = sum(kinds[kind] for kind in ("extra", "sound", "twice"))
    told = [
        say(f"grade.page.{what}", lang, count=count) for what, count in numbers.items() if count
    ]
    return ", ".join(told)


def _contests(exercise: Exercise, record: Record) -> list[dict[str, Any]]:
    return [
        {"reason": contest["reason"], "pieces": about(exercise, contest["target"])}
        for contest in record["contests"]
    ]


def about(exercise: Exercise, target: str) -> list[Piece]:
    """Return the passage a disagreement is about, where it names an entry or a clause."""
    if target in exercise.by_clause:
        return pieces(exercise, exercise.by_clause[target].span)
    item = exercise.by_item.get(target)
    if item:
        return pieces(exercise, item.span) if item.span else [(item.prompt[exercise.lang], False)]
    thing = exercise.key.by_id.get(target) if exercise.key else None
    if isinstance(thing, Attribution):
        return pieces(exercise, thing.place)
    return pieces(exercise, thing.span) if thing else []
