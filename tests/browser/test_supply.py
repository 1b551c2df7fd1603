"""Pasting a published article into its box: recognised, refused, never run."""

import shutil
from pathlib import Path

import pytest

from kit.article import Article
from kit.supplied import fingerprint, in_toml
from tests.browser.lab import open_notebook

pytestmark = pytest.mark.browser

HALLE = Path(__file__).parents[1] / "halle"
TEXT = (HALLE / "article.fr.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def published(course):
    """An exercise on a published article: its key and fingerprint, without its text."""
    folder = course / "exercises" / "halle-press"
    folder.mkdir()
    for name in ("exercise.toml", "key.toml"):
        text = (HALLE / name).read_text("utf-8").replace('"halle"', '"halle-press"')
        text = text.replace('articles = ["article.fr.txt"]', "articles = []")
        lines = [line for line in text.splitlines() if not line.startswith("sha256")]
        if name == "exercise.toml":
            lines.append(in_toml(fingerprint(Article.of(TEXT))))
        (folder / name).write_text("\n".join(lines), "utf-8")
    yield folder
    shutil.rmtree(folder)


def open_box(page, lab, learner):
    open_notebook(page, lab, "04-mots-qui-penchent", learner)
    page.get_by_text("Travailler sur l’article publié").click()
    return page.get_by_label("Texte de l’article")


def recognise(page, box, text):
    box.fill(text)
    page.get_by_role("button", name="Reconnaître l’article").click()


def test_a_careless_copy_opens_its_exercise(page, lab, published):
    """Menus around it and straight apostrophes do not hide the article; its task opens below."""
    box = open_box(page, lab, "colle")
    recognise(page, box, "Accueil | Forum\n\n" + TEXT.replace("’", "'") + "\n\nPartager")
    page.get_by_text("L’exercice halle-press est ouvert").wait_for()
    page.locator(".kit-task").nth(1).get_by_text("Valmont rouvre sa halle").first.wait_for()
    assert (published / "supplied" / "article.fr.txt").is_file()


def test_an_unrelated_text_is_refused_with_what_can_be_done(page, lab, published):
    """Nothing opens, the box keeps the text, and the sentence says what can be done with it."""
    box = open_box(page, lab, "autre")
    recognise(page, box, "Un tout autre texte, sur un tout autre sujet.")
    page.get_by_text("un texte que le cours ne connaît pas").wait_for()
    assert box.input_value().startswith("Un tout autre texte")


def test_pasted_markup_is_text(page, lab, published):
    """A script in the pasted text is never run, and is shown as it was written."""
    box = open_box(page, lab, "balise")
    title, rest = TEXT.split("\n", 1)
    recognise(page, box, f"{title} <img src=x onerror='window.canary=1'>\n{rest}")
    page.get_by_text("L’exercice halle-press est ouvert").wait_for()
    page.locator(".kit-task").nth(1).get_by_text("onerror").first.wait_for()
    assert page.evaluate("window.canary") is None
