"""Kill `kit grade` at random moments, start it again, and compare every byte in the end.

python -m benchmarks.grading_kills --kills 100 --learners 2000 --seed 1
"""

import argparse
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.machine import print_load, print_machine
from kit.demo_class import demo_class
from kit.grading import ledger

ALL = 0.5  # share of the kills that strike the workers at the same instant, too


@dataclass
class Outcome:
    """The numbers of a run; `forgotten` and `different` have to be empty."""

    kills: int = 0
    with_workers: int = 0
    ends: int = 0  # runs that came through: each was compared
    seconds: float = 0.0  # of the run that nobody disturbed
    stages: Counter[str] = field(default_factory=Counter)  # where the kills struck
    forgotten: list[str] = field(default_factory=list)  # graded before a kill, not after the next
    different: list[str] = field(default_factory=list)  # files, by round

    def wrong(self) -> list[str]:
        """Return what should not have happened."""
        return self.forgotten + self.different


def sums(folder: Path) -> dict[str, str]:
    """Return a sum of every file in a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(folder: Path, learners: int, kills: int, seed: int, jobs: int = 2) -> Outcome:
    """Grade a class once undisturbed, then again and again with kills.

    A killed run is started again in the same folder. When one comes through, its files are
    compared and the next one begins with an empty folder, until all kills are spent.
    """
    random, found = Random(seed), Outcome()
    demo_class(learners, seed, folder / "in")
    command = [sys.executable, "-m", "kit", "grade", str(folder / "in"), "--jobs", str(jobs)]
    whole, killed = folder / "whole", folder / "killed"
    begun = time.monotonic()
    subprocess.run([*command, "--to", str(whole)], check=True, stderr=subprocess.DEVNULL)
    found.seconds = time.monotonic() - begun
    wanted = sums(whole)
    kept = 0
    while True:
        moment = random.uniform(0, found.seconds) if found.kills < kills else None
        if _came_through([*command, "--to", str(killed)], moment, random.random() < ALL, found):
            found.ends += 1
            found.different += _compared(wanted, sums(killed), found.ends)
            if found.kills >= kills:
                return found
            shutil.rmtree(killed)
            kept = 0
            continue
        found.stages[_stage(killed)] += 1
        if (killed / "report.html").exists() and not (killed / ledger.NAME).exists():
            kept = 0  # all was written, so nothing has to be kept
            continue
        now = _kept(killed)
        if now < kept:
            found.forgotten.append(f"kill {found.kills}: {kept} kept before, {now} after")
        kept = now


def _came_through(command: list[str], moment: float | None, all_: bool, found: Outcome) -> bool:
    """Run it; kill it at its moment unless it has ended by then."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        code = process.wait(moment)
    except subprocess.TimeoutExpired:
        if all_:
            os.killpg(process.pid, signal.SIGKILL)
        else:  # the workers find out by themselves; the next run begins while they are still there
            process.send_signal(signal.SIGKILL)
        process.wait()
        found.kills += 1
        found.with_workers += all_
        return False
    assert code == 0, code
    return True


def _stage(to: Path) -> str:
    """Tell from its files how far a run had come."""
    if not (to / ledger.NAME).exists():
        return "last moment" if (to / "report.html").exists() else "start"
    if (to / "feedback").exists():
        return "pages"
    written = any(to.glob("gradebook.csv*"))
    return "book" if written else "grading"


def _kept(to: Path) -> int:
    """Count the hand-ins that need not be graded again; in a copy, so that nothing is mended."""
    if not (to / ledger.NAME).exists():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for path in to.glob(f"{ledger.NAME}*"):
            shutil.copy(path, folder)
        base = sqlite3.connect(Path(folder, ledger.NAME))
        try:
            return int(base.execute("SELECT COUNT(*) FROM graded").fetchone()[0])
        except sqlite3.OperationalError:  # killed before its tables were made
            return 0
        finally:
            base.close()


def _compared(wanted: dict[str, str], got: dict[str, str], end: int) -> list[str]:
    names = sorted(wanted.keys() | got.keys())
    return [f"end {end}: {name}" for name in names if wanted.get(name) != got.get(name)]


def main() -> None:
    """Run it and print the numbers."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--learners", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--jobs", type=int, default=2)
    given = asked.parse_args()
    print_machine("jinja2")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), given.learners, given.kills, given.seed, given.jobs)
    print_load("after")
    print(f"{given.learners} hand-ins, seed {given.seed}, {time.monotonic() - begun:.0f} s")
    print(f"undisturbed: {found.seconds:.1f} s")
    print(f"killed: {found.kills} times, {found.with_workers} of them with the workers")
    print("struck: " + ", ".join(f"{name} {times}" for name, times in found.stages.most_common()))
    print(f"came through and compared: {found.ends} times")
    wrong = found.wrong()
    print("\n".join(["WRONG:", *wrong]) if wrong else "nothing lost, every byte the same")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
