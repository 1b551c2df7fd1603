"""A class graded on a Dask cluster has the same bytes as one graded here; what fails is told."""

import os
import shutil
import signal
import subprocess
import sys
import tracemalloc
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the extra [dask] is not installed")

from benchmarks import million
from benchmarks.cluster import cluster, workers_of
from benchmarks.grading_kills import sums
from kit.demo_class import demo_class
from kit.errors import KitError
from kit.grading import cluster as on_dask
from kit.grading.grade import Bench
from kit.grading.gradebook import Plan, grade_all, grade_class

ROOT = Path(__file__).parents[1]
LEARNERS = 150


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def address():
    """A cluster of two workers."""
    with cluster(2) as started:
        yield started


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A class, and what grading it here writes."""
    folder = tmp_path_factory.mktemp("demo")
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        demo_class(LEARNERS, 2, folder / "in")
        (folder / "in" / "odd.json").write_text("[[[")
        grade_class(Plan(folder / "in", folder / "out"))
    finally:
        os.chdir(here)
    return folder / "in", sums(folder / "out")


def kit_grade(*options, **how):
    command = [sys.executable, "-m", "kit", "grade", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **how)


def test_the_bytes_are_those_of_a_local_run(address, demo, tmp_path):
    """Every file, feedback pages included; by the command."""
    folder, wanted = demo
    done = kit_grade(folder, "--to", tmp_path, "--dask", address)
    assert done.returncode == 0, done.stderr
    assert sums(tmp_path) == wanted


def heavy(marker, _bench, item):
    """End the worker on one item, wherever it is tried."""
    if item == 5:
        with Path(marker).open("a") as file:
            file.write("x")
        os._exit(9)
    return item * 2


def test_what_ends_its_worker_costs_one_item(address, tmp_path):
    """The other items of its chunk are worked on here, in order, and nothing is tried for ever."""
    chunks = [list(range(start, start + 4)) for start in range(0, 24, 4)]
    work = partial(heavy, str(tmp_path / "tries"))
    done = list(on_dask.spread(work, Bench(), iter(chunks), address, lambda _: "lost"))
    assert [chunk for chunk, _ in done] == chunks
    results = [result for _, results in done for result in results]
    assert results == [item * 2 if item != 5 else "lost" for item in range(24)]
    assert len((tmp_path / "tries").read_text()) < 10


def test_a_worker_that_dies_costs_nothing(demo, tmp_path):
    """Its chunks go to the others."""
    folder, wanted = demo
    with cluster(2) as address:
        killed = []

        def kill_one(stage, done):
            if stage == "collect" and not killed:
                killed.append(workers_of(address)[0])
                os.kill(killed[0], signal.SIGKILL)

        grade_class(Plan(folder, tmp_path, dask=address), kill_one)
        assert killed
    assert sums(tmp_path) == wanted


def test_few_chunks_are_on_their_way(address):
    """However long the source is, only so much is taken from it."""
    taken = 0

    def source():
        nonlocal taken
        for number in range(200):
            taken += 1
            yield [number]

    running = on_dask.spread(double, Bench(), source(), address, lambda _: None)
    next(running)
    assert taken < 20
    running.close()


def test_what_was_sent_is_not_kept(address):
    """Dask would keep its last thousand messages: here 300 of 90 kB each."""
    tracemalloc.start()
    source = ([bytes([number % 256]) * 90_000] for number in range(300))
    for _ in on_dask.spread(length, Bench(), source, address, lambda _: None):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


def length(_bench, item):
    return len(item)


def test_a_stream_that_never_was_on_disk_is_graded(address, tmp_path):
    """Hand-ins made on the fly, as benchmarks/million.py does: each has the mark of its answers."""
    made = million.templates(7)
    plan = Plan(Path(), tmp_path, dask=address, feedback=False)
    grade_all(million.source(100, made), plan)
    assert million.wrong(tmp_path / "gradebook.csv", 100, made) == []
    assert million.wrong(tmp_path / "gradebook.csv", 101, made) != []


def double(_bench, item):
    return item * 2


def test_a_cluster_with_another_course_is_refused(address, demo, tmp_path):
    """A mark must not depend on which machine gave it."""
    home = tmp_path / "course"
    shutil.copytree(ROOT / "exercises" / "openai-bid", home / "exercises" / "openai-bid")
    (home / "notebooks").mkdir()
    key = home / "exercises" / "openai-bid" / "key.toml"
    key.write_text(key.read_text("utf-8") + "\n# changed\n", "utf-8")
    options = [demo[0], "--to", tmp_path / "out", "--dask", address]
    where = {"cwd": home, "env": os.environ | {"PYTHONPATH": str(ROOT), "KIT_LANG": "en"}}
    done = kit_grade(*options, **where)
    assert done.returncode == 1
    assert "another course" in done.stderr
    assert not (tmp_path / "out" / "gradebook.csv").exists()


def test_a_cluster_that_goes_away_is_told_and_the_next_run_goes_on(demo, tmp_path):
    """What it graded is kept."""
    folder, wanted = demo
    kept = []
    with ExitStack() as stack:
        address = stack.enter_context(cluster(1))

        def stop(stage, done):
            if not kept:
                kept.append(done)
                stack.close()

        with pytest.raises(KitError, match="dask_failed"):
            grade_class(Plan(folder, tmp_path, dask=address), stop)
    assert 0 < kept[0] < LEARNERS
    left = []
    grade_class(Plan(folder, tmp_path), lambda stage, done: left.append((stage, done)))
    assert max(done for stage, done in left if stage == "collect") <= LEARNERS + 1 - kept[0]
    assert sums(tmp_path) == wanted


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "x://127.0.0.1:1", "tcp:"])
def test_nobody_at_the_address_is_told(address, demo, tmp_path, monkeypatch):
    """In a sentence, after a while."""
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    with pytest.raises(KitError, match="dask_unreachable"):
        grade_class(Plan(demo[0], tmp_path, dask=address))


def test_without_dask_the_extra_is_named(monkeypatch, demo, tmp_path):
    """The command says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(KitError, match="dask_missing"):
        grade_class(Plan(demo[0], tmp_path, dask="tcp://127.0.0.1:1"))
