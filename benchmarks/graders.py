"""Hand-ins a second beside nbgrader and otter-grader, same answers: `python -m benchmarks.graders`.

Each grader gives the same marks, by the same scoring: what differs is the road to it. Stock
nbgrader and otter run the notebook that learners work in, with a cell that reads the answers and
scores them; nbgrader with the kit's settings reads them. All are timed twice, with one hand-in and
with several, so that what starting takes can be told from what each further hand-in takes.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import active_children
from pathlib import Path

from benchmarks.grading import DISTINCT, make, run
from benchmarks.machine import print_load, print_machine
from kit.bridge.source import notebook, write_sources
from kit.bridge.submitted import Rebuild, rebuild
from kit.demo_class import hand_ins
from kit.grading.gather import CHUNK
from kit.grading.grade import Bench, grade
from kit.grading.pool import spread
from kit.loading import load

EXERCISE = "openai-bid"
SEED = 1
SCORED = 4_000  # hand-ins that are scored and no more
IN_A_NOTEBOOK = """from pathlib import Path
from kit.grading.grade import Bench, grade

record = grade(Path("answers.json").read_bytes(), Bench())
points = {task["task"]: task["points"] for task in record["tasks"]}
"""
OTTER_TEST = '''"""Half of the points, as otter knows right and wrong alone."""
from otter.test_files import test_case

OK_FORMAT = False
name = "{task}"
points = {most}


@test_case()
def test_{task}(points):
    assert points["{task}"] >= {most} / 2
'''


def answers(count):
    """Return the hand-ins of a small class: learner, bytes, record by the kit."""
    bench = Bench()
    made = hand_ins(load(EXERCISE), count, SEED)
    return [(truth.learner, data, grade(data, bench)) for truth, data in made]


def learners_notebook():
    """Return the notebook that learners work in, with a cell that scores before those with points.

    It has the widgets in it, as whatever a learner hands in to stock nbgrader or otter would.
    """
    book = notebook(load(EXERCISE, key=False), "fr")
    del book["metadata"]["kit"]
    scores = {"cell_type": "code", "id": "scores", "metadata": {}, "outputs": []}
    scores |= {"execution_count": None, "source": IN_A_NOTEBOOK}
    book["cells"].insert(2, scores)
    return book


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors, its own and of processes that ended."""

    clock: float
    cpu: float

    @classmethod
    def so_far(cls):
        """Return what was spent until now."""
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return cls(time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used))

    def __sub__(self, other):
        return Spent(self.clock - other.clock, self.cpu - other.cpu)

    def __truediv__(self, count):
        return Spent(self.clock / count, self.cpu / count)


# --- nbgrader -------------------------------------------------------------------------------------


def nbgrader(folder, *arguments):
    """Run a command of nbgrader."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"PATH": path}
    )
    assert done.returncode == 0, done.stdout + done.stderr


def marks(folder):
    """Return learner to points, as nbgrader exports them."""
    nbgrader(folder, "export")
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["student_id"]: round(float(row["raw_score"]), 2) for row in csv.DictReader(file)
        }


def stock(folder, work):
    """Return what stock nbgrader spends on autograding: it runs the cells of a notebook."""
    book = learners_notebook()
    for cell in book["cells"]:
        if about := cell["metadata"].get("nbgrader"):
            cell["source"] = f'points["{about["grade_id"]}"]'
    source = folder / "source" / EXERCISE / f"{EXERCISE}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(book), "utf-8")
    nbgrader(folder, "generate_assignment", EXERCISE)
    released = (folder / "release" / EXERCISE / source.name).read_bytes()
    for learner, data, _ in work:
        place = folder / "submitted" / learner / EXERCISE
        place.mkdir(parents=True)
        (place / source.name).write_bytes(released)
        (place / "answers.json").write_bytes(data)
    begun = Spent.so_far()
    nbgrader(folder, "autograde", EXERCISE)
    return Spent.so_far() - begun


def as_data(folder, work):
    """Return what nbgrader spends with the kit's settings, `submitted/` rebuilt."""
    write_sources(folder, [EXERCISE], "fr")
    nbgrader(folder, "generate_assignment", EXERCISE)
    hand_in = folder / "in"
    hand_in.mkdir()
    for learner, data, _ in work:
        (hand_in / f"{learner}.json").write_bytes(data)
    begun = Spent.so_far()
    rebuild(Rebuild(folder, EXERCISE, hand_in))
    nbgrader(folder, "autograde", EXERCISE)
    return Spent.so_far() - begun


def with_nbgrader(way, many):
    """Return what one hand-in and so many take, with the marks compared."""
    taken = []
    for count in (1, many):
        work = answers(count)
        with tempfile.TemporaryDirectory() as folder:
            taken.append(way(Path(folder), work))
            expected = {learner: record["points"] for learner, _, record in work}
            assert marks(Path(folder)) == expected
    return taken


# --- otter ----------------------------------------------------------------------------------------


def otter(many):
    """Return what one hand-in and so many take, in a process of its own."""
    program = (
        "import sys\nfrom benchmarks import graders\n"
        "for spent in graders.by_otter(int(sys.argv[1])):\n"
        "    print('spent', spent.clock, spent.cpu)"
    )
    command = [sys.executable, "-c", program, str(many)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    told = [each.split()[1:] for each in done.stdout.splitlines() if each.startswith("spent")]
    return [Spent(*map(float, each)) for each in told]


def by_otter(many):
    """Grade with otter, one after the other; what it finds right is what the kit gives half for."""
    from otter import api
    from otter.generate import main as generate

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = folder / "tests"
        tests.mkdir()
        work = answers(many)
        for task in work[0][2]["tasks"]:
            text = OTTER_TEST.format(task=task["task"], most=task["max"])
            (tests / f"{task['task']}.py").write_text(text)
        grader = folder / "autograder.zip"
        generate(
            tests_dir=str(tests), output_path=str(grader), no_requirements=True, no_environment=True
        )
        os.chdir(folder)  # otter copies what is handed in along by its name
        place = folder / f"{EXERCISE}.ipynb"
        place.write_text(json.dumps(learners_notebook()), "utf-8")
        begun = Spent.so_far()
        taken = []
        for _, data, record in work:
            (folder / "answers.json").write_bytes(data)
            results = api.grade_submission(
                place.name, grader.name, quiet=True, extra_submission_files=["answers.json"]
            )
            found = {name: results.get_score(name) for name in results.results}
            for task in record["tasks"]:
                passed = found[task["task"]] == task["max"]
                assert passed == (task["points"] >= task["max"] / 2), (found, task)
            taken.append(Spent.so_far() - begun)
    return taken[0], taken[-1]


# --- All of them ----------------------------------------------------------------------------------


def installed(package):
    """Tell whether a package is here; say so if not."""
    try:
        return bool(version(package))
    except PackageNotFoundError:
        print(f"{package}: not installed, left out")
        return False


def line(what, count, spent, each, kit):
    """Print a line of the table: the last figures say how many times as much as the kit."""
    cells = [f"{what:<40}", f"{count:>8}", f"{spent.clock:>8.2f}"]
    cells += [f"{1000 * each.clock:>9.2f}", f"{1000 * each.cpu:>9.2f}"]
    if each is not kit:
        cells += [f"{each.clock / kit.clock:>9,.0f}", f"{each.cpu / kit.cpu:>9,.0f}"]
    print(*cells, flush=True)


def score_only(jobs):
    """Return what it takes from the bytes of a hand-in to its record, as many at once as asked."""
    files = [data for _, data in hand_ins(load(EXERCISE), DISTINCT, SEED)]
    files *= SCORED // DISTINCT
    chunks = [files[at : at + CHUNK] for at in range(0, len(files), CHUNK)]
    begun = Spent.so_far()
    scored = sum(len(found) for _, found in spread(points_of, Bench(), chunks, jobs, str))
    clock = time.perf_counter() - begun.clock
    while active_children():  # what they spent is known when they have ended
        time.sleep(0.01)
    assert scored == SCORED
    return Spent(clock, Spent.so_far().cpu - begun.cpu)


def points_of(bench, data):
    """Return the points of a hand-in."""
    return grade(data, bench)["points"]


def whole_class(many, *, feedback):
    """Grade a large class by `kit grade`; return what it took."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder, "in"), many)
        told = run(Path(folder, "in"), Path(folder, "out"), feedback=feedback)
        assert told["rows"] == many
        return Spent(told["seconds"], told["cpu"])


def main():
    """Print what one hand-in takes in each grader; in all but the kit's, without starting it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=6, help="hand-ins where a notebook is run")
    parser.add_argument("--some", type=int, default=21, help="hand-ins for nbgrader with the kit")
    parser.add_argument("--many", type=int, default=10_000, help="hand-ins for the kit")
    args = parser.parse_args()
    print_machine("nbgrader", "otter-grader", "nbconvert", "ipykernel")
    head = f"{'':<40} {'hand-ins':>8} {'s':>8} {'ms each':>9} {'cpu ms':>9}"
    print(f"{head} {'× clock':>9} {'× cpu':>9}")
    kit = whole_class(args.many, feedback=False)
    each = kit / args.many
    line("kit grade, all but pages", args.many, kit, each, each)
    pages = whole_class(args.many, feedback=True)
    line("kit grade, with pages", args.many, pages, pages / args.many, each)
    for jobs in (1, 2):
        spent = score_only(jobs)
        name = f"kit, score only, {jobs} process{'es' * (jobs > 1)}"
        line(name, SCORED, spent, spent / SCORED, each)
    ways = {
        "stock nbgrader": ("nbgrader", stock, args.few),
        "nbgrader with the kit": ("nbgrader", as_data, args.some),
        "otter": ("otter-grader", None, args.few),
    }
    for name, (package, way, many) in ways.items():
        if installed(package):
            one, all_ = with_nbgrader(way, many) if way else otter(many)
            further = (all_ - one) / (many - 1)
            line(f"{name}, each further one", many, all_, further, each)
    print_load("after")


if __name__ == "__main__":
    main()
