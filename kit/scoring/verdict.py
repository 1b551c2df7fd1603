"""Verdicts on statements, with evidence cards and confidence (pedagogy, sections 3.4 and 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.messages import say
from kit.page import Page
from kit.scoring.items import Judged, Wanted, accepted, mean, no_remark, read_choice
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM = ("cards",)
ANSWER = ("value", "also")
FIELDS = ("verdict", "confidence", "cards")
VALUES = ("true", "imprecise", "false", "unverifiable")
NEIGHBOURS = ({"true", "imprecise"}, {"imprecise", "false"})
NEAR = 0.6
CONFIDENCE = (25, 50, 75, 100)  # per cent; asked, never scored
CARD = ("id", "outlet", "date", "address", "title", "text")
MOST_OPENED = 100  # cards: one may be opened again
remark = no_remark


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return the cards that lie beside the statement."""
    ids = table.get("cards", [])
    known = {card["id"]: card for card in page.tables(page.root, "card") if _is_card(page, card)}
    if not isinstance(ids, list):
        ids = [ids]
    for id in ids:
        page.one_of({"card": id}, "card", entry, known, "unknown_card")
    return {"cards": tuple(known[id] for id in ids if isinstance(id, str) and id in known)}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the verdict, and others accepted in full."""
    value, also = read_choice(page, table, entry, VALUES)
    return Wanted({"verdict": value}, tuple({"verdict": other} for other in also))


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is no ``{"verdict": …, "confidence": …, "cards": […]}``, or None.

    ``cards`` are those opened, in their order; a verdict may still be open.
    """
    if not isinstance(value, dict) or not value or not set(value) <= set(FIELDS):
        return "unknown_value"
    cards = value.get("cards", [])
    known = {card["id"] for card in item.details["cards"]}
    if not isinstance(cards, list) or len(cards) > MOST_OPENED:
        return "unknown_value"
    if not all(isinstance(card, str) and card in known for card in cards):
        return "unknown_value"
    if value.get("verdict", "true") not in VALUES:
        return "unknown_value"
    confidence = value.get("confidence", CONFIDENCE[0])
    return None if type(confidence) is int and confidence in CONFIDENCE else "unknown_value"


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell the verdict of the key from its neighbours; confidence changes nothing."""
    verdict = value.get("verdict")
    if verdict is None:
        return "missed", 0.0
    right = accepted(answer, {"verdict": verdict})
    if right:
        return right, 1.0
    near = {verdict, answer.value["verdict"]} in NEIGHBOURS
    return ("near_label", NEAR) if near else ("other_label", 0.0)


def total(judged: Sequence[Judged]) -> float | None:
    """Return the mean."""
    return mean(judged)


def said(item: Item, value: Any, lang: str) -> str:
    """Word a verdict, with the confidence where it was given."""
    verdict = value.get("verdict")
    words = say(
        f"feedback.verdict.said_{verdict}" if verdict else "feedback.verdict.said_none", lang
    )
    sure = value.get("confidence")
    if sure is None:
        return words
    return say("feedback.verdict.said_sure", lang, verdict=words, percent=sure)


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the four verdicts, the steps of confidence, and the cards."""
    return {
        "options": [
            {"id": value, "name": say(f"feedback.verdict.said_{value}", lang)} for value in VALUES
        ],
        "confidence": [
            {"id": str(step), "name": say(f"feedback.verdict.sure_{step}", lang)}
            for step in CONFIDENCE
        ],
        "cards": [
            {
                "id": card["id"],
                "title": card["title"][lang],
                "text": card["text"][lang],
                "head": [card[field] for field in ("outlet", "date", "address") if card.get(field)],
            }
            for card in item.details["cards"]
        ],
    }


def right(item: Item, answer: Answer) -> Any:
    """Return the verdict of the key, with the first card opened."""
    opened = [card["id"] for card in item.details["cards"][:1]]
    return {**answer.value, "confidence": CONFIDENCE[-1]} | ({"cards": opened} if opened else {})


def wrong(item: Item, answer: Answer) -> Any:
    """Return a verdict that is neither right nor next to it."""
    taken = [answer.value["verdict"], *(other["verdict"] for other in answer.also)]
    far = [
        value
        for value in VALUES
        if value not in taken and {value, answer.value["verdict"]} not in NEIGHBOURS
    ]
    return {"verdict": (far or [value for value in VALUES if value not in taken])[0]}


def _is_card(page: Page, card: dict[str, Any]) -> bool:
    """Whether a card has an id, a head and its words; its date and address may be missing."""
    entry = f"card {page.text(card, 'id', 'card')}"
    page.only(card, entry, CARD)
    whole = page.text(card, "outlet", entry) and isinstance(card.get("id"), str)
    words = [page.words(card, field, entry) for field in ("title", "text")]
    for field in ("date", "address"):
        if field in card:
            page.text(card, field, entry)
    return bool(whole and all(words))
