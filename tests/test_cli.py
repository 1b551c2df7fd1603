"""The command line: thin, explained in both languages, data on stdout and words on stderr."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit import cli, lab
from kit.errors import KitError
from kit.supplied import fingerprint, in_toml
from tests.test_supplied import ARTICLE, PAGE, PRINT

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "commands.md").read_text("utf-8")


def run(*arguments, **variables):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "KIT_LANG"} | variables,
    )


def commands(parser, name="kit"):
    """Every command below a parser, with its line of help and its own parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            for word, below in action.choices.items():
                yield f"{name} {word}", helps[word], below
                yield from commands(below, f"{name} {word}")


def parser_in(lang, monkeypatch):
    """The parser that the command line builds, caught before it reads anything."""
    caught = []

    def catch(self, *args, **options):
        caught.append(self)
        raise SystemExit(0)

    monkeypatch.setenv("KIT_LANG", lang)
    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", catch)
    with pytest.raises(SystemExit):
        cli.main([])
    return caught[0]


def test_help():
    """Asking for help succeeds, in the language of the variable."""
    assert "biais" in run("--help").stdout
    done = run("--help", KIT_LANG="en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bias" in done.stdout


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["article"], ["article", "add"], ["check", "--unknown"]]
)
def test_wrong_usage(arguments, capsys):
    """Wrong usage ends with 2 and says how to."""
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    out, err = capsys.readouterr()
    assert not out
    assert "usage" in err


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_command_and_argument_is_explained(lang, monkeypatch):
    """Each command has a line of help, and so has each of its arguments."""
    found = list(commands(parser_in(lang, monkeypatch)))
    assert {"kit lab", "kit check", "kit article add"} <= {name for name, _, _ in found}
    for name, help_, parser in found:
        assert help_, name
        for action in parser._actions:
            assert action.help or isinstance(action, argparse._SubParsersAction), (
                name,
                action.dest,
            )


def test_help_differs_between_the_languages(monkeypatch):
    """French help is not English help."""
    with monkeypatch.context() as patch:
        french = list(commands(parser_in("fr", patch)))
    with monkeypatch.context() as patch:
        english = list(commands(parser_in("en", patch)))
    for (name, one, _), (_, other, _) in zip(french, english, strict=True):
        assert one != other, name


def test_every_command_is_in_the_docs(monkeypatch):
    """A command without a line in docs/commands.md is not finished."""
    for name, _, parser in commands(parser_in("en", monkeypatch)):
        if not list(commands(parser)):
            assert f"## `{name}" in DOCS, name
            options = set(parser._option_string_actions) - {"-h", "--help"}
            assert not [option for option in options if option not in DOCS], name


@pytest.fixture
def newsstand(course):
    """A course that waits for an article."""
    path = course / "exercises" / "halle" / "exercise.toml"
    head, _ = path.read_text("utf-8").split("[[clause]]", 1)
    head = head.replace('["article.fr.txt"]', "[]").replace('segments = ["T", "1d"]\n', "")
    path.write_text(head + in_toml(PRINT), "utf-8")
    (path.parent / "key.toml").write_text('schema = 1\nexercise = "halle"\n', "utf-8")
    (course / "article.txt").write_text(PAGE, "utf-8")
    return course


def test_adding_an_article_prints_its_exercise(newsstand, capsys):
    """Stdout holds the id alone, and again when repeated."""
    for _ in range(2):
        assert cli.main(["article", "add", "article.txt"]) == 0
        out, err = capsys.readouterr()
        assert out == "halle\n"
        assert "L’exercice halle est ouvert." in err


def test_adding_for_one_exercise(newsstand, capsys):
    """With --as only that exercise's article is looked for."""
    assert cli.main(["article", "add", "article.txt", "--as", "halle"]) == 0
    assert cli.main(["article", "add", "article.txt", "--as", "other"]) == 1
    assert capsys.readouterr().out == "halle\n"


@pytest.mark.parametrize("text", ["Rien à voir ici.", PAGE[: len(PAGE) // 2], ""])
def test_another_text_is_refused(newsstand, capsys, text):
    """An unknown or incomplete text ends with 1, and its mend on stderr."""
    Path("article.txt").write_text(text, "utf-8")
    assert cli.main(["article", "add", "article.txt"]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert "remède" in err


def test_a_file_that_is_not_there(newsstand, capsys):
    """A path without a file is a mistake in words."""
    assert cli.main(["article", "add", "nothing.txt"]) == 1
    assert "remède" in capsys.readouterr().err


def test_the_fingerprint_of_an_article(newsstand, capsys):
    """What an author puts into exercise.toml is printed as it stands there."""
    Path("article.txt").write_text(ARTICLE.text, "utf-8")
    assert cli.main(["article", "fingerprint", "article.txt"]) == 0
    assert capsys.readouterr().out.strip() == in_toml(fingerprint(ARTICLE))


def test_unknown_language(course, monkeypatch, capsys):
    """A language that the kit does not speak is taken for French."""
    monkeypatch.setenv("KIT_LANG", "xx")
    assert cli.main(["check"]) == 0
    assert "exercice" in capsys.readouterr().err


def test_lab_without_such_a_notebook(course, capsys):
    """A notebook that is not there is told with those that are."""
    (course / "notebooks" / "fr").mkdir()
    (course / "notebooks" / "fr" / "04-mots.ipynb").touch()
    assert cli.main(["lab", "09"]) == 1
    assert "04-mots" in capsys.readouterr().err


def test_lab_opens_jupyterlab_on_the_notebook(course, monkeypatch):
    """A notebook is found by the beginning of its name."""
    (course / "notebooks" / "fr").mkdir()
    (course / "notebooks" / "fr" / "04-mots.ipynb").touch()
    asked = []
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setattr("os.execv", lambda path, command: asked.append(command))
    monkeypatch.setattr("subprocess.call", lambda command: 0)
    assert cli.main(["lab", "04", "--no-browser"]) == 0
    (command,) = asked
    assert f"--ServerApp.root_dir={course}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/fr/04-mots.ipynb" in command
    assert command[-1] == "--no-browser"


def test_an_installed_course_is_laid_out_once(course, tmp_path_factory, monkeypatch):
    """Files that are already there are left as they are, and told."""
    target = tmp_path_factory.mktemp("empty")
    monkeypatch.setattr("kit.course.CARRIED", course)
    assert lab.lay_out(target) == []
    key = target / "exercises" / "halle" / "key.toml"
    key.write_text("changed", "utf-8")
    assert key in lab.lay_out(target)
    assert key.read_text("utf-8") == "changed"


def test_a_folder_that_cannot_be_written(course, tmp_path_factory, monkeypatch):
    """Where the course cannot be laid out, the reason is told."""
    target = tmp_path_factory.mktemp("taken")
    (target / "exercises").write_text("a file where a folder should be")
    monkeypatch.setattr("kit.course.CARRIED", course)
    with pytest.raises(KitError) as error:
        lab.lay_out(target)
    assert error.value.mistakes[0].code == "cannot_write"
