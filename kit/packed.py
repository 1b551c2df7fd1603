"""The packed key of practice mode: out of sight, not out of reach (anybody can unpack it)."""

from __future__ import annotations

import base64
import hashlib
import textwrap
import zlib
from pathlib import Path

NAME = "key.packed"
PLAIN = "key.toml"
MOST = 10_000_000  # bytes of an unpacked key: more is no key
_HEAD = b"kit-key 1 "
_TOLD = b"# Packed so that a glance does not spoil the exercise.\n"


class Damaged(ValueError):
    """A packed key that cannot be unpacked; it says nothing of what is in it."""


def pack(key: bytes) -> bytes:
    """Return a key as it travels with an exercise in practice; `unpack` gives the same bytes back.

    Examples
    --------
    >>> unpack(pack(b"schema = 1")) == b"schema = 1"
    True
    """
    body = base64.b64encode(zlib.compress(key, 9)).decode()
    lines = "\n".join(textwrap.wrap(body, 76))
    return _TOLD + _HEAD + _sum(key) + b"\n" + lines.encode() + b"\n"


def unpack(data: bytes) -> bytes:
    """Return the key in a packed one.

    Raises
    ------
    Damaged
        If it was cut, changed, or is none.
    """
    try:
        _, head, body = data.replace(b"\r\n", b"\n").split(b"\n", 2)
        unfolding = zlib.decompressobj()
        key = unfolding.decompress(base64.b64decode(b"".join(body.split()), validate=True), MOST)
    except (ValueError, zlib.error):
        raise Damaged from None  # what went wrong inside could quote the key
    if not unfolding.eof or head != _HEAD + _sum(key):
        raise Damaged
    return key


def name_in(folder: Path) -> str:
    """Return the name of the key's file in a folder: the plain one, unless only a packed one is."""
    only_packed = (folder / NAME).is_file() and not (folder / PLAIN).is_file()
    return NAME if only_packed else PLAIN


def read(path: Path) -> bytes:
    """Return the key in a file, packed or plain."""
    data = path.read_bytes()
    return unpack(data) if path.name == NAME else data


def _sum(key: bytes) -> bytes:
    return hashlib.sha256(key).hexdigest()[:16].encode()
