"""A released bundle opens and grades as the course does; an exam's options are told and undone."""

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime

import pytest

from kit import cli, course, exam, packed
from kit.errors import KitError
from kit.exam import Exam
from kit.grading.grade import Bench, grade
from kit.lab import _find
from kit.loading import load, read
from kit.messages import in_words
from kit.release import bundle
from kit.release.bundle import Plan, release
from kit.scoring import score
from kit.session import Session
from kit.simulation import right, wrong
from kit.submission import FOLDER
from kit.widgets.view import view_of

COURSE = course.CLONE / "exercises"
AT = "2026-05-12T08:30:00Z"
OPENS, CLOSES = "2026-05-12T08:00:00Z", "2026-05-12T10:00:00Z"


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A bundle for practice: one short text."""
    to = tmp_path_factory.mktemp("practice") / "exercices"
    assert release(Plan(to, ("z0",))).leaks == []
    return to


@pytest.fixture(scope="module")
def exam_bundle(tmp_path_factory):
    """An exam of two texts, with times and a seed."""
    to = tmp_path_factory.mktemp("exam") / "epreuve"
    plan = Plan(to, is_exam=True, opens=OPENS, closes=CLOSES, seed=7)
    assert release(plan).leaks == []
    return to


def answered(exercise, answers, learner, responses):
    """Let a learner answer every task and hand in; return the session and the file's bytes."""
    session = Session(exercise, learner, responses)
    last = ""
    for task in exercise.tasks:
        for item, value in answers[task.id].items():
            action = {"do": "set", "task": task.id, "item": item, "value": value}
            session.act({"id": f"{task.id}-{item}", "at": AT} | action)
        last = task.id
    session.act({"id": "h", "at": AT, "do": "hand_in", "task": last})
    (path,) = (responses / learner / FOLDER).glob("*.json")
    return session, path.read_bytes()


def ways(id):
    """The answers of the key, those that meet nothing of it, and none, for each task."""
    keyed = load(id)
    return {
        "right": {task.id: right(keyed, task) for task in keyed.tasks},
        "wrong": {task.id: wrong(keyed, task) for task in keyed.tasks},
        "blank": {task.id: {} for task in keyed.tasks},
    }


# --- Practice: the packed key --------------------------------------------------------------------


def test_a_practice_bundle_scores_as_the_course(practice, monkeypatch, tmp_path):
    """The packed key is the key: same version, same scores for right, wrong and blank answers."""
    in_course = load("z0")
    given = ways("z0")
    monkeypatch.chdir(practice)
    released = load("z0")
    assert released.folder == practice / "exercises" / "z0"
    assert not (released.folder / "key.toml").exists()
    assert released.key.version == in_course.key.version
    for way, answers in given.items():
        session, _ = answered(released, answers, way, tmp_path)
        assert not session.silent(session.exercise.tasks[0].id)
        assert score(released, session.response) == score(in_course, session.response)
    best = Session(released, "right", tmp_path)
    assert {each.score for each in score(released, best.response)} == {1.0}


def test_a_glance_shows_nothing_of_a_packed_key(practice):
    """No word of the key stands in it as it is."""
    data = (practice / "exercises" / "z0" / packed.NAME).read_text("ascii")
    key = (COURSE / "z0" / "key.toml").read_bytes()
    assert packed.unpack(data.encode()) == key
    assert not [word for word in ("lamentable", "loaded", "label", "fact") if word in data]


def test_a_practice_bundle_leaves_out_what_is_the_authors(practice):
    """Neither source sheet nor readings travel, nor notebooks that open another exercise."""
    names = {path.name for path in practice.rglob("*")}
    assert not names & {"sources.md", "readings", "key.toml", "tests", "__pycache__", "supplied"}
    notebooks = [path.stem for path in practice.glob("notebooks/*/*.ipynb")]
    assert notebooks == ["00-prise-en-main"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-30],
        lambda data: data.replace(b"kit-key 1", b"kit-key 2"),
        lambda data: data[:200] + b"A" + data[201:],
        lambda data: b"",
        lambda data: b"schema = 1\n",
        lambda data: data + b"====",
    ],
)
def test_a_damaged_packed_key_is_told_and_quotes_nothing(spoil, practice, tmp_path):
    """Cut or changed, it is one mistake with a mend, in words that hold nothing of the key."""
    data = (practice / "exercises" / "z0" / packed.NAME).read_bytes()
    folder = tmp_path / "exercises" / "z0"
    folder.mkdir(parents=True)
    for name in ("exercise.toml", "article.fr.txt"):
        (folder / name).write_bytes((COURSE / "z0" / name).read_bytes())
    (folder / packed.NAME).write_bytes(spoil(data))
    exercise, (mistake,) = read(folder)
    assert exercise is None
    assert mistake.code == "packed_damaged"
    for lang in ("fr", "en"):
        assert "lamentable" not in in_words(mistake, lang)
        assert "{" not in in_words(mistake, lang)


def test_lines_may_end_as_windows_ends_them(practice):
    """A packed key survives a program that changes line ends."""
    data = (practice / "exercises" / "z0" / packed.NAME).read_bytes()
    assert packed.unpack(data.replace(b"\n", b"\r\n")) == packed.unpack(data)


# --- Exam: no key --------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["e1", "e2"])
def test_an_exam_grades_as_with_the_key(id, exam_bundle, monkeypatch, tmp_path):
    """Answered without a key, graded with it: the score of the same answers where the key is."""
    in_course = load(id)
    given = ways(id)
    monkeypatch.chdir(exam_bundle)
    released = load(id)
    assert released.key is None
    handed = {way: answered(released, answers, way, tmp_path) for way, answers in given.items()}
    monkeypatch.chdir(course.CLONE)
    bench = Bench(str(COURSE), "exam")
    for way, (session, data) in handed.items():
        assert session.silent(session.exercise.tasks[0].id)
        record = grade(data, bench)
        expected = score(in_course, session.response, mode="exam")
        assert [task["score"] for task in record["tasks"]] == [
            None if each.score is None else round(each.score, 6) for each in expected
        ]
        assert record["reasons"] == {}
        assert record["status"] == ("empty" if way == "blank" else record["status"])
    assert grade(handed["right"][1], bench)["points"] > grade(handed["wrong"][1], bench)["points"]


def test_an_exam_records_its_times_and_its_seed(exam_bundle, monkeypatch, tmp_path):
    """They stand in the log, beside the times of the actions; lateness is the grader's to count."""
    monkeypatch.chdir(exam_bundle)
    _, data = answered(load("e1"), ways_of_nothing("e1"), "ada", tmp_path)
    log = json.loads(data)["log"]
    assert log[0]["exam"] == {"opens": OPENS, "closes": CLOSES, "seed": 7}


def ways_of_nothing(id):
    return {task.id: {"c01": "fact"} if task.id == "claims" else {} for task in load(id).tasks}


def test_the_command_grades_an_exam_from_the_keys_of_the_course(exam_bundle, monkeypatch, tmp_path):
    """`kit grade --key exercises` gives a row with the mode, late against the recorded end."""
    given = ways("e1")
    monkeypatch.chdir(exam_bundle)
    _, data = answered(load("e1"), given["right"], "ada", tmp_path / "r")
    monkeypatch.chdir(course.CLONE)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.json").write_bytes(data)
    to = tmp_path / "out"
    command = ["grade", str(tmp_path / "in"), "--key", str(COURSE), "--to", str(to)]
    assert cli.main([*command, "--late", "2026-05-12T08:00:00Z", "--no-feedback"]) == 0
    row = json.loads((to / "results.jsonl").read_text("utf-8"))
    assert (row["mode"], row["late_s"]) == ("exam", 1800)
    assert row["points"] > 0


def test_an_exam_bundle_checks_without_a_key(exam_bundle, monkeypatch, capsys):
    """That the key is not there is no mistake."""
    monkeypatch.chdir(exam_bundle)
    assert cli.main(["check"]) == 0
    assert "2 exercices" in capsys.readouterr().err


def test_the_kit_of_a_bundle_runs_by_itself(exam_bundle, practice):
    """What is in the folder is enough: its own package reads its own exercises."""
    for folder in (exam_bundle, practice):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "kit", "check"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_notebook_of_an_exam_opens_the_learners_own_text(exam_bundle, monkeypatch, tmp_path):
    """Run all, name, and the tasks of one text open without help; outside the times it says so."""
    from kit.widgets.desk import Place
    from kit.widgets.note import Note

    monkeypatch.chdir(exam_bundle)
    monkeypatch.setenv("KIT_RESPONSES", str(tmp_path))
    notebook = json.loads(_find(exam_bundle, "").read_text("utf-8"))
    lines = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tasks = [task.id for task in load("e1").tasks]
    assert lines[2:] == [f'task("exam", "{task}")' for task in tasks]
    mine = exam.read(exam_bundle).variant("ada")
    place = Place("exam", "claims")
    place.seat("ada")
    note, widget = place.children
    assert isinstance(note, Note)
    assert "horloge de cet ordinateur" in note.value
    assert widget.view["exam"] is True
    assert widget.view["id"] == f"{mine}/claims/ada"


# --- Who gets what, in which order ---------------------------------------------------------------


def test_texts_are_dealt_by_name_and_seed():
    """The same learner gets the same text everywhere; a class gets about half of each."""
    sat = Exam(("e1", "e2"), seed=7)
    names = [f"eleve-{number:03}" for number in range(400)]
    dealt = Counter(map(sat.variant, names))
    assert 150 < dealt["e1"] < 250
    assert sum(dealt.values()) == 400
    assert sat.variant("Zoé") == sat.variant(" zoe\u0301 ")
    assert [sat.variant(name) for name in names[:8]] == [
        Exam(("e1", "e2"), seed=7).variant(name) for name in names[:8]
    ]
    other = Exam(("e1", "e2"), seed=8)
    assert [*map(other.variant, names)] != [*map(sat.variant, names)]


DEALT = ["e1", "e2", "e1", "e1"]
ORDER = ["c02", "c01", "c03", "c04"]


def test_the_order_of_items_is_shuffled_and_grading_need_not_know(
    exam_bundle, monkeypatch, tmp_path
):
    """Two learners see clauses in other orders; the same answers by clause earn the same."""
    given = ways("e1")["right"]
    monkeypatch.chdir(exam_bundle)
    released = load("e1")
    shown, files = {}, {}
    for learner in ("ada", "bob"):
        session = Session(released, learner, tmp_path)
        view = view_of(session, released.task("claims"))
        shown[learner] = [clause["id"] for clause in view["clauses"]]
        order = {id: at for at, id in enumerate(shown[learner])}
        claims = dict(sorted(given["claims"].items(), key=lambda each: order[each[0]]))
        files[learner] = answered(released, given | {"claims": claims}, learner, tmp_path)[1]
        paragraphs = [clause["paragraph"] for clause in view["clauses"]]
        assert list(dict.fromkeys(paragraphs)) == list(released.task("claims").paragraphs)
    plain = [clause.id for clause in released.clauses]
    assert shown["ada"] != shown["bob"]
    assert plain not in shown.values()
    assert sorted(shown["ada"]) == sorted(plain)
    monkeypatch.chdir(course.CLONE)
    bench = Bench(str(COURSE), "exam")
    ada, bob = (grade(files[learner], bench) for learner in ("ada", "bob"))
    assert ada["points"] == bob["points"] > 0


def test_without_a_seed_items_keep_the_order_of_the_text():
    """A seed is asked for, or nothing is shuffled."""
    assert Exam(("e1",)).order(["c02", "c01"], "ada") == ["c02", "c01"]


@pytest.mark.parametrize(
    ("at", "missed"),
    [
        ("2026-05-12T07:59:59", "early"),
        ("2026-05-12T09:00:00", ""),
        ("2026-05-12T10:00:01", "late"),
    ],
)
def test_outside_its_times_an_exam_says_so(at, missed):
    """Before it opens and after it closes; without times never."""
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert Exam(("e1",), OPENS, CLOSES).missed(now) == missed
    assert Exam(("e1",)).missed(now) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "schema = 2\nvariants = ['e1']",
        "schema = 1\nvariants = []",
        "schema = 1\nvariants = [1]",
        "schema = 1\nvariants = ['e1']\nopens = '2026-05-12'",
        "schema = 1\nvariants = ['e1']\nseed = 'x'",
        "schema = 1\nvariants = ['e1']\nkey = 'x'",
        "[",
    ],
)
def test_an_unreadable_exam_file_is_told(text, tmp_path):
    """An exam whose options nobody can read does not open as practice."""
    (tmp_path / exam.NAME).write_text(text, "utf-8")
    with pytest.raises(KitError, match="exam_unreadable"):
        exam.read(tmp_path)


# --- The bundle ----------------------------------------------------------------------------------


def test_the_same_course_gives_the_same_bytes(exam_bundle, tmp_path):
    """Twice the same archive, whose files are those of the folder."""
    to = tmp_path / "epreuve"
    release(Plan(to, is_exam=True, opens=OPENS, closes=CLOSES, seed=7))
    first, second = exam_bundle.with_name("epreuve.zip"), to.with_name("epreuve.zip")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(second) as archive:
        packed_files = {name: archive.read(name) for name in archive.namelist()}
    folder = {
        f"epreuve/{path.relative_to(to).as_posix()}": path.read_bytes()
        for path in to.rglob("*")
        if path.is_file()
    }
    assert packed_files == folder


def test_the_first_page_tells_how_to_start(exam_bundle, practice):
    """In French and English, with the line for Linux and macOS and the one for Windows."""
    for folder in (exam_bundle, practice):
        page = (folder / "README.md").read_text("utf-8")
        assert page.count(".venv/bin/pip install -q -e . && .venv/bin/kit lab") == 2
        assert page.count(r".venv\Scripts\pip install -q -e .; .venv\Scripts\kit lab") == 2
    assert "2026" in (exam_bundle / "README.md").read_text("utf-8")


def test_nothing_is_overwritten(practice):
    """A folder or archive that is there stops the release."""
    with pytest.raises(KitError, match="release_not_empty"):
        release(Plan(practice, ("z0",)))


def test_a_bundle_with_a_leak_is_not_there(course, capsys):
    """Refused with its place: neither folder nor archive, and exit code 1."""
    path = course / "exercises" / "halle" / "exercise.toml"
    key = (course / "exercises" / "halle" / "key.toml").read_text("utf-8")
    why = next(line for line in key.split("\n") if line.startswith("why.fr"))
    path.write_text(path.read_text("utf-8") + f"# {why}\n", "utf-8")
    before = sorted(course.iterdir())
    assert cli.main(["release", "halle", "--exam", "--to", "epreuve"]) == 1
    said = capsys.readouterr().err
    assert "epreuve/exercises/halle/exercise.toml, ligne" in said
    assert sorted(course.iterdir()) == before


def test_an_exercise_without_a_notebook_gets_one(course, tmp_path, monkeypatch):
    """A teacher's own exercise opens from its bundle, with all its tasks."""
    built = release(Plan(tmp_path / "out", ("halle",)))
    assert built.leaks == []
    assert built.notebooks == ["notebooks/fr/50-halle.ipynb", "notebooks/en/50-halle.ipynb"]
    text = (tmp_path / "out" / built.notebooks[0]).read_text("utf-8")
    assert all(f'task(\\"halle\\", \\"{task.id}\\")' in text for task in load("halle").tasks)


def test_an_exam_without_any_key_at_hand_says_so(course, capsys):
    """Then the check knows the form of a key alone."""
    (course / "exercises" / "halle" / "key.toml").unlink()
    assert cli.main(["release", "halle", "--exam", "--to", "epreuve"]) == 0
    assert "--key" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["nonsense", "--to", "x"], 1),
        (["halle", "--exam", "--opens", "demain", "--to", "x"], 1),
        (["halle", "--exam", "--opens", "2026-05-12", "--closes", "2026-05-11", "--to", "x"], 1),
        (["--to", "x", "--exam"], 1),
    ],
)
def test_what_cannot_be_released_is_told(options, code, course, capsys):
    """One sentence with a mend, and nothing is written."""
    assert cli.main(["release", *options]) == code
    assert "remède" in capsys.readouterr().err
    assert not (course / "x").exists()


@pytest.mark.parametrize(
    "options", [[], ["--to", "x", "--check", "y"], ["--to", "x", "--seed", "3"]]
)
def test_wrong_usage(options, course):
    """Neither or both of --to and --check, or options of an exam without one."""
    with pytest.raises(SystemExit, match="2"):
        cli.main(["release", *options])


def test_texts_of_an_exam_have_the_same_tasks(course):
    """One notebook opens all of them."""
    import shutil

    other = course / "exercises" / "autre"
    shutil.copytree(course / "exercises" / "halle", other)
    for path in (other / "exercise.toml", other / "key.toml"):
        text = path.read_text("utf-8").replace('"halle"', '"autre"')
        path.write_text(text.replace('id = "words"', 'id = "mots"'), "utf-8")
    with pytest.raises(KitError, match="exam_variants"):
        release(bundle.Plan(course / "x", ("halle", "autre"), is_exam=True))


def test_no_deal_changes_from_one_version_to_the_next():
    """Written down: a later version must deal an exam that has begun as this one does."""
    sat = Exam(("e1", "e2"), seed=7)
    assert [sat.variant(name) for name in ("ada", "bob", "cleo", "dan")] == DEALT
    assert sat.order(["c01", "c02", "c03", "c04"], "ada") == ORDER
