"""An exercise: article, tasks, clauses and key, as plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from kit.article import Article, Span
from kit.codebook import Text, codebook

Status = Literal["core", "debated", "sound"]
SPAN_PARTS = ("source", "cue", "content")  # the three spans of an attribution


@dataclass(frozen=True, slots=True, eq=False)  # as Exercise
class Task:
    """What is asked of a learner.

    Attributes
    ----------
    kind : str
        Names the file of ``kit/scoring/`` that scores it.
    labels : tuple of str
        The labels of the layer that are asked for.
    paragraphs : tuple of str
        What is checked on its own: the paragraphs it covers, in the order of the text; in a task
        that is a list of items, the ids of the items.
    attempts : int
        Checks per paragraph before the model answer.
    """

    id: str
    kind: str
    layer: str
    labels: tuple[str, ...]
    paragraphs: tuple[str, ...]
    attempts: int
    prompt: Text


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch cut in advance, to be classified."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False)  # as Exercise
class Item:
    """One question of a task that is a list of questions.

    Attributes
    ----------
    task : str
        The id of its task.
    prompt : Text
        What is asked.
    span : Span
        The passage of the text it is about; empty where there is none.
    details : mapping
        What its kind of task asks for besides: options, units, cards.
    """

    id: str
    task: str
    prompt: Text
    span: Span
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)  # as Exercise
class Answer:
    """What a good answer to an item is, and why.

    Attributes
    ----------
    item : str
        The id of the item; the answer has no other.
    value : object
        In the form in which its kind of task stores an answer.
    also : tuple
        Other values accepted in full.
    details : mapping
        What its kind of task needs besides, for example a tolerance.
    """

    item: str
    status: Status
    value: Any
    why: Text
    hint: Text
    also: tuple[Any, ...]
    details: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The item's id: what hints and disagreements name."""
        return self.item


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the key: a span, what it is, and why.

    ``label`` is None for a sound passage; ``also`` is a second label accepted in full;
    ``clause`` is the id of the clause it answers for, in the layer of claims.
    """

    id: str
    layer: str
    status: Status
    span: Span
    why: Text
    label: str | None = None
    also: str | None = None
    clause: str | None = None
    hint: Text | None = None
    neutral: Text | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: three spans (``cue`` may be empty), properties, the link before (``via``)."""

    id: str
    status: Status
    spans: dict[str, Span]
    properties: dict[str, str]
    why: Text
    hint: Text
    via: Span = ()
    who: Text | None = None

    @property
    def place(self) -> Span:
        """All ranges of source, cue and content, sorted."""
        return tuple(sorted(range_ for part in SPAN_PARTS for range_ in self.spans[part]))


@dataclass(frozen=True, eq=False)  # as Exercise
class Key:
    """What a good answer is. ``version`` is the SHA-256 of the file it was read from."""

    entries: tuple[Entry, ...]
    attributions: tuple[Attribution, ...]
    version: str
    answers: tuple[Answer, ...] = ()

    @cached_property
    def by_item(self) -> dict[str, Answer]:
        """The answers by the ids of their items."""
        return {answer.item: answer for answer in self.answers}

    @cached_property
    def by_id(self) -> dict[str, Entry | Attribution]:
        """Entries and attributions by their ids, which no two of them share."""
        things: list[Entry | Attribution] = [*self.entries, *self.attributions]
        return {thing.id: thing for thing in things}


@dataclass(frozen=True, eq=False)  # compared by identity, so that what is derived can be cached
class Exercise:
    """One article (or several) with its tasks; ``key`` is None where it was left out (an exam).

    ``version`` is the SHA-256 of ``exercise.toml``; ``supplied``: the text is a reader's copy.
    """

    id: str
    lang: str
    title: Text
    notice: Text
    article: Article
    tasks: tuple[Task, ...]
    clauses: tuple[Clause, ...]
    key: Key | None
    folder: Path
    version: str
    supplied: bool = False
    items: tuple[Item, ...] = ()

    def task(self, id: str) -> Task:
        """Return a task by its id; KeyError if there is none."""
        return self.by_task[id]

    @cached_property
    def by_task(self) -> dict[str, Task]:
        """The tasks by their ids."""
        return {task.id: task for task in self.tasks}

    @cached_property
    def by_clause(self) -> dict[str, Clause]:
        """The clauses by their ids."""
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def by_item(self) -> dict[str, Item]:
        """The items of all tasks by their ids."""
        return {item.id: item for item in self.items}

    def items_of(self, task: Task) -> tuple[Item, ...]:
        """Return the items of a task, in their order; none if it is no list of items."""
        return tuple(item for item in self.items if item.task == task.id)

    def answer(self, item: str) -> Answer:
        """Return what the key says of an item."""
        assert self.key is not None, "an exam has no key"
        return self.key.by_item[item]

    def entries(self, task: Task, *statuses: Status) -> tuple[Entry, ...]:
        """Return the key's entries that a task asks for: its layer, its labels, these statuses."""
        assert self.key is not None, "an exam has no key"
        return tuple(
            entry
            for entry in self.key.entries
            if entry.layer == task.layer
            and entry.status in (statuses or ("core", "debated", "sound"))
            and (entry.label is None or entry.label in task.labels)
            and self.article.paragraph_of(entry.span) in task.paragraphs
        )

    def attributions(self, task: Task, *statuses: Status) -> tuple[Attribution, ...]:
        """Return the key's attributions in the paragraphs of a task."""
        assert self.key is not None, "an exam has no key"
        return tuple(
            attribution
            for attribution in self.key.attributions
            if attribution.status in (statuses or ("core", "debated"))
            and self.article.paragraph_of(attribution.place) in task.paragraphs
        )


def known_labels(layer: str) -> tuple[str, ...]:
    """Return the labels of a layer in the order of the codebook; empty for an unknown layer."""
    layers = codebook().layers
    return tuple(layers[layer].labels) if layer in layers else ()
