"""What a learner has marked is on disk before it is called saved, and is there on coming back."""

import json

import pytest

from tests.browser.lab import READY, open_notebook, run_all, sit_down

pytestmark = pytest.mark.browser

NOTEBOOK = "04-mots-qui-penchent"


def text_of(page):
    return page.get_by_role("textbox", name="Texte").first


def status_of(page):
    return page.locator(".kit-task [role=status]").first


def mark_word(page, presses, digit):
    """Move by words from where the cursor is, and give the word a label."""
    text_of(page).focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    page.keyboard.press(digit)


def wait_saved(page):
    page.get_by_text("enregistré", exact=True).first.wait_for()


def answers_in(log):
    """The last value of each item in a log."""
    answers = {}
    for line in log.read_text("utf-8").splitlines():
        action = json.loads(line)
        if action["do"] == "set":
            answers[action["item"]] = action["value"]
    return [value for value in answers.values() if value]


def test_a_mark_made_by_keyboard_is_on_disk_when_it_shows_as_saved(page, lab):
    """Arrows move, a digit labels, and JupyterLab's own shortcuts stay out of it."""
    open_notebook(page, lab, NOTEBOOK, "cle")
    cells = page.locator(".jp-Cell").count()
    mark_word(page, 3, "1")
    for key in ("x", "d", "d", "a", "b", "m", "z", "j", "k"):
        page.keyboard.press(key)
    wait_saved(page)
    marks = answers_in(lab.responses("cle") / "openai-bid.jsonl")
    assert [mark["label"] for mark in marks] == ["loaded_language"]
    assert page.locator(".jp-Cell").count() == cells


def test_a_learner_who_comes_back_finds_every_mark(page, lab):
    """After the browser and the kernel are gone, Run All and the pseudonym bring all back."""
    open_notebook(page, lab, NOTEBOOK, "retour")
    mark_word(page, 2, "1")
    mark_word(page, 5, "3")
    wait_saved(page)
    page.goto("about:blank")
    lab.forget_kernels()
    open_notebook(page, lab, NOTEBOOK, "retour")
    page.get_by_text("Mes passages (2)").wait_for()


def test_what_was_marked_while_the_kernel_was_gone_is_saved_once(page, lab):
    """The page says it is not saved, keeps the mark, and hands it over when the cells run again."""
    open_notebook(page, lab, NOTEBOOK, "noyau")
    mark_word(page, 2, "1")
    wait_saved(page)
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.wait_for_function(READY)
    mark_word(page, 4, "2")
    page.get_by_text("pas encore enregistré").first.wait_for(timeout=4_000)
    page.get_by_text("Exécuter la cellule de nouveau").first.wait_for(timeout=15_000)
    run_all(page)
    sit_down(page, "noyau")
    wait_saved(page)
    page.get_by_text("Mes passages (2)").wait_for()
    assert len(answers_in(lab.responses("noyau") / "openai-bid.jsonl")) == 2


def test_a_full_disk_is_said_and_the_mark_is_kept(page, lab):
    """The widget names the cause in French; once there is room the mark goes in by itself."""
    open_notebook(page, lab, NOTEBOOK, "plein")
    folder = lab.responses("plein")
    (folder / "openai-bid.jsonl").symlink_to("/dev/full")
    mark_word(page, 3, "1")
    page.get_by_text("le disque est plein").first.wait_for()
    page.get_by_text("Mes passages (1)").wait_for()
    (folder / "openai-bid.jsonl").unlink()
    wait_saved(page)
    assert len(answers_in(folder / "openai-bid.jsonl")) == 1


def test_the_second_of_two_tabs_only_reads(page, lab, chromium):
    """It says why, and takes over when asked to."""
    open_notebook(page, lab, NOTEBOOK, "deux")
    mark_word(page, 3, "1")
    wait_saved(page)
    second = chromium.new_context(locale="fr-FR").new_page()
    second.goto(lab.address(NOTEBOOK))
    second.wait_for_function(READY, timeout=90_000)
    run_all(second)  # the same kernel: its learner still sits there
    second.get_by_text("Cette tâche est déjà ouverte dans une autre page").wait_for()
    mark_word(second, 5, "2")
    assert len(answers_in(lab.responses("deux") / "openai-bid.jsonl")) == 1
    second.get_by_role("button", name="Travailler ici").click()
    second.get_by_text("Cette tâche est déjà ouverte").wait_for(state="detached")
    mark_word(second, 5, "2")
    wait_saved(second)
    assert len(answers_in(lab.responses("deux") / "openai-bid.jsonl")) == 2
    page.get_by_text("Cette tâche est déjà ouverte dans une autre page").wait_for()
    second.context.close()


def test_changing_the_learner_is_one_click(page, lab):
    """Another pseudonym opens its own answers; the first one's stay where they are."""
    open_notebook(page, lab, NOTEBOOK, "anna")
    mark_word(page, 3, "1")
    wait_saved(page)
    page.get_by_role("button", name="Changer d’élève").click()
    page.get_by_text("L’exercice s’ouvre ici dès qu’un pseudonyme est choisi").first.wait_for()
    sit_down(page, "bilal")
    assert len(answers_in(lab.responses("anna") / "openai-bid.jsonl")) == 1
    assert not (lab.responses("bilal") / "openai-bid.jsonl").exists()
