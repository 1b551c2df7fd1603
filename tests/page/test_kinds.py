"""The two other kinds of task: ready-cut clauses, and attributions."""

import pytest

from tests.page import harness
from tests.page.harness import place

pytestmark = pytest.mark.browser


# --- Clauses -------------------------------------------------------------------------------------


def test_clauses_are_answered_by_digits_and_walked_by_n_and_p(open_widget):
    """A digit chooses and stays; n and p go on and back; Delete clears; undo brings back."""
    widget = open_widget("classify")
    page = widget.page
    progress = page.locator(".kit-progress span").first
    page.get_by_role("radio").first.focus()
    widget.press("2")
    assert page.get_by_role("group").first.get_by_role("radio", name="propos rapporté").is_checked()
    assert progress.inner_text() == "1 sur 7"
    widget.press("n", "1", "PageDown", "4", "p", "3")
    widget.settle()
    assert list(widget.answers.values()) == ["reported", "interpretation", "opinion"]
    widget.press("Delete")
    assert progress.inner_text() == "2 sur 7"
    widget.press("Control+z")
    assert progress.inner_text() == "3 sur 7"
    assert page.get_by_role("button", name="Vérifier le chapô").count() == 1


def test_a_clause_is_a_group_named_by_its_words_with_described_answers(open_widget):
    """Native radio buttons, visible names, the test of each as its description."""
    widget = open_widget("classify")
    group = widget.page.get_by_role("group").nth(3)
    assert "Selon une voisine" in group.locator("legend").inner_text()
    radio = group.get_by_role("radio", name="opinion")
    described = widget.page.evaluate(
        "(e) => document.getElementById(e.getAttribute('aria-describedby')).textContent",
        radio.element_handle(),
    )
    assert described.startswith("L’auteur porte-t-il un jugement de valeur")
    radio.check()
    widget.settle()
    assert list(widget.answers.values()) == ["opinion"]


def test_a_clause_shows_the_rest_of_its_sentence(open_widget):
    """A clause that is half a sentence stands in its context."""
    view = harness.view("classify")
    view["clauses"] = [
        {"id": "c1", "ranges": [place("la ville entière s’en réjouit")], "paragraph": "1"}
    ]
    widget = open_widget(view=view)
    legend = widget.page.locator("legend")
    assert "Le maire annonce" in legend.locator(".kit-around").first.inner_text()
    assert legend.locator(".kit-clause-words").inner_text() == "la ville entière s’en réjouit"


def test_what_has_no_answer_is_named_before_handing_in(open_widget):
    """By number, so that it can be found."""
    widget = open_widget("classify", state={"answers": {"c0": "fact"}})
    widget.page.get_by_role("button", name="Remettre", exact=True).click()
    question = widget.page.locator(".kit-handin .kit-question").inner_text()
    assert "6 propositions sont sans réponse\u202f: 2, 3, 4, 5, 6, 7." in question


# --- Attributions --------------------------------------------------------------------------------


def test_an_attribution_is_made_of_three_marks_and_five_choices(open_widget):
    """Source, cue, content by keys 1, 2, 3; the card asks the rest; all of it is one answer."""
    widget = open_widget("attribution")
    page = widget.page
    page.get_by_role("button", name="Nouvelle attribution").click()
    widget.click("Le maire")
    widget.press("Shift+ArrowRight", "1")
    assert "Ensuite\u202f: introducteur, touche 2" in widget.said
    widget.click("annonce")
    widget.press("2")
    widget.drag("300 arbres")
    widget.choose("propos")
    page.get_by_label("Quelle sorte de source").select_option("person")
    page.get_by_label("Sous quelle forme").select_option("fragment")
    (answer,) = widget.answers.values()
    assert answer == {
        "source": [place("Le maire")],
        "cue": [place("annonce")],
        "content": [place("300 arbres")],
        "kind": "person",
        "mode": "fragment",
    }
    assert page.locator(".kit-open[data-lead='①']").count() == 3


def test_a_part_that_is_there_begins_the_next_attribution_unless_it_is_replaced(open_widget):
    """Marking goes on without a detour; « Remplacer » puts a part anew."""
    widget = open_widget("attribution", state={"answers": {"a1": {"source": [place("Le maire")]}}})
    page = widget.page
    page.locator(".kit-card-head").click()
    page.get_by_role("button", name="Remplacer\u202f: source").or_(
        page.get_by_role("button", name="Marquer\u202f: source")
    ).first.click()
    widget.click("maire")
    widget.press("Escape", "Escape", "Escape")
    widget.click("voisine")
    widget.press("1")
    assert [each["source"] for each in widget.answers.values()] == [[place("voisine")]]
    widget.click("opposition")
    widget.press("1")
    assert len(widget.answers) == 2
    assert page.locator(".kit-card").count() == 2


def test_a_part_and_an_attribution_can_be_taken_away_and_brought_back(open_widget):
    """Delete on a mark takes the part; the card's button takes all; undo brings both back."""
    answer = {"source": [place("Le maire")], "cue": [place("annonce")], "kind": "person"}
    widget = open_widget("attribution", state={"answers": {"a1": answer}})
    widget.click("annonce")
    widget.press("Escape", "Delete")
    assert widget.answers == {"a1": {"source": [place("Le maire")], "kind": "person"}}
    widget.page.locator(".kit-card-head").click()
    widget.page.get_by_role("button", name="Supprimer l’attribution").click()
    assert widget.answers == {}
    widget.press("Control+z", "Control+z")
    assert widget.answers == {"a1": answer}
