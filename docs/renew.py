"""Write the pages that are made from data: the codebook in both languages, the tables of keys.md.

Run ``python docs/renew.py`` after a change of ``kit/codebook.toml``, of a key or of a reading.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))  # the kit of this checkout

from kit import course  # noqa: E402
from kit.agreement.report import in_tables, report  # noqa: E402
from kit.codebook import Layer, Property, codebook  # noqa: E402

BEGIN, END = "<!-- kit agreement: begin -->", "<!-- kit agreement: end -->"

WORDS = {
    "fr": {
        "title": "Le codebook : étiquettes, questions, exemples",
        "made": "Page faite à partir de `kit/codebook.toml` par `python docs/renew.py` :"
        " ne pas la corriger à la main. [In English](codebook.en.md)",
        "intro": "Pour qui annote un texte ou prépare une leçon. Deux questions tranchent la"
        " plupart des cas : *qui parle ?*, puis *pourrait-on le contrôler aujourd’hui ?*"
        " La nature d’abord, la vérité ensuite : un énoncé faux reste un fait par sa nature."
        " Un procédé est une façon d’écrire, jamais un verdict sur une personne ou un journal.",
        "label": "étiquette | question | exemple | n’en est pas un",
        "span": "**Longueur d’un passage** : le plus court qui fasse dire oui. L’adjectif, non la"
        " phrase ; la formule entière si aucun mot ne suffit. Les paroles citées, un verbe de"
        " parole neutre, un nombre, une mauvaise nouvelle ne sont pas des procédés.",
        "properties": "Ce que l’on précise d’une source",
        "property": "question | réponses",
        "near": "Deux étiquettes voisines : ce qui les distingue",
        "pair": "choisie | celle de la clé | ce qui tranche",
    },
    "en": {
        "title": "The codebook: labels, questions, examples",
        "made": "Made from `kit/codebook.toml` by `python docs/renew.py`: not to be corrected by"
        " hand. [En français](codebook.fr.md)",
        "intro": "For whoever annotates a text or prepares a lesson. Two questions decide most"
        " cases: *who speaks?*, then *could somebody check it today?* Kind first, truth later:"
        " a false statement is still a fact by kind. A device is a way of writing, never a"
        " verdict on a person or an outlet.",
        "label": "label | question | example | not one",
        "span": "**How long a passage is**: the shortest that makes a reader say yes. The"
        " adjective, not the sentence; the whole formula if no single word does it. Quoted words,"
        " a neutral reporting verb, a number, bad news are no devices.",
        "properties": "What is said of a source",
        "property": "question | answers",
        "near": "Two near labels: what tells them apart",
        "pair": "chosen | the key’s | what decides",
    },
}


def codebook_page(lang: str) -> str:
    """Return the codebook as one page of Markdown."""
    words = {name: _typeset(text, lang) for name, text in WORDS[lang].items()}
    book = codebook()
    layers = [layer for layer in book.layers.values() if layer.labels]
    parts = [f"# {words['title']}", words["made"], words["intro"]]
    for layer in layers:
        parts += [f"## {layer.name[lang].capitalize()}", layer.question[lang]]
        parts.append(_table(words["label"], _labels(layer, lang)))
        if layer.id == "bias":
            parts.append(words["span"])
        if layer.id == "source":
            parts += [f"### {words['properties']}"]
            parts.append(_table(words["property"], _properties(book.properties.values(), lang)))
    parts.append(f"## {words['near']}")
    pairs = (
        (
            book.label(layer, chosen).name[lang],
            book.label(layer, key).name[lang],
            tell[lang],
        )
        for (layer, chosen, key), tell in book.tells.items()
    )
    parts.append(_table(words["pair"], pairs))
    return "\n\n".join(parts) + "\n"


def keys_page(text: str) -> str:
    """Return keys.md with the tables of ``kit agreement`` as they are now."""
    tables = in_tables(report(course.exercises()), "en")
    block = f"{BEGIN}\n{tables}\n{END}"
    return re.sub(f"{BEGIN}.*?{END}", lambda _: block, text, count=1, flags=re.DOTALL)


def pages() -> dict[Path, str]:
    """Return every page that is made from data, as it ought to be."""
    keys = DOCS / "keys.md"
    made = {DOCS / f"codebook.{lang}.md": codebook_page(lang) for lang in WORDS}
    return made | {keys: keys_page(keys.read_text("utf-8"))}


def _labels(layer: Layer, lang: str) -> Iterable[tuple[str, ...]]:
    for label in layer.labels.values():
        missed = f"{label.near_miss[lang]} → {label.near_miss_is[lang]}"
        yield f"**{label.name[lang]}**", label.test[lang], label.example[lang], missed


def _properties(properties: Iterable[Property], lang: str) -> Iterable[tuple[str, ...]]:
    for each in properties:
        values = "<br>".join(
            f"*{name[lang]}* – {test[lang]}" for name, test in each.values.values()
        )
        yield f"**{each.name[lang]}** – {each.question[lang]}", values


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {head} |", "|" + "---|" * len(head.split(" | "))]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _typeset(text: str, lang: str) -> str:
    """Put the narrow blank that French asks for before a sign."""
    return re.sub(r" (?=[;:?!%])", "\u202f", text) if lang == "fr" else text


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
