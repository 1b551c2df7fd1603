"""Voices of an article: who gets how many of its words, and who has a stake in the matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.figures.ink import BLANK, COLOURS, SOFT, bare
from kit.figures.numbers import percent
from kit.figures.picture import Picture
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST = 32  # letters of a name beside a bar


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody whose words an article reports: how many, and whether they have a stake."""

    name: str
    words: int
    stake: bool = False


def voices(heard: Sequence[Voice], total: int, title: str, lang: str) -> Picture:
    """Show the share of the article's words that each voice has; the rest is the author's.

    Parameters
    ----------
    heard : sequence of Voice
        Their words do not overlap.
    total : int
        Words of the article.
    title : str
    lang : {"fr", "en"}
    """
    ordered = sorted(heard, key=lambda voice: (-voice.words, voice.name))
    author = max(0, total - sum(voice.words for voice in ordered))
    shown = [*ordered, Voice(say("figures.voices.author", lang), author)]
    yes, no = say("figures.voices.stake", lang), say("figures.voices.no_stake", lang)
    rows = tuple(
        (
            voice.name,
            str(voice.words),
            percent(voice.words / total, lang),
            yes if voice.stake else no,
        )
        for voice in shown
    )
    head = tuple(
        say(f"figures.voices.{name}", lang) for name in ("voice", "words", "share", "interest")
    )
    staked = sum(voice.words for voice in ordered if voice.stake)
    alt = say(
        "figures.voices.alt",
        lang,
        count=len(ordered),
        author=percent(author / total, lang),
        stake=percent(staked / total, lang),
    )

    def draw(axes: Axes) -> None:
        for at, voice in enumerate(shown):
            last = at == len(shown) - 1
            axes.barh(
                -at,
                voice.words,
                height=0.7,
                facecolor=BLANK if last else COLOURS[0],
                edgecolor=SOFT if last else "white",
                hatch="////" if voice.stake else "",
            )
            mark = f"{percent(voice.words / total, lang)}{f' · {yes}' if voice.stake else ''}"
            axes.text(voice.words + total * 0.01, -at, mark, va="center")
        axes.set_yticks([-at for at in range(len(shown))], [_short(each.name) for each in shown])
        axes.set_xlim(0, 1.3 * max(1, *(voice.words for voice in shown)))
        axes.set_xticks([])
        bare(axes, "left", "bottom")

    return Picture(title, alt, head, rows, 0.8 + 0.42 * len(shown), draw, lang)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
