"""Calibration: how often somebody is right when they say how sure they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kit.figures.ink import BLANK, COLOURS, RULE, SOFT
from kit.figures.numbers import percent
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENOUGH = 3  # answers of one confidence before a point says anything


def calibration(given: Iterable[tuple[float, bool]], title: str, lang: str) -> Picture:
    """Show confidence against the share that was right, and how many answers each point has.

    Parameters
    ----------
    given : iterable of (float, bool)
        How sure, from 0 to 1, and whether right.
    title : str
    lang : {"fr", "en"}
    """
    by: dict[float, list[bool]] = {}
    for sure, right in given:
        by.setdefault(sure, []).append(right)
    points = [(sure, sum(by[sure]) / len(by[sure]), len(by[sure])) for sure in sorted(by)]
    rows = tuple(
        (percent(sure, lang), percent(share, lang), str(count)) for sure, share, count in points
    )
    head = tuple(say(f"figures.calibration.{name}", lang) for name in ("sure", "right", "answers"))
    total = sum(count for _, _, count in points)
    gap = sum((sure - share) * count for sure, share, count in points) / total if total else 0.0
    tone = "none" if not total else "sure" if gap > 0.1 else "unsure" if gap < -0.1 else "even"
    alt = say(f"figures.calibration.alt.{tone}", lang)

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linestyle="--", linewidth=1)
        axes.text(1.04, 0, say("figures.calibration.line", lang), color=SOFT, ha="right")
        for sure, share, count in points:
            enough = count >= ENOUGH
            axes.plot(
                sure, share, "o", markersize=8 + min(count, 20) / 2,
                color=COLOURS[0] if enough else BLANK, markeredgecolor=COLOURS[0],
            )  # fmt: skip
            axes.annotate(
                str(count), (sure, share), (0, 12), textcoords="offset points", ha="center"
            )
        ticks = (0, 0.25, 0.5, 0.75, 1)
        axes.set_xticks(ticks, [percent(tick, lang) for tick in ticks])
        axes.set_yticks(ticks, [percent(tick, lang) for tick in ticks])
        axes.set_xlim(-0.05, 1.05)
        axes.set_ylim(-0.05, 1.12)
        axes.grid(color=RULE)
        axes.set_axisbelow(True)
        axes.set_xlabel(head[0])
        axes.set_ylabel(head[1])

    return Picture(title, alt, head, rows, 4.2, draw, lang)
