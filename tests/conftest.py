"""What all tests share: the exercise *halle*, a course with nothing else, tries that repeat."""

import shutil
from pathlib import Path

import hypothesis
import pytest

from kit import loading
from tests.chromium import launch

HALLE = Path(__file__).with_name("halle")
FOIRE = Path(__file__).with_name("foire")

# The same draws on every run, so that a red test is red for everybody.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=50)
hypothesis.settings.load_profile("ci")


@pytest.fixture(scope="session")
def halle():
    """The tests' own exercise: every kind of task, every status, every form of quote."""
    exercise, mistakes = loading.read(HALLE)
    assert not mistakes
    return exercise


@pytest.fixture(scope="session")
def foire():
    """The tests' own exercise of questions: every kind of task that is a list of items."""
    exercise, mistakes = loading.read(FOIRE)
    assert not mistakes
    return exercise


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course that holds *halle* alone, in which the test stands."""
    (tmp_path / "notebooks").mkdir()
    shutil.copytree(HALLE, tmp_path / "exercises" / "halle")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests: Playwright cannot be started twice in one run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()
