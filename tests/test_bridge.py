"""What the kit makes for nbgrader: source notebooks, `submitted/` rebuilt, names, settings."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.hostile import KINDS, Class
from kit import cli
from kit.bridge import answers_here, graded_later
from kit.bridge.config import COLLECT
from kit.bridge.marks import points_by_task
from kit.bridge.source import notebook, write_sources
from kit.bridge.submitted import Rebuild, canonical, folder_of, rebuild
from kit.demo_class import hand_ins
from kit.errors import KitError
from kit.grading import handed_in
from kit.grading.grade import POINTS, Bench, grade, refused
from kit.loading import load
from kit.submission import compose, encoded

ROOT = Path(__file__).parents[1]
AT = "2026-05-12T10:00:00Z"


@pytest.fixture
def in_the_course(monkeypatch):
    """Stand in the project's own course."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def nb(course, tmp_path):
    """An nbgrader course for *halle*, its notebook released as nbgrader would."""
    to = tmp_path / "nb"
    write_sources(to, ["halle"], "fr")
    release = to / "release" / "halle"
    release.mkdir(parents=True)
    (to / "source" / "halle" / "halle.ipynb").rename(release / "halle.ipynb")
    return to


def handed(exercise, learner, *sets, at=AT, version=1):
    """A submission with these answers (task, item, value) as bytes."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    log += [
        {"id": str(number), "at": at, "do": "set", "task": task, "item": item, "value": value}
        for number, (task, item, value) in enumerate(sets)
    ]
    return encoded(compose(exercise, learner, log, version, at))


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def staged(nb, learner, exercise="halle"):
    """What the bridge says in a rebuilt notebook."""
    path = nb / "submitted" / learner / exercise / f"{exercise}.ipynb"
    return json.loads(path.read_text("utf-8"))["metadata"]["kit"]


def table(nb):
    with (nb / "kit_submitted.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_autograded_cell_a_task_with_its_points(in_the_course):
    """A source notebook asks every task, and gives each the points of `kit grade`."""
    for id in ("openai-bid", "z0"):
        exercise = load(id, key=False)
        cells = notebook(exercise, "fr")["cells"]
        graded = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade")
        }
        assert graded == {task.id: POINTS[task.layer] for task in exercise.tasks}
        sources = "\n".join(cell["source"] for cell in cells)
        assert all(f'task("{id}", "{task.id}")' in sources for task in exercise.tasks)
        assert len({cell["id"] for cell in cells}) == len(cells)


def test_a_source_notebook_speaks_both_languages(in_the_course):
    """What stands around the widgets follows the language that is asked for."""
    exercise = load("z0", key=False)
    assert "Pour commencer" in str(notebook(exercise, "fr"))
    assert "To begin" in str(notebook(exercise, "en"))


def test_no_key_in_a_source_notebook(halle):
    """Nothing of a key can be read from what is released: no reason, no hint, no label."""
    text = json.dumps(notebook(halle, "fr"), ensure_ascii=False)
    for entry in halle.key.entries:
        assert entry.why["fr"] not in text
        assert not entry.hint or entry.hint["fr"] not in text
    assert not [entry.id for entry in halle.key.entries if f'"{entry.id}"' in text]


def test_settings_are_written_once_and_never_changed(course, tmp_path, capsys):
    """A course that has settings is told the lines that they lack."""
    to = tmp_path / "nb"
    assert cli.main(["nbgrader", "source", "halle", "--to", str(to)]) == 0
    written = (to / "nbgrader_config.py").read_text("utf-8")
    assert "configure(c" in written
    assert str(course) in written  # a course of one's own is found from anywhere
    compile(written, "nbgrader_config.py", "exec")
    assert capsys.readouterr().out == ""
    (to / "nbgrader_config.py").write_text("c = get_config()\n", "utf-8")
    cli.main(["nbgrader", "source", "halle", "--to", str(to), "--key", str(tmp_path / "k")])
    told = capsys.readouterr().out
    assert "from kit.bridge import configure" in told
    assert str(tmp_path / "k") in told
    assert (to / "nbgrader_config.py").read_text("utf-8") == "c = get_config()\n"


def test_a_place_of_points_does_nothing_for_a_learner_and_fails_under_stock_nbgrader(monkeypatch):
    """Without the kit's settings a cell is worth 0, where silence would be full credit."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    graded_later("z0", "claims")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(RuntimeError, match="configure"):
        graded_later("z0", "claims")


def test_answers_are_kept_beside_the_notebook(monkeypatch, tmp_path):
    """What a learner submits with nbgrader holds the answers."""
    from kit import course as courses

    monkeypatch.setenv("KIT_RESPONSES", "")  # so that it is put back afterwards
    monkeypatch.delenv("KIT_RESPONSES")
    monkeypatch.chdir(tmp_path)
    answers_here()
    assert courses.responses() == tmp_path / "reponses"


def test_submitted_holds_the_released_notebook_and_the_answers_alone(nb, halle, tmp_path):
    """Of a hostile folder nothing arrives but what the data says."""
    hand_in = tmp_path / "in"
    secret = tmp_path / "secret.json"
    secret.write_text("SECRET-4711")
    clause = halle.clauses[0].id
    put(hand_in / "ada" / "a.json", handed(halle, "ada", ("claims", clause, "fact")))
    put(hand_in / "eve" / "a.json", handed(halle, "eve", ("claims", clause, "fact")))
    put(hand_in / "eve" / "halle.ipynb", '{"cells": ["PLANTED"], "metadata": {}, "nbformat": 4}')
    put(hand_in / "eve" / "evil.py", "PLANTED")
    (hand_in / "eve" / "response.json").symlink_to(secret)
    rebuild(Rebuild(nb, "halle", hand_in))
    released = json.loads((nb / "release" / "halle" / "halle.ipynb").read_text("utf-8"))
    for learner in ("ada", "eve"):
        folder = nb / "submitted" / learner / "halle"
        assert {path.name for path in folder.iterdir()} == {"halle.ipynb", "timestamp.txt"}
        made = json.loads((folder / "halle.ipynb").read_text("utf-8"))
        assert made["cells"] == released["cells"]
        assert set(made["metadata"]["kit"]) == {"exercise", "answers"}
    everything = "".join(p.read_text("utf-8") for p in nb.rglob("*") if p.is_file())
    assert "PLANTED" not in everything
    assert "SECRET-4711" not in everything


@pytest.mark.parametrize(("number", "title", "make"), KINDS, ids=lambda each: str(each)[:40])
def test_validated_answers_are_worth_what_was_handed_in(
    number, title, make, tmp_path, in_the_course
):
    """Whatever was accepted gets the same points after it was written anew."""
    hostile = Class(tmp_path / "in", tmp_path / "secret.json", tmp_path / "fired")
    hostile.folder.mkdir()
    hostile.secret.write_text("x")
    make(hostile)
    bench = Bench()
    for path in sorted(hostile.folder.rglob("*.json*")):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 30_000_000:
            continue
        data = path.read_bytes()
        accepted = handed_in.read(data)
        if isinstance(accepted, handed_in.HandedIn):
            again = json.dumps(canonical(accepted), ensure_ascii=False).encode("utf-8", "replace")
            before, after = grade(data, bench), grade(again, bench)
            assert after["points"] == before["points"], path.name
            assert [task["score"] for task in after["tasks"]] == [
                task["score"] for task in before["tasks"]
            ]


def of_tasks(*scores, most=12):
    """A record with tasks of these scores, rounded as `grade` does."""
    tasks = [
        {"task": f"t{at}", "score": score, "points": round(score * most, 2), "max": most}
        for at, score in enumerate(scores)
    ]
    return {"points": round(sum(score * most for score in scores), 2), "tasks": tasks}


def test_points_of_tasks_add_up_to_the_mark(in_the_course):
    """In hundredths, each within one of what `kit grade` gives the task, the sum its mark."""
    records = [grade(data, Bench()) for _, data in hand_ins(load("openai-bid"), 30, 3)]
    draw = Random(1)
    made = [of_tasks(*(round(draw.random(), 6) for _ in range(4))) for _ in range(500)]
    apart = 0
    for record in records + made:
        points = points_by_task(record)
        assert round(sum(points.values()), 6) == record["points"]
        for task in record["tasks"]:
            assert abs(points[task["task"]] - task["points"]) < 0.0101
            assert 0 <= points[task["task"]] <= task["max"]
            apart += points[task["task"]] != task["points"]
    assert 100 < apart < 500


def test_who_lost_most_by_rounding_has_the_hundredth():
    """Up and down, and none where rounding agrees."""
    up = of_tasks(4.004 / 12, 4.003 / 12, 4.003 / 12)
    assert points_by_task(up) == {"t0": 4.01, "t1": 4.0, "t2": 4.0}
    down = of_tasks(4.006 / 12, 4.007 / 12, 4.007 / 12)
    assert points_by_task(down) == {"t0": 4.0, "t1": 4.01, "t2": 4.01}
    assert points_by_task(of_tasks(0.25, 0.5)) == {"t0": 3.0, "t1": 6.0}


def test_what_waits_for_a_teacher_has_no_points():
    """Nor has a file that was refused."""
    record = of_tasks(0.5, 0.5)
    record["tasks"].append({"task": "open", "score": None, "points": None, "max": 6})
    assert points_by_task(record) == {"t0": 6.0, "t1": 6.0}
    assert points_by_task(refused("notebook")) == {}


def test_one_folder_a_learner_whatever_is_handed_in(nb, halle, tmp_path):
    """Who handed in only what cannot be read is there, with the reason."""
    hand_in = tmp_path / "in"
    put(hand_in / "ada" / "a.json", handed(halle, "ada"))
    put(hand_in / "mia" / "halle.ipynb", "{}")
    put(hand_in / "lou" / "a.json", "{")
    counted = rebuild(Rebuild(nb, "halle", hand_in))
    assert counted == Counter(refused=2, empty=1)
    assert staged(nb, "mia")["refused"] == "notebook"
    assert staged(nb, "lou")["refused"] == "not_json"
    assert [(row["folder"], row["status"], row["reason"]) for row in table(nb)] == [
        ("ada", "empty", ""),
        ("lou", "refused", "not_json"),
        ("mia", "refused", "notebook"),
    ]


def test_the_hand_in_that_counts_is_the_one_of_kit_grade(nb, halle, tmp_path):
    """Of several the last one on time, with its time."""
    hand_in = tmp_path / "in"
    clause = halle.clauses[0].id
    for number, at in enumerate(("2026-05-12T09:00:00Z", AT, "2026-05-12T12:00:00Z")):
        data = handed(halle, "ada", ("claims", clause, "fact"), at=at, version=number + 1)
        put(hand_in / "ada" / f"{number}.json", data)
    rebuild(Rebuild(nb, "halle", hand_in, late="2026-05-12T11:00:00Z"))
    assert json.loads(staged(nb, "ada")["answers"])["version"] == 2
    time = nb / "submitted" / "ada" / "halle" / "timestamp.txt"
    assert time.read_text() == "2026-05-12 10:00:00 UTC\n"


def test_what_nbgrader_collected_is_moved_and_its_folder_names_the_learner(nb, halle):
    """Without hand-ins named, `submitted/` is taken, nothing of it lost; its time is kept."""
    clause = halle.clauses[0].id
    work = handed(halle, "pseudo", ("claims", clause, "fact"))
    raw = nb / "submitted" / "12" / "halle"
    put(raw / "reponses" / "pseudo" / "remis" / "pseudo_halle_v1.json", work)
    put(raw / "halle.ipynb", "{}")
    put(raw / "timestamp.txt", "2026-05-12 11:22:33.123456 UTC")
    rebuild(Rebuild(nb, "halle"))
    assert "answers" in staged(nb, "12")
    assert (raw / "timestamp.txt").read_text() == "2026-05-12 11:22:33.123456 UTC\n"
    kept = nb / "collected" / "12" / "halle" / "1"
    assert (kept / "reponses" / "pseudo" / "remis" / "pseudo_halle_v1.json").read_bytes() == work
    assert [row["learner"] for row in table(nb)] == ["12"]
    later = handed(halle, "pseudo", at="2026-05-12T12:00:00Z", version=2)
    put(raw / "reponses" / "pseudo" / "remis" / "pseudo_halle_v2.json", later)  # collected anew
    rebuild(Rebuild(nb, "halle"))
    assert json.loads(staged(nb, "12")["answers"])["version"] == 2
    assert (nb / "collected" / "12" / "halle" / "2").is_dir()
    rebuild(Rebuild(nb, "halle"))  # again, with nothing new: the same
    assert json.loads(staged(nb, "12")["answers"])["version"] == 2
    assert not (nb / "collected" / "12" / "halle" / "3").exists()


def test_a_notebook_alone_that_was_collected_anew_is_kept(nb, halle):
    """It lies where ours lay, under the same name, and is moved all the same."""
    raw = nb / "submitted" / "12" / "halle"
    put(raw / "a.json", handed(halle, "pseudo"))
    rebuild(Rebuild(nb, "halle"))
    put(raw / "halle.ipynb", '{"cells": ["theirs"]}')
    rebuild(Rebuild(nb, "halle"))
    assert "theirs" in (nb / "collected" / "12" / "halle" / "2" / "halle.ipynb").read_text()
    assert "answers" in staged(nb, "12")


def test_a_hostile_time_is_not_taken(nb, halle):
    """A time that nbgrader would stumble on gives way to the one in the file."""
    raw = nb / "submitted" / "12" / "halle"
    put(raw / "a.json", handed(halle, "pseudo"))
    put(raw / "timestamp.txt", "2026-05-12 11:22:33 ../../../etc/passwd")
    rebuild(Rebuild(nb, "halle"))
    assert (raw / "timestamp.txt").read_text() == "2026-05-12 10:00:00 UTC\n"


def test_nothing_is_deleted_that_was_not_made_here(nb, halle, tmp_path):
    """A folder that somebody else made stops the command before it changes anything."""
    put(tmp_path / "in" / "ada" / "a.json", handed(halle, "ada"))
    theirs = nb / "submitted" / "ada" / "halle" / "essay.txt"
    put(theirs, "mine")
    with pytest.raises(KitError, match="nbgrader_in_the_way"):
        rebuild(Rebuild(nb, "halle", tmp_path / "in"))
    assert theirs.read_text() == "mine"


def test_a_learner_who_is_gone_is_gone_after_a_rebuild(nb, halle, tmp_path):
    """`submitted/` holds the class that was handed in, and other assignments as they were."""
    put(tmp_path / "in" / "ada" / "a.json", handed(halle, "ada"))
    put(tmp_path / "in" / "bob" / "a.json", handed(halle, "bob"))
    rebuild(Rebuild(nb, "halle", tmp_path / "in"))
    put(nb / "submitted" / "bob" / "other" / "other.ipynb", "{}")
    (tmp_path / "in" / "bob" / "a.json").unlink()
    rebuild(Rebuild(nb, "halle", tmp_path / "in"))
    left = {path.parent.parent.name for path in nb.glob("submitted/*/halle/halle.ipynb")}
    assert left == {"ada"}
    assert (nb / "submitted" / "bob" / "other" / "other.ipynb").exists()


def test_a_notebook_that_was_not_released_stops_the_command(nb, tmp_path, capsys):
    """The message says which two commands come before."""
    (nb / "release" / "halle" / "halle.ipynb").write_text('{"metadata": {}, "cells": []}')
    assert cli.main(["nbgrader", "submitted", "halle", str(tmp_path), "--to", str(nb)]) == 1
    assert "generate_assignment halle" in capsys.readouterr().err


def test_the_command_says_what_came_of_it(nb, halle, tmp_path, capsys):
    """Learners by status, the table of folders, and what to do next."""
    put(tmp_path / "in" / "ada" / "a.json", handed(halle, "ada"))
    command = ["nbgrader", "submitted", "halle", str(tmp_path / "in"), "--to", str(nb)]
    assert cli.main(command) == 0
    told = capsys.readouterr().err
    assert "kit_submitted.csv" in told
    assert "nbgrader autograde halle" in told
    assert cli.main(["nbgrader", "submitted", "halle", "nowhere", "--to", str(nb)]) == 1


NAMES = ["zoe", "Zoé Martin", "12", "o.brien@x.fr"]
ODD = [
    "../x",
    "=cmd|'/c calc'!A0, Jr",
    "a/b",
    "*",
    "[x]",
    "-x",
    "CON",
    "x.",
    "",
    "a\u202eb",
    "x" * 300,
]


@pytest.mark.parametrize("learner", NAMES)
def test_a_name_that_is_safe_is_kept(learner):
    """A learner is found in nbgrader under the known name."""
    assert folder_of(learner, learner, ()) == learner


@pytest.mark.parametrize("learner", ODD)
def test_a_name_that_is_not_becomes_a_short_form(learner):
    """No path, no pattern, no formula, no comma: nbgrader's export writes names as they are."""
    name = folder_of(learner, learner, ())
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{2,40}", name)
    assert name != folder_of(learner, learner + "|other", ())


def test_names_equal_but_for_case_are_two_folders(nb, halle, tmp_path):
    """On a disk that does not tell capitals, no learner writes over another."""
    for number, learner in enumerate(("Ada", "ada")):
        put(tmp_path / "in" / f"{number}.json", handed(halle, learner))
    rebuild(Rebuild(nb, "halle", tmp_path / "in"))
    folders = [row["folder"].casefold() for row in table(nb)]
    assert len(set(folders)) == 2


@pytest.mark.parametrize(
    ("path", "learner", "file"),
    [
        ("Zoé O'Brien_12_assignsubmission_file_/z_halle_v1.json", "12", "z_halle_v1.json"),
        ("Zoé O'Brien_12_assignsubmission_file/z_halle_v1.json", "12", "z_halle_v1.json"),
        ("Zoé O'Brien_12_assignsubmission_file_z_halle_v1.json", "12", "z_halle_v1.json"),
        ("Jo_12_assignsubmission_file_/e_3_12_halle_v1.json", "12", "e_3_12_halle_v1.json"),
        ("obrienzoe_LATE_77_3456_z_halle_v1.json", "77", "z_halle_v1.json"),
        ("obrienzoe_77_3456_halle.jsonl", "77", "halle.jsonl"),
    ],
)
def test_the_collector_rule_takes_what_platforms_pack(path, learner, file):
    """Moodle before and since 4.1, in folders and flat, and Canvas; names with signs in them."""
    for root in ("/srv/nb/downloaded/halle/extracted/all/", "C:\\nb\\extracted\\"):
        found = re.match(COLLECT, root + path.replace("/", "\\" if "\\" in root else "/"))
        assert (found["student_id"], found["file_id"]) == (learner, file)
    assert set(re.compile(COLLECT).groupindex) == {"student_id", "file_id"}  # no names of people


def test_the_collector_rule_is_in_the_docs():
    """Who has a rule of one's own can copy this one."""
    docs = (ROOT / "docs" / "instructor" / "nbgrader.md").read_text("utf-8")
    assert COLLECT in docs.replace("\n", "")
