"""Bringing in a published article the course has a key for: from a file or from a pasted text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kit import course, supplied
from kit.article import words
from kit.errors import KitError, Mistake
from kit.messages import say
from kit.supplied import Recognition


def expected() -> dict[str, list[dict[str, Any]]]:
    """Return the fingerprints of the course: exercise id to its table ``[[supplied]]``."""
    tables = {}
    for folder in course.exercises():
        try:
            table = tomllib.loads((folder / "exercise.toml").read_text("utf-8"))
        except (OSError, ValueError):
            continue  # `kit check` tells
        if table.get("supplied"):
            tables[folder.name] = table["supplied"]
    return tables


def available() -> list[str]:
    """Return the ids of the exercises whose text has been supplied."""
    return [
        id for id, table in expected().items() if supplied.stored(course.exercise_folder(id), table)
    ]


def read(path: Path) -> str:
    """Return the text of a file as people save one: UTF-8, UTF-16 with its mark, or Windows-1252.

    Raises
    ------
    KitError
        If it cannot be read or is not text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise _unreadable(path, "PDF, Word, RTF")
    for encoding in (
        ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    ):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(path, "?")


def add(copy: str, exercise: str | None = None, *, name: str = "") -> tuple[str, Recognition]:
    """Recognise a copy, keep its text beside the exercise, and return the exercise's id.

    Parameters
    ----------
    copy : str
        The text, however careless.
    exercise : str, optional
        Look for this exercise's article only.
    name : str
        What the copy is called in an error.

    Raises
    ------
    KitError
        If no key of the course fits, or only a part of the article is there.
    """
    tables = expected()
    asked = {exercise: tables[exercise]} if exercise in tables else {} if exercise else tables
    found = {id: supplied.recognise(copy, table) for id, table in asked.items()}
    best = max(found, key=lambda id: found[id].share, default="")
    if not best or found[best].share < supplied.SOME:
        known = ", ".join(asked) or ", ".join(tables) or "–"
        raise KitError(
            Mistake("text_unknown", name, "", {"words": len(words(copy)), "known": known})
        )
    if not found[best].text:
        percent = round(100 * found[best].share)
        raise KitError(Mistake("text_incomplete", name, "", {"percent": percent, "exercise": best}))
    try:
        supplied.keep(course.exercise_folder(best), found[best])
    except OSError as error:
        raise KitError(Mistake("cannot_write", name, "", {"why": error.strerror})) from error
    return best, found[best]


def in_words(exercise: str, found: Recognition, lang: str) -> str:
    """Say which exercise has opened and how many differences were bridged, by kind."""
    parts = {
        "repairs": found.repairs,
        "retyped": found.retyped,
        "around": found.around,
    }
    kinds = [say(f"notebook.{id}", lang, count=count) for id, count in parts.items() if count]
    opened = say("notebook.opened", lang, exercise=exercise)
    bridged = say("notebook.bridged", lang, count=found.differences)
    return f"{opened} {bridged}" + (f" ({', '.join(kinds)})." if kinds else ".")


def _unreadable(path: Path, why: str) -> KitError:
    return KitError(Mistake("text_unreadable", str(path), "", {"why": why}))
