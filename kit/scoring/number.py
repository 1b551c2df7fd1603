"""Numbers with a unit: units, scales and ratios are checked (pedagogy of the kit, section 3.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from kit.article import Article
from kit.exercise import Answer, Item
from kit.messages import say
from kit.page import Page
from kit.scoring.items import Judged, Wanted, mean, name_of, named, no_remark, read_options
from kit.scoring.outcome import Kind

LAYER = "verification"
ITEM = ("units", "tolerance")
ANSWER = ("value", "unit")
FIELDS = ("text", "unit")
MOST_SIGNS = 100
UNIT_SLIP, SCALE_SLIP = 0.5, 0.2  # the number alone; its digits alone
MOST_POWER = 12  # a slip of more powers of ten is another number
MOST_DIGITS = 30
remark = no_remark

# « billion » is 10^12 in French and 10^9 in English: both readings are tried.
_SCALES = {
    "mille": (3,), "millier": (3,), "thousand": (3,), "k": (3,),
    "million": (6,), "m": (6,),
    "milliard": (9,), "md": (9,), "mrd": (9,), "bn": (9,),
    "billion": (9, 12), "trillion": (12,),
}  # fmt: skip
_BLANKS = re.compile("[\\s\u00a0\u2009\u202f'’]+")
_NUMBER = re.compile(r"([+\-−]?)\s?(\d(?:[\d.,]|\s(?=\d))*)")


def read_item(
    page: Page, table: dict[str, Any], entry: str, article: Article | None
) -> dict[str, Any]:
    """Return the units to choose from and how far from the value an answer may be."""
    units = read_options(page, table, "units", entry) if "units" in table else ()
    tolerance = _number(page, table, "tolerance", entry) if "tolerance" in table else Fraction(0)
    return {"units": units, "tolerance": abs(tolerance)}


def read_answer(page: Page, table: dict[str, Any], item: Item, entry: str) -> Wanted:
    """Return the value and its unit."""
    value = _number(page, table, "value", entry)
    ids = [unit.id for unit in item.details["units"]]
    unit = page.one_of(table, "unit", entry, ids, "unknown_answer") if ids else ""
    return Wanted({"text": _written(value), "unit": unit}, (), {"value": value, "unit": unit})


def judge(item: Item, value: Any) -> str | None:
    """Say why a value is not ``{"text": …, "unit": …}``, or None; the unit may be left open."""
    if not isinstance(value, dict) or not {"text"} <= set(value) <= set(FIELDS):
        return "not_a_number"
    text, unit = value["text"], value.get("unit", "")
    if not isinstance(text, str) or not text.strip() or len(text) > MOST_SIGNS:
        return "not_a_number"
    ids = [each.id for each in item.details["units"]]
    return None if unit in ("", *ids) else "unknown_value"


def readings(text: str) -> tuple[Fraction, ...]:
    """Return the numbers that a text can mean, none if it holds no number or several.

    Both ways of writing are read: ``1,5`` and ``1.5``, ``40 000`` and ``40,000``; where a sign can
    be a decimal mark or part thousands, both are returned.

    Examples
    --------
    >>> [float(number) for number in readings("9,74 milliards")]
    [9740000000.0]
    >>> [float(number) for number in readings("1,200")]
    [1200.0, 1.2]
    """
    plain = _BLANKS.sub(" ", text.lower())
    found = _NUMBER.findall(plain)
    if len(found) != 1:
        return ()
    sign, digits = found[0]
    after = plain[_NUMBER.search(plain).end() :].strip()  # type: ignore[union-attr]  # one was found
    word = re.match(r"[a-z]+", after)
    name = word.group() if word else ""
    powers = _SCALES.get(name) or _SCALES.get(name.removesuffix("s")) or (0,)
    if name in ("m", "k") and len(after) > 1 and after[1] not in " €$£":
        powers = (0,)
    minus = -1 if sign in ("-", "−") else 1
    numbers = [number * minus for number in _plain(digits)]
    return tuple(number * 10**power for number in numbers for power in powers)


def worth(item: Item, answer: Answer, value: Any, mode: str) -> tuple[Kind, float]:
    """Tell a right number from a slip of its unit, of a power of ten, and from another one."""
    numbers, wanted = readings(value["text"]), answer.details["value"]
    if not numbers:
        return "unreadable", 0.0
    tolerance = item.details["tolerance"]
    same_unit = value.get("unit", "") == answer.details["unit"]
    if any(abs(number - wanted) <= tolerance for number in numbers):
        if not same_unit:
            return "unit_slip", UNIT_SLIP
        return ("exact" if wanted in numbers else "close"), 1.0
    powers = [power for power in range(-MOST_POWER, MOST_POWER + 1) if power]
    if same_unit and any(
        abs(number * Fraction(10) ** power - wanted) <= tolerance and wanted
        for number in numbers
        for power in powers
    ):
        return "scale_slip", SCALE_SLIP
    return "other_value", 0.0


def total(judged: Sequence[Judged]) -> float | None:
    """Return the mean."""
    return mean(judged)


def said(item: Item, value: Any, lang: str) -> str:
    """Word a number with its unit, as it was written."""
    unit = name_of(item.details["units"], value.get("unit", ""), lang)
    text = value["text"]
    if lang == "en" and re.fullmatch(r"[\d\u202f]+(,\d+)?", text):
        text = text.replace(",", ".").replace("\u202f", ",")
    return f"{text} {unit}".strip()


def shown(item: Item, lang: str) -> dict[str, Any]:
    """Return the units, and the tolerance in words."""
    tolerance = item.details["tolerance"]
    written = said(item, {"text": _written(tolerance)}, lang)
    return {
        "units": named(item.details["units"], lang),
        "tolerance": say("feedback.number.tolerance", lang, tolerance=written) if tolerance else "",
    }


def right(item: Item, answer: Answer) -> Any:
    """Return the value of the key, as the kit writes it."""
    return answer.value


def wrong(item: Item, answer: Answer) -> Any:
    """Return a number far off."""
    other = answer.details["value"] * 7 + 13 + 2 * item.details["tolerance"]
    return {"text": _written(other), "unit": answer.details["unit"]}


def _plain(digits: str) -> list[Fraction]:
    """Read digits with their marks: « 1.234,5 », "1,234.5", « 40 000 »."""
    digits = digits.rstrip(".,").replace(" ", "")
    if len(digits) > MOST_DIGITS:
        return []
    marks = re.sub(r"\d", "", digits)
    if not marks:
        return [Fraction(digits)]
    last = marks[-1]
    if len(set(marks)) == 2:  # the last one is the decimal mark
        whole, _, part = digits.rpartition(last)
        return [Fraction(f"{re.sub('[.,]', '', whole)}.{part}")] if marks.count(last) == 1 else []
    groups = digits.split(last)
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    found = [Fraction("".join(groups))] if thousands and groups[0].strip("0") else []
    if len(marks) == 1:
        found.append(Fraction(digits.replace(",", ".")))
    return found


def _number(page: Page, table: dict[str, Any], field: str, entry: str) -> Fraction:
    value = table.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e18:
        page.add("not_a_number", entry, field=field, found=value)
        return Fraction(0)
    return Fraction(str(value)) if value == value else Fraction(0)


def _written(value: Fraction) -> str:
    """Write a number in French: thousands parted, a decimal comma; exact, as TOML's are decimal."""
    places = 0
    while (value * 10**places).denominator != 1 and places < 12:
        places += 1
    text = f"{round(abs(value) * 10**places):0{places + 1}d}"
    whole, part = (text[:-places], text[-places:]) if places else (text, "")
    whole = f"{int(whole):,}".replace(",", "\u202f")
    return ("-" if value < 0 else "") + whole + (f",{part}" if part else "")
