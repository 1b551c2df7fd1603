"""After a check: signs, reasons, hints, the model answer, disagreement; handing in; exams."""

import re

import pytest

from tests.page import harness
from tests.page.driver import CALAMITY, CITY, DEBATED, ENTRY, ITEMS, MARKED, told

pytestmark = pytest.mark.browser


# --- Check, hints, model answer ------------------------------------------------------------------


def checked(widget, **feedback):
    widget.page.evaluate("(given) => { kernel.feedback = given }", {"1": feedback})
    widget.page.get_by_role("button", name=f"Aller à\u202f: {CALAMITY}").click()
    widget.page.get_by_role("button", name="Vérifier le paragraphe 1").click()


def test_a_check_takes_the_keyboard_to_the_feedback(open_widget):
    """The button names the cursor's paragraph; the heading of the feedback gets the focus."""
    widget = open_widget(state=MARKED)
    page = widget.page
    checked(widget, summary="1 passage trouvé, 1 proche.", items=ITEMS)
    page.wait_for_function("document.activeElement.textContent === 'Retour'")
    region = page.get_by_role("region", name="Retour")
    assert "1 passage trouvé, 1 proche." in region.inner_text()
    assert "2 essais restants pour le paragraphe 1" in region.inner_text()
    signs = [
        " ".join(each.split()) for each in region.locator(".kit-item .kit-sign").all_inner_texts()
    ]
    assert signs == ["≈ presque", "✓ juste"]
    assert region.locator("em").inner_text() == "vocabulaire chargé"
    flags = page.locator(".kit-close[data-signs]").evaluate_all(
        "(all) => all.map((e) => e.dataset.signs)"
    )
    assert sorted(flags) == ["≈", "✓"]


def test_check_all_asks_for_every_paragraph_that_has_a_try_left(open_widget):
    """A paragraph whose tries are used up is left out, and its own button is out of use."""
    widget = open_widget(state=MARKED | {"feedback": {"T": told(left=0)}})
    page = widget.page
    assert page.get_by_role("button", name="Vérifier le titre").is_disabled()
    page.get_by_role("button", name="Vérifier tout").click()
    page.wait_for_function("kernel.actions.length === 1")
    assert widget.kernel("actions[0].paragraphs") == ["C", "1", "2"]


def test_feedback_says_that_it_is_about_the_former_version(open_widget):
    """After a change the paragraph's feedback is stale, and the changed mark loses its sign."""
    widget = open_widget(state=MARKED)
    checked(widget, summary="1 passage trouvé, 1 proche.", items=ITEMS)
    stale = widget.page.get_by_text("ce retour parle de la version précédente")
    widget.page.locator(".kit-item").first.wait_for()
    assert not stale.is_visible()
    widget.page.get_by_role("button", name=f"Aller à\u202f: {CITY}").click()
    widget.press("Alt+ArrowLeft")
    assert stale.is_visible()
    assert widget.page.locator(".kit-close[data-signs]").count() == 1


def test_hints_come_one_by_one_and_the_newest_has_the_focus(open_widget):
    """A hint can be asked for before any check; three steps, then no more."""
    widget = open_widget(state=MARKED)
    page = widget.page
    page.get_by_role("button", name="Un indice pour le titre").click()
    page.wait_for_function("document.activeElement.textContent.startsWith('Indice 1')")
    for number in (2, 3):
        page.get_by_role("button", name="Indice suivant").click()
        page.wait_for_function(f"document.activeElement.textContent.startsWith('Indice {number}')")
    assert not page.get_by_role("button", name="Indice suivant").count()
    assert page.locator(".kit-hints li").count() == 3


def test_the_model_answer_asks_once_and_shows_both_layers(open_widget):
    """Mine and the key's side by side, what differs in words, debated ones apart."""
    widget = open_widget(state=MARKED | {"feedback": {"1": told()}})
    page = widget.page
    page.evaluate("(answer) => { kernel.feedback = {1: {answer}} }", [ENTRY, DEBATED])
    show = page.get_by_role("button", name="Voir le corrigé")
    show.click()
    assert widget.kernel("actions.length") == 0
    page.get_by_role("button", name="Pas maintenant").click()
    show.click()
    show.click()
    page.wait_for_function("document.activeElement.textContent === 'Corrigé'")
    mine = page.locator(".kit-model-entry").first.locator(".kit-model-side").first
    assert "identique" in mine.inner_text()
    assert "Dit sans pencher" in page.locator(".kit-model-entry").first.inner_text()
    second = page.locator(".kit-model-entry[data-status=debated]")
    assert "Rien ici." in second.inner_text()
    assert "discuté" in second.inner_text()
    assert CITY in page.locator(".kit-model .kit-bullets").inner_text()


def test_a_learner_may_disagree_and_say_why(open_widget):
    """The reason is limited to 2,000 signs, counted down, stored, shown, and can be changed."""
    widget = open_widget(state=MARKED | {"feedback": {"1": told(items=ITEMS)}})
    page = widget.page
    item = page.locator(".kit-item[data-item=m1]")
    item.get_by_role("button", name="Je ne suis pas d’accord").click()
    area = item.get_by_label("Je ne suis pas d’accord, parce que…")
    area.fill("x" * 2_100)
    assert len(area.input_value()) <= 2_100
    assert area.get_attribute("maxlength") == "2000"
    area.fill("Le mot est dans une citation.")
    assert "encore 1971 signes" in item.inner_text()
    page.keyboard.press("Control+z")  # the text area's own undo
    area.fill("Le mot est dans une citation.")
    item.get_by_role("button", name="Noter ce désaccord").click()
    assert "Désaccord noté\u202f: Le mot est dans une citation." in item.inner_text()
    page.wait_for_function("Object.keys(kernel.state.contests).length === 1")
    assert widget.kernel("state.contests") == {"m1": "Le mot est dans une citation."}


def test_a_reason_that_is_being_written_outlives_another_answer(open_widget):
    """A hint that arrives meanwhile does not wipe the text area."""
    widget = open_widget(state=MARKED | {"feedback": {"1": told(items=ITEMS)}})
    page = widget.page
    item = page.locator(".kit-item[data-item=m1]")
    item.get_by_role("button", name="Je ne suis pas d’accord").click()
    item.get_by_role("textbox").fill("Parce que")
    page.get_by_role("button", name="Un indice", exact=True).click()
    page.locator(".kit-hints li").wait_for()
    assert item.get_by_role("textbox").input_value() == "Parce que"


# --- Handing in, exam ----------------------------------------------------------------------------


def test_handing_in_names_what_is_missing_and_gives_a_receipt(open_widget):
    """Asked once more, then read-only with receipt, file and time; taking back opens it again."""
    widget = open_widget(state=MARKED, permissions=["clipboard-read", "clipboard-write"])
    page = widget.page
    page.get_by_role("button", name="Remettre", exact=True).click()
    question = page.locator(".kit-handin .kit-question").inner_text()
    assert "2 passages" in question
    assert "4 paragraphes n’ont pas été vérifiés" in question
    page.get_by_role("button", name="Remettre maintenant").click()
    receipt = page.locator(".kit-receipt")
    receipt.get_by_text("K7QF-2M9D-41XA").wait_for()
    assert "remises/zoe.json" in receipt.inner_text()
    assert "2025" in receipt.inner_text()
    receipt.get_by_role("button", name="Copier").click()
    receipt.get_by_text("Copié").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "K7QF-2M9D-41XA"
    assert widget.status == "remis"
    widget.text.focus()
    widget.press("1", "Delete", "Control+z")
    assert page.locator(".kit-list").get_by_role("button", name="Supprimer").count() == 0
    receipt.get_by_role("button", name="Reprendre").click()
    widget.settle()
    widget.text.focus()
    widget.press("1")
    assert len(widget.marks) == 3


def test_an_exam_shows_no_help_and_no_judgement(open_widget):
    """No check, no hint, no model answer; after handing in it says so."""
    widget = open_widget(view=harness.view(exam=True), state=MARKED)
    page = widget.page
    assert not page.get_by_role("button", name=re.compile("Vérifier|indice|corrigé")).count()
    assert not page.get_by_role("region", name="Retour").count()
    widget.press("?")
    assert "annule" in page.locator(".kit-help").inner_text()
    assert "vérifie" not in page.locator(".kit-help").inner_text()
    page.get_by_role("button", name="Remettre", exact=True).click()
    assert "vérifié" not in page.locator(".kit-handin .kit-question").inner_text()
    page.get_by_role("button", name="Remettre maintenant").click()
    page.locator('[data-state="handed"]').wait_for()
    assert widget.status == "remis"
