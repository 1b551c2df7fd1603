"""Two texts compared: which sentence of the other one tells the same, or that none does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.messages import say
from kit.page import Page
from kit.scoring.items import (
    Judged,
    Option,
    Wanted,
    accepted,
    mean,
    name_of,
    named,
    no_remark,
    read_choice,
)
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM = ("among",)
ANSWER = ("value", "also")
FIELDS: tuple[str, ...] = ()
LEFT_OUT = "none"  # the other text does not tell it
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return the sentences to choose from: all of the other text, or from one to another."""
    if article is None:
        return {"options": ()}
    own = str(table.get("segment", "")).split(".")[0]
    names = [segment.name for segment in article.segments]
    others = [name for name in names if name.split(".")[0] != own and "." in name]
    if not others:
        page.add("one_text_only", entry)
        return {"options": ()}
    ends = table.get("among", [others[0], others[-1]])
    if not isinstance(ends, list) or len(ends) != 2:
        page.add("wrong_segments", entry, found=ends)
        return {"options": ()}
    for end in ends:
        page.one_of({"segment": end}, "segment", entry, others, "unknown_segment")
    if not all(isinstance(end, str) and end in others for end in ends):
        return {"options": ()}
    chosen = others[others.index(ends[0]) : others.index(ends[1]) + 1]
    texts = {name: article.text[slice(*article.by_name[name].range)] for name in chosen}
    return {
        "options": tuple(Option(name, {"fr": text, "en": text}) for name, text in texts.items())
    }


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the sentence that tells the same, or ``none``."""
    known = [LEFT_OUT, *(option.id for option in item.details["options"])]
    return Wanted(*read_choice(page, table, entry, known))


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is no sentence of the other text, or None."""
    known = [LEFT_OUT, *(option.id for option in item.details["options"])]
    return None if isinstance(value, str) and value in known else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell the right sentence from another one, and what is told from what is left out."""
    right = accepted(answer, value)
    if right:
        return right, 1.0
    if answer.value == LEFT_OUT:
        return "false_alarm", 0.0
    return ("overlooked" if value == LEFT_OUT else "other_value"), 0.0


def total(judged: Sequence[Judged]) -> float | None:
    """Return the mean."""
    return mean(judged)


def said(item: Item, value: Any, lang: str) -> str:
    """Quote the sentence, or say that there is none."""
    if value == LEFT_OUT:
        return say("feedback.compare.said_none", lang)
    return name_of(item.details["options"], value, lang)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the sentences, and that none tells it."""
    none = {"id": LEFT_OUT, "name": say("feedback.compare.said_none", lang)}
    return {"options": [*named(item.details["options"], lang), none], "quoted": True}


def right(item: Item, answer: Answer) -> Any:
    """Return the sentence of the key."""
    return answer.value


def wrong(item: Item, answer: Answer) -> Any:
    """Return another one."""
    known = [*(option.id for option in item.details["options"]), LEFT_OUT]
    return next(id for id in known if id != answer.value and id not in answer.also)
