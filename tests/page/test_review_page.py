"""The teacher's review on its page, with the kernel's side of the widget behind it: no Jupyter."""

import html
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from kit.classroom.reviewing import ReviewWidget
from kit.grading.gradebook import Plan
from kit.loading import load
from kit.review import accepted
from kit.review.marks import FILE
from tests.school import LEARNERS, WHY, build, extra, hand_in, regrade, write

pytestmark = pytest.mark.browser

# What anywidget gives a page, with the kernel one call away; `mode` lets a test cut the wire.
MODEL = """
const data = JSON.parse(document.querySelector("#data").textContent);
const escaped = document.querySelector("#module").textContent;
const source = new DOMParser().parseFromString(escaped, "text/html").documentElement.textContent;
const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
const listeners = new Set();
window.mode = "answer";
window.heard = [];
const model = {
  get: () => data.view,
  on: (_, run) => listeners.add(run),
  off: (_, run) => listeners.delete(run),
  send(content) {
    if (window.mode === "throw") throw new Error("Cannot send");
    window.heard.push(content);
    if (window.mode === "silent") return;
    window.kernel(JSON.stringify(content)).then((replies) => {
      const tell = () => {
        for (const each of JSON.parse(replies)) listeners.forEach((run) => run(each));
      };
      if (window.mode === "hold") window.held = tell;
      else tell();
    });
  },
};
window.close_ = (await import(url)).default.render({ model, el: document.querySelector("#cell") });
window.ready = true;
"""


def body(widget, theme="light"):
    data = json.dumps({"view": widget.view}, ensure_ascii=False).replace("<", "\\u003c")
    dark = "#111" if theme == "dark" else "#fff"
    return f"""<!doctype html>
<html lang="{widget.view["lang"]}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Revue</title>
<style>body {{ margin: 8px; background: {dark}; font-family: sans-serif }} {widget._css}</style>
<body data-jp-theme-light="{"false" if theme == "dark" else "true"}">
<main><h1 style="position: absolute; opacity: 0">Page</h1><div id="cell"></div></main>
<script type="text/plain" id="module">{html.escape(widget._esm)}</script>
<script type="application/json" id="data">{data}</script>
<script type="module">{MODEL}</script>
"""


class Review:
    """The page, as a teacher uses it."""

    def __init__(self, page, widget):
        self.page, self.widget = page, widget

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def sit(self, marker="AB"):
        self.page.get_by_label("Qui corrige").fill(marker)
        self.press("Enter")
        self.page.get_by_text(f"Corrige\u202f: {marker}").wait_for()

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()

    @property
    def tick(self):
        return self.page.locator(".kit-tick").first.inner_text()

    @property
    def said(self):
        return self.page.locator(".kit-live[aria-live=polite]").text_content()

    @property
    def place(self):
        return self.page.locator(".kit-place-in").inner_text()

    def saved(self, text):
        self.page.locator('.kit-tick[data-state="saved"]').get_by_text(text).first.wait_for()

    @property
    def marks(self):
        """The lines on disk."""
        path = self.widget._plan.to / FILE
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture
def school(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    build(tmp_path)
    write(
        tmp_path,
        ana={"o1": WHY, "o2": "Le budget est-il en euros ?"},
        bob={"o1": "Bof, je ne sais pas. <b>gras</b>"},
        chloé={"o1": WHY + " On peut compter les visiteurs par habitant."},
    )
    exercise = load("halle")
    for learner in LEARNERS[:2]:
        contests = [("bias", "m1", f"Ce mot juge, d’après {learner[0]}.")]
        hand_in(tmp_path, exercise, learner, {"bias": {"m1": extra(exercise)}}, contests)
    return tmp_path


@pytest.fixture
def opened(chromium, school):
    """Open the review of the class; errors of the page fail the test."""
    contexts, errors = [], []

    def open_(width=1100, height=900, theme="light", marker="AB", **options):
        regrade(school)
        widget = ReviewWidget(Plan(school / "classe", school / "out", feedback=False))
        sent = []
        widget.send = sent.append

        def kernel(content):
            sent.clear()
            widget._receive(widget, json.loads(content), [])
            return json.dumps(sent)

        context = chromium.new_context(
            locale="fr-FR", viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.set_default_timeout(5_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.expose_function("kernel", kernel)
        page.route("**/*", lambda route: route.fulfill(
            body=body(widget, theme), content_type="text/html"))  # fmt: skip
        page.goto("http://localhost/")
        page.wait_for_function("window.ready")
        found = Review(page, widget)
        if marker:
            found.sit(marker)
        return found

    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def test_a_class_is_marked_by_keyboard_alone(opened):
    """Name, marks, comment, next, undo and finishing: no pointer is needed."""
    review_ = opened(marker="")
    review_.page.keyboard.press("Tab")
    review_.page.keyboard.type("AB")
    review_.press("Enter")
    review_.page.get_by_text("Corrige\u202f: AB").wait_for()
    review_.press("3")  # the keyboard is on the first answer
    review_.saved("3 sur 4, enregistré")
    assert review_.said == "3 sur 4, enregistré"
    review_.press("n", "1", "5")
    review_.saved("1 sur 4, enregistré")
    review_.press("n", "c")
    review_.page.keyboard.type("2 mots à citer")  # in the field a digit is a digit
    review_.press("Escape", "4")
    review_.saved("4 sur 4, enregistré")
    review_.press("u")
    review_.page.locator('.kit-tick[data-state="none"]').wait_for()
    assert review_.said == "Annulé. Copie 3, pas encore notée"
    review_.press("p", "p", "p")
    assert review_.said == "C’est la première réponse."
    review_.press("o")
    assert review_.place == "Réponse 3 sur 4 · 2 notées"
    lines = [(line["do"], line.get("points"), line.get("comment")) for line in review_.marks]
    assert lines == [
        ("mark", 3, ""),
        ("mark", 1, ""),
        ("mark", 1, "Citer les mots précis du passage."),
        ("mark", 4, "2 mots à citer"),
        ("undo", None, None),
    ]
    for _ in range(40):
        if review_.page.evaluate("document.activeElement.textContent") == "J’ai terminé":
            break
        review_.press("Tab")
    review_.press("Enter", "Tab", "Enter")
    review_.page.get_by_text("Terminé. La comparaison s’ouvre").first.wait_for()
    assert review_.marks[-1]["do"] == "done"


def test_a_french_keyboard_marks_without_shift(opened):
    """The key that writes é is 2 by its place."""
    review_ = opened()
    review_.page.evaluate(
        """document.querySelector('.kit-answer').dispatchEvent(new KeyboardEvent('keydown',
             {key: 'é', code: 'Digit2', bubbles: true, cancelable: true}))"""
    )
    review_.saved("2 sur 4, enregistré")


def test_saved_is_said_only_after_the_kernel_has_said_so(opened):
    """Until then the mark is shown as being saved, and counts as unsaved."""
    review_ = opened()
    review_.page.evaluate("mode = 'hold'")
    review_.press("2")
    assert review_.tick == "2 sur 4, enregistrement…"
    review_.page.wait_for_function("!!window.held")
    assert review_.marks[0]["points"] == 2  # on disk, and the page does not know
    assert review_.tick == "2 sur 4, enregistrement…"
    review_.page.evaluate("mode = 'answer'; held()")
    review_.saved("2 sur 4, enregistré")


def test_a_mark_survives_a_reload_and_a_dead_kernel(opened):
    """What was not on disk is kept by the page, and goes there when the kernel is back."""
    review_ = opened()
    review_.page.evaluate("mode = 'throw'")
    review_.press("1")
    review_.page.get_by_text("Le cahier ne répond plus").wait_for()
    assert review_.marks == []
    review_.page.reload()
    review_.saved("1 sur 4, enregistré")
    assert [line["points"] for line in review_.marks] == [1]


def test_a_full_disk_is_told_and_the_mark_kept(opened, monkeypatch):
    """The reason is worded; the mark is tried again."""
    review_ = opened()
    log = review_.widget._sitting._marks._log
    append = log.append

    def full(action):
        raise OSError(28, "No space left")

    monkeypatch.setattr(log, "append", full)
    review_.press("3")
    review_.page.get_by_text("Les notes restent ici").wait_for()
    assert review_.tick == "3 sur 4, enregistrement…"
    monkeypatch.setattr(log, "append", append)
    review_.page.get_by_role("button", name="Réessayer").click()
    review_.saved("3 sur 4, enregistré")


def test_names_are_hidden_until_they_are_asked_for(opened):
    """In anonymous mode no name is on the page, nor in what the page was sent."""
    review_ = opened()
    page = review_.page
    assert not [name for name in LEARNERS if name in page.locator(".kit-review").inner_text()]
    page.get_by_label("Anonyme").uncheck()
    page.locator(".kit-copy").get_by_text("(").wait_for()
    assert [name for name in LEARNERS if name in page.locator(".kit-copy").inner_text()]


def test_what_a_learner_wrote_is_text(opened):
    """Markup in an answer is shown, not drawn."""
    review_ = opened()
    for _ in range(3):
        if "<b>gras</b>" in review_.page.locator(".kit-answer .kit-written").inner_text():
            break
        review_.press("n")
    assert "<b>gras</b>" in review_.page.locator(".kit-answer .kit-written").inner_text()
    assert review_.page.locator(".kit-answer b").count() == 0


def mark_all(review_, *points):
    for value in points:
        review_.press(str(value))
        review_.saved(f"{value} sur 4, enregistré")
        review_.press("n")


def both_done(review_):
    """Two markers, one after the other at the same screen."""
    for marker, points in (("AB", (4, 1, 0, 2)), ("CD", (2, 1, 1, 2))):
        review_.sit(marker)
        mark_all(review_, *points)
        review_.page.get_by_role("button", name="J’ai terminé").click()
        review_.page.get_by_role("button", name="Terminer").click()
        if marker == "AB":
            review_.page.get_by_text("Terminé. La comparaison s’ouvre").first.wait_for()
            review_.page.get_by_role("button", name="Changer de correcteur").click()


def test_a_contest_is_accepted_and_the_class_graded_again(opened):
    """Reasons, a note, one press: the key is debated there, and the page says what changed."""
    review_ = opened()
    page = review_.page
    review_.tab("Contestations")
    item = page.locator(".kit-contest-item")
    assert "Ce mot juge, d’après a." in item.inner_text()
    assert "Ce mot juge, d’après b." in item.inner_text()
    assert item.locator("mark").inner_text()
    page.get_by_label("Ce que la classe en retient").fill("On en a parlé.")
    page.get_by_role("button", name="Accepter et corriger").click()
    page.get_by_text("Accepté par AB").wait_for()
    told = page.locator(".kit-regraded").inner_text()
    assert told.startswith("La classe est corrigée de nouveau")
    line = json.loads((review_.widget._plan.to / accepted.FILE).read_text("utf-8"))
    assert (line["who"], line["note"]) == ("AB", "On en a parlé.")
    page.get_by_role("button", name="Retirer").click()
    page.get_by_role("button", name="Accepter et corriger").wait_for()


# --- For everybody -------------------------------------------------------------------------------


def states(review_):
    """Bring the page through all its states."""
    page = review_.page
    yield "who"
    page.get_by_role("button", name="Commencer").click()
    page.get_by_text("Écrire un nom").wait_for()
    yield "no name"
    review_.sit("AB")
    yield "answers"
    for fold in page.locator(".kit-fold summary").all():
        fold.click()
    review_.page.locator(".kit-answer").focus()
    review_.press("3", "5")
    review_.saved("3 sur 4, enregistré")
    yield "marked"
    page.get_by_role("button", name="J’ai terminé").click()
    yield "asking"
    review_.press("Escape")
    page.get_by_role("button", name="Changer de correcteur").click()
    both_done(review_)
    review_.tab("Accord")
    page.locator(".kit-apart").wait_for()
    page.locator(".kit-apart").get_by_role("button", name="3", exact=True).click()
    page.get_by_text("Note convenue\u202f: 3 sur 4").wait_for()
    yield "agreement"
    review_.tab("Contestations")
    yield "contests"
    page.get_by_role("button", name="Accepter et corriger").click()
    page.get_by_text("Accepté par AB").or_(page.get_by_text("Accepté par CD")).wait_for()
    yield "accepted"
    page.evaluate("mode = 'throw'")
    review_.tab("Réponses")
    page.wait_for_timeout(5_200)
    yield "gone"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(opened, theme):
    """From the name to a kernel that is gone: 0 violations."""
    review_ = opened(marker="", theme=theme)
    found = {}
    for state in states(review_):
        run = Axe().run(review_.page, context=".kit-review")
        if run.violations_count:
            found[state] = run.generate_report()
    assert found == {}


def test_at_320_px_nothing_scrolls_sideways(opened):
    """Every state fits, and what can be pressed is 24 px high at least."""
    review_ = opened(marker="", width=320, height=640)
    for state in states(review_):
        wide = review_.page.evaluate(
            """() => {
              const root = document.querySelector('.kit-review');
              const edge = root.getBoundingClientRect().right + 1;
              const there = [...root.querySelectorAll('*')].filter((e) => e.checkVisibility());
              const wide = there.filter((e) => e.getBoundingClientRect().right > edge)
                .filter((e) => getComputedStyle(e).position !== 'absolute');
              const pressed = 'button, summary, input:not([type=checkbox])';
              const low = there.filter((e) => e.matches(pressed))
                .filter((e) => e.getBoundingClientRect().height < 24);
              return [...wide, ...low].map((e) => e.className || e.tagName)
                .concat(document.documentElement.scrollWidth > 320 ? ['page'] : []);
            }"""
        )
        assert wide == [], state
