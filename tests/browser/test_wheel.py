"""The wheel carries the course: installed elsewhere, it opens from an empty folder."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.browser.lab import READY, serve, sit_down

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The Python of a fresh environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "-q", "install", str(wheel)], check=True)
    return scripts / "python"


@pytest.mark.browser
def test_the_installed_course_opens_from_an_empty_folder(installed, chromium, tmp_path):
    """`kit lab` lays the course out in an empty folder and opens its first notebook."""
    with serve(tmp_path, str(installed)) as lab:
        page = chromium.new_context(locale="fr-FR").new_page()
        page.goto(f"http://127.0.0.1:{lab.port}/?token={lab.token}")
        page.wait_for_url("**/notebooks/fr/00-prise-en-main.ipynb**")
        page.wait_for_function(READY, timeout=90_000)
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        sit_down(page, "lea")
        page.get_by_role("textbox", name="Texte").first.wait_for()
        page.context.close()
    assert (tmp_path / "exercises" / "z0" / "article.fr.txt").is_file()


def test_what_a_learner_has_changed_is_never_overwritten(installed, tmp_path):
    """Opening the course again leaves changed files as they are."""
    lay_out = "from kit import lab; from pathlib import Path; print(len(lab.lay_out(Path('.'))))"
    subprocess.run([installed, "-c", lay_out], cwd=tmp_path, check=True)
    changed = tmp_path / "notebooks" / "fr" / "00-prise-en-main.ipynb"
    changed.write_text("mine", "utf-8")
    subprocess.run([installed, "-c", lay_out], cwd=tmp_path, check=True)
    assert changed.read_text("utf-8") == "mine"
