"""Open questions, answered in one's own words: kept for a teacher, never scored by a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.page import Page
from kit.scoring.items import Judged, Wanted, no_remark
from kit.scoring.outcome import Kind

LAYER = "justification"
ITEM: tuple[str, ...] = ()
ANSWER = ("model",)
FIELDS = ("text",)
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return nothing: a question is enough."""
    return {}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the model answer, in both languages."""
    return Wanted(page.words(table, "model", entry) or {})


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is no text ``{"text": …}``, or None."""
    if not isinstance(value, dict) or set(value) != {"text"} or not isinstance(value["text"], str):
        return "not_a_text"
    return None


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell a text from an empty one; what it is worth a teacher says."""
    return ("kept" if value["text"].strip() else "missed"), 0.0


def total(judged: Sequence[Judged]) -> float | None:
    """Return no score."""
    return None


def said(item: Item, value: Any, lang: str) -> str:
    """Return the text itself; of the key, in a language."""
    return str(value.get("text", value.get(lang, "")))


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return nothing: the page has a box to write in."""
    return {}


def right(item: Item, answer: Answer) -> Any:
    """Return the model answer."""
    return {"text": answer.value["fr"]}


def wrong(item: Item, answer: Answer) -> Any:
    """Return a text off the point."""
    return {"text": "…"}
