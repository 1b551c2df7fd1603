"""A lesson from end to end, by keyboard alone, by mouse and by touch."""

import json
import shutil

import pytest

from kit.article import Article
from tests.browser.lab import open_notebook, sit_down

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const element = document.activeElement;
  const ids = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
  const labels = ids.map((id) => document.getElementById(id)?.textContent);
  const own = [element.getAttribute('aria-label'), element.textContent.slice(0, 200)];
  return [...own, ...labels].join(' ');
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
    page.get_by_text("Dit sans pencher").or_(
        page.get_by_text("Corrigé", exact=True)
    ).first.wait_for()
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


PLACE_OF = """(root, words) => {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    const boxes = [...range.getClientRects()];
    const [first, last] = [boxes[0], boxes.at(-1)];
    const middle = (box) => box.top + box.height / 2;
    return [first.left + 4, middle(first), last.right - 4, middle(last)];
  }
}"""
EMOJI = "🌳 👩‍🏫 🇫🇷 "


@pytest.fixture(scope="module")
def emoji(course):
    """The short text with signs of two and more UTF-16 units before its first sentence."""
    folder = course / "exercises" / "emoji"
    shutil.copytree(course / "exercises" / "z0", folder)
    path = folder / "article.fr.txt"
    title, body = path.read_text("utf-8").split("\n\n", 1)
    path.write_text(f"{title}\n\n{EMOJI}{body}", "utf-8")
    new = Article.of(path.read_text("utf-8"), standfirst=False).sha256
    for name in ("exercise.toml", "key.toml"):
        lines = (folder / name).read_text("utf-8").replace('"z0"', '"emoji"').splitlines()
        lines = [f'sha256 = "{new}"' if line.startswith("sha256") else line for line in lines]
        (folder / name).write_text("\n".join(lines), "utf-8")
    notebook = (course / "notebooks" / "fr" / "00-prise-en-main.ipynb").read_text("utf-8")
    to = course / "notebooks" / "fr" / "00-emoji.ipynb"
    to.write_text(notebook.replace('\\"z0\\"', '\\"emoji\\"'), "utf-8")
    return Article.of(path.read_text("utf-8"), standfirst=False)


def place_of(page, words):
    text = page.get_by_role("textbox", name="Texte").first
    text.scroll_into_view_if_needed()
    return text.evaluate(PLACE_OF, words)


def marked(lab, learner, article):
    """The words of the marks on disk."""
    values = {a["item"]: a["value"] for a in log_of(lab, learner, "emoji") if a["do"] == "set"}
    return [article.text[start:end] for v in values.values() if v for start, end in v["ranges"]]


def check_by_button(page, use):
    """Check, see the feedback, hand in: by whatever `use` does with a button."""
    task = page.locator(".kit-task").first
    use(task.get_by_role("button", name="Vérifier tout"))
    task.get_by_text("juste").first.wait_for()
    use(task.get_by_role("button", name="Remettre"))
    use(task.get_by_role("button", name="Remettre maintenant"))
    task.get_by_text("Remis (version 1).").wait_for()


def test_a_lesson_by_mouse_with_emoji_before_the_mark(page, lab, emoji):
    """Dragging over a word marks that word, whatever signs stand before it."""
    open_notebook(page, lab, "00-emoji", "souris")
    left, top, right, bottom = place_of(page, "lamentable")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()
    page.get_by_role("menu").get_by_text("vocabulaire chargé").click()
    wait_saved(page)
    assert marked(lab, "souris", emoji) == ["lamentable"]
    check_by_button(page, lambda button: button.click())


def test_a_lesson_by_touch(chromium, lab, emoji):
    """A tap on the word and a tap on a label mark it; checking and handing in are taps."""
    lab.forget_kernels()
    context = chromium.new_context(
        viewport={"width": 820, "height": 1180}, has_touch=True, locale="fr-FR"
    )
    page = context.new_page()
    open_notebook(page, lab, "00-emoji")
    sit_down(page, "doigt")
    left, top, *_ = place_of(page, "lamentable")
    page.touchscreen.tap(left + 10, top)
    page.get_by_role("menu").get_by_text("vocabulaire chargé").tap()
    wait_saved(page)
    assert marked(lab, "doigt", emoji) == ["lamentable"]
    check_by_button(page, lambda button: button.tap())
    context.close()
