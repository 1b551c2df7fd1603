"""Texts of made-up words of any length, as an exercise, with marks that are there already."""

import json
from pathlib import Path
from random import Random

from kit.article import Article
from kit.loading import read
from kit.session import Session

WORDS = 80  # in a paragraph, in sentences of 10
GAP = 7  # every seventh word of a paragraph, from the first one on, can be marked beforehand
CONSONANTS, VOWELS = "bdfglmnprstvz", "aeiou"


def text(length: int, seed: int = 1) -> str:
    """Return a text of so many characters: a title, then paragraphs; no word stands in it twice."""
    rng = Random(seed)
    seen: set[str] = set()

    def word() -> str:
        while True:
            made = "".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(3))
            if made not in seen:
                seen.add(made)
                return made + rng.choice(["", "s", "l"])

    paragraphs = [" ".join(word() for _ in range(5)).capitalize()]
    while sum(map(len, paragraphs)) + 2 * len(paragraphs) < length:
        sentences = [" ".join(word() for _ in range(10)).capitalize() for _ in range(WORDS // 10)]
        paragraphs.append(".\n".join(sentences) + ".")
    return "\n\n".join(paragraphs)[: length - 1].rstrip(".\n ").ljust(length - 1, "s") + "."


def write_exercise(folder: Path, words: str) -> None:
    """Write an exercise with one highlighting task, ``bias``, on a text."""
    folder.mkdir()
    article = Article.of(words, standfirst=False)
    assert article.text == words
    (folder / "article.fr.txt").write_text(words, "utf-8")
    (folder / "sources.md").write_text("Mots inventés.\n", "utf-8")
    (folder / "key.toml").write_text(f'schema = 1\nexercise = "{folder.name}"\n', "utf-8")
    (folder / "exercise.toml").write_text(
        f"""schema = 1
id = "{folder.name}"
lang = "fr"
title = {{ fr = "Mots inventés", en = "Made-up words" }}
notice = {{ fr = "Mots inventés.", en = "Made-up words." }}
articles = ["article.fr.txt"]
standfirst = false
sha256 = "{article.sha256}"

[[task]]
id = "bias"
kind = "highlight"
layer = "bias"
prompt = {{ fr = "Surligner.", en = "Mark." }}
""",
        "utf-8",
    )


def write_marks(folder: Path, learner: str, responses: Path, count: int) -> None:
    """Mark words of an exercise beforehand, as if the learner had."""
    exercise, mistakes = read(folder)
    assert exercise is not None, mistakes
    task = exercise.task("bias")
    session = Session(exercise, learner, responses)
    words = exercise.article.words
    places = [
        word
        for place in list(exercise.article.paragraphs.values())[1:]
        for word in [word for word in words if place.start <= word.start < place.end][::GAP]
    ][:count]
    assert len(places) == count, len(places)
    for at, (start, end) in enumerate(places):
        value = {"label": task.labels[at % len(task.labels)], "ranges": [[start, end]]}
        session.act({"id": f"b{at}", "at": "2025-01-01T00:00:00Z", "do": "set", "item": f"b{at}",
                     "value": value, "task": task.id})  # fmt: skip


def notebook(like: Path, *cells: str) -> str:
    """Return a notebook with some lines of code, otherwise like another one."""
    book = json.loads(like.read_text("utf-8"))
    code = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    made = [code | {"id": f"cell-{at}", "source": cell} for at, cell in enumerate(cells)]
    return json.dumps(book | {"cells": made})
