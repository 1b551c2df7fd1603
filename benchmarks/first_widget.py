"""Time Run All to the first widget and to the first task, beside a bare ipywidgets notebook.

python -m benchmarks.first_widget
"""

import argparse
import json
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks.machine import print_load, print_machine
from benchmarks.room import chromium, course, fresh_page
from tests.browser.lab import READY, Lab, serve

NOTEBOOK = "04-mots-qui-penchent"
WANTED = 1.15
BARE = ["import ipywidgets", "ipywidgets.IntSlider()"]
SEATED = "import os\nos.environ['KIT_LEARNER'] = 'banc'\n"  # the task opens without a form

# Runs all cells; resolves with the ms until each selector is there, laid out and painted.
RUN_ALL = """(selectors) => new Promise((done) => {
  const start = performance.now();
  const found = selectors.map(() => null);
  const painted = (at) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel(); // its task runs once the frame is painted
    port1.onmessage = () => {
      found[at] = performance.now() - start;
      if (!found.includes(null)) done(found);
    };
    port2.postMessage(null);
  });
  const waiting = new Set(selectors.keys());
  const look = () => {
    for (const at of waiting) {
      if (!document.querySelector(selectors[at])?.getBoundingClientRect().height) continue;
      waiting.delete(at);
      painted(at);
    }
    if (waiting.size) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  jupyterapp.commands.execute("notebook:run-all-cells");
})"""

# name → notebook, what has to be on the page
ROWS = {
    "bare IntSlider": ("bare", [".widget-slider"]),
    "kit: first widget (the form)": (NOTEBOOK, [".kit-form input"]),
    "kit: first task, learner known": ("seated", [".kit-status[data-state=saved]"]),
}


def write_notebooks(folder: Path) -> None:
    """Write the bare notebook, and notebook 04 as for a learner who is known already."""
    book = json.loads((folder / f"{NOTEBOOK}.ipynb").read_text("utf-8"))
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    bare = [cell | {"source": line} for cell, line in zip(cells, BARE, strict=False)]
    (folder / "bare.ipynb").write_text(json.dumps(book | {"cells": bare}), "utf-8")
    cells[0]["source"] = SEATED + "".join(cells[0]["source"])
    (folder / "seated.ipynb").write_text(json.dumps(book), "utf-8")


def opening(browser: Browser, lab: Lab, notebook: str, selectors: list[str]) -> float:
    """Open a notebook with a fresh kernel in a fresh page; return s from Run All to a widget."""
    lab.forget_kernels()
    with fresh_page(browser) as page:
        page.goto(lab.address(notebook))
        page.wait_for_function(READY, timeout=90_000)
        page.wait_for_timeout(1000)  # what JupyterLab still does after opening is not measured
        return page.evaluate(RUN_ALL, selectors)[0] / 1000


def main() -> None:
    """Open each notebook in turn and print the times and ratios."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--openings", type=int, default=7)
    openings = asked.parse_args().openings
    times: dict[str, list[float]] = {name: [] for name in ROWS}
    with chromium() as browser, course() as home:
        write_notebooks(home / "notebooks" / "fr")
        with serve(home) as lab:
            packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget")
            print_machine(*packages, browser=browser.version)
            for round_ in range(openings + 1):
                for name, (notebook, selectors) in ROWS.items():
                    taken = opening(browser, lab, notebook, selectors)
                    if round_:  # the first one warms the caches of files
                        times[name].append(taken)
            print_load("after")
    bare = median(times["bare IntSlider"])
    print(f"\n{'':34}{'ratio':>8}{'median':>10}{'least':>10}{'most':>10}   s")
    for name, values in times.items():
        spread = f"{median(values):>10.3f}{min(values):>10.3f}{max(values):>10.3f}"
        print(f"{name:34}{median(values) / bare:>8.2f}{spread}")
    print(f"\n{openings} openings each, cold kernels; wanted for the first widget: {WANTED} ×")


if __name__ == "__main__":
    main()
