"""What the cells of a notebook call: one line a cell."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import ipywidgets

from kit.exam import ASSIGNED
from kit.widgets.desk import Place, desk, language, session, sessions
from kit.widgets.forms import LearnerForm, SupplyForm

if TYPE_CHECKING:
    from kit.exercise import Exercise
    from kit.figures.picture import Picture
    from kit.widgets.pictures import PicturePlace
    from kit.widgets.result import ResultPlace


def learner() -> LearnerForm:
    """Ask who is marking; the tasks of the notebook open when a pseudonym is given."""
    return LearnerForm()


def task(exercise: str, task: str) -> Place:
    """Open a task of an exercise, as the learner left it.

    Parameters
    ----------
    exercise, task : str
        Their ids, e.g. ``"openai-bid"``, ``"bias"``.
    """
    return desk.place(exercise, task)


def supply(task: str) -> ipywidgets.Widget:
    """Offer to paste the published article; its exercise opens below with the task of this id."""
    below = ipywidgets.VBox()

    def opened(exercise: str) -> None:
        below.children = [desk.place(exercise, task)]

    return ipywidgets.VBox([SupplyForm(opened), below])


def paper(task: str) -> Place:
    """Open a task of the learner's own exam text: nothing is said about it before it is handed in.

    Parameters
    ----------
    task : str
        Its id, e.g. ``"claims"``.
    """
    return desk.place(ASSIGNED, task, sealed=True)


def result() -> ResultPlace:
    """Offer the marks of the exam text, task by task, as far as it is handed in."""
    from kit.widgets.result import ResultPlace

    return ResultPlace()


def article_map(exercise: str) -> PicturePlace:
    """Show where in the text of an exercise the learner has marked what."""
    return _picture("map_of", exercise)


def voices(exercise: str) -> PicturePlace:
    """Show which share of the words each source has, as the learner found them."""
    return _picture("voices_of", exercise)


def chain(exercise: str) -> PicturePlace:
    """Show by which roads the reported words came to the article."""
    return _picture("chain_of", exercise)


def progress() -> PicturePlace:
    """Show each task begun, from the first check to today."""
    from kit.widgets.pictures import PicturePlace

    def drawn() -> Picture | None:
        from kit.figures.learner import progress_of

        return progress_of(sessions(), language())

    return PicturePlace(drawn)


def verify(exercise: str, *tasks: str) -> None:
    """Assert what a notebook is held to when it is tested: its tasks load and score as they should.

    Without a learner the score of each task is that of a blank answer. With one (``KIT_LEARNER``),
    it lies within the bounds of ``KIT_EXPECT``, a JSON object ``{"openai-bid/bias": [0.9, 1.0]}``.
    A task that only a teacher marks has no score.

    Raises
    ------
    AssertionError
        With the task, its score and the bounds.
    """
    from kit.loading import load  # not before: the first cell asks for a form alone
    from kit.scoring import UNSCORED

    loaded = load(exercise)
    bounds = json.loads(os.environ.get("KIT_EXPECT", "{}"))
    scores = _scores(loaded)
    for id in tasks:
        assert id in loaded.by_task, f"{exercise} has no task {id}"
        low, high = bounds.get(f"{exercise}/{id}", [0.0, 1.0])
        value = scores.get(id, 0.0)
        if loaded.task(id).kind in UNSCORED:
            assert value in (None, 0.0), f"{exercise}/{id}: score {value} where a teacher marks"
            continue
        said = f"{exercise}/{id}: score {value}, expected {low} to {high}"
        assert value is not None, said
        assert low <= value <= high, said


def _picture(name: str, exercise: str) -> PicturePlace:
    from kit.widgets.pictures import PicturePlace

    def drawn() -> Picture | None:
        from kit.figures import learner

        working = session(exercise)
        return getattr(learner, name)(working) if working else None

    return PicturePlace(drawn)


def _scores(exercise: Exercise) -> dict[str, float | None]:
    """Return the score of each task by its id; nothing if nobody sits there."""
    working = session(exercise.id)
    if working is None:
        return {}
    from kit.scoring import score

    return {each.task: each.score for each in score(exercise, working.response)}
