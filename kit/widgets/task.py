"""The widget of a task: hands the exercise to the page, and the page's actions to the session."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kit.exercise import Task
from kit.messages import say
from kit.session import Session
from kit.widgets.join import module
from kit.widgets.turn import Turn
from kit.widgets.view import view_of

HERE = Path(__file__).parent


class TaskWidget(anywidget.AnyWidget):
    """A task of an exercise, as a learner works on it.

    Parameters
    ----------
    session : Session
        The learner's answers.
    task : Task
        What is asked.
    """

    _esm = module()
    _css = HERE / "task.css"

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, session: Session, task: Task) -> None:
        self._session, self._task = session, task
        self._turn = Turn(session.folder / f"{session.exercise.id}.{task.id}.turn")
        self._pages: set[str] = set()  # greeted before
        super().__init__(view=view_of(session, task))
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        """Describe the widget without its id, so that stored notebooks do not differ."""
        return f"TaskWidget({self._session.exercise.id}, {self._task.id})"

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        match content:
            case {"hello": str(page)}:
                self._greet(page, str(content.get("heir") or ""))
            case {"action": dict(action), "page": str(page)}:
                self._act(page, action | {"task": self._task.id})
            case {"take": str(page)}:
                self._turn.take(page)
                for other in self._pages - {page}:
                    self.send({"to": other, "writer": False})
                self.send({"to": page, "writer": True, "state": self._state()})
            case {"bye": str(page)}:
                self._turn.leave(page)
                self._pages.discard(page)

    def _greet(self, page: str, heir_of: str) -> None:
        writer = self._turn.mine(page, heir_of)
        reply = {"to": page, "writer": writer}
        if page in self._pages:
            self.send(reply | {"alive": True})
        else:
            self._pages.add(page)
            self.send(reply | {"state": self._state()})

    def _act(self, page: str, action: dict[str, Any]) -> None:
        try:
            reply = self._session.act(action)
        except OSError as error:
            why = say(f"notebook.{reason(error)}", self._session.lang, folder=self._session.folder)
            self.send({"to": page, "failed": action.get("id"), "why": why})
        except Exception:
            # A mistake of the kit: the page lets go of this action, what waits behind it is saved.
            why = say("notebook.not_accepted", self._session.lang)
            self.send({"to": page, "failed": action.get("id"), "why": why, "final": True})
            raise
        else:
            self.send({"to": page} | reply)

    def _state(self) -> dict[str, Any]:
        return self._session.state(self._task.id)


def reason(error: OSError) -> str:
    """Name the common causes, so that a learner reads them in their own language."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_full"
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return "read_only"
    return "not_written"
