"""Passages sorted into sound and faulty: hits against false alarms (pedagogy, section 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

from kit.article import Article
from kit.exercise import Answer, Item
from kit.messages import say
from kit.page import Page
from kit.scoring.items import Judged, Wanted, accepted, mean, read_choice
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM: tuple[str, ...] = ()
ANSWER = ("value", "also")
FIELDS: tuple[str, ...] = ()
VALUES = ("sound", "faulty")
CLEAR, SOME = 2.0, 1.0  # of d': what is told apart well, and somewhat
LEANING = 0.4  # of the criterion: from here on one answer is given more easily than the other


class Counts(NamedTuple):
    """How faulty and sound passages were sorted, of those that were."""

    hits: int
    faulty: int
    false_alarms: int
    sound: int


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return nothing: a passage or a statement is enough."""
    return {}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return whether it holds."""
    return Wanted(*read_choice(page, table, entry, VALUES))


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is none of the two, or None."""
    return None if isinstance(value, str) and value in VALUES else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell hits and correct rejections from false alarms and what was overlooked."""
    right = accepted(answer, value)
    if right:
        return right, 1.0
    return ("false_alarm" if answer.value == "sound" else "overlooked"), 0.0


def total(judged: Sequence[Judged]) -> float | None:
    """Return the hit rate less the rate of sound passages not recognised, at least 0.

    Calling everything faulty earns nothing, and so does calling everything sound. Where all
    passages are of one sort, their mean.
    """
    faulty = [each for each in judged if each.answer.value == "faulty"]
    sound = [each for each in judged if each.answer.value == "sound"]
    if not faulty or not sound:
        return mean(judged)
    return max(0.0, mean(faulty) + mean(sound) - 1)


def counts(judged: Sequence[Judged]) -> Counts:
    """Count, without what is unanswered or debated."""
    sorted_ = [
        (each.answer.value, each.outcome.kind)
        for each in judged
        if each.outcome.kind != "missed" and each.answer.status == "core"
    ]
    return Counts(
        sorted_.count(("faulty", "exact")),
        sum(value == "faulty" for value, _ in sorted_),
        sorted_.count(("sound", "false_alarm")),
        sum(value == "sound" for value, _ in sorted_),
    )


def sensitivity(counts: Counts) -> tuple[float, float]:
    """Return d' and the criterion, with one half added to each count.

    Notes
    -----
    The log-linear correction of Hautus (1995), *Behav. Res. Meth. Instr. Comp.* 27(1), 46-51: no
    rate is 0 or 1, so that both are finite. A negative criterion suspects more than it trusts.

    Examples
    --------
    >>> [round(value, 2) for value in sensitivity(Counts(7, 8, 2, 8))]
    [1.56, -0.19]
    """
    hits = (counts.hits + 0.5) / (counts.faulty + 1)
    alarms = (counts.false_alarms + 0.5) / (counts.sound + 1)
    z = NormalDist().inv_cdf
    return z(hits) - z(alarms), -(z(hits) + z(alarms)) / 2


def remark(judged: Sequence[Judged], lang: str) -> str:
    """Say in words how well the two sorts were told apart, once some of each are sorted."""
    found = counts(judged)
    if not found.faulty or not found.sound:
        return ""
    apart, criterion = sensitivity(found)
    level = "clear" if apart >= CLEAR else "some" if apart >= SOME else "little"
    said = [
        say("feedback.sort.hits", lang, count=found.hits, of=found.faulty),
        say("feedback.sort.alarms", lang, count=found.false_alarms, of=found.sound),
        say(f"feedback.sort.apart_{level}", lang),
    ]
    if abs(criterion) >= LEANING:
        way = "suspects" if criterion < 0 else "trusts"
        said.append(say(f"feedback.sort.leans_{way}", lang))
    return " ".join(said)


def said(item: Item, value: Any, lang: str) -> str:
    """Word an answer."""
    return say(f"feedback.sort.said_{value}", lang)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the two answers."""
    return {
        "options": [
            {"id": value, "name": say(f"feedback.sort.said_{value}", lang)} for value in VALUES
        ]
    }


def right(item: Item, answer: Answer) -> Any:
    """Return what the key says."""
    return answer.value


def wrong(item: Item, answer: Answer) -> Any:
    """Return the other answer."""
    return VALUES[1 - VALUES.index(answer.value)]
