"""Drives the page of a widget as a learner does: words instead of places, what the kernel has."""

import json
from pathlib import Path

from tests.page import harness
from tests.page.harness import place

ADDRESS = "http://localhost/"
ON_SCREEN = (Path(__file__).parent / "where.js").read_text("utf-8")
KINDS = ("highlight", "classify", "attribution")
LOADED, TAGGED, TOO_MUCH = "loaded_language", "labelling", "exaggeration"


class Widget:
    """A widget on its page, as a learner and as its kernel see it."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_role("textbox", name="Texte")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def where(self, words, nth=0):
        return self.page.evaluate(ON_SCREEN, [words, nth])

    def click(self, words, nth=0, **options):
        (x, y), _ = self.where(words, nth)
        self.page.mouse.click(x, y, **options)

    def drag(self, first, last=None):
        (x, y), end = self.where(first)
        if last is not None:
            end = self.where(last)[1]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move((x + end[0]) / 2, (y + end[1]) / 2)
        self.page.mouse.move(*end)
        self.page.wait_for_timeout(30)  # a frame, as every real drag has
        self.page.mouse.up()

    def tap(self, words, nth=0):
        (x, y), _ = self.where(words, nth)
        self.page.touchscreen.tap(x, y)

    def choose(self, name):
        self.page.locator(".kit-menu").get_by_text(name, exact=True).click()

    def kernel(self, script):
        return self.page.evaluate(f"() => kernel.{script}")

    @property
    def answers(self):
        self.settle()
        return self.kernel("state.answers")

    @property
    def marks(self):
        """What the kernel has: the words of each mark and its label, in the order of the text."""
        marks = sorted(self.answers.values(), key=lambda mark: mark["ranges"])
        return [(self.quote(mark["ranges"]), mark["label"]) for mark in marks]

    def quote(self, ranges, text=harness.TEXT):
        return " … ".join(text[start:end] for start, end in ranges)

    def settle(self):
        self.page.locator('.kit-status[data-state="saved"]').first.wait_for()

    @property
    def status(self):
        return self.page.locator(".kit-status").first.inner_text().split("\n")[-1]

    @property
    def said(self):
        return self.page.locator(".kit-live[aria-live=polite]").first.text_content()

    @property
    def warned(self):
        return self.page.locator(".kit-live[aria-live=assertive]").first.text_content()

    def item_of(self, words):
        return next(
            item for item, value in self.answers.items() if self.quote(value["ranges"]) == words
        )


class Pages:
    """Pages of one Chromium, used again by the next test that wants one of the same kind."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.known = {}
        self.errors = []
        self.body = ""

    def get(self, clock, options):
        kind = json.dumps([clock, options])
        if kind not in self.known:
            context = self.chromium.new_context(locale="fr-FR", **options)
            context.set_default_timeout(4_000)
            context.route("**/*", self.answer)
            self.known[kind] = page = context.new_page()
            page.on("pageerror", lambda error: self.errors.append(str(error)))
            if clock:
                page.clock.install()
        return self.known[kind]

    def answer(self, route):
        route.fulfill(body=self.body, content_type="text/html")

    def show(self, page, body):
        if page.url == ADDRESS:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.body = body
        page.goto(ADDRESS)
        page.wait_for_function("window.ready")


def mark(words, label=LOADED, *more):
    return {"label": label, "ranges": [place(each) for each in (words, *more)]}


def told(summary="1 passage trouvé.", left=2, **more):
    blank = {"tries": 1, "stale": False, "items": {}, "hints": [], "moreHints": True}
    return blank | {"summary": summary, "left": left, "modelAllowed": True, "model": None} | more


CALAMITY, CITY, GIFT = "calamiteuse", "la ville entière", "un cadeau électoral"
MARKED = {"answers": {"m1": mark(CALAMITY), "m2": mark(CITY, TOO_MUCH)}}
ENTRY = {
    "entry": "b01",
    "status": "core",
    "quote": CALAMITY,
    "ranges": [place(CALAMITY)],
    "label": LOADED,
    "labelName": "vocabulaire chargé",
    "why": "Le mot juge la promesse.",
    "neutral": "cette promesse",
}
DEBATED = ENTRY | {
    "entry": "b02",
    "status": "debated",
    "quote": GIFT,
    "ranges": [place(GIFT)],
    "why": "On hésite.",
    "neutral": "",
}
ITEMS = {
    "m1": {"sign": "right", "text": "Bon passage : *vocabulaire chargé*."},
    "m2": {"sign": "near", "text": "La marque est trop large."},
}


def marked(widget, key="1"):
    widget.text.focus()
    widget.press("ArrowRight", key)
