"""Every notebook runs under nbval: untouched, answered well and badly, with the outcome held."""

import ast
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
AT = "2026-01-01T00:00:00Z"
WAYS = {
    "blank": (lambda exercise, task: {}, [0.0, 0.0]),
    "right": (right, [1.0, 1.0]),
    "wrong": (wrong, [0.0, 0.2]),
}


def verified(path):
    """Yield the exercise and the tasks of each `verify` in a notebook."""
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.startswith("verify("):
            yield tuple(argument.value for argument in ast.parse(source).body[0].value.args)


TASKS = sorted({task for path in NOTEBOOKS for task in verified(path)})


def answer(folder, way):
    """Let a learner answer every task of the notebooks; return what they are to assert."""
    answers, bounds = WAYS[way]
    expected = {}
    for id, *tasks in TASKS:
        exercise = load(id)
        session = Session(exercise, "essai", folder)
        for task in map(exercise.task, tasks):
            for item, value in answers(exercise, task).items():
                action = {"do": "set", "task": task.id, "item": item, "value": value}
                session.act({"id": f"{task.id}-{item}", "at": AT} | action)
            sound = task.kind == "highlight" and not exercise.entries(task, "core")
            expected[f"{id}/{task.id}"] = [1.0, 1.0] if way == "blank" and sound else bounds
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


def test_every_notebook_asserts_what_it_is_held_to():
    """Each task that a notebook opens is named in one of its last cells."""
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        opened = {source for source in sources if source.startswith("task(")}
        held = {f'task("{id}", "{task}")' for id, *tasks in verified(path) for task in tasks}
        assert opened <= held, path.name
        assert held, path.name


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
