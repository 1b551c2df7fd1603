"""A quote names one place of its segment: letter for letter, or tolerantly in a supplied copy."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.anchor import NotLocated, Quote, folded, locate, nearest
from kit.article import Article

ARTICLE = Article.of(
    "Un titre\n\n"
    "Un chapô\n\n"
    "La maire, dit-on, ouvre la halle ; la halle n’ouvre qu’à midi.\n"
    "L’œuvre a coûté «\u202fcher\u202f», d’après l’élève.\n"
)


def found(*pieces, segment="1a", occurrence=None, tolerant=False):
    """The words at the place that a quote names."""
    span = locate(ARTICLE, Quote(segment, pieces, occurrence), tolerant=tolerant)
    return [ARTICLE.text[slice(*range_)] for range_ in span]


def refused(*pieces, **options):
    with pytest.raises(NotLocated) as error:
        found(*pieces, **options)
    return error.value


def test_words_of_the_text():
    """A quote is found where its words stand."""
    assert found("La maire") == ["La maire"]


def test_gap():
    """An ellipsis stands for all that lies between."""
    assert found("La maire … ouvre") == ["La maire, dit-on, ouvre"]


def test_gap_takes_the_shortest_way():
    """A gap ends where the last words stand first."""
    assert found("La maire … halle") == ["La maire, dit-on, ouvre la halle"]


def test_pieces():
    """A span in pieces has a range for each."""
    assert found("La maire", "ouvre") == ["La maire", "ouvre"]


def test_a_piece_is_sought_behind_the_one_before():
    """Each piece is sought behind the one before."""
    assert found("n’", "ouvre") == ["n’", "ouvre"]
    assert refused("midi", "La maire").places == 0


def test_occurrence():
    """Where the words stand twice, the quote says which."""
    span = locate(ARTICLE, Quote("1a", ("la halle",), 2))
    assert ARTICLE.text[span[0].start :].startswith("la halle n’")


def test_two_places_need_an_occurrence():
    """Words that stand twice name no place."""
    assert refused("la halle").places == 2


@pytest.mark.parametrize("occurrence", [0, 3, -1])
def test_an_occurrence_that_is_not_there(occurrence):
    """The third of two places is none."""
    assert refused("la halle", occurrence=occurrence).places == 2


def test_only_the_named_segment_counts():
    """Words of another sentence do not count."""
    assert refused("élève").places == 0
    assert found("élève", segment="1b") == ["élève"]


def test_a_quote_ends_on_whole_words():
    """Half a word is not quoted."""
    assert refused("hall").places == 0
    assert refused("a maire").places == 0


def test_strict_reading_sees_every_letter():
    """In strict reading a straight apostrophe is a mistake."""
    assert refused("n'ouvre").nearest == "n’ouvre"


def test_the_nearest_words_are_named():
    """A slip is answered with the nearest words."""
    assert refused("La mairie, dit-on").nearest == "La maire, dit-on"


def test_nothing_is_near_in_a_text_without_words():
    """Where there are no words none are named."""
    assert nearest("… !", "la halle") == ""


@pytest.mark.parametrize(
    ("piece", "segment", "words"),
    [
        ("n'ouvre", "1a", "n’ouvre"),
        ("LA MAIRE", "1a", "La maire"),
        ("oeuvre a coute", "1b", "œuvre a coûté"),
        ('"cher", d\'apres', "1b", "cher\u202f», d’après"),
        ("La mairre, dit-on", "1a", "La maire, dit-on"),
        ("la mairé … la hale", "1a", "La maire, dit-on, ouvre la halle"),
    ],
)
def test_tolerant_reading_forgives_a_careless_copy(piece, segment, words):
    """Case, accents, ligatures, quotation marks and slips are forgiven."""
    assert found(piece, segment=segment, tolerant=True) == [words]


def test_tolerant_reading_prefers_the_exact_place():
    """Of two places the better one is taken."""
    article = Article.of("T\n\nC\n\nLa salle ouvre, puis la halle ferme.")
    span = locate(article, Quote("1a", ("la halle",)), tolerant=True)
    assert article.quote(span) == "la halle"


def test_tolerant_reading_still_needs_the_words():
    """Other words are not taken for retyped ones."""
    assert refused("le gymnase", tolerant=True).places == 0


def test_tolerant_reading_tells_two_places():
    """Two equally good places need an occurrence."""
    assert refused("la halle", tolerant=True).places == 2
    assert found("la halle", occurrence=2, tolerant=True) == ["la halle"]


@given(st.text())
def test_folding_is_blind_to_case_and_accents(word):
    """Folding does not see how accents are stored."""
    assert folded(unicodedata.normalize("NFD", word)) == folded(unicodedata.normalize("NFC", word))
    assert folded(folded(word)) == folded(word)


@given(st.data())
def test_every_run_of_words_can_be_quoted(data):
    """Any run of words is found again where it stands."""
    segment = data.draw(st.sampled_from(ARTICLE.segments))
    inside = sorted(ARTICLE.words_of([segment.range]))
    first, last = sorted(data.draw(st.tuples(*[st.sampled_from(inside)] * 2)))
    piece = ARTICLE.text[ARTICLE.words[first].start : ARTICLE.words[last].end]
    for tolerant in (False, True):
        places = []
        while True:
            quote = Quote(segment.name, (piece,), len(places) + 1)
            try:
                places.append(locate(ARTICLE, quote, tolerant=tolerant)[0].start)
            except NotLocated:
                break
        assert ARTICLE.words[first].start in places
