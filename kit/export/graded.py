"""The folder that `kit grade` wrote, read back: who got what, in the words of the hand-ins.

Marks are those of ``gradebook.csv``, which a teacher may have opened and saved again; names come
from ``results.jsonl``, where they stand as they were handed in, without guard and uncut.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import KitError, Mistake
from kit.grading.attempts import COLUMNS
from kit.grading.tables import guarded, rows

BOOK, RESULTS, PAGES = "gradebook.csv", "results.jsonl", "feedback"
NUMBERS = ("points", "max", "percent", "auto", "manual", "to_mark", "attempt", "attempts", "late_s")
_NEEDED = {"exercise", "learner", "status", "points", "max"}
_KEPT = ("task", "layer", "score", "points", "max", "blank")


@dataclass(frozen=True)
class Marked:
    """One learner at one exercise.

    Attributes
    ----------
    learner, name, group, file : str
        As they were handed in.
    row : dict
        The row of the gradebook, columns as `COLUMNS`; numbers are numbers, or None.
    tasks : tuple of dict
        Of each task ``task``, ``layer``, ``score``, ``points``, ``max``, ``blank``.
    sum : str
        SHA-256 of the file that counts; empty where there is none.
    """

    learner: str
    name: str
    group: str
    file: str
    row: dict[str, Any]
    tasks: tuple[dict[str, Any], ...] = ()
    sum: str = ""

    @property
    def exercise(self) -> str:
        """Id of the exercise; empty where the file does not say."""
        return str(self.row["exercise"])

    @property
    def share(self) -> float | None:
        """Points as a share of the maximum; None where there is no mark, or only a part of one."""
        points, most = self.row["points"], self.row["max"]
        if points is None or not most or self.why_not:
            return None
        return float(min(max(points / most, 0.0), 1.0))

    @property
    def why_not(self) -> str:
        """Code of why there is no mark to hand on; empty where there is one."""
        if "absent" in self.row["reason"].split():
            return "absent"
        if self.row["status"] == "refused":
            return "refused"
        if self.row["to_mark"]:
            return "to_mark"
        return "" if self.row["points"] is not None and self.row["max"] else "no_points"


def read(folder: Path) -> list[Marked]:
    """Return everybody in the gradebook, in its order.

    Raises
    ------
    KitError
        If this is no folder of results, or what is in it cannot be read.
    """
    behind = dict(_results(folder / RESULTS))
    found = []
    try:
        text = (folder / BOOK).read_text("utf-8-sig")
        for cells in rows(text):
            if lacking := _NEEDED - cells.keys():
                raise ValueError(", ".join(sorted(lacking)))
            row: dict[str, Any] = {
                column: _value(column, cells.get(column) or "") for column in COLUMNS
            }
            result = behind.get((row["exercise"], row["learner"], row["file"]), {})
            found.append(
                Marked(
                    result.get("learner", row["learner"]),
                    result.get("name") or row["name"],
                    result.get("group") or row["group"],
                    result.get("file", row["file"]),
                    row,
                    tuple(result.get("tasks", ())),
                    result.get("sha256", ""),
                )
            )
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable(folder / BOOK, error) from error
    return found


def of_one(marked: list[Marked], exercise: str, folder: Path) -> list[Marked]:
    """Return who worked on the exercise whose marks are handed on.

    Refused files of no known exercise come along: they may be a learner's only one.

    Raises
    ------
    KitError
        If the folder holds no such exercise, or several and none is named.
    """
    known = sorted({each.exercise for each in marked if each.row["status"] != "refused"} - {""})
    if exercise not in known and (exercise or len(known) != 1):
        code = "export_exercise" if exercise else "export_which"
        details = {"found": exercise, "known": ", ".join(known) or "–"}
        raise KitError(Mistake(code, str(folder / BOOK), "", details))
    exercise = exercise or known[0]
    return [each for each in marked if each.exercise == exercise or each.exercise not in known]


def _results(path: Path) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    """Yield what is behind each row: the part of it that is handed on."""
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                result = json.loads(line)
                if result["counts"]:
                    learner, name = guarded(result["learner"]), guarded(result["file"])
                    kept = {key: result[key] for key in ("learner", "name", "group", "file")}
                    kept["sha256"] = result["sha256"]
                    kept["tasks"] = [
                        {key: task.get(key) for key in _KEPT} for task in result["tasks"]
                    ]
                    yield (guarded(result["exercise"]), learner, name), kept
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error


def _value(column: str, text: str) -> str | float | int | None:
    """Return a cell; a spreadsheet may have put a comma into a number."""
    if column not in NUMBERS:
        return text
    if not text.strip():
        return None
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() and "." not in text.replace(",", ".") else number


def _unreadable(path: Path, error: Exception) -> KitError:
    if isinstance(error, OSError):
        return KitError(Mistake("graded_missing", str(path)))
    return KitError(Mistake("graded_broken", str(path), "", {"why": str(error)[:200]}))
