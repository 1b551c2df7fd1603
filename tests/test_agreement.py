"""Separate readings are compared with each other and with the key; every core passage is found."""

import json
import random

import pytest
from nltk.metrics.agreement import AnnotationTask

from kit import cli
from kit import course as courses
from kit.agreement.alpha import nominal_alpha
from kit.agreement.measures import ENOUGH, SAME_PLACE, same_place, targets
from kit.agreement.readings import files, read_all
from kit.agreement.report import as_data, report
from kit.errors import KitError
from kit.loading import load
from kit.messages import in_words
from kit.scoring.spans import sim

# Krippendorff (2011), *Computing Krippendorff's alpha-reliability*, sections A to C.
BINARY = ["0100000010", "1110010000"]
TWO = ["aabbdcccedda", "babbbccceddd"]
FOUR = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]
READ = [path.name for path in courses.exercises() if files(path)]


def units(columns):
    """What several coders said, unit by unit; a star is a missing value."""
    return [[None if value == "*" else value for value in unit] for unit in zip(*columns)]  # noqa: B905


def write(course, name, reading):
    folder = course / "exercises" / "halle" / "readings"
    folder.mkdir(exist_ok=True)
    text = reading if isinstance(reading, str) else json.dumps(reading)
    (folder / f"{name}.json").write_text(text, "utf-8")


def measured(course, *readings):
    """The numbers for *halle* with these readings."""
    for number, reading in enumerate(readings):
        write(course, number, reading)
    return as_data(report([course / "exercises" / "halle"]))["exercises"]["halle"]


@pytest.mark.parametrize(("columns", "alpha"), [(BINARY, 0.095), (TWO, 0.692), (FOUR, 0.743)])
def test_alpha_of_the_examples_in_print(columns, alpha):
    """The examples of Krippendorff's own paper come out as printed."""
    assert round(nominal_alpha(units(columns)), 3) == alpha


def test_alpha_agrees_with_a_kept_library():
    """With and without missing values, alpha is that of NLTK."""
    draw = random.Random(11)
    compared = 0
    for _ in range(300):
        values = "abcd"[: draw.randint(2, 4)] + "*" * draw.randint(0, 2)
        columns = ["".join(draw.choices(values, k=12)) for _ in range(draw.randint(2, 4))]
        ours = nominal_alpha(units(columns))
        triples = [
            (coder, unit, value)
            for coder, column in enumerate(columns)
            for unit, value in enumerate(column)
            if value != "*"
        ]
        if ours is not None:
            assert ours == pytest.approx(AnnotationTask(triples).alpha())
            compared += 1
    assert compared > 200


def test_alpha_where_nothing_varies():
    """Without two values, or without a second reader, there is no alpha."""
    assert nominal_alpha([]) is None
    assert nominal_alpha([("a", "a"), ("a", None)]) is None
    assert nominal_alpha([("a", None), ("b", None)]) is None


@pytest.mark.parametrize("id", READ)
def test_every_core_passage_is_found_by_two_of_three(id):
    """What a key counts was found by two of three readers, under its label or a near one."""
    exercise = load(id)
    readings = read_all(exercise)
    assert len(readings) == 3
    assert [t.id for t in targets(exercise, readings) if t.finders < 2] == []


@pytest.mark.parametrize("id", READ)
def test_nothing_that_two_readers_marked_is_left_out_of_the_key(id):
    """A device that two readers marked in one place is core or debated in the key."""
    exercise = load(id)
    article, readings = exercise.article, read_all(exercise)
    keyed = [
        article.words_of(entry.span)
        for entry in exercise.key.entries
        if entry.layer == "bias" and entry.status != "sound"
    ]
    left_out = [
        mark
        for reading in readings
        for mark in reading.marks
        if mark.layer == "bias"
        and any(
            same_place(article, mark.words, other.words)
            for another in readings
            if another is not reading
            for other in another.marks
            if other.layer == "bias"
        )
        and not any(sim(article, mark.words, words) for words in keyed)
    ]
    assert left_out == []


@pytest.mark.parametrize("id", READ)
def test_every_clause_was_read_by_every_reader(id):
    """A reading classifies each clause that is asked for, and no other."""
    exercise = load(id)
    for reading in read_all(exercise):
        assert set(reading.clauses) == set(exercise.by_clause), reading.name
        assert reading.layers == {"claim", "source", "bias"}


def test_the_rule_is_the_codebooks():
    """Two readers, and half of the words."""
    assert (ENOUGH, SAME_PLACE) == (2, 0.5)


BIAS = [
    {"segment": "T", "quote": "toute la ville", "label": "exaggeration"},
    {"segment": "2a", "quote": "pourrait servir ailleurs", "label": "speculation"},
]


def test_equal_readings_agree_fully(course):
    """Twice the same: F1 and alpha are 1."""
    numbers = measured(course, {"bias": BIAS}, {"bias": BIAS})["bias"]
    assert (numbers["marks"], numbers["f1"], numbers["alpha"]) == (4, 1, 1)


def test_a_mark_of_one_reader_lowers_both(course):
    """One mark of three has no partner: F1 is two thirds, alpha is below 1."""
    numbers = measured(course, {"bias": BIAS}, {"bias": BIAS[:1]})["bias"]
    assert numbers["f1"] == pytest.approx(2 / 3)
    assert 0 < numbers["alpha"] < 1
    assert numbers["labels"]["exaggeration"]["alpha"] == 1
    assert numbers["labels"]["speculation"]["f1"] == 0


def test_another_label_is_no_agreement_of_label(course):
    """The same passage under two labels counts as found where they are near, not as agreement."""
    other = [BIAS[0] | {"label": "loaded_language"}]
    numbers = measured(course, {"bias": BIAS[:1]}, {"bias": other})["bias"]
    assert numbers["f1"] == 0
    exercise = load("halle")
    finders = {each.id: each.finders for each in targets(exercise, read_all(exercise))}
    assert finders["b1"] == 2


def test_a_wide_mark_finds_nothing(course):
    """A whole sentence does not find the three words that the key counts in it."""
    exercise = load("halle")
    words = exercise.article.words_of
    entry = exercise.key.by_id["b1"]
    sentence = exercise.article.segment_at(entry.span[0].start).range
    assert sim(exercise.article, words([sentence]), words(entry.span)) < SAME_PLACE


def test_one_mark_cannot_agree_with_two(course):
    """Two marks on the same passage have one partner between them."""
    numbers = measured(course, {"bias": BIAS[:1]}, {"bias": [BIAS[0], BIAS[0]]})["bias"]
    assert numbers["f1"] == pytest.approx(2 / 3)


def test_a_clause_left_out_is_missing_not_wrong(course):
    """A reader who leaves out a clause takes it out of alpha."""
    some = {"c1": "fact", "c2": "reported", "c3": "fact"}
    numbers = measured(course, {"clauses": some}, {"clauses": {"c1": "fact", "c2": "reported"}})
    assert numbers["claim"]["alpha"] == 1
    assert numbers["claim"]["f1"] == pytest.approx(4 / 5)


def test_a_layer_not_read_is_missing(course):
    """A reading without a layer says nothing about it; an empty one found nothing."""
    absent = measured(course, {"bias": BIAS}, {"bias": BIAS}, {"clauses": {}})
    assert absent["bias"]["alpha"] == 1
    empty = measured(course, {"bias": BIAS}, {"bias": BIAS}, {"bias": []})
    assert empty["bias"]["alpha"] < 1


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        ("{", "reading_unreadable"),
        ("[]", "reading_unreadable"),
        ({"clauses": []}, "reading_unreadable"),
        ({"biais": []}, "unknown_field"),
        ({"bias": {}}, "not_tables"),
        ({"bias": [BIAS[0] | {"quote": "toute la vile"}]}, "quote_missing"),
        ({"bias": [BIAS[0] | {"label": "exageration"}]}, "unknown_label"),
        ({"bias": [BIAS[0] | {"segment": "9z"}]}, "unknown_segment"),
        ({"bias": [BIAS[0] | {"occurrence": "1"}]}, "wrong_occurrence"),
        ({"bias": [{"segment": "1b", "label": "exaggeration"}]}, "missing_field"),
        ({"clauses": {"c99": "fact"}}, "unknown_clause"),
        ({"clauses": {"c1": 3}}, "missing_field"),
        ({"blind": "no"}, "reading_unreadable"),
    ],
)
def test_a_reading_that_cannot_be_read_is_named(course, capsys, reading, code):
    """A slip in a reading names its file and its mend, and ends with exit code 1."""
    write(course, "eva", reading)
    with pytest.raises(KitError) as error:
        report([course / "exercises" / "halle"])
    assert code in {mistake.code for mistake in error.value.mistakes}
    for mistake in error.value.mistakes:
        assert mistake.file == "exercises/halle/readings/eva.json"
        assert "{" not in in_words(mistake, "fr").replace("{}", "")
        assert in_words(mistake, "en")
    assert cli.main(["agreement"]) == 1
    assert "eva.json" in capsys.readouterr().err


def test_an_exercise_without_readings_is_said_to_have_none(course, capsys):
    """No reading is told, not passed over."""
    assert cli.main(["agreement", "halle"]) == 0
    out, err = capsys.readouterr()
    assert "| halle | pas de lecture |" in out
    assert "halle" in err


def test_a_reader_who_knew_is_told_and_not_pooled(course, capsys):
    """Where a reader knew text or key, the report says so and leaves the text out of the whole."""
    write(course, 1, {"bias": BIAS})
    write(course, 2, {"bias": BIAS, "blind": False})
    told = as_data(report([course / "exercises" / "halle"]))
    assert told["not_blind"] == ["halle"]
    assert told["exercises"]["halle"]["bias"]["marks"] == 4
    assert told["all"]["bias"]["marks"] == 0
    assert cli.main(["agreement", "halle"]) == 0
    assert "| halle (texte ou clé connus) |" in capsys.readouterr().out


def test_what_too_few_found_is_listed(course, capsys):
    """A counted passage that the readers missed is named with its words."""
    for number in range(3):
        write(course, number, {"bias": BIAS[1:]})
    assert cli.main(["agreement", "halle"]) == 0
    assert "halle, b1\u202f: «\u202ftoute la ville\u202f»" in capsys.readouterr().err


def test_the_report_for_programs(course, capsys):
    """A program reads the same numbers, unrounded."""
    write(course, 1, {"bias": BIAS})
    assert cli.main(["agreement", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["without"] == []
    assert told["all"]["bias"] == told["exercises"]["halle"]["bias"]
    assert told["all"]["bias"]["f1"] is None, "one reader has nobody to agree with"


def test_an_unknown_exercise_is_told(course, capsys):
    """A name that is none is a mistake, not an exercise without readings."""
    assert cli.main(["agreement", "hale"]) == 1
    assert "halle" in capsys.readouterr().err
