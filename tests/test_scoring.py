"""What an answer is worth: the tables and the promises of the scoring rule."""

from itertools import permutations
from math import fsum
from statistics import fmean

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.ordering import table
from kit.article import Article
from kit.codebook import codebook
from kit.exercise import Entry
from kit.loading import load
from kit.scoring import counted, fold, score, score_task
from kit.scoring.assignment import best_pairs
from kit.scoring.spans import lab, read_span, sim

# Four sentences of ten words each.
PLAIN = Article.of("\n".join(" ".join(["mot"] * 10) + "." for _ in range(4)), standfirst=False)
MODES = ("practice", "exam")


def run(*ends):
    """The words from each first to each last one."""
    return frozenset(word for first, last in ends for word in range(first, last + 1))


def mark(exercise, first, last, label):
    start, end = exercise.article.words[first].start, exercise.article.words[last].end
    return {"label": label, "ranges": [[start, end]]}


def marked(exercise, *marks):
    """Marks on words of the text, with their labels, as a learner would set them."""
    answers = {}
    for number, (text, label) in enumerate(marks):
        start = exercise.article.text.index(text)
        value = {"label": label, "ranges": [[start, start + len(text)]]}
        answers[f"m{number}"] = value
    return answers


def exact(entry, label=None):
    return {"label": label or entry.label, "ranges": [list(range_) for range_ in entry.span]}


def entry_of(layer, label, also=None):
    return Entry("e", layer, "core", (), {}, label, also)


# --- One span against one key span ---------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted", "practice", "exam"),
    [
        (run((0, 3)), run((5, 9)), 0, 0),  # no word in common
        (run((2, 6)), run((2, 6)), 1, 1),  # the same words
        (run((1, 7)), run((2, 6)), 1, 1),  # each end one word off
        (run((3, 5)), run((2, 6)), 1, 1),
        (run((0, 8)), run((2, 6)), 1, 5 / 9),  # each end two words off
        (run((4, 8)), run((2, 6)), 1, 3 / 7),
        (run((0, 6)), run((2, 5)), 4 / 7, 4 / 7),  # a key of four words forgives one
        (run((1, 6)), run((2, 5)), 1, 1),
        (run((0, 4)), run((0, 9)), 0.8, 0.8),  # inside, half of it
        (run((3, 6)), run((0, 9)), 0.4, 0.4),  # inside, less than half
        (run((3, 4)), run((0, 9)), 0, 0),  # too little to count
        (run((0, 9)), run((0, 0)), 0.35, 0.35),  # around, within one sentence
        (run((0, 9)), run((2, 6)), 0.5, 0.5),
        (run((0, 14)), run((0, 4)), 1 / 3, 1 / 3),  # around, beyond the sentence
        (run((0, 19)), run((0, 1)), 0, 0),
        (run((5, 14)), run((0, 9)), 1 / 3, 1 / 3),  # half beside it
        (run((8, 17)), run((0, 9)), 0, 0),
        (run((0, 2), (6, 7)), run((0, 1), (6, 7)), 1, 1),  # range by range
        (run((0, 2), (6, 9)), run((0, 1), (5, 8)), 1, 1),
        (run((0, 7)), run((0, 1), (6, 7)), 0.5, 0.5),  # the gap is not part of it
        (run((0, 1)), run((0, 1), (6, 7)), 0.8, 0.8),
        (run((0, 4), (6, 7)), run((0, 1), (6, 7)), 4 / 7, 4 / 7),
    ],
)
def test_how_well_a_span_meets(given, wanted, practice, exam):
    """Spans are worth what the pedagogy's table says."""
    assert sim(PLAIN, given, wanted, "practice") == pytest.approx(practice)
    assert sim(PLAIN, given, wanted, "exam") == pytest.approx(exam)


@pytest.mark.parametrize(
    ("label", "practice", "exam"),
    [
        ("exaggeration", 1, 1),
        ("speculation", 1, 1),  # the second label
        ("loaded_language", 0.6, 0.6),
        ("misleading_shortcut", 0.6, 0.6),
        ("labelling", 0.2, 0),
    ],
)
def test_what_a_label_is_worth(label, practice, exam):
    """A second label counts whole, a neighbour .6."""
    entry = entry_of("bias", "exaggeration", "speculation")
    assert (lab(entry, label), lab(entry, label, "exam")) == (practice, exam)


spans = st.sets(st.integers(0, 39), min_size=1, max_size=12).map(frozenset)


@given(spans, spans, st.sampled_from(MODES))
def test_a_meeting_lies_between_nothing_and_all(given, wanted, mode):
    """0 where no word is shared, 1 for the same words, never beyond."""
    value = sim(PLAIN, given, wanted, mode)
    assert 0 <= value <= 1
    assert (value == 0) or given & wanted
    assert sim(PLAIN, wanted, wanted, mode) == 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        "x",
        [],
        [[0]],
        [[0, 1, 2]],
        [[5, 3]],
        [[0, True]],
        [[0, 10**6]],
        [[1, 4]] * 51,
        [[3, 4]],
    ],
)
def test_what_is_no_span(value):
    """A span is a list of ranges inside the text that hold a word."""
    assert read_span(PLAIN, value) is None


# --- The best pairing ----------------------------------------------------------------------

credits = st.sampled_from([0.0, 0.0, 0.2, 0.35, 0.48, 0.6, 0.8, 1.0]) | st.floats(0, 1)
matrices = st.tuples(st.integers(0, 5), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.lists(credits, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def best_by_trying(matrix):
    """The largest sum, from all ways to pair."""
    rows, columns = len(matrix), len(matrix[0]) if matrix else 0
    padded = [row + [0.0] * rows for row in matrix]
    return max(
        fsum(padded[row][column] for row, column in enumerate(choice))
        for choice in permutations(range(columns + rows), rows)
    )


@given(matrices)
def test_pairing_is_the_best_there_is(matrix):
    """No other way to pair earns more."""
    pairs = best_pairs(matrix)
    assert fsum(matrix[row][column] for row, column in pairs) == pytest.approx(
        best_by_trying(matrix)
    )
    for side in zip(*pairs, strict=True):
        assert len(set(side)) == len(side)
    assert all(matrix[row][column] > 0 for row, column in pairs)


# --- The promises of section 3.3, on the course's own article ------------------------------

BID = load("openai-bid")
BIAS = BID.task("bias")
CORE = BID.entries(BIAS, "core")
WORDS = {
    entry.id: BID.article.words_of(entry.span) for entry in BID.entries(BIAS, "core", "debated")
}
COUNT = len(BID.article.words)
modes = st.sampled_from(MODES)
labels = st.sampled_from(BIAS.labels)
random_marks = st.builds(
    lambda first, length, label: mark(BID, first, min(first + length, COUNT - 1), label),
    st.integers(0, COUNT - 1),
    st.sampled_from([0, 0, 1, 1, 2, 3, 5, 8, 20]),
    labels,
)
key_marks = st.builds(exact, st.sampled_from(CORE), labels) | st.sampled_from(CORE).map(exact)
answers = st.lists(random_marks | key_marks, max_size=25).map(
    lambda marks: {f"m{number}": each for number, each in enumerate(marks)}
)
promise = settings(max_examples=150)


def value(answers, mode):
    return score_task(BID, BIAS, answers, None, mode).score


def words_of(given):
    return BID.article.words_of(read_span(BID.article, given["ranges"]))


@given(answers, modes)
@promise
def test_a_score_lies_between_nothing_and_all(answers, mode):
    """The score lies in [0, 1]."""
    assert 0 <= value(answers, mode) <= 1


@given(answers, modes, st.randoms(use_true_random=False))
@promise
def test_order_and_names_change_nothing(answers, mode, random):
    """Order of marks and names of ids change nothing."""
    shuffled = list(answers.values())
    random.shuffle(shuffled)
    renamed = {f"z{number}": each for number, each in enumerate(shuffled)}
    assert value(renamed, mode) == value(answers, mode)


@given(answers, st.sampled_from(sorted(WORDS)), modes)
@promise
def test_an_exact_new_passage_never_costs(answers, id, mode):
    """Adding an untouched passage of the key never costs."""
    others = [words for other, words in WORDS.items() if other != id]
    others += [words_of(each) for each in answers.values()]
    assume(all(words.isdisjoint(WORDS[id]) for words in others))
    more = answers | {"new": exact(BID.key.by_id[id])}
    assert value(more, mode) >= value(answers, mode) - 1e-12


@given(answers, random_marks, modes)
@promise
def test_a_false_alarm_never_pays(answers, extra, mode):
    """Adding a mark outside the key never raises the score."""
    assume(all(words.isdisjoint(words_of(extra)) for words in WORDS.values()))
    assert value(answers | {"new": extra}, mode) <= value(answers, mode) + 1e-12


@given(answers, st.sampled_from(CORE), st.data(), modes)
@promise
def test_a_better_end_never_costs(answers, entry, data, mode):
    """Moving an end nearer to its passage never costs."""
    key = sorted(WORDS[entry.id])
    first = data.draw(st.integers(max(key[0] - 6, 0), key[-1]))
    last = data.draw(st.integers(max(first, key[0]), min(key[-1] + 6, COUNT - 1)))
    label = data.draw(labels)
    ends = [first, last]
    side = data.draw(st.sampled_from([0, 1]))
    goal = (key[0], key[-1])[side]
    assume(ends[side] != goal)
    nearer = list(ends)
    nearer[side] += 1 if goal > ends[side] else -1
    for ends_ in (ends, nearer):
        met = [id for id, words in WORDS.items() if words & run(tuple(ends_))]
        assume(met == [entry.id])
    before = value(answers | {"new": mark(BID, *ends, label)}, mode)
    after = value(answers | {"new": mark(BID, *nearer, label)}, mode)
    assert after >= before - 1e-12


# --- The ordering table --------------------------------------------------------------------

# Means measured on a key of the published article: practice, exam.
REFERENCE = {
    "complete key": (1, 1),
    "core only, perfect": (1, 1),
    "core + all debated, any label": (1, 1),
    "core, ends ±1 word": (0.97, 0.97),
    "core + 5 false alarms": (0.95, 0.95),
    "15 core + all debated": (0.83, 0.83),
    "core, ends ±2 words": (0.77, 0.72),
    "core, neighbouring label": (0.68, 0.68),
    "half of the core": (0.65, 0.65),
    "core, one word of each": (0.61, 0.60),
    "half of the core + 5 false alarms": (0.61, 0.61),
    "core, random label": (0.44, 0.28),
    "whole sentences": (0.22, 0.22),
    "30 random spans": (0.08, 0.05),
    "everything, one label": (0.07, 0.06),
    "everything, every label": (0.07, 0.07),
    "every word on its own": (0.03, 0.03),
    "debated passages only": (0, 0),
    "nothing": (0, 0),
}
BOUNDS = {
    "complete key": (1, 1),
    "core only, perfect": (1, 1),
    "core + all debated, any label": (1, 1),
    "core, ends ±1 word": (0.90, 1),
    "core + 5 false alarms": (0.90, 1),
    "core, neighbouring label": (0.55, 0.80),
    "half of the core": (0.55, 0.75),
    "core, random label": (0, 0.60),
    "whole sentences": (0, 0.35),
    "30 random spans": (0, 0.20),
    "everything, one label": (0, 0.12),
    "everything, every label": (0, 0.12),
    "every word on its own": (0, 0.12),
    "debated passages only": (0, 0),
    "nothing": (0, 0),
}


@pytest.fixture(scope="module")
def means():
    """Mean score of each behaviour on the course's own article, by mode."""
    rows = table(draws=20)
    return {mode: {name: fmean(row[mode]) for name, row in rows.items()} for mode in MODES}


def test_the_table_knows_every_behaviour(means):
    """Each row of the pedagogy's table is simulated, and no other."""
    assert set(means["practice"]) == set(REFERENCE)


@pytest.mark.parametrize("mode", MODES)
def test_better_work_earns_more(means, mode):
    """Rows that lie more than .1 apart in the reference keep their order."""
    column = MODES.index(mode)
    wrong = [
        (better, worse)
        for better, high in REFERENCE.items()
        for worse, low in REFERENCE.items()
        if high[column] - low[column] > 0.1 and means[mode][better] <= means[mode][worse]
    ]
    assert not wrong


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("behaviour", BOUNDS)
def test_bounds_of_a_behaviour(means, mode, behaviour):
    """Careful work is paid, blind work is not."""
    low, high = BOUNDS[behaviour]
    assert low <= means[mode][behaviour] <= high


# --- A sound text, and too much ------------------------------------------------------------


@pytest.mark.parametrize(("marks", "expected"), [(0, 1.0), (1, 0.75), (2, 0.5), (4, 0.0), (5, 0.0)])
def test_a_sound_text(halle, marks, expected):
    """In a sound text the right answer is no mark."""
    words = sorted(halle.article.words_of([halle.article.paragraphs["C"]]))
    answers = {f"m{word}": mark(halle, word, word, "speculation") for word in words[:marks]}
    result = score_task(halle, halle.task("bias"), answers, {"C"})
    over = marks / len(words)  # nothing of this paragraph is in the key
    assert result.score == pytest.approx(expected * (1 - 0.6 * over))
    assert result.blank == (marks == 0)


@pytest.mark.parametrize("task", ["bias", "sources"])
def test_more_than_500_marks_are_refused(halle, task):
    """More than 500 marks are refused, not scored."""
    value = {"label": "speculation", "ranges": [[0, 3]], "source": [[0, 3]]}
    answers = {f"m{number}": value for number in range(501)}
    result = score_task(halle, halle.task(task), answers)
    assert (result.score, result.refused) == (None, "too_many")
    del answers["m0"]
    assert score_task(halle, halle.task(task), answers).refused is None


# --- What is said of a mark ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "kinds"),
    [
        ([("toute la ville", "exaggeration")], "exact"),
        ([("toute la ville exulte", "exaggeration")], "close"),
        ([("la ville", "exaggeration")], "close"),
        ([("rouvre sa halle : toute la ville exulte", "exaggeration")], "too_wide"),
        ([("ville exulte", "exaggeration")], "shifted"),
        ([("un gouffre", "loaded_language")], "too_short"),
        ([("toute la ville", "loaded_language")], "near_label"),
        ([("toute la ville", "labelling")], "other_label"),
        ([("pourrait servir ailleurs", "speculation")], "debated"),
        ([("le samedi 4 mai 2024", "labelling")], "sound"),
        ([("deux ans de travaux", "labelling")], "extra"),
        ([("toute la ville", "exaggeration")] * 2, "exact twice"),
        ([("toute la ville", "labelling"), ("toute la ville", "exaggeration")], "exact twice"),
    ],
)
def test_what_is_said_of_a_mark(halle, marks, kinds):
    """Each way to mark a passage has an outcome of its own."""
    marks = [(text.replace(" :", "\u202f:"), label) for text, label in marks]
    result = score_task(halle, halle.task("bias"), marked(halle, *marks))
    said = [outcome.kind for outcome in result.outcomes if outcome.item]
    assert " ".join(sorted(said)) == kinds


def test_what_was_not_marked_is_missed(halle):
    """Core passages are missed, debated and sound ones never."""
    result = score_task(halle, halle.task("bias"), {})
    assert [outcome.entry for outcome in result.outcomes] == ["b1", "b2", "b3", "b4"]
    assert result.count("missed") == 4
    assert (result.blank, result.score) == (True, 0)


def test_everything_marked_is_told(halle):
    """Marking it all is told first."""
    answers = marked(
        halle, *((segment_text(halle, s), "speculation") for s in halle.article.segments)
    )
    assert score_task(halle, halle.task("bias"), answers).outcomes[0].kind == "everything"


def segment_text(exercise, segment):
    return exercise.article.text[slice(*segment.range)]


def test_a_passage_in_two_pieces(halle):
    """A span of two ranges is marked as two ranges."""
    (entry,) = [entry for entry in halle.key.entries if entry.id == "b2"]
    result = score_task(halle, halle.task("bias"), {"m": exact(entry)}, {"1"})
    assert (result.score, result.outcomes[0].kind) == (1.0, "exact")


def test_a_task_sets_aside_what_it_does_not_ask_for(halle):
    """A label that is not asked for neither costs nor earns."""
    words = halle.task("words")
    both = {each.id: exact(each) for each in halle.entries(words, "core")}
    assert score_task(halle, words, both).score == 1.0
    with_debated = both | marked(halle, ("pourrait servir ailleurs", "loaded_language"))
    assert score_task(halle, words, with_debated).score == 1.0


def test_only_the_paragraphs_of_the_try_count(halle):
    """A check of one paragraph knows nothing of the others."""
    answers = marked(halle, ("toute la ville", "exaggeration"))
    assert score_task(halle, halle.task("bias"), answers, {"T"}).score == 1.0
    assert score_task(halle, halle.task("bias"), answers, {"2"}).blank


# --- Clauses -------------------------------------------------------------------------------

RIGHT = {"c1": "fact", "c2": "reported", "c3": "interpretation", "c4": "prediction"}


@pytest.mark.parametrize(
    ("change", "kind", "credit"),
    [
        ({}, "exact", 1.0),
        ({"c1": "interpretation"}, "near_label", 0.6),
        ({"c1": "opinion"}, "other_label", 0.0),
        ({"c4": "fact"}, "debated", 1.0),
        ({"c1": None}, "missed", 0.0),
    ],
)
def test_clauses_are_worth_their_mean(halle, change, kind, credit):
    """A clause is worth 1, .6 for a neighbour, or nothing."""
    answers = {clause: label for clause, label in (RIGHT | change).items() if label}
    result = score_task(halle, halle.task("claims"), answers)
    assert result.score == pytest.approx((3 + credit) / 4)
    assert kind in {outcome.kind for outcome in result.outcomes}


def test_no_clause_answered_is_blank(halle):
    """A task that was not begun is not a task done badly."""
    result = score_task(halle, halle.task("claims"), {})
    assert (result.blank, result.score) == (True, 0.0)


# --- Attributions --------------------------------------------------------------------------


def attributed(attribution, **change):
    """An attribution as the key has it, with changes."""
    spans = {part: [list(r) for r in span] for part, span in attribution.spans.items() if span}
    value = spans | attribution.properties | change
    return {name: each for name, each in value.items() if each is not None}


@pytest.fixture
def sources(halle):
    """The right answers to the task on sources, by the ids of the key."""
    return {each.id: attributed(each) for each in halle.attributions(halle.task("sources"), "core")}


def test_all_attributions_right(halle, sources):
    """Whoever attributes as the key does earns everything."""
    result = score_task(halle, halle.task("sources"), sources)
    assert result.score == pytest.approx(1.0)
    assert {outcome.kind for outcome in result.outcomes} == {"exact"}


@pytest.mark.parametrize(
    ("part", "worth"),
    [("source", 0.35), ("content", 0.30), ("cue", 0.15)]
    + [(property, 0.04) for property in codebook().properties],
)
def test_what_a_part_is_worth(halle, sources, part, worth):
    """Each part of an attribution has its weight."""
    del sources["a1"][part]
    result = score_task(halle, halle.task("sources"), sources)
    assert result.score == pytest.approx(1 - worth / 4)
    (told,) = [outcome for outcome in result.outcomes if outcome.kind != "exact"]
    assert (told.entry, told.part) == ("a1", part)
    assert told.kind == ("other_label" if worth == 0.04 else "incomplete")


def test_an_extra_attribution_counts_as_an_empty_one(halle, sources):
    """An extra attribution counts as an empty one."""
    start = halle.article.text.index("Après la fête")
    sources["x"] = {"source": [[start, start + 5]]}
    result = score_task(halle, halle.task("sources"), sources)
    assert result.score == pytest.approx(4 / 5)
    assert result.count("extra") == 1


def test_a_debated_attribution_neither_costs_nor_earns(halle, sources):
    """What is discussed is set aside."""
    (debated,) = halle.attributions(halle.task("sources"), "debated")
    result = score_task(halle, halle.task("sources"), sources | {"x": attributed(debated)})
    assert result.score == pytest.approx(1.0)
    assert result.count("debated") == 1


def test_words_without_a_source(halle, sources):
    """Where nobody is named, a marked source is one too many."""
    a4 = sources["a4"]
    sources["a4"] = a4 | {"source": a4["cue"]}
    result = score_task(halle, halle.task("sources"), sources)
    assert result.score == pytest.approx(1 - 0.35 / 4)
    assert [o.kind for o in result.outcomes if o.entry == "a4"] == ["incomplete"]


def test_each_attribution_meets_its_best(halle, sources):
    """The order in which attributions were made changes nothing."""
    turned = dict(reversed(sources.items()))
    assert score_task(halle, halle.task("sources"), turned).score == pytest.approx(1.0)


# --- Which try counts ----------------------------------------------------------------------


def acted(exercise, *actions):
    opening = {"do": "open", "exercise": exercise.id, "article": exercise.article.sha256}
    log = [opening, *({"task": "claims"} | each for each in actions)]
    return fold(exercise, [{"id": str(at)} | each for at, each in enumerate(log)]).response


SET = {"do": "set", "item": "c1"}


def test_practice_counts_the_check_before_the_model_answer(halle):
    """Answers given after the solution do not count."""
    response = acted(
        halle,
        SET | {"value": "opinion"},
        {"do": "check", "paragraphs": ["1"]},
        {"do": "model", "paragraphs": ["1"]},
        SET | {"value": "fact"},
        {"do": "set", "item": "c3", "value": "interpretation"},
    )
    task = halle.task("claims")
    assert counted(halle, task, response.task("claims")) == {
        "c1": "opinion",
        "c3": "interpretation",
    }
    assert score(halle, response)[0].score == pytest.approx(1 / 4)
    assert score(halle, response, "exam")[0].score == pytest.approx(2 / 4)


def test_all_tasks_are_scored(halle):
    """A response to nothing has a blank result for each task."""
    results = score(halle, acted(halle))
    assert [result.task for result in results] == list(halle.by_task)
    assert all(result.blank for result in results)
