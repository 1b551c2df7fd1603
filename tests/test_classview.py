"""The class view in a real kernel: it watches, answers meanwhile, stops, and shows no name."""

import asyncio
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kit.classroom import classview
from kit.classroom.classview import ClassView, class_view
from kit.demo_class import demo_class
from kit.widgets.note import Note
from tests.test_watch import work

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "fr" / "enseignant" / "vue-de-classe.ipynb"

# Thirty files arrive at once; how long until the page is told of all of them?
DROP = """
import asyncio, shutil, time
from kit.classroom.classview import _open
view = next(view for (_, task, _), view in _open.items() if task == "bias")
shown = []
view.observe(lambda change: shown.append(change.new["handedIn"]), "figures")
for path in sorted(__import__("pathlib").Path(MADE).glob("*.json")):
    shutil.copy(path, view._watch.folder)
begin, slowest = time.monotonic(), 0.0
while not shown or shown[-1] != 30:
    before = time.monotonic()
    assert before - begin < 10, shown
    await asyncio.sleep(0.01)
    slowest = max(slowest, time.monotonic() - before)
took = time.monotonic() - begin
await asyncio.sleep(1.5)
assert shown[-1] == 30 and max(shown) == 30, shown
print(json.dumps({"took": took, "slowest": slowest, "shown": shown}))
"""


@pytest.fixture
def home(tmp_path):
    """A copy of the course with an empty folder of hand-ins, and thirty of them beside it."""
    for part in ("notebooks", "exercises"):
        ignore = shutil.ignore_patterns("supplied", "reponses", ".ipynb_checkpoints")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignore)
    (tmp_path / "remises").mkdir()
    return tmp_path


@pytest.fixture
def made(tmp_path_factory, monkeypatch):
    """Thirty simulated hand-ins."""
    monkeypatch.chdir(ROOT)
    folder = tmp_path_factory.mktemp("made") / "class"
    demo_class(30, 1, folder)
    return folder


@pytest.fixture
def opened(course, halle):
    """A class view of *halle*, of one learner, in a folder that nobody but the test looks at."""
    (course / "remises").mkdir()
    (course / "remises" / "Bérénice.json").write_bytes(work(halle, "Bérénice", count=2))
    view = class_view("halle", "bias")
    view.look()
    view.look()
    yield view
    view.close()


def watches():
    """The tasks that look at a folder."""
    name = ClassView._run.__qualname__
    return [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == name]


def looped(made):
    """Run a coroutine in a thread of its own: browser tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(made())).result()


def execute(path, *cells):
    """Run a notebook in a kernel, with these cells behind it; return what they print."""
    notebook = nbformat.read(path, 4)
    notebook.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": path.parent}}).execute()
    return [output.text for output in notebook.cells[-1].outputs if output.name == "stdout"]


def test_the_notebook_runs_with_and_without_hand_ins(home, made):
    """From top to bottom: no folder, then thirty hand-ins in it."""
    path = home / NOTEBOOK.relative_to(ROOT)
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout=60", "-q"]
    for fill in (False, True):
        shutil.rmtree(home / "remises")
        if fill:
            shutil.copytree(made, home / "remises")
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider", path], cwd=home, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
        (home / "remises").mkdir(exist_ok=True)


def test_thirty_dropped_at_once_are_all_shown_within_two_seconds(home, made):
    """In a real kernel: all, none twice, without restarting; the kernel answers meanwhile."""
    path = home / NOTEBOOK.relative_to(ROOT)
    (said,) = execute(path, f"import json\nMADE = {str(made)!r}", DROP)
    told = json.loads(said)
    assert told["took"] < 2, told
    assert told["slowest"] < 0.5, told


def test_every_code_cell_is_one_line():
    """A teacher who does not program can still see what a cell does."""
    cells = nbformat.read(NOTEBOOK, 4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert len(code) >= 2
    assert not [source for source in code if "\n" in source]


def test_the_key_is_sent_only_when_asked_for(opened):
    """Hidden at first, shown on demand, gone when it is hidden again."""
    assert opened.figures["handedIn"] == 1
    assert opened.told == {}
    assert "Personne n’a compté" not in json.dumps([opened.view, opened.figures])
    opened._receive(opened, {"key": True}, [])
    assert "Personne n’a compté" in str(opened.told)
    opened._receive(opened, {"key": False}, [])
    assert opened.told == {}


def test_the_key_follows_the_class(opened, course, halle):
    """With the key on the screen, a new hand-in changes the figures against it too."""
    opened._receive(opened, {"key": True}, [])
    before = opened.told["items"][0]["of"]
    (course / "remises" / "anna.json").write_bytes(work(halle, "anna"))
    opened.look()
    opened.look()
    assert (before, opened.told["items"][0]["of"]) == (1, 2)


def test_nothing_on_the_page_names_a_learner(opened):
    """Neither text, nor figures, nor the class against the key."""
    opened._receive(opened, {"key": True}, [])
    assert "rénice" not in json.dumps([opened.view, opened.figures, opened.told])


def test_bad_files_are_told_in_words(opened, course):
    """With the sentence that `kit grade` has for them."""
    (course / "remises" / "cahier.ipynb").write_text("{}")
    opened.look()
    opened.look()
    (problem,) = opened.figures["problems"]
    assert problem["file"] == "cahier.ipynb"
    assert "cahier" in problem["why"]


def test_closing_ends_the_watch(course):
    """No task is left behind, and the folder is not looked at any more."""

    async def open_and_close():
        view = class_view("halle", "bias")
        await asyncio.sleep(0.05)
        running = len(watches())
        view.close()
        await asyncio.sleep(0.05)
        return running, watches()

    assert looped(open_and_close) == (1, [])


def test_running_the_cell_again_leaves_one_watch(course):
    """The view that was there before is closed."""

    async def twice():
        first = class_view("halle", "bias")
        second = class_view("halle", "bias")
        await asyncio.sleep(0.05)
        running = len(watches())
        second.close()
        await asyncio.sleep(0)
        return running, first.comm is None

    assert looped(twice) == (1, True)


def test_a_look_that_fails_ends_nothing(course, monkeypatch, caplog):
    """A full disk, a mistake of the kit: it is logged, and the next look goes well."""
    monkeypatch.setattr(classview, "INTERVAL", 0.01)
    looks = []

    def look(_watch):
        looks.append(1)
        if len(looks) == 1:
            raise OSError("full")
        return False

    monkeypatch.setattr(classview.Watch, "look", look)

    async def watched():
        view = class_view("halle", "bias")
        await asyncio.sleep(0.2)
        view.close()
        await asyncio.sleep(0.05)

    looped(watched)
    assert len(looks) > 2
    assert "full" in caplog.text


@pytest.mark.parametrize(
    ("exercise", "task", "said"),
    [("nowhere", "bias", "nowhere"), ("halle", "nothing", "nothing")],
)
def test_what_cannot_be_shown_is_said(course, exercise, task, said):
    """An unknown exercise or task gives a sentence, not a traceback."""
    note = class_view(exercise, task)
    assert isinstance(note, Note)
    assert said in note.value


def test_verdicts_can_be_shown_and_numbers_cannot(monkeypatch, tmp_path):
    """Statements are passages too; what is about no passage is said to be none."""
    monkeypatch.chdir(ROOT)
    view = class_view("openai-verif", "verdicts", tmp_path)
    assert view.view["labels"][0]["name"] == "exact"
    view.close()
    note = class_view("openai-verif", "figures", tmp_path)
    assert isinstance(note, Note)
    assert "figures" in note.value


def test_without_a_key_there_is_a_sentence(course):
    """An exam whose key is elsewhere says how to name its folder."""
    keys = course / "keys" / "halle"
    keys.mkdir(parents=True)
    shutil.move(course / "exercises" / "halle" / "key.toml", keys)
    assert isinstance(class_view("halle", "bias"), Note)
    view = class_view("halle", "bias", key=course / "keys")
    assert isinstance(view, ClassView)
    view.close()
