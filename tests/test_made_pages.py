"""Pages made from data are as fresh as the data: the codebook, the figures on the keys."""

import re
import runpy
from pathlib import Path

import pytest

from kit.codebook import codebook
from tests.french import slips

DOCS = Path(__file__).parents[1] / "docs"
MADE = runpy.run_path(str(DOCS / "renew.py"))
PAGES = MADE["pages"]()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_made_page_is_not_stale(path):
    """What stands in the page is what `python docs/renew.py` would write."""
    assert path.read_text("utf-8") == PAGES[path], "run: python docs/renew.py"


def test_the_figures_are_those_of_the_command(capsys, monkeypatch):
    """The tables in keys.md are printed by `kit agreement`, row by row."""
    from kit import cli

    monkeypatch.setenv("KIT_LANG", "en")
    assert cli.main(["agreement"]) == 0
    printed = capsys.readouterr().out.strip()
    assert printed.count("\n") > 30
    assert printed in (DOCS / "keys.md").read_text("utf-8")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_codebook_page_has_every_label(lang):
    """Each label stands there with its question, each property and each near pair too."""
    page = MADE["codebook_page"](lang)
    book = codebook()
    for layer in book.layers.values():
        for label in layer.labels.values():
            assert f"| **{label.name[lang]}** | {label.test[lang]} |" in page
    for each in book.properties.values():
        assert each.question[lang] in page
    assert sum(f"| {tell[lang]} |" in page for tell in book.tells.values()) == len(book.tells)


def test_the_codebook_page_is_in_good_french():
    """The French page keeps to French typography."""
    prose = [line for line in MADE["codebook_page"]("fr").splitlines() if line.strip("|-")]
    wrong = {}
    for line in prose:
        text = re.sub(r"\]\([^)]*\)|\*\*", "", line.replace("<br>", " ")).strip("# |")
        if found := slips(text):
            wrong[line] = found
    assert wrong == {}
