"""A figure for everyone: drawn, said in words, and as a table; all three from the same data."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.figures.ink import STYLE
from kit.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 8.0  # inches


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure before it is drawn.

    Attributes
    ----------
    title : str
        What it shows.
    alt : str
        What can be read from it, in words.
    head, rows : tuple
        The data table: names of columns, and rows of as many cells.
    height : float
        In inches; the width is `WIDTH`.
    draw : callable
        Draws on the axes it is given.
    lang : {"fr", "en"}
    """

    title: str
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: float
    draw: Callable[[Axes], None]
    lang: str = "fr"

    def figure(self) -> Figure:
        """Draw it; pyplot and its global state are not touched.

        Raises
        ------
        ImportError
            Where matplotlib is not installed.
        """
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context(STYLE):
            figure = Figure(figsize=(WIDTH, self.height), layout="constrained")
            axes = figure.add_subplot()
            axes.set_title(self.title, loc="left", fontweight="bold")
            self.draw(axes)
        return figure

    def svg(self) -> bytes:
        """Return the drawing as SVG, letters as outlines; the same bytes every time."""
        import matplotlib

        stored = io.BytesIO()
        with matplotlib.rc_context(STYLE):
            self.figure().savefig(stored, format="svg", metadata={"Date": None})
        return stored.getvalue()

    def html(self) -> str:
        """Return drawing, words and table as one element; the table alone without matplotlib."""
        words = f"<figcaption>{html.escape(self.alt)}</figcaption>"
        try:
            code = base64.b64encode(self.svg()).decode()
        except ImportError:
            return f'<figure class="kit-figure">{words}{self._table()}</figure>'
        image = (
            f'<img alt="{html.escape(self.title)}" style="max-width:100%;height:auto"'
            f' src="data:image/svg+xml;base64,{code}">'
        )
        fold = f"<summary>{html.escape(say('figures.table', self.lang))}</summary>"
        table = f"<details>{fold}{self._table()}</details>"
        return f'<figure class="kit-figure">{image}{words}{table}</figure>'

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": f"{self.title}. {self.alt}"}

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.head)
        body = "".join(f"<tr>{_row(*map(html.escape, row))}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(name: str, *cells: str) -> str:
    return f'<th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells)
