"""A published article that a reader supplies is recognised, however carelessly it was copied."""

import re
import shutil
import textwrap
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import intake
from kit.article import Article, words
from kit.errors import KitError
from kit.exercise import SPAN_PARTS
from kit.loading import load, read
from kit.messages import in_words
from kit.supplied import fingerprint, in_toml, recognise, tidied
from tests.conftest import HALLE

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "article" / "published-article.txt"
PRESS = ROOT / "exercises" / "openai-bid-press"

# Made up for these tests, as a newspaper's page would give it.
PAGE = """Mercredi 9 octobre

Le tramway de Belrive roulera la nuit, le conseil applaudit

Dès l’automne, la ligne A circulera jusqu’à deux heures du matin.

Le conseil de Belrive a voté mardi 4,5 millions d’euros pour faire rouler le tramway la nuit. \
«_C’est une œuvre collective_», a souri l’adjointe aux transports, Maud Ferrier, devant une salle \
comble. Quelque 40_000 habitants vivent à moins de dix minutes d’un arrêt, d’après l’agence \
d’urbanisme. Le syndicat des conducteurs, lui, réclame vingt-deux embauches avant septembre_: \
«_Sans elles, rien ne roulera._»

La ligne avait ouvert en 2011_; elle s’arrêtait jusqu’ici à vingt-trois heures. Aujourd’hui, un \
voyageur sur dix rentre à pied après un concert, estime une enquête du Journal de Belrive. \
L’opposition redoute une facture plus lourde que prévu_: 79_% des trajets de nuit seraient \
gratuits. Le premier départ est annoncé pour le samedi 19 octobre, sans fanfare ni discours.
""".replace("_", "\u202f")
DATE, BODY = PAGE.split("\n\n", 1)
SENTENCES = re.sub(r"(?<=[.»]) (?=[A-Z«])", "\n", BODY)  # one a line
ARTICLE = Article.of(SENTENCES)
PRINT = fingerprint(ARTICLE)


MENU = "Accueil | Politique | Sport | <b>S’abonner</b>\nLire aussi : la piscine ferme trois mois"


def retyped(text):
    """Some letters in long words are others."""
    for start, _ in [place for place in words(text) if place.end - place.start > 7][3::9]:
        text = f"{text[: start + 3]}z{text[start + 4 :]}"
    return text


def wrapped(text):
    """Lines are cut at 56 signs; the blank lines between paragraphs stay."""
    return "\n\n".join(textwrap.fill(part, 56) for part in text.split("\n\n"))


# What people do to a text, in the order in which it happens to them.
CARELESS = {
    "straight quotes": lambda text: re.sub("«\u202f|\u202f»", '"', text).replace("’", "'"),
    "no-break spaces": lambda text: text.replace("\u202f", "\u00a0"),
    "no date line": lambda text: text.removeprefix(DATE).lstrip(),
    "retyped": retyped,
    "doubled spaces": lambda text: text.replace(" ", "  "),
    "menus around": lambda text: f"{MENU}\n\n{text}\n\nTous droits réservés\n",
    "hard-wrapped": wrapped,
    "accents apart": lambda text: unicodedata.normalize("NFD", text),
    "CR LF": lambda text: text.replace("\n", "\r\n"),
}
some_kinds = st.sets(st.sampled_from(sorted(CARELESS)))


def copied(kinds, text=PAGE):
    for kind, change in CARELESS.items():
        text = change(text) if kind in kinds else text
    return text


EXERCISE = """schema = 1
id = "tram"
lang = "fr"
title = {fr = "Le tram", en = "The tram"}
articles = []
"""
ENTRY = """
[[entry]]
id = "k-%s"
layer = "claim"
label = "fact"
status = "core"
segment = "%s"
quote = "%s … %s"
why = {fr = "…", en = "…"}
hint = {fr = "…", en = "…"}
"""


def key():
    """A key that quotes the first four and the last four words of each sentence."""
    entries = ""
    for segment in ARTICLE.segments:
        text = ARTICLE.text[slice(*segment.range)]
        places = words(text)
        first = text[places[0].start : places[3].end]
        last = text[places[-4].start : places[-1].end]
        entries += ENTRY % (segment.name, segment.name, first, last)
    return f'schema = 1\nexercise = "tram"\n{entries}'


@pytest.fixture(scope="module")
def newsstand(tmp_path_factory):
    """A course with an exercise on the article, which waits for its text."""
    home = tmp_path_factory.mktemp("newsstand")
    folder = home / "exercises" / "tram"
    folder.mkdir(parents=True)
    (home / "notebooks").mkdir()
    (folder / "exercise.toml").write_text(EXERCISE + in_toml(PRINT), "utf-8")
    (folder / "key.toml").write_text(key(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        yield home


def refused(copy, exercise=None):
    with pytest.raises(KitError) as error:
        intake.add(copy, exercise)
    (mistake,) = error.value.mistakes
    assert "{" not in in_words(mistake, "fr") + in_words(mistake, "en")
    return mistake


def test_an_exact_copy():
    """An exact copy is recognised whole, with nothing to mend."""
    found = recognise(SENTENCES, PRINT)
    assert (found.share, found.text, found.differences) == (1.0, ARTICLE.text, 0)


def test_the_page_of_a_newspaper():
    """Running sentences are cut, and the date is left out."""
    found = recognise(PAGE, PRINT)
    assert (found.text, found.around) == (ARTICLE.text, len(words(DATE)))


@pytest.mark.parametrize("kind", CARELESS)
def test_a_careless_copy(kind):
    """Whatever was not retyped comes out as published."""
    found = recognise(copied({kind}), PRINT)
    if kind == "retyped":
        assert found.retyped
        assert 0.8 < found.share < 1
    else:
        assert (found.text, found.share) == (ARTICLE.text, 1.0)


@given(some_kinds)
def test_careless_in_several_ways(newsstand, kinds):
    """In any combination, every quote finds its place."""
    assert intake.add(copied(kinds))[0] == "tram"
    opened = load("tram")
    assert opened.supplied
    for entry, segment in zip(opened.key.entries, opened.article.segments, strict=True):
        place = opened.article.words_of(entry.span)
        assert place == opened.article.words_of([segment.range])
    assert "retyped" in kinds or opened.article.text == ARTICLE.text


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("aeinoz")), max_size=8))
def test_letters_retyped_anywhere(newsstand, slips):
    """Eight slips of the finger do not keep an article out."""
    text = SENTENCES
    long_words = [place for place in words(text) if place.end - place.start > 5]
    for number, letter in slips:
        at = long_words[number % len(long_words)].start + 2
        text = text[:at] + letter + text[at + 1 :]
    intake.add(text)
    assert [entry.id for entry in load("tram").key.entries] == [
        f"k-{segment.name}" for segment in ARTICLE.segments
    ]


def test_adding_again_changes_nothing(newsstand):
    """Adding a copy twice gives the same id and file."""
    kept = newsstand / "exercises" / "tram" / "supplied" / "article.fr.txt"
    assert intake.add(PAGE)[0] == "tram"
    once = kept.read_bytes()
    assert intake.add(PAGE)[0] == intake.add(once.decode())[0] == "tram"
    assert kept.read_bytes() == once


def test_an_unrelated_text(newsstand):
    """A text that no key fits is refused."""
    text = (HALLE / "article.fr.txt").read_text("utf-8")
    assert refused(text).code == "text_unknown"
    assert refused("").code == "text_unknown"


def test_half_of_the_article(newsstand):
    """An incomplete copy is refused with a sentence of its own."""
    mistake = refused(BODY[: len(BODY) // 2])
    assert (mistake.code, mistake.details["exercise"]) == ("text_incomplete", "tram")
    assert 30 < mistake.details["percent"] < 60


@pytest.mark.parametrize("missing", range(len(ARTICLE.segments)))
@pytest.mark.parametrize("kinds", [set(), {"menus around"}], ids=["alone", "with menus"])
def test_a_missing_sentence(newsstand, missing, kinds):
    """A copy without one of its sentences is incomplete."""
    segments = ARTICLE.segments[:missing] + ARTICLE.segments[missing + 1 :]
    copy = "\n\n".join(ARTICLE.text[slice(*segment.range)] for segment in segments)
    assert refused(copied(kinds, copy)).code == "text_incomplete"


def test_words_in_another_order(newsstand):
    """The words alone do not make the article."""
    shuffled = " ".join(sorted(BODY.split()))
    assert refused(shuffled).code == "text_unknown"


def test_only_the_exercise_that_was_asked_for(newsstand):
    """With an id, only that exercise's article counts."""
    assert intake.add(PAGE, "tram")[0] == "tram"
    assert refused(PAGE, "other").code == "text_unknown"


def test_markup_stays_text(newsstand):
    """What looks like a tag is kept, sign for sign."""
    intake.add(PAGE.replace("l’adjointe", "l’<i>adjointe</i>"))
    assert "l’<i>adjointe</i> aux transports" in load("tram").article.text


def test_what_was_bridged_is_told_by_kind(newsstand):
    """The learner reads which exercise has opened and what was mended."""
    _, found = intake.add(copied({"retyped", "straight quotes", "menus around"}))
    said = intake.in_words("tram", found, "fr")
    assert said.startswith("L’exercice tram est ouvert. ")
    assert all(kind in said for kind in ("typographie", "retapé", "autour de l’article"))


def test_available_once_supplied(newsstand):
    """The course knows which texts are on this computer."""
    shutil.rmtree(newsstand / "exercises" / "tram" / "supplied", ignore_errors=True)
    assert intake.available() == []
    intake.add(PAGE)
    assert intake.available() == ["tram"]


def test_the_fingerprint_holds_no_word():
    """From what the course keeps no word can be read."""
    kept = in_toml(PRINT)
    assert not [word for word in re.findall(r"\w{3,}", BODY) if re.search(rf"\b{word}\b", kept)]
    assert sum(len(segment["groups"]) for segment in PRINT) <= len(ARTICLE.words) / 4 + 10


def test_tidied_text_gives_the_same_fingerprint():
    """Careless typing does not change the fingerprint."""
    careless = copied({"straight quotes", "accents apart", "CR LF"}, SENTENCES)
    assert fingerprint(Article.of(tidied(careless))) == PRINT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_as_people_save_them(tmp_path, encoding):
    """UTF-8 with or without its mark, UTF-16 and Windows-1252 are read."""
    text = PAGE.replace("\u202f", "\u00a0")
    path = tmp_path / "article.txt"
    path.write_bytes(text.encode(encoding))
    assert intake.read(path) == text


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"PK\x03\x04", b"{\\rtf1", b"\xff\xfe\x00"])
def test_files_that_are_no_text(tmp_path, start):
    """A PDF or a word processor's file is refused."""
    path = tmp_path / "article"
    path.write_bytes(start)
    with pytest.raises(KitError) as error:
        intake.read(path)
    assert error.value.mistakes[0].code == "text_unreadable"


def test_a_file_that_is_not_there(tmp_path):
    """A path without a file is a mistake, not a crash."""
    with pytest.raises(KitError):
        intake.read(tmp_path / "nothing.txt")


def test_a_folder_that_cannot_be_written(newsstand, monkeypatch):
    """Where the text cannot be kept, the reason is told."""

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert refused(PAGE).code == "cannot_write"


@pytest.fixture
def press(tmp_path, monkeypatch):
    """A course with the exercise on the published article, and that article."""
    if not PUBLISHED.exists():
        pytest.skip("the published article is not on this computer")
    if "[[supplied]]" not in (PRESS / "exercise.toml").read_text("utf-8"):
        pytest.skip("the exercise has no fingerprint yet")
    (tmp_path / "notebooks").mkdir()
    ignored = shutil.ignore_patterns("supplied")
    shutil.copytree(PRESS, tmp_path / "exercises" / PRESS.name, ignore=ignored)
    monkeypatch.chdir(tmp_path)
    return PUBLISHED.read_text("utf-8")


ALONE = [*({kind} for kind in CARELESS), set(), set(CARELESS), {"retyped", "hard-wrapped", "CR LF"}]


@pytest.mark.parametrize("kinds", ALONE, ids=lambda kinds: "+".join(sorted(kinds)) or "as it is")
def test_the_published_article(press, kinds):
    """The published article opens with every quote in its place."""
    assert intake.add(copied(kinds, press))[0] == PRESS.name
    exercise, mistakes = read(Path("exercises", PRESS.name))
    assert not mistakes
    assert all(entry.span for entry in exercise.key.entries)
    for attribution in exercise.key.attributions:
        assert any(attribution.spans[part] for part in SPAN_PARTS)


def test_half_of_the_published_article(press):
    """Half of the published article is told to be half."""
    assert refused(press[: len(press) // 2]).code == "text_incomplete"
