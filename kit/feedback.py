"""From outcomes to words: what is said after a check, the ladder of hints, the model answer.

Rules (pedagogy of the kit, section 4): at most 40 words, first what is right, the criterion and
never the person, one next step. The place of a missed passage comes with hints, not with a check.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from kit import item_feedback
from kit.article import Span, words
from kit.codebook import Text, codebook
from kit.exercise import SPAN_PARTS, Attribution, Entry, Exercise, Task
from kit.messages import say
from kit.response import REVEALING_RUNG, Answers
from kit.scoring import LISTS
from kit.scoring.highlight import MOST_SPANS
from kit.scoring.outcome import FOUND, NEAR, Outcome, Result

MOST_WORDS = 40
FIRST_WORDS = 4  # how much of a sentence hint 1 quotes

SIGNS = (
    dict.fromkeys(FOUND, "right")
    | dict.fromkeys(NEAR, "near")
    | {"debated": "debated", "sound": "wrong", "extra": "wrong", "twice": "wrong", "kept": "kept"}
)


@dataclass(frozen=True, slots=True)
class Hint:
    """One step of help: about which entry, which rung (1 to 3), in words."""

    target: str
    rung: int
    text: str


def sign(outcome: Outcome) -> str:
    """Return the sign of an outcome: ``right``, ``near``, ``debated``, ``wrong`` or ``kept``."""
    if outcome.kind == "other_label" and not outcome.credit:
        return "wrong"
    return SIGNS.get(outcome.kind, "wrong")


def explain(exercise: Exercise, task: Task, outcome: Outcome, answers: Answers, lang: str) -> str:
    """Word one outcome.

    Parameters
    ----------
    answers : dict
        The answers that were checked: they hold the label the learner chose.
    lang : str
        ``"fr"`` or ``"en"``.
    """
    words_for: dict[str, Callable[..., str]] = {
        "highlight": _explain_mark,
        "classify": _explain_clause,
        "attribution": _explain_attribution,
    }
    if outcome.kind == "everything":
        return say("feedback.summary.everything", lang)
    if task.kind in LISTS:
        return item_feedback.explain(exercise, task, outcome, answers, lang)
    return words_for[task.kind](exercise, task, outcome, answers, lang)


def summary(task: Task, result: Result, lang: str) -> str:
    """Word the counts of a check of one paragraph: found, near, missing, marks to look at again."""
    if result.refused:
        return say("feedback.summary.refused", lang, most=MOST_SPANS)
    if task.kind in LISTS:
        return item_feedback.summary(task, result, lang)
    if task.kind == "classify":
        return _summary_of_clauses(result, lang)
    found, near = result.count(*FOUND), result.count(*NEAR)
    missing, extra = result.count("missed"), result.count("extra", "twice")
    if result.blank:
        if not missing:
            return say("feedback.summary.nothing_to_find", lang)
        missed = say("feedback.summary.missing", lang, count=missing)
        return say("feedback.summary.nothing_marked", lang, missing=missed)
    counts = {
        "found": found,
        "near": near,
        "missing": missing,
        "debated": result.count("debated"),
        "sound": result.count("sound"),
        "extra": extra,
    }
    said = [say(f"feedback.summary.{id}", lang, count=n) for id, n in counts.items() if n]
    if not found and not near:
        said.insert(0, say("feedback.summary.begun", lang))
    sentence = ", ".join(said) + "."
    if found and not (near or missing or extra or counts["sound"]):
        sentence += " " + say("feedback.summary.complete", lang)
    return sentence


def remark(
    exercise: Exercise, task: Task, answers: Answers, names: Collection[str], lang: str
) -> str:
    """Word what concerns a whole check of some paragraphs and not one of them; mostly nothing."""
    if task.kind not in LISTS:
        return ""
    return LISTS[task.kind].of.remark(LISTS[task.kind].judged(exercise, task, answers, names), lang)


def next_hint(
    exercise: Exercise,
    task: Task,
    paragraph: str,
    result: Result,
    given: Sequence[tuple[str, str, int]],
    lang: str,
) -> Hint | None:
    """Return the next step of help in a paragraph, or None if nothing is left to find or to say.

    Parameters
    ----------
    result : Result
        The answers as they stand, scored on this paragraph.
    given : sequence of (paragraph, target, rung)
        The hints so far.
    """
    rungs = {target: rung for _, target, rung in sorted(given, key=lambda hint: hint[2])}
    for outcome in _in_order(exercise, task, result):
        target = outcome.entry
        if (
            target is None
            or sign(outcome) in ("right", "debated")
            or outcome.paragraph != paragraph
        ):
            continue
        rung = rungs.get(target, 0) + 1
        if rung <= REVEALING_RUNG and outcome.kind not in ("sound", "twice", "everything"):
            return Hint(target, rung, hint_text(exercise, task, target, rung, lang))
    return None


def hint_text(exercise: Exercise, task: Task, target: str, rung: int, lang: str) -> str:
    """Word a hint: 1 the sentence, 2 the question, 3 the passage with its label and why."""
    if task.kind in LISTS:
        return item_feedback.hint_text(exercise, task, target, rung, lang)
    thing = _thing(exercise, target)
    place = place_of(thing)
    if rung == 1:
        start = _beginning(exercise, place, whole_sentence=task.kind != "classify")
        message = "clause" if task.kind == "classify" else "sentence"
        return say(f"feedback.hint.{message}", lang, start=start)
    if rung == 2:
        assert thing.hint is not None, "entries that are asked for have a hint"
        return say("feedback.hint.criterion", lang, hint=thing.hint[lang])
    if isinstance(thing, Entry):
        return say(
            "feedback.hint.passage",
            lang,
            quote=exercise.article.quote(thing.span),
            label=_name(task, thing.label, lang),
            why=thing.why[lang],
        )
    return say(
        "feedback.hint.attribution", lang, **_parts(exercise, thing, lang), why=thing.why[lang]
    )


def model_answer(exercise: Exercise, task: Task, paragraph: str, lang: str) -> list[dict[str, Any]]:
    """Return the model answer of a paragraph: of each passage label, because, neutral rewording.

    Returns
    -------
    list of dict
        ``entry, status, quote, ranges, label, labelName, why, neutral``, in the order of the text;
        for an attribution also ``parts`` (name and words) and ``properties`` (question and answer);
        for an item ``answer``.
    """
    if task.kind in LISTS:
        return item_feedback.model_answer(exercise, task, paragraph, lang)
    things: list[Entry | Attribution] = []
    if task.kind == "attribution":
        things += exercise.attributions(task)
    else:
        things += exercise.entries(task)
    inside = [
        thing for thing in things if exercise.article.paragraph_of(place_of(thing)) == paragraph
    ]
    return [_shown(exercise, task, thing, lang) for thing in sorted(inside, key=place_of)]


def place_of(thing: Entry | Attribution) -> Span:
    """Return the ranges of an entry, or of all parts of an attribution."""
    return thing.span if isinstance(thing, Entry) else thing.place


def _explain_mark(
    exercise: Exercise, task: Task, outcome: Outcome, answers: Answers, lang: str
) -> str:
    chosen = answers[outcome.item]["label"] if outcome.item in answers else ""
    entry = _entry(exercise, outcome.entry)
    far = outcome.kind == "too_wide" and not outcome.credit
    return say(
        f"feedback.highlight.{'too_wide_far' if far else outcome.kind}",
        lang,
        label=_name(task, entry.label if entry else None, lang),
        why=entry.why[lang] if entry else "",
        chosen=_name(task, chosen, lang),
        test=_test(task, chosen, lang),
        tell=_tell(task, chosen, entry, lang),
    )


def _explain_clause(
    exercise: Exercise, task: Task, outcome: Outcome, answers: Answers, lang: str
) -> str:
    entry = _entry(exercise, outcome.entry)
    assert entry is not None, "every clause has an entry"
    chosen = answers.get(outcome.item or "", "")
    return say(
        f"feedback.classify.{outcome.kind}",
        lang,
        label=_name(task, entry.label, lang),
        why=entry.why[lang],
        chosen=_name(task, chosen, lang),
        test=_test(task, chosen, lang),
        tell=_tell(task, chosen, entry, lang),
    )


def _explain_attribution(
    exercise: Exercise, task: Task, outcome: Outcome, answers: Answers, lang: str
) -> str:
    properties = codebook().properties
    thing = _thing(exercise, outcome.entry) if outcome.entry else None
    message, details = outcome.kind, {"why": thing.why[lang] if thing else ""}
    part = outcome.part or ""
    if part in properties:
        given = answers[outcome.item or ""].get(part)
        details["question"] = properties[part].question[lang]
        if given is None:
            return say("feedback.attribution.other_label_blank", lang, **details)
        details["chosen"] = properties[part].values[given][0][lang]
    elif part:
        details |= {"part": _name(task, part, lang), "test": _test(task, part, lang)}
        if isinstance(thing, Attribution) and not thing.spans[part]:
            return say("feedback.attribution.incomplete_none", lang, **details)
    return say(f"feedback.attribution.{message}", lang, **details)


def _summary_of_clauses(result: Result, lang: str) -> str:
    right = result.count("exact", "debated")
    said = [say("feedback.summary.right", lang, count=right, of=len(result.outcomes))]
    near, blank = result.count("near_label"), result.count("missed")
    if near:
        said.append(say("feedback.summary.near", lang, count=near))
    if blank:
        said.append(say("feedback.summary.unanswered", lang, count=blank))
    return ", ".join(said) + "."


def _shown(exercise: Exercise, task: Task, thing: Entry | Attribution, lang: str) -> dict[str, Any]:
    place = place_of(thing)
    shown: dict[str, Any] = {
        "entry": thing.id,
        "status": thing.status,
        "quote": exercise.article.quote(place),
        "ranges": [list(range_) for range_ in place],
        "why": thing.why[lang],
        "label": "",
        "labelName": "",
        "neutral": "",
    }
    if isinstance(thing, Entry):
        shown["label"] = thing.label or ""
        names = [_name(task, label, lang) for label in (thing.label, thing.also) if label]
        shown["labelName"] = " / ".join(names)
        shown["neutral"] = thing.neutral[lang] if thing.neutral else ""
        return shown
    words_of = _parts(exercise, thing, lang)
    shown["parts"] = [
        {"id": part, "name": _name(task, part, lang), "quote": words_of[part]}
        for part in SPAN_PARTS
    ]
    if thing.who:
        shown["who"] = thing.who[lang]
    if thing.via:
        shown["via"] = exercise.article.quote(thing.via)
    shown["properties"] = [
        {
            "question": codebook().properties[id].question[lang],
            "answer": codebook().properties[id].values[value][0][lang],
        }
        for id, value in thing.properties.items()
    ]
    return shown


def _parts(exercise: Exercise, attribution: Attribution, lang: str) -> dict[str, str]:
    """Give the words of source, cue and content; say so where there are none."""
    none = {"source": "none", "cue": "no_cue", "content": "none"}
    return {
        part: exercise.article.quote(span) if span else say(f"feedback.hint.{none[part]}", lang)
        for part, span in attribution.spans.items()
    }


def _beginning(exercise: Exercise, place: Sequence[Any], *, whole_sentence: bool) -> str:
    """Give the first words of the sentence (or of the passage itself) at a place."""
    start, end = min(place)
    if whole_sentence:
        start, end = exercise.article.segment_at(start).range
    text = exercise.article.text[start:end]
    places = words(text)
    last = places[min(FIRST_WORDS, len(places)) - 1]
    return text[: last.end] + (" …" if len(places) > FIRST_WORDS else "")


def _in_order(exercise: Exercise, task: Task, result: Result) -> list[Outcome]:
    """Outcomes in the order of the text, what was met before what was missed at the same place."""

    def place(outcome: Outcome) -> int:
        if outcome.entry is None or task.kind in LISTS:  # items come in their order
            return -1
        thing = _thing(exercise, outcome.entry)
        return min(place_of(thing)).start

    return sorted(result.outcomes, key=place)


def _thing(exercise: Exercise, id: str) -> Entry | Attribution:
    assert exercise.key is not None, "an exam has no key"
    return exercise.key.by_id[id]


def _entry(exercise: Exercise, id: str | None) -> Entry | None:
    thing = _thing(exercise, id) if id else None
    return thing if isinstance(thing, Entry) else None


def _label(task: Task, label: str, of: Callable[[Any], Text], lang: str) -> str:
    labels = codebook().layers[task.layer].labels
    return of(labels[label])[lang] if label in labels else ""


def _name(task: Task, label: str | None, lang: str) -> str:
    return _label(task, label or "", lambda label: label.name, lang)


def _test(task: Task, label: str, lang: str) -> str:
    return _label(task, label, lambda label: label.test, lang)


def _tell(task: Task, chosen: str, entry: Entry | None, lang: str) -> str:
    tell = codebook().tells.get((task.layer, chosen, entry.label or "" if entry else ""))
    return tell[lang] if tell else ""
