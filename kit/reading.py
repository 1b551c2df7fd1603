"""Turns the tables of an author's files into tasks, items and entries, and notes what it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kit.anchor import NotLocated, Quote, locate
from kit.article import Article, Span
from kit.codebook import codebook
from kit.exercise import (
    SPAN_PARTS,
    Answer,
    Attribution,
    Clause,
    Entry,
    Item,
    Task,
    known_labels,
)
from kit.page import Page
from kit.scoring import KINDS, LISTS

STATUSES = ("core", "debated", "sound")
LAYER_OF_KIND = {"classify": "claim", "attribution": "source"}
LAYER_OF_KIND |= {kind: each.of.LAYER for kind, each in LISTS.items()}
NEUTRAL_CLAIMS = {"interpretation", "opinion", "prediction"}
FIELDS = {
    name: fields.split()
    for name, fields in {
        "exercise": "schema id lang title notice articles sha256 standfirst task clause item"
        " card"
        " supplied",
        "task": "id kind layer labels segments attempts prompt",
        "clause": "id segment quote occurrence",
        "key": "schema exercise entry attribution answer",
        "entry": "id layer clause label also status segment quote occurrence why hint neutral",
        "attribution": "id status segment source cue content via who kind distance mode interest"
        " colour why hint",
        "item": "id task prompt segment quote occurrence",
        "answer": "item status why hint",
        "part": "segment quote occurrence",
    }.items()
}


class Reader:
    """Turns the tables of one page into parts of an exercise."""

    def __init__(self, page: Page, article: Article | None, *, tolerant: bool) -> None:
        self.page, self.article, self.tolerant = page, article, tolerant
        self.kinds: dict[str, str] = {}  # of tasks, by their ids

    def task(self, table: dict[str, Any]) -> Task | None:
        """Read what is asked; a list of items gets them from `with_items`."""
        id = self.page.text(table, "id", "task")
        entry = f"task {id}"
        self.page.only(table, entry, FIELDS["task"])
        kind = self.page.one_of(table, "kind", entry, KINDS, "unknown_kind")
        self.kinds[id] = kind
        table = {"layer": LAYER_OF_KIND[kind]} | table if kind in LISTS else table
        layer = self.page.one_of(table, "layer", entry, codebook().layers, "unknown_layer")
        if kind in LAYER_OF_KIND and layer != LAYER_OF_KIND[kind]:
            self.page.add(
                "layer_of_kind", entry, kind=kind, expected=LAYER_OF_KIND[kind], found=layer
            )
        labels = table.get("labels") or known_labels(layer)
        if not isinstance(labels, list | tuple):
            self.page.add("missing_field", entry, field="labels")
            labels = ()
        for label in labels:
            self.page.one_of({"label": label}, "label", entry, known_labels(layer), "unknown_label")
        prompt = self.page.words(table, "prompt", entry)
        paragraphs = self._paragraphs(table, entry)
        if prompt is None:
            return None
        attempts = table.get("attempts", 3)
        if not isinstance(attempts, int) or attempts < 1:
            self.page.add("wrong_attempts", entry, found=attempts)
        return Task(id, kind, layer, tuple(labels), paragraphs, attempts, prompt)

    def clause(self, table: dict[str, Any]) -> Clause | None:
        """Read a stretch cut in advance."""
        id = self.page.text(table, "id", "clause")
        self.page.only(table, f"clause {id}", FIELDS["clause"])
        span = self._span(table, "quote", f"clause {id}")
        return Clause(id, span)

    def entry(self, table: dict[str, Any], clauses: dict[str, Clause]) -> Entry | None:
        """Read an entry of the key."""
        id = self.page.text(table, "id", "entry")
        self.page.only(table, id, FIELDS["entry"])
        layer = self.page.one_of(table, "layer", id, codebook().layers, "unknown_layer")
        status = self.page.one_of(table, "status", id, STATUSES, "unknown_status")
        sound = status == "sound"
        label = also = None
        if not sound:
            label = self._label(table, "label", id, layer)
            also = self._label(table, "also", id, layer) if "also" in table else None
        clause = None
        if "clause" in table:
            clause = self.page.one_of(table, "clause", id, clauses, "unknown_clause")
            span = clauses[clause].span if clause in clauses else ()
        else:
            span = self._span(table, "quote", id)
        why = self.page.words(table, "why", id)
        hint = self.page.words(table, "hint", id, needed=not sound)
        rewording = not sound and (layer == "bias" or label in NEUTRAL_CLAIMS)
        neutral = self.page.words(table, "neutral", id, needed=rewording)
        if why is None:
            return None
        return Entry(id, layer, status, span, why, label, also, clause, hint, neutral)  # type: ignore[arg-type]  # one_of has compared status

    def attribution(self, table: dict[str, Any]) -> Attribution | None:
        """Read an attribution of the key."""
        id = self.page.text(table, "id", "attribution")
        self.page.only(table, id, FIELDS["attribution"])
        status = self.page.one_of(
            {"status": table.get("status", "core")}, "status", id, STATUSES[:2], "unknown_status"
        )
        properties = {
            each.id: self.page.one_of(table, each.id, id, each.values, "unknown_value")
            for each in codebook().properties.values()
        }
        needed = {"source": properties.get("kind") != "none", "cue": False, "content": True}
        spans = {
            part: self._span(table, part, id) if part in table or needed[part] else ()
            for part in SPAN_PARTS
        }
        via = self._span(table, "via", id) if "via" in table else ()
        who = self.page.words(table, "who", id, needed=False)
        why, hint = (self.page.words(table, field, id) for field in ("why", "hint"))
        if why is None or hint is None:
            return None
        return Attribution(id, status, spans, properties, why, hint, via, who)  # type: ignore[arg-type]  # one_of has compared status

    def item(self, table: dict[str, Any], tasks: Sequence[Task | None]) -> Item | None:
        """Read a question of a list."""
        id = self.page.text(table, "id", "item")
        entry = f"item {id}"
        lists = [task.id for task in tasks if task and task.kind in LISTS]
        task = self.page.one_of(table, "task", entry, lists, "unknown_list")
        if task not in lists:
            return None
        kind = LISTS[self.kinds[task]].of
        self.page.only(table, entry, [*FIELDS["item"], *kind.ITEM])
        prompt = self.page.words(table, "prompt", entry)
        span = self._span(table, "quote", entry) if "quote" in table else ()
        details = kind.read_item(self.page, table, entry, self.article)
        return Item(id, task, prompt, span, details) if prompt else None

    def with_items(self, task: Task, items: Sequence[Item | None]) -> Task:
        """Give a task that is a list of items its items, each to be checked on its own."""
        if task.kind not in LISTS:
            return task
        own = tuple(item.id for item in items if item and item.task == task.id)
        if not own and all(items):
            self.page.add("task_without_items", f"task {task.id}", task=task.id)
        return replace(task, paragraphs=own)

    def answer(
        self, table: dict[str, Any], items: Mapping[str, Item], kinds: Mapping[str, str]
    ) -> Answer | None:
        """Read what the key says of an item."""
        id = self.page.one_of(table, "item", "answer", items, "unknown_item")
        if id not in items:
            return None
        entry, item = f"answer {id}", items[id]
        kind = LISTS[kinds[item.task]].of
        self.page.only(table, entry, [*FIELDS["answer"], *kind.ANSWER])
        status = self.page.one_of(
            {"status": table.get("status", "core")}, "status", entry, STATUSES[:2], "unknown_status"
        )
        wanted = kind.read_answer(self.page, table, item, entry)
        why, hint = (self.page.words(table, field, entry) for field in ("why", "hint"))
        if why is None or hint is None:
            return None
        return Answer(id, status, wanted.value, why, hint, wanted.also, wanted.details)  # type: ignore[arg-type]  # one_of has compared status

    def unique(self, things: Sequence[Any]) -> None:
        """Note ids that stand twice."""
        seen: set[str] = set()
        for thing in filter(None, things):
            if thing.id in seen:
                self.page.add("duplicate_id", thing.id, id=thing.id)
            seen.add(thing.id)

    def apart(self, clauses: Sequence[Clause | None]) -> None:
        """Note clauses that overlap."""
        placed = sorted((clause for clause in clauses if clause and clause.span), key=_first)
        for one, other in pairwise(placed):
            if max(end for _, end in one.span) > min(start for start, _ in other.span):
                self.page.add("clauses_overlap", f"clause {other.id}", one=one.id, other=other.id)

    def _label(self, table: dict[str, Any], field: str, id: str, layer: str) -> str:
        return self.page.one_of(table, field, id, known_labels(layer), "unknown_label")

    def _paragraphs(self, table: dict[str, Any], entry: str) -> tuple[str, ...]:
        if self.article is None:
            return ()
        names = list(self.article.by_name)
        ends = table.get("segments", [names[0], names[-1]])
        if not isinstance(ends, list) or [type(end) for end in ends] != [str, str]:
            self.page.add("wrong_segments", entry, found=ends)
            return ()
        for name in ends:
            self.page.one_of({"segment": name}, "segment", entry, names, "unknown_segment")
        if not set(ends) <= set(names):
            return ()
        covered = self.article.segments[names.index(ends[0]) : names.index(ends[1]) + 1]
        return tuple(dict.fromkeys(segment.paragraph for segment in covered))

    def _span(self, table: dict[str, Any], field: str, entry: str) -> Span:
        quote = self._quote(table, field, entry)
        if quote is None or self.article is None:
            return ()
        if quote.segment not in self.article.by_name:
            self.page.one_of(
                {"segment": quote.segment},
                "segment",
                entry,
                self.article.by_name,
                "unknown_segment",
            )
            return ()
        try:
            return locate(self.article, quote, tolerant=self.tolerant)
        except NotLocated as error:
            several = "quote_ambiguous" if quote.occurrence is None else "wrong_occurrence"
            self.page.add(
                several if error.places else "quote_missing",
                entry,
                found=quote.occurrence,
                quote=error.piece,
                segment=quote.segment,
                places=error.places,
                nearest=error.nearest,
            )
            return ()

    def _quote(self, table: dict[str, Any], field: str, entry: str) -> Quote | None:
        value = table.get(field)
        here = value if isinstance(value, dict) else table
        if isinstance(value, dict):
            self.page.only(value, entry, FIELDS["part"])
            value = value.get("quote")
        pieces = [value] if isinstance(value, str) else value
        occurrence = here.get("occurrence") if here is not table or field == "quote" else None
        if (
            not isinstance(pieces, list)
            or not pieces
            or not all(isinstance(piece, str) and piece.strip() for piece in pieces)
        ):
            self.page.add("missing_field", entry, field=field)
            return None
        if occurrence is not None and not isinstance(occurrence, int):
            self.page.add("wrong_occurrence", entry, found=occurrence)
            return None
        segment = here.get("segment", table.get("segment"))
        if not isinstance(segment, str):
            self.page.add("missing_field", entry, field="segment")
            return None
        return Quote(segment, tuple(pieces), occurrence)


def _first(clause: Clause) -> int:
    return min(clause.span).start
