"""Passages as the class itself cut them, and those over which it is divided; no key is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.article import Article
from kit.classstats.marking import Marking, labels_of
from kit.exercise import Exercise, Task

MOST_DISPUTED = 5  # as many as a class can talk about in a lesson
LEAST_SHARE = 0.1  # of the learners: what fewer marked is no passage of the class
SAME = 0.5  # share of marks in common from which a word belongs to the passage before it


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text, and what the learners made of it.

    Attributes
    ----------
    words : tuple of int
        Numbers of its words, sorted.
    split : dict of str to int
        Label to how many gave it to at least half of the words.
    nothing : int
        How many marked less than half of it, or nothing.
    """

    words: tuple[int, ...]
    split: dict[str, int]
    nothing: int

    @property
    def marked(self) -> int:
        """How many marked it."""
        return sum(self.split.values())

    @property
    def divided(self) -> float | None:
        """Share of all pairs of learners who answered differently; None below two learners."""
        return divided([*self.split.values(), self.nothing])


def divided(counts: Sequence[int]) -> float | None:
    """Return the share of pairs that differ, of people who chose between several answers.

    It is one less Simpson's measure of concentration, without replacement (E. H. Simpson,
    "Measurement of diversity", Nature 163, 1949, p. 688): 0 where all agree, one half and a little
    more where two answers share the class, higher where several do.

    Examples
    --------
    >>> divided([2, 2])
    0.6666666666666667
    >>> divided([4, 0])
    0.0
    """
    total = sum(counts)
    if total < 2:
        return None
    same = sum(count * (count - 1) for count in counts)
    return 1 - same / (total * (total - 1))


def passages(exercise: Exercise, task: Task, markings: Sequence[Marking]) -> list[Passage]:
    """Return the passages that the class marked, in the order of the text.

    Ready-cut clauses are passages as they are; those who left one out are no part of it. Elsewhere
    a passage is a run of words of one sentence that much the same learners marked in the same way.
    """
    article = exercise.article
    if task.kind == "classify":
        clauses = [
            tuple(sorted(article.words_of(clause.span)))
            for clause in exercise.clauses
            if article.paragraph_of(clause.span) in task.paragraphs
        ]
        found = [_passage(words, task, markings) for words in clauses]
        return [Passage(each.words, each.split, 0) for each in found]
    runs = _runs(article, task, markings)
    return [each for run in runs if (each := _passage(run, task, markings)).marked]


def disputed(article: Article, task: Task, found: Sequence[Passage]) -> list[Passage]:
    """Return the passages over which the class is most divided, the most divided first.

    Source, cue and content of one sentence are one thing to talk about: the first stands for all.
    """
    ranked = sorted(found, key=lambda each: (-(each.divided or 0.0), each.words))
    chosen: list[Passage] = []
    sentences: set[str] = set()
    for each in ranked:
        sentence = article.segment_at(article.words[each.words[0]].start).name
        if each.divided and not (task.kind == "attribution" and sentence in sentences):
            chosen.append(each)
            sentences.add(sentence)
    return chosen[:MOST_DISPUTED]


def verdict(words: Sequence[int], task: Task, given: Marking) -> str:
    """Return the label one learner gave to at least half of the words; empty if none."""
    shares = {label: sum(word in marked for word in words) for label, marked in given.items()}
    order = [label for label in labels_of(task) if label in shares]
    best = max(order, key=lambda label: shares[label], default="")
    return best if best and 2 * shares[best] >= len(words) else ""


def _passage(words: tuple[int, ...], task: Task, markings: Sequence[Marking]) -> Passage:
    split = dict.fromkeys(labels_of(task), 0)
    nothing = 0
    for given in markings:
        label = verdict(words, task, given)
        if label:
            split[label] += 1
        else:
            nothing += 1
    return Passage(words, {label: count for label, count in split.items() if count}, nothing)


def _runs(article: Article, task: Task, markings: Sequence[Marking]) -> list[tuple[int, ...]]:
    """Cut the text where one word was marked by others, or otherwise, than the word before it."""
    signs = _who_marked(len(article.words), task, markings)
    least = max(1.0, LEAST_SHARE * len(markings))
    runs: list[list[int]] = []
    before, sentence = 0, ""
    for word, who in enumerate(signs):
        here = article.segment_at(article.words[word].start).name
        alike = (who & before).bit_count() >= SAME * (who | before).bit_count()
        if who.bit_count() >= least:
            if before and alike and here == sentence:
                runs[-1].append(word)
            else:
                runs.append([word])
            before = who
        else:
            before = 0
        sentence = here
    return [tuple(run) for run in runs]


def _who_marked(length: int, task: Task, markings: Sequence[Marking]) -> list[int]:
    """For each word a number whose bits are the learners who marked it, label by label."""
    places = {label: at for at, label in enumerate(labels_of(task))}
    signs = [0] * length
    for number, given in enumerate(markings):
        for label, words in given.items():
            bit = 1 << (number * len(places) + places[label])
            for word in words:
                signs[word] |= bit
    return signs
