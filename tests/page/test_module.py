"""The parts of the page are one module, and its words are in the catalogues."""

import re
import tomllib
from pathlib import Path

import pytest

from kit.messages import section
from kit.widgets import join

pytestmark = pytest.mark.browser


def test_the_joined_parts_are_one_module_that_exports_the_widget_alone(open_widget):
    """No name stands twice, no import is left, and only `default` is exported."""
    page = open_widget().page
    exported = page.evaluate(
        """async (source) => {
          const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          const module = await import(url);
          return [Object.keys(module), Object.keys(module.default)];
        }""",
        join.module(),
    )
    assert exported == [["default"], ["render"]]
    assert not re.search(r"^import ", join.module(), re.MULTILINE)


def test_every_part_is_joined_after_what_it_imports():
    """A part that is forgotten, or stands before what it needs, would break the page at once."""
    parts = {path.stem for path in join.FOLDER.glob("*.js")}
    assert parts == set(join.PARTS)
    for at, part in enumerate(join.PARTS):
        text = (join.FOLDER / f"{part}.js").read_text("utf-8")
        assert text.startswith("// "), part
        assert set(re.findall(r'from "\./([a-z-]+)\.js"', text)) <= set(join.PARTS[:at]), part


def test_every_word_the_page_asks_for_is_in_both_catalogues():
    """The same ids and {names} in French and English; « vous » changes lines that are there."""
    fr, en = section("widget", "fr"), section("widget", "en")
    assert fr.keys() == en.keys()
    for id in fr:
        assert set(re.findall(r"{\w+}", fr[id])) == set(re.findall(r"{\w+}", en[id])), id
    known = fr.keys() | {re.sub(r"\.(one|other)$", "", id) for id in fr}
    text = join.module()
    asked = set(re.findall(r'say\(\s*"([a-z_.]+)"', text))
    asked |= {f"does.{id}" for id in re.findall(r'help: "([a-z_]+)"', text)}
    assert asked <= known
    messages = Path(join.__file__).parents[1] / "messages"
    vous = tomllib.loads((messages / "fr_vous" / "widget.toml").read_text("utf-8"))
    tu = tomllib.loads((messages / "fr" / "widget.toml").read_text("utf-8"))
    for table, lines in vous.items():
        for id, line in lines.items():
            assert line != tu[table][id], f"{table}.{id} does not differ"


def test_offsets_count_code_points_and_the_page_counts_units(open_widget):
    """Every place of a text with emoji, flag and combining accent goes to UTF-16 and back."""
    page = open_widget().page
    source = (join.FOLDER / "offsets.js").read_text("utf-8")
    found = page.evaluate(
        """async ([source, text]) => {
          const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
          const {createOffsets} = await import(url);
          const offsets = createOffsets(text);
          const there = [], back = [];
          for (let point = 0; point <= offsets.length; point += 1) {
            there.push(offsets.unit(point));
            back.push(offsets.point(offsets.unit(point)));
          }
          return {there, back, half: offsets.point(2), slice: offsets.slice(1, 4),
                  whole: offsets.wholeSigns(2, 3)};
        }""",
        [source, "a👩‍🏫b🇫🇷e\u0301z"],
    )
    text = "a👩‍🏫b🇫🇷e\u0301z"
    units = [len(text[:point].encode("utf-16-le")) // 2 for point in range(len(text) + 1)]
    assert found["there"] == units
    assert found["back"] == list(range(len(text) + 1))
    assert found["half"] == 2  # from inside a pair: its end
    assert found["slice"] == "👩‍🏫"
    assert found["whole"] == [1, 4]
