"""Things put in order, a timeline or a chain of sources (pedagogy of the kit, section 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.page import Page
from kit.scoring.items import Judged, Wanted, mean, name_of, named, no_remark, read_options
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM = ("options",)
ANSWER = ("value",)
FIELDS: tuple[str, ...] = ()
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return what is put in order, as it is shown first."""
    return {"options": read_options(page, table, "options", entry)}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the order; one that is shown from the start would be given away."""
    ids = [option.id for option in item.details["options"]]
    value = table.get("value")
    if not isinstance(value, list) or judge(item, value):
        page.add("wrong_order", entry, found=value, known=", ".join(ids))
        return Wanted(ids)
    if value == ids:
        page.add("order_given_away", entry, item=item.id)
    return Wanted(value)


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is no order of all options, or None."""
    ids = [option.id for option in item.details["options"]]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return "unknown_value"
    return None if sorted(value) == sorted(ids) and value else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Return the share of the key's neighbours that stand in the right order."""
    if value == answer.value:
        return "exact", 1.0
    at = {id: place for place, id in enumerate(value)}
    neighbours = list(zip(answer.value, answer.value[1:], strict=False))
    right = sum(at[one] < at[other] for one, other in neighbours)
    return ("incomplete" if right else "other_value"), right / len(neighbours)


def total(judged: Sequence[Judged]) -> float | None:
    """Return the mean."""
    return mean(judged)


def said(item: Item, value: Any, lang: str) -> str:
    """Word an order."""
    return " → ".join(name_of(item.details["options"], id, lang) for id in value)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the options, in the order of the author."""
    return {"options": named(item.details["options"], lang)}


def right(item: Item, answer: Answer) -> Any:
    """Return the order of the key."""
    return list(answer.value)


def wrong(item: Item, answer: Answer) -> Any:
    """Return the order backwards."""
    return list(reversed(answer.value))
