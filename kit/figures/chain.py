"""Chain of sources: by which hands each reported word came to the reader."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import fill as wrapped
from typing import TYPE_CHECKING

from kit.figures.ink import BLANK, COLOURS, INK, SOFT
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

LETTERS = 20  # in a line of a box


def chain(roads: Sequence[Sequence[str]], title: str, lang: str) -> Picture:
    """Draw each road from the one who spoke, by those who passed it on, to the article.

    Parameters
    ----------
    roads : sequence of sequences of str
        Names from the first speaker to the last one before the article; the same road once.
    title : str
    lang : {"fr", "en"}
    """
    distinct = list(dict.fromkeys(tuple(road) for road in roads if road))
    article = say("figures.chain.article", lang)
    rows = tuple((road[0], " → ".join((*road, article)), str(len(road))) for road in distinct)
    head = tuple(say(f"figures.chain.{name}", lang) for name in ("first", "road", "links"))
    longest = max((len(road) for road in distinct), default=0)
    passed = sum(len(road) > 1 for road in distinct)
    alt = say("figures.chain.alt", lang, count=len(distinct), passed=passed)

    def draw(axes: Axes) -> None:
        goal = _box(axes, longest, -(len(distinct) - 1) / 2, article, COLOURS[0], "white")
        for at, road in enumerate(distinct):
            first = longest - len(road)
            boxes = [_box(axes, first + step, -at, name, BLANK) for step, name in enumerate(road)]
            for one, next_ in pairwise([*boxes, goal]):
                _arrow(axes, one, next_)
        axes.set_xlim(-0.5, longest + 0.5)
        axes.set_ylim(-max(1, len(distinct)) + 0.4, 0.6)
        axes.axis("off")

    return Picture(title, alt, head, rows, 1.0 + 0.62 * max(1, len(distinct)), draw, lang)


def _box(axes: Axes, x: float, y: float, name: str, colour: str, ink: str = INK) -> Text:
    return axes.text(
        x, y, wrapped(name, LETTERS, max_lines=2, placeholder="…"), ha="center", va="center",
        color=ink, fontsize=10,
        bbox={"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": SOFT},
    )  # fmt: skip


def _arrow(axes: Axes, one: Text, other: Text) -> None:
    axes.annotate(
        "", other.get_position(), one.get_position(),
        arrowprops={"arrowstyle": "-|>", "color": SOFT, "linewidth": 1.4, "shrinkA": 2,
                    "shrinkB": 2, "patchA": one.get_bbox_patch(),
                    "patchB": other.get_bbox_patch()},
    )  # fmt: skip
