"""What all tasks that are lists of items share: each item is answered and checked on its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, NamedTuple, Protocol

from kit.article import Article
from kit.codebook import Text
from kit.exercise import Answer, Exercise, Item, Task
from kit.page import Page
from kit.response import Answers
from kit.scoring.outcome import Kind, Outcome, Result


class Wanted(NamedTuple):
    """What a key says of an item, as its kind of task has read it."""

    value: Any
    also: tuple[Any, ...] = ()
    details: Mapping[str, Any] = {}


class Judged(NamedTuple):
    """An item, what the key says of it, and what became of the answer."""

    item: Item
    answer: Answer
    outcome: Outcome


class Option(NamedTuple):
    """One of several things that an item offers."""

    id: str
    name: Text


class KindOfItem(Protocol):
    """What the file of such a kind offers; fields, values and worth stand there and nowhere else.

    Attributes
    ----------
    LAYER : str
        The part of the course's mark it belongs to.
    ITEM, ANSWER : tuple of str
        Its own fields of ``[[item]]`` and ``[[answer]]``.
    FIELDS : tuple of str
        What a value holds, where it is a table.
    """

    @property
    def LAYER(self) -> str: ...  # noqa: D102  # described above
    @property
    def ITEM(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def ANSWER(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def FIELDS(self) -> tuple[str, ...]: ...  # noqa: D102

    def read_item(
        self, page: Page, table: dict[str, Any], entry: str, article: Article | None
    ) -> dict[str, Any]:
        """Return the details of an item, and note mistakes on the page."""

    def read_answer(self, page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
        """Return what the key says of an item, and note mistakes on the page."""

    def judge(self, item: Item, value: Any) -> str | None:
        """Say why a value cannot be the answer to an item, or None."""

    def worth(self, item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
        """Tell what became of an answer, and its credit."""

    def total(self, judged: Sequence[Judged]) -> float | None:
        """Return the score of several items; None where a machine gives none."""

    def remark(self, judged: Sequence[Judged], lang: str) -> str:
        """Say what concerns a whole check and not one item; mostly nothing."""

    def said(self, item: Item, value: Any, lang: str) -> str:
        """Word a value."""

    def shown(self, item: Item, lang: str) -> dict[str, Any]:
        """Return what a page needs to ask, besides the prompt: plain data, worded."""

    def right(self, item: Item, answer: Answer) -> Any:
        """Return the value the key asks for."""

    def wrong(self, item: Item, answer: Answer) -> Any:
        """Return a value that earns nothing."""


@dataclass(frozen=True)
class ListOfItems:
    """A kind of task whose items are of one kind."""

    of: KindOfItem

    @property
    def FIELDS(self) -> tuple[str, ...]:
        """What a value holds, where it is a table."""
        return self.of.FIELDS

    def judge(self, exercise: Exercise, task: Task, item: str, value: Any) -> str | None:
        """Say why a value cannot be the answer to an item, or None."""
        known = exercise.by_item.get(item)
        if known is None or known.task != task.id:
            return "unknown_item"
        return self.of.judge(known, value)

    def paragraph_of(self, exercise: Exercise, item: str, value: Any) -> str:
        """Return the item itself: it is checked on its own."""
        return item

    def score(
        self,
        exercise: Exercise,
        task: Task,
        answers: Answers,
        paragraphs: Collection[str] | None = None,
        mode: str = "practice",
    ) -> Result:
        """Score items; parameters are those of `kit.scoring.highlight.score`."""
        judged = self.judged(exercise, task, answers, paragraphs, mode)
        return Result(
            task.id,
            self.of.total(judged),
            tuple(each.outcome for each in judged),
            blank=all(each.outcome.kind == "missed" for each in judged),
        )

    def judged(
        self,
        exercise: Exercise,
        task: Task,
        answers: Answers,
        paragraphs: Collection[str] | None = None,
        mode: str = "practice",
    ) -> list[Judged]:
        """Tell what became of each answer; parameters are those of `score`."""
        return [
            self._judged(item, exercise.answer(item.id), answers.get(item.id), mode)
            for item in exercise.items_of(task)
            if paragraphs is None or item.id in paragraphs
        ]

    def _judged(self, item: Item, answer: Answer, value: Any, mode: str) -> Judged:
        kind: Kind = "missed"
        credit = 0.0
        if value is not None:
            kind, credit = self.of.worth(item, answer, value, mode)
        return Judged(item, answer, Outcome(kind, item.id, credit, item.id, item.id))


def mean(judged: Sequence[Judged]) -> float:
    """Return the mean credit; 0 without items."""
    credits = [each.outcome.credit for each in judged]
    return fsum(credits) / len(credits) if credits else 0.0


def no_remark(judged: Sequence[Judged], lang: str) -> str:
    """Return nothing: each item has its own words."""
    return ""


def accepted(answer: Answer, value: Any) -> Kind | None:
    """Tell the answer of the key from another one it accepts in full; None for any other."""
    if value == answer.value:
        return "exact"
    return "debated" if value in answer.also else None


def read_options(
    page: Page, table: dict[str, Any], field: str, entry: str, *, least: int = 2
) -> tuple[Option, ...]:
    """Return what an item offers: a list of tables with ``id`` and ``name`` in both languages."""
    given = table.get(field)
    tables = given if isinstance(given, list) else []
    options = [
        Option(each["id"], each["name"])
        for each in tables
        if isinstance(each, dict)
        and set(each) == {"id", "name"}
        and isinstance(each["id"], str)
        and each["id"]
        and page.words(each, "name", entry)
    ]
    if len({option.id for option in options}) < max(len(tables), least):
        page.add("wrong_options", entry, field=field, least=least)
    return tuple(options)


def read_choice(
    page: Page, table: dict[str, Any], entry: str, known: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the value that a key asks for and the others it accepts, all of them known."""
    value = page.one_of(table, "value", entry, known, "unknown_answer")
    also = table.get("also", [])
    others = [also] if isinstance(also, str) else also if isinstance(also, list) else [also]
    for other in others:
        page.one_of({"also": other}, "also", entry, known, "unknown_answer")
    return value, tuple(str(other) for other in others)


def name_of(options: Sequence[Option], id: str, lang: str) -> str:
    """Return the name of an option."""
    return next((option.name[lang] for option in options if option.id == id), id)


def named(options: Sequence[Option], lang: str) -> list[dict[str, str]]:
    """Return options as a page is given them."""
    return [{"id": option.id, "name": option.name[lang]} for option in options]
