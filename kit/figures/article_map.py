"""Map of an article: its words as a strip, one strip a layer, coloured where they are marked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from kit.article import Article
from kit.figures.ink import BLANK, RULE, bare, fill
from kit.figures.numbers import percent
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def article_map(
    article: Article, layers: Mapping[str, frozenset[int]], title: str, lang: str
) -> Picture:
    """Show where in a text which layer was marked.

    Parameters
    ----------
    article : Article
    layers : mapping of str to frozenset of int
        Name of each layer → numbers of its marked words, from 0.
    title : str
        What is shown of what text.
    lang : {"fr", "en"}
    """
    paragraphs = {
        name: article.words_of([place]) for name, place in article.paragraphs.items() if place
    }
    total = len(article.words)

    def of(words: frozenset[int], within: frozenset[int]) -> str:
        return percent(len(words & within) / len(within), lang) if within else "–"

    said = [
        say("figures.map.layer", lang, layer=name, share=percent(len(words) / total, lang))
        for name, words in layers.items()
    ]
    rows = [
        (name, str(len(within)), *(of(words, within) for words in layers.values()))
        for name, within in paragraphs.items()
    ]
    head = (say("figures.map.paragraph", lang), say("figures.map.words", lang), *layers)

    def draw(axes: Axes) -> None:
        for at, words in enumerate(layers.values()):
            axes.broken_barh([(0, total)], (-at - 0.4, 0.8), facecolor=BLANK)
            axes.broken_barh(runs(words), (-at - 0.4, 0.8), linewidth=0, **fill(at))
        starts = [min(within) for within in paragraphs.values() if within]
        for start in starts[1:]:
            axes.axvline(start, color=RULE, linewidth=1)
        middles = [(start + end) / 2 for start, end in pairwise([*starts, total])]
        axes.set_xticks(middles, [name for name, within in paragraphs.items() if within])
        axes.set_yticks([-at for at in range(len(layers))], list(layers))
        axes.set_xlim(0, total)
        bare(axes, "left", "bottom")

    alt = say("figures.map.alt", lang, count=total, layers=" ".join(said))
    return Picture(title, alt, head, tuple(rows), 1.1 + 0.55 * len(layers), draw, lang)


def runs(words: frozenset[int]) -> list[tuple[int, int]]:
    """Return runs of neighbouring words as (first, how many).

    Examples
    --------
    >>> runs(frozenset({3, 4, 9}))
    [(3, 2), (9, 1)]
    """
    found: list[tuple[int, int]] = []
    for word in sorted(words):
        if found and word == sum(found[-1]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((word, 1))
    return found
