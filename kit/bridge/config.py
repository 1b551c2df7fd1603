"""Settings of nbgrader for assignments of the kit; other assignments go on as before."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

# Moodle's "download all submissions" (a folder each, with or without "_" at its end, or flat) and
# Canvas's flat names: the number of the learner, and the file. Names of people are left out:
# nbgrader's export writes them into a CSV without quotes.
COLLECT = (
    r"(?:(?=.*_assignsubmission_).*[/\\][^/\\]*?(?=_\d+_assignsubmission_)"
    r"|(?!.*_assignsubmission_).*[/\\][^/\\]*?(?=_\d+_\d+_))"
    r"_(?P<student_id>\d+)_(?:assignsubmission_file(?:_?[/\\]|_)|\d+_)"
    r"(?P<file_id>[^/\\]+\.(?:jsonl?|ipynb))$"
)
EXTENSIONS = (".json", ".jsonl")  # of what learners hand in


def configure(
    c: Any, course: str = "", keys: str = "", mode: str = "", lang: str = "fr", accepted: str = ""
) -> None:
    """Let nbgrader grade the kit's assignments from data; call it last in `nbgrader_config.py`.

    Parameters
    ----------
    c : traitlets.config.Config
        What ``get_config()`` returned.
    course : str
        Folder of the kit's course; empty for the installed one.
    keys : str
        Folder of the keys of an exam; empty for those of the course.
    mode : {"", "practice", "exam"}
        As in `kit grade`; empty: exam where `keys` is given.
    lang : {"fr", "en"}
        Of what feedback says.
    accepted : str
        ``accepted.jsonl`` of the contests that were accepted; `kit grade` finds it among its
        results.
    """
    from kit.bridge.preprocessor import FeedbackPages, SaveScores, ScoreData

    _find_programs()
    for name, path in (("course", course), ("keys", keys), ("accepted", accepted)):
        c.ScoreData[name] = os.fspath(Path(path).resolve()) if path else ""
    c.ScoreData.mode = mode
    c.ScoreData.lang = lang
    _replace(c, {"Execute": ScoreData, "SaveAutoGrades": SaveScores})
    if "exporter_class" not in c.GenerateFeedback:
        c.GenerateFeedback.exporter_class = FeedbackPages
    _collect(c)


def _replace(c: Any, ours: dict[str, type]) -> None:
    """Put ours in place of nbgrader's own, in its list or the one of the instructor."""
    from nbgrader.converters import Autograde

    known = (
        c.Autograde.autograde_preprocessors
        if "autograde_preprocessors" in c.Autograde
        else Autograde.autograde_preprocessors.default_args[0]
    )
    names = [each if isinstance(each, str) else each.__name__ for each in known]
    c.Autograde.autograde_preprocessors = [
        ours.get(name.rpartition(".")[2], each) for name, each in zip(names, known, strict=True)
    ]


def _collect(c: Any) -> None:
    """Let `nbgrader zip_collect` take what learners hand in; a rule of one's own stays."""
    plugin = c.FileNameCollectorPlugin
    if "named_regexp" not in plugin:
        plugin.named_regexp = COLLECT
    valid = list(plugin.valid_ext) if "valid_ext" in plugin else [".ipynb"]
    plugin.valid_ext = [*valid, *(each for each in EXTENSIONS if each not in valid)]


def _find_programs() -> None:
    """Let nbgrader find `alembic`, which it calls by name, where no environment is activated."""
    if shutil.which("alembic") is None:
        beside = os.fspath(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), beside]).strip(os.pathsep)
