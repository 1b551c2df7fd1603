"""Things matched with others, each with one (pedagogy of the kit, section 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.page import Page
from kit.scoring.items import Judged, Wanted, mean, name_of, named, no_remark, read_options
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM = ("options", "with")
ANSWER = ("value",)
FIELDS: tuple[str, ...] = ()
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return what is matched, and what with."""
    return {
        "options": read_options(page, table, "options", entry),
        "with": read_options(page, table, "with", entry),
    }


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return which goes with which; every option has one."""
    value = table.get("value")
    if judge(item, value) or len(value or ()) < len(item.details["options"]):
        known = [option.id for option in item.details["with"]]
        page.add("wrong_match", entry, found=value, known=", ".join(known))
        value = {}
    return Wanted(value)


def judge(item: Item, value: Any) -> str | None:
    """Say why a value does not match options, or None; some may still be open."""
    if not isinstance(value, dict) or not value:
        return "unknown_value"
    left = {option.id for option in item.details["options"]}
    right = {option.id for option in item.details["with"]}
    known = all(isinstance(each, str) and each in right for each in value.values())
    return None if known and set(value) <= left else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Return the share of pairs that are right."""
    right = sum(value.get(id) == wanted for id, wanted in answer.value.items())
    share = right / len(answer.value)
    return ("exact" if share == 1 else "incomplete" if right else "other_value"), share


def total(judged: Sequence[Judged]) -> float | None:
    """Return the mean."""
    return mean(judged)


def said(item: Item, value: Any, lang: str) -> str:
    """Word the pairs, in the order of the author."""
    options, others = item.details["options"], item.details["with"]
    pairs = [(each.name[lang], value[each.id]) for each in options if each.id in value]
    return " · ".join(f"{name} → {name_of(others, other, lang)}" for name, other in pairs)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return both sides."""
    return {
        "options": named(item.details["options"], lang),
        "with": named(item.details["with"], lang),
    }


def right(item: Item, answer: Answer) -> Any:
    """Return the pairs of the key."""
    return dict(answer.value)


def wrong(item: Item, answer: Answer) -> Any:
    """Return pairs of which none is right."""
    others = [option.id for option in item.details["with"]]
    return {
        id: next(each for each in others if each != wanted) for id, wanted in answer.value.items()
    }
