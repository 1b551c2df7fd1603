"""A place for a figure of the learner's own marks, with a button that draws it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from kit.errors import KitError
from kit.figures.picture import Picture
from kit.messages import in_words, say
from kit.widgets.desk import desk, language
from kit.widgets.note import Note


class PicturePlace(ipywidgets.VBox):
    """Shows a picture of what the learner at the desk has marked so far.

    Parameters
    ----------
    drawn : callable
        Returns the picture; None while there is nothing to show.
    """

    def __init__(self, drawn: Callable[[], Picture | None]) -> None:
        self._drawn = drawn
        self._again = ipywidgets.Button(
            description=say("figures.draw", language()), layout={"width": "auto"}
        )
        self._again.on_click(self._draw)
        super().__init__()
        desk.tell(self._seat)

    def __repr__(self) -> str:
        """Describe the place without its id, so that stored notebooks do not differ."""
        return "PicturePlace()"

    def _seat(self, learner: str | None) -> None:
        if learner is None:
            self.children = [Note(say("notebook.wait", language()))]
        else:
            self._draw()

    def _draw(self, _button: Any = None) -> None:
        lang = language()
        try:
            picture = self._drawn()
        except KitError as error:
            self.children = [Note("\n\n".join(in_words(each, lang) for each in error.mistakes))]
            return
        shown = ipywidgets.HTML(picture.html()) if picture else Note(say("figures.empty", lang))
        self.children = [shown, self._again]
