"""The codes of what was odd about a file, in words: why, and what was done."""

from __future__ import annotations

from kit.messages import say


def why(code: str, lang: str) -> str:
    """Say what was odd."""
    return _worded(code, "why", lang)


def done(code: str, lang: str) -> str:
    """Say what became of the file."""
    return _worded(code, "done", lang)


def _worded(code: str, part: str, lang: str) -> str:
    try:
        return say(f"grade.reason.{code}.{part}", lang)
    except KeyError:  # a kind of task may set aside for a reason of its own
        return say(f"grade.reason.other.{part}", lang, code=code)
