"""An article is text, segments and words; every place in it is counted in code points."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kit.article import Article, Range, clean, words

TEXT = """La halle rouvre

Enfin un toit.

Une première phrase. C’est court.
Une seconde.

Un autre paragraphe.
"""

# Signs that upset counting: accents apart, two UTF-16 units, joined emoji, all kinds of blanks.
SIGNS = "\ufeffaéL9 .,’'-\n\r\t«»\u202f\u00a0\u0301\u200d👩🏫œ𝒳ﬁ"
texts = st.text(alphabet=SIGNS, max_size=60) | st.text(max_size=40)


def cut(text):
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’élève d’Aix", ["l’", "élève", "d’", "Aix"]),
        ("L'offre qu'il fait", ["L'", "offre", "qu'", "il", "fait"]),
        ("jusqu’à lorsqu’on puisqu’elle", ["jusqu’", "à", "lorsqu’", "on", "puisqu’", "elle"]),
        ("aujourd’hui, Aujourd'hui", ["aujourd’hui", "Aujourd'hui"]),
        ("quelqu’un", ["quelqu’un"]),
        ("9,74 milliards et 97.4", ["9,74", "milliards", "et", "97.4"]),
        ("Fin 2022. 54 pages, 3", ["Fin", "2022", "54", "pages", "3"]),
        ("dix-neuf porte\u2011clés", ["dix-neuf", "porte\u2011clés"]),
        ("1989-2024 - non", ["1989-2024", "non"]),
        ("40\u202f000 euros, 79\u202f%", ["40", "000", "euros", "79"]),
        ("«\u202fOui\u202f», dit-elle\u202f!", ["Oui", "dit-elle"]),
        ('“Non” "oui" ‘si’ (peut-être)…', ["Non", "oui", "si", "peut-être"]),
        ("une 👩\u200d🏫 parle", ["une", "parle"]),
        ("e\u0301te\u0301 x\u0302y", ["e\u0301te\u0301", "x\u0302y"]),
        ("l’ et d’ seuls", ["l", "et", "d", "seuls"]),
        ("", []),
    ],
)
def test_words(text, expected):
    """A word is a run of letters and digits."""
    assert cut(text) == expected


def test_elided_form_before_a_quotation_mark_stands_alone():
    """An apostrophe before a quotation mark belongs to no word."""
    assert cut("d’«\u202fescroc\u202f»") == ["d", "escroc"]


def test_line_ends_do_not_matter():
    """CR LF, CR and LF give the same text."""
    assert clean("a\r\nb\rc\nd") == "a\nb\nc\nd"


def test_byte_order_mark_and_blanks_at_line_ends_go():
    """What editors leave behind is no part of the text."""
    assert clean("\ufeff un \n\n\n\n deux\t\n\n") == "un\n\ndeux"


def test_segments_are_named_by_paragraph_and_sentence():
    """Title, standfirst and sentences have the names T, C, 1a, 1b."""
    article = Article.of(TEXT)
    assert [segment.name for segment in article.segments] == ["T", "C", "1a", "1b", "2a"]
    assert [segment.paragraph for segment in article.segments] == ["T", "C", "1", "1", "2"]


def test_text_without_standfirst():
    """Without a standfirst the body begins at once."""
    article = Article.of("Titre\n\nUne.\nDeux.", standfirst=False)
    assert list(article.by_name) == ["T", "1a", "1b"]


def test_long_standfirst_is_cut_like_a_paragraph():
    """Two sentences of a standfirst are Ca and Cb."""
    assert list(Article.of("Titre\n\nUn.\nDeux.\n\nTrois.").by_name) == ["T", "Ca", "Cb", "1a"]


def test_sentences_are_counted_beyond_z():
    """After sentence z come aa and ab."""
    article = Article.of("T\n\nC\n\n" + "\n".join("Oui." for _ in range(28)))
    assert list(article.by_name)[-3:] == ["1z", "1aa", "1ab"]


def test_several_articles_share_one_count():
    """Two texts are named A. and B. and counted through."""
    article = Article.of("Un\n\nChapô un.", "Deux\n\nChapô deux.\n\nFin.")
    assert list(article.by_name) == ["A.T", "A.C", "B.T", "B.C", "B.1a"]
    assert list(article.paragraphs) == ["A.T", "A.C", "B.T", "B.C", "B.1"]
    assert article.text[slice(*article.by_name["B.C"].range)] == "Chapô deux."


def test_fingerprint_sees_the_words_and_not_the_way_they_were_saved():
    """Another letter changes the fingerprint, another way of saving does not."""
    saved_elsewhere = unicodedata.normalize("NFD", TEXT).replace("\n", "\r\n")
    assert Article.of(saved_elsewhere).sha256 == Article.of(TEXT).sha256
    assert Article.of(TEXT.replace("seconde", "Seconde")).sha256 != Article.of(TEXT).sha256


def test_offsets_count_code_points():
    """A sign of two UTF-16 units counts one."""
    article = Article.of("𝒳 👩\u200d🏫 été")
    assert article.words[-1] == Range(6, 9)


def test_quote_joins_pieces():
    """Pieces are joined by an ellipsis, on one line."""
    article = Article.of(TEXT)
    assert article.quote([Range(0, 2), Range(9, 15)]) == "La … rouvre"
    start = article.by_name["1a"].range.start
    assert "\n" not in article.quote([Range(start, start + 40)])


def test_a_place_between_two_segments_belongs_to_the_one_before():
    """Line ends belong to the sentence they end."""
    article = Article.of(TEXT)
    assert article.segment_at(article.by_name["1b"].range.start - 1).name == "1a"
    assert article.segment_at(0).name == "T"


@given(texts)
@example("\n\ufeff\ufeffa")  # files joined by hand keep the mark of each
def test_cleaning_twice_changes_nothing(text):
    """A cleaned text is clean, and in NFC."""
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(texts)
def test_words_lie_in_order_and_apart(text):
    """Words never overlap, and none is empty."""
    places = words(text)
    assert all(one.end <= other.start for one, other in pairwise(places))
    assert all(any(sign.isalnum() for sign in text[slice(*place)]) for place in places)


@given(texts)
def test_no_letter_is_outside_the_words(text):
    """What lies between the words is neither letter nor digit."""
    inside = {at for start, end in words(text) for at in range(start, end)}
    assert not [sign for at, sign in enumerate(text) if at not in inside and sign.isalnum()]


@given(st.lists(texts, min_size=1, max_size=3))
def test_segments_are_the_lines_of_the_text(parts):
    """Segments are the lines that hold something."""
    article = Article.of(*parts)
    lines = [article.text[slice(*segment.range)] for segment in article.segments]
    assert [line for line in lines if line] == [line for line in article.text.split("\n") if line]
    assert all("\n" not in line for line in lines)


@given(texts, texts)
def test_words_of_a_joined_text_are_those_of_its_parts(one, other):
    """A line end between two texts keeps their words apart."""
    assert cut(clean(one) + "\n" + clean(other)) == cut(clean(one)) + cut(clean(other))


@given(texts, st.data())
def test_words_of_a_span(text, data):
    """A span holds the words it shares a character with."""
    article = Article.of(text)
    ends = st.lists(st.integers(0, len(article.text)), min_size=2, max_size=2, unique=True)
    span = [Range(*sorted(data.draw(ends))) for _ in range(2 if article.text else 0)]
    naive = {
        number
        for number, word in enumerate(article.words)
        if any(max(start, word.start) < min(end, word.end) for start, end in span)
    }
    assert article.words_of(span) == naive


@given(texts)
def test_paragraphs_hold_their_segments(text):
    """A paragraph reaches from its first segment to its last."""
    article = Article.of(text)
    for segment in article.segments:
        start, end = article.paragraphs[segment.paragraph]
        assert start <= segment.range.start <= segment.range.end <= end
