"""From the bytes of one hand-in to its record: a pure function of hand-in, exercise and key."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import fsum
from pathlib import Path
from typing import Any

from kit import __version__, course
from kit.errors import KitError
from kit.exercise import Exercise, Task
from kit.grading.bounds import within_bounds
from kit.grading.carry import carried
from kit.grading.handed_in import MOST_NAME, HandedIn, Refused, read
from kit.loading import ArticleAbsent, load
from kit.response import Action, Answers, Response
from kit.review.accepted import read as read_accepted
from kit.review.accepted import with_accepted
from kit.scoring import KINDS, counted, fold, score_task
from kit.scoring.outcome import Result

Record = dict[str, Any]

SCORER = f"{__version__}/1"  # raise the last number when the same answers would get another mark
MODES = ("practice", "exam")
POINTS = {"claim": 12, "source": 12, "bias": 6}  # what people agree on counts most
POINTS |= {"verification": 6, "justification": 4}

# What is only told; every other remark says that something was set aside.
NOTICES = {"from_log", "receipt_missing", "receipt_differs", "odd_field", "odd_time"} | {
    "unknown_field",
    "text_cut",
    "other_version",
    "carried",
}


# Single actions that stand on another text or belong elsewhere, told apart from whole files.
LEFT_OUT = {"other_article": "earlier_text", "other_exercise": "elsewhere"}


@dataclass(frozen=True)
class Bench:
    """What a hand-in is held against.

    Parameters
    ----------
    keys : str
        Folder of the keys; empty for those of the course.
    mode : {"practice", "exam"}
        Which answers count, and how exact they must be.
    accepted : str
        File of the contests that a teacher has accepted; empty where there is none.
    """

    keys: str = ""
    mode: str = "practice"
    accepted: str = ""
    _loaded: dict[str, Exercise | str] = field(default_factory=dict, compare=False, repr=False)
    _known: set[str] = field(default_factory=set, compare=False, repr=False)

    def __getstate__(self) -> tuple[str, str, str]:
        return self.keys, self.mode, self.accepted  # an exercise is loaded where it is needed

    def __setstate__(self, state: tuple[str, str, str]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def exercise(self, id: str) -> Exercise | str:
        """Return an exercise with its key, or the code of why it cannot be graded."""
        if not self._known:
            self._known.update(folder.name for folder in course.exercises())
        if id not in self._known:
            return "unknown_exercise"
        if id not in self._loaded:
            self._loaded[id] = self._load(id)
        return self._loaded[id]

    def version(self) -> str:
        """Return a sum over all that decides about a mark, besides the hand-in."""
        total = hashlib.sha256(f"{SCORER} {self.mode}".encode())
        for folder in course.exercises():
            keys = Path(self.keys, folder.name) if self.keys else folder
            texts = sorted([*folder.glob("*.t[ox][mt]*"), *folder.glob("supplied/*.txt")])
            for path in (keys / "key.toml", *texts):
                if path.is_file():
                    total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        if self.accepted and Path(self.accepted).is_file():
            total.update(Path(self.accepted).read_bytes())
        return total.hexdigest()

    def _load(self, id: str) -> Exercise | str:
        key = Path(self.keys) if self.keys else None
        place = (key or course.exercise_folder(id).parent) / id / "key.toml"
        if not place.is_file():
            return "no_key"
        try:
            exercise = load(id, key=key or True)
            if not self.accepted:
                return exercise
            return with_accepted(exercise, read_accepted(Path(self.accepted)))
        except ArticleAbsent:
            return "article_absent"
        except KitError:
            return "exercise_broken"


def grade(data: bytes, bench: Bench) -> Record:
    """Return the record of one hand-in: all that is behind its mark, as plain data.

    Its fields are described in ``docs/teacher/gradebook.md``.
    """
    handed = read(data)
    if isinstance(handed, Refused):
        return refused(handed.reason, handed.exercise, handed.learner)
    exercise = bench.exercise(handed.exercise)
    if isinstance(exercise, str):
        return refused(exercise, handed.exercise, handed.learner) | _said(handed)
    remarks = Counter(handed.remarks)
    log = _on_our_text(handed, exercise, remarks)
    if log is None:
        return refused("other_article", handed.exercise, handed.learner) | _said(handed)
    if handed.exercise_version not in ("", exercise.version):
        remarks["other_version"] += 1
    folded = fold(exercise, within_bounds(exercise, log, remarks))
    remarks.update(LEFT_OUT.get(reason, reason) for _, reason in folded.left_out)
    tasks, total, most = [], [], 0
    for task in exercise.tasks:
        state = folded.response.task(task.id)
        practice = bench.mode == "practice"
        answers = counted(exercise, task, state) if practice else state.answers
        result = score_task(exercise, task, answers, None, bench.mode)
        if result.refused:
            remarks["too_many_marks"] += 1
        tasks.append(_task(task, answers, result, folded.response))
        if not _for_a_teacher(result):
            total.append((result.score or 0.0) * POINTS[task.layer])
            most += POINTS[task.layer]
    blank = all(task["blank"] for task in tasks) and not any(total)
    partial = any(remark not in NOTICES for remark in remarks)
    to_mark = sum(task["to_mark"] for task in tasks)
    graded = "to_mark" if to_mark else "graded"
    return _said(handed) | {
        "status": "empty" if blank else "partial" if partial else graded,
        "reasons": dict(sorted(remarks.items())),
        "exercise_version": exercise.version,
        "article": exercise.article.sha256,
        "key_version": exercise.key.version if exercise.key else "",
        "mode": bench.mode,
        "scorer": SCORER,
        "points": round(fsum(total), 2),
        "max": most,
        "to_mark": to_mark,
        "tasks": tasks,
        "contests": _contests(folded.response, exercise.tasks),
        "work": _work(handed.log),
    }


def refused(reason: str, exercise: str = "", learner: str = "") -> Record:
    """Return the record of a file that is not graded: it has no points, so no mean swallows it."""
    return {
        "exercise": exercise,
        "learner_in_file": learner,
        "status": "refused",
        "reasons": {reason: 1},
        "points": None,
        "max": None,
        "tasks": [],
        "contests": [],
        "scorer": SCORER,
    }


def _said(handed: HandedIn) -> Record:
    """Keep what the file says of itself."""
    return {
        "exercise": handed.exercise,
        "learner_in_file": handed.learner,
        "exercise_version_in_file": handed.exercise_version,
        "article_in_file": handed.article,
        "version": handed.version,
        "submitted_at": handed.submitted_at,
        "receipt": handed.receipt,
        "receipt_fits": handed.receipt_fits,
        "from_log": handed.from_log,
    }


def _on_our_text(
    handed: HandedIn, exercise: Exercise, remarks: Counter[str]
) -> list[Action] | None:
    """Return the log as done on the grader's text; None if it stands on another one."""
    if handed.article == exercise.article.sha256:
        return handed.log
    if not exercise.supplied:
        return None
    bridged = carried(handed.log, handed.article, handed.words, exercise.article)
    if bridged is None:
        return None
    log, lost = bridged
    remarks["carried"] += 1
    if lost:
        remarks["lost_mark"] += lost
    return log


def _task(task: Task, answers: Answers, result: Result, response: Response) -> Record:
    state, most = response.task(task.id), POINTS[task.layer]
    return {
        "task": task.id,
        "kind": task.kind,
        "layer": task.layer,
        "score": None if result.score is None else round(result.score, 6),
        "points": None if _for_a_teacher(result) else round((result.score or 0.0) * most, 2),
        "max": most,
        "blank": result.blank,
        "to_mark": result.to_mark,
        "refused": result.refused or "",
        "checks": len(state.checks),
        "hints": len(state.hints),
        "shown": sorted(state.models),
        "answers": {item: _known_part(task, value) for item, value in sorted(answers.items())},
        "outcomes": [
            [each.kind, each.paragraph, round(each.credit, 4), each.entry, each.item, each.part]
            for each in result.outcomes
        ],
    }


def _for_a_teacher(result: Result) -> bool:
    """Whether no machine can score it: it then counts for nothing until a teacher has."""
    return result.score is None and result.refused is None


def _known_part(task: Task, value: Any) -> Any:
    """Keep of an answer what its kind of task knows."""
    fields = KINDS[task.kind].FIELDS
    if not fields:
        return value
    return {name: value[name] for name in fields if name in value}


def _contests(response: Response, tasks: Iterable[Task]) -> list[dict[str, str]]:
    return [
        {"task": task.id, "target": target, "reason": reason}
        for task in tasks
        for target, reason in sorted(response.task(task.id).contests.items())
    ]


def _work(log: list[Action]) -> dict[str, Any]:
    """Tell how long the log is, and when it begins and ends by the learner's clock."""
    times = [str(action["at"])[:MOST_NAME] for action in log if isinstance(action.get("at"), str)]
    return {"actions": len(log), "from": times[0] if times else "", "to": (times or [""])[-1]}
