"""Progress across lessons: what was right at the first check, and what counts now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.figures.ink import COLOURS, RULE, SOFT, bare
from kit.figures.numbers import percent
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Step:
    """A task and its scores from 0 to 1: at the first check, and now; None: not begun."""

    name: str
    first: float | None
    now: float | None


def progress(steps: Sequence[Step], title: str, lang: str) -> Picture:
    """Show each task as a line from the first check to what counts now."""

    def cell(score: float | None) -> str:
        return "–" if score is None else percent(score, lang)

    rows = tuple((step.name, cell(step.first), cell(step.now)) for step in steps)
    head = tuple(say(f"figures.progress.{name}", lang) for name in ("task", "first", "now"))
    begun = [step for step in steps if step.now is not None]
    better = sum((step.now or 0) > (step.first or 0) for step in begun)
    alt = say("figures.progress.alt", lang, count=len(begun), all=len(steps), better=better)

    def draw(axes: Axes) -> None:
        for at, step in enumerate(steps):
            if step.now is None:
                axes.text(0.01, -at, say("figures.progress.later", lang), va="center", color=SOFT)
                continue
            first = step.now if step.first is None else step.first
            axes.plot([first, step.now], [-at, -at], color=COLOURS[0], linewidth=3)
            axes.plot(first, -at, "o", color="white", markeredgecolor=COLOURS[0], markersize=9)
            axes.plot(step.now, -at, "o", color=COLOURS[0], markersize=9)
        axes.set_yticks([-at for at in range(len(steps))], [step.name for step in steps])
        axes.set_ylim(-len(steps) + 0.4, 0.6)
        axes.set_xlim(-0.03, 1.03)
        ticks = (0, 0.25, 0.5, 0.75, 1)
        axes.set_xticks(ticks, [percent(tick, lang) for tick in ticks])
        axes.grid(axis="x", color=RULE)
        axes.set_axisbelow(True)
        axes.set_xlabel(say("figures.progress.legend", lang))
        bare(axes, "left")

    return Picture(title, alt, head, rows, 1.3 + 0.42 * max(1, len(steps)), draw, lang)
