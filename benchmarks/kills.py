"""Kill the kernel at random moments while marks are made, and count what is in the log.

python -m benchmarks.kills --kills 50 --actions 500 --seed 1
"""

import argparse
import json
import os
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil  # ipykernel brings it
from playwright.sync_api import Page

from benchmarks.machine import print_load, print_machine
from benchmarks.room import chromium, course, fresh_page
from tests.browser.lab import READY, Lab, open_notebook, run_all, serve

NOTEBOOK, EXERCISE, LEARNER = "04-mots-qui-penchent", "openai-bid", "banc"
UNAWARE = 4  # gestures a learner may still make before they look at what the widget says
LATEST = 0.3  # s after which the kernel is dead at the latest, once its turn has come

# What waits to be saved lies in one Map of the window: whatever is put there a learner has done.
# An action counts as acknowledged when its `saved` arrives, and all that were made when the
# status line says so.
SPY = """(() => {
  const spy = (globalThis.spy = { made: [], acknowledged: {}, told: {}, line: "" });
  const at = {};
  const tell = (id) => { spy.told[id] ??= performance.now() - at[id]; };
  const acknowledge = (id) => { spy.acknowledged[id] = true; if (id in at) tell(id); };
  globalThis.kitPending = new (class extends Map {
    set(key, value) {
      for (const { id } of value.actions) {
        if (id in at) continue;
        at[id] = performance.now();
        spy.made.push(id);
        if (spy.line === "late") tell(id);
      }
      return super.set(key, value);
    }
  })();
  const Plain = WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        const text = typeof data === "string" ? data : new TextDecoder().decode(data);
        for (const [, id] of text.matchAll(/"saved": ?"([^"]+)"/g)) acknowledge(id);
      });
    }
  };
  new MutationObserver(() => {
    spy.line = document.querySelector(".kit-task:not([data-old]) .kit-status")?.dataset.state ?? "";
    if (spy.line === "saved") spy.made.forEach(acknowledge);
    if (spy.line === "late") spy.made.forEach(tell);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
})()"""

LOOK = """() => ({
  made: spy.made.length,
  dialog: Boolean(document.querySelector(".jp-Dialog")),
  gone: Boolean(document.querySelector(".kit-task:not([data-old]) [data-banner=gone]")),
  kernel: jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status ?? "none",
})"""


@dataclass
class Outcome:
    """The numbers of a run; from `not_on_disk` on they have to be 0."""

    kills: int = 0
    given_up: int = 0
    made: int = 0
    acknowledged: int = 0
    waiting_at_kills: int = 0
    stored_unanswered: int = 0
    flushes_cut: int = 0
    slowest_word: float = 0.0
    stored: int = 0
    not_on_disk: int = 0
    lost: int = 0
    doubled: int = 0
    foreign: int = 0
    unreadable: int = 0
    out_of_order: int = 0
    marks_missing: int = 0

    def wrong(self) -> dict[str, int]:
        """Return what should be 0 and is not; also what was not acknowledged in the end."""
        found = {name: getattr(self, name) for name in MUST_BE_0}
        found["unacknowledged"] = self.made - self.acknowledged
        return {name: count for name, count in found.items() if count}


MEANING = {
    "kills": "kernels killed (kill -9)",
    "given_up": "… after which JupyterLab started no other by itself (too many in a row)",
    "made": "actions made",
    "acknowledged": "actions acknowledged by the page",
    "waiting_at_kills": "actions not yet acknowledged when the widget gave up, all kills together",
    "stored_unanswered": "… of these on disk already: sent again, to be stored once",
    "flushes_cut": "kills that struck while kept actions were being sent again",
    "slowest_word": "longest wait for « enregistré » or « pas encore enregistré », s",
    "stored": "actions in the log",
    "not_on_disk": "acknowledged, yet not in the log of the dead kernel",
    "lost": "made, yet not in the log at the end",
    "doubled": "in the log more than once",
    "foreign": "in the log, yet not made",
    "unreadable": "lines of the log that cannot be read",
    "out_of_order": "in the log in another order than made (0 or 1)",
    "marks_missing": "marks that the opened notebook shows too few or too many",
}
MUST_BE_0 = list(MEANING)[list(MEANING).index("not_on_disk") :]


class Striker:
    """Kills the kernel of a notebook."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._kernel = 0
        self.struck = threading.Event()

    def aim(self) -> None:
        """Find the process of the kernel, so that later no time is lost."""
        (session,) = self._lab.ask("GET", "sessions")
        name = f"kernel-{session['kernel']['id']}.json"
        (self._kernel,) = (
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if any(name in word for word in process.info["cmdline"] or [])
        )

    def strike_in(self, seconds: float) -> None:
        """Kill it after some time, while the page goes on."""
        self.struck.clear()
        threading.Timer(seconds, self._strike).start()

    def _strike(self) -> None:
        os.kill(self._kernel, signal.SIGKILL)
        self.struck.set()


class Learner:
    """Marks words by keyboard at random, and does what the widget says when it is cut off."""

    def __init__(self, page: Page, log: Path, rng: Random, found: Outcome) -> None:
        self.page, self.log, self.rng, self.found = page, log, rng, found
        self.too_early: set[str] = set()  # acknowledged before it was on disk
        self._kept: set[str] = set()  # what was sent again when the widget was last opened

    def look(self) -> dict[str, object]:
        """Return what the page shows; a dialog of JupyterLab is answered first."""
        seen = self.page.evaluate(LOOK)
        if seen["dialog"]:
            self.page.locator(".jp-Dialog .jp-mod-accept").first.click()
            self.page.locator(".jp-Dialog").wait_for(state="detached")
            self.focus()
        return seen

    def focus(self) -> None:
        """Go into the text."""
        self.page.locator(".kit-task:not([data-old]) .kit-text").focus()

    def act(self) -> None:
        """Do one thing: mark, label anew, move an end, remove, undo or redo."""
        self.look()
        rng, press = self.rng, self.page.keyboard.press
        what = rng.random()
        if what < 0.6:
            for _ in range(rng.randint(1, 4)):
                press("ArrowRight" if rng.random() < 0.8 else "ArrowDown")
            for _ in range(rng.randint(0, 2)):
                press("Shift+ArrowRight")
            press(rng.choice("1234567890"))
        elif what < 0.75:
            press(rng.choice("1234567890"))
        elif what < 0.85:
            press(rng.choice(["Alt+ArrowRight", "Shift+Alt+ArrowLeft"]))
        elif what < 0.9:
            press("Delete")
        else:
            press(rng.choice(["Control+z", "Control+z", "Control+y"]))
        time.sleep(rng.uniform(0, 0.1))

    def start_again(self, striker: Striker) -> None:
        """Run the cells again and sit down, once the widget says that it is cut off."""
        deadline = time.monotonic() + 60
        while not ((seen := self.look())["gone"] and seen["kernel"] in ("idle", "none")):
            assert time.monotonic() < deadline, seen
            time.sleep(0.1)
        self._take_stock()
        self.page.evaluate("document.querySelector('.kit-task').dataset.old = 'true'")
        if seen["kernel"] == "none":  # to run cells then starts a kernel and does no more
            self.found.given_up += 1
            run_all(self.page)
            self.page.wait_for_function(READY, timeout=60_000)
        run_all(self.page)
        striker.aim()
        form = self.page.locator(".kit-form").first
        form.get_by_label("Ton pseudonyme").fill(LEARNER)
        form.get_by_role("button", name="Commencer").click()
        form.get_by_role("button", name="C’est moi, continuer").click()
        self.focus()  # at once: what was kept is now sent again

    def _take_stock(self) -> None:
        """Compare the page with the log of the kernel that was killed."""
        made, acknowledged = self.page.evaluate("[spy.made, Object.keys(spy.acknowledged)]")
        stored = set(ids(self.log))
        waiting = set(made) - set(acknowledged)
        self.too_early |= set(acknowledged) - stored
        self.found.not_on_disk = len(self.too_early)
        self.found.waiting_at_kills += len(waiting)
        self.found.stored_unanswered += len(waiting & stored)
        self.found.flushes_cut += bool(self._kept & waiting)
        self._kept = waiting


def run(page: Page, lab: Lab, kills: int, actions: int, seed: int) -> Outcome:
    """Make actions by keyboard, kill the kernel meanwhile, and count what is in the log."""
    rng, found = Random(seed), Outcome()
    due = sorted(rng.randrange(actions) for _ in range(kills))
    log = lab.responses(LEARNER) / f"{EXERCISE}.jsonl"
    page.add_init_script(SPY)
    open_notebook(page, lab, NOTEBOOK, LEARNER)
    striker = Striker(lab)
    striker.aim()
    learner = Learner(page, log, rng, found)
    learner.focus()
    while (made := int(learner.look()["made"])) < actions or due:
        if due and made >= due[0]:
            due.pop(0)
            striker.strike_in(rng.uniform(0, LATEST))
            while not striker.struck.is_set():
                learner.act()
            for _ in range(rng.randrange(UNAWARE)):
                learner.act()
            found.kills += 1
            learner.start_again(striker)
        else:
            learner.act()
    page.locator(".kit-status[data-state=saved]").wait_for(timeout=60_000)
    _count(page, log, found)
    lab.forget_kernels()
    open_notebook(page, lab, NOTEBOOK, LEARNER)
    page.locator(".kit-status[data-state=saved]").wait_for()
    found.marks_missing = abs(page.locator(".kit-list .kit-row").count() - _marks(log))
    return found


def ids(log: Path) -> list[str]:
    """Return the ids of the actions in a log, without the line that opens it."""
    return [each["id"] for each in _lines(log) if each and each["do"] != "open"]


def _count(page: Page, log: Path, found: Outcome) -> None:
    made, acknowledged, told = page.evaluate(
        "[spy.made, Object.keys(spy.acknowledged), Object.values(spy.told)]"
    )
    stored = ids(log)
    times = Counter(stored)
    found.made, found.stored = len(made), len(stored)
    found.acknowledged = len(set(made) & set(acknowledged))
    found.slowest_word = max(told) / 1000
    found.lost = sum(id not in times for id in made)
    found.doubled = sum(count > 1 for count in times.values())
    found.foreign = len(set(stored) - set(made))
    found.unreadable = sum(line is None for line in _lines(log))
    found.out_of_order = int(list(times) != [id for id in made if id in times])


def _lines(log: Path) -> list[dict | None]:
    lines = []
    for line in log.read_bytes().split(b"\n") if log.exists() else []:
        try:
            lines += [json.loads(line)] if line else []
        except ValueError:
            lines.append(None)
    return lines


def _marks(log: Path) -> int:
    """How many marks are left when every action of a log is carried out, each once."""
    marks, seen = set(), set()
    for action in _lines(log):
        if not action or action["do"] != "set" or action["id"] in seen:
            continue
        seen.add(action["id"])
        (marks.discard if action["value"] is None else marks.add)(action["item"])
    return len(marks)


def answer_late(home: Path, seconds: float) -> None:
    """Let the kernels of a server wait between flush and answer, so that kills strike there."""
    startup = home / ".jupyter-of-the-test" / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "late.py").write_text(f"""
import time
from kit.response import Log
def append(log, action, at_once=Log.append):
    at_once(log, action)
    time.sleep({seconds})
Log.append = append
""")


def main() -> None:
    """Run it on the real course and print the numbers."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--actions", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--late", type=float, help="s from flush to answer, added in the kernel")
    given = asked.parse_args()
    with ExitStack() as stack:
        browser, home = stack.enter_context(chromium()), stack.enter_context(course())
        if given.late:
            answer_late(home, given.late)
        lab, page = stack.enter_context(serve(home)), stack.enter_context(fresh_page(browser))
        packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget")
        print_machine(*packages, browser=browser.version)
        start = time.monotonic()
        found = run(page, lab, given.kills, given.actions, given.seed)
        print_load("after")
        late = f", answers {given.late} s late" if given.late else ""
        print(f"seed {given.seed}{late}, {time.monotonic() - start:.0f} s\n")
    for name, meaning in MEANING.items():
        value = getattr(found, name)
        print(f"{meaning:82}{value:>8.2f}" if name == "slowest_word" else f"{meaning:82}{value:>8}")
    wrong = found.wrong()
    print(f"\nWRONG: {wrong}" if wrong else "\nevery action stands in the log exactly once")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
