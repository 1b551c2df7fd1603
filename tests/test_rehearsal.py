"""The whole road of an instructor, by the commands of the page that tells it."""

import re
import shlex
from pathlib import Path

import pytest

from kit.cli import main

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "instructor" / "rehearsal.md"
LEARNERS = "20"  # the page says 300


def commands():
    """The lines of the page's block of commands, for a smaller class."""
    block = re.search(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1]
    return [shlex.split(line.replace("300", LEARNERS)) for line in block.splitlines()]


def walked(folder, monkeypatch, capsys):
    """Follow the page in a folder; return every file by its path."""
    for part in ("exercises", "notebooks"):
        (folder / part).symlink_to(ROOT / part)
    monkeypatch.chdir(folder)
    for program, *arguments in commands():
        if program == "mkdir":
            (folder / arguments[0]).mkdir()
        else:
            assert main(arguments) == 0, capsys.readouterr()
    files = (path for path in (folder / "essai").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return [tmp_path_factory.mktemp(name) for name in ("one", "two")]


def test_the_page_for_instructors_can_be_followed_twice_to_the_same_bytes(
    folders, monkeypatch, capsys
):
    """Released, handed in, graded and exported; nothing depends on the day or the folder."""
    one, two = (walked(folder, monkeypatch, capsys) for folder in folders)
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert one["essai/resultats/gradebook.csv"].count(b"\n") == int(LEARNERS) + 1
    assert {"essai/exports/gradebook.xlsx", "essai/a-distribuer.zip"} <= set(one)
