"""What the benchmarks in a browser share: a course of their own, a page, the machine."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launch

ROOT = Path(__file__).parents[1]
BUSY = 1.0  # load for each core above which a figure is not worth keeping


@contextmanager
def course() -> Iterator[Path]:
    """Copy the course into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        home = Path(folder)
        for part in ("notebooks", "exercises"):
            ignore = shutil.ignore_patterns("supplied", "reponses", ".ipynb_checkpoints")
            shutil.copytree(ROOT / part, home / part, ignore=ignore)
        yield home


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, as the browser tests use it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """Open a page with nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()


def p50_p95(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return median(values), quantiles(values, n=20, method="inclusive")[-1]


def print_machine(*packages: str, browser: Browser | None = None) -> None:
    """Print the machine, the versions and how busy it is."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{_processor()}")
    print(f"Python {platform.python_version()}", end="")
    print(f", Chromium {browser.version}" if browser else "")
    for name in packages:
        try:
            print(f"{name} {version(name)}")
        except PackageNotFoundError:
            print(f"{name}: not installed")
    print_load("before")


def print_load(when: str) -> None:
    """Print the load, and say so if it spoils the figures."""
    load = os.getloadavg()
    print(f"load {when}: {load[0]:.2f} {load[1]:.2f} {load[2]:.2f}")
    if when == "before" and load[0] > BUSY * (os.cpu_count() or 1):
        print("the machine is busy: repeat when it is quiet", file=sys.stderr)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f" ({names[0]})" if names else ""
