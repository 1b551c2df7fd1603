"""The codebook: layers, labels, properties, near pairs, with names and tests in fr and en."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Text = dict[str, str]  # language -> words


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the one-line test a learner can apply, one example, one near miss.

    ``example`` holds the passage between ``**``; ``near_miss_is`` says what the near miss is
    instead; ``tag`` is the one or two letters shown at the end of a mark.
    """

    id: str
    layer: str
    tag: str
    name: Text
    test: Text
    example: Text
    near_miss: Text
    near_miss_is: Text


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an attribution: its question and its values, each with a name and a test."""

    id: str
    name: Text
    question: Text
    values: dict[str, tuple[Text, Text]]  # id -> (name, test)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: what is looked for, and the labels for it."""

    id: str
    name: Text
    question: Text
    labels: dict[str, Label]


@dataclass(frozen=True, slots=True)
class Codebook:
    """All layers; the properties of a source; what tells near labels apart."""

    layers: dict[str, Layer]
    properties: dict[str, Property]
    tells: dict[tuple[str, str, str], Text]  # (layer, chosen, key) -> sentence

    def near(self, layer: str, one: str, other: str) -> bool:
        """Whether two labels of a layer are neighbours, which earns part of the credit."""
        return (layer, one, other) in self.tells

    def label(self, layer: str, label: str) -> Label:
        """Return a label of a layer."""
        return self.layers[layer].labels[label]


@cache
def codebook() -> Codebook:
    """Return the codebook of the kit."""
    data = tomllib.loads(Path(__file__).with_name("codebook.toml").read_text("utf-8"))
    labels = [Label(**entry) for entry in data["label"]]
    layers = {
        entry["id"]: Layer(
            **entry, labels={label.id: label for label in labels if label.layer == entry["id"]}
        )
        for entry in data["layer"]
    }
    properties = {entry["id"]: _property(entry) for entry in data["property"]}
    tells = {(near["layer"], near["chosen"], near["key"]): near["tell"] for near in data["near"]}
    return Codebook(layers, properties, tells)


def _property(entry: dict[str, Any]) -> Property:
    values = {value["id"]: (value["name"], value["test"]) for value in entry["value"]}
    return Property(entry["id"], entry["name"], entry["question"], values)
