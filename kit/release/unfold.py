"""Every way in which a file can be read: unpacked, decoded, unescaped; nothing in it is run."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import hashlib
import html
import io
import json
import lzma
import pickletools
import quopri
import re
import tarfile
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

DEEPEST = 8  # decodings one inside the other
MOST = 60_000_000  # bytes of one bundle, with all that unfolds from it
MOST_OF_ONE = 20_000_000  # bytes that one compressed stream may unfold to
MOST_ENTRIES = 5_000
_SHORTEST_BLOB = 12  # bytes below which nothing compressed is looked for


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a file.

    Attributes
    ----------
    text : str
        What is read.
    steps : tuple of str
        How it was got at, e.g. ``("base64", "gzip")``; empty for the file as it is.
    where : str
        Place of it in the file if it is known already (a JSON path, an entry of an archive).
    lines : tuple of int
        Number of each of its lines in the file; empty where they are 1, 2, 3…
    """

    text: str
    steps: tuple[str, ...] = ()
    where: str = ""
    lines: tuple[int, ...] = ()

    def line(self, at: int) -> int:
        """Return the line of the file that an offset of the text lies in."""
        number = self.text.count("\n", 0, at)
        return self.lines[min(number, len(self.lines) - 1)] if self.lines else number + 1


@dataclass
class Unfolding:
    """Reads files in every way, within bounds.

    Attributes
    ----------
    closed : list of (code, steps, where)
        What could not be looked into: ``too_deep``, ``too_big``, ``encrypted``, ``opaque``,
        ``pickle``. A check that fails on them fails on what it cannot see.
    """

    left: int = MOST
    closed: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)

    def file(self, data: bytes) -> Iterator[View]:
        """Yield the readings of one file; start each file of a bundle here."""
        self._seen.clear()  # the same content in two files is told twice
        yield from self._bytes(data, (), "")

    def words(self, text: str) -> Iterator[View]:
        """Yield the readings of a text, e.g. the name of a file."""
        self._seen.clear()
        yield from self._text(View(text))

    def _new(self, data: bytes) -> bool:
        sum_ = hashlib.blake2b(data, digest_size=16).digest()
        if sum_ in self._seen:
            return False
        self._seen.add(sum_)
        return True

    def _bytes(self, data: bytes, steps: tuple[str, ...], where: str) -> Iterator[View]:
        if not data or not self._new(data):
            return
        self.left -= len(data)
        if self.left < 0:
            self.closed.append(("too_big", steps, where))
            return
        if len(steps) > DEEPEST:
            self.closed.append(("too_deep", steps, where))
            return
        known = False
        for name, opens, read in _CONTAINERS:
            if not opens(data):
                continue
            try:
                for inner, body in read(data):
                    known = True
                    place = " › ".join(filter(None, (where, inner)))
                    if inner:
                        yield from self._text(View(inner, (*steps, name), place))
                    yield from self._bytes(body, (*steps, name), place)
            except _Closed as error:
                known = True
                self.closed.append((error.code, (*steps, name), where))
            except (ValueError, EOFError, OSError, RuntimeError, zlib.error, lzma.LZMAError):
                continue  # no such container after all
            except (zipfile.BadZipFile, tarfile.TarError, NotImplementedError):
                continue
        pickled = _pickled(data)
        if pickled is not None:
            strings, blobs = pickled
            self.closed.append(("pickle", steps, where))
            yield from self._text(View("\n".join(strings), (*steps, "pickle"), where))
            for blob in blobs:
                yield from self._bytes(blob, (*steps, "pickle"), where)
            known = True
        text = _decoded(data)
        if text is not None:
            yield from self._text(View(text, steps, where))
            return
        if not known and not steps:
            self.closed.append(("opaque", steps, where))
        if not known:
            for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be"):
                yield View(data.decode(encoding, "ignore"), steps, where)
            for name, body in _embedded(data):
                yield from self._bytes(body, (*steps, name), where)

    def _text(self, view: View) -> Iterator[View]:
        text = view.text
        if not text or not self._new(b"text " + text.encode("utf-8", "replace")):
            return
        self.left -= len(text)
        if self.left < 0:
            self.closed.append(("too_big", view.steps, view.where))
            return
        if len(view.steps) > DEEPEST:
            self.closed.append(("too_deep", view.steps, view.where))
            return
        for place, leaf in _leaves(text):
            where = " › ".join(filter(None, (view.where, place)))
            yield from self._text(View(leaf, view.steps, where))
        yield view
        if not {"pieces", "escapes"} & set(view.steps) and len(view.steps) < 3:
            yield View(codecs.encode(text, "rot13"), (*view.steps, "rot13"), view.where, view.lines)
            turned = "\n".join(line[::-1] for line in text.split("\n"))
            yield View(turned, (*view.steps, "reversed"), view.where, view.lines)
        for name, change in (("escapes", _unescaped), ("pieces", _joined)):
            changed = change(view)
            if changed is not None:
                yield from self._text(_with_step(changed, name))
        replaced, blobs = _untangled(view)
        for each in replaced:
            yield from self._text(each)
        for blob, name, where in blobs:
            yield from self._bytes(blob, (*view.steps, name), where)


# --- Containers: bytes that hold other bytes -----------------------------------------------------


class _Closed(Exception):
    """Something that cannot be looked into, by its code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def _capped(unfold: Callable[[bytes, int], bytes], data: bytes) -> bytes:
    body = unfold(data, MOST_OF_ONE + 1)
    if len(body) > MOST_OF_ONE:
        raise _Closed("too_big")
    return body


def _zip(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > MOST_ENTRIES:
            raise _Closed("too_big")
        yield "", archive.comment
        for entry in archive.infolist():
            yield entry.filename, entry.comment + b"\n" + entry.extra
            if entry.is_dir():
                continue
            if entry.flag_bits & 1:
                raise _Closed("encrypted")
            with archive.open(entry) as file:
                body = file.read(MOST_OF_ONE + 1)
            if len(body) > MOST_OF_ONE:
                raise _Closed("too_big")
            yield entry.filename, body


def _tar(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for number, member in enumerate(archive):
            if number >= MOST_ENTRIES:
                raise _Closed("too_big")
            file = archive.extractfile(member) if member.isfile() else None
            body = file.read(MOST_OF_ONE + 1) if file else member.linkname.encode()
            if len(body) > MOST_OF_ONE:
                raise _Closed("too_big")
            yield member.name, body


def _one(unfold: Callable[[bytes, int], bytes]) -> Callable[[bytes], Iterator[tuple[str, bytes]]]:
    def read(data: bytes) -> Iterator[tuple[str, bytes]]:
        yield "", _capped(unfold, data)

    return read


def _inflated(bits: int) -> Callable[[bytes, int], bytes]:
    def unfold(data: bytes, most: int) -> bytes:
        stream = zlib.decompressobj(bits)
        body = stream.decompress(data, most)
        if not body:
            raise ValueError("nothing in it")
        return body

    return unfold


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


_ZLIB = tuple(bytes([0x78, second]) for second in (0x01, 0x5E, 0x9C, 0xDA))
_GZIP, _BZIP, _XZ, _LZMA = b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", b"\x5d\x00\x00"
_inflate, _gunzip = _inflated(15), _inflated(31)
_CONTAINERS: list[
    tuple[str, Callable[[bytes], bool], Callable[[bytes], Iterator[tuple[str, bytes]]]]
] = [
    ("zip", lambda data: b"PK\x05\x06" in data, _zip),
    ("tar", lambda data: data[257:262] == b"ustar", _tar),
    ("gzip", _starts(_GZIP), _one(_gunzip)),
    ("zlib", _starts(*_ZLIB), _one(_inflate)),
    ("bzip2", _starts(_BZIP), _one(lambda d, most: bz2.BZ2Decompressor().decompress(d, most))),
    ("xz", _starts(_XZ, _LZMA), _one(lambda d, most: lzma.LZMADecompressor().decompress(d, most))),
]
_MAGIC = re.compile(
    b"|".join(re.escape(each) for each in (_GZIP, _BZIP, _XZ, *_ZLIB)) + rb"|\x80[\x02-\x05]"
)


def _embedded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is compressed somewhere inside bytes of an unknown kind, or all of them."""
    try:
        body = _inflated(-15)(data, MOST_OF_ONE)
        if _decoded(body[:2_000]) is not None and len(body) > _SHORTEST_BLOB:
            yield "deflate", body
    except (ValueError, zlib.error):
        pass
    for found in list(_MAGIC.finditer(data, 1))[:50]:
        rest = data[found.start() :]
        if len(rest) < _SHORTEST_BLOB:
            continue
        try:
            if found[0] in _ZLIB:
                zlib.decompressobj().decompress(rest[:4_000], 4_000)
        except zlib.error:
            continue
        yield "inside", rest


def _pickled(data: bytes) -> tuple[list[str], list[bytes]] | None:
    """Return the strings and blobs of a pickle, read by its opcodes; None if it is none."""
    if not (data[:1] == b"\x80" and data[1:2] in b"\x02\x03\x04\x05") and not (
        data[:1] in b"(cI]}" and data.rstrip().endswith(b".") and b"\n" in data
    ):
        return None
    strings: list[str] = []
    blobs: list[bytes] = []
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if isinstance(argument, str):
                strings.append(argument)
            elif isinstance(argument, bytes | bytearray):
                blobs.append(bytes(argument))
            elif isinstance(argument, int) and opcode.name.startswith(("BININT", "INT", "LONG")):
                strings.append(str(argument))
    except Exception:  # pickletools raises what it likes on what is no pickle
        if data[:1] != b"\x80" or not strings:
            return None
    return strings, blobs


# --- Text ----------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str | None:
    """Return bytes as text if they are text, else None."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except ValueError:
                return None
    zeros = data[:400].count(0)
    if zeros:
        for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
            try:
                text = data.decode(encoding)
            except ValueError:
                continue
            if _printable(text):
                return text
        return None
    try:
        text = data.decode("utf-8")
    except ValueError:
        text = data.decode("cp1252", "replace")
        return text if _printable(text) and _mostly_plain(text) else None
    return text if _printable(text) else None


def _printable(text: str) -> bool:
    return all(
        sign.isprintable() or sign in "\n\r\t\f\v\u202f\u00a0\ufeff\u200b" for sign in set(text)
    )


def _mostly_plain(text: str) -> bool:
    """Tell a text of an older encoding from bytes that merely have no control signs."""
    return sum(sign.isascii() or sign.isalpha() for sign in text) > 0.9 * len(text) and " " in text


def _leaves(text: str) -> Iterator[tuple[str, str]]:
    """Yield the strings of a JSON text with their paths; nothing if it is none."""
    if text.lstrip()[:1] not in ("{", "["):
        return
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    stack: list[tuple[str, object, int]] = [("$", value, 0)]
    while stack:
        path, here, depth = stack.pop()
        if depth > 100:
            continue
        if isinstance(here, dict):
            children = [(f"{path}.{name}", each, depth + 1) for name, each in here.items()]
            stack.extend(reversed(children))
        elif isinstance(here, list):
            if here and all(isinstance(each, str) for each in here):  # lines of a cell
                yield path, "".join(here)
            else:
                if len(here) > 7 and all(type(each) is int and 8 < each < 0x3000 for each in here):
                    spelt = "".join(map(chr, here))  # one code a sign
                    if _printable(spelt):
                        yield path, spelt
                numbered = enumerate(here)
                stack.extend(
                    reversed([(f"{path}[{at}]", each, depth + 1) for at, each in numbered])
                )
        elif isinstance(here, str) and here:
            yield path, here


def _with_step(view: View, step: str) -> View:
    return View(view.text, (*view.steps, step), view.where, view.lines)


def _lines(view: View) -> tuple[list[str], list[int]]:
    rows = view.text.split("\n")
    return rows, list(view.lines) or list(range(1, len(rows) + 1))


_BACKSLASH = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3}))"
)
_SHORT_ESCAPE = re.compile(r"\\(?:[nrt]|(?=[\"'`/\\]))")


def _unescaped(view: View) -> View | None:
    """Return the lines that hold escapes of HTML, URLs, JSON or mail, without them."""
    rows, numbers = _lines(view)
    changed: dict[int, str] = {}
    for at, row in enumerate(rows):
        if not re.search(r"[\\&%=]", row):
            continue
        plain = _SHORT_ESCAPE.sub(" ", _surrogates(_BACKSLASH.sub(_sign, row)))
        plain = html.unescape(plain)
        if re.search(r"%[0-9a-fA-F]{2}", plain):
            plain = urllib.parse.unquote(plain)
        if len(re.findall(r"=[0-9A-F]{2}", plain)) > 1:
            body = quopri.decodestring(plain.encode("utf-8", "replace"))
            plain = body.decode("utf-8", "replace")
        plain = plain.replace("\r", " ").replace("\n", " ")
        if plain != row:
            changed[at] = plain
    return _kept(view, rows, numbers, changed)


def _sign(found: re.Match[str]) -> str:
    wide, four, two, octal = found.groups()
    number = int(octal, 8) if octal else int(wide or four or two, 16)
    return chr(number) if number < 0x110000 else ""


def _surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _kept(view: View, rows: list[str], numbers: list[int], changed: dict[int, str]) -> View | None:
    """Return the lines that changed and those around them: the rest has been read already."""
    if not changed:
        return None
    near = sorted({at + by for at in changed for by in (-1, 0, 1) if 0 <= at + by < len(rows)})
    text = "\n".join(changed.get(at, rows[at]) for at in near)
    return View(text, view.steps, view.where, tuple(numbers[at] for at in near))


_SEAM = re.compile(
    r"""(["'`])[ \t]*[+,.&]?[ \t\r\n]*(?:\#[^\n]*\n|//[^\n]*\n)?[ \t\r\n]*[+,.&]?[ \t]*(["'`])"""
)


def _joined(view: View) -> View | None:
    """Return a text whose neighbouring string literals are one: words cut in pieces."""
    numbers = _lines(view)[1]
    text, seams = _SEAM.subn(lambda found: "\1" + "\0" * found[0].count("\n"), view.text)
    if not seams:
        return None
    rows, firsts, at = text.split("\n"), [], 0
    for row in rows:
        firsts.append(numbers[min(at, len(numbers) - 1)])
        at += 1 + row.count("\0")
    changed = {
        at: row.replace("\0", "").replace("\1", "") for at, row in enumerate(rows) if "\1" in row
    }
    return _kept(view, rows, firsts, changed)


# --- Tokens that stand for other bytes -----------------------------------------------------------


def _base64(token: str) -> bytes:
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        body = body[:-1]
    return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)


def _base32(token: str) -> bytes:
    body = token.rstrip("=")
    return base64.b32decode(body + "=" * (-len(body) % 8), casefold=True)


def _hex(token: str) -> bytes:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", token)
    return bytes.fromhex(digits)


def _numbers(token: str) -> bytes:
    codes = [int(each) for each in re.findall(r"\d+", token)]
    if max(codes) < 256:
        body = bytes(codes)
        if _decoded(body) is not None or not any(body):
            return body
        latin = body.decode("latin-1")
        return latin.encode() if _printable(latin) else body
    return "".join(map(chr, codes)).encode("utf-8", "replace")


def _bits(token: str) -> bytes:
    digits = re.sub(r"[^01]", "", token)
    return bytes(int(digits[at : at + 8], 2) for at in range(0, len(digits) - 7, 8))


def _ascii85(token: str) -> bytes:
    return base64.a85decode(token.removeprefix("<~").removesuffix("~>"))


# The widest alphabets last: what an earlier one reads is not read again.
_TOKENS: list[tuple[str, re.Pattern[str], Callable[[str], bytes]]] = [
    ("bits", re.compile(r"(?:\b[01]{8}\b[\s,]*){4,}|[01]{64,}"), _bits),
    ("numbers", re.compile(r"(?:\b\d{1,5}\s*[,; ]\s*){3,}\d{1,5}\b"), _numbers),
    ("hex", re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s,:;-]+){3,}(?:0x)?[0-9a-fA-F]{2}\b"), _hex),
    ("hex", re.compile(r"(?<![0-9a-zA-Z])(?:[0-9a-fA-F]{2}){4,}(?![0-9a-zA-Z])"), _hex),
    ("base32", re.compile(r"(?<![0-9A-Za-z])[A-Z2-7]{8,}={0,6}(?![0-9A-Za-z])"), _base32),
    ("base64", re.compile(r"[A-Za-z0-9+/]{6,}={0,2}"), _base64),
    ("base64", re.compile(r"[A-Za-z0-9_-]{6,}={0,2}"), _base64),
    ("base85", re.compile(r"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{12,}"), base64.b85decode),
    ("ascii85", re.compile(r"<~[!-uz\s]+~>|[!-u]{16,}"), _ascii85),
]
_WORDLIKE = re.compile(r"[\w .,:;'’\"«»\u202f/()|=>{}\[\]-]+")
_LONG = 24  # signs from which a token may hold something compressed
_AROUND = r"\s*(?:(?:#|//|\*|>|\+)\s+)?[\"'`]?", r"[\"'`]?[,;]?(?:\s+[+\\])?\s*"
_ROW = re.compile(rf"{_AROUND[0]}([^\s\"'`,;]{{16,}}){_AROUND[1]}")
_LAST_ROW = re.compile(rf"{_AROUND[0]}([^\s\"'`,;]+){_AROUND[1]}")


def _untangled(view: View) -> tuple[list[View], list[tuple[bytes, str, str]]]:
    """Return readings in which coded words are replaced, and what is packed in long ones."""
    rows, numbers = _lines(view)
    blobs: list[tuple[bytes, str, str]] = []
    changes: dict[str, dict[int, str]] = {}
    for first, token in _blocks(rows):
        for name, pattern, decode in _TOKENS:
            if pattern.fullmatch(token):
                body = _try(decode, token)
                if body:
                    place = view.where or f":{numbers[first]}"
                    blobs.append((body, name, place))
    for at, row in enumerate(rows):
        if len(row) < 6:
            continue
        for name, pattern, decode in _TOKENS:
            place = view.where or f":{numbers[at]}"

            def put(found: re.Match[str], name=name, decode=decode, place=place) -> str:  # type: ignore[no-untyped-def]
                token = found[0]
                body = _try(decode, token)
                if body is None:
                    return token
                text = _decoded(body)
                if text is not None and (len(token) >= _LONG or _WORDLIKE.fullmatch(text)):
                    return f" {text} ".replace("\n", " ").replace("\r", " ")
                if len(token) >= _LONG and text is None and _promising(body):
                    blobs.append((body, name, place))
                return token

            plain = pattern.sub(put, row)
            if plain != row:
                changes.setdefault(name, {})[at] = plain
    views = [
        _with_step(kept, name)
        for name, changed in changes.items()
        if (kept := _kept(view, rows, numbers, changed)) is not None
    ]
    return views, blobs


def _blocks(rows: list[str]) -> Iterator[tuple[int, str]]:
    """Yield tokens that are written over several lines, with their first line."""
    run: list[str] = []
    for at, row in enumerate([*rows, ""]):
        found = _ROW.fullmatch(row)
        short = _LAST_ROW.fullmatch(row) if run else None
        if found:
            run.append(found[1])
            continue
        if run and short and len(short[1]) < len(run[-1]):
            run.append(short[1])
            at += 1
        if len(run) > 1:
            yield max(at - len(run), 0), "".join(run)
        run = []


def _try(decode: Callable[[str], bytes], token: str) -> bytes | None:
    try:
        return decode(token) or None
    except (ValueError, binascii.Error, OverflowError):
        return None


def _promising(body: bytes) -> bool:
    """Tell bytes in which something may be packed from a long word that merely can be decoded."""
    if len(body) < _SHORTEST_BLOB:
        return False
    if any(opens(body) for _, opens, _ in _CONTAINERS) or _pickled(body) is not None:
        return True
    return next(_embedded(body), None) is not None
