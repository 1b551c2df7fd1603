"""The codebook holds what the pedagogy lists, complete in both languages."""

import re
from dataclasses import asdict

import pytest

from kit.codebook import codebook

BOOK = codebook()

LABELS = {
    "claim": "fact reported interpretation opinion prediction",
    "source": "source cue content",
    "bias": "loaded_language labelling exaggeration conflict_frame vague_attribution"
    " loaded_reporting unattributed_interpretation speculation insinuation misleading_shortcut",
}
PROPERTIES = {
    "kind": "person institution media document expert collective anonymous none",
    "distance": "first_hand second_hand public unsaid",
    "mode": "direct indirect fragment summed_up",
    "interest": "stake observer unknown",
    "colour": "neutral distancing endorsing charged",
}
NEAR = {
    "claim": [
        "fact interpretation",
        "interpretation opinion",
        "interpretation prediction",
        "fact reported",
    ],
    "bias": [
        "loaded_language labelling",
        "loaded_language exaggeration",
        "loaded_language loaded_reporting",
        "loaded_language conflict_frame",
        "labelling insinuation",
        "insinuation loaded_language",
        "insinuation unattributed_interpretation",
        "unattributed_interpretation conflict_frame",
        "unattributed_interpretation speculation",
        "exaggeration misleading_shortcut",
        "loaded_reporting conflict_frame",
        "vague_attribution unattributed_interpretation",
    ],
}
PAIRS = [(layer, *pair.split()) for layer, pairs in NEAR.items() for pair in pairs]
ALL_LABELS = [label for layer in BOOK.layers.values() for label in layer.labels.values()]


def texts(value):
    """All texts in two languages below a value."""
    if isinstance(value, dict):
        if set(value) & {"fr", "en"}:
            yield value
        else:
            for below in value.values():
                yield from texts(below)
    elif isinstance(value, tuple | list):
        for below in value:
            yield from texts(below)


def test_layers_and_labels_are_those_of_the_pedagogy():
    """Five kinds of claim, three parts of a source, ten devices."""
    assert {
        id: " ".join(layer.labels) for id, layer in BOOK.layers.items() if layer.labels
    } == LABELS


def test_properties_are_those_of_the_pedagogy():
    """Five questions are asked about a source, with these answers."""
    assert {id: " ".join(each.values) for id, each in BOOK.properties.items()} == PROPERTIES


@pytest.mark.parametrize(("layer", "one", "other"), PAIRS)
def test_near_pairs_are_near_both_ways(layer, one, other):
    """A near pair has another sentence in each direction."""
    assert BOOK.near(layer, one, other)
    assert BOOK.near(layer, other, one)
    for lang in ("fr", "en"):
        assert BOOK.tells[layer, one, other][lang] != BOOK.tells[layer, other, one][lang]


def test_no_other_pair_is_near():
    """Only the pedagogy's pairs earn part of the credit."""
    expected = {(layer, *pair) for layer, *pair in PAIRS} | {
        (layer, other, one) for layer, one, other in PAIRS
    }
    assert set(BOOK.tells) == expected


def test_no_label_is_its_own_neighbour():
    """The same label is not a near one."""
    assert not [label for label in ALL_LABELS if BOOK.near(label.layer, label.id, label.id)]


def test_every_text_is_there_in_both_languages():
    """Each text stands in French and in English."""
    found = list(texts([asdict(BOOK)]))
    assert len(found) > 150
    for text in found:
        assert set(text) == {"fr", "en"}
        assert all(words.strip() == words and words for words in text.values())
        assert text["fr"] != text["en"] or len(text["fr"].split()) == 1


@pytest.mark.parametrize("label", ALL_LABELS, ids=lambda label: f"{label.layer}-{label.id}")
def test_a_test_is_one_question(label):
    """The test of a label is one short question."""
    for lang in ("fr", "en"):
        assert label.test[lang].endswith("?")
        assert len(label.test[lang].split()) <= 20


@pytest.mark.parametrize("label", ALL_LABELS, ids=lambda label: f"{label.layer}-{label.id}")
def test_an_example_shows_its_passage(label):
    """An example marks one passage, a near miss none."""
    for lang in ("fr", "en"):
        assert len(re.findall(r"\*\*[^*]+\*\*", label.example[lang])) == 1
        assert "**" not in label.near_miss[lang]


@pytest.mark.parametrize("layer", BOOK.layers)
def test_tags_of_a_layer_differ(layer):
    """No two labels of a layer share a tag."""
    tags = [label.tag for label in BOOK.layers[layer].labels.values()]
    assert len(set(tags)) == len(tags)
    assert all(1 <= len(tag) <= 2 for tag in tags)


def test_label_by_its_id():
    """A label is found by its layer and its id."""
    assert BOOK.label("bias", "speculation").name["fr"] == "spéculation"
