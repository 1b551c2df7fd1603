"""Agreement by layer and label: pairs of readers, words, clauses, and what the key counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kit.agreement.alpha import nominal_alpha
from kit.agreement.readings import Mark, Reading
from kit.article import Article
from kit.codebook import codebook
from kit.exercise import SPAN_PARTS, Exercise
from kit.scoring.assignment import best_pairs
from kit.scoring.spans import Words, sim

SAME_PLACE = 0.5  # sim from which two readers marked the same passage
ENOUGH = 2  # readers who must find what the key counts
WHOLE = ""  # in place of a label: the layer as a whole

Row = tuple[str, str]  # layer, and label or WHOLE


@dataclass(frozen=True, slots=True)
class Target:
    """What the key counts: a passage or a clause, its labels, and how many readers found it."""

    id: str
    row: Row
    quote: str
    finders: int

    @property
    def found(self) -> bool:
        """Whether enough readers found it."""
        return self.finders >= ENOUGH


@dataclass(slots=True)
class Tally:
    """Counts of one row, of one text or of several; numbers are made of them last.

    Attributes
    ----------
    marks : int
        Marks (or clauses classified) of all readers together.
    paired, compared : int
        Over all pairs of readers: marks with a partner, and all marks.
    units : list
        For each word or clause what each reader says of it.
    """

    marks: int = 0
    paired: int = 0
    compared: int = 0
    units: list[Sequence[str | None]] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the counts of another text."""
        self.marks += other.marks
        self.paired += other.paired
        self.compared += other.compared
        self.units += other.units
        self.targets += other.targets

    @property
    def f1(self) -> float | None:
        """Pairwise F1; None where no pair of readers marked anything."""
        return self.paired / self.compared if self.compared else None

    @property
    def alpha(self) -> float | None:
        """Krippendorff's nominal alpha over words or clauses."""
        return nominal_alpha(self.units)

    @property
    def found(self) -> int:
        """How many of the targets enough readers found."""
        return sum(target.found for target in self.targets)


def rows() -> list[Row]:
    """Return the rows of a report in the order of the codebook: each layer, then its labels."""
    return [
        (layer.id, label)
        for layer in codebook().layers.values()
        if layer.labels
        for label in (WHOLE, *layer.labels)
    ]


def tallies(exercise: Exercise, readings: Sequence[Reading]) -> dict[Row, Tally]:
    """Return the counts of one text, by layer and label."""
    counted = targets(exercise, readings)
    found: dict[Row, Tally] = {}
    for layer, label in rows():
        tally = found[layer, label] = Tally()
        asked = [reading for reading in readings if layer in reading.layers]
        labels = [label] if label else list(codebook().layers[layer].labels)
        for each in labels:
            _count_marks(exercise.article, asked, layer, each, tally)
        tally.units = _units(exercise, readings, layer, label)
        tally.targets = [
            target for target in counted if target.row in ((layer, each) for each in labels)
        ]
    return found


def pooled(texts: Iterable[Mapping[Row, Tally]]) -> dict[Row, Tally]:
    """Return the counts of several texts together."""
    total = {row: Tally() for row in rows()}
    for text in texts:
        for row, tally in text.items():
            total[row].add(tally)
    return total


def targets(exercise: Exercise, readings: Sequence[Reading]) -> list[Target]:
    """Return everything the key counts as core, with the number of readers who found it."""
    assert exercise.key is not None, "agreement is about a key"
    article, found = exercise.article, []
    for entry in exercise.key.entries:
        if entry.status != "core" or entry.label is None:
            continue
        labels = {label for label in (entry.label, entry.also) if label}
        words = article.words_of(entry.span)
        if entry.clause:
            finders = sum(_same_kind(each.clauses.get(entry.clause), labels) for each in readings)
        else:
            finders = sum(_marked(article, each, entry.layer, labels, words) for each in readings)
        row = (entry.layer, entry.label)
        found.append(Target(entry.id, row, article.quote(entry.span), finders))
    for attribution in exercise.key.attributions:
        for part in SPAN_PARTS:
            if attribution.status == "core" and (span := attribution.spans[part]):
                words = article.words_of(span)
                finders = sum(
                    _marked(article, reading, "source", {part}, words) for reading in readings
                )
                row = ("source", part)
                found.append(Target(f"{attribution.id} {part}", row, article.quote(span), finders))
    return found


def same_place(article: Article, one: Words, other: Words) -> bool:
    """Whether two readers marked the same passage; as neither is the key, each is tried as one."""
    return max(sim(article, one, other), sim(article, other, one)) >= SAME_PLACE


def _count_marks(
    article: Article, readings: Sequence[Reading], layer: str, label: str, tally: Tally
) -> None:
    """Count the marks of a label, and those that have a partner in another reading."""
    if layer == "claim":
        sets = [{id for id, given in each.clauses.items() if given == label} for each in readings]
        tally.marks += sum(map(len, sets))
        for one, other in combinations(sets, 2):
            tally.paired += 2 * len(one & other)
            tally.compared += len(one) + len(other)
        return
    marked = [reading.of(layer, label) for reading in readings]
    tally.marks += sum(map(len, marked))
    for mine, theirs in combinations(marked, 2):
        tally.paired += 2 * _partners(article, mine, theirs)
        tally.compared += len(mine) + len(theirs)


def _partners(article: Article, mine: Sequence[Mark], theirs: Sequence[Mark]) -> int:
    """Return the largest number of one-to-one pairs of marks on the same passage."""
    meet = [[float(same_place(article, a.words, b.words)) for b in theirs] for a in mine]
    return len(best_pairs(meet))


def _units(
    exercise: Exercise, readings: Sequence[Reading], layer: str, label: str
) -> list[Sequence[str | None]]:
    """Return what each reader says of each clause or word: its labels, or whether `label`."""
    if layer == "claim":
        said = [[each.clauses.get(id) for each in readings] for id in exercise.by_clause]
        if not label:
            return list(said)
        return [[None if it is None else str(it == label) for it in unit] for unit in said]
    columns = [_by_word(exercise.article, reading, layer, label) for reading in readings]
    return list(zip(*columns, strict=True))


def _by_word(article: Article, reading: Reading, layer: str, label: str) -> list[str | None]:
    count = len(article.words)
    if layer not in reading.layers:
        return [None] * count
    on: list[set[str]] = [set() for _ in range(count)]
    for mark in reading.marks:
        if mark.layer == layer and label in (WHOLE, mark.label):
            for word in mark.words:
                on[word].add(mark.label)
    return ["+".join(sorted(labels)) for labels in on]


def _marked(article: Article, reading: Reading, layer: str, labels: set[str], words: Words) -> bool:
    return any(
        mark.layer == layer
        and _same_kind(mark.label, labels, layer)
        and sim(article, mark.words, words) >= SAME_PLACE
        for mark in reading.marks
    )


def _same_kind(given: str | None, labels: set[str], layer: str = "claim") -> bool:
    """Whether a label is one of the key's, or near one of them."""
    near = codebook().near
    return given is not None and (
        given in labels or any(near(layer, given, label) for label in labels)
    )
