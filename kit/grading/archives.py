"""A zip, read entry by entry with counted bytes: nothing is unpacked, no link is followed."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kit.grading.strict import MOST_BYTES

MOST_ENTRIES = 200_000
MOST_DIRECTORY = 32_000_000  # bytes of the list of entries, which is read at once
MOST_RATIO = 100  # a log of a learner shrinks to a tenth or so
_SMALL = 1_000_000  # below this a high ratio harms nobody
_STEP = 1 << 16
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others can ask for gigabytes at once
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    struct.error,
    OverflowError,
)


class Refusal(Exception):
    """A zip, or an entry, that is not read; ``reason`` is the code of why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a zip: its name in parts, and its bytes or the code of why not.

    ``twin`` numbers entries of one name: 1 for the second of them.
    """

    parts: tuple[str, ...]
    data: bytes | None
    reason: str = ""
    twin: int = 0


def entries(path: Path, refused: Callable[[tuple[str, ...]], str]) -> Iterator[Entry]:
    """Yield the files of a zip, ordered by name.

    Parameters
    ----------
    path : Path
        The zip.
    refused : callable
        Says by its name why an entry is not to be opened, or "".

    Raises
    ------
    Refusal
        ``damaged`` or ``too_many_files``: then it yields nothing.
    """
    try:
        if _directory_size(path) > MOST_DIRECTORY:
            raise Refusal("too_many_files")
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise Refusal("damaged") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MOST_ENTRIES:
            raise Refusal("too_many_files")
        overlapping = _overlapping(infos)
        seen: dict[str, int] = {}
        for info in sorted(infos, key=lambda info: info.filename):
            name = _name(info)
            twin = seen[name] = seen.get(name, -1) + 1
            reason = _refusal(info, name) or ("damaged" if id(info) in overlapping else "")
            parts = _parts(name, reason)
            reason = reason or refused(parts)
            data = None
            if not reason:
                try:
                    data = _read(archive, info)
                except Refusal as refusal:
                    reason = refusal.reason
                except _DAMAGE:
                    reason = "damaged"
            yield Entry(parts, data, reason, twin)


def _directory_size(path: Path) -> int:
    """Size of the list of entries, from the record at the end: known before it is read."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        start = max(end - 0xFFFF - 22, 0)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            raise Refusal("damaged")
        size: int = struct.unpack_from("<L", tail, at + 12)[0]
        if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":  # a larger record lies before
            file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
            record = file.read(56)
            if record[:4] == b"PK\x06\x06" and len(record) == 56:
                size = max(size, struct.unpack_from("<Q", record, 40)[0])
        return size


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: some programs write UTF-8 and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF_8:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = PurePosixPath(name).parts
    if "\0" in name or "\\" in name or ":" in name[:2] or name.startswith("/") or ".." in parts:
        return "bad_name"
    if stat.S_ISLNK(kind):
        return "link"
    if kind and not stat.S_ISREG(kind):
        return "special"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    if info.compress_type not in _METHODS:
        return "damaged"
    return "too_big" if info.file_size > MOST_BYTES else ""


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read an entry as far as is allowed: what its header says of its size is not believed."""
    pieces = []
    count = 0
    with archive.open(info) as file:
        while piece := file.read(_STEP):
            count += len(piece)
            if count > MOST_BYTES:
                raise Refusal("too_big")
            if count > max(MOST_RATIO * info.compress_size, _SMALL):
                raise Refusal("bomb")
            pieces.append(piece)
    return b"".join(pieces)


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Entries that share bytes with another: a bomb, or damage."""
    found = set()
    last: zipfile.ZipInfo | None = None
    for info in sorted(infos, key=lambda info: info.header_offset):
        if last and info.header_offset < last.header_offset + 30 + last.compress_size:
            found |= {id(info), id(last)}
        if not last or info.header_offset + info.compress_size > last.header_offset + (
            last.compress_size
        ):
            last = info
    return found


def _parts(name: str, reason: str) -> tuple[str, ...]:
    """Cut a name at its slashes; an unsafe one stays whole, it is only ever shown."""
    if reason == "bad_name":
        return (name,)
    return PurePosixPath(name).parts or (name,)
