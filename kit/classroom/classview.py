"""The class view: what a class marked, live while hand-ins arrive, on a projector; no names."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from kit import course
from kit.classstats import board, verdicts
from kit.classstats.marking import KINDS
from kit.classstats.watch import Watch
from kit.codebook import codebook
from kit.errors import KitError
from kit.exercise import Exercise, Task
from kit.grading import remarks
from kit.grading.grade import Bench
from kit.loading import load
from kit.messages import in_words, say, section
from kit.widgets.desk import language
from kit.widgets.join import FOLDER, joined
from kit.widgets.note import Note

HERE = Path(__file__).parent
SHARED = ("words", "dom", "live")
PAGES = ("classview-text", "classview-tables", "classview")
INTERVAL = 0.5  # seconds between two looks: two of them and the reading stay below 2 s
BEAT = 8  # looks between two signs of life

_open: dict[tuple[str, str, str], ClassView] = {}


def class_view(
    exercise: str, task: str, folder: str | Path = "remises", *, key: str | Path | None = None
) -> ipywidgets.Widget:
    """Show what a class marked in a task, while its hand-ins arrive in a folder.

    Parameters
    ----------
    exercise, task : str
        Their ids, e.g. ``"openai-bid"``, ``"bias"``.
    folder : str or Path
        Where the hand-ins arrive; from the folder of the course where it does not begin at the
        root. It may not exist yet.
    key : str or Path, optional
        Folder of the keys, where the course has none (an exam): then last answers count.
    """
    lang = language()
    try:
        loaded = load(exercise, key=Path(key) if key else True)
        asked = loaded.task(task)
    except KitError as error:
        return Note("\n\n".join(in_words(mistake, lang) for mistake in error.mistakes))
    except KeyError:
        return Note(say("notebook.no_task", lang, task=task))
    if loaded.key is None:
        return Note(say("classview.no_key", lang))
    if asked.kind == verdicts.KIND:
        loaded, asked = verdicts.as_clauses(loaded, asked)
    if asked.kind not in KINDS:
        return Note(say("classview.other_kind", lang, task=task))
    place = course.home() / folder
    bench = Bench(str(key or ""), "exam" if key else "practice")
    before = _open.pop((exercise, task, str(place)), None)
    if before is not None:  # the cell is run again: two watches would read everything twice
        before.close()
    view = ClassView(loaded, asked, Watch(place, exercise, bench), str(folder), lang)
    _open[exercise, task, str(place)] = view
    return view


class ClassView(anywidget.AnyWidget):
    """A class at one task.

    Parameters
    ----------
    exercise : Exercise
        With its key.
    task : Task
        What was asked.
    watch : Watch
        The folder of the hand-ins.
    folder : str
        Its name, as the page shows it.
    lang : {"fr", "en"}
        Of every word around the text.
    """

    _esm = joined(
        [*(FOLDER / f"{part}.js" for part in SHARED), *(HERE / f"{page}.js" for page in PAGES)]
    )
    _css = HERE / "classview.css"

    view = traitlets.Dict().tag(sync=True)
    figures = traitlets.Dict().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)  # the key and what depends on it; empty while hidden

    def __init__(
        self, exercise: Exercise, task: Task, watch: Watch, folder: str, lang: str
    ) -> None:
        self._exercise, self._task, self._watch, self._lang = exercise, task, watch, lang
        self._asked = False
        super().__init__(view=view_of(exercise, task, folder, lang), figures=self._reckon())
        self.on_msg(self._receive)
        self._work = self._begin()

    def __repr__(self) -> str:
        """Describe the view without its id, so that stored notebooks do not differ."""
        return f"ClassView({self._exercise.id}, {self._task.id})"

    def close(self) -> None:
        """Close the view; the folder is not watched any more."""
        if self._work is not None:
            self._work.cancel()
        super().close()

    def look(self) -> None:
        """Look once at the folder; where no event loop runs nobody else does."""
        if self._watch.look():
            self._show(self._reckon())

    def _begin(self) -> asyncio.Task[None] | None:
        try:
            return asyncio.get_running_loop().create_task(self._run())
        except RuntimeError:  # no loop: a script, not a notebook
            return None

    async def _run(self) -> None:
        """Watch until closed; reading and reckoning leave the kernel free to answer the page."""
        looks = 0
        while True:
            try:
                if await asyncio.to_thread(self._watch.look):
                    self._show(await asyncio.to_thread(self._reckon))
            except Exception:  # a full disk, a mistake of the kit: the next look may go well
                logging.getLogger(__name__).exception("class view")
            if looks % BEAT == 0:
                self.send({"beat": True})
            looks += 1
            await asyncio.sleep(INTERVAL)

    def _show(self, figures: dict[str, Any]) -> None:
        with self.hold_sync():
            self.figures = figures
            self._tell()

    def _tell(self) -> None:
        records = self._watch.counted
        self.told = (
            board.against(self._exercise, self._task, records, self._lang) if self._asked else {}
        )

    def _reckon(self) -> dict[str, Any]:
        watch = self._watch
        return board.figures(self._exercise, self._task, watch.counted) | {
            "problems": [
                {"file": problem.file, "why": remarks.why(problem.reason, self._lang)}
                for problem in watch.problems
            ],
            "waiting": watch.waiting,
            "elsewhere": watch.elsewhere,
            "missing": not watch.folder.is_dir(),
        }

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        match content:
            case {"key": bool(asked)}:
                self._asked = asked
                self._tell()
            case {"hello": True}:
                self.send({"beat": True})


def view_of(exercise: Exercise, task: Task, folder: str, lang: str) -> dict[str, Any]:
    """Return what the page is given once and for all: the text in words, and all it says."""
    return {
        "kind": task.kind,
        "lang": lang,
        "textLang": exercise.lang,
        "title": exercise.title[lang],
        "task": codebook().layers[task.layer].name[lang],
        "notice": exercise.notice[lang],
        "folder": folder,
        "words": section("classview", lang),
        "labels": board.labels(task, lang),
        "paragraphs": board.text_of(exercise, task),
    }
