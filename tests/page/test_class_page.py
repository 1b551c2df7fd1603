"""The class view on the screen: what is hidden, what is said, keys, sizes, nobody kept out."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from kit.loading import load
from tests.page import classes

pytestmark = pytest.mark.browser

WORDS = "[...document.querySelectorAll('.kit-class-text .kit-word')]"
BARS = (
    WORDS
    + """.filter((each) => each.classList.contains('is-warm')).map((each) => [
  each.style.getPropertyValue('--share'), getComputedStyle(each).backgroundSize])"""
)


@pytest.fixture(scope="module")
def bid():
    return load("openai-bid")


@pytest.fixture(scope="module")
def made(bid):
    """Figures of simulated classes, each made once."""
    known = {}

    def figures(task, learners):
        if (task, learners) not in known:
            known[task, learners] = classes.figures(bid, task, learners)
        return known[task, learners]

    return figures


@pytest.fixture
def open_class(pages, bid, made):
    """Open the class view of a simulated class."""

    def open_(task="bias", learners=30, *, theme="light", lang="fr", media=None, clock=False,
              width=1280, height=900, more=None, **context):  # fmt: skip
        page = pages.get(clock, context)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**({"media": "screen", "forced_colors": "none"} | (media or {})))
        shown, told = made(task, learners)
        pages.show(page, classes.page(bid, task, shown | (more or {}), told, theme, lang))
        return page

    yield open_
    assert pages.errors == []


def show_key(page):
    page.get_by_role("button", name="Montrer la clé").click()
    page.locator(".kit-class.has-key").wait_for()


def said(page):
    return page.locator(".kit-class .kit-live[aria-live=polite]").text_content()


def put(page, name, value):
    page.evaluate("([name, value]) => model.put(name, value)", [name, value])


def axe(page):
    found = Axe().run(page, context=".kit-class")
    assert found.violations_count == 0, found.generate_report()


# --- What is shown, and what is not yet -----------------------------------------------------------


def test_the_key_is_hidden_until_it_is_asked_for(open_class):
    """No line, no reason, no figure against the key; one press, and one more hides all again."""
    page = open_class()
    key = page.locator(":is(.kit-word.is-core, .is-key, .kit-strip-key, .kit-key-note)")
    parts = page.locator(".kit-class-part:visible")
    assert page.locator(".kit-class-text :is(.is-core, .is-debated, .is-sound)").count() == 0
    assert (key.and_(page.locator(".kit-class-text *")).count(), parts.count()) == (0, 0)
    show_key(page)
    assert page.locator(".kit-class-text .is-core").count() > 20
    headings = parts.get_by_role("heading").all_text_contents()
    assert headings == [
        "Fausses alertes sur des passages sûrs",
        "Étiquettes confondues",
        "Analyse des questions",
    ]
    page.get_by_role("button", name="Cacher la clé").click()
    page.locator(".kit-class:not(.has-key)").wait_for()
    assert page.locator(".kit-class-text .is-core").count() == 0
    assert parts.count() == 0
    assert page.evaluate("model.heard.filter((each) => 'key' in each)") == [
        {"key": True},
        {"key": False},
    ]


def test_heat_is_height_and_number_besides_colour(open_class, made):
    """The bar of a word is as high as the share of those who marked it; a number stands behind."""
    page = open_class()
    heights = dict(page.evaluate(BARS))
    tall = {
        float(share): float(re.search(r"100% ([\d.]+)px", size)[1])
        for share, size in heights.items()
    }
    assert len(tall) > 3
    unit = max(tall.values()) / max(tall)
    assert all(abs(height - share * unit) < 0.3 for share, height in tall.items())
    counts = page.locator(".kit-class-text .kit-badge").all_text_contents()
    figures, _ = made("bias", 30)
    marked = [sum(each["split"].values()) for each in figures["passages"]]
    assert sorted(map(int, counts)) == sorted(count for count in marked if count >= 5)


def test_the_threshold_and_the_label_choose_what_is_drawn(open_class, made):
    """The slider leaves out what few marked; a label shows its own marks alone."""
    page = open_class()
    badges = page.locator(".kit-class-text .kit-badge")
    before = badges.count()
    page.get_by_label("Marqué au moins par").fill("22")
    assert 0 < badges.count() < before
    page.get_by_label("Marqué au moins par").fill("1")
    assert badges.count() > before
    page.get_by_label("Étiquette").select_option("exagération")
    figures, _ = made("bias", 30)
    marked = [each["split"].get("exaggeration", 0) for each in figures["passages"]]
    assert sorted(map(int, badges.all_text_contents())) == sorted(filter(None, marked))


@pytest.mark.parametrize("task", ["bias", "claims", "sources"])
def test_five_disputed_passages_open_one_at_a_time(open_class, task):
    """Each with its split; the one that is open shows every label, and what the key says."""
    page = open_class(task)
    passages = page.locator(".kit-dispute")
    assert passages.count() == 5
    picks = passages.get_by_role("button")
    picks.nth(1).click()
    assert page.locator(".kit-whole:visible").count() == 1
    assert passages.nth(1).locator(".kit-bar").count() >= 2
    assert page.locator(".kit-class-text .is-held").count() > 0
    show_key(page)
    assert passages.nth(1).locator(".kit-key-note").count() >= 1
    picks.nth(1).click()
    assert page.locator(".kit-whole:visible").count() == 0


def test_without_hand_ins_the_folder_is_named(open_class):
    """An empty class is no empty box: it says what to do."""
    page = open_class(learners=0)
    page.get_by_text("Aucune copie pour l’instant").wait_for()
    assert page.locator(".kit-strip").is_hidden()
    show_key(page)
    missing = open_class(learners=0, more={"missing": True})
    missing.get_by_text("n’existe pas encore").wait_for()


def test_too_few_learners_have_no_discrimination(open_class):
    """Below ten a sentence stands where the column would."""
    page = open_class(learners=6)
    show_key(page)
    part = page.locator(".kit-class-part", has_text="Analyse des questions")
    part.get_by_text("trop peu d’élèves").wait_for()
    assert part.get_by_role("columnheader").all_text_contents() == ["Passage", "Entièrement juste"]
    page = open_class(learners=30)
    show_key(page)
    part = page.locator(".kit-class-part", has_text="Analyse des questions")
    assert part.get_by_role("columnheader").all_text_contents()[-1] == "Discrimination"


def test_calibration_is_shown_where_confidence_was_asked(open_class, made):
    """A table by confidence, and nothing where nobody was asked."""
    page = open_class()
    show_key(page)
    assert page.get_by_role("heading", name="Confiance et réussite").count() == 0
    _, told = made("bias", 30)
    given = {"calibration": [{"sure": 0.8, "answers": 10, "right": 5}]}
    put(page, "told", told | given)
    heading = page.get_by_role("heading", name="Confiance et réussite")
    row = page.locator(".kit-class-part", has=heading).locator("tbody tr")
    assert "80\u202f%" in row.inner_text()
    assert "5 sur 10" in row.inner_text()


def test_names_of_files_are_folded_away_and_only_text(open_class):
    """How many is shown; the names, which may be people's, are opened by hand; markup is text."""
    odd = [{"file": "<img src=x onerror='window.canary=1'>Zoé.json", "why": "Pas du JSON."}]
    page = open_class(more={"problems": odd})
    fold = page.get_by_text("1 fichier n’est pas compté")
    name = page.get_by_text("onerror")
    assert not name.is_visible()
    fold.click()
    assert name.is_visible()
    assert page.evaluate("window.canary") is None


# --- Live -----------------------------------------------------------------------------------------


def test_new_hand_ins_are_said_politely(open_class, made):
    """Three more: the number changes, and a screen reader hears how many are new."""
    page = open_class(learners=27)
    put(page, "figures", made("bias", 30)[0])
    assert said(page) == "3 nouvelles copies"
    assert page.locator(".kit-class-count").inner_text() == "30 copies"
    put(page, "figures", made("bias", 30)[0])
    assert page.locator(".kit-class-count").inner_text() == "30 copies"


def test_what_is_looked_at_stays_when_hand_ins_arrive(open_class, made):
    """The passage that is talked about, the focus and the key outlive a new hand-in."""
    page = open_class(learners=27)
    show_key(page)
    page.locator(".kit-pick").first.click()
    quote = page.locator(".kit-dispute.is-held .kit-pick").inner_text()
    grown = made("bias", 30)[0]
    first = made("bias", 27)[0]
    kept = first["passages"][first["disputed"][0]]
    grown = grown | {"passages": [*grown["passages"], kept]}
    put(page, "figures", grown | {"disputed": [*grown["disputed"][:2], len(grown["passages"]) - 1]})
    held = page.locator(".kit-dispute.is-held .kit-pick")
    assert held.inner_text().split("«")[1] == quote.split("«")[1]
    assert page.evaluate("document.activeElement.closest('.kit-dispute.is-held') !== null")
    assert page.locator(".kit-class.has-key").count() == 1


def test_a_kernel_that_is_gone_is_told(open_class):
    """No sign of life: a banner says what to do, and goes when there is one."""
    page = open_class(clock=True)
    page.clock.run_for(30_000)
    page.get_by_text("Exécuter la cellule de nouveau").wait_for()
    page.evaluate("model.tell({ beat: true })")
    assert page.locator(".kit-class-banner").inner_text() == ""


def test_a_press_without_an_answer_is_told(open_class):
    """The key does not come: the page says so instead of waiting for ever."""
    page = open_class(clock=True)
    page.evaluate("model.answers = false")
    page.get_by_role("button", name="Montrer la clé").click()
    page.clock.run_for(4_500)
    page.get_by_text("Exécuter la cellule de nouveau").wait_for()


# --- Keys -----------------------------------------------------------------------------------------


def test_everything_by_keyboard(open_class):
    """Key, passages there and back, letting go, size: from wherever the focus stands."""
    page = open_class()
    page.locator(".kit-class-text").focus()
    page.keyboard.press("k")
    page.locator(".kit-class.has-key").wait_for()
    held = page.locator(".kit-dispute.is-held .kit-rank")
    for key, rank in (("ArrowRight", "1"), ("ArrowRight", "2"), ("ArrowLeft", "1")):
        page.keyboard.press(key)
        assert held.inner_text() == rank
    page.keyboard.press("ArrowLeft")
    assert held.inner_text() == "5"
    assert said(page).startswith("Passage 5")
    page.keyboard.press("Escape")
    assert held.count() == 0
    size = "getComputedStyle(document.querySelector('.kit-class-text')).fontSize"
    before = page.evaluate(size)
    page.keyboard.press("+")
    assert float(page.evaluate(size)[:-2]) > float(before[:-2])


def test_f_fills_the_screen(open_class):
    """And the view scrolls by itself there."""
    page = open_class()
    page.locator(".kit-class-text").focus()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement?.matches('.kit-class')")
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")


def test_keys_of_a_slider_and_of_the_browser_stay_theirs(open_class):
    """Arrows move the slider; letters with Ctrl belong to the browser."""
    page = open_class()
    slider = page.get_by_label("Marqué au moins par")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.input_value() == "6"
    assert page.locator(".kit-dispute.is-held").count() == 0
    page.locator(".kit-class-text").focus()
    page.keyboard.press("Control+k")
    assert page.evaluate("model.heard.filter((each) => 'key' in each)") == []


def test_nothing_focused_leaves_its_keys_to_jupyterlab(open_class):
    """Every element that takes the focus fends off JupyterLab's own shortcuts."""
    page = open_class()
    show_key(page)
    bare = page.locator(
        ".kit-class :is(button, select, input, summary, [tabindex])"
        ":not([data-lm-suppress-shortcuts])"
    )
    assert bare.count() == 0


# --- Sizes, colours, assistive technology ---------------------------------------------------------


@pytest.mark.parametrize(("width", "least"), [(320, 16), (1000, 24), (1920, 28)])
def test_the_text_can_be_read_from_the_back(open_class, width, least):
    """24 px at least from the width of a notebook on."""
    page = open_class(width=width)
    size = page.evaluate("getComputedStyle(document.querySelector('.kit-class-text')).fontSize")
    assert float(size[:-2]) >= least


@pytest.mark.parametrize("task", ["bias", "claims", "sources"])
def test_at_320_px_nothing_scrolls_sideways(open_class, task):
    """With the key, a passage open, the table open, at the largest size; tables scroll inside."""
    page = open_class(task, width=320, height=700)
    show_key(page)
    page.locator(".kit-pick").first.click()
    page.get_by_text("en tableau").click()
    for _ in range(4):
        page.locator(".kit-class-text").press("+")
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.kit-class *')].filter((each) => {
          const box = each.getBoundingClientRect();
          return box.width > 1 && box.right > innerWidth + 0.5 && !each.closest('table, svg');
        }).map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_can_be_pressed_is_large_enough(open_class):
    """24 px at least with a mouse, 44 px with a finger."""
    sizes = """() => [...document.querySelectorAll('.kit-class :is(button, select, summary)')]
      .map((each) => each.getBoundingClientRect()).filter((box) => box.width)
      .map((box) => Math.min(box.width, box.height))"""
    assert min(open_class().evaluate(sizes)) >= 24
    touched = open_class(has_touch=True, is_mobile=True, width=390)
    assert min(touched.evaluate(sizes)) >= 44


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const paint = (...layers) => {
    for (const each of layers) { canvas.fillStyle = each; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const root = getComputedStyle(document.querySelector('.kit-class'));
  const of = (name) => root.getPropertyValue(name);
  const page = paint(root.backgroundColor);
  return {
    words: ratio(paint(root.color), paint(root.backgroundColor, of('--kit-warm'))),
    bar: ratio(paint(of('--kit-hot')), page),
    key: ratio(paint(of('--kit-key')), page),
  };
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_bars_stand_out(open_class, theme):
    """Words at least 4.5 to 1 on the strongest tint; bars and lines 3 to 1 on the page."""
    found = open_class(theme=theme).evaluate(CONTRAST)
    assert found["words"] >= 4.5
    assert min(found["bar"], found["key"]) >= 3


def test_bars_remain_with_forced_colours(open_class):
    """Without colours of its own the view still shows heights."""
    page = open_class(media={"forced_colors": "active"})
    image = page.evaluate(
        "getComputedStyle(document.querySelector('.kit-word.is-warm')).backgroundImage"
    )
    assert "gradient" in image


def test_print_shows_all_of_it_without_tools(open_class):
    """Every disputed passage with its whole split; no button."""
    page = open_class(media={"media": "print"})
    assert page.locator(".kit-whole:visible").count() == 5
    assert page.locator(".kit-class-tools").is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("task", ["bias", "claims", "sources"])
def test_axe_finds_nothing(open_class, task, theme):
    """Without the key, and with it, a passage and all folds open."""
    page = open_class(task, theme=theme, more={"problems": [{"file": "x", "why": "Coupé."}]})
    axe(page)
    show_key(page)
    page.locator(".kit-pick").first.click()
    for fold in page.locator(".kit-class summary").all():
        fold.click()
    axe(page)


@pytest.mark.parametrize("state", ["empty", "narrow", "gone"])
def test_axe_finds_nothing_in_other_states(open_class, state):
    """Nobody has handed in; a phone; no kernel any more."""
    page = open_class(
        learners=0 if state == "empty" else 30,
        width=320 if state == "narrow" else 1280,
        clock=state == "gone",
    )
    if state == "gone":
        page.clock.run_for(30_000)
        page.get_by_text("Exécuter la cellule de nouveau").wait_for()
    axe(page)


def test_what_a_screen_reader_finds(open_class):
    """Headings in order, a named picture, passages with how many marked them."""
    page = open_class()
    snapshot = page.locator(".kit-class").aria_snapshot().replace("\u202f", " ")
    for line in (
        'heading "L’offre sur OpenAI" [level=2]',
        'button "Montrer la clé (K)"',
        'img "Le texte entier en barres',
        'heading "Les passages les plus discutés" [level=3]',
        "(marqué par 24 sur 30)",
    ):
        assert line in snapshot, line


def test_the_page_speaks_english_too(open_class):
    """Every word comes from the catalogue; the text keeps its own language."""
    page = open_class(lang="en")
    page.get_by_role("button", name="Show the key").wait_for()
    assert page.locator(".kit-class-text").get_attribute("lang") == "fr"
    assert "passages les plus" not in page.locator(".kit-class").inner_text()
