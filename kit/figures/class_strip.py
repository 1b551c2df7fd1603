"""Class strip: how many of a class marked each word of a text, above what the key marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.article import Article
from kit.figures.article_map import runs
from kit.figures.ink import BLANK, COLOURS, RULE, bare
from kit.figures.numbers import percent
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 5  # passages in the table


def class_strip(
    article: Article,
    counts: Sequence[int],
    learners: int,
    key: frozenset[int] | None,
    title: str,
    lang: str,
) -> Picture:
    """Show the share of a class that marked each word.

    Parameters
    ----------
    article : Article
    counts : sequence of int
        For each word of the text, how many learners marked it.
    learners : int
        Learners in all, at least 1.
    key : frozenset of int or None
        Words of the key; None keeps it hidden.
    title : str
    lang : {"fr", "en"}
    """
    marked = frozenset(word for word, count in enumerate(counts) if 2 * count >= learners)
    passages = sorted(runs(marked), key=lambda run: -max(counts[run[0] : sum(run)]))[:MOST]
    rows = tuple(
        (
            article.text[article.words[first].start : article.words[first + count - 1].end],
            percent(max(counts[first : first + count]) / learners, lang),
        )
        for first, count in passages
    )
    head = tuple(say(f"figures.class.{name}", lang) for name in ("passage", "share"))
    alt = say("figures.class.alt", lang, count=learners, passages=len(runs(marked)))

    def draw(axes: Axes) -> None:
        shares = [count / learners for count in counts]
        axes.fill_between(range(len(shares)), shares, step="post", color=COLOURS[0], linewidth=0)
        if key is not None:
            axes.broken_barh([(0, len(counts))], (-0.22, 0.14), facecolor=BLANK)
            axes.broken_barh(runs(key), (-0.22, 0.14), facecolor=COLOURS[1])
        for place in list(article.paragraphs.values())[1:]:
            axes.axvline(min(article.words_of([place])), color=RULE, linewidth=1)
        ticks = (0, 0.5, 1)
        axes.set_yticks(ticks, [percent(tick, lang) for tick in ticks])
        axes.set_xlim(0, len(counts))
        axes.set_xticks([])
        axes.set_ylim(-0.25, 1.02)
        bare(axes, "bottom")

    return Picture(title, alt, head, rows, 2.4, draw, lang)
