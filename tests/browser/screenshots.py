"""Take the pictures of docs/screenshots: `python -m tests.browser.screenshots`."""

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.lab import open_notebook, serve
from tests.browser.states import STATES, TASKS, answer, go_to, narrow, widget
from tests.chromium import launch

ROOT = Path(__file__).parents[2]
TO = ROOT / "docs" / "screenshots"
MOST_HEIGHT = 3600  # pixels
WIDTHS = {"wide": 1280, "320": 320}


def whole(page, part, path):
    """Take a picture of a part of the page: the window is made high enough first."""
    height = widget(page).evaluate("element => element.getBoundingClientRect().height")
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": round(height) + 400})
    widget(page).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    part.screenshot(path=path)
    page.set_viewport_size(size)
    shrink(path)


def window(page, path):
    """Take a picture of the window as a learner sees it, the widget at its top."""
    widget(page).evaluate("element => element.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(300)
    page.screenshot(path=path)
    shrink(path)


def shrink(path):
    """Keep the top of a long picture, in a palette: enough to look at, little to store."""
    with Image.open(path) as picture:
        top = picture.crop((0, 0, picture.width, min(picture.height, MOST_HEIGHT)))
        top.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def main():
    """Take a picture of each notebook in each state, in two widths."""
    TO.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp())
    for part in ("notebooks", "exercises"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("supplied"))
    with sync_playwright() as playwright, serve(home) as lab:
        browser = launch(playwright)
        for notebook, (exercise, task) in TASKS.items():
            for name, width in WIDTHS.items():
                learner = f"eleve-{name}-{notebook[:2]}"
                answer(lab.home / "reponses", learner, exercise, task)
                lab.forget_kernels()
                page = browser.new_context(
                    viewport={"width": 1280 if name == "wide" else 900, "height": 1000},
                    locale="fr-FR",
                ).new_page()
                open_notebook(page, lab, notebook, learner)
                if name != "wide":
                    narrow(page, width)
                for state in STATES[1:]:
                    go_to(page, state)
                    if state in ("marked", "checked", "model"):
                        # In a narrow window the feedback lies far below: it is the picture.
                        far = name != "wide" and state != "marked"
                        feedback = widget(page).get_by_role("region", name="Retour")
                        part = feedback if far else widget(page)
                        whole(page, part, TO / f"{notebook[:2]}-{state}-{name}.png")
                    if (notebook[:2], state, name) == ("04", "checked", "wide"):
                        window(page, TO / "jupyterlab.png")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
