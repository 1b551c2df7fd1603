"""From the files of an exercise to an `Exercise`, or to all its mistakes at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from kit import course, supplied
from kit.anchor import NotLocated, Quote, locate
from kit.article import Article, Span
from kit.codebook import codebook
from kit.errors import KitError, Mistake
from kit.exercise import SPAN_PARTS, Attribution, Clause, Entry, Exercise, Key, Task, known_labels
from kit.page import Page

STATUSES = ("core", "debated", "sound")
KINDS = ("highlight", "classify", "attribution")
LAYER_OF_KIND = {"classify": "claim", "attribution": "source"}
NEUTRAL_CLAIMS = {"interpretation", "opinion", "prediction"}
FIELDS = {
    name: fields.split()
    for name, fields in {
        "exercise": "schema id lang title notice articles sha256 standfirst task clause supplied",
        "task": "id kind layer labels segments attempts prompt",
        "clause": "id segment quote occurrence",
        "key": "schema exercise entry attribution",
        "entry": "id layer clause label also status segment quote occurrence why hint neutral",
        "attribution": "id status segment source cue content via who kind distance mode interest"
        " colour why hint",
        "part": "segment quote occurrence",
    }.items()
}


class ArticleAbsent(KitError):
    """The text of an exercise on a supplied article is not on this computer."""


def load(id: str, *, key: Path | bool = True) -> Exercise:
    """Return an exercise of the course.

    Parameters
    ----------
    id : str
        The name of its folder.
    key : Path or bool
        False leaves the key out; a folder reads ``<folder>/<id>/key.toml`` instead of the course's.

    Raises
    ------
    KitError
        With every mistake of its files.
    ArticleAbsent
        If its text has to be supplied first.
    """
    exercise, mistakes = read(course.exercise_folder(id), key=key)
    wrong = [mistake for mistake in mistakes if not mistake.notice]
    if wrong:
        raise KitError(wrong)
    if exercise is None:
        raise ArticleAbsent(mistakes)
    return exercise


def read(folder: Path, *, key: Path | bool = True) -> tuple[Exercise | None, list[Mistake]]:
    """Read a folder: the exercise, or None if it cannot stand, and all mistakes and notices."""
    page = Page(folder, "exercise.toml")
    table = page.table()
    if table is None:
        known = [path.name for path in course.exercises()]
        if not folder.is_dir():
            page.mistakes = [
                Mistake("exercise_missing", folder.name, "", {"known": ", ".join(known)})
            ]
        return None, page.mistakes
    article = _article(page, table, folder)
    page.only(table, "", FIELDS["exercise"])
    reader = _Reader(page, article, tolerant=not table.get("articles"))
    if table.get("id") != folder.name:
        page.add("wrong_id", "id", found=table.get("id"), expected=folder.name)
    tasks = [reader.task(task) for task in page.tables(table, "task")]
    clauses = [reader.clause(clause) for clause in page.tables(table, "clause")]
    reader.unique(tasks)
    reader.unique(clauses)
    reader.apart(clauses)
    mistakes = page.mistakes
    answers = None
    if key is not False:
        place = folder if key is True else Path(key) / folder.name
        answers, more = _key(place, folder.name, article, reader, clauses)
        mistakes = mistakes + more
    exercise = None
    if article is not None and not [mistake for mistake in mistakes if not mistake.notice]:
        exercise = Exercise(
            table["id"],
            table["lang"],
            table["title"],
            table.get("notice", {"fr": "", "en": ""}),
            article,
            tuple(task for task in tasks if task),
            tuple(clause for clause in clauses if clause),
            answers,
            folder,
            page.version,
            supplied=reader.tolerant,
        )
    return exercise, mistakes


def _article(page: Page, table: dict[str, Any], folder: Path) -> Article | None:
    page.words(table, "title", "title")
    page.words(table, "notice", "notice", needed=False)
    page.text(table, "lang", "lang")
    names = table.get("articles")
    if not isinstance(names, list):
        page.add("missing_field", "articles", field="articles")
        return None
    if not names:
        prints = page.tables(table, "supplied")
        article = supplied.stored(folder, prints)
        if not prints:
            page.add("missing_field", "supplied", field="supplied")
        elif article is None:
            page.add("article_absent", id=folder.name, notice=True)
        return article
    texts = []
    for name in names:
        try:
            texts.append((folder / str(name)).read_text("utf-8"))
        except (OSError, ValueError):  # ValueError: not UTF-8, or no name of a file
            page.add("article_unreadable", "articles", file=name)
            return None
    article = Article.of(*texts, standfirst=table.get("standfirst", True))
    if not article.words:
        page.add("article_empty", "articles", file=names[0])
        return None
    if table.get("sha256") != article.sha256:
        page.add("wrong_sha256", "sha256", found=table.get("sha256"), expected=article.sha256)
    if not (folder / "sources.md").is_file():
        page.add("no_sources", file="sources.md")
    return article


def _key(
    place: Path, id: str, article: Article | None, asked: _Reader, clauses: Sequence[Clause | None]
) -> tuple[Key | None, list[Mistake]]:
    page = Page(place, "key.toml")
    table = page.table()
    if table is None:
        return None, page.mistakes
    page.only(table, "", FIELDS["key"])
    if table.get("exercise") != id:
        page.add("wrong_id", "exercise", found=table.get("exercise"), expected=id)
    reader = _Reader(page, article, tolerant=asked.tolerant)
    by_id = {clause.id: clause for clause in clauses if clause}
    entries = [reader.entry(entry, by_id) for entry in page.tables(table, "entry")]
    attributions = [reader.attribution(each) for each in page.tables(table, "attribution")]
    reader.unique([*entries, *attributions])
    answered = {entry.clause for entry in entries if entry}
    if all(entries):
        for clause in by_id:
            if clause not in answered:
                page.add("clause_unanswered", clause, clause=clause)
    key = Key(
        tuple(entry for entry in entries if entry),
        tuple(each for each in attributions if each),
        page.version,
    )
    return key, page.mistakes


class _Reader:
    """Turns tables of a page into tasks, clauses and entries; notes what it cannot."""

    def __init__(self, page: Page, article: Article | None, *, tolerant: bool) -> None:
        self.page, self.article, self.tolerant = page, article, tolerant

    def task(self, table: dict[str, Any]) -> Task | None:
        id = self.page.text(table, "id", "task")
        entry = f"task {id}"
        self.page.only(table, entry, FIELDS["task"])
        kind = self.page.one_of(table, "kind", entry, KINDS, "unknown_kind")
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
        id = self.page.text(table, "id", "clause")
        self.page.only(table, f"clause {id}", FIELDS["clause"])
        span = self._span(table, "quote", f"clause {id}")
        return Clause(id, span)

    def entry(self, table: dict[str, Any], clauses: dict[str, Clause]) -> Entry | None:
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
