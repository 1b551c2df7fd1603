"""Who is at this computer, and the places of a notebook that wait for them.

One kernel, one desk: the first cell asks for a pseudonym, the tasks below open when it is known.
What only a task needs is imported where one opens: the form is on the screen sooner.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import ipywidgets

from kit import course, exam
from kit.errors import KitError
from kit.messages import in_words, say
from kit.widgets.note import Note

if TYPE_CHECKING:
    from kit.exercise import Exercise
    from kit.session import Session


def language() -> str:
    """Return the language of interface and feedback: ``KIT_LANG``, else French."""
    lang = os.environ.get("KIT_LANG", "fr")
    return lang if lang in ("fr", "en") else "fr"


class Place(ipywidgets.VBox):
    """A place in a notebook where a task opens as soon as a learner is known."""

    def __init__(self, exercise: str, task: str, *, sealed: bool = False) -> None:
        self.exercise_id, self.task_id, self.sealed = exercise, task, sealed
        super().__init__()
        self.add_class("kit-place")

    def __repr__(self) -> str:
        """Describe the place without its id, so that stored notebooks do not differ."""
        return f"Place({self.exercise_id}, {self.task_id})"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        """Add text and instructions for where no widget runs: a static view, a printed notebook."""
        from kit.loading import load
        from kit.widgets.view import static_page

        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        try:
            exercise = load(self.exercise_id, key=False)
            page = static_page(exercise, exercise.task(self.task_id), language())
        except (KitError, KeyError):
            return bundle
        return bundle | {"text/html": page}

    def seat(self, learner: str) -> None:
        """Show the task as this learner left it; a mistake in its files is shown in words."""
        from kit.loading import load
        from kit.widgets.task import TaskWidget

        lang = language()
        try:
            exercise = load(exam.assigned(self.exercise_id, learner))
            task = exercise.task(self.task_id)
        except KitError as error:
            self.children = [Note("\n\n".join(in_words(each, lang) for each in error.mistakes))]
        except KeyError:
            self.children = [Note(say("notebook.no_task", lang, task=self.task_id))]
        else:
            self._clear()
            told = _times(exercise, lang)
            self.children = [*told, TaskWidget(_session(exercise, learner, self.sealed), task)]

    def wait(self) -> None:
        """Show that a pseudonym is needed first."""
        self._clear()
        self.children = [Note(say("notebook.wait", language()))]

    def _clear(self) -> None:
        for child in self.children:
            child.close()


class Desk:
    """The learner at work, and who wants to know of a change."""

    def __init__(self) -> None:
        self.learner: str | None = course.pseudonym(os.environ.get("KIT_LEARNER", ""))
        self._told: list[Callable[[str | None], None]] = []

    def tell(self, changed: Callable[[str | None], None]) -> None:
        """Call `changed` with the learner now, and whenever another sits down."""
        self._told.append(changed)
        changed(self.learner)

    def sit(self, learner: str | None) -> None:
        """Let a learner sit down; None when one leaves."""
        self.learner = learner
        for changed in self._told:
            changed(learner)

    def place(self, exercise: str, task: str, *, sealed: bool = False) -> Place:
        """Return a new place for a task; one that stood for the same task before is replaced."""
        place = Place(exercise, task, sealed=sealed)
        self._told = [
            told
            for told in self._told
            if not (
                isinstance(old := getattr(told, "place", None), Place)
                and (old.exercise_id, old.task_id) == (exercise, task)
            )
        ]
        self.tell(_Opener(place))
        return place


class _Opener:
    """Opens a place for whoever sits down."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __call__(self, learner: str | None) -> None:
        if learner is None:
            self.place.wait()
        else:
            self.place.seat(learner)


desk = Desk()


def session(exercise: str) -> Session | None:
    """Return the answers of the learner at the desk; None if nobody sits there."""
    from kit.loading import load

    return _session(load(exercise), desk.learner) if desk.learner else None


def _times(exercise: Exercise, lang: str) -> list[ipywidgets.Widget]:
    """Say when an exam is opened outside its times; it opens all the same, and the log notes it."""
    sat = exam.around(exercise.folder)
    missed = sat.missed(datetime.now(UTC)) if sat else ""
    if not sat or not missed:
        return []
    times = (sat.opens, sat.closes)
    opens, closes = (exam.moment(each, lang) if each else "–" for each in times)
    return [Note(say(f"release.{missed}", lang, opens=opens, closes=closes))]


def sessions() -> list[Session]:
    """Return the answers of the learner at the desk, exercise by exercise, as far as begun."""
    from kit.loading import load

    found = []
    for folder in course.exercises():
        if not (
            desk.learner and (course.responses() / desk.learner / f"{folder.name}.jsonl").is_file()
        ):
            continue
        try:
            found.append(_session(load(folder.name), desk.learner))
        except KitError:
            continue  # an exercise that cannot stand is shown in its own lesson
    return found


def _session(exercise: Exercise, learner: str, sealed: bool = False) -> Session:
    from kit.session import Session

    return Session(exercise, learner, course.responses(), language(), sealed=sealed)
