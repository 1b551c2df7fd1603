"""Where the course lies: its exercises, its notebooks, and the learners' answers."""

from __future__ import annotations

import os
from pathlib import Path

CARRIED = Path(__file__).with_name("course")  # a wheel carries the course here
CLONE = Path(__file__).resolve().parents[1]


def home() -> Path:
    """Return the folder of the course: the one we stand in or below, else the installed one."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "exercises").is_dir() and (folder / "notebooks").is_dir():
            return folder
    return CARRIED if CARRIED.is_dir() else CLONE


def exercises() -> list[Path]:
    """Return the folders of all exercises, sorted by id."""
    return sorted(path.parent for path in (home() / "exercises").glob("*/exercise.toml"))


def exercise_folder(exercise: str) -> Path:
    """Return the folder in which an exercise should lie; it need not exist."""
    return home() / "exercises" / exercise


def responses() -> Path:
    """Return the folder of the learners' answers; the variable KIT_RESPONSES moves it."""
    return Path(os.environ.get("KIT_RESPONSES") or home() / "reponses")
