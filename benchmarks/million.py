"""Grade a stream of hand-ins on a Dask cluster of this machine, and report memory by process.

python -m benchmarks.million --count 1000000 --to DIR

The hand-ins are made on the fly, one after the other, and never lie on disk: 500 simulated ones,
each taken again and again under other names, with a receipt of its own. Bytes, sums and receipts
all differ; the answers repeat. Cut short, it goes on in the same folder when it is run again.
"""

import argparse
import base64
import csv
import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cluster import cluster, peak, peaks
from benchmarks.machine import print_load, print_machine
from kit.demo_class import hand_ins
from kit.grading.collect import Candidate
from kit.grading.grade import Bench, grade
from kit.grading.gradebook import Plan, grade_all
from kit.grading.layouts import owner
from kit.loading import load
from kit.submission import RECEIPT_BYTES, encoded, receipt_code

EXERCISE = "openai-bid"
DISTINCT = 500
_NAME, _CODE = "@NAME@", "@CODE@"  # stand in a template for what differs


class Template:
    """A hand-in without its learner and its receipt: both are filled in at little cost."""

    def __init__(self, data: bytes) -> None:
        self.table = json.loads(data) | {"learner": _NAME, "receipt": _CODE}
        whole = encoded(self.table).decode()
        self._pieces = whole.replace(_CODE, _NAME).split(_NAME)
        assert len(self._pieces) == 3
        content = {name: value for name, value in self.table.items() if name != "receipt"}
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        before, after = canonical.split(_NAME)
        self._begun, self._after = hashlib.sha256(before.encode()), after.encode()
        assert json.loads(self.of("zoe"))["receipt"] == receipt_code(
            self.table | {"learner": "zoe"}
        )

    def of(self, learner: str) -> bytes:
        """Return the file of a learner, with the receipt that fits it."""
        sum_ = self._begun.copy()
        sum_.update(learner.encode() + self._after)
        code = base64.b32encode(sum_.digest()[:RECEIPT_BYTES]).decode()
        receipt = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
        first, between, last = self._pieces
        return f"{first}{learner}{between}{receipt}{last}".encode()


def templates(distinct: int = DISTINCT) -> list[Template]:
    """Simulate some hand-ins in full."""
    return [Template(data) for _, data in hand_ins(load(EXERCISE), distinct, 1)]


def source(count: int, made: list[Template]) -> Iterator[Candidate]:
    """Yield so many hand-ins, as `collect` would from a folder."""
    for number in range(count):
        path = f"{_learner(number)}_{EXERCISE}_v1.json"
        yield Candidate(path, owner((path,)), made[number % len(made)].of(_learner(number)))


def wrong(book: Path, count: int, made: list[Template]) -> list[str]:
    """Compare every row of a gradebook with the mark of its template by the pure function."""
    bench = Bench()
    points = [f"{grade(each.of('x'), bench)['points']:.2f}" for each in made]
    found, number = [], 0
    with book.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            at = number - 1
            told = row["learner"], row["points"], row["receipt_ok"], row["status"] != "refused"
            if told != (_learner(at), points[at % len(made)], "yes", True):
                found.append(f"row {number}: {told}")
    return found if number == count else [*found, f"{number} rows of {count}"]


def _learner(number: int) -> str:
    return f"eleve-{number:07}"


class Watch:
    """Prints how far it has come, and the peak of this process until then."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._next = {"collect": 1_000, "book": 1_000}
        self.graded = 0

    def __call__(self, stage: str, done: int) -> None:
        """Tell at 1,000, 10,000, 100,000 and each further 100,000."""
        if stage == "collect":
            self.graded = done
        if done >= self._next[stage]:
            self._next[stage] += min(9 * self._next[stage], 100_000)
            passed = time.monotonic() - self._begun
            print(f"{stage:>8} {done:>9} {passed:>7.1f} s {peak():>7.1f} MB", flush=True)


def main() -> None:
    """Grade, print memory by process, and check every row."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--count", type=int, default=1_000_000)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--to", type=Path, required=True, help="folder for the results; resumed")
    given = asked.parse_args()
    print_machine("distributed")
    made = templates()
    print(f"before the first: {peak():.1f} MB in this process")
    begun, watch = time.monotonic(), Watch()
    with cluster(given.workers) as address:
        plan = Plan(Path(), given.to, dask=address, feedback=False, lang="en")
        summary = grade_all(source(given.count, made), plan, watch)
        seconds, here = time.monotonic() - begun, peak()
        scheduler, workers = peaks(address)
    print_load("after")
    print(f"{summary.statuses.total()} rows, {watch.graded} graded in this run, {seconds:.0f} s")
    print(f"peaks in MB: this process {here:.1f}, scheduler {scheduler:.1f}, workers", end=" ")
    print(*(f"{worker:.1f}" for worker in workers), flush=True)
    for path in sorted(given.to.iterdir()):
        print(f"{path.name:>16} {path.stat().st_size / 1e6:>9.1f} MB")
    found = wrong(given.to / "gradebook.csv", given.count, made)
    print("\n".join(["WRONG:", *found[:20]]) if found else "every row has the mark of its hand-in")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
