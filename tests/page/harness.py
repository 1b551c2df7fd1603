"""Writes a static page with the widgets' module, a fake model and a fake kernel: no Jupyter."""

from __future__ import annotations

import html
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kit.article import words
from kit.codebook import codebook
from kit.loading import read
from kit.messages import section
from kit.widgets import join
from kit.widgets.view import view_of
from tests.conftest import FOIRE

HERE = Path(__file__).parent
KEYS = "1234567890"
LAYERS = {"highlight": "bias", "classify": "claim", "attribution": "source"}
ROLES = {"T": "title", "C": "standfirst"}

# Made up; with signs of several code points before the words that tests mark.
TEXT = """La halle de Valmont rouvre 👩‍🏫 sous les applaudissements

Après deux ans de chantier 🇫🇷, le marché couvert retrouve ses cafés et ses étals.

Le maire annonce « 300 arbres » pour 2025, et la ville entière s’en réjouit.
Selon une voisine, cette promesse calamiteuse ne tiendra pas jusqu’à l’été.
L’opposition parle d’un cadeau électoral.

Une élève demande d’où vient ce chiffre <b>gras</b> & ce qu’il compte.
Le service des jardins répond que 280 arbres sont déjà en terre.""".replace("élève", "e\u0301lève")


def view(
    kind: str = "highlight", lang: str = "fr", text: str = TEXT, **changes: Any
) -> dict[str, Any]:
    """Return what the page of a task is given, on a made-up text.

    Parameters
    ----------
    kind : str
        ``"highlight"``, ``"classify"`` or ``"attribution"``.
    **changes
        Fields that shall differ.
    """
    paragraphs = _paragraphs(text)
    layer = codebook().layers[LAYERS[kind]]
    labels = [_label(label, KEYS[at], lang) for at, label in enumerate(layer.labels.values())]
    made: dict[str, Any] = {
        "kind": kind,
        "lang": lang,
        "textLang": "fr",
        "exam": False,
        "id": f"halle/{LAYERS[kind]}/zoe",
        "title": "La halle de Valmont",
        "prompt": "Surligner les mots qui jugent au lieu de dire. Choisir pour chacun le procédé.",
        "notice": "Texte d’exercice : lieux et personnes inventés.",
        "attempts": 3,
        "words": section("widget", lang),
        "text": text,
        "paragraphs": paragraphs,
        "wordBounds": [bound for word in words(text) for bound in word],
        "labels": labels,
        "asked": [each["name"] for each in paragraphs],
    }
    if kind == "classify":
        made["clauses"] = [
            {"id": f"c{start}", "ranges": [[start, end]], "paragraph": each["name"]}
            for each in paragraphs
            for start, end in each["segments"]
        ]
    if kind == "attribution":
        made["parts"] = labels
        made["properties"] = [
            {
                "id": each.id,
                "name": each.name[lang],
                "question": each.question[lang],
                "values": [
                    {"id": id, "name": name[lang], "test": test[lang]}
                    for id, (name, test) in each.values.items()
                ],
            }
            for each in codebook().properties.values()
        ]
    return made | changes


def questions(kind: str, lang: str = "fr", **changes: Any) -> dict[str, Any]:
    """Return what the page of a list of questions is given, as the kit makes it of *foire*."""
    exercise = read(FOIRE)[0]
    assert exercise is not None
    (task, *_) = [task for task in exercise.tasks if task.kind == kind]
    session = SimpleNamespace(
        exercise=exercise, lang=lang, silent=lambda task: False, learner="zoe"
    )
    return view_of(session, task) | changes


def place(words_: str, nth: int = 0, text: str = TEXT) -> list[int]:
    """Return where words stand in the text, in code points."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(words_, at + 1)
    return [at, at + len(words_)]


def page(view: dict[str, Any], state: dict[str, Any] | None = None, theme: str = "light") -> str:
    """Return the HTML of a page that shows the widget of a view, with a fake kernel behind it."""
    data = json.dumps({"view": view, "state": state or {}}, ensure_ascii=False)
    css = (Path(join.__file__).parent / "task.css").read_text("utf-8")
    dark = "#111" if theme == "dark" else "#fff"
    return f"""<!doctype html>
<html lang="{view["lang"]}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Widget</title>
<style>body {{ margin: 8px; background: {dark}; font-family: sans-serif }} {css}</style>
<body data-jp-theme-light="{"false" if theme == "dark" else "true"}">
<main><h1 style="position: absolute; opacity: 0">Page</h1><div id="cell"></div></main>
<script type="text/plain" id="module">{html.escape(join.join(join.FOLDER))}</script>
<script type="application/json" id="data">{data.replace("<", chr(92) + "u003c")}</script>
<script type="module">{(HERE / "kernel.js").read_text("utf-8")}</script>
"""


def _paragraphs(text: str) -> list[dict[str, Any]]:
    """Cut as the kit does, but without making NFC of it: signs of several code points stay."""
    found: list[dict[str, Any]] = []
    start = 0
    for number, paragraph in enumerate(text.split("\n\n")):
        name = "TC"[number] if number < 2 else str(number - 1)
        segments = []
        for line in paragraph.split("\n"):
            segments.append([start, start + len(line)])
            start += len(line) + 1
        start += 1
        found.append(
            {
                "name": name,
                "role": ROLES.get(name, "paragraph"),
                "start": segments[0][0],
                "end": segments[-1][1],
                "segments": segments,
            }
        )
    return found


def _label(label: Any, key: str, lang: str) -> dict[str, str]:
    return {
        "id": label.id,
        "key": key,
        "name": label.name[lang],
        "tag": label.tag,
        "test": label.test[lang],
        "example": label.example[lang],
        "nearMiss": label.near_miss[lang],
        "nearMissIs": label.near_miss_is[lang],
    }
