"""The review of a class in a notebook: open answers to mark, agreement, contested passages."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from kit import course
from kit.errors import KitError
from kit.exercise import Exercise
from kit.grading.gradebook import Plan, grade_class
from kit.loading import load
from kit.messages import in_words, say, section
from kit.review import rubric
from kit.review.sitting import Refused, Sitting
from kit.widgets.desk import language
from kit.widgets.join import beside
from kit.widgets.note import Note
from kit.widgets.task import reason

HERE = Path(__file__).parent
WIDGETS = HERE.parent / "widgets"
PAGES = ("review-queue", "review-agreement", "review-contests", "review")
SHARED = ("words", "names", "dom", "shelf", "channel", "saver", "live", "status", "confirm")
_COMMON = (
    "status.",
    "banner.",
    "live.late",
    "live.failed",
    "confirm.",
    "key.Escape",
)  # words of the shared parts


def review(
    submissions: str | Path,
    to: str | Path,
    *,
    key: str | Path | None = None,
    mode: str = "",
    roster: str | Path | None = None,
    late: str = "last",
    anonymous: bool = True,
) -> ipywidgets.Widget:
    """Grade a class as ``kit grade`` does, and show what a teacher has to decide about it.

    Parameters
    ----------
    submissions, to : str or Path
        Folder or zip of the hand-ins, folder of the results; from the folder of the course where
        they do not begin at the root.
    key, mode, roster, late
        As for ``kit grade``: the class is graded again after a contest is accepted.
    anonymous : bool
        Whether names are hidden at first.
    """
    lang = language()
    plan = Plan(
        course.home() / submissions,
        course.home() / to,
        course.home() / key if key else None,
        mode,
        course.home() / roster if roster else None,
        late,
        lang=lang,
    )
    if not _has_files(plan.submissions):
        return Note(say("review.nothing", lang, folder=submissions))
    try:
        summary = grade_class(plan)
    except KitError as error:
        return Note("\n\n".join(in_words(mistake, lang) for mistake in error.mistakes))
    if not summary.statuses:
        return Note(say("review.nothing", lang, folder=submissions))
    return ReviewWidget(plan, anonymous=anonymous)


class ReviewWidget(anywidget.AnyWidget):
    """What a teacher decides about a class, on the screen.

    Parameters
    ----------
    plan : Plan
        How the class was graded, and is graded again.
    anonymous : bool
        Whether names are hidden at first.
    """

    _esm = beside([HERE / f"{page}.js" for page in PAGES], *SHARED)
    _css = (WIDGETS / "task.css").read_text("utf-8") + (HERE / "review.css").read_text("utf-8")

    view = traitlets.Dict().tag(sync=True)

    def __init__(self, plan: Plan, *, anonymous: bool = True) -> None:
        self._plan, self._lang = plan, plan.lang
        self._sitting = Sitting(plan.to, cache(self._find), plan.lang)
        self._marker, self._anonymous = "", anonymous
        self._pages: set[str] = set()  # greeted before
        super().__init__(view=view_of(plan.to, plan.lang))
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        """Describe the widget without its id, so that stored notebooks do not differ."""
        return f"ReviewWidget({self._plan.to.name})"

    def _find(self, id: str) -> Exercise | None:
        """Return an exercise with the key its author wrote."""
        try:
            return load(id, key=self._plan.keys or True)
        except KitError:
            return None

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        match content:
            case {"hello": str(page)} if page in self._pages:
                self.send({"to": page, "alive": True})
            case {"hello": str(page)}:
                self._pages.add(page)
                self._show(page)
            case {"sit": str(name), "page": str(page)}:
                self._marker = course.pseudonym(name) or ""
                self._show(page)
            case {"anonymous": bool(anonymous), "page": str(page)}:
                self._anonymous = anonymous
                self._show(page)
            case {"action": dict(action), "page": str(page)}:
                self._act(page, action)
            case {"again": str(page)}:
                self._show(page)
            case {"bye": str(page)}:
                self._pages.discard(page)

    def _act(self, page: str, action: dict[str, Any]) -> None:
        answer = {"to": page, "failed": action.get("id")}
        try:
            changed = self._sitting.act(action)
        except OSError as error:
            why = say(f"notebook.{reason(error)}", self._lang, folder=self._plan.to)
            self.send(answer | {"why": why})
        except Refused as refused:
            self.send(
                answer | {"why": say(f"review.refused.{refused.code}", self._lang), "final": True}
            )
        except Exception:
            # A mistake of the kit: the page lets go of this action, what waits behind it is saved.
            self.send(answer | {"why": say("review.not_accepted", self._lang), "final": True})
            raise
        else:
            self.send({"to": page, "saved": action.get("id")} | changed)
            if changed.get("regrade"):
                self._regrade(page)
            elif changed.get("reload"):
                self._show(page)

    def _show(self, page: str, **more: Any) -> None:
        state = self._sitting.state(self._marker, anonymous=self._anonymous)
        self.send({"to": page, "state": state} | more)

    def _regrade(self, page: str) -> None:
        """Grade the class with the key as it is now, and tell how many rows that has changed."""
        before = _rows(self._plan.to)
        try:
            grade_class(self._plan)
        except KitError as error:
            trouble = "\n\n".join(in_words(mistake, self._lang) for mistake in error.mistakes)
            self._show(page, told=trouble)
            return
        after = _rows(self._plan.to)
        count = sum(before.get(row) != points for row, points in after.items())
        self._sitting.read()
        self._show(page, told=say("review.regraded", self._lang, count=count))


def view_of(results: Path, lang: str) -> dict[str, Any]:
    """Return what the page needs to know once."""
    common = {id: text for id, text in section("widget", lang).items() if id.startswith(_COMMON)}
    words = common | section("review", lang)
    words["banner.failed"] = say("review.not_saved", lang, why="{why}")
    try:
        shown = results.relative_to(course.home())
    except ValueError:
        shown = results
    words["folder"] = say("review.folder", lang, folder=shown)
    return {
        "lang": lang,
        "id": f"review/{results}",
        "words": words,
        "levels": list(rubric.LEVELS),
    }


def _has_files(path: Path) -> bool:
    """Whether something was handed in: files of a system do not count."""
    if path.is_dir():
        return any(not each.name.startswith(".") for each in path.iterdir())
    return path.is_file()


def _rows(results: Path) -> dict[tuple[str, ...], str]:
    """Return the points of each row of the gradebook."""
    with (results / "gradebook.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["exercise"], row["learner"], row["page"]): f"{row['points']}/{row['max']}"
            for row in csv.DictReader(file)
        }
