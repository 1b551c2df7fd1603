"""Nobody is kept out: axe, the accessibility tree, narrow windows, forced colours."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.lab import open_notebook
from tests.browser.states import STATES, TASKS, answer, go_to, narrow, widget

pytestmark = pytest.mark.browser

TREES = Path(__file__).with_name("trees")


def open_answered(page, lab, notebook, learner):
    answer(lab.home / "reponses", learner, *TASKS[notebook])
    return open_notebook(page, lab, notebook, learner)


@pytest.mark.parametrize("notebook", TASKS)
def test_axe_finds_nothing_in_any_state(page, lab, notebook):
    """The widgets of each notebook have 0 violations, from the empty form to the receipt."""
    axe = Axe()
    open_notebook(page, lab, notebook)
    page.locator(".kit-form").first.wait_for()
    found = {"form": axe.run(page, context=".kit-form")}
    open_answered(page, lab, notebook, f"axe{notebook[:2]}")
    for state in STATES:
        go_to(page, state)
        found[state] = axe.run(page, context=".jp-OutputArea-output .kit-task")
    found["who"] = axe.run(page, context=".kit-form")
    reports = {name: run.generate_report() for name, run in found.items() if run.violations_count}
    assert not reports, reports


@pytest.mark.parametrize("notebook", ["02-affirmations", "04-mots-qui-penchent"])
def test_the_accessibility_tree_is_the_stored_one(page, lab, notebook):
    """What a screen reader finds after a check is what was listened to when it was stored."""
    open_answered(page, lab, notebook, f"arbre{notebook[:2]}")
    go_to(page, "checked")
    tree = widget(page).aria_snapshot() + "\n"
    stored = TREES / f"{notebook}.yaml"
    if os.environ.get("KIT_STORE_TREES"):
        stored.parent.mkdir(exist_ok=True)
        stored.write_text(tree, "utf-8")
    assert tree == stored.read_text("utf-8")


@pytest.mark.parametrize("notebook", TASKS)
def test_a_widget_of_320_pixels_never_scrolls_sideways(page, lab, notebook):
    """Marked and checked, all of it fits into a widget 320 px wide."""
    open_answered(page, lab, notebook, f"etroit{notebook[:2]}")
    narrow(page, 320)
    for state in ("marked", "checked"):
        go_to(page, state)
        wide = widget(page).evaluate(
            """root => {
              const edge = root.getBoundingClientRect().right + 1;
              return [...root.querySelectorAll('*')]
                .filter((e) => e.getBoundingClientRect().right > edge)
                .filter((e) => getComputedStyle(e).position !== 'absolute')
                .map((e) => e.className);
            }"""
        )
        assert wide == []


def test_marks_can_be_told_apart_without_colour(page, lab):
    """In forced colours each label keeps a line of its own."""
    open_answered(page, lab, "04-mots-qui-penchent", "contraste")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    lines = widget(page).evaluate(
        """root => Object.fromEntries([...root.querySelectorAll('mark')].map((mark) => {
             const style = getComputedStyle(mark);
             return [mark.className + mark.dataset.label,
                     [style.textDecorationStyle, style.textDecorationLine, style.borderBottomStyle,
                      style.backgroundImage].join(' ')];
           }))"""
    )
    assert lines
    assert all("none none none none" not in line for line in lines.values()), lines
