"""The whole cycle in nbgrader itself: marks of `kit grade`, and each trap of stock nbgrader closed.

One course is graded once for all tests: three learners, one of them hostile, and some whose
hand-ins cannot be read.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.bridge.source import write_sources
from kit.bridge.submitted import Rebuild, rebuild
from kit.grading.grade import refused
from kit.grading.gradebook import Plan, grade_class
from kit.loading import load
from kit.simulation import right
from kit.submission import compose, encoded
from tests.conftest import HALLE

pytest.importorskip("nbgrader", reason="the extra [nbgrader] is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own

AT = "2026-05-12T10:00:00Z"
CANARY = "CANARI-4711"
FORMULA = "=cmd|'calc'!A0, Jr"
SCRIPT = f"<script>alert('{CANARY}')</script>"
LIVE = f"</pre></script>{SCRIPT}<img src=x onerror={CANARY}>$\\href{{x}}{{y}}$"
PLANT = f"""from pathlib import Path
import kit.grading.grade
kit.grading.grade.grade = None
Path("FIRED").write_text("{CANARY}")
"""


def nbgrader(nb, *arguments, ok=True):
    """Run nbgrader as a teacher without an activated environment does."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=nb,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": "/usr/bin:/bin"},
    )
    told = done.stdout + done.stderr
    assert (done.returncode == 0) == ok, told
    return told


def work(exercise, learner, share, *more):
    """A submission with this share of the right answers."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    for task in exercise.tasks:
        answers = right(exercise, task)
        for number, item in enumerate(list(answers)[: round(share * len(answers))]):
            action = {"do": "set", "task": task.id, "item": item, "value": answers[item]}
            log.append({"id": f"{task.id}{number}", "at": AT} | action)
    log += [{"id": f"m{number}", "at": AT} | action for number, action in enumerate(more)]
    return encoded(compose(exercise, learner, log, 1, AT))


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def planted(fired, released):
    """A hostile notebook: it patches the scorer, doubles one grade cell and drops another."""
    notebook = json.loads(released.read_text("utf-8"))
    code = PLANT.replace("FIRED", str(fired))
    graded = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")]
    cell = {"cell_type": "code", "id": "p", "metadata": {}, "outputs": [], "execution_count": None}
    others = [each for each in notebook["cells"] if each is not graded[1]]
    notebook["cells"] = [cell | {"source": code}, *others, graded[0]]
    notebook["cells"].append({"cell_type": "markdown", "id": "l", "metadata": {}, "source": LIVE})
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def cycle(tmp_path_factory):
    """An nbgrader course after generate, rebuild, autograde, feedback and export.

    All tests of this file stand in the kit's course beside it.
    """
    home = tmp_path_factory.mktemp("home")
    (home / "notebooks").mkdir()
    shutil.copytree(HALLE, home / "exercises" / "halle")
    here = Path.cwd()
    os.chdir(home)
    try:
        yield made(home)
    finally:
        os.chdir(here)


def made(home):
    nb, hand_ins, fired = home / "nb", home / "in", home / "fired"
    halle = load("halle")
    write_sources(nb, ["halle"], "fr")
    nbgrader(nb, "generate_assignment", "halle")
    released = nb / "release" / "halle" / "halle.ipynb"
    secret = home / "secret.json"
    secret.write_text(CANARY)
    put(hand_ins / "ada" / "a.json", work(halle, "ada", 1.0))
    put(hand_ins / "bob" / "a.json", work(halle, "bob", 0.5))
    clause = halle.clauses[0].id
    contest = {"do": "contest", "task": "claims", "target": clause, "reason": LIVE}
    put(hand_ins / "eve" / "a.json", work(halle, LIVE[:40], 0.3, contest))
    put(hand_ins / "eve" / "halle.ipynb", planted(fired, released))
    put(hand_ins / "eve" / "evil.html", LIVE)
    (hand_ins / "eve" / "response.json").symlink_to(secret)
    put(hand_ins / FORMULA / "a.json", work(halle, FORMULA, 0.7))
    put(hand_ins / "lou" / "a.json", "{")
    put(hand_ins / "mia" / "halle.ipynb", planted(fired, released))
    # Stock nbgrader lets a file beside the source take the place of a learner's.
    put(nb / "source" / "halle" / "a.json", work(halle, "all", 1.0))
    ordinary(nb)
    nbgrader(nb, "generate_assignment", "ordinary")
    rebuild(Rebuild(nb, "halle", hand_ins))
    # Collected, and forgotten when `submitted/` was rebuilt.
    put(nb / "submitted" / "raw" / "halle" / "halle.ipynb", forgotten(fired, released))
    shutil.copytree(nb / "release" / "ordinary", nb / "submitted" / "ada" / "ordinary")
    log = nbgrader(nb, "autograde", "halle")
    nbgrader(nb, "autograde", "ordinary")
    nbgrader(nb, "generate_feedback", "halle")
    nbgrader(nb, "export")
    grade_class(Plan(hand_ins, home / "out", feedback=False))
    return SimpleNamespace(
        nb=nb, home=home, hand_ins=hand_ins, fired=fired, exercise=halle, log=log
    )


def forgotten(fired, released):
    notebook = json.loads(released.read_text("utf-8"))
    notebook["cells"][1]["source"] = PLANT.replace("FIRED", str(fired))
    del notebook["metadata"]["kit"]
    return json.dumps(notebook)


def ordinary(nb):
    """An assignment that has nothing to do with the kit: 3 points for a sum."""
    nbgrader_ = {"grade": True, "grade_id": "sum", "locked": True, "points": 3, "solution": False}
    metadata = {"nbgrader": nbgrader_ | {"schema_version": 3, "task": False}}
    cell = {"cell_type": "code", "id": "a", "metadata": metadata, "outputs": []}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [cell | {"execution_count": None, "source": "1 + 1"}],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    put(nb / "source" / "ordinary" / "ordinary.ipynb", json.dumps(notebook))


def exported(nb, assignment="halle"):
    """Learner to points, as nbgrader exports them; every row has as many cells as the heading."""
    lines = (nb / "grades.csv").read_text("utf-8").splitlines()
    rows = list(csv.reader(lines))
    assert {len(row) for row in rows} == {len(rows[0])}
    tables = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return {
        row["student_id"]: float(row["raw_score"])
        for row in tables
        if row["assignment"] == assignment
    }


def folders(nb):
    with (nb / "kit_submitted.csv").open(encoding="utf-8", newline="") as file:
        return {row["learner"]: row["folder"] for row in csv.DictReader(file)}


def book(home):
    with (home / "out" / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def waiting(nb, learner):
    """Which of a learner's cells wait for a person, and the points each has."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{nb / 'gradebook.db'}") as gradebook:
        found = gradebook.find_submission_notebook("halle", "halle", learner)
        return {grade.name: (grade.needs_manual_grade, grade.auto_score) for grade in found.grades}


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_marks_are_those_of_kit_grade(cycle):
    """Three learners, one of them hostile, and one with a hostile name: to the hundredth."""
    marks = exported(cycle.nb)
    graded = {row["learner"]: float(row["points"]) for row in book(cycle.home) if row["points"]}
    names = folders(cycle.nb)
    assert {learner.lstrip("'") for learner in graded} == {"ada", "bob", "eve", FORMULA}
    for learner, points in graded.items():
        assert marks[names[learner]] == pytest.approx(points, abs=1e-9), learner
    assert graded["ada"] == 36
    assert 0 < graded["eve"] < graded["bob"] < 36


def test_everybody_who_handed_in_is_there(cycle):
    """A duplicated grade cell or a broken file stops nobody's grading; nobody is without a row."""
    marks = exported(cycle.nb)
    assert set(folders(cycle.nb).values()) | {"raw"} == set(marks)
    assert len(list((cycle.nb / "feedback").glob("*/halle/halle.html"))) == len(marks)
    assert "error" not in cycle.log.lower()


def test_nothing_a_learner_wrote_was_run(cycle):
    """The planted code left no trace, neither where it was rebuilt nor where that was forgotten."""
    assert not cycle.fired.exists()


def test_what_cannot_be_read_has_no_points_and_waits(cycle):
    """Refused, only a notebook, or not rebuilt: never full credit, and not a silent 0."""
    for learner in ("lou", "mia", "raw"):
        cells = waiting(cycle.nb, learner)
        assert len(cells) == 4
        assert set(cells.values()) == {(True, None)}
        page = (cycle.nb / "feedback" / learner / "halle" / "halle.html").read_text("utf-8")
        assert ("carnet" if learner != "lou" else "coupé") in page
    assert set(waiting(cycle.nb, "ada").values()) == {(False, 12.0), (False, 6.0)}


def test_no_key_in_any_file(cycle):
    """Neither reasons nor hints of the key, from source to feedback."""
    texts = {
        text
        for entry in (*cycle.exercise.key.entries, *cycle.exercise.key.attributions)
        for text in (entry.why["fr"], (entry.hint or {}).get("fr"))
        if text
    }
    assert len(texts) > 5
    for name in ("source", "release", "submitted", "autograded", "feedback"):
        found = files(cycle.nb / name)
        assert found
        for path in found:
            content = path.read_text("utf-8", errors="replace")
            assert not [text for text in texts if text in content or json.dumps(text) in content]


def test_feedback_holds_no_markup_of_a_learner_and_none_of_the_graders_files(cycle):
    """No canary in a page; nothing of a learner beside it; nothing runs or is fetched in it."""
    for path in files(cycle.nb / "feedback"):
        content = path.read_text("utf-8")
        if path.parent.parent.name != "raw":
            assert CANARY not in content, path
        assert path.name in ("halle.html", "timestamp.txt", "a.json"), path
        if path.suffix == ".html":
            head = content[content.index("<head>") + 6 :].lstrip()
            policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
            assert head.startswith(policy)
            assert "script-src" not in head[: head.index(">")]


def test_no_secret_of_the_grader_is_copied(cycle):
    """A link in a hand-in leads nowhere."""
    for name in ("submitted", "autograded", "feedback"):
        for path in files(cycle.nb / name):
            assert not path.is_symlink()
            assert path.name != "response.json"


def test_no_cell_of_the_export_is_a_formula(cycle):
    """nbgrader quotes nothing; so no name that would need it reaches it."""
    for line in (cycle.nb / "grades.csv").read_text("utf-8").splitlines():
        assert not [cell for cell in line.split(",") if cell[:1] in ("=", "+", "-", "@")]


def test_other_assignments_are_executed_as_before(cycle):
    """The kit takes the place of execution for its own assignments alone: 1 + 1 is 2 of 3."""
    assert exported(cycle.nb, "ordinary")["ada"] == 2.0


def test_a_regrade_that_fails_keeps_no_old_score(cycle, tmp_path):
    """What was right before and cannot be read now has no points."""
    nb = tmp_path / "nb"
    shutil.copytree(cycle.nb, nb)
    shutil.rmtree(nb / "submitted" / "raw")
    hand_ins = tmp_path / "in"
    shutil.copytree(cycle.hand_ins, hand_ins, symlinks=True)
    (hand_ins / "ada" / "a.json").write_text("{")
    rebuild(Rebuild(nb, "halle", hand_ins))
    nbgrader(nb, "autograde", "halle", "--force", "--student", "ada")
    assert set(waiting(nb, "ada").values()) == {(True, None)}


def test_zip_collect_takes_answers_and_submitted_takes_them_on(cycle, tmp_path):
    """Moodle's folders with a name that has an apostrophe, through nbgrader's own collector."""
    nb = tmp_path / "nb"
    for name in ("source", "release"):
        shutil.copytree(cycle.nb / name, nb / name)
    shutil.copyfile(cycle.nb / "nbgrader_config.py", nb / "nbgrader_config.py")
    archive = nb / "downloaded" / "halle" / "archive" / "all.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as packed:
        for name, data in (
            ("Zoé O'Brien_12_assignsubmission_file/z_halle_v1.json", work(cycle.exercise, "z", 1)),
            ("Ben_13_assignsubmission_file_/b_halle_v1.json", work(cycle.exercise, "b", 0.5)),
            ("obrien_LATE_14_99_c_halle_v1.json", work(cycle.exercise, "c", 0.2)),
        ):
            packed.writestr(name, data)
    nbgrader(nb, "zip_collect", "halle")
    assert len(list(nb.glob("submitted/1[234]/halle/*.json"))) == 3
    counted = rebuild(Rebuild(nb, "halle"))
    assert counted == {"graded": 3}
    assert set(folders(nb).values()) == {"12", "13", "14"}


@pytest.fixture
def scorer(monkeypatch):
    """The preprocessor alone, on a notebook with one graded cell; the record is given."""
    from nbformat.v4 import new_code_cell, new_notebook

    from kit.bridge import preprocessor

    def scored(record):
        monkeypatch.setattr(preprocessor, "grade", lambda *_: record)
        monkeypatch.setattr(preprocessor.ScoreData, "_bench", lambda *_: None)
        about = {"grade": True, "grade_id": "t", "points": 8, "solution": False, "locked": True}
        nb = new_notebook(
            cells=[new_code_cell("1", metadata={"nbgrader": about})],
            metadata={"kit": {"exercise": "x", "answers": "{}"}},
        )
        resources = {"nbgrader": {"assignment": "x", "notebook": "x"}}
        return preprocessor.ScoreData().preprocess(nb, resources)

    return scored


def record_of(score, points, **more):
    task = {"task": "t", "score": score, "points": points, "max": 12, "answers": {}} | more
    return refused("other", "x") | {"status": "graded", "points": points, "tasks": [task]}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, "8", None, 99.0, []])
def test_an_unclear_score_is_never_more_than_it_should_be(scorer, value):
    """nbgrader gives full credit for what it does not understand: it gets a number, or 0."""
    from nbgrader.utils import determine_grade

    nb, _ = scorer(record_of(value, value))
    given, most = determine_grade(nb.cells[0])
    assert (given, most) == ((8.0, 8.0) if value == 99.0 else (0.0, 8.0))


def test_points_of_a_changed_source_are_scaled(scorer):
    """A source notebook that gives a task 8 points instead of 12 gives two thirds."""
    from nbgrader.utils import determine_grade

    nb, resources = scorer(record_of(0.5, 6.0))
    assert determine_grade(nb.cells[0]) == (4.0, 8.0)
    assert resources["kit_scored"] == {"t"}


def test_an_answer_for_a_teacher_is_shown_as_text_and_waits(scorer):
    """It has no points, and its markup is text in the page."""
    from nbconvert.exporters import HTMLExporter

    answers = {"q1": {"text": LIVE}}
    nb, resources = scorer(record_of(None, None, answers=answers))
    assert resources["kit_scored"] == set()
    page, _ = HTMLExporter().from_notebook_node(nb)
    assert CANARY in page
    assert SCRIPT not in page


def test_answers_of_another_exercise_do_not_count(scorer):
    """A rebuilt notebook that holds other work waits for a person."""
    nb, resources = scorer(record_of(1.0, 12.0) | {"exercise": "y"})
    assert resources["kit_scored"] == set()
    assert nb.cells[0].outputs[0]["data"]["text/plain"] == "0.0"


def test_what_an_instructor_set_stays():
    """Own preprocessors, own collector rule, own pages: only execution and saving are replaced."""
    from nbgrader.preprocessors import LimitOutput
    from traitlets.config import Config

    from kit.bridge import configure
    from kit.bridge.preprocessor import FeedbackPages, ScoreData

    c = Config()
    c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute", LimitOutput]
    c.FileNameCollectorPlugin.named_regexp = "mine"
    c.FileNameCollectorPlugin.valid_ext = [".py"]
    configure(c, accepted="accepted.jsonl")
    assert c.Autograde.autograde_preprocessors == [ScoreData, LimitOutput]
    assert c.FileNameCollectorPlugin.named_regexp == "mine"
    assert c.FileNameCollectorPlugin.valid_ext == [".py", ".json", ".jsonl"]
    assert c.ScoreData.accepted == str(Path("accepted.jsonl").resolve())
    assert c.GenerateFeedback.exporter_class is FeedbackPages
    c = Config()
    configure(c)
    names = [each.__name__ for each in c.Autograde.autograde_preprocessors]
    assert names.index("ScoreData") < names.index("SaveScores")
    assert not {"Execute", "SaveAutoGrades"} & set(names)
