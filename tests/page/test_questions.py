"""Tasks that are lists of questions, by keyboard and by ear: the same for all, then each kind."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from kit.scoring import LISTS
from kit.simulation import right
from tests.page import harness
from tests.page.driver import told

pytestmark = pytest.mark.browser


@pytest.fixture
def ask(open_widget):
    """Open the page of a kind's first task in the tests' exercise of questions."""

    def ask_(kind, **options):
        lang = options.pop("lang", "fr")
        return open_widget(view=harness.questions(kind, lang, **options.pop("view", {})), **options)

    return ask_


def answered(exercise, kind):
    """A page on which everything is answered, checked, helped with and shown."""
    task = next(task for task in exercise.tasks if task.kind == kind)
    answers = right(exercise, task)
    first = task.paragraphs[0]
    sign = "kept" if kind in ("open", "rewrite") else "right"
    items = {first: {"sign": sign, "text": "Une *explication*."}}
    model = [{"entry": first, "status": "core", "quote": "", "ranges": [], "label": ""}]
    model[0] |= {"labelName": "", "why": "Parce que.", "neutral": "", "answer": "La réponse."}
    hints = [{"rung": 1, "text": "Un indice."}]
    feedback = {first: told("1 réponse.", items=items, model=model, hints=hints)}
    return {"answers": answers, "feedback": feedback}


def axe(widget, *rules):
    options = {"runOnly": list(rules)} if rules else None
    found = Axe().run(widget.page, context=".kit-task", options=options)
    assert found.violations_count == 0, found.generate_report()


# --- All kinds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", LISTS)
def test_axe_finds_nothing(ask, foire, kind, theme):
    """Blank, and with answers, feedback, hints, the model answer and the help on keys."""
    rules = ["color-contrast"] if theme == "dark" else []
    axe(ask(kind, theme=theme), *rules)
    widget = ask(kind, theme=theme, state=answered(foire, kind))
    widget.page.get_by_role("button", name="Aide clavier").click()
    widget.page.get_by_text("Relire le texte").click()
    axe(widget, *rules)


@pytest.mark.parametrize("kind", LISTS)
def test_at_320_px_nothing_scrolls_sideways(ask, foire, kind):
    """All fits the width of a small telephone, with everything open."""
    widget = ask(kind, width=320, height=600, state=answered(foire, kind))
    for _ in range(4):
        widget.page.get_by_role("button", name="Texte plus grand").click()
    widget.page.get_by_text("Relire le texte").click()
    assert widget.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("kind", LISTS)
def test_each_question_is_a_group_named_by_its_words(ask, foire, kind):
    """A screen reader hears number and question; the progress is in words."""
    widget = ask(kind, state={"answers": answered(foire, kind)["answers"]})
    view = harness.questions(kind)
    for item in view["items"]:
        assert widget.page.get_by_role("group", name=item["prompt"]).count() == 1
    count = len(view["items"])
    assert widget.page.locator(".kit-progress span").inner_text() == f"{count} sur {count}"


@pytest.mark.parametrize("kind", LISTS)
def test_one_question_is_checked(ask, kind):
    """The bar speaks of the question in which one is, and the answer names it."""
    widget = ask(kind)
    view = harness.questions(kind)
    last = view["items"][-1]["id"]
    controls = ":is(textarea, input, button, select)"
    widget.page.locator(f'[data-field="{last}"] {controls}').first.focus()
    number = len(view["items"])
    widget.page.get_by_role("button", name=f"Vérifier la question {number}").click()
    widget.page.get_by_role("heading", name=f"Question {number}").wait_for()
    assert widget.kernel("actions.at(-1)")["paragraphs"] == [last]


@pytest.mark.parametrize("kind", LISTS)
def test_after_handing_in_nothing_can_be_changed(ask, foire, kind):
    """Handed in, all can be read, and no control takes an answer."""
    handed = {"version": 1, "receipt": "K7QF", "at": "2025-03-04T09:30:00Z", "file": "x"}
    widget = ask(kind, state=answered(foire, kind) | {"handedIn": handed})
    free = widget.page.locator(
        ".kit-questions :is(input, select, button):not(:disabled, [readonly]), "
        ".kit-questions textarea:not([readonly])"
    )
    assert free.count() == 0


# --- Open questions -------------------------------------------------------------------------------


def test_what_is_written_is_saved_at_a_pause(ask):
    """While one writes the page says that it is not saved yet; then it is."""
    widget = ask("open")
    box = widget.page.get_by_role("textbox").first
    box.focus()
    widget.page.keyboard.type("Lyon est plus grande, v ? 1")
    assert widget.status == "Enregistrement…"
    widget.page.wait_for_function("kernel.state.answers.o1")
    assert widget.answers == {"o1": {"text": "Lyon est plus grande, v ? 1"}}
    assert widget.status == "enregistré"
    assert [each["do"] for each in widget.kernel("actions")] == ["set"]


def test_leaving_the_box_or_checking_saves_at_once(ask):
    """Nothing that was written before a check is left out of it."""
    widget = ask("open")
    widget.page.get_by_role("textbox").nth(1).focus()
    widget.page.keyboard.type("En quelle monnaie")
    widget.page.get_by_role("button", name="Vérifier la question 2").click()
    widget.settle()
    assert [each["do"] for each in widget.kernel("actions")] == ["set", "check"]


def test_markup_is_shown_as_it_was_written(ask):
    """What looks like a tag stays text, in the box and in the model answer beside it."""
    text = '<img src=x onerror="window.fired = 1"> **gras**'
    widget = ask("open", state={"answers": {"o1": {"text": text}}})
    box = widget.page.get_by_role("textbox").first
    assert box.input_value() == text
    assert widget.page.evaluate("window.fired") is None


def test_a_text_that_is_too_long_stays_in_the_page(ask):
    """Ten thousand signs are kept; a sentence says so, and nothing disappears from the box."""
    widget = ask("open")
    box = widget.page.get_by_role("textbox").first
    box.fill("é" * 10_002)
    box.blur()
    assert widget.answers == {"o1": {"text": "é" * 10_000}}
    assert len(box.input_value()) == 10_002
    assert "10000 premiers signes" in widget.page.get_by_role("status").last.inner_text()


def test_an_emptied_box_is_no_answer(ask):
    """Blanks take the answer away."""
    widget = ask("open", state={"answers": {"o1": {"text": "Rien."}}})
    box = widget.page.get_by_role("textbox").first
    box.fill("  ")
    box.blur()
    assert widget.answers == {}


# --- Choosing -------------------------------------------------------------------------------------


def test_digits_choose_and_n_and_p_walk(ask):
    """As with clauses: a digit answers and stays, n and p go on and back, Delete clears."""
    widget = ask("sort")
    widget.page.get_by_role("radio").first.focus()
    widget.press("2", "n", "1", "PageDown", "2", "p")
    assert widget.answers == {"s1": "faulty", "s2": "sound", "s3": "faulty"}
    widget.press("Delete")
    assert widget.answers == {"s1": "faulty", "s3": "faulty"}
    widget.press("Control+z")
    assert widget.answers["s2"] == "sound"
    assert "Question 2" in widget.said


def test_a_sentence_of_the_other_text_is_chosen(ask):
    """The sentences are in the language of the text; that none fits is the last answer."""
    widget = ask("compare", lang="en", view={"textLang": "fr"})
    group = widget.page.get_by_role("group").filter(has_text="visitors").first
    group.get_by_role("radio", name="the other text does not say it").check()
    assert widget.answers == {"d2": "none"}
    assert group.locator("span[lang=fr]").count() == 5


# --- Numbers --------------------------------------------------------------------------------------


def test_a_number_and_its_unit(ask):
    """Typing any sign works, none is taken for a command; the unit may come after."""
    widget = ask("number")
    line = widget.page.get_by_label("Nombre").first
    line.focus()
    widget.page.keyboard.type("1,11 million v?")
    widget.press("Enter")
    assert widget.answers == {"n1": {"text": "1,11 million v?"}}
    widget.press("Tab")
    widget.page.get_by_label("Unité").select_option("eur")
    assert widget.answers == {"n1": {"text": "1,11 million v?", "unit": "eur"}}
    line.fill("")
    line.blur()
    assert widget.answers == {}


def test_the_tolerance_is_told(ask):
    """What is near enough stands beside the line."""
    assert "à 20\u202f000 près" in ask("number").page.locator("[data-field=n1]").inner_text()


# --- Orders and matches ---------------------------------------------------------------------------


def test_an_order_by_buttons_and_keys(ask):
    """Buttons move a line, so does Alt with an arrow; the move is said, the focus stays on it."""
    widget = ask("order")
    page = widget.page
    page.get_by_role("button", name="Descendre\u202f: l’ouverture").click()
    assert widget.answers == {"t1": ["vote", "open", "sale"]}
    assert widget.said == "l’ouverture\u202f: place 2 sur 3"
    widget.press("Alt+ArrowDown")
    assert widget.answers == {"t1": ["vote", "sale", "open"]}
    focused = "document.activeElement.closest('[data-option]').dataset.option"
    assert page.evaluate(focused) == "open"
    widget.press("ArrowUp")
    assert page.evaluate(focused) == "sale"


def test_the_order_shown_first_is_no_answer_until_it_is_kept(ask):
    """Whoever finds it right says so."""
    widget = ask("order")
    assert widget.answers == {}
    widget.page.get_by_role("button", name="C’est mon ordre").click()
    assert widget.answers == {"t1": ["open", "vote", "sale"]}
    assert widget.page.evaluate("document.activeElement.closest('.kit-order') !== null")


def test_an_order_by_mouse(ask):
    """A line can be dragged to another place."""
    widget = ask("order")
    rows = widget.page.locator(".kit-order-row")
    rows.nth(0).drag_to(rows.nth(2))
    assert widget.answers == {"t1": ["vote", "sale", "open"]}


def test_a_match_is_made_of_choices(ask):
    """Each line has a list of its own; emptying it takes the pair away."""
    widget = ask("match")
    page = widget.page
    page.get_by_label("la mairie").select_option(label="le coût de la foire")
    page.get_by_label("l’association").select_option("all")
    assert widget.answers == {"m1": {"hall": "cost", "club": "all"}}
    page.get_by_label("la mairie").select_option("")
    assert widget.answers == {"m1": {"club": "all"}}


# --- Verdicts -------------------------------------------------------------------------------------


def test_cards_are_kept_in_the_order_in_which_they_were_opened(ask):
    """Opening a card is an action of its own, and no answer yet."""
    widget = ask("verdict")
    page = widget.page
    progress = page.locator(".kit-progress span").first
    page.get_by_text("V2 ·").click()
    page.get_by_text("V1 ·").focus()
    widget.settle()
    page.locator("[data-card=V1] summary").click()
    page.wait_for_function("kernel.state.answers.v1?.cards.length === 2")
    assert widget.answers == {"v1": {"cards": ["V2", "V1"]}}
    assert progress.inner_text() == "0 sur 2"
    group = page.locator("[data-field=v1]")
    group.get_by_role("radio", name="imprécis").focus()
    widget.press("2")
    group.get_by_role("radiogroup", name="À quel point").get_by_label("plutôt sûr").check()
    answer = {"cards": ["V2", "V1"], "verdict": "imprecise", "confidence": 75}
    assert widget.answers == {"v1": answer}
    assert progress.inner_text() == "1 sur 2"


def test_a_card_says_at_its_head_where_it_comes_from(ask):
    """Outlet and date stand on the closed card; a missing date is missing there too."""
    page = ask("verdict").page
    assert "Mairie de Brisset · 2024-01-15" in page.locator("[data-card=V1] summary").inner_text()
    assert page.locator("[data-card=V2] summary").inner_text().endswith("Un forum")


# --- Rewriting ------------------------------------------------------------------------------------


def test_a_text_is_held_against_a_list(ask):
    """Text and ticks are one answer; ticks alone are not one."""
    widget = ask("rewrite")
    page = widget.page
    page.get_by_label("les faits").check()
    assert page.locator(".kit-progress span").inner_text() == "0 sur 1"
    page.get_by_role("textbox").fill("Des habitants s’interrogent")
    page.get_by_role("textbox").blur()
    widget.settle()
    assert widget.answers == {"w1": {"text": "Des habitants s’interrogent", "checks": ["facts"]}}


def test_what_is_being_typed_survives_an_answer_of_the_kernel(ask):
    """Feedback that comes while a number is typed does not overwrite it."""
    widget = ask("number", state={"answers": {"n1": {"text": "1"}}})
    line = widget.page.get_by_label("Nombre").first
    line.focus()
    widget.press("End")
    widget.page.keyboard.type("2")
    widget.page.evaluate("kernel.delay = 300")
    widget.page.get_by_role("button", name="Un indice pour la question 1").dispatch_event("click")
    widget.page.keyboard.type("3")
    widget.page.wait_for_function("kernel.state.feedback.n1?.hints.length")
    widget.page.wait_for_timeout(400)
    assert line.input_value() == "123"


def test_what_is_written_when_the_page_goes_is_handed_over(ask):
    """Closing the tab in the middle of a sentence loses nothing that was typed."""
    widget = ask("open")
    widget.page.get_by_role("textbox").first.focus()
    widget.page.keyboard.type("Parce")
    widget.page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert widget.answers == {"o1": {"text": "Parce"}}
