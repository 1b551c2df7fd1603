"""What is true of every file of the repository."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "article" / "published-article.txt"
LONGEST_QUOTE = 7  # words of the published article in a row

# How a file of this kind says, in its first line, what it is for.
FIRST_LINE = {
    ".py": r'r?""".{10,}',
    ".js": r"(//|/\*\*?) .{10,}",
    ".toml": r"# .{10,}",
    ".css": r"/\* .{10,}",
    ".sh": r"# .{10,}",
    ".yml": r"# .{10,}",
}


def tracked():
    """The files that git knows."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout of git")
    return [path for name in done.stdout.split("\0") if (path := ROOT / name).is_file()]


def texts():
    """Those of them that are text, by their names."""
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def runs(text, length):
    """Every run of so many words."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_the_published_article_is_not_in_the_repository():
    """No file holds eight words in a row of the published article."""
    if not PUBLISHED.exists():
        pytest.skip("the published article is not on this computer")
    article = runs(PUBLISHED.read_text("utf-8"), LONGEST_QUOTE + 1)
    held = {name: runs(text, LONGEST_QUOTE + 1) & article for name, text in texts()}
    assert {name: found for name, found in held.items() if found} == {}


def test_supplied_texts_and_answers_are_ignored():
    """What readers supply and learners answer never enters the history."""
    for name in ("reponses/zoe/x.jsonl", "remises/zoe.json", "exercises/x/supplied/a.txt"):
        tracked()
        done = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert done.returncode == 0, name


def test_notebooks_are_stored_without_outputs():
    """A notebook is kept as it is before it is run."""
    for name, text in texts():
        if name.endswith(".ipynb"):
            cells = json.loads(text)["cells"]
            assert not [cell for cell in cells if cell.get("outputs")], name
            assert not [cell for cell in cells if cell.get("execution_count")], name


def test_the_first_line_says_what_a_file_is_for():
    """Whoever opens a file reads first what it does."""
    silent = []
    for name, text in texts():
        pattern = FIRST_LINE.get(Path(name).suffix)
        lines = [line for line in text.split("\n", 2) if not line.startswith("#!")]
        if pattern and text.strip() and not re.match(pattern, lines[0]):
            silent.append(name)
    assert silent == []


def test_no_path_of_a_machine():
    """No file names a folder that exists on one machine alone."""
    machine = r"(?<![\w.~/])/(?:home/(?!jovyan|runner)|Users/|root/|work/)\w+|[A-Z]:\\Users\\\w+"
    assert [name for name, text in texts() if re.search(machine, text)] == []


def test_text_files_end_with_a_line_end():
    """Texts end with one line end, lines with no blanks."""
    for name, text in texts():
        if text and not name.endswith((".svg", ".md", ".jsonl", ".ipynb")):
            assert re.search(r"[^\n]\n\Z", text), name
            assert not re.search(r"[ \t]\n", text), name


def test_environment_and_package_ask_for_the_same():
    """environment.yml and pyproject.toml name the same packages with the same versions."""
    yaml = pytest.importorskip("yaml")
    path = ROOT / "environment.yml"
    if not path.exists():
        pytest.skip("there is no environment.yml")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {*project["dependencies"], *project["optional-dependencies"]["test"]}
    listed = yaml.safe_load(path.read_text("utf-8"))["dependencies"]
    conda = {each for each in listed if isinstance(each, str)}
    pip = {each for each in listed if isinstance(each, dict) for each in each["pip"]}
    asked = {each.replace(" ", "").replace("matplotlib-base", "matplotlib") for each in conda | pip}
    assert asked - {"pip", "-e."} == wanted | {f"python{project['requires-python']}"}
