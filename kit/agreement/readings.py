"""The separate readings of a text, from ``exercises/<id>/readings/*.json``; no word of the key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.anchor import NotLocated, Quote, locate
from kit.errors import KitError
from kit.exercise import SPAN_PARTS, Exercise, known_labels
from kit.page import Page

FOLDER = "readings"
LAYER_OF_FIELD = {"bias": "bias", "clauses": "claim", "attributions": "source"}
FIELDS = (*LAYER_OF_FIELD, "blind")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that a reader marked: its layer, its label, the numbers of its words."""

    layer: str
    label: str
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found.

    Attributes
    ----------
    layers : frozenset of str
        What the reader was asked to read for; a layer that is not among them is missing, while one
        without marks was read and nothing found.
    clauses : dict
        Label by id of clause; a clause that is not in it was left out.
    blind : bool
        False if the reader knew the key, or wrote the text: said in the file, told in the report.
    """

    name: str
    layers: frozenset[str]
    marks: tuple[Mark, ...]
    clauses: dict[str, str]
    blind: bool = True

    def of(self, layer: str, label: str) -> list[Mark]:
        """Return the marks of a label."""
        return [mark for mark in self.marks if (mark.layer, mark.label) == (layer, label)]


def files(folder: Path) -> list[Path]:
    """Return the readings of the exercise in a folder, sorted by name."""
    return sorted((folder / FOLDER).glob("*.json"))


def read_all(exercise: Exercise) -> tuple[Reading, ...]:
    """Return the readings of an exercise.

    Raises
    ------
    KitError
        With every mistake of every file.
    """
    pages = [_Page(exercise, path) for path in files(exercise.folder)]
    found = [page.reading() for page in pages]
    wrong = [mistake for page in pages for mistake in page.mistakes]
    if wrong:
        raise KitError(wrong)
    return tuple(reading for reading in found if reading)


class _Page(Page):
    """One file of a reader: its marks, and everything that is wrong in it."""

    def __init__(self, exercise: Exercise, path: Path) -> None:
        super().__init__(path.parent, path.name)
        self.exercise = exercise

    def reading(self) -> Reading | None:
        table = self._object()
        if table is None:
            return None
        self.only(table, "", FIELDS)
        marks = [mark for entry in self.tables(table, "bias") for mark in self._device(entry)]
        for entry in self.tables(table, "attributions"):
            marks += self._attribution(entry)
        layers = frozenset(layer for field, layer in LAYER_OF_FIELD.items() if field in table)
        blind = table.get("blind", True)
        if not isinstance(blind, bool):
            self.add("reading_unreadable", "blind", why=f"blind = {blind!r}")
        return Reading(self.path.stem, layers, tuple(marks), self._clauses(table), bool(blind))

    def _object(self) -> dict[str, Any] | None:
        try:
            table = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            self.add("reading_unreadable", why=str(error))
            return None
        if not isinstance(table, dict):
            self.add("reading_unreadable", why=type(table).__name__)
            return None
        return table

    def _device(self, table: dict[str, Any]) -> Iterable[Mark]:
        self.only(table, "bias", ("segment", "quote", "label", "occurrence"))
        label = self.one_of(table, "label", "bias", known_labels("bias"), "unknown_label")
        words = self._words(table, "quote", "bias")
        return [Mark("bias", label, words)] if words else []

    def _attribution(self, table: dict[str, Any]) -> list[Mark]:
        self.only(table, "attributions", ("segment", "occurrence", *SPAN_PARTS))
        parts = [part for part in SPAN_PARTS if table.get(part)]  # there may be no cue
        placed = [(part, self._words(table, part, "attributions")) for part in parts]
        return [Mark("source", part, words) for part, words in placed if words]

    def _clauses(self, table: dict[str, Any]) -> dict[str, str]:
        given = table.get("clauses", {})
        if not isinstance(given, dict):
            self.add("reading_unreadable", "clauses", why=type(given).__name__)
            return {}
        for clause, label in given.items():
            entry = f"clause {clause}"
            known = self.exercise.by_clause
            self.one_of({"clause": clause}, "clause", entry, known, "unknown_clause")
            self.one_of({"label": label}, "label", entry, known_labels("claim"), "unknown_label")
        return given

    def _words(self, table: dict[str, Any], field: str, entry: str) -> frozenset[int]:
        """Return the words of a quote, which stands alone or brings its own segment."""
        article = self.exercise.article
        value = table[field] if isinstance(table.get(field), dict) else {"quote": table.get(field)}
        place = {name: table.get(name) for name in ("segment", "occurrence")} | value
        pieces = [place["quote"]] if isinstance(place.get("quote"), str) else place.get("quote")
        if not isinstance(pieces, list) or not pieces or not all(map(_is_text, pieces)):
            self.add("missing_field", entry, field=field)
            return frozenset()
        segment, occurrence = place["segment"], place["occurrence"]
        if segment not in article.by_name:
            self.one_of({"segment": segment}, "segment", entry, article.by_name, "unknown_segment")
            return frozenset()
        if occurrence is not None and type(occurrence) is not int:
            self.add("wrong_occurrence", entry, found=occurrence, quote=pieces[0], places="?")
            return frozenset()
        try:
            span = locate(article, Quote(segment, tuple(pieces), occurrence))
        except NotLocated as error:
            several = "quote_ambiguous" if occurrence is None else "wrong_occurrence"
            self.add(
                several if error.places else "quote_missing",
                entry,
                found=occurrence,
                quote=error.piece,
                segment=segment,
                places=error.places,
                nearest=error.nearest,
            )
            return frozenset()
        return article.words_of(span)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
