"""One file of a learner, read strictly: bytes to one typed object, or the code of why not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kit.grading import strict
from kit.grading.deadline import instant
from kit.grading.strict import Unreadable
from kit.response import Action
from kit.submission import SCHEMA, receipt_code

MOST_EVENTS = 100_000
MOST_TEXT = 10_000  # signs of one free text; more is cut, with a mark
MOST_NAME = 200  # signs of an id
CUT = " […]"
_HEAD = 5  # lines that are looked at to know a raw log
_FIELDS = {"schema", "exercise", "exercise_version", "article", "learner", "version"} | {
    "submitted_at",
    "log",
    "words",
    "receipt",
}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a learner handed in, in types that later code can trust.

    Attributes
    ----------
    exercise, learner, article, exercise_version : str
        As the file says; empty where it says nothing.
    version : int
        Number of the submission on the learner's computer; 0 for a raw log.
    submitted_at : str
        ISO 8601 in UTC by the learner's clock; empty if there is none or it cannot be.
    receipt : str
        As the file says.
    receipt_fits : bool or None
        Whether the content still has this receipt; None where there is no receipt.
    log : list of dict
        The actions, each id once, in the order of the file.
    words : list of int
        Start and end of each word in the learner's copy of a supplied text; empty otherwise.
    from_log : bool
        A raw log: the learner did not hand in.
    remarks : Counter
        Codes of what was set aside or is odd, and how often.
    """

    exercise: str
    learner: str
    article: str
    exercise_version: str
    version: int
    submitted_at: str
    receipt: str
    receipt_fits: bool | None
    log: list[Action]
    words: list[int]
    from_log: bool
    remarks: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be graded: why, and whose it is as far as it says."""

    reason: str
    exercise: str = ""
    learner: str = ""


def read(data: bytes) -> HandedIn | Refused:
    """Read a file; nothing in it is ever executed, and nothing in it makes this raise.

    Parameters
    ----------
    data : bytes
        A submission, or the raw log of a learner who did not hand in.
    """
    try:
        text = strict.decode(data)
        if _is_log(text):
            return _from_lines(text)
        value = strict.loads(text)
        if not isinstance(value, dict):
            return Refused("not_object")
        if "nbformat" in value and "cells" in value:
            return Refused("notebook")
        if "do" in value and "log" not in value:
            return _from_lines(text)
        return _from_submission(value, escaped="\\u" in text)
    except Unreadable as error:
        return Refused(error.reason)


def _is_log(text: str) -> bool:
    """Tell a log of one object a line: one of the first lines is an action."""
    lines = text.split("\n", _HEAD)
    if len(lines) == 1:
        return False
    return any(_action_on(line) for line in lines[:_HEAD])


def _action_on(line: str) -> bool:
    if not line.strip().startswith("{"):
        return False
    try:
        value = strict.loads(line)
    except Unreadable:
        return False
    return isinstance(value, dict) and "do" in value and "log" not in value


def _from_submission(table: dict[str, Any], *, escaped: bool) -> HandedIn | Refused:
    remarks: Counter[str] = Counter()
    receipt = table.get("receipt")
    fits = None
    if isinstance(receipt, str) and receipt:
        fits = receipt_code(table) == receipt
    if escaped:  # only an escape can bring in what cannot be written
        table = strict.clean(table)
    schema, log = table.get("schema"), table.get("log")
    exercise, learner = _text(table, "exercise"), _text(table, "learner")
    if type(schema) is int and schema > SCHEMA:
        return Refused("newer_schema", exercise, learner)
    if not isinstance(log, list):
        return Refused("no_log", exercise, learner)
    actions = _actions(log, remarks)
    opened = _opened(actions)
    version = table.get("version")
    if type(version) is not int or version < 1:
        version = 1
        remarks["odd_field"] += 1
    at = instant(table.get("submitted_at"))
    if not at:
        remarks["odd_time"] += 1
    if fits is None:
        remarks["receipt_missing"] += 1
    elif not fits:
        remarks["receipt_differs"] += 1
    unknown = sum(name not in _FIELDS for name in table)
    if unknown:
        remarks["unknown_field"] = unknown
    handed = HandedIn(
        exercise or _text(opened, "exercise"),
        learner or _text(opened, "learner"),
        _text(table, "article") or _text(opened, "article"),
        _text(table, "exercise_version"),
        version,
        at,
        _text(table, "receipt")[:MOST_NAME],
        fits,
        actions,
        _words(table.get("words")),
        from_log=False,
        remarks=remarks,
    )
    return handed if handed.exercise else Refused("no_exercise", "", handed.learner)


def _from_lines(text: str) -> HandedIn | Refused:
    remarks: Counter[str] = Counter(["from_log"])
    values: list[Any] = []
    lines = [line for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines[: MOST_EVENTS + 1]):
        try:
            value = strict.loads(line)
            values.append(strict.clean(value) if "\\u" in line else value)
        except Unreadable:
            remarks["torn_line" if number == len(lines) - 1 else "bad_line"] += 1
    actions = _actions(values, remarks)
    opened = _opened(actions)
    if not _text(opened, "exercise"):
        return Refused("no_exercise", "", _text(opened, "learner"))
    times = [at for action in actions[-1:] if (at := instant(action.get("at")))]
    return HandedIn(
        _text(opened, "exercise"),
        _text(opened, "learner"),
        _text(opened, "article"),
        "",
        0,
        times[0] if times else "",
        "",
        None,
        actions,
        [],
        from_log=True,
        remarks=remarks,
    )


def _actions(values: list[Any], remarks: Counter[str]) -> list[Action]:
    """Keep the actions, each id once: of two with one id the first stands."""
    seen: dict[str, Action] = {}
    kept: list[Action] = []
    if len(values) > MOST_EVENTS:
        remarks["too_many_events"] = len(values) - MOST_EVENTS
    for value in values[:MOST_EVENTS]:
        id = value.get("id") if isinstance(value, dict) else None
        if not isinstance(id, str) or len(id) > MOST_NAME:
            remarks["bad_line"] += 1
        elif id not in seen:
            seen[id] = value
            kept.append(_bounded(value, remarks))
        elif value != seen[id]:
            remarks["same_id"] += 1
    return kept


def _bounded(action: Action, remarks: Counter[str]) -> Action:
    reason, value = action.get("reason"), action.get("value")
    if isinstance(reason, str) and len(reason) > MOST_TEXT:
        remarks["text_cut"] += 1
        action = action | {"reason": reason[:MOST_TEXT] + CUT}
    if isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str) and len(text) > MOST_TEXT:
            remarks["text_cut"] += 1
            action = action | {"value": value | {"text": text[:MOST_TEXT] + CUT}}
    return action


def _opened(actions: list[Action]) -> Action:
    """Return the last action that opens an exercise: it says which, on which text, and who."""
    last: Action = {}
    for action in actions:
        if action.get("do") == "open":
            last = action
    return last


def _words(value: Any) -> list[int]:
    """Return the places of words if they are one behind the other, else none."""
    if not isinstance(value, list) or len(value) % 2 or len(value) > MOST_EVENTS:
        return []
    if not all(type(place) is int and place >= 0 for place in value):
        return []
    rising = all(one <= other for one, other in pairwise(value))
    return value if rising and all(map(int.__lt__, value[::2], value[1::2])) else []


def _text(table: dict[str, Any], name: str) -> str:
    value = table.get(name)
    return value[:MOST_TEXT] if isinstance(value, str) else ""
