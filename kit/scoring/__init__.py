"""Scoring as a pure function of exercise and response: one file for each kind of task."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Protocol

from kit.exercise import Exercise, Task
from kit.response import Action, Answers, Fold, Response, TaskState
from kit.scoring import (
    attribution,
    classify,
    compare,
    highlight,
    match,
    number,
    open_text,
    order,
    rewrite,
    sort,
    verdict,
)
from kit.scoring.items import ListOfItems
from kit.scoring.outcome import Result


class KindOfTask(Protocol):
    """What each kind of task offers: a file of this folder, or one kind of items in a list.

    ``FIELDS`` names what a value holds, where it is a table; nothing else in it is kept.
    """

    @property
    def FIELDS(self) -> tuple[str, ...]: ...  # noqa: D102  # described above

    def judge(self, exercise: Exercise, task: Task, item: str, value: Any) -> str | None:
        """Say why a value cannot be the answer to an item, or None."""

    def paragraph_of(self, exercise: Exercise, item: str, value: Any) -> str:
        """Return the paragraph an answer belongs to."""

    def score(
        self,
        exercise: Exercise,
        task: Task,
        answers: Answers,
        paragraphs: Collection[str] | None = None,
        mode: str = "practice",
    ) -> Result:
        """Score answers, over all paragraphs or some."""


LISTS: dict[str, ListOfItems] = {
    "open": ListOfItems(open_text),
    "sort": ListOfItems(sort),
    "number": ListOfItems(number),
    "order": ListOfItems(order),
    "match": ListOfItems(match),
    "verdict": ListOfItems(verdict),
    "compare": ListOfItems(compare),
    "rewrite": ListOfItems(rewrite),
}
KINDS: dict[str, KindOfTask] = {
    "highlight": highlight,
    "classify": classify,
    "attribution": attribution,
    **LISTS,
}
UNSCORED = {kind for kind, each in LISTS.items() if each.of.total([]) is None}  # a teacher marks


def fold(exercise: Exercise, actions: Iterable[Action] = ()) -> Fold:
    """Return the fold of a log's actions; more can be applied to it."""

    def judge(id: str, item: str, value: Any) -> str | None:
        task = exercise.by_task.get(id)
        if task is None:
            return "unknown_task"
        if value is None:
            return None
        return KINDS[task.kind].judge(exercise, task, item, value)

    folded = Fold(exercise.id, exercise.article.sha256, judge)
    for action in actions:
        folded.apply(action)
    return folded


def counted(exercise: Exercise, task: Task, state: TaskState) -> Answers:
    """Return the answers that count for the mark of a practice task.

    Paragraph by paragraph: those of the last check before hint 3 or the model answer; where
    nothing was checked or shown, the answers as they stand.
    """
    where = KINDS[task.kind].paragraph_of
    chosen: Answers = {}
    placed: dict[int, dict[str, Answers]] = {}  # one check often covers several paragraphs
    for paragraph in task.paragraphs:
        answers = state.counted.get(paragraph, state.answers)
        if id(answers) not in placed:
            within = placed[id(answers)] = defaultdict(dict)
            for item, value in answers.items():
                within[where(exercise, item, value)][item] = value
        chosen |= placed[id(answers)].get(paragraph, {})
    return chosen


def score_task(
    exercise: Exercise,
    task: Task,
    answers: Answers,
    paragraphs: Collection[str] | None = None,
    mode: str = "practice",
) -> Result:
    """Score one task; see `kit.scoring.highlight.score`."""
    return KINDS[task.kind].score(exercise, task, answers, paragraphs, mode)


def score(exercise: Exercise, response: Response, mode: str = "practice") -> list[Result]:
    """Score all tasks of an exercise: counted tries in practice, last answers in an exam."""
    results = []
    for task in exercise.tasks:
        state = response.task(task.id)
        answers = counted(exercise, task, state) if mode == "practice" else state.answers
        results.append(score_task(exercise, task, answers, None, mode))
    return results
