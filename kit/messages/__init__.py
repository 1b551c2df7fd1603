"""Every word a person reads: catalogues in fr/ and en/, one file a subject, and `say`."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import Mistake

LANGUAGES = ("fr", "en")
FALLBACK = "fr"
ADDRESS = "vous"  # KIT_ADDRESS=vous says « vous » to learners instead of « tu »


def catalogue(lang: str, address: str = "") -> dict[str, str]:
    """Return all messages of a language by dotted id, e.g. ``"status.saved"``.

    Parameters
    ----------
    lang : str
        ``"fr"`` or ``"en"``.
    address : str
        ``"vous"`` lays the formal wordings over the French ones.
    """
    subjects = sorted(path.stem for path in Path(__file__).with_name(lang).glob("*.toml"))
    return {id: text for name in subjects for id, text in _subject(name, lang, address).items()}


def say(message: str, lang: str, /, **details: Any) -> str:
    """Word a message.

    Parameters
    ----------
    message : str
        Dotted id. With a ``count`` among the details, ``<id>.one`` or ``<id>.other`` is taken:
        French counts 0 and 1 as singular, English 1 alone (Unicode CLDR, plural rules).
    lang : str
        ``"fr"`` or ``"en"``.
    **details
        What the message names in braces.

    Raises
    ------
    KeyError
        If the catalogue lacks the id: a mistake of the kit, held off by its tests.
    """
    table = _subject(message.split(".")[0], lang, os.environ.get("KIT_ADDRESS", ""))
    if "count" in details and message not in table:
        count = details["count"]
        singular = count in (0, 1) if lang == "fr" else count == 1
        message = f"{message}.{'one' if singular else 'other'}"
    return table[message].format_map(details)


def section(prefix: str, lang: str) -> dict[str, str]:
    """Return the messages below `prefix`, ids without it: what a widget's page needs."""
    table = _subject(prefix.split(".")[0], lang, os.environ.get("KIT_ADDRESS", ""))
    start = prefix + "."
    return {key.removeprefix(start): text for key, text in table.items() if key.startswith(start)}


def in_words(mistake: Mistake, lang: str) -> str:
    """Word a mistake: its place, what was found, what was expected, and the mend."""
    where = ", ".join(part for part in (mistake.file, mistake.entry) if part)
    lines = [where]
    for part in ("found", "expected", "mend"):
        text = say(f"mistake.{mistake.code}.{part}", lang, **mistake.details)
        lines.append(f"  {say(f'mistake.{part}', lang):<9} {text}")
    return "\n".join(lines)


@cache
def _subject(name: str, lang: str, address: str) -> dict[str, str]:
    """One file, read when first asked for: the ids of a file begin with its name."""
    table = _read(lang, name)
    if address == ADDRESS and lang == "fr":
        table |= _read("fr_vous", name)
    return table


def _read(folder: str, name: str) -> dict[str, str]:
    path = Path(__file__).parent / folder / f"{name}.toml"
    if not path.exists():
        return {}
    return _flat(tomllib.loads(path.read_text("utf-8")), f"{name}.")


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
