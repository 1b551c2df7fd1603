"""Time Run All to the first widget and to the first task, beside bare ipywidgets notebooks.

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
IMPORT, SLIDER = "import ipywidgets", "ipywidgets.IntSlider()"
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
    "two cells, an IntSlider": ("bare", [".widget-slider"]),
    "the lesson's prose, IntSliders": ("sliders", [".widget-slider"]),
    "kit: first widget (the form)": (NOTEBOOK, [".kit-form input"]),
    "kit: first task, learner known": ("seated", [".kit-status[data-state=saved]"]),
}


def write_notebooks(folder: Path) -> None:
    """Write the bare notebooks, and notebook 04 as for a learner who is known already."""
    book = json.loads((folder / f"{NOTEBOOK}.ipynb").read_text("utf-8"))

    def write(name: str, cells: list[dict]) -> None:
        (folder / f"{name}.ipynb").write_text(json.dumps(book | {"cells": cells}), "utf-8")

    first, *others = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    sliders = {first["id"]: IMPORT} | {cell["id"]: SLIDER for cell in others}
    write("bare", [first | {"source": IMPORT}, others[0] | {"source": SLIDER}])
    write("sliders", [cell | {"source": sliders.get(cell["id"], cell["source"])}
                      for cell in book["cells"]])  # fmt: skip
    first["source"] = SEATED + "".join(first["source"])
    write("seated", book["cells"])


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
    bare, prose = (median(values) for values in list(times.values())[:2])
    print(f"\n{'':34}{'ratio':>8}{'to prose':>10}{'median':>10}{'least':>10}{'most':>10}   s")
    for name, values in times.items():
        taken = median(values)
        spread = f"{taken:>10.3f}{min(values):>10.3f}{max(values):>10.3f}"
        print(f"{name:34}{taken / bare:>8.2f}{taken / prose:>10.2f}{spread}")
    print(f"\n{openings} openings each, cold kernels; wanted for the first widget: {WANTED} ×")


if __name__ == "__main__":
    main()
