"""Hand-ins graded a second, and peak memory, by size of class: `python -m benchmarks.grading`."""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cluster import peak
from benchmarks.machine import print_load, print_machine
from kit.demo_class import hand_ins
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_class
from kit.loading import load
from kit.submission import receipt_code

DISTINCT = 500  # simulated in full; the others differ in learner and receipt


def make(folder, count, exercise="openai-bid"):
    """Write the hand-ins of a large class."""
    folder.mkdir()
    tables = [json.loads(data) for _, data in hand_ins(load(exercise), DISTINCT, 1)]
    for number in range(count):
        learner = f"eleve-{number:07}"
        table = tables[number % DISTINCT] | {"learner": learner}
        table["receipt"] = receipt_code(table)
        path = folder / f"{learner}_{exercise}_v1.json"
        path.write_text(json.dumps(table, ensure_ascii=False), "utf-8")


def one_by_one(count=2000):
    """Return hand-ins graded a second by the pure function, in one process, nothing written."""
    files = [data for _, data in hand_ins(load("openai-bid"), DISTINCT, 1)]
    bench = Bench()
    grade(files[0], bench)  # the exercise is loaded once
    begun = time.perf_counter()
    for number in range(count):
        grade(files[number % DISTINCT], bench)
    return count / (time.perf_counter() - begun)


def run(submissions, to, *, feedback):
    """Grade in a process of its own; return seconds and peak memory of it and of its workers."""
    program = (
        "import json, sys, time\nfrom benchmarks import grading\n"
        "grading.measured(*sys.argv[1:3], sys.argv[3] == 'yes')"
    )
    command = [sys.executable, "-c", program, str(submissions), str(to)]
    done = subprocess.run(
        [*command, "yes" if feedback else "no"], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def measured(submissions, to, feedback):
    """Grade, and print what it took."""
    begun = time.perf_counter()
    summary = grade_class(Plan(Path(submissions), Path(to), feedback=feedback))
    seconds = time.perf_counter() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {
        "rows": summary.statuses.total(),
        "seconds": seconds,
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
        "parent": peak(),  # of this program alone: getrusage adds what its parent had
        "worker": used[1].ru_maxrss / 1024,
    }
    print(json.dumps(told))


def main():
    """Print a line for each size, without and with pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--no-pages", action="store_true", help="leave the runs with pages out")
    parser.add_argument("--in", dest="folder", help="folder for the hand-ins and results")
    args = parser.parse_args()
    print_machine("jinja2")
    print(f"pure function, one process: {one_by_one():.0f} hand-ins a second")
    print(
        f"{'hand-ins':>9} {'pages':>9} {'s':>9} {'a second':>9} {'CPU s':>9} "
        f"{'parent MB':>9} {'worker MB':>9}"
    )
    for size in args.sizes:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            submissions = Path(folder, "in")
            make(submissions, size)
            for feedback in (False,) if args.no_pages else (False, True):
                told = run(submissions, Path(folder, "out"), feedback=feedback)
                assert told["rows"] == size
                cells = [size, "yes" if feedback else "no", told["seconds"]]
                cells += [size / told["seconds"], told["cpu"], told["parent"], told["worker"]]
                shown = [f"{cell:.1f}" if isinstance(cell, float) else cell for cell in cells]
                print(" ".join(f"{cell:>9}" for cell in shown), flush=True)
    print_load("after")


if __name__ == "__main__":
    main()
