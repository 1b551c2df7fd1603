"""In nbgrader's place: what was handed in is scored as data, never executed.

Loaded by `nbgrader_config.py` alone; it needs nbgrader.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, SaveAutoGrades
from nbgrader.utils import is_grade
from traitlets import Enum, Unicode

from kit.bridge.marks import points_by_task, within
from kit.bridge.source import MARK
from kit.grading import remarks
from kit.grading.grade import MODES, Bench, Record, grade, refused

_SCORED = "kit_scored"  # handed from one preprocessor to the next
_LONGEST = 40  # signs of a reason
# nbgrader makes its preprocessors anew for each notebook; a changed key has another version.
_BENCHES: dict[tuple[str, str], Bench] = {}
# Feedback is words and points: no script of a page runs, and nothing is fetched from elsewhere.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">"
)


class ScoreData(Execute):
    """Put the points of the answers into the graded cells; execute other assignments as ever."""

    course = Unicode("", help="folder of the kit's course; empty: the installed one").tag(
        config=True
    )
    keys = Unicode("", help="folder of the keys of an exam").tag(config=True)
    accepted = Unicode("", help="contests that were accepted").tag(config=True)
    mode = Enum(("", *MODES), "", help="which answers count; empty: exam with keys").tag(
        config=True
    )
    lang = Enum(("fr", "en"), "fr", help="of what feedback says").tag(config=True)

    def preprocess(self, nb: Any, resources: Any, **options: Any) -> tuple[Any, Any]:
        """Score a notebook of the kit, as `kit grade` does."""
        mark = nb.metadata.get(MARK)
        exercise = self._exercise(resources) or _text(mark, "exercise")
        if not exercise:
            executed: tuple[Any, Any] = super().preprocess(nb, resources, **options)
            return executed
        if not isinstance(mark, dict):  # collected, and not rebuilt
            nb.metadata[MARK] = {"exercise": exercise}
        record, points = self._scored(exercise, mark)
        worth = {task["task"]: task["max"] for task in record["tasks"]}
        resources[_SCORED] = set(points)
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if is_grade(cell):
                about = cell.metadata.nbgrader
                most = float(about["points"])
                name = about["grade_id"]
                scale = most / worth.get(name, most)  # a source can be given other points
                data = {"text/plain": repr(within(points.get(name, 0.0) * scale, most))}
                result = new_output("execute_result", data, execution_count=1)
                cell.outputs = [result, *self._said(record, name)]
        return nb, resources

    def _said(self, record: Record, task: str) -> list[Any]:
        """Return what a person reads below a graded cell: free text, or why there are no points."""
        if record["status"] == "refused":
            texts = [remarks.why(next(iter(record["reasons"])), self.lang)]
        else:
            texts = [
                value["text"]
                for each in record["tasks"]
                if each["task"] == task and each["points"] is None
                for value in each["answers"].values()
                if isinstance(value, dict) and isinstance(value.get("text"), str)
            ]
        return [new_output("stream", name="stdout", text=f"{text}\n") for text in texts]

    def _scored(self, exercise: str, mark: Any) -> tuple[Record, dict[str, float]]:
        """Score, whatever was handed in: one odd hand-in must not stop a class."""
        if not _text(mark, "answers"):
            return refused(_text(mark, "refused")[:_LONGEST] or "notebook", exercise), {}
        try:
            record = grade(_text(mark, "answers").encode("utf-8", "replace"), self._bench(exercise))
            points = points_by_task(record)
        except Exception as trouble:
            self.log.warning("kit: not scored: %s", type(trouble).__name__)
            return refused("not_scored", exercise), {}
        if record["exercise"] != exercise:
            return refused("elsewhere", exercise), {}
        return record, points

    def _bench(self, exercise: str) -> Bench:
        """Return the bench, its exercise loaded: where the course lies is asked here alone."""
        mode = self.mode or ("exam" if self.keys else "practice")
        bench = Bench(self.keys, mode, self.accepted)
        with contextlib.chdir(self.course or Path.cwd()):
            bench = _BENCHES.setdefault((self.course, bench.version()), bench)
            bench.exercise(exercise)
        return bench

    def _exercise(self, resources: Any) -> str:
        """Return the exercise of an assignment as its source says: no learner can change that."""
        coursedir = getattr(getattr(self.parent, "parent", None), "coursedir", None)
        if coursedir is None:
            return ""
        about = resources["nbgrader"]
        folder = coursedir.format_path(coursedir.source_directory, ".", about["assignment"])
        try:
            source = json.loads(Path(folder, f"{about['notebook']}.ipynb").read_text("utf-8"))
            return _text(source["metadata"].get(MARK), "exercise")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return ""


class SaveScores(SaveAutoGrades):
    """Save the points; what the kit could not score waits for a person, without points."""

    def _add_score(self, cell: Any, resources: Any) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        if name not in resources.get(_SCORED, {name}):
            place = self.notebook_id, self.assignment_id, self.student_id
            saved = self.gradebook.find_grade(name, *place)
            saved.auto_score = None  # not 0, and not what an earlier run gave
            saved.needs_manual_grade = True
            self.gradebook.db.commit()


class FeedbackPages(HTMLExporter):
    """Pages of feedback that run and fetch nothing, where the kit scored."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[str, Any]:
        """Return a page; one of the kit begins with a policy."""
        page, resources = super().from_notebook_node(nb, resources, **options)
        if MARK in nb.metadata:
            page = page.replace("<head>", f"<head>\n{_POLICY}", 1)
        return page, resources


def _text(table: Any, name: str) -> str:
    value = table.get(name) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""
