"""One TOML file of an author: its values, and everything that is wrong with them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kit import course, packed
from kit.codebook import Text
from kit.errors import Mistake

SCHEMA = 1
MOST_WORDS = {"why": 24, "hint": 24}  # so that the sentence framed around them stays within 40


class Page:
    """One TOML file, and what is wrong in it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name
        self.mistakes: list[Mistake] = []
        self.version = ""
        self.root: dict[str, Any] = {}  # the whole file, once it was read

    @property
    def name(self) -> str:
        """The file's path, from the course where it lies in it."""
        path = self.path.resolve()
        home = course.home().resolve()
        return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()

    def add(self, code: str, entry: str = "", *, notice: bool = False, **details: Any) -> None:
        """Note a mistake of this file, once: several items may point to one place."""
        mistake = Mistake(code, self.name, entry, details, notice)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def table(self) -> dict[str, Any] | None:
        """Return the whole file, or None (and a mistake) if it cannot be read."""
        try:
            data = packed.read(self.path)
            table = tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
        except OSError:
            self.add("file_missing", file=self.path.name)
        except packed.Damaged:
            self.add("packed_damaged", file=self.path.name)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.add("not_toml", why=str(error))
        else:
            self.version = hashlib.sha256(data).hexdigest()
            schema = table.get("schema")
            if isinstance(schema, int) and schema > SCHEMA:
                self.add("newer_schema", "schema", found=schema, known=SCHEMA)
                return None
            if schema != SCHEMA:
                self.add("missing_field", "schema", field="schema = 1")
            self.root = table
            return table
        return None

    def tables(self, table: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """Return the ``[[name]]`` tables."""
        found = table.get(name, [])
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        self.add("not_tables", name, field=name)
        return []

    def only(self, table: dict[str, Any], entry: str, known: Sequence[str]) -> None:
        """Note fields that are none of `known`: a slip in an optional one would go unseen."""
        for field in [field for field in table if field not in known]:
            near = get_close_matches(field, known, 1) or known
            self.add("unknown_field", entry, found=field, known=", ".join(known), near=near[0])

    def text(self, table: dict[str, Any], field: str, entry: str) -> str:
        """Return a field that must be a non-empty string; a mistake and "" otherwise."""
        value = table.get(field)
        if isinstance(value, str) and value.strip():
            return value
        self.add("missing_field", entry, field=field)
        return ""

    def one_of(
        self, table: dict[str, Any], field: str, entry: str, known: Iterable[str], code: str
    ) -> str:
        """Return a field that must be one of `known`; otherwise the mistake `code` lists them."""
        value = self.text(table, field, entry)
        known = list(known)
        if value and value not in known:
            near = get_close_matches(value, known, 1)
            near = near or known or ["–"]
            self.add(code, entry, found=value, known=", ".join(known), near=near[0])
        return value

    def words(
        self, table: dict[str, Any], field: str, entry: str, *, needed: bool = True
    ) -> Text | None:
        """Return a field in fr and en; a missing language or too long a text is a mistake."""
        value = table.get(field)
        if value is None and not needed:
            return None
        if not isinstance(value, dict):
            self.add("missing_field", entry, field=f"{field}.fr, {field}.en")
            return None
        for lang in ("fr", "en"):
            words = value.get(lang)
            if not isinstance(words, str) or not words.strip():
                self.add("missing_translation", entry, field=f"{field}.{lang}")
            elif len(words.split()) > MOST_WORDS.get(field, 10_000):
                self.add(
                    "too_long",
                    entry,
                    field=f"{field}.{lang}",
                    count=len(words.split()),
                    most=MOST_WORDS[field],
                )
        return value
