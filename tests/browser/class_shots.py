"""Take the pictures of the class view for the docs: `python -m tests.browser.class_shots`."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.lab import open_notebook, serve
from tests.browser.screenshots import ROOT, TO, shrink
from tests.browser.test_class_view import NOTEBOOK, drop, first_view
from tests.chromium import launch

PROJECTOR = {"width": 1920, "height": 1080}


def main():
    """A notebook on a laptop, the full screen of a projector without and with the key, a phone."""
    home = Path(tempfile.mkdtemp())
    for part in ("notebooks", "exercises"):
        shutil.copytree(ROOT / part, home / part, ignore=shutil.ignore_patterns("supplied"))
    with sync_playwright() as playwright, serve(home) as lab:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        open_notebook(page, lab, NOTEBOOK)
        view = first_view(page)
        drop(home, 30)
        view.locator(".kit-class-count", has_text="30").wait_for()
        page.wait_for_timeout(1000)
        view.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(300)
        picture(page, "class-lab")
        page.set_viewport_size(PROJECTOR)
        view.locator(".kit-class-text").press("f")
        page.wait_for_function("document.fullscreenElement")
        view.evaluate("element => element.scrollTo(0, 0)")
        page.wait_for_timeout(600)
        picture(page, "class-projector")
        view.locator(".kit-class-text").press("k")
        view.locator(".kit-dispute").first.wait_for()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1200)
        picture(page, "class-projector-key")
        view.get_by_role("heading", name="Étiquettes confondues").evaluate(
            "element => element.scrollIntoView({block: 'start'})"
        )
        page.wait_for_timeout(600)
        picture(page, "class-projector-labels")
        browser.close()


def picture(page, name):
    path = TO / f"{name}.png"
    page.screenshot(path=path)
    shrink(path)


if __name__ == "__main__":
    main()
