"""Results as xAPI statements (version 1.0.3): a file to be sent to a learning record store.

Nothing is sent from here. A statement names a learner by the id of the gradebook alone; nobody's
name, and no answer, is in it.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from kit.codebook import codebook
from kit.export.graded import Marked
from kit.grading.tables import shown
from kit.messages import LANGUAGES, say

NAME = "xapi.json"
# A domain that can never be anybody's (RFC 2606): the accounts are on no server.
HOME = "https://claims-sources-bias.example/"
_ADL = "http://adlnet.gov/expapi/"
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, HOME)

Statement = dict[str, Any]


def statements(marked: Sequence[Marked]) -> Iterator[Statement]:
    """Yield the statements of a class: each task answered, the exercise completed, and its score.

    What was refused, is absent or waits for a teacher has none.
    """
    shared = _shared(marked)
    for each in marked:
        if each.share is None or not each.exercise:
            continue
        name = shown(each.learner)
        if name in shared:  # two people of one id, in two folders
            name = f"{name} #{uuid.uuid5(_IDS, each.row['page']).hex[:8]}"
        actor = {"objectType": "Agent", "account": {"homePage": HOME, "name": name}}
        exercise = _exercise(each.exercise)
        for task in each.tasks:
            if task["score"] is not None and not task["blank"]:
                score = _score(task["score"], task["points"], task["max"])
                activity = _task(each.exercise, task)
                context = _context(each) | {"contextActivities": {"parent": [exercise]}}
                yield _statement(actor, "answered", activity, {"score": score}, context, each)
        context = _context(each)
        done = {"completion": True}
        yield _statement(actor, "completed", exercise, done, context, each)
        score = _score(each.share, each.row["points"], each.row["max"])
        yield _statement(actor, "scored", exercise, {"score": score}, context, each)


def encoded(marked: Sequence[Marked]) -> bytes:
    """Return the statements as one JSON array, as a record store takes it; one a line."""
    lines = [json.dumps(each, ensure_ascii=False) for each in statements(marked)]
    text = "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"
    return text.encode("utf-8", "replace")


def _statement(
    actor: Statement,
    verb: str,
    activity: Statement,
    result: Statement,
    context: Statement,
    marked: Marked,
) -> Statement:
    """Return a statement; the same content has the same id, and another content another."""
    display = {lang: say(f"export.verb.{verb}", lang) for lang in LANGUAGES}
    content = {
        "actor": actor,
        "verb": {"id": f"{_ADL}verbs/{verb}", "display": display},
        "object": activity,
        "result": result,
        "context": context,
    }
    if marked.row["submitted_at"]:
        content["timestamp"] = marked.row["submitted_at"]
    named = {"content": content, "file": marked.sum}
    canonical = json.dumps(named, ensure_ascii=True, sort_keys=True)
    return {"id": str(uuid.uuid5(_IDS, canonical))} | content


def _exercise(id: str) -> Statement:
    return {
        "objectType": "Activity",
        "id": f"{HOME}exercises/{quote(id, safe='')}",
        "definition": {
            "type": f"{_ADL}activities/assessment",
            "name": {"und": id},
        },
    }


def _task(exercise: str, task: Statement) -> Statement:
    layer = codebook().layers.get(task["layer"])
    names = {lang: layer.name[lang] for lang in LANGUAGES} if layer else {"und": task["task"]}
    return {
        "objectType": "Activity",
        "id": f"{HOME}exercises/{quote(exercise, safe='')}/tasks/{quote(task['task'], safe='')}",
        "definition": {"type": f"{_ADL}activities/question", "name": names},
    }


def _context(marked: Marked) -> Statement:
    """Return what it was graded with: a key changed later gives another statement."""
    versions = {
        f"{HOME}extensions/{column.replace('_', '-')}": marked.row[column]
        for column in ("exercise_version", "key_version", "scorer", "mode")
        if marked.row[column]
    }
    return {"platform": "claims-sources-bias"} | ({"extensions": versions} if versions else {})


def _score(share: float, points: float, most: float) -> Statement:
    scaled = min(max(float(share), 0.0), 1.0)
    raw = min(max(float(points), 0.0), float(most))
    return {"scaled": round(scaled, 6), "raw": raw, "min": 0, "max": most}


def _shared(marked: Sequence[Marked]) -> set[str]:
    """Return the ids under which one exercise has several rows: several people."""
    times = Counter((each.exercise, shown(each.learner)) for each in marked)
    return {learner for (_, learner), count in times.items() if count > 1}
