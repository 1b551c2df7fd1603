"""A class is graded: every file has its row, the right one counts, the same bytes each time."""

import csv
import gc
import hashlib
import json
import os
import re
import sys
import tracemalloc
import zipfile
from pathlib import Path
from statistics import correlation

import pytest

from benchmarks import grading_kills
from kit import cli
from kit.demo_class import BEHAVIOURS, demo_class, hand_ins
from kit.errors import KitError
from kit.grading import gather, ledger
from kit.grading import grade as grading
from kit.grading.attempts import COLUMNS
from kit.grading.collect import Candidate
from kit.grading.deadline import Deadline
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_all, grade_class
from kit.grading.layouts import Owner
from kit.grading.pool import spread
from kit.grading.reports import pages
from kit.loading import load
from kit.session import Session
from kit.submission import compose, encoded

ROOT = Path(__file__).parents[1]
AT = "2026-05-12T10:00:00Z"


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="session")
def bid():
    return load("openai-bid")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Thirty simulated learners."""
    folder = tmp_path_factory.mktemp("demo") / "class"
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        truths = demo_class(30, 1, folder)
    finally:
        os.chdir(here)
    return folder, truths


def book(folder):
    with (folder / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def problems(folder):
    with (folder / "problems.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def results(folder):
    return [
        json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").split("\n")[:-1]
    ]


def graded(submissions, to, **options):
    grade_class(Plan(submissions, to, **options))
    return book(to)


def every_byte(folder):
    """A sum over every file of a folder, names included."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def handed_in(exercise, learner, *sets, at=AT, version=1):
    """A submission with these answers (task, item, value) as bytes."""
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    log += [
        {"id": str(number), "at": at, "do": "set", "task": task, "item": item, "value": value}
        for number, (task, item, value) in enumerate(sets)
    ]
    return encoded(compose(exercise, learner, log, version, at))


RIGHT = ("claims", "c01", "fact")
WRONG = ("claims", "c01", "opinion")


def test_a_class_has_a_row_each_and_the_columns_of_the_docs(demo, tmp_path):
    """One row a learner, sorted, with every documented column; a page each; all files whole."""
    folder, truths = demo
    rows = graded(folder, tmp_path / "out")
    assert [row["learner"] for row in rows] == [truth.learner for truth in truths]
    assert list(rows[0]) == list(COLUMNS)
    docs = (ROOT / "docs" / "teacher" / "gradebook.md").read_text("utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in docs] == []
    assert {row["status"] for row in rows} == {"graded"}
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    tables = ["gradebook.csv", "problems.csv", "report.html", "results.jsonl", "talk.csv"]
    assert names == ["feedback", *tables]
    pages = {path.name for path in (tmp_path / "out" / "feedback").iterdir()}
    assert pages == {row["page"] for row in rows} | {"index.html"}


def test_every_field_of_the_results_is_in_the_docs(demo, tmp_path):
    """What a program may read is written down."""
    graded(demo[0], tmp_path)
    docs = (ROOT / "docs" / "teacher" / "gradebook.md").read_text("utf-8")
    first = results(tmp_path)[0]
    fields = set(first) | set(first["tasks"][0])
    assert [field for field in fields if f"`{field}`" not in docs] == []


def ranks(values):
    order = sorted(values)
    return [(order.index(value) + len(order) - order[::-1].index(value)) / 2 for value in values]


def test_the_truth_of_a_simulated_class_is_recovered(bid):
    """Rank correlation of mark and skill at least .9; each behaviour where it belongs."""
    bench = Bench()
    found = [(truth, grade(data, bench)) for truth, data in hand_ins(bid, 300, 5)]
    skills, marks = zip(*((t.skill, r["points"]) for t, r in found), strict=True)
    assert correlation(ranks(skills), ranks(marks)) >= 0.9
    mean = {
        name: sum(r["points"] for t, r in found if t.behaviour == name)
        / sum(t.behaviour == name for t, _ in found)
        for name in BEHAVIOURS
    }
    assert mean["careful"] > mean["swaps labels"] > mean["hasty"]
    assert mean["hasty"] > mean["highlights everything"] > mean["one passage only"]


def test_the_same_input_gives_the_same_bytes(demo, tmp_path):
    """Alone, in several processes, from a zip with another order, and again over old results."""
    folder, _ = demo
    for number in range(2):
        grade_class(Plan(folder, tmp_path / "a", jobs=number + 1))
    first = every_byte(tmp_path / "a")
    grade_class(Plan(folder, tmp_path / "b", jobs=2))
    assert every_byte(tmp_path / "b") == first
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for path in sorted(folder.iterdir(), reverse=True):
            archive.write(path, path.name)
    grade_class(Plan(tmp_path / "c.zip", tmp_path / "c"))
    assert every_byte(tmp_path / "c") == first


def test_a_second_run_takes_old_pages_away_and_nothing_else(demo, bid, tmp_path):
    """A page of somebody who is gone would be returned to nobody."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_bytes(handed_in(bid, "ada", RIGHT))
    (folder / "b.json").write_bytes(handed_in(bid, "bob", RIGHT))
    rows = graded(folder, tmp_path / "out")
    (tmp_path / "out" / "feedback" / "mine.html").write_text("mine")
    (folder / "b.json").unlink()
    graded(folder, tmp_path / "out")
    left = {path.name for path in (tmp_path / "out" / "feedback").iterdir()}
    assert left == {rows[0]["page"], "index.html", "mine.html"}


def test_results_inside_the_hand_ins_are_no_hand_ins(bid, tmp_path):
    """`kit grade . --to out`, twice."""
    (tmp_path / "a.json").write_bytes(handed_in(bid, "ada", RIGHT))
    for _ in range(2):
        assert len(graded(tmp_path, tmp_path / "out")) == 1
    with pytest.raises(KitError, match="results_inside"):
        graded(tmp_path, tmp_path)


def test_the_last_hand_in_on_time_counts(bid, tmp_path):
    """All are kept; lateness is shown and takes nothing off."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "1.json").write_bytes(handed_in(bid, "ada", WRONG, at="2026-05-12T09:00:00Z"))
    (folder / "2.json").write_bytes(handed_in(bid, "ada", RIGHT, at=AT, version=2))
    late = handed_in(bid, "ada", WRONG, at="2026-05-12T11:00:00Z", version=3)
    (folder / "3.json").write_bytes(late)
    (row,) = graded(folder, tmp_path / "out", late="2026-05-12T10:30:00Z")
    assert (row["file"], row["attempt"], row["attempts"]) == ("2.json", "2", "3")
    assert (row["late_s"], row["reason"]) == ("0", "several")
    assert [result["counts"] for result in results(tmp_path / "out")] == [False, True, False]
    told = {(each["file"], each["code"]) for each in problems(tmp_path / "out")}
    assert {("1.json", "superseded"), ("3.json", "superseded"), ("3.json", "late")} <= told
    (row,) = graded(folder, tmp_path / "out")
    assert row["file"] == "3.json"
    (row,) = graded(folder, tmp_path / "out", late="2026-05-12T08:00:00Z")
    assert (row["file"], row["late_s"]) == ("1.json", "3600")
    assert float(row["points"]) == 0.0


def test_a_raw_log_counts_where_nothing_was_handed_in(bid, tmp_path):
    """The learner's own folders: a log beside its submission is not a second hand-in."""
    session = Session(bid, "ada", tmp_path / "reponses")
    session.act(
        {"id": "1", "at": AT, "do": "set", "task": "claims", "item": "c01", "value": "fact"}
    )
    (row,) = graded(tmp_path / "reponses", tmp_path / "out")
    assert (row["learner"], row["file"], row["reason"]) == (
        "ada",
        "ada/openai-bid.jsonl",
        "from_log",
    )
    session.act({"id": "2", "at": AT, "do": "hand_in"})
    (row,) = graded(tmp_path / "reponses", tmp_path / "out")
    assert row["file"] == "ada/remis/ada_openai-bid_v1.json"
    assert row["receipt_ok"] == "yes"


def test_in_practice_the_last_check_counts_and_in_an_exam_the_last_answer(bid, tmp_path):
    """What is changed after the model answer was shown earns nothing in practice."""
    log = [
        {"id": "o", "do": "open", "exercise": bid.id, "article": bid.article.sha256},
        {"id": "1", "do": "set", "task": "claims", "item": "c01", "value": "opinion"},
        {"id": "2", "do": "check", "task": "claims", "paragraphs": ["T"]},
        {"id": "3", "do": "model", "task": "claims", "paragraphs": ["T"]},
        {"id": "4", "do": "set", "task": "claims", "item": "c01", "value": "fact"},
    ]
    data = encoded(compose(bid, "ada", log, 1, AT))
    assert grade(data, Bench())["points"] == 0
    assert grade(data, Bench(mode="exam"))["points"] > 0


def test_keys_of_an_exam_come_from_their_own_folder(course, tmp_path):
    """Without them every hand-in has a row that says so."""
    halle = load("halle")
    keys = tmp_path / "keys" / "halle"
    keys.mkdir(parents=True)
    (course / "exercises" / "halle" / "key.toml").rename(keys / "key.toml")
    folder = tmp_path / "in"
    folder.mkdir()
    clause = halle.clauses[0].id
    (folder / "a.json").write_bytes(handed_in(halle, "ada", ("claims", clause, "fact")))
    (row,) = graded(folder, tmp_path / "out")
    assert (row["status"], row["reason"], row["points"]) == ("refused", "no_key", "")
    (row,) = graded(folder, tmp_path / "out", keys=tmp_path / "keys")
    assert (row["status"], row["mode"]) == ("graded", "exam")
    with pytest.raises(KitError, match="no_key_folder"):
        graded(folder, tmp_path / "out", keys=folder)


def test_a_changed_key_is_seen_in_the_row(course, tmp_path):
    """The gradebook says what each row was graded with, and a cut run does not mix two keys."""
    halle = load("halle")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_bytes(handed_in(halle, "ada"))
    before = graded(folder, tmp_path / "out")[0]["key_version"]
    key = course / "exercises" / "halle" / "key.toml"
    version = Bench().version()
    key.write_text(key.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert Bench().version() != version
    assert graded(folder, tmp_path / "out")[0]["key_version"] != before


def test_moodle_and_canvas_zips_are_graded_by_their_numbers(bid, tmp_path):
    """The platform's number is the learner, its name the name; a late mark is told."""
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        for name, number in (("Zoé Martin", 12), ("Léo O'Brien", 7)):
            place = f"{name}_{number}_assignsubmission_file/x_openai-bid_v1.json"
            archive.writestr(place, handed_in(bid, f"pseudo{number}", RIGHT))
    rows = graded(tmp_path / "m.zip", tmp_path / "out")
    assert [(row["learner"], row["name"]) for row in rows] == [
        ("12", "Zoé Martin"),
        ("7", "Léo O'Brien"),
    ]
    assert rows[0]["learner_in_file"] == "pseudo12"
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("martinzoe_LATE_12_99_zoe_openai-bid_v1.json", handed_in(bid, "z", RIGHT))
    (row,) = graded(tmp_path / "c.zip", tmp_path / "out")
    assert (row["learner"], row["name"], row["reason"]) == ("12", "martinzoe", "late_lms")


def test_folders_are_learners_or_groups_by_what_most_of_them_hold(bid, tmp_path):
    """One learner who writes a second name into a file does not become somebody else."""
    tree = tmp_path / "in"
    for folder in ("ada", "bob", "eve"):
        (tree / folder).mkdir(parents=True)
        (tree / folder / "r.json").write_bytes(handed_in(bid, folder, RIGHT))
    (tree / "eve" / "s.json").write_bytes(handed_in(bid, "ada", WRONG, version=2))
    rows = graded(tree, tmp_path / "out")
    assert [row["learner"] for row in rows] == ["ada", "bob", "eve"]
    assert rows[0]["attempts"] == "1"
    assert "learner_differs" in rows[2]["reason"]
    groups = tmp_path / "groups"
    for group in ("3eA", "3eB"):
        (groups / group).mkdir(parents=True)
        for name in ("ada", "bob"):
            (groups / group / f"{name}.json").write_bytes(handed_in(bid, name, RIGHT))
    rows = graded(groups, tmp_path / "out")
    assert sorted((row["learner"], row["group"]) for row in rows) == [
        ("ada", "3eA"),
        ("ada", "3eB"),
        ("bob", "3eA"),
        ("bob", "3eB"),
    ]


def test_a_roster_tells_who_is_missing_and_who_is_unknown(bid, tmp_path):
    """By id or by name; the missing have a row without points."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("ada", "mallory"):
        (folder / f"{name}.json").write_bytes(handed_in(bid, name, RIGHT))
    roster = tmp_path / "class.csv"
    roster.write_bytes("identifiant;nom;groupe\nada;Ada L.;3eA\nzoé;Zoé M.;3eB\n".encode("cp1252"))
    rows = graded(folder, tmp_path / "out", roster=roster)
    assert [(row["learner"], row["name"], row["group"], row["status"]) for row in rows] == [
        ("ada", "Ada L.", "3eA", "graded"),
        ("mallory", "", "", "graded"),
        ("zoé", "Zoé M.", "3eB", "empty"),
    ]
    assert rows[1]["reason"] == "unknown_learner"
    assert (rows[2]["reason"], rows[2]["points"], rows[2]["attempts"]) == ("absent", "", "0")
    roster.write_bytes(b"\xff\x00")
    with pytest.raises(KitError, match="roster_unreadable"):
        graded(folder, tmp_path / "out", roster=roster)


def test_one_file_from_two_people_is_told_to_the_teacher_alone(bid, tmp_path):
    """A reason to talk: no point depends on it, and no learner's page shows it."""
    for name in ("ada", "bob", "cid"):
        (tmp_path / "in" / name).mkdir(parents=True)
        whose = "ada" if name == "bob" else name
        (tmp_path / "in" / name / "r.json").write_bytes(handed_in(bid, whose, RIGHT))
    rows = graded(tmp_path / "in", tmp_path / "out", lang="en")
    assert ["same_file" in row["reason"] for row in rows] == [True, True, False]
    assert len({row["points"] for row in rows}) == 1
    for row in rows:
        page = (tmp_path / "out" / "feedback" / row["page"]).read_text("utf-8")
        assert "comes from somebody else" not in page
        assert "not that of the folder" not in page


def test_nothing_handed_in_is_said(tmp_path, capsys):
    """An empty folder or zip: no row, exit code 0."""
    (tmp_path / "in").mkdir()
    zipfile.ZipFile(tmp_path / "in.zip", "w").close()
    for source in ("in", "in.zip"):
        assert cli.main(["grade", str(tmp_path / source), "--to", str(tmp_path / "out")]) == 0
        assert "Rien n’a été remis" in capsys.readouterr().err
    assert book(tmp_path / "out") == []


def test_the_command_tells_people_on_stderr_and_programs_on_stdout(demo, tmp_path, capsys):
    """Exit codes: 0 graded, 1 nothing there, 2 wrong usage."""
    to = str(tmp_path / "out")
    assert cli.main(["grade", str(demo[0]), "--to", to, "--no-feedback"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "30 lignes" in err
    assert not (tmp_path / "out" / "feedback").exists()
    assert cli.main(["grade", str(demo[0]), "--to", to, "--json", "--no-feedback"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == {"graded": 30}
    assert cli.main(["grade", str(tmp_path / "none"), "--to", to]) == 1
    assert cli.main(["grade", str(demo[0]), "--to", to, "--late", "soon"]) == 1
    for wrong in (["--jobs", "-1"], ["--mode", "x"], ["--nonsense"]):
        with pytest.raises(SystemExit) as raised:
            cli.main(["grade", str(demo[0]), "--to", to, *wrong])
        assert raised.value.code == 2


def test_a_disk_that_takes_nothing_is_told(demo, tmp_path):
    """In a sentence, and before anything is lost."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(KitError, match="cannot_write_results"):
        graded(demo[0], tmp_path / "file")


def test_two_runs_at_once_do_not_mix(demo, tmp_path):
    """The second one is told to wait."""
    busy = ledger.Ledger(tmp_path, "v")
    with pytest.raises(KitError, match="grading_elsewhere"):
        graded(demo[0], tmp_path)
    busy.remove()
    graded(demo[0], tmp_path)


def test_a_ledger_that_a_crash_spoilt_is_begun_anew(demo, tmp_path):
    """It only ever saves time."""
    (tmp_path / ledger.NAME).write_bytes(b"SQLite format 3\0" + b"garbage" * 1000)
    assert len(graded(demo[0], tmp_path)) == 30


def test_what_was_graded_before_a_cut_is_not_graded_again(demo, tmp_path, monkeypatch):
    """The next run goes on where the last one stopped."""
    rounds = []

    def tired(*arguments):
        rounds.append(1)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kit.grading.gradebook._write_problems", tired)
        with pytest.raises(KeyboardInterrupt):
            graded(demo[0], tmp_path)
    assert (tmp_path / ledger.NAME).exists()
    monkeypatch.setattr(gather, "grade", tired)
    assert len(graded(demo[0], tmp_path)) == 30
    assert len(rounds) == 1


def test_a_mistake_of_the_kit_costs_one_row(demo, tmp_path, monkeypatch):
    """Whatever happens with one hand-in, the class is graded."""
    true = grading.grade

    def shaky(data, bench):
        if b'"learner": "eleve-07"' in data:
            raise ZeroDivisionError
        return true(data, bench)

    monkeypatch.setattr(gather, "grade", shaky)
    rows = graded(demo[0], tmp_path, jobs=1)
    assert len(rows) == 30
    lost = [row for row in rows if row["reason"] == "not_scored"]
    assert [(row["status"], row["file"]) for row in lost] == [
        ("refused", "eleve-07_openai-bid_v1.json")
    ]


def fragile(setup, item):
    if item == setup:
        os._exit(9)
    return item * 2


def test_a_process_that_dies_costs_one_item():
    """The others of its chunk are worked on again, in order."""
    chunks = [list(range(start, start + 4)) for start in range(0, 40, 4)]
    done = list(spread(fragile, 17, iter(chunks), 2, lambda item: "lost"))
    assert [chunk for chunk, _ in done] == chunks
    results = [result for _, results in done for result in results]
    assert results == [item * 2 if item != 17 else "lost" for item in range(40)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_moment_it_ends_in_the_same_bytes(tmp_path):
    """Nothing is lost, nothing half written stays (at length: benchmarks/grading_kills.py)."""
    found = grading_kills.run(tmp_path, learners=150, kills=5, seed=4)
    assert found.kills == 5
    assert found.wrong() == []


def test_memory_does_not_grow_with_the_class(bid, tmp_path, monkeypatch):
    """A thousand hand-ins more, read as they come: rows, signs and pages are not gathered."""
    record = grade(handed_in(bid, "ada", WRONG), Bench())
    record |= {"reasons": {"receipt_differs": 1}, "tasks": []}
    monkeypatch.setattr(
        gather, "grade", lambda data, bench: record | {"learner_in_file": data.decode()}
    )
    monkeypatch.setattr(pages, "_page", lambda setup, each: "a page")
    held = {}
    for count in (100, 400, 1200):  # the first one loads what is loaded once
        names = (f"{number:05}" for number in range(count))
        source = (Candidate(f"{name}.json", Owner(), name.encode()) for name in names)

        def weigh(stage, done, count=count):
            if done == count:
                gc.collect()
                held[stage, count] = tracemalloc.get_traced_memory()[0]

        tracemalloc.start()
        grade_all(source, Plan(Path(), tmp_path / str(count), jobs=1), weigh)
        tracemalloc.stop()
        assert len(book(tmp_path / str(count))) == count
    for stage in ("collect", "book", "pages"):
        assert held[stage, 1200] < held[stage, 400] + 20_000, stage  # 25 bytes a hand-in


def test_a_deadline_without_zone_is_local():
    """A teacher writes the time on the wall."""
    assert re.fullmatch(r"2026-05-1[123]T\d\d:00:00Z", Deadline.of("2026-05-12T18:00").at)


def test_made_up_exercises_do_not_multiply_the_class(bid, tmp_path):
    """A row each, no section in the report, and nobody is missing from them."""
    folder = tmp_path / "in"
    folder.mkdir()
    data = json.loads(handed_in(bid, "eve", RIGHT))
    for number in range(20):
        text = json.dumps(data | {"exercise": f"made-up-{number}"})
        (folder / f"{number}.json").write_text(text, "utf-8")
    (folder / "a.json").write_bytes(handed_in(bid, "ada", RIGHT))
    roster = tmp_path / "class.csv"
    roster.write_text("learner\nada\nbob\n", "utf-8")
    rows = graded(folder, tmp_path / "out", roster=roster)
    assert len(rows) == 22
    assert [row["learner"] for row in rows if row["reason"] == "absent"] == ["bob"]
    assert "made-up" not in (tmp_path / "out" / "report.html").read_text("utf-8")
