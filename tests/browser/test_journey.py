"""A lesson from end to end, by keyboard alone, by mouse and by touch."""

import json

import pytest

from tests.browser.lab import open_notebook

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const element = document.activeElement;
  const labelled = element.getAttribute('aria-labelledby');
  const label = labelled ? labelled.split(' ').map((id) => document.getElementById(id)?.textContent) : [];
  return [element.getAttribute('aria-label'), ...label, element.textContent.slice(0, 200)].join(' ');
}"""


def tab_to(page, words):
    """Press Tab until what has the focus bears these words."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab never reaches « {words} »")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def log_of(lab, learner, exercise="openai-bid"):
    lines = (lab.responses(learner) / f"{exercise}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def wait_saved(page):
    page.get_by_text("enregistré", exact=True).first.wait_for()


def begin_in(page, widget_words):
    """Put the focus where a keyboard user's is after choosing a pseudonym, and go on by Tab."""
    page.get_by_role("button", name="Changer d’élève").focus()
    tab_to(page, widget_words)


def check_get_help_and_hand_in(page):
    """From the check to the receipt, as a keyboard user does it."""
    press(page, "v")
    page.get_by_role("heading", name="Retour").first.wait_for()
    for _ in range(3):
        page.get_by_role("region", name="Retour").first.focus()
        tab_to(page, "ndice")
        press(page, "Enter")
        wait_saved(page)
    tab_to(page, "Voir le corrigé")
    press(page, "Enter")
    tab_to(page, "Voir le corrigé")
    press(page, "Enter")
    page.get_by_text("Dit sans pencher").or_(page.get_by_text("Corrigé", exact=True)).first.wait_for()
    tab_to(page, "Remettre")
    press(page, "Enter")
    tab_to(page, "Remettre maintenant")
    press(page, "Enter")
    page.get_by_text("Remis (version 1).").wait_for()


def test_words_that_lean_by_keyboard_alone(page, lab):
    """Mark, relabel, undo, check, three hints, model answer, hand in: no mouse."""
    open_notebook(page, lab, "04-mots-qui-penchent", "clavier")
    begin_in(page, "Texte")
    press(page, "ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "1")
    press(page, "2", "Control+z", "ArrowRight", "ArrowRight", "4", "Control+z", "Control+y")
    wait_saved(page)
    check_get_help_and_hand_in(page)
    done = [action["do"] for action in log_of(lab, "clavier")]
    assert done == ["open", *["set"] * 6, "check", *["hint"] * 3, "model", "hand_in"]
    submission = lab.responses("clavier") / "remis" / "clavier_openai-bid_v1.json"
    receipt = json.loads(submission.read_text("utf-8"))["receipt"]
    page.get_by_text(receipt).first.wait_for()


def test_claims_by_keyboard_alone(page, lab):
    """Choose with digits, change, undo, check, three hints, model answer, hand in: no mouse."""
    open_notebook(page, lab, "02-affirmations", "clavier2")
    page.get_by_role("button", name="Changer d’élève").focus()
    page.get_by_role("radio").first.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    press(page, "1", "2", "Control+z", "n", "3")
    wait_saved(page)
    chosen = [a["value"] for a in log_of(lab, "clavier2") if a["do"] == "set"]
    assert chosen == ["fact", "reported", "fact", "interpretation"]
    check_get_help_and_hand_in(page)
    assert (lab.responses("clavier2") / "remis" / "clavier2_openai-bid_v1.json").is_file()
