"""A folder of hand-ins watched while it fills: nothing is read half, nothing counts twice."""

import shutil
import zipfile
from pathlib import Path

import pytest

from kit.classstats import watch as watching
from kit.classstats.watch import PATIENCE, Watch
from kit.demo_class import demo_class, hand_ins
from kit.grading.grade import Bench
from kit.grading.gradebook import Plan, grade_class
from kit.simulation import right
from tests.test_classstats import handed_in

ROOT = Path(__file__).parents[1]


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def folder(course):
    """An empty folder of hand-ins, in a course that holds *halle* alone."""
    path = course / "remises"
    path.mkdir()
    return path


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(folder, clock):
    return Watch(folder, "halle", Bench(), clock)


def work(halle, learner="zoé", version=1, count=1):
    """A hand-in with some of the right marks."""
    marks = right(halle, halle.task("bias"))
    return handed_in(halle, {"bias": dict(list(marks.items())[:count])}, learner, version)


def marks_of(record):
    return next(len(task["answers"]) for task in record["tasks"] if task["task"] == "bias")


def reasons(watch):
    return [(problem.file, problem.reason) for problem in watch.problems]


def test_a_file_is_read_when_it_lies_still(watch, folder, halle):
    """Seen once it waits, seen unchanged it counts; after that nothing is new."""
    assert watch.look()
    assert not watch.look()
    (folder / "zoe.json").write_bytes(work(halle))
    assert watch.look()
    assert (len(watch.counted), watch.waiting) == (0, 1)
    assert watch.look()
    assert (len(watch.counted), watch.waiting) == (1, 0)
    assert not watch.look()


def test_a_file_that_grows_waits(watch, folder, halle, clock):
    """Copied piece by piece, it is read when it is whole, and was never a bad file."""
    data = work(halle)
    for end in range(0, len(data), len(data) // 6):
        (folder / "zoe.json").write_bytes(data[:end])
        watch.look()
        clock.now += 0.5
        assert (watch.counted, watch.problems, watch.waiting) == ([], [], 1)
    (folder / "zoe.json").write_bytes(data)
    watch.look()
    watch.look()
    assert (len(watch.counted), watch.problems, watch.waiting) == (1, [], 0)


def test_a_copy_that_pauses_is_no_bad_file_yet(watch, folder, halle, clock):
    """Still for a while and broken off: it waits, then it is told; completed, it counts."""
    data = work(halle)
    (folder / "zoe.json").write_bytes(data[:300])
    for _ in range(3):
        watch.look()
    assert (watch.problems, watch.waiting) == ([], 1)
    clock.now += PATIENCE
    watch.look()
    assert reasons(watch) == [("zoe.json", "not_json")]
    (folder / "zoe.json").write_bytes(data)
    watch.look()
    watch.look()
    assert (len(watch.counted), watch.problems) == (1, [])


def test_names_of_files_on_their_way_are_passed_over(watch, folder, halle):
    """What a browser or a copying program has not finished is left alone."""
    for name in ("a.json.part", "b.crdownload", ".c.json.x1", "~$d.json"):
        (folder / name).write_bytes(work(halle))
    for _ in range(2):
        watch.look()
    assert (watch.counted, watch.problems, watch.waiting) == ([], [], 0)


def test_thirty_at_once_all_counted_none_twice(tmp_path, monkeypatch):
    """Dropped together: all there at the second look, and no more of them at the tenth."""
    monkeypatch.chdir(ROOT)
    demo_class(30, 1, tmp_path / "made")
    watch = Watch(tmp_path / "remises", "openai-bid", Bench())
    watch.look()
    shutil.copytree(tmp_path / "made", tmp_path / "remises")
    for _ in range(10):
        watch.look()
    assert len(watch.counted) == 30
    assert len({record["sum"] for record in watch.counted}) == 30
    assert (watch.problems, watch.waiting) == ([], 0)


def test_the_same_content_counts_once(watch, folder, halle):
    """Under a second name, and in another learner's folder."""
    for name in ("zoe.json", "zoe (1).json", "a/copie.json", "b/autre.json"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(work(halle))
    for _ in range(2):
        watch.look()
    assert len(watch.counted) == 1


def test_the_same_receipt_counts_once(watch, folder, halle):
    """Saved again by another program, the bytes differ and the content does not."""
    for name, data in (("a/x.json", work(halle)), ("b/x.json", work(halle) + b"\n")):
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(data)
    for _ in range(2):
        watch.look()
    assert len(watch.counted) == 1


def test_a_later_version_takes_the_place(watch, folder, halle):
    """As `kit grade` has it: the later hand-in of a learner counts, whatever comes first."""
    for version, count in ((2, 3), (1, 1), (3, 4)):
        (folder / f"v{version}.json").write_bytes(work(halle, version=version, count=count))
        watch.look()
        watch.look()
    assert [marks_of(record) for record in watch.counted] == [4]
    (folder / "v3.json").unlink()
    watch.look()
    assert [marks_of(record) for record in watch.counted] == [3]


def test_a_file_replaced_in_place_never_leaves_a_gap(watch, folder, halle):
    """Until the new content is read, the old one counts."""
    path = folder / "zoe.json"
    path.write_bytes(work(halle))
    watch.look()
    watch.look()
    path.write_bytes(work(halle, count=2))
    watch.look()
    assert [marks_of(record) for record in watch.counted] == [1]
    watch.look()
    assert [marks_of(record) for record in watch.counted] == [2]


def test_bad_files_are_told_and_stop_nothing(watch, folder, halle, clock):
    """Each with its reason; the good ones count, also of a learner who sent a bad one too."""
    bad = {
        "nb.ipynb": (b"{}", "notebook"),
        "picture.json": (b"\x89PNG", "other_format"),
        "deep.json": (b"[" * 100_000, "too_deep"),
        "list.json": (b"[]", "not_object"),
        "other.json": (b'{"exercise": "nowhere", "log": []}', "unknown_exercise"),
        "zoé/cut.json": (b'{"exercise": "hal', "not_json"),
    }
    (folder / "zoé").mkdir()
    for name, (data, _) in bad.items():
        (folder / name).write_bytes(data)
    (folder / "zoé" / "good.json").write_bytes(work(halle))
    watch.look()
    clock.now += PATIENCE
    watch.look()
    assert len(watch.counted) == 1
    assert reasons(watch) == sorted((name, reason) for name, (_, reason) in bad.items())


def test_a_link_is_not_followed(watch, folder, halle, tmp_path):
    """It is told, and what it points at is not read."""
    (tmp_path / "outside.json").write_bytes(work(halle))
    (folder / "zoe.json").symlink_to(tmp_path / "outside.json")
    for _ in range(2):
        watch.look()
    assert (watch.counted, reasons(watch)) == ([], [("zoe.json", "link")])


def test_the_folder_may_come_later_and_go(watch, folder, halle):
    """No folder is an empty folder."""
    folder.rmdir()
    watch.look()
    assert watch.counted == []
    folder.mkdir()
    (folder / "zoe.json").write_bytes(work(halle))
    watch.look()
    watch.look()
    assert len(watch.counted) == 1
    shutil.rmtree(folder)
    watch.look()
    assert watch.counted == []


def test_a_zip_counts_as_what_is_in_it(watch, folder, halle):
    """What a platform packs can be dropped as it is."""
    with zipfile.ZipFile(folder / "classe.zip", "w") as archive:
        for number in range(3):
            name = f"Élève {number}_{100 + number}_assignsubmission_file/travail.json"
            archive.writestr(name, work(halle, f"e{number}"))
    for _ in range(2):
        watch.look()
    assert len(watch.counted) == 3


def test_other_exercises_are_counted_apart(watch, folder, halle, course):
    """A hand-in of another exercise is neither shown nor wrong."""
    other = course / "exercises" / "other"
    shutil.copytree(course / "exercises" / "halle", other)
    for name in ("exercise.toml", "key.toml"):
        text = (other / name).read_text("utf-8").replace('"halle"', '"other"')
        (other / name).write_text(text, "utf-8")
    data = work(halle, "anna").replace(b'"halle"', b'"other"')
    (folder / "anna.json").write_bytes(data)
    (folder / "zoe.json").write_bytes(work(halle))
    watch = Watch(folder, "halle", Bench())
    for _ in range(2):
        watch.look()
    assert (len(watch.counted), watch.elsewhere, watch.problems) == (1, 1, [])


def test_no_name_leaves_the_watch(watch, folder, halle):
    """What is handed on for the class holds neither the learner nor the file."""
    (folder / "Bérénice.json").write_bytes(work(halle, "Bérénice"))
    for _ in range(2):
        watch.look()
    assert len(watch.counted) == 1
    assert "rénice" not in str(watch.counted)


def test_it_counts_what_grading_counts(tmp_path, monkeypatch):
    """Files in disorder, of two versions, bad ones among them: as many rows as `kit grade` has."""
    monkeypatch.chdir(ROOT)
    from kit.loading import load

    folder = tmp_path / "remises"
    for number, (_, data) in enumerate(hand_ins(load("openai-bid"), 12, 5)):
        place = folder / f"groupe{number % 2}" / f"{number}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (folder / "groupe0" / "x.json").write_bytes(b"no")
    watch = Watch(folder, "openai-bid", Bench(), Clock())
    watch.look()
    watch.look()
    summary = grade_class(Plan(folder, tmp_path / "results", feedback=False))
    graded = {name: count for name, count in summary.statuses.items() if name != "refused"}
    assert len(watch.counted) == sum(graded.values()) == 12


def test_too_many_files_are_told(watch, folder, halle, monkeypatch):
    """A folder that is no class does not stall the watch."""
    monkeypatch.setattr(watching, "MOST_FILES", 3)
    for number in range(5):
        (folder / f"{number}.json").write_bytes(work(halle, f"e{number}"))
    for _ in range(2):
        watch.look()
    assert len(watch.counted) == 3
    assert reasons(watch) == [("", "too_many_files")]
