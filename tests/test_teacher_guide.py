"""The teacher's pages keep to the key they speak of, to French typography, and to one page."""

import re
from pathlib import Path

import pytest

from kit.loading import load
from tests.french import slips

FOLDER = Path(__file__).parents[1] / "docs" / "teacher" / "fr"
PAGES = sorted(FOLDER.glob("*.md"))
LESSONS = [page for page in PAGES if page.name[0].isdigit()]
LAYERS = {"02": "claim", "03": "source", "04": "bias"}
ONE_PAGE = 750  # words


def prose(text):
    """Text without what is not read: links, code, the marks of Markdown."""
    text = re.sub(r"\]\([^)]*\)", "", re.sub(r"`[^`]*`", "x", text))
    return [line.strip("#|-*> ") for line in text.replace("*", "").replace("|", "\n").split("\n")]


def section(text, title):
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def debated(layer):
    """The debated passages of a layer, by the segment and the words."""
    exercise = load("openai-bid")
    article = exercise.article
    spans = [e.span for e in exercise.key.entries if (e.layer, e.status) == (layer, "debated")]
    if layer == "source":
        spans += [a.spans["source"] for a in exercise.key.attributions if a.status == "debated"]
    return {(article.quote(span), article.segment_at(span[0].start).name) for span in spans}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_in_good_french(page):
    """A page keeps to French typography and names no one « tu »."""
    text = page.read_text("utf-8")
    wrong = {line: found for line in prose(text) if (found := slips(line.strip()))}
    assert wrong == {}
    assert not re.search(r"\b(tu|toi|mensonges?)\b|!", text, re.IGNORECASE)


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_one_page_with_the_same_parts(page):
    """Each lesson fits on a page and has minutes, what to say, prompts, confusions, variants."""
    text = page.read_text("utf-8")
    assert len(re.findall(r"\w+", text)) <= ONE_PAGE
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    parts = ["Dire avant", "À discuter", "Ce qui se confond", "Plus court, ou sans ordinateurs"]
    assert titles == [*parts, "À observer"]
    assert "| minutes |" in text


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_prompts_are_debated_passages(page):
    """What a page offers for discussion is debated in the key, in these words and this place."""
    found = re.findall(r"^\| «\u202f(.+?)\u202f» \((\w+)\)", page.read_text("utf-8"), re.MULTILINE)
    prompts = [
        prompt for prompt in found if prompt[0] in section(page.read_text("utf-8"), "À discuter")
    ]
    layer = LAYERS.get(page.name[:2])
    assert bool(prompts) == bool(layer)
    if layer:
        assert set(prompts) <= debated(layer)


def test_the_index_names_every_lesson():
    """Each page stands in the index, and each notebook has one."""
    index = (FOLDER / "index.md").read_text("utf-8")
    notebooks = {path.stem for path in (FOLDER.parents[2] / "notebooks" / "fr").glob("0*.ipynb")}
    assert {page.stem for page in LESSONS} <= notebooks
    assert [page.name for page in LESSONS if f"({page.name})" not in index] == []


def test_numbers_are_those_of_the_key():
    """How many passages count, are debated or hold is said as in the key."""
    exercise = load("openai-bid")
    entries = [entry.status for entry in exercise.key.entries if entry.layer == "bias"]
    assert [entries.count(status) for status in ("core", "debated", "sound")] == [22, 10, 14]
    assert len(exercise.clauses) == 30
    reported = [e for e in exercise.key.entries if e.label == "reported"]
    assert len(reported) > len(exercise.clauses) / 3
    statuses = [each.status for each in exercise.key.attributions]
    assert [statuses.count(status) for status in ("core", "debated")] == [10, 1]
