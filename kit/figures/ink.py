"""How figures are drawn: colours for colour-blind eyes, hatching for black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Wong, B. (2011). Points of view: Color blindness. Nature Methods 8, 441; darkened where it has
# to carry text or a thin line (contrast of 4.5 : 1 on white, WCAG 2.2, 1.4.3).
COLOURS = ("#0072b2", "#b94f00", "#00805d", "#a8527f", "#8f6200", "#1f78ad", "#736b00", "#4d4d4d")
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----", "++++", "oooo")
INK, SOFT, RULE, BLANK = "#1b1f24", "#59606a", "#d9dde3", "#f0f1f3"

STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # it comes with matplotlib: the same figure everywhere
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.color": SOFT,
    "ytick.labelcolor": INK,
    "hatch.color": "white",
    "hatch.linewidth": 1.2,
    "svg.hashsalt": "kit",  # the same bytes for the same figure
}


def fill(at: int) -> dict[str, Any]:
    """Return colour and hatching number `at`, as keywords of a patch."""
    return {"facecolor": COLOURS[at % len(COLOURS)], "hatch": HATCHES[at % len(HATCHES)]}


def bare(axes: Axes, *sides: str) -> None:
    """Take away the frame on these sides, and their ticks."""
    for side in sides:
        axes.spines[side].set_visible(False)
    axes.tick_params(left="left" not in sides, bottom="bottom" not in sides)
