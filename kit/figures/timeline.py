"""Timeline: what happened when, beside what the article tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import fill as wrapped
from typing import TYPE_CHECKING

from kit.figures.ink import COLOURS, SOFT
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LETTERS = 60  # in a line of words beside a date


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, what, by which source; and whether the article tells it."""

    when: date
    what: str
    source: str
    told: bool = False


def timeline(events: Sequence[Event], title: str, lang: str) -> Picture:
    """Show events in their order, one below the other: filled where the article tells them."""
    ordered = sorted(events, key=lambda event: event.when)
    yes, no = say("figures.timeline.told", lang), say("figures.timeline.untold", lang)
    rows = tuple(
        (_date(event.when, lang), event.what, yes if event.told else no, event.source)
        for event in ordered
    )
    head = tuple(say(f"figures.timeline.{name}", lang) for name in ("when", "what", "in", "source"))
    told = sum(event.told for event in ordered)
    alt = say("figures.timeline.alt", lang, count=len(ordered), told=told)

    def draw(axes: Axes) -> None:
        axes.plot([0, 0], [0.4, -len(ordered) + 0.6], color=SOFT, linewidth=2)
        for at, event in enumerate(ordered):
            colour = COLOURS[0] if event.told else "white"
            axes.plot(0, -at, "o", markersize=11, color=colour, markeredgecolor=COLOURS[0])
            axes.text(-0.02, -at, _date(event.when, lang), ha="right", va="center")
            axes.text(0.02, -at, wrapped(event.what, LETTERS), va="center")
        axes.set_xlim(-0.22, 0.78)
        axes.set_ylim(-len(ordered) + 0.4, 0.6)
        axes.axis("off")

    return Picture(title, alt, head, rows, 0.9 + 0.55 * max(1, len(ordered)), draw, lang)


def _date(when: date, lang: str) -> str:
    """Return a date as it is written: « 10 février 2025 », “10 February 2025”."""
    month = say(f"figures.month.{when.month}", lang)
    day = "1er" if lang == "fr" and when.day == 1 else str(when.day)
    return f"{day} {month} {when.year}"
