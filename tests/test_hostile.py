"""Whatever is handed in: a row, a reason, no canary, the class unaffected, bounded time."""

import csv
import re
from html.parser import HTMLParser
from multiprocessing import get_context
from pathlib import Path

import pytest

from benchmarks.hostile import HONEST, KINDS, attack, canaries, measured
from kit.grading.tables import guarded

ROOT = Path(__file__).parents[1]
POLICY = "default-src 'none'"


@pytest.fixture(autouse=True)
def in_the_course(monkeypatch):
    """Grade with the project's own exercises."""
    monkeypatch.chdir(ROOT)


class Page(HTMLParser):
    """What a browser would take for tags, attributes and addresses."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes


OURS = """html head meta title style body main header section footer h1 h2 h3 h4 p span bdi
dl dt dd ol ul li table caption thead tbody tr th td svg rect blockquote mark a code"""
TAGS = set(OURS.split())
THEIRS = """lang http-equiv content charset name class scope href aria-hidden focusable viewbox
width height preserveaspectratio data-what colspan"""
ATTRIBUTES = set(THEIRS.split())


def is_inert(path):
    """A page of the kit's own tags alone, its policy first, its addresses its own pages."""
    text = path.read_text("utf-8")
    page = Page(text)
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    first = text[text.index("<head>") + 6 :].lstrip()
    assert first.startswith(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}')
    for name, value in page.attributes:
        if name == "href":
            assert re.fullmatch(r"[a-z0-9-]+\.html", value)
    assert not re.search("[\0-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)


def is_safe_in_a_spreadsheet(path):
    """No cell begins like a formula, no sign turns the line around."""
    text = path.read_text("utf-8")
    assert not re.search("[\0-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)
    for row in csv.reader(text.split("\n")):
        for cell in row:
            number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert number or cell.lstrip()[:1] not in tuple("=+-@") or not cell, cell


@pytest.mark.parametrize(
    ("number", "make"), [(number, make) for number, _, make in KINDS], ids=[k[1] for k in KINDS]
)
def test_a_hostile_hand_in(number, make, tmp_path):
    """One shared promise for every kind of the table."""
    report = attack(make, tmp_path)
    rows = {row["file"]: row for row in report.rows}
    told = {(each["file"], each["code"]) for each in report.problems}
    seen = {each["file"]: each["status"] for each in report.problems} | {
        file: row["status"] for file, row in rows.items()
    }
    for path, status, code in report.expected:
        file = guarded(path)
        assert file in seen, f"{path} has neither row nor remark"
        if status == "superseded":
            assert (file, "superseded") in told
        elif (file, "superseded") not in told:
            assert seen[file] == status, (path, seen[file], rows.get(file))
        if code:
            assert (file, code) in told, (path, code, told)
        if status == "refused" and file in rows:
            assert rows[file]["points"] == ""
            assert rows[file]["reason"]
    for learner in HONEST:
        (row,) = [row for row in report.rows if row["file"] == f"{learner}_z0_v1.json"]
        assert (row["status"], row["points"]) == ("graded", rows["ada_z0_v1.json"]["points"])
    assert all(each["why"] and each["done"] for each in report.problems)
    assert canaries(report) == []
    assert report.seconds < 30
    for name in ("gradebook.csv", "problems.csv"):
        is_safe_in_a_spreadsheet(report.out / name)
    for path in (report.out / "report.html", *(report.out / "feedback").iterdir()):
        is_inert(path)


def test_all_52_kinds_are_there():
    """Numbered as in the list they come from."""
    assert [number for number, _, _ in KINDS] == list(range(1, 53))


@pytest.mark.parametrize("number", [3, 26, 42, 48])
def test_memory_stays_within_bounds(number):
    """Less than 500 MB for the heaviest files, each in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        *_, peak, fired = pool.apply(measured, (number - 1,))
    assert peak < 500
    assert not fired


@pytest.mark.browser
def test_nothing_runs_in_a_real_browser(tmp_path, chromium):
    """Scripts planted in every field: opened in Chromium, none runs, nothing is asked for."""
    make = {number: make for number, _, make in KINDS}[51]
    report = attack(make, tmp_path)
    asked, told = [], []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    pages = sorted([report.out / "report.html", *(report.out / "feedback").iterdir()])
    for path in pages:
        page.goto(path.as_uri())
        page.mouse.move(200, 200)
        assert page.title() != "FIRED"
        assert page.evaluate("document.scripts.length") == 0
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour == "rgb(244, 246, 249)", "the kit's own style is let through"
    assert told == []
    assert asked == [path.as_uri() for path in pages]
