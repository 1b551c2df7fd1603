"""The two exam texts are parallel: whoever gets the one has the same work as with the other."""

from collections import Counter

import pytest
import textstat

from kit.exercise import SPAN_PARTS
from kit.loading import load

EASE = 5  # points of reading ease between the two
WORDS = range(260, 321)
SENTENCE = range(12, 26)  # words, on average


@pytest.fixture(scope="module", params=["e1", "e2"])
def text(request):
    return load(request.param)


@pytest.fixture(scope="module")
def pair():
    return load("e1"), load("e2")


def core(exercise):
    """How many passages and clauses of each label count."""
    entries = [entry for entry in exercise.key.entries if entry.status == "core"]
    return Counter((entry.layer, entry.label) for entry in entries)


def sentences(article):
    return [article.text[slice(*segment.range)] for segment in article.segments]


def ease(article):
    """Reading ease in French, after Kandel and Moles (1958)."""
    textstat.set_lang("fr")
    try:
        ended = [line if line.endswith(".") else f"{line}." for line in sentences(article)]
        return textstat.flesch_reading_ease(" ".join(ended))
    finally:
        textstat.set_lang("en_US")


def test_as_many_of_each_label(pair):
    """Of each label, one text counts at most one passage or clause more than the other."""
    one, other = map(core, pair)
    assert {label for label in one | other if abs(one[label] - other[label]) > 1} == set()
    assert one.total() == other.total()


def test_equally_easy_to_read(pair):
    """Reading ease differs by five points at most."""
    one, other = (ease(exercise.article) for exercise in pair)
    assert abs(one - other) <= EASE, (one, other)


def test_reading_ease_is_the_french_one():
    """What is measured are the weights of Kandel and Moles, not those for English."""
    text = "Le petit chat dort dehors. La pluie tombe depuis hier."
    textstat.set_lang("fr")
    try:
        words, syllables = textstat.lexicon_count(text), textstat.syllable_count(text)
        measured = textstat.flesch_reading_ease(text)
    finally:
        textstat.set_lang("en_US")
    assert measured == pytest.approx(207 - 1.015 * words / 2 - 73.6 * syllables / words, abs=0.5)


def test_the_same_questions(pair):
    """Tasks, clauses, reported statements, discussed and sound passages are as many in both."""
    one, other = (
        {
            "tasks": [(task.id, task.kind, task.layer, task.labels) for task in each.tasks],
            "clauses": len(each.clauses),
            "paragraphs": len(each.article.paragraphs),
            "statuses": Counter(entry.status for entry in each.key.entries),
            "statements": len(each.key.attributions),
            "chains": sum(bool(statement.via) for statement in each.key.attributions),
            "named elsewhere": sum(bool(statement.who) for statement in each.key.attributions),
            "parts": Counter(
                part for each in each.key.attributions for part in SPAN_PARTS if each.spans[part]
            ),
        }
        for each in pair
    )
    assert one == other


def test_length(text):
    """An exam text has 260 to 320 words, and sentences of 12 to 25 words on average."""
    article = text.article
    assert len(article.words) in WORDS
    assert round(len(article.words) / len(article.segments)) in SENTENCE
