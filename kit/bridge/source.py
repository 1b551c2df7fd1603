"""Source notebooks for nbgrader: an exercise as an assignment, one autograded cell a task."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import course
from kit.codebook import codebook
from kit.errors import KitError, Mistake
from kit.exercise import Exercise
from kit.grading.grade import POINTS
from kit.grading.tables import whole
from kit.loading import load
from kit.messages import say

MARK = "kit"  # the field of a notebook's metadata by which the bridge knows its own
SETTINGS = "nbgrader_config.py"
_FIRST = "c = get_config()  # noqa: F821\n\n"
_SCHEMA = 3  # of nbgrader's metadata


def notebook(exercise: Exercise, lang: str) -> dict[str, Any]:
    """Return the source notebook of an exercise: nothing in it tells the key.

    Parameters
    ----------
    lang : {"fr", "en"}
        Of what stands around the widgets.
    """
    start = say("bridge.notebook.start", lang)
    title = f"# {exercise.title[lang]}\n\n{exercise.notice[lang]}\n\n{start}"
    opening = "from kit import learner, task\nfrom kit.bridge import answers_here\n\n"
    cells = [
        _markdown("title", title),
        _code("learner", f"{opening}answers_here()\nlearner()"),
    ]
    for task in exercise.tasks:
        name = codebook().layers[task.layer].name[lang]
        call = f'("{exercise.id}", "{task.id}")'
        points = POINTS[task.layer]
        later = f"from kit.bridge import graded_later\n\ngraded_later{call}"
        cells += [
            _markdown(f"{task.id}-prompt", f"## {name}\n\n{task.prompt[lang]}"),
            _code(f"{task.id}-work", f"task{call}"),
            _markdown(f"{task.id}-later", say("bridge.notebook.points", lang, count=points)),
            _code(f"{task.id}-points", later, _graded(task.id, points)),
        ]
    cells.append(_markdown("end", say("bridge.notebook.end", lang)))
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {
        "kernelspec": python,
        "language_info": {"name": "python"},
        MARK: {"exercise": exercise.id},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_sources(
    to: Path, ids: Sequence[str], lang: str, keys: str = "", mode: str = ""
) -> tuple[list[Path], str]:
    """Write the source notebooks of exercises into an nbgrader course.

    Parameters
    ----------
    to : Path
        The folder of the nbgrader course.
    ids : sequence of str
        Exercises; none means all of the course whose text is here.
    keys, mode : str
        As `configure` takes them; they go into the settings.

    Returns
    -------
    tuple
        The notebooks, and the lines that an `nbgrader_config.py` which was there before still
        lacks (empty if none).

    Raises
    ------
    KitError
        If an exercise cannot be loaded, or nothing can be written.
    """
    exercises = [load(id, key=False) for id in ids or _all()]
    made = []
    try:
        for exercise in exercises:
            path = to / "source" / exercise.id / f"{exercise.id}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole(path) as file:
                text = json.dumps(notebook(exercise, lang), ensure_ascii=False, indent=1)
                file.write(text + "\n")
            made.append(path)
        missing = _settings(to / SETTINGS, keys, mode, lang)
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("cannot_write_results", str(to), "", {"why": why})) from error
    return made, missing


def _all() -> list[str]:
    """Name the exercises whose text comes with the course: a supplied one stays with its reader."""
    return [folder.name for folder in course.exercises() if any(folder.glob("article*.txt"))]


def _settings(path: Path, keys: str, mode: str, lang: str) -> str:
    """Write nbgrader's settings where there are none; return what others lack."""
    given = {"course": _own_course(), "keys": keys, "mode": mode, "lang": lang}
    call = ", ".join(["c", *(f"{name}={value!r}" for name, value in given.items() if value)])
    lines = f"from kit.bridge import configure\n\nconfigure({call})\n"
    if not path.exists():
        head = say("bridge.notebook.settings", lang)
        with whole(path) as file:
            file.write(f"# {head}\n{_FIRST}{lines}")
        return ""
    return "" if "kit.bridge" in path.read_text("utf-8", errors="replace") else lines


def _own_course() -> str:
    """Return the folder of the course, where nbgrader would not find it by itself."""
    home = course.home().resolve()
    known = (course.CARRIED, course.CLONE)
    return "" if home in [place.resolve() for place in known] else os.fspath(home)


def _markdown(id: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text}


def _code(id: str, text: str, nbgrader: dict[str, Any] | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {"jupyter": {"source_hidden": True}}
    if nbgrader:
        metadata["nbgrader"] = nbgrader
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": metadata,
        "outputs": [],
        "source": text,
    }


def _graded(task: str, points: int) -> dict[str, Any]:
    return {
        "grade": True,
        "grade_id": task,
        "locked": True,
        "points": points,
        "schema_version": _SCHEMA,
        "solution": False,
        "task": False,
    }
