"""A submission: one JSON file made from a learner's log, never overwritten, with a receipt."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.exercise import Exercise
from kit.response import Action

SCHEMA = 1
FOLDER = "remis"  # below the learner's folder
RECEIPT_BYTES = 10  # 80 bits: a second submission with the same receipt takes some 2^40 tries


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the learner keeps: which file, which version, when, and the code."""

    path: Path
    version: int
    submitted_at: str
    code: str


def receipt_code(submission: dict[str, Any]) -> str:
    """Return the receipt of a submission: 80 bits of the SHA-256 of its canonical JSON, in base 32.

    The field ``receipt`` itself is left out of the sum.

    Examples
    --------
    >>> receipt_code({"exercise": "z0"})
    'MOYH-242M-ZPPD-HRBP'
    """
    content = {name: value for name, value in submission.items() if name != "receipt"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode("utf-8", "replace")).digest()
    code = base64.b32encode(digest[:RECEIPT_BYTES]).decode()
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def compose(
    exercise: Exercise, learner: str, log: Sequence[Action], version: int, submitted_at: str
) -> dict[str, Any]:
    """Return a submission with its receipt, as `hand_in` writes it."""
    submission: dict[str, Any] = {
        "schema": SCHEMA,
        "exercise": exercise.id,
        "exercise_version": exercise.version,
        "article": exercise.article.sha256,
        "learner": learner,
        "version": version,
        "submitted_at": submitted_at,
        "log": list(log),
    }
    if exercise.supplied:
        # Where the words of this copy lie, so that marks can be carried over to another copy.
        submission["words"] = [place for word in exercise.article.words for place in word]
    return submission | {"receipt": receipt_code(submission)}


def encoded(submission: dict[str, Any]) -> bytes:
    """Return a submission as the bytes of its file."""
    return json.dumps(submission, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def hand_in(
    exercise: Exercise, learner: str, log: Sequence[Action], folder: Path, submitted_at: str
) -> Receipt:
    """Write the next version of a learner's submission and return its receipt.

    Parameters
    ----------
    log : sequence of dict
        The actions of the learner's log; they are all handed in.
    folder : Path
        The learner's folder; the file goes into ``remis/`` below it.
    submitted_at : str
        ISO 8601, from the learner's clock.

    Raises
    ------
    OSError
        If it could not be written and read back.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    version = 1
    while (path := target / f"{learner}_{exercise.id}_v{version}.json").exists():
        version += 1
    submission = compose(exercise, learner, log, version, submitted_at)
    data = encoded(submission)
    path.touch(exist_ok=False)  # a version is never overwritten
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.read_bytes() != data:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
    except OSError:
        path.unlink()  # half a submission would be taken for one
        raise
    return Receipt(path, version, submitted_at, submission["receipt"])
