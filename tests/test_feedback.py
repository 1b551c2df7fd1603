"""Every outcome has a sentence: short, about the text, in the language and the tone asked for."""

import re
from dataclasses import replace
from functools import cache
from itertools import permutations, product
from typing import get_args

import pytest

from kit import feedback
from kit.article import words
from kit.codebook import codebook
from kit.course import exercises
from kit.errors import KitError
from kit.exercise import SPAN_PARTS, Answer, Entry
from kit.loading import load, read
from kit.scoring import LISTS, score_task
from kit.scoring import verdict as verdicts
from kit.scoring.outcome import Kind
from kit.simulation import right, wrong
from tests.conftest import FOIRE, HALLE
from tests.french import slips

MOST_WORDS = 40
VOICES = {"tu": ("fr", ""), "vous": ("fr", "vous"), "you": ("en", "")}
NEVER = {
    "fr": r"!|\b(mensonges?|menteu[rs]e?s?|idiote?s?|stupides?|nulle?s?(?! part)|bravo)\b",
    "en": r"!|\b(liars?|lying|idiots?|stupid|dumb)\b",
}
WRONG_TONE = {
    "tu": r"\b([Vv]ous|[Vv]otre|[Vv]os)\b",
    "vous": r"\b([Tt]u|[Tt]a|[Tt]es|[Tt]oi)\b",
    "you": r"\b([Tt]u|[Vv]ous)\b",
}


def loaded():
    """The tests' own exercise, and those of the course whose text is here."""
    yield read(HALLE)[0]
    yield read(FOIRE)[0]
    for folder in exercises():
        try:
            yield load(folder.name)
        except KitError:
            pass  # told by test_exercise


TASKS = [
    pytest.param(exercise, task, id=f"{exercise.id}-{task.id}")
    for exercise in loaded()
    for task in exercise.tasks
]


def moved(exercise, span, left, right):
    """A span with its ends moved by some words, as JSON; None if nothing is left of it."""
    places = exercise.article.words
    inside = sorted(exercise.article.words_of(span))
    first, last = max(inside[0] + left, 0), min(inside[-1] + right, len(places) - 1)
    return [[places[first].start, places[last].end]] if first <= last else None


def as_json(span):
    return [list(range_) for range_ in span]


ENDS = [(left, right) for left in range(-3, 4) for right in range(-3, 4)]


def ways_to_mark(exercise, task):
    """Answers that meet each passage in every way: all labels, all ends, twice, too much."""
    for entry in exercise.entries(task):
        exact = {"ranges": as_json(entry.span)}
        for label in task.labels:
            yield {"m": exact | {"label": label}}
        own = entry.label or task.labels[0]
        yield {"m": exact | {"label": own}, "n": exact | {"label": own}}
        for left, right_ in ENDS:
            ranges = moved(exercise, entry.span, left, right_)
            if ranges:
                yield {"m": {"label": own, "ranges": ranges}}
        sentence = exercise.article.segment_at(min(entry.span).start).range
        yield {"m": {"label": own, "ranges": [list(sentence)]}}
    sentences = [list(segment.range) for segment in exercise.article.segments]
    for label in task.labels:
        yield {f"m{at}": {"label": label, "ranges": [each]} for at, each in enumerate(sentences)}


def ways_to_attribute(exercise, task):
    """Answers that meet each attribution in every way: parts off or left out, all properties."""
    for each in exercise.attributions(task):
        whole = {part: as_json(span) for part, span in each.spans.items() if span}
        whole |= each.properties
        yield {"a": whole}
        yield {"a": whole, "b": whole}
        for part in SPAN_PARTS:
            less = {name: value for name, value in whole.items() if name != part}
            if set(less) & set(SPAN_PARTS):
                yield {"a": less}
            for left, right_ in ENDS:
                ranges = moved(exercise, each.spans[part] or each.place[:1], left, right_)
                if ranges:
                    yield {"a": whole | {part: ranges}}
        for property in codebook().properties.values():
            yield {"a": {name: value for name, value in whole.items() if name != property.id}}
            for value in property.values:
                yield {"a": whole | {property.id: value}}


def ways_to_classify(exercise, task):
    """Each label for each clause."""
    for label in task.labels:
        yield dict.fromkeys(exercise.by_clause, label)


def ways_to_write(exercise, task):
    """Some words, and blanks."""
    for text in ("Quelques mots.", "  "):
        yield {item.id: {"text": text} for item in exercise.items_of(task)}


def ways_to_sort(exercise, task):
    """Both answers to each."""
    for value in ("sound", "faulty"):
        yield dict.fromkeys(task.paragraphs, value)


def ways_to_count(exercise, task):
    """Right, within the tolerance, with another unit, another power of ten, other, none."""
    for item in exercise.items_of(task):
        wanted = exercise.answer(item.id).value
        for text in (
            wanted["text"],
            "1,11 million",
            "1,2 million",
            "4 millions",
            "3",
            "2 ou 3",
            "x",
        ):
            yield {item.id: wanted | {"text": text}}
            yield {item.id: {"text": text}}


def ways_to_order(exercise, task):
    """Every order."""
    for item in exercise.items_of(task):
        for order in permutations([option.id for option in item.details["options"]]):
            yield {item.id: list(order)}


def ways_to_match(exercise, task):
    """Every pairing, some left open."""
    for item in exercise.items_of(task):
        others = [None, *(option.id for option in item.details["with"])]
        ids = [option.id for option in item.details["options"]]
        for chosen in product(others, repeat=len(ids)):
            value = {id: other for id, other in zip(ids, chosen, strict=True) if other}
            if value:
                yield {item.id: value}


def ways_to_judge(exercise, task):
    """Every verdict, more or less sure; a card opened and no verdict."""
    for verdict, sure in product(verdicts.VALUES, (None, *verdicts.CONFIDENCE)):
        value = {"verdict": verdict} | ({"confidence": sure} if sure else {})
        yield dict.fromkeys(task.paragraphs, value)
    yield {task.paragraphs[0]: {"cards": ["V1"]}}


def ways_to_compare(exercise, task):
    """Every sentence, and none."""
    for item in exercise.items_of(task):
        for id in ["none", *(option.id for option in item.details["options"])]:
            yield {item.id: id}


WAYS = {
    "order": ways_to_order,
    "match": ways_to_match,
    "verdict": ways_to_judge,
    "compare": ways_to_compare,
    "rewrite": ways_to_write,
    "open": ways_to_write,
    "sort": ways_to_sort,
    "number": ways_to_count,
    "highlight": ways_to_mark,
    "attribution": ways_to_attribute,
    "classify": ways_to_classify,
}


@cache
def results(exercise, task):
    """Every way to answer a task, with its result."""
    ways = [{}, right(exercise, task), wrong(exercise, task), *WAYS[task.kind](exercise, task)]
    return [(answers, score_task(exercise, task, answers)) for answers in ways]


@pytest.fixture(params=VOICES)
def voice(request, monkeypatch):
    """The three ways to speak to a learner."""
    lang, address = VOICES[request.param]
    monkeypatch.setenv("KIT_ADDRESS", address)
    return request.param, lang


def faults(text, voice, most):
    """What a sentence would have to mend."""
    tone, lang = voice
    found = slips(text) if lang == "fr" else []
    if max(len(words(text)), len(text.split())) > most:
        found.append(f"{len(words(text))}, {len(text.split())} words")
    if re.search(NEVER[lang], text, re.IGNORECASE):
        found.append("a word that is never said")
    if re.search(WRONG_TONE[tone], text):
        found.append("the wrong tone")
    if re.search(r"[{}]|\*\*|\*\s*\*|None", text) or not text:
        found.append("a gap")
    return found


def assert_sound(texts, voice, most=MOST_WORDS):
    bad = {text: faults(text, voice, most) for text in texts}
    assert {text: found for text, found in bad.items() if found} == {}


@pytest.mark.parametrize(("exercise", "task"), TASKS)
def test_every_outcome_has_a_sentence(exercise, task, voice):
    """Each outcome is worded within 40 words and the right tone."""
    assert_sound(
        {
            feedback.explain(exercise, task, outcome, answers, voice[1])
            for answers, result in results(exercise, task)
            for outcome in result.outcomes
        },
        voice,
    )


@pytest.mark.parametrize(("exercise", "task"), TASKS)
def test_every_result_has_a_summary(exercise, task, voice):
    """The counts of a check are one sentence or two."""
    assert_sound(
        {feedback.summary(task, result, voice[1]) for _, result in results(exercise, task)}, voice
    )


@pytest.mark.parametrize(("exercise", "task"), TASKS)
def test_every_hint_has_its_words(exercise, task, voice):
    """Hints keep to 40 words beside what they quote."""
    things = exercise.attributions(task) if task.kind == "attribution" else exercise.entries(task)
    things += tuple(exercise.answer(item.id) for item in exercise.items_of(task))
    for thing in things:
        if thing.hint is None:  # a passage that holds
            continue
        one, two, three = (
            feedback.hint_text(exercise, task, thing.id, rung, voice[1]) for rung in (1, 2, 3)
        )
        assert len({one, two, three}) == 3
        assert_sound([one, two], voice)
        if isinstance(thing, Answer):
            wanted = LISTS[task.kind].of.said(exercise.by_item[thing.item], thing.value, voice[1])
            assert_sound([three], voice, MOST_WORDS + len(wanted.split()))
            continue
        spans = [thing.span] if isinstance(thing, Entry) else thing.spans.values()
        quoted = sum(len(exercise.article.words_of(span)) for span in spans)
        assert_sound([three], voice, MOST_WORDS + quoted)


def test_every_kind_of_outcome_is_reached():
    """The ways to answer above meet every outcome that scoring knows."""
    reached = {
        outcome.kind
        for parameter in TASKS
        for _, result in results(*parameter.values)
        for outcome in result.outcomes
    }
    assert reached == set(get_args(Kind))


def relabelled(exercise, id, label):
    """The exercise with another label for one entry of the key."""
    entries = tuple(
        replace(entry, label=label, also=None) if entry.id == id else entry
        for entry in exercise.key.entries
    )
    return replace(exercise, key=replace(exercise.key, entries=entries))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("layer", ["claim", "bias"])
def test_each_near_pair_has_its_own_sentence(halle, layer, lang):
    """What tells neighbours apart is said, in each direction."""
    task, id = {"claim": ("claims", "k-c1"), "bias": ("bias", "b1")}[layer]
    said = set()
    for (of, chosen, wanted), tell in codebook().tells.items():
        if of == layer:
            exercise = relabelled(halle, id, wanted)
            entry = exercise.key.by_id[id]
            given = {"label": chosen, "ranges": as_json(entry.span)}
            answers = {"c1": chosen} if layer == "claim" else {"m": given}
            result = score_task(exercise, exercise.task(task), answers)
            (outcome,) = [each for each in result.outcomes if each.kind == "near_label"]
            text = feedback.explain(exercise, exercise.task(task), outcome, answers, lang)
            assert tell[lang] in text
            said.add(text)
    assert len(said) == sum(of == layer for of, _, _ in codebook().tells)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_exact_is_said_only_of_equal_words(halle, lang):
    """Within tolerance the passage is good, not exact."""
    task = halle.task("bias")
    ranges = moved(halle, halle.key.by_id["b1"].span, 0, 1)
    answers = {"m": {"label": "exaggeration", "ranges": ranges}}
    result = score_task(halle, task, answers, {"T"})
    assert (result.score, result.outcomes[0].kind) == (1.0, "close")
    assert "exact" not in feedback.explain(halle, task, result.outcomes[0], answers, lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_explanation_says_why(halle, lang):
    """Each explanation holds the entry's own reason."""
    task = halle.task("bias")
    for id in ("b1", "b5", "s1"):
        entry = halle.key.by_id[id]
        answers = {"m": {"label": entry.label or "labelling", "ranges": as_json(entry.span)}}
        outcomes = score_task(halle, task, answers).outcomes
        (outcome,) = [each for each in outcomes if each.item]
        assert entry.why[lang] in feedback.explain(halle, task, outcome, answers, lang)


def test_signs(halle):
    """Right, near, discussed and wrong are four signs."""
    task = halle.task("bias")
    signs = {
        feedback.sign(outcome)
        for _, result in results(halle, task)
        for outcome in result.outcomes
        if outcome.item
    }
    assert signs == {"right", "near", "debated", "wrong"}


def test_the_model_answer_holds_every_passage(halle):
    """Every passage is shown, in the order of the text."""
    task = halle.task("bias")
    shown = [
        item for name in task.paragraphs for item in feedback.model_answer(halle, task, name, "fr")
    ]
    asked = halle.entries(task)
    assert sorted(item["entry"] for item in shown) == sorted(entry.id for entry in asked)
    starts = [item["ranges"][0][0] for item in shown]
    assert starts == sorted(starts)
    assert all(item["neutral"] for item in shown if item["status"] != "sound")


def test_the_model_answer_to_attributions(halle):
    """An attribution is shown with all its parts."""
    task = halle.task("sources")
    one, two = feedback.model_answer(halle, task, "1", "fr")
    assert [part["quote"] for part in one["parts"]] == [
        "la maire, Lise Roy",
        "affirme",
        "Le toit est sûr",
    ]
    assert one["via"] == "Le Courrier de Valmont"
    assert two["who"] == "la maire"
    assert len(one["properties"]) == 5


def test_entries_of_a_key_are_of_two_sorts(halle):
    """What a hint is about is an entry or an attribution of the key."""
    assert {type(thing) is Entry for thing in halle.key.by_id.values()} == {True, False}
