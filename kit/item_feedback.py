"""From outcomes to words in a task that is a list of items; `kit.feedback` asks here for them."""

from __future__ import annotations

from typing import Any

from kit.article import words
from kit.exercise import Exercise, Task
from kit.messages import say
from kit.response import Answers
from kit.scoring import LISTS
from kit.scoring.outcome import Outcome, Result

FIRST_WORDS = 8  # how much of a question hint 1 quotes


def explain(exercise: Exercise, task: Task, outcome: Outcome, answers: Answers, lang: str) -> str:
    """Word one outcome; see `kit.feedback.explain`."""
    item, kind = exercise.by_item[outcome.entry or ""], LISTS[task.kind].of
    answer, given = exercise.answer(item.id), answers.get(item.id)
    return say(
        f"feedback.{task.kind}.{outcome.kind}",
        lang,
        why=answer.why[lang],
        hint=answer.hint[lang],
        chosen="" if given is None else kind.said(item, given, lang),
        wanted=kind.said(item, answer.value, lang),
    )


def summary(task: Task, result: Result, lang: str) -> str:
    """Word the counts of a check of some items."""
    unanswered = result.count("missed")
    if result.score is None:
        said = [say("feedback.summary.kept", lang, count=result.to_mark)]
    else:
        right = result.count("exact", "close", "debated")
        said = [say("feedback.summary.right", lang, count=right, of=len(result.outcomes))]
    if unanswered:
        said.append(say("feedback.summary.unanswered", lang, count=unanswered))
    return ", ".join(said) + "."


def hint_text(exercise: Exercise, task: Task, target: str, rung: int, lang: str) -> str:
    """Word a hint: 1 where to look, 2 the question to ask, 3 the answer and why."""
    item, answer = exercise.by_item[target], exercise.answer(target)
    if rung == 1:
        if item.span:
            start = _beginning(exercise.article.quote(item.span))
            return say("feedback.hint.sentence", lang, start=start)
        return say("feedback.hint.item", lang, start=_beginning(item.prompt[lang]))
    if rung == 2:
        return say("feedback.hint.criterion", lang, hint=answer.hint[lang])
    wanted = LISTS[task.kind].of.said(item, answer.value, lang)
    return say("feedback.hint.answer", lang, answer=wanted, why=answer.why[lang])


def model_answer(exercise: Exercise, task: Task, id: str, lang: str) -> list[dict[str, Any]]:
    """Return the model answer of an item; the fields are those of `kit.feedback.model_answer`."""
    item, answer = exercise.by_item[id], exercise.answer(id)
    kind = LISTS[task.kind].of
    also = [kind.said(item, value, lang) for value in answer.also]
    return [
        {
            "entry": id,
            "status": answer.status,
            "quote": exercise.article.quote(item.span) if item.span else "",
            "ranges": [list(range_) for range_ in item.span],
            "why": answer.why[lang],
            "label": "",
            "labelName": "",
            "neutral": "",
            "answer": " / ".join([kind.said(item, answer.value, lang), *also]),
        }
    ]


def _beginning(text: str) -> str:
    places = words(text)
    if len(places) <= FIRST_WORDS:
        return text.rstrip(" .?\u202f\u00a0")
    return text[: places[FIRST_WORDS - 1].end] + " …"
