"""Marks on a learner's copy of a supplied text come back on the grader's copy, word by word."""

import pytest

from kit.article import Article
from kit.grading.carry import carried, same_words

GRADER = Article.of(
    "Le maire, dit-il, « hésite ».\n\nIl part demain matin vers Lille.", standfirst=False
)
COPY = "Le  maire dit-il hésite. Il part demain aujourd’hui matin vers Lile."


def places(article):
    return [place for word in article.words for place in word]


def mark(article, words):
    start = article.text.index(words)
    return [start, start + len(words)]


def log(article, *ranges):
    return [
        {"id": "o", "do": "open", "exercise": "e", "article": "copy"},
        {"id": "1", "do": "set", "item": "m", "value": {"label": "x", "ranges": list(ranges)}},
        {"id": "2", "do": "set", "item": "c", "value": "fact"},
    ]


@pytest.mark.parametrize("words", ["maire", "dit-il hésite", "Il part", "vers Lile"])
def test_a_mark_lies_on_the_same_words(words):
    """Blanks, quotation marks, an added word and a retyped one are bridged."""
    copy = Article.of(COPY, standfirst=False)
    actions, lost = carried(log(copy, mark(copy, words)), "copy", places(copy), GRADER)
    assert lost == 0
    assert actions[0]["article"] == GRADER.sha256
    ((start, end),) = actions[1]["value"]["ranges"]
    met = [GRADER.text[a:b] for a, b in GRADER.words if start <= a < end]
    assert met == words.replace("Lile", "Lille").split()
    assert actions[2]["value"] == "fact"


def test_a_mark_on_words_the_other_copy_lacks_is_lost_and_counted():
    """Nothing is guessed."""
    copy = Article.of(COPY, standfirst=False)
    actions, lost = carried(log(copy, mark(copy, "aujourd’hui")), "copy", places(copy), GRADER)
    assert lost == 1
    assert actions[1]["value"] is None


def test_another_text_is_not_taken_for_a_copy():
    """Words of other lengths say so."""
    other = Article.of("Une tout autre affaire occupe longuement les habitants du port.")
    assert carried(log(other, [0, 3]), "copy", places(other), GRADER) is None
    assert carried(log(other, [0, 3]), "copy", [], GRADER) is None


@pytest.mark.parametrize("ranges", ["x", [3], [["a", 1]], [[True, 2]], [[5, 5]], [[9999, 10000]]])
def test_ranges_that_cannot_be_are_lost(ranges):
    """What the judge would refuse is refused here too."""
    copy = Article.of(COPY, standfirst=False)
    action = {"id": "1", "do": "set", "item": "m", "value": {"ranges": ranges}}
    assert carried([action], "copy", places(copy), GRADER)[1] == 1


def test_copies_that_differ_in_spelling_alone_are_compared_by_number():
    """A word retyped in another length keeps its number."""
    lengths = [3, 5, 2] * 10
    assert same_words([4, *lengths[1:]], lengths)[0] == {n: n for n in range(30)}
