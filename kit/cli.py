"""The command line: each command parses, calls its twin in a room below, and words the answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from kit import course
from kit.errors import KitError
from kit.messages import in_words, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code (2 for wrong usage, as argparse does)."""
    lang = _language()
    parser = _parser(lang)
    args, args.options = parser.parse_known_args(argv)
    if args.options and args.run is not _lab:
        parser.error(say("cli.unknown_options", lang, options=" ".join(args.options)))
    args.lang = lang
    try:
        code: int = args.run(args)
    except KitError as error:
        for mistake in error.mistakes:
            _tell(in_words(mistake, lang))
        return error.exit_code
    return code


def _check(args: argparse.Namespace) -> int:
    from kit.loading import read

    folders = [course.exercise_folder(id) for id in args.exercise] or course.exercises()
    found = [mistake for folder in folders for mistake in read(folder)[1]]
    wrong = [mistake for mistake in found if not mistake.notice]
    if args.json:
        print(json.dumps([asdict(mistake) for mistake in found], ensure_ascii=False, indent=1))
    else:
        for mistake in found:
            _tell(in_words(mistake, args.lang))
        _tell(say("cli.checked", args.lang, count=len(folders), mistakes=len(wrong)))
    return 1 if wrong else 0


def _article_add(args: argparse.Namespace) -> int:
    from kit import intake

    path = Path(args.file)
    exercise, found = intake.add(intake.read(path), args.exercise, name=str(path))
    print(exercise)
    _tell(intake.in_words(exercise, found, args.lang))
    return 0


def _article_fingerprint(args: argparse.Namespace) -> int:
    from kit import intake, supplied
    from kit.article import Article

    article = Article.of(supplied.tidied(intake.read(Path(args.file))))
    print(supplied.in_toml(supplied.fingerprint(article)))
    return 0


def _lab(args: argparse.Namespace) -> int:
    from kit import lab

    return lab.open_course(args.notebook, args.options)


def _parser(lang: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kit", description=say("cli.kit", lang))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help=say("cli.lab", lang), epilog=say("cli.lab_options", lang))
    lab.add_argument("notebook", nargs="?", default="", help=say("cli.lab_notebook", lang))
    lab.set_defaults(run=_lab)

    check = commands.add_parser("check", help=say("cli.check", lang))
    check.add_argument("exercise", nargs="*", help=say("cli.exercise", lang))
    check.add_argument("--json", action="store_true", help=say("cli.json", lang))
    check.set_defaults(run=_check)

    article = commands.add_parser("article", help=say("cli.article", lang))
    below = article.add_subparsers(required=True, metavar="add|fingerprint")
    add = below.add_parser("add", help=say("cli.article_add", lang))
    add.add_argument("file", help=say("cli.article_file", lang))
    add.add_argument("--as", dest="exercise", metavar="ID", help=say("cli.article_as", lang))
    add.set_defaults(run=_article_add)
    print_ = below.add_parser("fingerprint", help=say("cli.article_fingerprint", lang))
    print_.add_argument("file", help=say("cli.article_lines", lang))
    print_.set_defaults(run=_article_fingerprint)
    return parser


def _language() -> str:
    wanted = os.environ.get("KIT_LANG", "fr")
    return wanted if wanted in ("fr", "en") else "fr"


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
