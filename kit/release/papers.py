"""What is written for a bundle alone: its first page, its notebooks, how it is installed."""

from __future__ import annotations

import importlib.metadata
import json
import tomllib
from collections.abc import Sequence
from typing import Any

from kit import __version__, course, exam
from kit.exam import Exam
from kit.messages import LANGUAGES, say

NAME = "claims-sources-bias"
UNIX = "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/kit lab"
WINDOWS = r"py -3 -m venv .venv; .venv\Scripts\pip install -q -e .; .venv\Scripts\kit lab"


def readme(sat: Exam | None) -> bytes:
    """Return the first page: how to start, and what is kept, in French and English."""
    parts = []
    for lang in LANGUAGES:
        parts += [
            f"# {say('release.readme.exam' if sat else 'release.readme.practice', lang)}",
            say("release.readme.start", lang),
            f"```sh\n{UNIX}\n```",
            say("release.readme.windows", lang),
            f"```powershell\n{WINDOWS}\n```",
            say("release.readme.then", lang),
            *([_times(sat, lang)] if sat and (sat.opens or sat.closes) else []),
            say("release.readme.after_exam" if sat else "release.readme.after", lang),
            say("release.readme.kept", lang),
        ]
    return ("\n\n".join(parts) + "\n").encode()


def notebook(exercise: str, tasks: Sequence[str], title: str, sat: Exam | None, lang: str) -> bytes:
    """Return a notebook that opens the tasks of an exercise, one under the other.

    Parameters
    ----------
    exercise : str
        Its id; ``"exam"`` for the one that the learner gets.
    tasks : sequence of str
        Ids of the tasks.
    title : str
        What stands at the top.
    sat : Exam, optional
        The exam, whose times are told.
    lang : {"fr", "en"}
        Of the words around the tasks.
    """
    how = say("release.notebook.exam" if sat else "release.notebook.start", lang)
    times = f"\n\n{_times(sat, lang)}" if sat and (sat.opens or sat.closes) else ""
    cells = [
        _markdown("start", f"# {title}\n\n{how}{times}"),
        _code("tools", "from kit import learner, task"),
        _code("learner", "learner()"),
    ]
    for number, id in enumerate(tasks, start=1):
        cells.append(
            _markdown(f"part-{number}", f"## {say('release.notebook.part', lang)} {number}")
        )
        cells.append(_code(f"task-{number}", f'task("{exercise}", "{id}")'))
    cells.append(_markdown("end", say("release.notebook.end", lang)))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def exam_file(sat: Exam) -> bytes:
    """Return the file of an exam's options."""
    variants = ", ".join(json.dumps(each) for each in sat.variants)
    lines = [
        "# What this exam is. The times are told and recorded; nothing is locked.",
        f"schema = {exam.SCHEMA}",
        f"variants = [{variants}]",
        *(f'{name} = "{at}"' for name in ("opens", "closes") if (at := getattr(sat, name))),
        *([f"seed = {sat.seed}"] if sat.seed is not None else []),
    ]
    return ("\n".join(lines) + "\n").encode()


def pyproject() -> bytes:
    """Return how the learners' copy of the kit is installed: the package alone."""
    needed = ",\n".join(f"  {json.dumps(each)}" for each in _needed())
    return f"""# How the learners' copy of the kit is installed.
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{NAME}"
version = "{__version__}"
requires-python = ">=3.11"
dependencies = [
{needed},
]

[project.scripts]
kit = "kit.cli:main"

[tool.hatch.build]
dev-mode-dirs = ["."]

[tool.hatch.build.targets.wheel]
only-include = ["kit"]
""".encode()


def _needed() -> list[str]:
    """Return what the kit needs: from its source, else as it was installed."""
    source = course.CLONE / "pyproject.toml"
    if source.is_file():
        project: dict[str, Any] = tomllib.loads(source.read_text("utf-8"))["project"]
        return list(project["dependencies"])
    asked = importlib.metadata.requires(NAME) or []
    return [each for each in asked if "extra ==" not in each]


def _times(sat: Exam, lang: str) -> str:
    opens, closes = (exam.moment(at, lang) if at else "–" for at in (sat.opens, sat.closes))
    return say("release.notebook.times", lang, opens=opens, closes=closes)


def _markdown(id: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": text.splitlines(True)}


def _code(id: str, line: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": [line],
    }
