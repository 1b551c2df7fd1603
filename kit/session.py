"""One learner at one exercise: takes actions, puts them on disk, answers with feedback.

It knows nothing of Jupyter: widgets talk to it, and tests do. The protocol stands in
``docs/developer/widget-protocol.md``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import exam, feedback, submission
from kit.exercise import Exercise, Task
from kit.response import Action, Log, Rejected, Response, TaskState, parse, set_aside
from kit.scoring import KINDS, fold, score_task

Reply = dict[str, Any]


class Session:
    """The answers of one learner to one exercise.

    Parameters
    ----------
    exercise : Exercise
        With its key in practice, without in an exam.
    learner : str
        The pseudonym: the name of a folder below `responses`.
    responses : Path
        The folder of all learners' answers.
    lang : str
        Language of the feedback.
    sealed : bool
        A paper with its key: nothing is said about a task before it is handed in, then everything.
    """

    def __init__(
        self,
        exercise: Exercise,
        learner: str,
        responses: Path,
        lang: str = "fr",
        *,
        sealed: bool = False,
    ) -> None:
        self.exercise, self.learner, self.lang, self.sealed = exercise, learner, lang, sealed
        self.folder = responses / learner
        self.log = Log(self.folder / f"{exercise.id}.jsonl")
        self.aside = 0
        self._read()

    @property
    def response(self) -> Response:
        """What the learner has done so far."""
        return self._fold.response

    def silent(self, task_id: str) -> bool:
        """Whether nothing is said about answers: a teacher has the key, or a paper is not in."""
        if self.exercise.key is None:
            return True
        return self.sealed and self.response.task(task_id).handed_in is None

    def state(self, task_id: str) -> Reply:
        """Return what a page needs to show a task as it was left."""
        self._read()  # another notebook may have written since
        task = self.exercise.task(task_id)
        state = self.response.task(task_id)
        told = [] if self.silent(task_id) else self._told(task, state)
        return {
            "answers": state.answers,
            "feedback": {name: self._feedback(task, state, name) for name in told},
            "contests": state.contests,
            "handedIn": _handed_in(state),
            "aside": self.aside,
        }

    def act(self, action: Action) -> Reply:
        """Put an action on disk and answer it; the same action again is answered, not stored.

        Raises
        ------
        OSError
            If it is not on disk.
        """
        task = self.exercise.by_task.get(str(action.get("task")))
        if action.get("id") in self._seen:
            return self._reply(task, action)
        if action.get("do") == "hand_in":
            self._hand_in(action)
        elif task and self.silent(task.id) and action.get("do") in ("check", "hint", "model"):
            pass  # nothing is said before a teacher returns it
        elif action.get("do") == "check" and not self._tries_left(task, action):
            pass  # the page offers no further try; nothing to store
        else:
            if action.get("do") == "hint" and task is not None:
                action = self._choose_hint(task, action)
            self._store(action)
        return self._reply(task, action)

    def _read(self) -> None:
        self._actions, rejected = parse(self.log.lines())
        self._seen = {action["id"] for action in self._actions}
        self._fold = fold(self.exercise, self._actions)
        rejected += [
            Rejected(json.dumps(action, ensure_ascii=False).encode("utf-8", "replace"), why)
            for action, why in self._fold.left_out
        ]
        self.aside = len(rejected)
        if rejected:
            try:
                set_aside(self.log.path, rejected)
            except OSError:
                pass  # the log itself keeps every line; the copy is a convenience

    def _store(self, action: Action) -> None:
        if not self._fold.open:
            opening = {
                "do": "open",
                "exercise": self.exercise.id,
                "article": self.exercise.article.sha256,
                "learner": self.learner,
                "schema": submission.SCHEMA,
            }
            sat = exam.around(self.exercise.folder)
            self._write(_dated(opening | ({"exam": sat.recorded()} if sat else {})))
        self._write(action)

    def _write(self, action: Action) -> None:
        self.log.append(action)
        self._fold.apply(action)
        self._actions.append(action)
        self._seen.add(action["id"])

    def _tries_left(self, task: Task | None, action: Action) -> bool:
        """Leave out of a check the paragraphs without a try; whether any is left."""
        if task is None:
            return False
        state = self.response.task(task.id)
        names = action.get("paragraphs") or []
        action["paragraphs"] = [name for name in names if state.tries(name) < task.attempts]
        return bool(action["paragraphs"])

    def _hand_in(self, action: Action) -> None:
        self._read()  # all tasks of the exercise are handed in, whoever wrote them
        at = str(action.get("at") or _now())
        receipt = submission.hand_in(self.exercise, self.learner, self._actions, self.folder, at)
        self._store(
            action
            | {"receipt": receipt.code, "version": receipt.version, "file": receipt.path.name}
        )

    def _choose_hint(self, task: Task, action: Action) -> Action:
        """Fill in what a hint is about: the page asks, the kernel knows the key."""
        state = self.response.task(task.id)
        paragraph = str(action.get("paragraph"))
        hint = self._next_hint(task, state, paragraph)
        if hint is None:
            return action | {"target": "", "rung": 1}
        return action | {"target": hint.target, "rung": hint.rung}

    def _next_hint(self, task: Task, state: TaskState, paragraph: str) -> feedback.Hint | None:
        result = score_task(self.exercise, task, state.answers, {paragraph})
        given = [hint for hint in state.hints if hint[0] == paragraph]
        return feedback.next_hint(self.exercise, task, paragraph, result, given, self.lang)

    def _reply(self, task: Task | None, action: Action) -> Reply:
        reply: Reply = {"saved": action["id"]}
        if action.get("do") in ("hand_in", "take_back"):
            reply["handedIn"] = _handed_in(self.response.task(str(action.get("task"))))
        if task is None or self.silent(task.id):
            return reply
        state = self.response.task(task.id)
        names = action.get("paragraphs") or [action.get("paragraph")]
        if action.get("do") in ("check", "hint", "model"):
            reply["feedback"] = {
                name: self._feedback(task, state, name) for name in names if name in task.paragraphs
            }
        if action.get("do") == "check":
            remark = self._remark(task, state, names)
            if remark:
                reply["feedback"][""] = {"summary": remark}
        return reply

    def _remark(self, task: Task, state: TaskState, names: Collection[str]) -> str:
        """Say what concerns the whole check and not one paragraph."""
        result = score_task(self.exercise, task, state.answers, set(names))
        if result.refused:
            return feedback.summary(task, result, self.lang)
        if result.count("everything"):
            return feedback.explain(self.exercise, task, result.outcomes[0], {}, self.lang)
        return feedback.remark(self.exercise, task, state.answers, names, self.lang)

    def _told(self, task: Task, state: TaskState) -> list[str]:
        return [name for name in task.paragraphs if self.sealed or _touched(state, name)]

    def _feedback(self, task: Task, state: TaskState, paragraph: str) -> Reply:
        tries = min(state.tries(paragraph), task.attempts)
        checks = [check.answers for check in state.checks if paragraph in check.paragraphs]
        checks = [state.answers] if self.sealed else checks
        hints = [
            {"rung": rung, "text": feedback.hint_text(self.exercise, task, target, rung, self.lang)}
            for name, target, rung in state.hints
            if name == paragraph and self._known(target)
        ]
        shown = self.sealed or paragraph in state.models
        model = feedback.model_answer(self.exercise, task, paragraph, self.lang) if shown else None
        told: Reply = {
            "tries": tries,
            "left": task.attempts - tries,
            "stale": False,
            "summary": "",
            "items": {},
            "hints": hints,
            "moreHints": self._next_hint(task, state, paragraph) is not None,
            "modelAllowed": True,
            "model": model,
        }
        if checks:
            answers = self._in(task, checks[-1], paragraph)
            result = score_task(self.exercise, task, answers, {paragraph})
            told["summary"] = feedback.summary(task, result, self.lang)
            told["stale"] = answers != self._in(task, state.answers, paragraph)
            told["items"] = {
                outcome.item: {
                    "sign": feedback.sign(outcome),
                    "text": feedback.explain(self.exercise, task, outcome, answers, self.lang),
                }
                for outcome in result.outcomes
                if outcome.item is not None
            }
        return told

    def _in(self, task: Task, answers: dict[str, Any], paragraph: str) -> dict[str, Any]:
        where = KINDS[task.kind].paragraph_of
        return {
            item: value
            for item, value in answers.items()
            if where(self.exercise, item, value) == paragraph
        }

    def _known(self, target: str) -> bool:
        key = self.exercise.key
        return key is not None and (target in key.by_id or target in key.by_item)


def _handed_in(state: TaskState) -> Reply | None:
    action = state.handed_in
    if action is None:
        return None
    file = f"{submission.FOLDER}/{action.get('file')}"
    return {name: action.get(name) for name in ("version", "receipt", "at")} | {"file": file}


def _touched(state: TaskState, paragraph: str) -> bool:
    return (
        bool(state.tries(paragraph))
        or paragraph in state.models
        or any(name == paragraph for name, _, _ in state.hints)
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _dated(action: Action) -> Action:
    return {"id": uuid.uuid4().hex, "at": _now()} | action
