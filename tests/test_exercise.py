"""An exercise is read whole, or refused with all its mistakes, each with its mend."""

import json
import re
import shutil
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import cli
from kit import course as courses
from kit.errors import KitError
from kit.loading import ArticleAbsent, load, read
from kit.messages import in_words
from tests.conftest import HALLE
from tests.test_items import ITEM_SLIPS

EXERCISE, KEY, ARTICLE = "exercise.toml", "key.toml", "article.fr.txt"

# code: (file, what stands in it, what a bad file has instead)
SLIPS = {
    "not_toml": (KEY, 'exercise = "halle"', 'exercise = "halle'),
    "newer_schema": (EXERCISE, "schema = 1", "schema = 2"),
    "missing_field": (
        KEY,
        'hint.fr = "Qui parle du toit\u202f?"\nhint.en = "Who speaks of the roof?"\n',
        "",
    ),
    "missing_translation": (EXERCISE, 'title.en = "The market hall of Valmont"\n', ""),
    "too_long": (KEY, "La maire parle, et le texte la nomme.", "Trop de mots. " * 9),
    "wrong_id": (EXERCISE, 'id = "halle"', 'id = "la-halle"'),
    "wrong_sha256": (ARTICLE, "rouvre sa halle", "rouvre la halle"),
    "article_unreadable": (EXERCISE, '["article.fr.txt"]', '["article.txt"]'),
    "unknown_field": (EXERCISE, "attempts = 2", "atempts = 2"),
    "unknown_kind": (EXERCISE, 'kind = "classify"', 'kind = "clasify"'),
    "unknown_layer": (KEY, 'id = "b1"\nlayer = "bias"', 'id = "b1"\nlayer = "biais"'),
    "unknown_label": (KEY, 'label = "speculation"', 'label = "fact"'),
    "unknown_value": (KEY, 'kind = "collective"', 'kind = "crowd"'),
    "unknown_status": (KEY, 'id = "a5"\nstatus = "debated"', 'id = "a5"\nstatus = "sound"'),
    "unknown_segment": (EXERCISE, 'segment = "2b"', 'segment = "3b"'),
    "unknown_clause": (KEY, 'clause = "c3"', 'clause = "c9"'),
    "clause_unanswered": (KEY, 'clause = "c3"', 'clause = "c2"'),
    "clauses_overlap": (EXERCISE, '2d"\nquote = "la fête durera', '2b"\nquote = "bouder Valmont'),
    "duplicate_id": (KEY, 'id = "b2"', 'id = "a1"'),
    "layer_of_kind": (EXERCISE, 'layer = "claim"', 'layer = "bias"'),
    "wrong_attempts": (EXERCISE, "attempts = 2", "attempts = 0"),
    "wrong_segments": (EXERCISE, 'segments = ["T", "1d"]', 'segments = ["1d"]'),
    "wrong_occurrence": (KEY, "occurrence = 2", "occurrence = 3"),
    "quote_missing": (KEY, "toute la ville", "toute la vile"),
    "quote_ambiguous": (KEY, "occurrence = 2\n", ""),
}


def spoil(folder, file, given, instead):
    """Put a slip into a file of an exercise."""
    path = folder / file
    text = path.read_text("utf-8")
    assert given in text, f"{given!r} is not in {file}"
    path.write_text(text.replace(given, instead, 1), "utf-8")


def found(folder):
    return read(folder)[1]


@pytest.fixture
def folder(course):
    """The folder of *halle* in a course of its own, to be spoilt."""
    return course / "exercises" / "halle"


def test_a_good_exercise_has_no_mistakes(folder):
    """What is written well is read without a word."""
    exercise, mistakes = read(folder)
    assert not mistakes
    assert [task.id for task in exercise.tasks] == ["claims", "sources", "bias", "words"]
    assert len(exercise.key.attributions) == 5


@pytest.mark.parametrize("code", SLIPS)
def test_a_slip_is_named_with_its_mend(folder, code):
    """A mistake names its file and its mend, in both languages."""
    spoil(folder, *SLIPS[code])
    exercise, mistakes = read(folder)
    assert exercise is None
    assert code in {mistake.code for mistake in mistakes}
    for mistake in mistakes:
        assert mistake.file in (f"exercises/halle/{EXERCISE}", f"exercises/halle/{KEY}")
        french, english = in_words(mistake, "fr"), in_words(mistake, "en")
        assert re.findall(r"\n  (\w+) +\S", french) == ["trouvé", "attendu", "remède"]
        assert re.findall(r"\n  (\w+) +\S", english) == ["found", "expected", "mend"]
        assert not re.search(r"\{\w+\}|None", french + english)


@pytest.mark.parametrize(
    ("code", "spoilt"),
    [
        ("file_missing", lambda folder: (folder / KEY).unlink()),
        ("not_tables", lambda folder: (folder / KEY).write_text("schema = 1\nentry = 3")),
        ("no_sources", lambda folder: (folder / "sources.md").unlink()),
        ("article_empty", lambda folder: (folder / ARTICLE).write_text("…\n")),
        ("article_unreadable", lambda folder: (folder / ARTICLE).write_bytes(b"\xff\xfe\x00")),
        ("exercise_missing", lambda folder: shutil.rmtree(folder)),
    ],
)
def test_a_file_that_is_not_there(folder, code, spoilt):
    """A missing or unreadable file is a mistake in words."""
    spoilt(folder)
    mistake = next(mistake for mistake in found(folder) if mistake.code == code)
    assert "{" not in in_words(mistake, "fr") + in_words(mistake, "en")


def test_every_mistake_of_a_file_has_been_provoked():
    """The tests above know every code that reading can raise."""
    catalogue = tomllib.loads(
        (HALLE.parents[1] / "kit" / "messages" / "fr" / "mistake.toml").read_text("utf-8")
    )
    elsewhere = {"cannot_write", "lab_missing", "notebook_missing"}
    elsewhere |= {code for code in catalogue if code.startswith("text_")}
    without_slip = {"file_missing", "not_tables", "no_sources", "article_empty", "exercise_missing"}
    without_slip |= {"packed_damaged"}  # in tests/test_release_bundle.py
    codes = {code for code, words in catalogue.items() if isinstance(words, dict)}
    source = source_of("loading", "reading", "page")
    reading = {code for code in codes - elsewhere if code in source}
    assert reading - set(SLIPS) - set(ITEM_SLIPS) - without_slip == {"article_absent"}


def source_of(*rooms):
    return " ".join((HALLE.parents[1] / "kit" / f"{room}.py").read_text("utf-8") for room in rooms)


def test_entry_and_words_of_a_mistake(folder):
    """A slip in a quote names its entry and the nearest words."""
    spoil(folder, *SLIPS["quote_missing"])
    (mistake,) = found(folder)
    assert (mistake.file, mistake.entry) == ("exercises/halle/key.toml", "b1")
    assert mistake.details["quote"] == "toute la vile"
    assert mistake.details["nearest"] == "toute la ville"


def test_a_slip_in_a_name_is_answered_with_the_near_one(folder):
    """A mistyped label is answered with the near one."""
    spoil(folder, KEY, 'label = "speculation"', 'label = "speculatoin"')
    (mistake,) = found(folder)
    assert mistake.details["near"] == "speculation"


def test_all_mistakes_at_once(folder):
    """One reading names every slip of both files."""
    slips = {"unknown_kind", "unknown_status", "quote_missing", "too_long", "wrong_attempts"}
    for code in slips:
        spoil(folder, *SLIPS[code])
    assert slips <= {mistake.code for mistake in found(folder)}


def test_loading_stops_with_all_mistakes(folder):
    """Loading a spoilt exercise raises them together."""
    spoil(folder, *SLIPS["quote_missing"])
    spoil(folder, *SLIPS["unknown_kind"])
    with pytest.raises(KitError) as error:
        load("halle")
    assert len(error.value.mistakes) == 2


def test_an_unknown_exercise_is_told_the_known_ones(course):
    """An unknown name is answered with the known ones."""
    with pytest.raises(KitError) as error:
        load("hale")
    assert error.value.mistakes[0].details["known"] == "halle"


def test_a_newer_file_is_refused_alone(folder):
    """A file of a later kit is refused in one sentence."""
    spoil(folder, EXERCISE, "schema = 1", "schema = 99")
    spoil(folder, *SLIPS["unknown_kind"])
    assert [mistake.code for mistake in found(folder)] == ["newer_schema"]


def test_an_absent_text_is_a_notice(folder):
    """Waiting for a supplied text is no mistake."""
    spoil(folder, EXERCISE, '["article.fr.txt"]', "[]")
    table = '\n[[supplied]]\nname = "T"\nwords = 4\ngroups = ["00000000"]\n'
    spoil(folder, EXERCISE, 'durera"', 'durera"' + table)
    exercise, mistakes = read(folder)
    assert exercise is None
    assert [(mistake.code, mistake.notice) for mistake in mistakes] == [("article_absent", True)]
    with pytest.raises(ArticleAbsent):
        load("halle")


def test_without_the_key(course):
    """The key can be left out."""
    assert load("halle", key=False).key is None


def test_a_key_kept_elsewhere(course, tmp_path):
    """The key may come from a folder of the instructor's."""
    kept = tmp_path / "cles" / "halle"
    kept.mkdir(parents=True)
    (course / "exercises" / "halle" / KEY).rename(kept / KEY)
    assert load("halle", key=tmp_path / "cles").key is not None


def test_key_and_exercise_have_versions(folder):
    """A version changes with every sign of its file."""
    before, _ = read(folder)
    spoil(folder, KEY, "# What", "# what")
    after, _ = read(folder)
    assert before.key.version != after.key.version
    assert before.version == after.version


def test_a_task_asks_for_its_labels_and_paragraphs(halle):
    """A task knows only the entries it asks for."""
    task = halle.task("words")
    assert task.paragraphs == ("T", "C", "1")
    assert [entry.id for entry in halle.entries(task, "core", "debated")] == ["b1", "b2"]
    assert [entry.id for entry in halle.entries(halle.task("bias"), "sound")] == ["s1", "s2"]


def test_things_of_a_key_by_their_ids(halle):
    """Entries and attributions share one set of ids."""
    key = halle.key
    assert len(key.by_id) == len(key.entries) + len(key.attributions)
    assert key.by_id["a1"] is key.attributions[0]


def test_check_is_quiet_about_a_good_course(course, capsys):
    """Nothing wrong means exit code 0 and one line."""
    assert cli.main(["check"]) == 0
    assert capsys.readouterr().err.strip() == "1 exercice lu, erreurs\u202f: 0"


def test_check_lists_the_mends(folder, capsys):
    """Something wrong: exit code 1, and every mend on stderr."""
    spoil(folder, *SLIPS["quote_missing"])
    spoil(folder, *SLIPS["unknown_kind"])
    assert cli.main(["check", "halle"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.count("remède") == 2


def test_check_in_json(folder, capsys):
    """A program reads the same mistakes on stdout."""
    spoil(folder, *SLIPS["quote_missing"])
    assert cli.main(["check", "--json"]) == 1
    (mistake,) = json.loads(capsys.readouterr().out)
    assert (mistake["code"], mistake["entry"]) == ("quote_missing", "b1")


def test_check_of_an_unknown_exercise(course, capsys):
    """A name that is none is a mistake, not a crash."""
    assert cli.main(["check", "hale"]) == 1
    assert "halle" in capsys.readouterr().err


def test_the_exercises_of_the_course_are_sound():
    """Every exercise of the course is read without a mistake."""
    for path in courses.exercises():
        assert [each for each in read(path)[1] if not each.notice] == []


def toml(value):
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def places(value, path=()):
    """Every place in a table, as the keys that lead to it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in items:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from places(below, (*path, key))


TABLES = [(name, tomllib.loads((HALLE / name).read_text("utf-8"))) for name in (EXERCISE, KEY)]
SUPPLIED = [{"name": "T", "words": 4, "groups": ["00000000"]}]
TABLES.append((EXERCISE, TABLES[0][1] | {"articles": [], "supplied": SUPPLIED}))
anything = st.recursive(
    st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "core", "T", "1a", "c1", "x"]),
    lambda below: (
        st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("ab"), below, max_size=1)
    ),
    max_leaves=3,
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    target = tmp_path_factory.mktemp("any") / "halle"
    shutil.copytree(HALLE, target)
    return target


@given(st.data())
@settings(max_examples=200)
def test_no_value_makes_reading_crash(scratch, data):
    """Whatever stands in a field is read or told."""
    name, given = data.draw(st.sampled_from(TABLES))
    place = data.draw(st.sampled_from(list(places(given))))
    table = json.loads(json.dumps(given))
    below = table
    for key in place[:-1]:
        below = below[key]
    below[place[-1]] = data.draw(anything)
    for each in (EXERCISE, KEY):
        shutil.copy(HALLE / each, scratch / each)
    lines = [f"{json.dumps(key)} = {toml(value)}" for key, value in table.items()]
    (scratch / name).write_text("\n".join(lines), "utf-8")
    exercise, mistakes = read(scratch)
    assert (exercise is None) == bool(mistakes)
    for mistake in mistakes:
        in_words(mistake, "fr")
