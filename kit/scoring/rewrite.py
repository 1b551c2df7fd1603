"""Neutral rewriting against a checklist: kept for a teacher, never scored by a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.page import Page
from kit.scoring import open_text
from kit.scoring.items import Judged, Wanted, named, no_remark, read_options
from kit.scoring.outcome import Kind

LAYER = "justification"
ITEM = ("checks",)
ANSWER = ("model",)
FIELDS = ("text", "checks")
MOST_CHECKS = 50
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return the checklist that a learner holds against the own text."""
    return {"checks": read_options(page, table, "checks", entry, least=1)}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the model answer, in both languages."""
    return open_text.read_answer(page, table, item, entry)


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is no ``{"text": …, "checks": […]}``, or None; no check needs a tick."""
    if not isinstance(value, dict) or not {"text"} <= set(value) <= set(FIELDS):
        return "not_a_text"
    checks = value.get("checks", [])
    if not isinstance(value["text"], str) or not isinstance(checks, list):
        return "not_a_text"
    known = [check.id for check in item.details["checks"]]
    ticked = len(checks) <= MOST_CHECKS and all(
        isinstance(check, str) and check in known for check in checks
    )
    return None if ticked else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell a text from an empty one; what it is worth a teacher says."""
    return open_text.worth(item, answer, value, mode)


def total(judged: Sequence[Judged]) -> float | None:
    """Return no score."""
    return None


def said(item: Item, value: Any, lang: str) -> str:
    """Return the text itself; of the key, in a language."""
    return open_text.said(item, value, lang)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the checklist."""
    return {"checks": named(item.details["checks"], lang)}


def right(item: Item, answer: Answer) -> Any:
    """Return the model answer with every check ticked."""
    checks = [check.id for check in item.details["checks"]]
    return {"text": answer.value["fr"], "checks": checks}


def wrong(item: Item, answer: Answer) -> Any:
    """Return a text off the point."""
    return {"text": "…"}
