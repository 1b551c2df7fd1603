"""What a learner did: an append-only log of actions, and its fold into answers, tries and hints."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = 1
REVEALING_RUNG = 3  # hint 3 shows the passage, its label and why

Action = dict[str, Any]
Answers = dict[str, Any]  # item -> value, as the learner's widget sent it

# Says why a value cannot be an answer to (task, item), or None if it can.
Judge = Callable[[str, str, Any], str | None]


class Log:
    """The log of one learner and one exercise: one JSON object a line, never rewritten."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, action: Action) -> None:
        """Write an action; it is on disk when this returns.

        Raises
        ------
        OSError
            If it could not be written (disk full, read-only folder): then nothing of it stays.
        """
        text = json.dumps(action, ensure_ascii=False, separators=(",", ":"))
        line = text.encode("utf-8", "replace") + b"\n"  # a page may cut a sign of two units in half
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # JupyterLite keeps a file only when it is closed, so it is opened for each action.
        with self.path.open("ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size and _last_byte(file, size) != b"\n":  # a crash cut the last line short
                line = b"\n" + line
            try:
                written = file.write(line)
                if written != len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):  # a device that takes nothing cannot be cut either
                    file.truncate(size)
                raise

    def lines(self) -> Iterator[bytes]:
        """Every line that is not blank, in order."""
        if self.path.exists():
            yield from filter(bytes.strip, self.path.read_bytes().split(b"\n"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The answers to a task at a check, or when something was shown; of these paragraphs."""

    paragraphs: tuple[str, ...]
    answers: Answers


@dataclass(slots=True)
class TaskState:
    """What happened in one task.

    Attributes
    ----------
    answers : dict
        Item to value, as they stand now.
    checks, reveals : list of Snapshot
        In the order of time; a reveal is hint 3 or the model answer.
    models : set of str
        Paragraphs whose model answer was shown.
    hints : list of tuple
        (paragraph, target, rung): what was asked for.
    contests : dict
        Target to the learner's reason.
    handed_in : dict or None
        The action by which this task was closed, with version and receipt; None while it is open.
        The other tasks of the exercise stay open: a later lesson may be about them.
    counted, first : dict
        Paragraph to the answers that count for its mark (last check before a reveal), and to
        those of its first check.
    """

    answers: Answers = field(default_factory=dict)
    checks: list[Snapshot] = field(default_factory=list)
    reveals: list[Snapshot] = field(default_factory=list)
    models: set[str] = field(default_factory=set)
    hints: list[tuple[str, str, int]] = field(default_factory=list)
    contests: dict[str, str] = field(default_factory=dict)
    handed_in: Action | None = None
    counted: dict[str, Answers] = field(default_factory=dict)
    first: dict[str, Answers] = field(default_factory=dict)

    def tries(self, paragraph: str) -> int:
        """How often a paragraph was checked."""
        return sum(paragraph in check.paragraphs for check in self.checks)

    def revealed(self, paragraph: str) -> bool:
        """Whether hint 3 or the model answer was shown in a paragraph."""
        return any(paragraph in reveal.paragraphs for reveal in self.reveals)


@dataclass(slots=True)
class Response:
    """The fold of a log.

    Attributes
    ----------
    article : str
        Fingerprint of the text the answers stand on; empty before the first action.
    tasks : dict
        Task id to its state.
    submissions : int
        How many there are; each holds all tasks.
    """

    article: str = ""
    tasks: dict[str, TaskState] = field(default_factory=dict)
    submissions: int = 0

    def task(self, id: str) -> TaskState:
        """Return the state of a task, blank if nothing was done in it."""
        return self.tasks.setdefault(id, TaskState())


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be used, kept word for word, and the code of the reason."""

    line: bytes
    reason: str


def parse(lines: Iterable[bytes]) -> tuple[list[Action], list[Rejected]]:
    """Read the lines of a log: its actions, each id once, and what is not one."""
    actions: list[Action] = []
    rejected: list[Rejected] = []
    seen: dict[str, Action] = {}
    for line in lines:
        try:
            action = json.loads(line)
        except (ValueError, RecursionError):
            rejected.append(Rejected(line, "not_json"))
            continue
        if not isinstance(action, dict) or not isinstance(action.get("id"), str):
            rejected.append(Rejected(line, "not_an_action"))
        elif action["id"] not in seen:
            seen[action["id"]] = action
            actions.append(action)
        elif action != seen[action["id"]]:
            rejected.append(Rejected(line, "same_id"))
    return actions, rejected


class Fold:
    """Applies actions in order.

    Parameters
    ----------
    exercise, article : str
        Id of the exercise, fingerprint of the text: actions on another one are not applied.
    judge : callable
        Says why an answer cannot stand.

    Attributes
    ----------
    response : Response
        The state so far.
    left_out : list of (action, reason)
        What could not be applied.
    """

    def __init__(self, exercise: str, article: str, judge: Judge) -> None:
        self.response = Response()
        self.left_out: list[tuple[Action, str]] = []
        self._exercise, self._article, self._judge = exercise, article, judge
        self._opened: str | None = None  # fingerprint of the text the actions now speak of

    @property
    def open(self) -> bool:
        """Whether the next action is about this exercise and this text."""
        return self._opened == self._article

    def apply(self, action: Action) -> None:
        """Apply one action, or note why it cannot be applied."""
        reason = None
        if action.get("do") == "open":
            self._opened = str(action.get("article"))
            if action.get("exercise") != self._exercise:
                self._opened, reason = None, "other_exercise"
        elif not self.open:
            reason = "other_article" if self._opened else "other_exercise"
        else:
            self.response.article = self._article
            reason = _apply(self.response, action, self._judge)
        if reason:
            self.left_out.append((action, reason))


def set_aside(path: Path, rejected: Iterable[Rejected]) -> Path | None:
    """Copy unusable lines beside the log, which keeps them too; return the file, if any."""
    lines = [b"%s\t%s\n" % (each.reason.encode(), each.line) for each in rejected]
    if not lines:
        return None
    aside = path.with_suffix(".aside.txt")
    aside.write_bytes(b"".join(lines))
    return aside


def _apply(response: Response, action: Action, judge: Judge) -> str | None:
    """Apply one action; return why it cannot be applied, or None."""
    kind, id = action.get("do"), action.get("task")
    if not isinstance(id, str) or not isinstance(kind, str) or kind not in _APPLY:
        return "unknown_action"
    if kind == "set":
        reason = judge(id, str(action.get("item")), action.get("value"))
        if reason:
            return reason
    elif judge(id, "", None) == "unknown_task":
        return "unknown_task"
    if kind == "hand_in":
        response.submissions += 1
    return _APPLY[kind](response.task(id), action)


def _set(state: TaskState, action: Action) -> str | None:
    item = str(action.get("item"))
    if action.get("value") is None:
        state.answers.pop(item, None)
    else:
        state.answers[item] = action["value"]
    return None


def _check(state: TaskState, action: Action) -> str | None:
    paragraphs = _paragraphs(action)
    if not paragraphs:
        return "unknown_action"
    snapshot = Snapshot(paragraphs, dict(state.answers))
    for paragraph in paragraphs:
        state.first.setdefault(paragraph, snapshot.answers)
        if not state.revealed(paragraph):
            state.counted[paragraph] = snapshot.answers
    state.checks.append(snapshot)
    return None


def _hint(state: TaskState, action: Action) -> str | None:
    paragraph, target, rung = action.get("paragraph"), action.get("target"), action.get("rung")
    if not (isinstance(paragraph, str) and isinstance(target, str) and rung in (1, 2, 3)):
        return "unknown_action"
    state.hints.append((paragraph, target, rung))
    if rung == REVEALING_RUNG:
        _reveal(state, (paragraph,))
    return None


def _model(state: TaskState, action: Action) -> str | None:
    paragraphs = _paragraphs(action)
    if not paragraphs:
        return "unknown_action"
    state.models.update(paragraphs)
    _reveal(state, paragraphs)
    return None


def _contest(state: TaskState, action: Action) -> str | None:
    target, reason = action.get("target"), action.get("reason")
    if not isinstance(target, str) or not isinstance(reason, str):
        return "unknown_action"
    state.contests[target] = reason
    return None


def _hand_in(state: TaskState, action: Action) -> str | None:
    state.handed_in = action
    return None


def _take_back(state: TaskState, action: Action) -> str | None:
    state.handed_in = None
    return None


def _reveal(state: TaskState, paragraphs: tuple[str, ...]) -> None:
    for paragraph in paragraphs:  # without a check, what stood there counts
        state.counted.setdefault(paragraph, dict(state.answers))
    state.reveals.append(Snapshot(paragraphs, dict(state.answers)))


def _paragraphs(action: Action) -> tuple[str, ...]:
    names = action.get("paragraphs")
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(names)
    return ()


_APPLY: Mapping[str, Callable[[TaskState, Action], str | None]] = {
    "set": _set,
    "check": _check,
    "hint": _hint,
    "model": _model,
    "contest": _contest,
    "hand_in": _hand_in,
    "take_back": _take_back,
}


def _last_byte(file: Any, size: int) -> bytes:
    file.seek(size - 1)
    last: bytes = file.read(1)
    return last
