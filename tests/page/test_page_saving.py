"""Nothing is called saved before the kernel has said so, and nothing is lost on the way."""

import pytest

from tests.page.driver import LOADED, MARKED, TAGGED, TOO_MUCH, marked

pytestmark = pytest.mark.browser


def test_saved_is_said_only_when_the_kernel_has_said_so(open_widget):
    """In flight « Enregistrement… », late within 3 s, saved with the answer, whenever it comes."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'hold'")
    marked(widget)
    assert widget.status == "Enregistrement…"
    widget.page.clock.run_for(2_600)
    assert widget.status == "Enregistrement…"
    widget.page.clock.run_for(200)
    assert widget.status == "pas encore enregistré"
    assert widget.warned == "Pas encore enregistré."
    widget.page.evaluate("() => kernel.release()")
    assert widget.status == "enregistré"


def test_one_action_is_in_flight_and_the_others_wait_their_turn(open_widget):
    """Three marks made while the kernel is busy arrive in order, each after the other's answer."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'hold'")
    for key in "123":
        marked(widget, key)
    actions = "heard.filter((each) => each.action)"
    assert widget.kernel(f"{actions}.length") == 1
    widget.page.evaluate("() => kernel.release()")
    widget.page.clock.run_for(100)
    labels = [action["value"]["label"] for action in widget.kernel("actions")]
    assert labels == [LOADED, TAGGED, TOO_MUCH]


def test_a_kernel_that_cannot_be_reached_is_said_with_what_to_do(open_widget):
    """`Cannot send`: a banner, an unsaved status, the mark kept; all goes in when it is back."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'throw'")
    marked(widget)
    banner = widget.page.locator("[data-banner=gone]")
    assert "Exécuter la cellule de nouveau" in banner.inner_text()
    assert widget.status == "pas encore enregistré"
    assert widget.page.locator(".kit-mark").count() == 1
    widget.kernel("mode = 'answer'")
    widget.page.clock.run_for(5_100)
    assert widget.status == "enregistré"
    assert not banner.count()
    assert len(widget.kernel("actions")) == 1


def test_a_kernel_that_stays_silent_is_said_too(open_widget):
    """Without any answer for two signs of life the banner comes, though nothing was thrown."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'silent'")
    marked(widget)
    widget.page.clock.run_for(16_000)
    assert widget.page.locator("[data-banner=gone]").count() == 1
    widget.kernel("mode = 'answer'")
    widget.page.clock.run_for(11_000)
    assert widget.status == "enregistré"
    assert len(widget.kernel("actions")) == 1


def test_what_could_not_be_written_is_kept_and_tried_again(open_widget):
    """The reason is shown and said once; every 5 s, a button and the next action try again."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'fail'")
    marked(widget)
    widget.page.clock.run_for(50)
    assert widget.status == "non enregistré\u202f: le disque est plein."
    assert "retenté" in widget.page.locator("[data-banner=failed]").inner_text()
    assert "le disque est plein" in widget.warned
    widget.page.evaluate("() => { window.sent = kernel.heard.length }")
    widget.page.get_by_role("button", name="Réessayer").click()
    assert widget.kernel("heard.length - window.sent") == 1
    widget.page.clock.run_for(5_100)
    assert widget.page.locator(".kit-mark").count() == 1
    widget.kernel("mode = 'answer'")
    marked(widget, "2")
    widget.page.clock.run_for(100)
    assert widget.status == "enregistré"
    assert len(widget.kernel("actions")) == 2


def test_an_action_that_will_never_be_accepted_does_not_block_the_rest(open_widget):
    """`final`: it is dropped, the learner is told why, and what follows is saved."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'refuse'")
    marked(widget)
    widget.page.clock.run_for(50)
    assert "réponse inconnue" in widget.page.locator("[data-banner=refused]").inner_text()
    assert widget.page.locator(".kit-mark").count() == 0
    widget.kernel("mode = 'answer'")
    marked(widget, "2")
    widget.page.clock.run_for(50)
    assert widget.status == "enregistré"


def test_unsaved_actions_are_sent_once_when_the_cell_is_run_again(open_widget):
    """A new view takes them over, under the same ids and in order; the old one is silent."""
    widget = open_widget(clock=True)
    page = widget.page
    widget.kernel("mode = 'throw'")
    for key in "12":
        marked(widget, key)
    page.evaluate("() => close_()")
    widget.kernel("mode = 'answer'")
    page.evaluate("async () => { kernel.greeted.clear(); await show() }")
    page.clock.run_for(200)
    page.clock.run_for(6_000)
    assert widget.status == "enregistré"
    assert page.locator(".kit-mark").count() == 2
    sent = [each["action"]["id"] for each in widget.kernel("heard") if "action" in each]
    assert len(sent) == len(set(sent)) == 2
    assert [a["value"]["label"] for a in widget.kernel("actions")] == [LOADED, TAGGED]


def test_unsaved_actions_outlive_a_reload_of_the_page(open_widget):
    """They wait in sessionStorage, and nothing of them is in localStorage."""
    widget = open_widget()
    widget.kernel("mode = 'silent'")
    marked(widget)
    widget.page.get_by_role("button", name="Texte plus grand").click()
    assert widget.page.evaluate("Object.keys(localStorage)") == ["kit:text-size"]
    widget.page.reload()
    widget.page.wait_for_function("window.ready")
    assert widget.marks == [("halle", LOADED)]
    assert (
        widget.page.evaluate("document.querySelector('.kit-task').style.cssText")
        == "--kit-size: 1.15;"
    )


def test_a_lost_message_is_sent_again(open_widget):
    """When a later sign of life is answered and the action is not, it got lost: same id again."""
    widget = open_widget(clock=True)
    widget.kernel("mode = 'silent'")
    marked(widget)
    widget.kernel("mode = 'answer'")
    widget.page.clock.run_for(5_200)
    assert widget.status == "enregistré"
    sent = [each["action"]["id"] for each in widget.kernel("heard") if "action" in each]
    assert len(sent) == 2
    assert len(set(sent)) == 1


def test_a_second_page_reads_only_says_why_and_can_take_over(open_widget):
    """Two views of one task: the second one shows the marks and writes nothing until asked to."""
    widget = open_widget(state=MARKED)
    page = widget.page
    page.evaluate(
        """async () => {
          const place = document.body.appendChild(document.createElement('div'));
          place.id = 'second';
          await show(place);
        }"""
    )
    second, first = page.locator("#second"), page.locator("#cell")
    second.get_by_text("Cette tâche est déjà ouverte").wait_for()
    assert second.locator(".kit-mark").count() == 2
    assert second.get_by_role("button", name="Remettre", exact=True).is_disabled()
    second.get_by_role("textbox").focus()
    widget.press("ArrowRight", "1")
    assert second.locator(".kit-mark").count() == 2
    second.get_by_role("button", name="Travailler ici").click()
    first.get_by_text("Cette tâche est déjà ouverte").wait_for()
    second.get_by_role("textbox").focus()
    widget.press("1")
    assert second.locator(".kit-mark").count() == 3
    second.locator('[data-state="saved"]').wait_for()


def test_how_long_a_learner_waits_is_measured(open_widget):
    """From the action to its answer, and from the key to the painted frame."""
    widget = open_widget()
    marked(widget)
    widget.settle()
    widget.page.wait_for_function("performance.getEntriesByName('kit:paint').length > 0")
    assert widget.page.evaluate("performance.getEntriesByName('kit:save').length") == 1
