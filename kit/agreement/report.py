"""The report of agreement: of which texts, as plain data, and as tables in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.agreement.measures import WHOLE, Row, Tally, Target, pooled, tallies
from kit.agreement.readings import files, read_all
from kit.codebook import codebook
from kit.loading import load
from kit.messages import say


@dataclass(frozen=True, slots=True)
class Report:
    """Agreement of each text that was read, and of all of them together.

    Attributes
    ----------
    all : dict
        Of the texts whose readers were all blind.
    not_blind : tuple of str
        Texts of which a reader knew the key or had written the text.
    without : tuple of str
        Exercises without readings.
    """

    texts: dict[str, dict[Row, Tally]]
    all: dict[Row, Tally]
    not_blind: tuple[str, ...]
    without: tuple[str, ...]

    def missed(self) -> list[tuple[str, Target]]:
        """Return what a key counts and fewer than two readers found, with the id of its text."""
        return [
            (id, target)
            for id, text in self.texts.items()
            for (_, label), tally in text.items()
            for target in tally.targets
            if label == WHOLE and not target.found
        ]


def report(folders: Sequence[Path]) -> Report:
    """Read the readings of exercises and compare them.

    Raises
    ------
    KitError
        If an exercise or one of its readings cannot be read.
    """
    texts, not_blind, without = {}, [], []
    for folder in folders:
        if folder.is_dir() and not files(folder):
            without.append(folder.name)
            continue
        exercise = load(folder.name)
        readings = read_all(exercise)
        texts[folder.name] = tallies(exercise, readings)
        if not all(reading.blind for reading in readings):
            not_blind.append(folder.name)
    blind = [text for id, text in texts.items() if id not in not_blind]
    return Report(texts, pooled(blind), tuple(not_blind), tuple(without))


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, numbers unrounded."""
    return {
        "exercises": {id: _layers(text) for id, text in report.texts.items()},
        "all": _layers(report.all),
        "not_blind": list(report.not_blind),
        "without": list(report.without),
        "missed": [
            {"exercise": id, "entry": target.id, "quote": target.quote, "finders": target.finders}
            for id, target in report.missed()
        ],
    }


def in_tables(report: Report, lang: str) -> str:
    """Return two tables in Markdown: by text and layer, then by label over all blind texts."""
    words = {name: say(f"agreement.{name}", lang) for name in ("marks", "found")}
    text, layer, label = (say(f"agreement.{name}", lang) for name in ("text", "layer", "label"))
    by_text = [f"| {text} | {layer} | {words['marks']} | F1 | α | {words['found']} |"]
    by_text.append("|---|---|---|---|---|---|")
    for id in sorted([*report.texts, *report.without]):
        if id in report.without:
            by_text.append(f"| {id} | {say('agreement.none', lang)} | | | | |")
            continue
        for (of, each), tally in report.texts[id].items():
            if each == WHOLE:
                named = say("agreement.not_blind", lang, id=id) if id in report.not_blind else id
                by_text.append(f"| {named} | {_name(of, each, lang)} {_numbers(tally, lang)}")
    by_label = [f"| {layer} | {label} | {words['marks']} | F1 | α | {words['found']} |"]
    by_label.append("|---|---|---|---|---|---|")
    for (of, each), tally in report.all.items():
        name = _name(of, each, lang) if each else say("agreement.whole", lang)
        by_label.append(f"| {_name(of, WHOLE, lang)} | {name} {_numbers(tally, lang)}")
    pooled = len(report.texts) > len(report.not_blind)
    tables = [by_text, by_label] if pooled else [by_text]
    return "\n\n".join("\n".join(table) for table in tables)


def _layers(text: dict[Row, Tally]) -> dict[str, Any]:
    layers: dict[str, Any] = {}
    for (layer, label), tally in text.items():
        if label == WHOLE:
            layers[layer] = _measures(tally) | {"labels": {}}
        else:
            layers[layer]["labels"][label] = _measures(tally)
    return layers


def _measures(tally: Tally) -> dict[str, Any]:
    return {
        "marks": tally.marks,
        "f1": tally.f1,
        "alpha": tally.alpha,
        "core": len(tally.targets),
        "found": tally.found,
    }


def _name(layer: str, label: str, lang: str) -> str:
    known = codebook().layers[layer]
    return (known.labels[label] if label else known).name[lang]


def _numbers(tally: Tally, lang: str) -> str:
    core = say("agreement.of", lang, found=tally.found, core=len(tally.targets))
    found = core if tally.targets else "–"
    return f"| {tally.marks} | {_number(tally.f1, lang)} | {_number(tally.alpha, lang)} | {found} |"


def _number(value: float | None, lang: str) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}".replace(".", "," if lang == "fr" else ".")
