"""The instructor's notebook of the review runs: with nothing handed in, and with a class."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit.demo_class import demo_class

ROOT = Path(__file__).parents[1]


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A copy of the course, so that no result lands in the clone."""
    for part in ("notebooks", "exercises"):
        ignore = shutil.ignore_patterns("supplied", "reponses", ".ipynb_checkpoints")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignore)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(course):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=60", "-q"),
            *("-p", "no:cacheprovider", "notebooks/fr/enseignant/revue.ipynb"),
        ],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_it_runs_before_anybody_has_handed_in(course):
    """No folder of hand-ins: it says what to do, and writes nothing."""
    code, said = run(course)
    assert code == 0, said
    assert not (course / "resultats").exists()


def test_it_runs_with_a_class(course):
    """Thirty simulated learners are graded, and can be reviewed."""
    demo_class(30, 1, course / "remises")
    code, said = run(course)
    assert code == 0, said
    rows = (course / "resultats" / "gradebook.csv").read_text("utf-8").splitlines()
    assert len(rows) == 31
