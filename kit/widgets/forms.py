"""Two small forms: who is marking, and the box into which a published article is pasted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kit import course
from kit.errors import KitError
from kit.messages import in_words, say, section
from kit.widgets.desk import desk, language

HERE = Path(__file__).parent


class _Form(anywidget.AnyWidget):
    """What both forms share: words, a state the page draws, and messages from it."""

    _css = HERE / "forms.css"
    words = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__(words=section("form", language()), state=state)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        raise NotImplementedError


class LearnerForm(_Form):
    """Asks for a pseudonym; « changer d’élève » is one click."""

    _esm = HERE / "learner.js"

    def __init__(self) -> None:
        super().__init__({})
        desk.tell(self._show)

    def __repr__(self) -> str:
        """Describe the form without its id, so that stored notebooks do not differ."""
        return "LearnerForm()"

    def _show(self, learner: str | None) -> None:
        self.state = {"learner": learner or "", "folder": f"{course.responses().name}/{learner}"}

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if "leave" in content:
            desk.sit(None)
            return
        name = course.pseudonym(str(content.get("learner", "")))
        lang = language()
        if name is None:
            self.state = {"learner": "", "error": say("form.name_missing", lang)}
        elif (course.responses() / name).is_dir() and not content.get("mine"):
            self.state = {"learner": "", "known": name}
        else:
            desk.sit(name)


class SupplyForm(_Form):
    """Takes a pasted article; the exercise that has its key opens below."""

    _esm = HERE / "supply.js"

    def __init__(self, opened: Any) -> None:
        from kit import intake  # here: the form of the learner opens sooner without it

        self._opened = opened
        super().__init__({"known": intake.available()})

    def __repr__(self) -> str:
        """Describe the form without its id, so that stored notebooks do not differ."""
        return "SupplyForm()"

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        from kit import intake

        lang = language()
        if "open" in content:
            self._opened(str(content["open"]))
            return
        try:
            exercise, found = intake.add(str(content.get("text", "")))
        except KitError as error:
            refused = "\n".join(in_words(mistake, lang) for mistake in error.mistakes)
            self.state = {"known": intake.available(), "error": refused}
            return
        said = intake.in_words(exercise, found, lang)
        self.state = {"known": intake.available(), "said": said}
        self._opened(exercise)
