"""A whole class: what was handed in becomes gradebook, results, feedback, report and problems.

Workers read and score; this process alone writes. The same input gives the same bytes, and a run
that was cut short goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from kit import course
from kit.errors import KitError, Mistake
from kit.grading import remarks, roster
from kit.grading.attempts import COLUMNS, Attempt, Line, lines
from kit.grading.collect import Candidate, collect
from kit.grading.deadline import Deadline
from kit.grading.gather import gather, workers
from kit.grading.grade import Bench, Record
from kit.grading.integrity import Signs
from kit.grading.ledger import Ledger
from kit.grading.reports.tally import Tally
from kit.grading.tables import Table, whole
from kit.messages import say
from kit.review import accepted
from kit.review.marks import FILE, Book, Marks

TALK = ("exercise", "learner", "other", "code", "measure", "why")
PROBLEMS = ("file", "learner", "exercise", "status", "code", "why", "done")


@dataclass(frozen=True)
class Plan:
    """What is graded, how, and where the results go.

    Parameters
    ----------
    submissions, to : Path
        Folder, zip or file; folder of the results.
    keys : Path, optional
        Folder of the keys, where the course has none (an exam).
    mode : {"practice", "exam", ""}
        Empty: exam where `keys` is given, else practice.
    roster : Path, optional
        CSV of those who are expected.
    late : str
        ``last``, or a deadline.
    jobs : int
        Processes; 0 for one a core, as soon as there is enough to do.
    dask : str
        Address of a Dask cluster that grades instead; pages are still written here.
    marks : Path, optional
        A teacher's marks of open answers; those among the results if none are named. Accepted
        contests lie beside them.
    feedback : bool
        Whether pages for learners are written.
    lang : {"fr", "en"}
        Of pages and problems.
    """

    submissions: Path
    to: Path
    keys: Path | None = None
    mode: str = ""
    roster: Path | None = None
    late: str = "last"
    jobs: int = 0
    dask: str = ""
    marks: Path | None = None
    feedback: bool = True
    lang: str = "fr"

    def decided(self, name: str) -> Path:
        """Return a log of a teacher's decisions: beside the marks, else among the results."""
        if self.marks is None:
            return self.to / name
        return self.marks if name == FILE else self.marks.with_name(name)


@dataclass
class Summary:
    """What came of it: rows by status, remarks by code."""

    statuses: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


Progress = Callable[[str, int], None]


def grade_class(plan: Plan, progress: Progress = lambda _stage, _done: None) -> Summary:
    """Grade a class, and write its results.

    Parameters
    ----------
    plan : Plan
        What, how and where.
    progress : callable
        Told a stage (``collect``, ``book``, ``pages``) and how many are done.

    Raises
    ------
    KitError
        Before anything is graded, for a mistake of the instructor; or if nothing can be written.
    """
    if not plan.submissions.exists():
        raise KitError(Mistake("submissions_missing", str(plan.submissions)))
    if plan.to.resolve() == plan.submissions.resolve():
        raise KitError(Mistake("results_inside", str(plan.to)))
    leave_out = plan.to if plan.submissions.is_dir() else None
    return grade_all(collect(plan.submissions, _known_exercises(), leave_out), plan, progress)


def grade_all(
    handed_in: Iterable[Candidate],
    plan: Plan,
    progress: Progress = lambda _stage, _done: None,
) -> Summary:
    """Grade what comes from anywhere, one after the other, as `grade_class` grades a folder.

    Raises
    ------
    KitError
        As `grade_class`.
    """
    deadline = Deadline.of(plan.late)
    expected = roster.read(plan.roster) if plan.roster else None
    bench = bench_of(plan.keys, plan.mode, plan.decided(accepted.FILE))
    marks = _marks(plan)
    summary = Summary()
    try:
        plan.to.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(plan.to, bench.version())
        try:
            for done in gather(handed_in, bench, ledger, plan.jobs, plan.dask):
                progress("collect", done)
            ledger.settle_owners()
            if expected:
                _call_the_roll(ledger, expected)
            tally, signs = Tally(), Signs()
            found = lines(ledger, deadline, expected, marks)
            book = _counted(found, tally, ledger, signs, summary, progress)
            _write_book(plan, ledger, book)
            _write_talk(plan, ledger, signs)
            _write_problems(plan, ledger, summary)
            jobs = workers(plan.jobs, summary.statuses.total())
            _write_pages(plan, bench, ledger, tally, jobs, progress)
        except BaseException:
            ledger.close()
            raise
        ledger.remove()
    except (OSError, sqlite3.OperationalError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise KitError(Mistake("cannot_write_results", str(plan.to), "", {"why": why})) from error
    return summary


def _marks(plan: Plan) -> Book:
    """Return a teacher's marks; a file that is named must be there."""
    if plan.marks and not plan.marks.is_file():
        raise KitError(Mistake("marks_missing", str(plan.marks)))
    return Marks(plan.decided(FILE)).read()


def bench_of(keys: Path | None, mode: str, decided: Path | None = None) -> Bench:
    """Return the bench for a folder of keys and a mode, as a `Plan` holds them.

    Raises
    ------
    KitError
        If there is no key in the folder.
    """
    folder = keys.resolve() if keys else None
    if folder and not any(folder.glob("*/key.toml")):
        raise KitError(Mistake("no_key_folder", str(keys)))
    chosen = mode or ("exam" if folder else "practice")
    return Bench(str(folder or ""), chosen, str(decided.resolve()) if decided else "")


def _known_exercises() -> set[str]:
    return {folder.name for folder in course.exercises()}


def _call_the_roll(ledger: Ledger, expected: roster.Roster) -> None:
    """Note who handed in nothing, exercise by exercise."""
    for exercise in ledger.exercises() or [""]:
        there = {expected.find(*each) for each in ledger.learners(exercise)}
        for each in expected.expected:
            if each not in there:
                ledger.absent(each.learner, each.name, each.group, exercise)


def _counted(
    book: Iterator[Line],
    tally: Tally,
    ledger: Ledger,
    signs: Signs,
    summary: Summary,
    progress: Progress,
) -> Iterator[Line]:
    """Pass the rows on, and count them for report and summary."""
    for number, line in enumerate(book):
        record = line.counting.record
        tally.add(line.row, record)
        for sign in signs.add(line.row, record):
            ledger.sign(**asdict(sign))
        summary.statuses[line.row["status"]] += 1
        progress("book", number + 1)
        yield line


def _write_book(plan: Plan, ledger: Ledger, book: Iterator[Line]) -> None:
    with (
        whole(plan.to / "gradebook.csv") as sheet,
        whole(plan.to / "results.jsonl") as results,
    ):
        table = Table(sheet, COLUMNS)
        for line in book:
            table.add(line.row)
            for attempt in line.attempts:
                if attempt.file["path"]:
                    results.write(_result(line, attempt))
                _note(ledger, attempt)
            if plan.feedback:
                ledger.row(line.key, line.sort, line.row, line.counting.file["sum"])


def _write_talk(plan: Plan, ledger: Ledger, signs: Signs) -> None:
    for sign in signs.alike():
        ledger.sign(**asdict(sign))
    with whole(plan.to / "talk.csv") as file:
        table = Table(file, TALK)
        for told in ledger.signs():
            why = say(f"grade.talk.{told['code']}", plan.lang)
            table.add(dict(told) | {"why": why})


def _result(line: Line, attempt: Attempt) -> str:
    """One line of results.jsonl: everything behind a mark, texts as they were handed in."""
    file = attempt.file
    sum_ = file["sum"].hex() if file["sum"] else ""
    told: Record = {
        "learner": file["learner"],
        "name": line.row["name"],
        "group": line.row["group"],
        "file": file["path"],
        "sha256": sum_,
        "counts": attempt.counts,
        "late_s": attempt.late_s,
        "remarks": attempt.remarks,
    }
    head = json.dumps(told, ensure_ascii=False)
    return f"{head[:-1]}, {attempt.text[1:]}\n"  # one object of two, without a detour


def _note(ledger: Ledger, attempt: Attempt) -> None:
    file = attempt.file
    for code in attempt.remarks:
        ledger.problem(file["path"], file["learner"], file["exercise"], file["status"], code)


def _write_problems(plan: Plan, ledger: Ledger, summary: Summary) -> None:
    with whole(plan.to / "problems.csv") as file:
        table = Table(file, PROBLEMS)
        for problem in ledger.problems():
            code = problem["code"]
            summary.problems[code] += 1
            table.add(
                {
                    "file": problem["path"],
                    "learner": problem["learner"],
                    "exercise": problem["exercise"],
                    "status": problem["status"],
                    "code": code,
                    "why": remarks.why(code, plan.lang),
                    "done": remarks.done(code, plan.lang),
                }
            )


def _write_pages(
    plan: Plan, bench: Bench, ledger: Ledger, tally: Tally, jobs: int, progress: Progress
) -> None:
    from kit.grading.reports import pages  # jinja2 takes a while: only where pages are made

    if plan.feedback:
        told = partial(progress, "pages")
        pages.write_feedback(plan.to / "feedback", ledger, bench, plan.lang, jobs, told)
    pages.write_report(plan.to / "report.html", tally, bench, plan.lang)
