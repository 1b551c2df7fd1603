"""What the benchmarks in a browser share: a course of their own and a page."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launch

ROOT = Path(__file__).parents[1]


@contextmanager
def course() -> Iterator[Path]:
    """Copy the course into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        home = Path(folder)
        for part in ("notebooks", "exercises"):
            ignore = shutil.ignore_patterns("supplied", "reponses", ".ipynb_checkpoints")
            shutil.copytree(ROOT / part, home / part, ignore=ignore)
        yield home


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, as the browser tests use it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """Open a page with nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()
