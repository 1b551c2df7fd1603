"""From the files of an exercise to an `Exercise`, or to all its mistakes at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kit import course, exam, packed, supplied
from kit.article import Article
from kit.errors import KitError, Mistake
from kit.exercise import Clause, Exercise, Item, Key
from kit.page import Page
from kit.reading import FIELDS, Reader


class ArticleAbsent(KitError):
    """The text of an exercise on a supplied article is not on this computer."""


def load(id: str, *, key: Path | bool = True) -> Exercise:
    """Return an exercise of the course.

    Parameters
    ----------
    id : str
        The name of its folder.
    key : Path or bool
        True reads the one beside it, plain or packed, but none in an exam; False leaves the key
        out; a folder reads ``<folder>/<id>/key.toml`` instead of the course's.

    Raises
    ------
    KitError
        With every mistake of its files.
    ArticleAbsent
        If its text has to be supplied first.
    """
    exercise, mistakes = read(course.exercise_folder(id), key=key)
    wrong = [mistake for mistake in mistakes if not mistake.notice]
    if wrong:
        raise KitError(wrong)
    if exercise is None:
        raise ArticleAbsent(mistakes)
    return exercise


def read(folder: Path, *, key: Path | bool = True) -> tuple[Exercise | None, list[Mistake]]:
    """Read a folder: the exercise, or None if it cannot stand, and all mistakes and notices."""
    page = Page(folder, "exercise.toml")
    table = page.table()
    if table is None:
        known = [path.name for path in course.exercises()]
        if not folder.is_dir():
            page.mistakes = [
                Mistake("exercise_missing", folder.name, "", {"known": ", ".join(known)})
            ]
        return None, page.mistakes
    article = _article(page, table, folder)
    page.only(table, "", FIELDS["exercise"])
    reader = Reader(page, article, tolerant=not table.get("articles"))
    if table.get("id") != folder.name:
        page.add("wrong_id", "id", found=table.get("id"), expected=folder.name)
    tasks = [reader.task(task) for task in page.tables(table, "task")]
    clauses = [reader.clause(clause) for clause in page.tables(table, "clause")]
    items = [reader.item(item, tasks) for item in page.tables(table, "item")]
    reader.unique(tasks)
    reader.unique(clauses)
    reader.unique(items)
    tasks = [task and reader.with_items(task, items) for task in tasks]
    reader.apart(clauses)
    mistakes = page.mistakes
    answers = None
    if key is True and exam.around(folder):
        key = False  # it stays with the instructor: that it is not here is no mistake
    if key is not False:
        place = folder if key is True else Path(key) / folder.name
        answers, more = _key(place, folder.name, article, reader, clauses, items)
        mistakes = mistakes + more
    exercise = None
    if article is not None and not [mistake for mistake in mistakes if not mistake.notice]:
        exercise = Exercise(
            table["id"],
            table["lang"],
            table["title"],
            table.get("notice", {"fr": "", "en": ""}),
            article,
            tuple(task for task in tasks if task),
            tuple(clause for clause in clauses if clause),
            answers,
            folder,
            page.version,
            supplied=reader.tolerant,
            items=tuple(item for item in items if item),
        )
    return exercise, mistakes


def _article(page: Page, table: dict[str, Any], folder: Path) -> Article | None:
    page.words(table, "title", "title")
    page.words(table, "notice", "notice", needed=False)
    page.text(table, "lang", "lang")
    names = table.get("articles")
    if not isinstance(names, list):
        page.add("missing_field", "articles", field="articles")
        return None
    if not names:
        prints = page.tables(table, "supplied")
        article = supplied.stored(folder, prints)
        if not prints:
            page.add("missing_field", "supplied", field="supplied")
        elif article is None:
            page.add("article_absent", id=folder.name, notice=True)
        return article
    texts = []
    for name in names:
        try:
            texts.append((folder / str(name)).read_text("utf-8"))
        except (OSError, ValueError):  # ValueError: not UTF-8, or no name of a file
            page.add("article_unreadable", "articles", file=name)
            return None
    article = Article.of(*texts, standfirst=table.get("standfirst", True))
    if not article.words:
        page.add("article_empty", "articles", file=names[0])
        return None
    if table.get("sha256") != article.sha256:
        page.add("wrong_sha256", "sha256", found=table.get("sha256"), expected=article.sha256)
    if (folder / "key.toml").is_file() and not (folder / "sources.md").is_file():
        page.add("no_sources", file="sources.md")
    return article


def _key(
    place: Path,
    id: str,
    article: Article | None,
    asked: Reader,
    clauses: Sequence[Clause | None],
    items: Sequence[Item | None],
) -> tuple[Key | None, list[Mistake]]:
    page = Page(place, packed.name_in(place))
    table = page.table()
    if table is None:
        return None, page.mistakes
    page.only(table, "", FIELDS["key"])
    if table.get("exercise") != id:
        page.add("wrong_id", "exercise", found=table.get("exercise"), expected=id)
    reader = Reader(page, article, tolerant=asked.tolerant)
    by_id = {clause.id: clause for clause in clauses if clause}
    entries = [reader.entry(entry, by_id) for entry in page.tables(table, "entry")]
    attributions = [reader.attribution(each) for each in page.tables(table, "attribution")]
    asked_for = {item.id: item for item in items if item}
    answers = [reader.answer(each, asked_for, asked.kinds) for each in page.tables(table, "answer")]
    reader.unique([*entries, *attributions, *answers])
    answered = {entry.clause for entry in entries if entry}
    if all(entries):
        for clause in by_id:
            if clause not in answered:
                page.add("clause_unanswered", clause, clause=clause)
    if all(answers):
        given = {answer.item for answer in answers if answer}
        for item in asked_for:
            if item not in given:
                page.add("item_unanswered", f"item {item}", item=item)
    key = Key(
        tuple(entry for entry in entries if entry),
        tuple(each for each in attributions if each),
        page.version,
        tuple(answer for answer in answers if answer),
    )
    return key, page.mistakes
