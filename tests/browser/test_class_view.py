"""The class view in a real JupyterLab: hand-ins arrive while the class looks."""

import shutil
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from kit.demo_class import hand_ins
from kit.loading import load
from tests.browser.lab import open_notebook

pytestmark = pytest.mark.browser

NOTEBOOK = "enseignant/vue-de-classe"
COUNT = "() => Number(document.querySelector('.kit-class-count strong')?.textContent)"

# Every number the page shows, with the time: none may be above the class, nor fall back.
RECORD = """() => {
  const count = document.querySelector('.kit-class-count');
  window.counts = [];
  new MutationObserver(() => window.counts.push(Number(count.querySelector('strong').textContent)))
    .observe(count, {childList: true});
}"""


def first_view(page):
    """The class view of the first task in the notebook."""
    view = page.locator(".kit-class").first
    view.get_by_text("Dossier surveillé").wait_for()
    return view


def drop(home, learners, start=0):
    """Put hand-ins of a simulated class into the watched folder, all at once."""
    folder = home / "remises"
    folder.mkdir(exist_ok=True)
    made = [data for _, data in hand_ins(load("openai-bid"), learners, 1)]
    for number, data in enumerate(made[start:], start=start):
        (folder / f"eleve-{number}.json").write_bytes(data)


@pytest.fixture
def remises(course):
    """An empty folder of hand-ins, gone after the test."""
    folder = course / "remises"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_thirty_dropped_at_once_are_on_the_screen_within_two_seconds(page, lab, course, remises):
    """All thirty, none twice, while the page is open; the key answers, axe finds nothing."""
    open_notebook(page, lab, NOTEBOOK)
    view = first_view(page)
    view.get_by_text("Aucune copie pour l’instant").wait_for()
    page.evaluate(RECORD)
    begin = time.monotonic()
    drop(course, 30)
    page.wait_for_function(f"{COUNT[6:]} === 30", timeout=10_000, polling=20)
    took = time.monotonic() - begin
    assert took < 2, took
    assert view.locator(".kit-live[aria-live=polite]").text_content() == "30 nouvelles copies"
    page.wait_for_timeout(2000)  # four more looks
    counts = page.evaluate("window.counts")
    assert max(counts) == 30
    assert counts == sorted(counts)
    assert view.locator(".kit-class-text .kit-badge").count() > 10
    axe = Axe()
    found = axe.run(page, context=".jp-OutputArea-output .kit-class")
    assert found.violations_count == 0, found.generate_report()
    view.get_by_role("button", name="Montrer la clé").click()
    view.get_by_role("heading", name="Étiquettes confondues").wait_for()
    found = axe.run(page, context=".jp-OutputArea-output .kit-class")
    assert found.violations_count == 0, found.generate_report()


def test_a_half_written_file_waits(page, lab, course, remises):
    """It is neither counted nor told as bad while it grows; when it is whole it counts."""
    drop(course, 3)
    open_notebook(page, lab, NOTEBOOK)
    first_view(page)
    page.wait_for_function(f"{COUNT[6:]} === 3", timeout=10_000)
    data = [data for _, data in hand_ins(load("openai-bid"), 4, 1)][3]
    path = Path(remises, "grand.json")
    for part in range(1, 6):
        path.write_bytes(data[: part * len(data) // 6])
        page.wait_for_timeout(400)
        assert page.evaluate(COUNT) == 3
        assert page.get_by_text("n’est pas compté").first.is_hidden()
    path.write_bytes(data)
    page.wait_for_function(f"{COUNT[6:]} === 4", timeout=3_000)


def test_keys_reach_the_view_and_not_jupyterlab(page, lab, course, remises):
    """K shows the key, the arrows step through passages, and no cell is touched."""
    drop(course, 12)
    open_notebook(page, lab, NOTEBOOK)
    view = first_view(page)
    page.wait_for_function(f"{COUNT[6:]} === 12", timeout=10_000)
    cells = page.locator(".jp-Cell").count()
    view.locator(".kit-class-text").focus()
    for key in ("k", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    page.locator(".kit-class.has-key").first.wait_for()
    assert view.locator(".kit-dispute.is-held .kit-rank").inner_text() == "1"
    assert page.locator(".jp-Cell").count() == cells
