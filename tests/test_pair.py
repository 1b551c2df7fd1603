"""Two papers on one vote: one exercise, two articles, the same facts, one omission each."""

from collections import Counter

import pytest

from kit.article import words
from kit.loading import load
from kit.scoring import score_task
from kit.session import Session
from kit.simulation import right
from kit.widgets.view import static_page, view_of

SHARED = ["6 mars 2025", "14 voix contre 11", "trois heures", "900\u202f000 euros"]
SHARED += ["1er septembre", "60 places de stationnement", "40 arbres", "une aire de jeux"]
SHARED += ["Les familles réclamaient de l’ombre", "Mes clients viennent en voiture"]
SHARED += ["onze élus opposés au projet sont partis avant la fin"]
LEFT_OUT = {"A": "480 signatures", "B": "moitié payée par l’État"}  # by each, and told by the other


@pytest.fixture(scope="module")
def pair():
    return load("r4")


@pytest.fixture(scope="module")
def texts(pair):
    """The two articles, by their letters."""
    return {
        letter: "\n".join(
            pair.article.text[slice(*segment.range)]
            for segment in pair.article.segments
            if segment.name.startswith(letter)
        )
        for letter in "AB"
    }


def letter_of(pair, thing):
    span = thing.place if hasattr(thing, "place") else thing.span
    return pair.article.paragraph_of(span)[0]


def test_each_article_has_its_letter(pair):
    """Paragraphs of the one are called A., of the other B., each with title and standfirst."""
    names = ["T", "C", "1", "2"]
    assert list(pair.article.paragraphs) == [
        f"{letter}.{name}" for letter in "AB" for name in names
    ]


def test_length(texts):
    """Each article has 150 to 200 words."""
    assert all(150 <= len(words(text)) <= 200 for text in texts.values())


def test_both_tell_the_same_facts(texts):
    """Every shared fact stands in both articles, in the same words."""
    missing = [(letter, fact) for letter in "AB" for fact in SHARED if fact not in texts[letter]]
    assert missing == []


def test_each_leaves_one_thing_out(texts):
    """What one article leaves out, the other tells."""
    for letter, fact in LEFT_OUT.items():
        assert [each for each in "AB" if fact not in texts[each]] == [letter]


def test_both_lean_by_the_same_devices(pair):
    """Each article has as many core devices of each label as the other, and sound passages."""
    core = [entry for entry in pair.key.entries if entry.layer == "bias"]
    counts = {
        letter: Counter(
            (entry.label, entry.status)
            for entry in core
            if letter_of(pair, entry) == letter and entry.status != "debated"
        )
        for letter in "AB"
    }
    assert counts["A"] == counts["B"]
    assert counts["A"][None, "sound"] >= 7


def test_the_same_words_reach_the_reader_by_opposite_verbs(pair):
    """Each speaker is introduced neutrally in the one article and with a judgement in the other."""
    colours = {}
    for each in pair.key.attributions:
        said = pair.article.quote(each.spans["content"])
        colours.setdefault(said, set()).add((letter_of(pair, each), each.properties["colour"]))
    assert colours["Les familles réclamaient de l’ombre"] == {("A", "neutral"), ("B", "charged")}
    assert colours["Mes clients viennent en voiture"] == {("A", "charged"), ("B", "neutral")}


@pytest.mark.parametrize("task", ["claims", "sources", "bias"])
def test_the_page_shows_both_articles(pair, tmp_path, task):
    """The view has both titles, asks for all paragraphs, and every clause lies in one of them."""
    view = view_of(Session(pair, "zoe", tmp_path), pair.task(task))
    roles = [each["role"] for each in view["paragraphs"]]
    assert roles == ["title", "standfirst", "paragraph", "paragraph"] * 2
    assert view["asked"] == [each["name"] for each in view["paragraphs"]]
    for clause in view.get("clauses", []):
        assert clause["paragraph"] in view["asked"]
    page = static_page(pair, pair.task(task), "fr")
    assert page.count("<h3") == 2
    assert "<b>A.1</b>" in page
    assert "<b>B.2</b>" in page


@pytest.mark.parametrize("task", ["claims", "sources", "bias"])
def test_one_article_can_be_checked_alone(pair, task):
    """A model answer to article B is full marks there, and nothing in article A."""
    asked = pair.task(task)
    answers = right(pair, asked)
    paragraphs = {letter: [n for n in asked.paragraphs if n[0] == letter] for letter in "AB"}
    only_b = {
        item: value
        for item, value in answers.items()
        if score_task(pair, asked, {item: value}, paragraphs["B"]).score
    }
    assert 0 < len(only_b) < len(answers)
    assert score_task(pair, asked, only_b, paragraphs["B"]).score == 1
    assert score_task(pair, asked, only_b, paragraphs["A"]).score == 0
