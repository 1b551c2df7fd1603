"""The command line: each command parses, calls its twin in a room below, and words the answer."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from kit import course
from kit.errors import KitError
from kit.messages import LANGUAGES, in_words, say

MODES = ("practice", "exam")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return its exit code (2 for wrong usage, as argparse does)."""
    lang = _language()
    parser = _parser(lang)
    args, options = parser.parse_known_args(argv)
    args.options = options
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


def _agreement(args: argparse.Namespace) -> int:
    from kit.agreement import report as agreement

    folders = [course.exercise_folder(id) for id in args.exercise] or course.exercises()
    report = agreement.report(folders)
    if args.json:
        print(json.dumps(agreement.as_data(report), ensure_ascii=False, indent=1))
        return 0
    print(agreement.in_tables(report, args.lang))
    for id, target in report.missed():
        _tell(
            say(
                "agreement.missed",
                args.lang,
                exercise=id,
                entry=target.id,
                quote=target.quote,
                finders=target.finders,
            )
        )
    if report.without:
        exercises, count = ", ".join(report.without), len(report.without)
        _tell(say("agreement.without", args.lang, count=count, exercises=exercises))
    return 0


def _grade(args: argparse.Namespace) -> int:
    from kit.grading.gradebook import Plan, grade_class
    from kit.grading.progress import Progress

    lang = args.pages or args.lang
    plan = Plan(
        Path(args.submissions),
        Path(args.to),
        Path(args.key) if args.key else None,
        args.mode or "",
        Path(args.roster) if args.roster else None,
        args.late,
        args.jobs,
        args.dask,
        marks=Path(args.marks) if args.marks else None,
        feedback=not args.no_feedback,
        lang=lang,
    )
    progress = Progress(args.lang)
    summary = grade_class(plan, progress)
    progress.clear()
    if args.json:
        told = {"rows": summary.statuses, "remarks": summary.problems, "to": str(plan.to)}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    statuses = _statuses(summary.statuses, args.lang)
    rows, remarks = summary.statuses.total(), summary.problems.total()
    if rows:
        _tell(say("grade.said.rows", args.lang, count=rows, statuses=statuses))
    else:
        _tell(say("grade.said.nothing", args.lang))
    if remarks:
        _tell(say("grade.said.problems", args.lang, count=remarks))
    _tell(say("grade.said.where", args.lang, folder=plan.to))
    return 0


def _export(args: argparse.Namespace) -> int:
    from kit.export.export import Plan, export

    lang = args.pages or args.lang
    plan = Plan(
        Path(args.graded),
        Path(args.to),
        Path(args.moodle) if args.moodle else None,
        Path(args.canvas) if args.canvas else None,
        args.xlsx,
        args.jsonl,
        args.xapi,
        args.exercise,
        args.column,
        Path(args.roster) if args.roster else None,
        args.replace,
        lang,
    )
    if not (plan.moodle or plan.canvas or plan.xlsx or plan.jsonl or plan.xapi):
        _tell(say("export.help.needed", args.lang))
        return 2
    summary = export(plan)
    files = [str(path) for path in summary.files]
    if args.json:
        told = {"filled": summary.filled, "to_check": summary.left, "files": files}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    if plan.moodle or plan.canvas:
        _tell(say("export.said.filled", args.lang, count=summary.filled))
    if summary.left:
        _tell(say("export.said.left", args.lang, count=summary.left.total()))
    _tell(say("export.said.files", args.lang, files=", ".join(files)))
    return 0


def _demo_class(args: argparse.Namespace) -> int:
    from kit.demo_class import demo_class

    to = Path(args.to)
    truths = demo_class(args.learners, args.seed, to, args.exercise)
    truth = f"{to.name}.truth.json"
    _tell(say("grade.said.demo", args.lang, count=len(truths), folder=to, truth=truth))
    return 0


def _nbgrader_source(args: argparse.Namespace) -> int:
    from kit.bridge.source import write_sources

    lang = args.pages or args.lang
    keys = str(Path(args.key).resolve()) if args.key else ""
    made, missing = write_sources(Path(args.to), args.exercise, lang, keys, args.mode or "")
    _tell(say("bridge.said.source", args.lang, count=len(made), folder=Path(args.to, "source")))
    if missing:
        _tell(say("bridge.said.settings", args.lang))
        print(missing)
    return 0


def _nbgrader_submitted(args: argparse.Namespace) -> int:
    from kit.bridge import submitted
    from kit.grading.gradebook import bench_of

    plan = submitted.Rebuild(
        Path(args.to),
        args.exercise,
        Path(args.submissions) if args.submissions else None,
        bench_of(Path(args.key) if args.key else None, args.mode or ""),
        args.late,
    )
    statuses = submitted.rebuild(plan)
    if not statuses:
        _tell(say("bridge.said.nothing", args.lang))
        return 0
    told = _statuses(statuses, args.lang)
    _tell(say("bridge.said.submitted", args.lang, count=statuses.total(), statuses=told))
    _tell(say("bridge.said.table", args.lang, file=plan.to / submitted.TABLE))
    _tell(say("bridge.said.next", args.lang, exercise=plan.exercise))
    return 0


def _statuses(counted: Counter[str], lang: str) -> str:
    return ", ".join(
        f"{say(f'grade.status.{status}', lang)} {count}"
        for status, count in sorted(counted.items())
    )


def _release(args: argparse.Namespace) -> int:
    from kit.release import bundle, leaks, wording
    from kit.release.needles import needles_of

    keys = Path(args.key) if args.key else None
    if (args.opens or args.closes or args.seed is not None) and not args.exam:
        args.wrong(say("release.only_exam", args.lang))
    if args.check:
        needles = needles_of(course.exercises(), keys)
        found = leaks.check(Path(args.check), needles, is_exam=args.exam)
        said = [say("release.clean", args.lang, bundle=args.check)]
    else:
        options = (args.exam, args.opens, args.closes, args.seed, keys)
        plan = bundle.Plan(Path(args.to), tuple(args.exercise), *options)
        built = bundle.release(plan)
        found = built.leaks
        said = [] if found else wording.in_words(plan, built, args.lang)
    if args.json:
        print(json.dumps(leaks.as_data(found), ensure_ascii=False, indent=1))
        return 1 if found else 0
    for leak in found:
        _tell(wording.told(leak, args.lang))
    for line in said if not found else [say("release.refused", args.lang, count=len(found))]:
        _tell(line)
    return 1 if found else 0


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

    agreement = commands.add_parser("agreement", help=say("agreement.help", lang))
    agreement.add_argument("exercise", nargs="*", help=say("cli.exercise", lang))
    agreement.add_argument("--json", action="store_true", help=say("cli.json", lang))
    agreement.set_defaults(run=_agreement)

    grade = commands.add_parser("grade", help=say("grade.help.grade", lang))
    grade.add_argument("submissions", help=say("grade.help.submissions", lang))
    grade.add_argument("--to", required=True, metavar="DIR", help=say("grade.help.to", lang))
    grade.add_argument("--key", metavar="DIR", help=say("grade.help.key", lang))
    grade.add_argument("--mode", choices=MODES, help=say("grade.help.mode", lang))
    grade.add_argument("--roster", metavar="CSV", help=say("grade.help.roster", lang))
    grade.add_argument("--late", metavar="RULE", default="last", help=say("grade.help.late", lang))
    grade.add_argument(
        "--jobs", metavar="N", type=_count, default=0, help=say("grade.help.jobs", lang)
    )
    grade.add_argument("--dask", metavar="ADDRESS", default="", help=say("grade.help.dask", lang))
    grade.add_argument("--marks", metavar="FILE", help=say("grade.help.marks", lang))
    grade.add_argument(
        "--no-feedback", action="store_true", help=say("grade.help.no_feedback", lang)
    )
    grade.add_argument("--lang", dest="pages", choices=LANGUAGES, help=say("grade.help.lang", lang))
    grade.add_argument("--json", action="store_true", help=say("grade.help.json", lang))
    grade.set_defaults(run=_grade)

    export = commands.add_parser("export", help=say("export.help.export", lang))
    export.add_argument("graded", help=say("export.help.graded", lang))
    own = export.add_mutually_exclusive_group()
    own.add_argument("--moodle", metavar="CSV", help=say("export.help.moodle", lang))
    own.add_argument("--canvas", metavar="CSV", help=say("export.help.canvas", lang))
    export.add_argument("--xlsx", action="store_true", help=say("export.help.xlsx", lang))
    export.add_argument("--jsonl", action="store_true", help=say("export.help.jsonl", lang))
    export.add_argument("--xapi", action="store_true", help=say("export.help.xapi", lang))
    export.add_argument("--to", required=True, metavar="DIR", help=say("export.help.to", lang))
    for option, name in (("exercise", "ID"), ("column", "TITLE"), ("roster", "CSV")):
        words = say(f"export.help.{option}", lang)
        export.add_argument(f"--{option}", metavar=name, default="", help=words)
    export.add_argument("--replace", action="store_true", help=say("export.help.replace", lang))
    export.add_argument(
        "--lang", dest="pages", choices=LANGUAGES, help=say("export.help.lang", lang)
    )
    export.add_argument("--json", action="store_true", help=say("export.help.json", lang))
    export.set_defaults(run=_export)

    demo = commands.add_parser("demo-class", help=say("grade.help.demo", lang))
    demo.add_argument(
        "--learners", metavar="N", type=_count, required=True, help=say("grade.help.learners", lang)
    )
    demo.add_argument(
        "--seed", metavar="S", type=int, required=True, help=say("grade.help.seed", lang)
    )
    demo.add_argument("--to", required=True, metavar="DIR", help=say("grade.help.demo_to", lang))
    demo.add_argument(
        "--exercise", metavar="ID", default="openai-bid", help=say("grade.help.exercise", lang)
    )
    demo.set_defaults(run=_demo_class)

    release = commands.add_parser("release", help=say("release.help.release", lang))
    release.add_argument("exercise", nargs="*", help=say("release.help.exercise", lang))
    where = release.add_mutually_exclusive_group(required=True)
    where.add_argument("--to", metavar="DIR", help=say("release.help.to", lang))
    where.add_argument("--check", metavar="FILE", help=say("release.help.check", lang))
    release.add_argument("--exam", action="store_true", help=say("release.help.exam", lang))
    for name in ("opens", "closes"):
        words = say(f"release.help.{name}", lang)
        release.add_argument(f"--{name}", metavar="TIME", default="", help=words)
    release.add_argument("--seed", metavar="N", type=int, help=say("release.help.seed", lang))
    release.add_argument("--key", metavar="DIR", help=say("release.help.key", lang))
    release.add_argument("--json", action="store_true", help=say("cli.json", lang))
    release.set_defaults(run=_release, wrong=release.error)

    nbgrader = commands.add_parser("nbgrader", help=say("bridge.help.nbgrader", lang))
    below = nbgrader.add_subparsers(required=True, metavar="source|submitted")
    source = below.add_parser("source", help=say("bridge.help.source", lang))
    source.add_argument("exercise", nargs="*", help=say("bridge.help.exercises", lang))
    source.add_argument(
        "--lang", dest="pages", choices=LANGUAGES, help=say("bridge.help.lang", lang)
    )
    source.set_defaults(run=_nbgrader_source)
    rebuilt = below.add_parser("submitted", help=say("bridge.help.submitted", lang))
    rebuilt.add_argument("exercise", help=say("cli.exercise", lang))
    rebuilt.add_argument("submissions", nargs="?", help=say("bridge.help.submissions", lang))
    rebuilt.add_argument(
        "--late", metavar="RULE", default="last", help=say("grade.help.late", lang)
    )
    rebuilt.set_defaults(run=_nbgrader_submitted)
    for each in (source, rebuilt):
        each.add_argument("--to", metavar="DIR", default=".", help=say("bridge.help.to", lang))
        each.add_argument("--key", metavar="DIR", help=say("grade.help.key", lang))
        each.add_argument("--mode", choices=MODES, help=say("grade.help.mode", lang))
    return parser


def _count(text: str) -> int:
    """Read a number that cannot be below 0; argparse words the refusal."""
    if not text.isascii() or not text.isdigit():
        raise ValueError(text)
    return int(text)


def _language() -> str:
    wanted = os.environ.get("KIT_LANG", "fr")
    return wanted if wanted in ("fr", "en") else "fr"


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
