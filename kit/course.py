"""Where the course lies: its exercises, its notebooks, and the learners' answers."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

CARRIED = Path(__file__).with_name("course")  # a wheel carries the course here
CLONE = Path(__file__).resolve().parents[1]
LONGEST_PSEUDONYM = 40


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


def pseudonym(given: str) -> str | None:
    """Return a pseudonym as a folder may be called, or None if nothing usable is left.

    Letters, digits, blanks, ``-``, ``_`` and ``.`` stay; everything else goes, so that no name
    reaches out of the folder of answers.
    """
    name = "".join(
        sign if sign.isalnum() or sign in "-_. " else " "
        for sign in unicodedata.normalize("NFC", given)
    )
    name = " ".join(name.split())[:LONGEST_PSEUDONYM].strip(" .")
    return name if any(sign.isalnum() for sign in name) else None
