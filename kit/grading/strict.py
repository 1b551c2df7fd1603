"""JSON that came from anywhere, read without trusting it: a value, or the code of the reason."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MOST_BYTES = 20_000_000
# What a small file can unfold to in memory is bounded by what it holds, not by its size alone.
MOST_CONTAINERS = 500_000
MOST_COMMAS = 1_500_000
DEEPEST = 12  # a submission is six deep
MOST_DIGITS = 15  # as far as a browser counts exactly

_ALIEN = (
    b"PK\x03\x04",  # zip, and with it docx, odt, xlsx
    b"%PDF",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x80\x02",  # pickles: named, never loaded
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
    b"\x7fELF",
    b"MZ",
    b"SQLite format 3",
)
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_UNWRITABLE = re.compile("[\ud800-\udfff\0]")


class Unreadable(Exception):
    """Not what was asked for; ``reason`` is the code of why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, with or without its mark.

    Raises
    ------
    Unreadable
        ``too_big``, ``empty_file``, ``other_format``, ``utf16`` or ``not_utf8``.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_big")
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Unreadable("empty_file")
    if data.startswith(_UTF_16_OR_32) or b"\0" in data[:4]:
        raise Unreadable("utf16")
    if data.startswith(_ALIEN) or data.lstrip()[:1] == b"<":
        raise Unreadable("other_format")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8") from error


def loads(text: str) -> Any:
    """Return the value of a JSON text.

    Only what JSON itself allows: no NaN, no number without end, no key twice, one text; besides
    numbers a browser can count to, and no deeper than `DEEPEST`.

    Raises
    ------
    Unreadable
        ``not_json``, ``two_texts``, ``too_big``, ``too_deep``, ``bad_number``, ``duplicate_key``.
    """
    if text.count("[") + text.count("{") > MOST_CONTAINERS or text.count(",") > MOST_COMMAS:
        raise Unreadable("too_big")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable("two_texts" if error.msg == "Extra data" else "not_json") from error
    except RecursionError as error:
        raise Unreadable("too_deep") from error
    if _too_deep(value):
        raise Unreadable("too_deep")
    return value


def clean(value: Any) -> Any:
    """Return a value whose strings can all be written: no half of a surrogate pair, no NUL.

    Examples
    --------
    >>> clean({"a": ["b" + chr(0)]})
    {'a': ['b�']}
    """
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [clean(each) for each in value]
    if isinstance(value, dict):
        return {clean(name): clean(each) for name, each in value.items()}
    return value


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise Unreadable("bad_number")
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Unreadable("bad_number")
    return number


def _constant(name: str) -> NoReturn:
    raise Unreadable("bad_number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise Unreadable("duplicate_key")
    return table


def _too_deep(value: Any) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant
)
