"""Every notebook runs under nbval: untouched, answered well and badly, with the outcome held."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.loading import load
from kit.session import Session
from kit.simulation import right, wrong

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("[0-9]*.ipynb"))
EXERCISES = ("openai-bid", "z0")
QUESTIONS = {"openai-verif": ("verdicts", "figures", "why"), "t1": ("sort",), "t2": ("sort",)}
WAYS = {
    "blank": (lambda exercise, task: {}, [0.0, 0.0]),
    "right": (right, [1.0, 1.0]),
    "wrong": (wrong, [0.0, 0.2]),
}


def answer(folder, way, exercises=EXERCISES):
    """Let a learner answer every task in one way; return what the notebooks are to assert."""
    answers, bounds = WAYS[way]
    expected = {}
    for id in exercises:
        exercise = load(id)
        session = Session(exercise, "essai", folder)
        for task in exercise.tasks:
            for item, value in answers(exercise, task).items():
                action = {"do": "set", "task": task.id, "item": item, "value": value}
                session.act({"id": f"{task.id}-{item}", "at": "2026-01-01T00:00:00Z"} | action)
            expected[f"{id}/{task.id}"] = bounds
    return expected


def run(notebooks, **variables):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=60", "-q"]
        + ["-p", "no:cacheprovider", "--override-ini=addopts="]
        + [str(path) for path in notebooks],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_untouched_notebooks_run(tmp_path):
    """A notebook runs from top to bottom before anybody has answered."""
    done = run(NOTEBOOKS, KIT_RESPONSES=str(tmp_path))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("way", WAYS)
def test_answered_notebooks_hold_their_outcome(way, tmp_path):
    """With blank, right and wrong answers each notebook asserts the score it should."""
    expected = answer(tmp_path, way)
    done = run(
        NOTEBOOKS,
        KIT_RESPONSES=str(tmp_path),
        KIT_LEARNER="essai",
        KIT_EXPECT=json.dumps(expected),
    )
    assert done.returncode == 0, done.stdout


def test_a_wrong_outcome_fails_the_notebook(tmp_path):
    """A notebook that scores otherwise than it should does not pass."""
    answer(tmp_path, "wrong")
    done = run(
        NOTEBOOKS[:1],
        KIT_RESPONSES=str(tmp_path),
        KIT_LEARNER="essai",
        KIT_EXPECT=json.dumps({"z0/bias": [0.9, 1.0]}),
    )
    assert done.returncode == 1, done.stdout
    assert "z0/bias: score 0.0, expected 0.9 to 1.0" in done.stdout


def lesson_of_questions(path):
    """Write a notebook with every task of questions of the course, one line a cell."""
    lines = ["import kit", "kit.learner()"]
    for exercise, tasks in QUESTIONS.items():
        lines += [f'kit.task("{exercise}", "{task}")' for task in tasks]
        lines.append(f"kit.verify({', '.join(map(repr, (exercise, *tasks)))})")
    blank = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [blank | {"id": f"c{number}", "source": line} for number, line in enumerate(lines)]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), "utf-8")
    return path


@pytest.mark.parametrize("way", WAYS)
def test_questions_hold_their_outcome_in_a_notebook(way, tmp_path):
    """Verdicts, numbers and sorting too; where only a teacher marks there is no score."""
    expected = answer(tmp_path / "r", way, QUESTIONS)
    done = run(
        [lesson_of_questions(tmp_path / "lesson.ipynb")],
        KIT_RESPONSES=str(tmp_path / "r"),
        KIT_LEARNER="essai",
        KIT_EXPECT=json.dumps(expected),
    )
    assert done.returncode == 0, done.stdout
