"""One JupyterLab for all browser tests; a fresh page and fresh kernels for each."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.lab import serve

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course, so that no answer of a test lands in the clone."""
    home = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "exercises"):
        ignore = shutil.ignore_patterns("supplied", "reponses", ".ipynb_checkpoints")
        shutil.copytree(ROOT / part, home / part, ignore=ignore)
    return home


@pytest.fixture(scope="session")
def lab(course, chromium):
    with serve(course) as running:
        yield running


@pytest.fixture
def page(chromium, lab):
    lab.forget_kernels()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    yield page
    if os.environ.get("KIT_SHOTS"):  # to look at where a test stopped
        page.screenshot(path=Path(os.environ["KIT_SHOTS"], "last.png"))
    context.close()
