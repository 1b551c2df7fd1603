"""Time a marking action, from the input event to the painted frame, beside other annotators.

python -m benchmarks.marking
"""

import argparse
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from benchmarks.machine import p50_p95, print_load, print_machine
from benchmarks.made_up import GAP, notebook, text, write_exercise, write_marks
from benchmarks.room import chromium, course, fresh_page
from tests.browser.lab import READY, Lab, serve

LEARNER = "banc"
SHORT, LONG, LESS = 3_000, 60_000, 1_000  # characters
MARKS = 1_000  # that the long text has already
WANTED = 100  # ms, p95 on the long text
PATIENCE = 60  # s in which an annotator has to show its text
REST = 100  # ms between two actions

# From the next event of a type to the painted frame in which there are more marks than before;
# where no marks are named, to the painted frame in which anything has changed.
ARM = """({type, marks}) => {
  const count = () => (marks ? document.querySelectorAll(marks).length : Infinity);
  const before = marks ? count() : 0;
  const heard = (done) => ({ timeStamp }) => {
    const changed = new MutationObserver(() => {
      if (count() <= before) return;
      changed.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel(); // its task runs once the frame is painted
        port1.onmessage = () => done(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    });
    changed.observe(document.body, { subtree: true, childList: true, attributeFilter: ["class"] });
  };
  globalThis.painted = new Promise((done) => {
    addEventListener(type, heard(done), { capture: true, once: true });
    setTimeout(done, 20000, null);
  });
}"""

# Where something lies on the screen, after scrolling it to the middle of whatever scrolls.
PLACE = """(range) => {
  const inner = range.commonAncestorContainer ?? range;
  for (let box = inner.parentElement; box; box = box.parentElement) {
    if (!["auto", "scroll"].includes(getComputedStyle(box).overflowY)) continue;
    const { top, height } = box.getBoundingClientRect();
    box.scrollTop += range.getBoundingClientRect().top - top - height / 2;
  }
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return { left, right, middle: (top + bottom) / 2 };
}"""
WORD = f"""([root, word]) => {{
  const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node; (node = walker.nextNode()); ) {{
    const at = node.data.indexOf(word);
    if (at < 0) continue;
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    return ({PLACE})(range);
  }}
}}"""
LETTER = f"([all, at]) => ({PLACE})(document.querySelectorAll(all)[at])"


@dataclass
class Tool:
    """An annotator: what shows it, what its text and its marks are, and how a word is marked."""

    name: str
    gesture: str
    cells: list[str]
    ready: str  # a JavaScript expression
    root: str  # selector of the text
    marks: str  # selector of what there is more of after marking
    mark: "Callable[[Page, Tool, str], float]"
    words: str  # the whole text
    times: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    failed: str = ""

    def to_mark(self, count: int) -> list[str]:
        """Words that have no mark, spread over the text, without full stops."""
        paragraphs = self.words.split("\n\n")[1:]
        free = [word.strip(".") for each in paragraphs for word in each.split()[3::GAP]]
        return free[:: max(1, len(free) // count)][:count]


def timed(page: Page, event: str, marks: str, act: Callable[[], object]) -> float:
    """Do something; return ms from its event to the frame that shows it."""
    page.evaluate(ARM, {"type": event, "marks": marks})
    act()
    taken = page.evaluate("painted")
    if taken is None:
        raise TooLate(f"no change of {marks or 'the page'} after {event}")
    return taken


def select(page: Page, tool: Tool, word: str) -> None:
    """Drag over a word, without letting go."""
    place = page.evaluate(WORD, [tool.root, word])
    page.mouse.move(place["left"] + 1, place["middle"])
    page.mouse.down()
    page.mouse.move(place["right"] - 1, place["middle"], steps=4)


def by_drag(page: Page, tool: Tool, word: str) -> float:
    """Drag over a word; letting go marks it with the label chosen before."""
    select(page, tool, word)
    return timed(page, "pointerup", tool.marks, page.mouse.up)


def by_menu(page: Page, tool: Tool, word: str) -> float:
    """Drag over a word and click a label in the menu that opens there."""
    select(page, tool, word)
    page.mouse.up()
    page.locator(".kit-menu-item").first.hover()  # waits until the menu has found its place
    page.mouse.down()
    return timed(page, "pointerup", tool.marks, page.mouse.up)


def by_digit(page: Page, tool: Tool, word: str) -> float:
    """Go to a word by the arrows and press a digit."""
    if not page.evaluate("document.activeElement.matches('.kit-text')"):
        page.locator(tool.root).focus()
    keys = ["ArrowDown"] * 2 + ["ArrowRight"] * 3 if len(tool.words) == LONG else []
    for key in keys or ["ArrowRight"] * GAP:
        tool.moves.append(timed(page, "keydown", "", lambda key=key: page.keyboard.press(key)))
    return timed(page, "keydown", tool.marks, lambda: page.keyboard.press("1"))


def by_letters(page: Page, tool: Tool, word: str) -> float:
    """Press the first and the last letter of a word: each is a button."""
    first = tool.words.index(word)
    taken = 0.0
    for letter in (first, first + len(word) - 1):
        page.wait_for_timeout(REST)
        place = page.evaluate(LETTER, [f"{tool.root} .char_display", letter])
        page.mouse.move((place["left"] + place["right"]) / 2, place["middle"])
        page.mouse.down()
        taken = timed(page, "pointerup", tool.marks, page.mouse.up)
    return taken


KIT = {
    "ready": "document.querySelector('.kit-status[data-state=saved]')",
    "root": ".kit-text",
    "marks": "mark.kit-mark",
}


def kit(name: str, exercise: str, words: str, mark: Callable[[Page, Tool, str], float]) -> Tool:
    """Return the kit on an exercise, marked by keyboard or by mouse."""
    gesture = "key: a digit" if mark is by_digit else "mouse: a label in the menu"
    cells = ["from kit import task", f'task("{exercise}", "bias")']
    return Tool(name, gesture, cells, mark=mark, words=words, **KIT)


def peers(words: str, less: str) -> list[Tool]:
    """Return the other annotators on a text, and pylighter on one that it shows."""
    shown = "document.querySelector('{}')?.textContent.length > 100".format
    spanmark = [
        "from spanmark import AnnotationSession",
        f"text = {words!r}",
        "import uuid; path = f'{uuid.uuid4()}.jsonl'",  # it must not exist
        "AnnotationSession([{'id': 'a', 'text': text}], ['A', 'B', 'C'], path).display()",
    ]
    annotate = [
        "from jupyterannotate import AnnotateWidget",
        f"AnnotateWidget(docs=[{words!r}], labels=['A', 'B', 'C'])",
    ]
    drag = "mouse: letting go of a selection"
    return [
        Tool("spanmark", drag, spanmark, shown(".so-textlayer"), ".so-textlayer",
             "mark.so-inline-span", by_drag, words),
        Tool("jupyterannotate", drag, annotate, shown(".app .content"), ".app .content",
             ".app .content > .span", by_drag, words),
        pylighter(words),
        pylighter(less),
    ]  # fmt: skip


def pylighter(words: str) -> Tool:
    """Return pylighter on a text."""
    cells = [
        "from pylighter import Annotation",
        f"made = Annotation([{words!r}], labels_names=['A'])",
    ]
    return Tool(
        "pylighter",
        "mouse: the last letter",
        cells,
        f"document.querySelectorAll('.char_display').length >= {len(words)}",
        ".jp-OutputArea",
        ".char_display.A_color",
        by_letters,
        words,
    )


def open_(page: Page, lab: Lab, tool: Tool, file: str) -> bool:
    """Open an annotator with a fresh kernel; return whether it shows its text in time."""
    lab.forget_kernels()
    shutil.rmtree(lab.home / "reponses", ignore_errors=True)
    shutil.copytree(lab.home / "before", lab.home / "reponses")
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(lab.address(file))
    page.wait_for_function(READY, timeout=90_000)
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
    try:
        page.wait_for_function(f"Boolean({tool.ready})", timeout=PATIENCE * 1000)
    except TooLate:
        shown = page.locator(".jp-OutputArea-output").all_inner_texts()
        said = " | ".join(line for each in shown for line in each.splitlines() if "rror" in line)
        tool.failed = f"nothing to mark after {PATIENCE} s; the page says: {said or errors[:1]}"
        return False
    return True


def measure(browser: Browser, lab: Lab, tools: list[Tool], rounds: int, actions: int) -> None:
    """Open every annotator in turn, and mark words in it."""
    for _ in range(rounds):
        for at, tool in enumerate(tools):
            with fresh_page(browser) as page:
                if not open_(page, lab, tool, f"bench-{at}"):
                    continue
                page.wait_for_timeout(1000)
                for word in tool.to_mark(actions):
                    try:
                        tool.times.append(tool.mark(page, tool, word))
                    except TooLate as late:
                        tool.failed = f"{word}: {late.message.splitlines()[0]}"
                        break
                    page.wait_for_timeout(REST)


def prepare(home: Path) -> list[Tool]:
    """Write the texts, exercises and notebooks; return what is compared."""
    short, long = text(SHORT), text(LONG)
    for name, words in (("bench-short", short), ("bench-long", long)):
        write_exercise(home / "exercises" / name, words)
    write_marks(home / "exercises" / "bench-long", LEARNER, home / "before", MARKS)
    tools = [
        kit("the kit", "bench-short", short, by_digit),
        kit("the kit", "bench-short", short, by_menu),
        *[tool for tool in peers(short, text(LESS)) if find_spec(tool.name)],
        kit("the kit, 1,000 marks", "bench-long", long, by_digit),
        kit("the kit, 1,000 marks", "bench-long", long, by_menu),
    ]
    folder = home / "notebooks" / "fr"
    like = folder / "04-mots-qui-penchent.ipynb"
    for at, tool in enumerate(tools):
        (folder / f"bench-{at}.ipynb").write_text(notebook(like, *tool.cells), "utf-8")
    return tools


def main() -> None:
    """Mark words in every annotator and print the times."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--actions", type=int, default=40, help="in each round")
    given = asked.parse_args()
    with chromium() as browser, course() as home:
        tools = prepare(home)
        with serve(home, KIT_LEARNER=LEARNER) as lab:
            packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget")
            others = ("spanmark", "jupyterannotate", "pylighter")
            print_machine(*packages, *others, browser=browser.version)
            measure(browser, lab, tools, given.rounds, given.actions)
            print_load("after")
    base = p50_p95(tools[0].times)[1]
    print(f"\n{'':26}{'characters':>11}  {'':34}{'p95 ratio':>10}{'p50':>8}{'p95':>8}{'n':>6}   ms")
    for tool in tools:
        rows = [(tool.gesture, tool.times), ("key: an arrow", tool.moves)]
        for gesture, times in [row for row in rows if len(row[1]) > 1]:
            p50, p95 = p50_p95(times)
            start = f"{tool.name:26}{len(tool.words):>11}  {gesture:34}"
            print(f"{start}{p95 / base:>10.2f}{p50:>8.1f}{p95:>8.1f}{len(times):>6}")
        if tool.failed:
            print(f"{tool.name:26}{len(tool.words):>11}  {tool.failed}")
    print(f"\nwanted: p95 below {WANTED} ms at {LONG} characters with {MARKS} marks")


if __name__ == "__main__":
    main()
