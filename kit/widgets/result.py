"""The marks of an exam text, shown to the learner once it is handed in."""

from __future__ import annotations

from typing import Any

import ipywidgets

from kit import exam
from kit.codebook import codebook
from kit.errors import KitError
from kit.exercise import Task
from kit.messages import in_words, say
from kit.scoring.outcome import Result
from kit.widgets.desk import desk, language, session
from kit.widgets.note import Note

# Points of a paper by layer (pedagogy, section 5, N7); verification and justification, the
# other 10 of 40, are marked by a teacher.
POINTS = {"source": 12, "claim": 12, "bias": 6}


class ResultPlace(ipywidgets.VBox):
    """A button; below it the points of each task, and on the paper what was right and why."""

    def __init__(self) -> None:
        self._ask = ipywidgets.Button(
            description=say("result.show", language()), layout={"width": "auto"}
        )
        self._ask.on_click(self._show)
        super().__init__([self._ask])

    def __repr__(self) -> str:
        """Describe the place without its id, so that stored notebooks do not differ."""
        return "ResultPlace()"

    def _show(self, _button: Any) -> None:
        lang = language()
        if desk.learner is None:
            said = say("notebook.wait", lang)
        else:
            try:
                said = _words(exam.assigned(exam.ASSIGNED, desk.learner), lang)
            except KitError as error:
                said = "\n\n".join(in_words(each, lang) for each in error.mistakes)
            else:
                desk.sit(desk.learner)  # the papers open again, with what there is to say
        self.children = [self._ask, Note(said)]


def _words(exercise: str, lang: str) -> str:
    from kit.scoring import score

    working = session(exercise)
    assert working is not None, "somebody sits at the desk"
    tasks = working.exercise.tasks
    results = {each.task: each for each in score(working.exercise, working.response, "exam")}
    handed = [task for task in tasks if working.response.task(task.id).handed_in is not None]
    lines = [_line(task, results[task.id], lang) for task in handed]
    missing = len(tasks) - len(handed)
    if missing:
        lines.append(say("result.missing", lang, count=missing))
    return "\n".join(lines)


def _line(task: Task, result: Result, lang: str) -> str:
    full = POINTS[task.layer]
    points = f"{full * (result.score or 0):.1f}"
    return say(
        "result.points",
        lang,
        task=codebook().layers[task.layer].name[lang].capitalize(),
        points=points.replace(".", ",") if lang == "fr" else points,
        full=full,
    )
