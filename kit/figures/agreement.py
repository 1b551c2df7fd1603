"""Agreement between readers: how alike their marks are, label by label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kit.figures.ink import COLOURS, RULE, SOFT, bare
from kit.figures.numbers import decimal
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Krippendorff, K. (2019). Content Analysis, 4th ed., p. 356: .800 to rely on, .667 for tentative
# conclusions.
RELY, TENTATIVE = 0.8, 0.667


def agreement(alpha: Mapping[str, float], title: str, lang: str) -> Picture:
    """Show Krippendorff's α of each label, with the two limits of the literature.

    Parameters
    ----------
    alpha : mapping of str to float
        Name of a label → α, at most 1; below 0 it is worse than chance.
    title : str
    lang : {"fr", "en"}
    """
    ordered = sorted(alpha.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = tuple((name, decimal(value, lang)) for name, value in ordered)
    head = (say("figures.agreement.label", lang), "α")
    firm = sum(value >= RELY for _, value in ordered)
    alt = say("figures.agreement.alt", lang, count=len(ordered), firm=firm)

    def draw(axes: Axes) -> None:
        for limit, style in ((RELY, "-"), (TENTATIVE, "--")):
            axes.axvline(limit, color=SOFT, linestyle=style, linewidth=1)
            axes.text(limit, 0.75, decimal(limit, lang), ha="center", color=SOFT)
        for at, (_, value) in enumerate(ordered):
            axes.plot([0, value], [-at, -at], color=COLOURS[0], linewidth=2)
            axes.plot(value, -at, "o", color=COLOURS[0], markersize=9)
        axes.set_yticks([-at for at in range(len(ordered))], [name for name, _ in ordered])
        axes.xaxis.set_major_formatter(lambda value, _at: decimal(value, lang, 1))
        axes.set_xlim(min(0, *(value for _, value in ordered)) - 0.03, 1.03)
        axes.set_ylim(-len(ordered) + 0.4, 1.2)
        axes.grid(axis="x", color=RULE)
        axes.set_axisbelow(True)
        bare(axes, "left")

    return Picture(title, alt, head, rows, 1.2 + 0.4 * max(1, len(ordered)), draw, lang)
