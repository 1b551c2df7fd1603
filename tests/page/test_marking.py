"""Marks by keyboard, mouse, touch and from the list; every sign of the text counts as one."""

import pytest

from tests.page.driver import (
    CALAMITY,
    CITY,
    ENTRY,
    GIFT,
    ITEMS,
    KINDS,
    LOADED,
    MARKED,
    TAGGED,
    TOO_MUCH,
    mark,
    told,
)
from tests.page.harness import place

pytestmark = pytest.mark.browser


# --- Marking by keyboard -------------------------------------------------------------------------


def test_a_mark_by_keyboard(open_widget):
    """Tab enters the text, arrows move, Shift selects, a digit labels: nothing else is needed."""
    widget = open_widget()
    widget.text.focus()
    widget.press("ArrowDown", "ArrowDown", "Control+ArrowRight", "ArrowRight", "ArrowRight")
    widget.press("Shift+ArrowRight", "Shift+ArrowRight", "1")
    assert widget.marks == [("voisine, cette promesse", LOADED)]


def test_arrows_go_by_word_sentence_and_paragraph(open_widget):
    """Each move says the word it comes to; Home and End stay in the paragraph."""
    widget = open_widget()
    widget.text.focus()
    steps = [
        ("ArrowRight", "halle"),
        ("ArrowDown", "Après"),
        ("ArrowDown", "Le"),
        ("Control+ArrowRight", "Selon"),
        ("Control+ArrowRight", "L’"),
        ("Control+ArrowLeft", "Selon"),
        ("End", "électoral"),
        ("ArrowRight", "Une"),
        ("Control+End", "terre"),
        ("Home", "Une"),
        ("ArrowLeft", "électoral"),
        ("ArrowUp", "Le"),
        ("Control+Home", "La"),
    ]
    for key, word in steps:
        widget.press(key)
        assert widget.said == word, key


def test_enter_opens_the_menu_and_enter_again_marks(open_widget):
    """Marking a word takes two keys once the cursor is there; focus comes back to the text."""
    widget = open_widget()
    widget.text.focus()
    widget.press("ArrowRight", "Enter")
    widget.page.wait_for_function("document.activeElement.closest('.kit-menu')")
    widget.press("Enter")
    assert widget.marks == [("halle", LOADED)]
    assert widget.page.evaluate("document.activeElement.getAttribute('role')") == "textbox"


def test_the_tenth_label_has_the_key_0_and_digits_work_on_a_french_keyboard(open_widget):
    """« & » and « à » are the digits 1 and 0 there, without Shift."""
    widget = open_widget()
    widget.text.focus()
    for key, code in (("&", "Digit1"), ("à", "Digit0")):
        widget.press("ArrowRight")
        widget.text.dispatch_event(
            "keydown", {"key": key, "code": code, "bubbles": True, "cancelable": True}
        )
    assert [label for _, label in widget.marks] == [LOADED, "misleading_shortcut"]


def test_alt_and_arrows_move_the_ends_of_a_mark(open_widget):
    """Alt moves the end, Shift and Alt the beginning; a mark keeps at least one word."""
    widget = open_widget(state={"answers": {"m1": mark("promesse calamiteuse")}})
    widget.text.focus()
    widget.press("ArrowDown", "ArrowDown", "Control+ArrowRight", *["ArrowRight"] * 4)
    assert widget.said == "promesse, dans vocabulaire chargé"
    widget.press("Alt+ArrowRight", "Shift+Alt+ArrowLeft")
    assert widget.marks == [("cette promesse calamiteuse ne", LOADED)]
    widget.press(*["Alt+ArrowLeft"] * 9)
    assert widget.marks == [("cette", LOADED)]


def test_a_digit_on_a_mark_changes_its_label_and_delete_removes_it(open_widget):
    """The mark under the cursor is held: no other step is needed."""
    widget = open_widget(state=MARKED)
    widget.page.get_by_role("button", name=f"Aller à\u202f: {CALAMITY}").click()
    widget.press("2")
    assert (CALAMITY, TAGGED) in widget.marks
    assert widget.said == "Étiquette changée\u202f: étiquette"
    widget.press("Delete")
    assert widget.marks == [(CITY, TOO_MUCH)]


def test_escape_lets_go_of_one_thing_at_a_time(open_widget):
    """First the menu, then the selection, then the held mark."""
    widget = open_widget(state=MARKED)
    page = widget.page
    page.get_by_role("button", name=f"Aller à\u202f: {CALAMITY}").click()
    widget.press("Shift+ArrowRight", "Enter")
    page.wait_for_function("document.activeElement.closest('.kit-menu')")
    widget.press("Escape")
    assert not page.locator(".kit-menu").is_visible()
    assert page.locator(".is-selected").count()
    widget.press("Escape")
    assert not page.locator(".is-selected").count()
    widget.press("ArrowLeft")
    assert page.locator(".is-picked").count()
    widget.press("Escape")
    assert not page.locator(".is-picked").count()


def test_a_piece_elsewhere_joins_a_mark(open_widget):
    """With + the next selection goes into the held mark: one answer, two ranges."""
    widget = open_widget(state=MARKED)
    widget.page.get_by_role("button", name=f"Aller à\u202f: {CALAMITY}").click()
    widget.press("+")
    assert "Choisis le morceau" in widget.page.locator(".kit-adding").inner_text()
    widget.press(*["ArrowRight"] * 4, "Enter")
    assert widget.answers["m1"]["ranges"] == [place(CALAMITY), place("jusqu’")]
    widget.press("Control+z")
    assert widget.answers["m1"]["ranges"] == [place(CALAMITY)]


def test_undo_and_redo_have_no_limit(open_widget):
    """Twenty-five marks go and come back one by one, by key and by button; all are plain `set`s."""
    widget = open_widget()
    widget.text.focus()
    for _ in range(25):
        widget.press("1", "ArrowRight")
    assert len(widget.marks) == 25
    widget.press(*["Control+z"] * 24)
    widget.page.get_by_role("button", name="Annuler").click()
    assert widget.marks == []
    assert (
        widget.page.get_by_role("button", name="Annuler").get_attribute("aria-disabled") == "true"
    )
    widget.text.focus()
    widget.press(*["Control+Shift+z"] * 12, *["Control+y"] * 12)
    widget.page.get_by_role("button", name="Rétablir").click()
    assert len(widget.marks) == 25
    assert {action["do"] for action in widget.kernel("actions")} == {"set"}


def test_what_undo_brings_back_is_said(open_widget):
    """A learner who does not see the mark hears which one it was."""
    widget = open_widget(state=MARKED)
    widget.page.get_by_role("button", name=f"Aller à\u202f: {CALAMITY}").click()
    widget.press("Delete")
    assert widget.said == "vocabulaire chargé supprimé, 1 passage"
    widget.press("Control+z")
    assert widget.said == f"Revenu\u202f: vocabulaire chargé, {CALAMITY}, 2 passages"


def test_keys_that_the_widget_does_not_use_pass(open_widget):
    """Tab leaves the text; saving the notebook and the browser's own keys are not caught."""
    widget = open_widget()
    page = widget.page
    page.evaluate(
        """() => {
          window.caught = {};
          addEventListener('keydown', (event) => { caught[event.key] = event.defaultPrevented; });
        }"""
    )
    widget.text.focus()
    widget.press("x", "a", "Control+s", "F6", "ArrowRight")
    caught = page.evaluate("caught")
    assert caught == {"x": False, "a": False, "s": False, "F6": False, "ArrowRight": True} | {
        "Control": False
    }
    widget.press("Tab")
    assert page.evaluate("document.activeElement.closest('.kit-text')") is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_focusable_element_keeps_its_keys_from_jupyterlab(open_widget, kind):
    """Lab's shortcuts match the focused element itself: none may lack the attribute."""
    states = {
        "highlight": MARKED | {"feedback": {"1": told(items=ITEMS, model=[ENTRY])}},
        "classify": {},
        "attribution": {"answers": {"a1": {"source": [place("une voisine")], "kind": "person"}}},
    }
    widget = open_widget(kind, state=states[kind])
    page = widget.page
    for head in page.locator(".kit-card-head").all():
        head.click()
    page.get_by_role("button", name="Aide clavier").click()
    page.get_by_role("button", name="Remettre", exact=True).click()
    lacking = page.evaluate(
        """() => [...document.querySelectorAll('.kit-task :is(button, input, select, textarea,'
          + ' summary, a, [tabindex])')]
          .filter((each) => each.dataset.lmSuppressShortcuts !== 'true')
          .map((each) => each.outerHTML)"""
    )
    assert lacking == []


# --- Marking by mouse ----------------------------------------------------------------------------


def test_a_drag_snaps_to_whole_words_and_opens_the_menu(open_widget):
    """From the middle of a word to the middle of another: both are taken whole."""
    widget = open_widget()
    widget.drag("esse cal", "lamit")
    widget.page.locator(".kit-menu").wait_for()
    assert (
        widget.page.locator(".kit-menu-title").inner_text() == "2 mots\u202f: promesse calamiteuse"
    )
    widget.choose("vocabulaire chargé")
    assert widget.marks == [("promesse calamiteuse", LOADED)]
    assert not widget.page.locator(".kit-menu").is_visible()


def test_alt_marks_exact_characters_and_never_half_a_sign(open_widget):
    """With Alt the ends stay where they are put; an emoji of three code points is taken whole."""
    widget = open_widget()
    widget.page.keyboard.down("Alt")
    widget.drag("ouvre 👩‍🏫 s", "ouvre 👩")
    widget.page.keyboard.up("Alt")
    widget.choose("vocabulaire chargé")
    ((quote, _),) = widget.marks
    assert quote in {start + end for start in ("ouvre", "uvre") for end in (" ", " 👩‍🏫")}


def test_a_click_takes_a_word_and_a_digit_labels_it(open_widget):
    """One word needs no drag; the keyboard can go on from there."""
    widget = open_widget()
    widget.click(CALAMITY)
    widget.press("3")
    assert widget.marks == [(CALAMITY, TOO_MUCH)]


def test_a_click_on_a_mark_holds_it_and_its_handles_can_be_dragged(open_widget):
    """Two handles show; pulled, an end snaps to words and the other end stays."""
    widget = open_widget(state={"answers": {"m1": mark("promesse calamiteuse")}})
    page = widget.page
    widget.click(CALAMITY)
    assert page.locator(".kit-handle").count() == 2
    widget.press("Escape")
    for side, target in (("end", "tiendra"), ("start", "cette promesse")):
        box = page.locator(f".kit-handle[data-side={side}]").evaluate(
            "(e) => { const b = e.getBoundingClientRect(); return [b.x, b.y + b.height + 4] }"
        )
        (x, y), _ = widget.where(target)
        page.mouse.move(*box)
        page.mouse.down()
        page.mouse.move(x - 5, y)
        page.mouse.move(x, y)
        page.wait_for_timeout(30)
        page.mouse.up()
    assert widget.marks == [("cette promesse calamiteuse ne tiendra", LOADED)]
    widget.press("Control+z", "Control+z")
    assert widget.marks == [("promesse calamiteuse", LOADED)]


def test_a_held_mark_is_relabelled_from_the_menu(open_widget):
    """The menu that a click opens shows the label it has, and takes another."""
    widget = open_widget(state=MARKED)
    widget.click(CALAMITY)
    chosen = widget.page.locator(".kit-menu [aria-checked=true]")
    assert chosen.inner_text().split("\n")[-1] == "vocabulaire chargé"
    widget.choose("étiquette")
    assert (CALAMITY, TAGGED) in widget.marks


def test_marks_may_overlap_and_each_can_be_held(open_widget):
    """A word under two marks shows two lines; clicks hold the shorter one, then the longer one."""
    widget = open_widget(state=MARKED)
    page = widget.page
    widget.drag("entière s’en réjouit")
    widget.choose("insinuation")
    assert len(widget.marks) == 3
    piece = page.locator("mark", has_text="entière").first
    assert piece.locator(".kit-line").count() == 2
    held = set()
    for _ in range(2):
        widget.click("entière")
        held.add(page.locator(".kit-menu-title").text_content())
        widget.press("Escape")
    assert held == {"3 mots\u202f: la ville entière", "4 mots\u202f: entière s’en réjouit"}


def test_a_mark_in_two_pieces_by_mouse(open_widget):
    """« Ajouter un morceau », then a drag: the piece goes into the mark at once."""
    widget = open_widget(state=MARKED)
    widget.click(CALAMITY)
    widget.page.get_by_role("menuitem", name="Ajouter un morceau").click()
    widget.drag("jusqu’à l’été")
    assert widget.answers["m1"]["ranges"] == [place(CALAMITY), place("jusqu’à l’été")]
    assert len(widget.answers) == 2


def test_a_legend_button_labels_the_selection(open_widget):
    """A press on the legend keeps the selection and marks it; without one it says what to do."""
    widget = open_widget()
    button = widget.page.get_by_role("button", name="exagération")
    button.click()
    assert widget.said == "Sélectionne d’abord des mots dans le texte."
    widget.drag(GIFT)
    button.click()
    assert widget.marks == [(GIFT, TOO_MUCH)]
    assert button.inner_text().endswith("1")


def test_the_test_of_a_label_shows_on_hover_and_on_focus(open_widget):
    """The question that decides is one movement away, and read with the button."""
    widget = open_widget()
    panel = widget.page.locator(".kit-explanation")
    widget.page.get_by_role("button", name="insinuation").hover()
    assert panel.inner_text().startswith("insinuation")
    widget.page.get_by_role("button", name="étiquette").focus()
    assert panel.inner_text().startswith("étiquette")


# --- Marking by touch ----------------------------------------------------------------------------


def test_a_mark_by_touch(open_widget):
    """Tap the first word, tap the last word, tap the label in the sheet at the bottom."""
    widget = open_widget(width=390, height=800, has_touch=True, is_mobile=True)
    widget.tap("promesse")
    sheet = widget.page.locator(".kit-menu.is-sheet")
    sheet.wait_for()
    assert widget.page.evaluate("document.activeElement.closest('.kit-menu')") is None
    widget.tap(CALAMITY)
    sheet.get_by_text("vocabulaire chargé").tap()
    assert widget.marks == [("promesse calamiteuse", LOADED)]


def test_the_selection_of_the_system_can_be_labelled(open_widget):
    """After a long press the system selects; a tap on a label marks what it selected."""
    widget = open_widget(width=390, height=800, has_touch=True, is_mobile=True)
    widget.page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector('.kit-text'), 4);
          while (walker.nextNode() && !walker.currentNode.data.includes('calamiteuse'));
          const node = walker.currentNode;
          const at = node.data.indexOf('calamiteuse');
          document.getSelection().setBaseAndExtent(node, at + 2, node, at + 6);
        }"""
    )
    widget.page.locator(".kit-menu.is-sheet").get_by_text("exagération").tap()
    assert widget.marks == [(CALAMITY, TOO_MUCH)]


def test_scrolling_by_touch_marks_nothing(open_widget):
    """A finger that moves scrolls the page: no selection, no menu."""
    widget = open_widget(width=390, height=500, has_touch=True, is_mobile=True)
    page = widget.page
    (x, y), _ = widget.where("chantier")
    session = page.context.new_cdp_session(page)
    touch = [{"x": x, "y": y}]
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": touch})
    for step in range(1, 8):
        touch = [{"x": x, "y": y - 20 * step}]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": touch})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)
    assert page.evaluate("scrollY") > 0
    assert not page.locator(".is-selected, .kit-menu:visible").count()
    assert widget.marks == []


# --- The list ------------------------------------------------------------------------------------


def test_everything_can_be_done_from_the_list(open_widget):
    """Go to, change and remove, by keyboard, without the text; one tab stop for the whole list."""
    widget = open_widget(state=MARKED)
    page = widget.page
    rows = page.get_by_role("list").filter(has=page.locator("[data-mark]")).get_by_role("listitem")
    assert rows.count() == 2
    assert page.locator(".kit-list [tabindex='0']").count() == 1
    page.locator(".kit-list [tabindex='0']").focus()
    widget.press("ArrowDown", "ArrowRight", "Enter")
    page.wait_for_function("document.activeElement.closest('.kit-menu')")
    widget.press("5")
    assert (CALAMITY, "vague_attribution") in widget.marks
    page.get_by_role("button", name=f"Supprimer\u202f: {CITY}").focus()
    widget.press("Enter")
    assert [quote for quote, _ in widget.marks] == [CALAMITY]


# --- Offsets, markup -----------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["rouvre", "applaudissements", "retrouve", "e\u0301lève", "terre"])
def test_signs_of_several_code_points_shift_nothing(open_widget, word):
    """Teacher, flag and combining accent before a mark: the kernel gets the very words."""
    widget = open_widget()
    widget.click(word)
    widget.press("1")
    assert widget.marks == [(word, LOADED)]


def test_markup_in_a_text_is_shown_as_text(open_widget):
    """What looks like HTML, in the text or in a feedback, is never taken for it."""
    nasty = "<img src=x onerror='window.hacked = 1'>"
    state = MARKED | {"feedback": {"1": told(nasty, items={"m1": {"sign": "near", "text": nasty}})}}
    widget = open_widget(state=state)
    assert "<b>gras</b>" in widget.text.inner_text()
    assert widget.page.locator(".kit-text b, .kit-task img").count() == 0
    assert nasty in widget.page.get_by_role("region", name="Retour").inner_text()
    assert widget.page.evaluate("window.hacked") is None
