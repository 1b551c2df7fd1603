"""The leak check: looks for a key in every file of a bundle, in every way a file can be read."""

from __future__ import annotations

import base64
import json
import re
import stat
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from kit import exam, packed
from kit.codebook import codebook
from kit.errors import KitError, Mistake
from kit.release.needles import (
    RUN,
    SHORT,
    Answer,
    KeyNeedles,
    Needles,
    Token,
    Words,
    folded,
    tokens,
    words,
)
from kit.release.unfold import MOST_OF_ONE, Unfolding, View

SMALL = 300  # signs of a file that may be one entry of a table spread over files
NAMES = "*"  # stands for the names of all files

Finds = dict[str, dict[str, int]]  # exercise -> entry of its key -> where in the text

# What has no place in a bundle, whatever it holds: (code, is it there).
_CACHES = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
_KEYS = {"key", "keys", "cle", "clef", "cles", "corrige", "corriges", "solution", "solutions"} | {
    "answer_key",
    "answers",
}
_RESULTS = {"gradebook.csv", "results.jsonl", "problems.csv", "talk.csv"}
_METADATA = {"jupyter", "tags", "editable", "deletable", "kernelspec", "language_info", "lang"} | {
    "slideshow",
    "title",
}


@dataclass(frozen=True, slots=True)
class Leak:
    """One place of a bundle where a key could be read, or that cannot be looked into.

    Attributes
    ----------
    file : str
        Path in the bundle.
    place : str
        ``:12`` for a line, ``$.cells[3]`` for a path in JSON, an entry of an archive; or nothing.
    code : str
        What it is; its words are under ``release.leak.<code>``.
    what : str
        What was found: an entry of the key, a name.
    steps : tuple of str
        How it was read: ``("base64", "gzip")``.
    count : int
        How many of this kind the file holds.
    """

    file: str
    place: str
    code: str
    what: str = ""
    steps: tuple[str, ...] = ()
    count: int = 1


def check(bundle: Path, needles: Needles, *, is_exam: bool = False) -> list[Leak]:
    """Return every place of a bundle where a key could be read.

    Parameters
    ----------
    bundle : Path
        A folder, a zip, a tar archive or one file.
    needles : Needles
        What the keys are known by.
    is_exam : bool
        Allow no packed key either; True for a bundle that says it is an exam.

    Raises
    ------
    KitError
        If there is no such file.
    """
    files: list[tuple[str, bytes]] = []
    found: list[Leak] = []
    try:
        for name, data in _files(bundle):
            if isinstance(data, str):
                found.append(Leak(name, "", data, name))
            else:
                files.append((name, data))
    except OSError as error:
        raise KitError(Mistake("bundle_unreadable", str(bundle))) from error
    is_exam = is_exam or any(PurePosixPath(name).name == exam.NAME for name, _ in files)
    named: set[tuple[str, str]] = set()
    unfolding = Unfolding()
    content: list[tuple[str, bytes]] = []
    for name, data in files:
        code, top = _misplaced(name, data, is_exam=is_exam)
        if code:
            if (code, top) not in named:
                found.append(Leak(top, "", code, PurePosixPath(name).name))
            named.add((code, top))
        elif not _is_packed(name, data):
            content.append((name, data))
    looking = _Looking(needles)
    for name, data in content:
        if name.endswith(".ipynb"):
            found += _in_notebook(name, data)
        for view in unfolding.file(data):
            looking.at(name, view)
        found += _closed(name, unfolding)
        found += looking.done(name)
    pool = "\n".join(f"{name} {_short(data)}" for name, data in content)
    for view in unfolding.words(pool):
        looking.at(NAMES, view)
    found += [each for each in looking.done(NAMES) if not _known(each, found)]
    parts = [PurePosixPath(name).parts for name, _ in content]
    found += looking.digested({each[-2] for each in parts if each[-3:-2] == ("exercises",)})
    return sorted(found, key=lambda each: (each.file, each.code, each.place))


# --- What is in a bundle -------------------------------------------------------------------------


def _files(bundle: Path) -> Iterator[tuple[str, bytes | str]]:
    """Yield each file with its bytes, or with the code of why it was not opened."""
    if bundle.is_dir():
        for path in sorted(bundle.rglob("*")):
            name = path.relative_to(bundle).as_posix()
            if path.is_symlink():
                yield name, "link"
            elif path.is_file():
                yield name, path.read_bytes() if path.stat().st_size <= MOST_OF_ONE else "too_big"
            elif not path.is_dir():
                yield name, "opaque"
    elif zipfile.is_zipfile(bundle):
        yield from _zipped(bundle)
    elif bundle.is_file() and _is_tar(bundle):
        with tarfile.open(bundle) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file:
                    data = file.read(MOST_OF_ONE + 1)
                    yield member.name, data if len(data) <= MOST_OF_ONE else "too_big"
                elif not member.isdir():
                    yield member.name, "link"
    else:
        yield bundle.name, bundle.read_bytes()


def _zipped(bundle: Path) -> Iterator[tuple[str, bytes | str]]:
    try:
        with zipfile.ZipFile(bundle) as archive:
            if archive.comment:
                yield f"{bundle.name} (zip)", archive.comment
            for entry in archive.infolist():
                if entry.comment or entry.extra:
                    yield f"{entry.filename} (zip)", entry.comment + b"\n" + entry.extra
                if entry.is_dir():
                    continue
                if stat.S_ISLNK(entry.external_attr >> 16):
                    yield entry.filename, "link"
                elif entry.flag_bits & 1:
                    yield entry.filename, "encrypted"
                else:
                    with archive.open(entry) as file:
                        data = file.read(MOST_OF_ONE + 1)
                    yield entry.filename, data if len(data) <= MOST_OF_ONE else "too_big"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        yield bundle.name, "opaque"


def _is_tar(bundle: Path) -> bool:
    try:
        return tarfile.is_tarfile(bundle)
    except OSError:
        return False


def _short(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\n", " ") if len(data) <= SMALL else ""


def _is_packed(name: str, data: bytes) -> bool:
    """Tell a packed key at its place; `_misplaced` has refused it in an exam."""
    parts = PurePosixPath(name).parts
    if parts[-1] != packed.NAME or parts[-3:-2] != ("exercises",):
        return False
    try:
        packed.unpack(data)
    except packed.Damaged:
        return False
    return True


def _misplaced(name: str, data: bytes, *, is_exam: bool) -> tuple[str, str]:
    """Return the code of what has no place in a bundle, and the file or folder to take out."""
    parts = PurePosixPath(name).parts
    last = parts[-1]
    stem, suffix = PurePosixPath(folded(last)).stem, PurePosixPath(last).suffix.lower()
    for at, part in enumerate(parts):
        top = "/".join(parts[: at + 1])
        if part in (".git", ".hg", ".svn", ".bzr"):
            return "history", top
        if part in _CACHES:
            return "cache", top
        if part in ("reponses", "remis"):
            return "log", top
        if part == "readings":
            return "readings", top
        if part == "supplied":
            return "supplied", top
    if suffix in (".pyc", ".pyo"):
        return "cache", name
    if suffix in (".orig", ".rej", ".bak", ".patch", ".diff", ".swp") or last.endswith("~"):
        return "history", name
    if last == packed.NAME and is_exam:
        return "packed", name
    if last == "sources.md":
        return "sources", name
    if last in _RESULTS or last.endswith(".truth.json"):
        return "results", name
    if suffix == ".jsonl" or len(re.findall(rb'"do"\s*:\s*"(?:set|check|hand_in)"', data)) > 1:
        return "log", name
    if stem in _KEYS and last != packed.NAME and data.strip():
        return "key", name
    return "", ""


def _in_notebook(name: str, data: bytes) -> Iterator[Leak]:
    """Yield what a notebook keeps besides its cells: outputs, attachments, metadata."""
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        tables = [("$.metadata", notebook.get("metadata", {}))]
        tables += [(f"$.cells[{at}].metadata", each["metadata"]) for at, each in enumerate(cells)]
        extra = {each: value for each, value in notebook.items() if each not in _NOTEBOOK}
        tables.append(("$", extra))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Leak(name, "", "opaque", name)
        return
    for at, cell in enumerate(cells):
        for part, code in (("outputs", "output"), ("attachments", "attachment")):
            if cell.get(part):
                yield Leak(name, f"$.cells[{at}].{part}", code)
    for path, table in tables:
        for each in table if isinstance(table, dict) else ():
            if each not in _METADATA:
                yield Leak(name, f"{path}.{each}", "metadata", str(each))


_NOTEBOOK = {"cells", "metadata", "nbformat", "nbformat_minor"}


def _closed(name: str, unfolding: Unfolding) -> list[Leak]:
    found = [Leak(name, where, code, name, steps) for code, steps, where in unfolding.closed]
    unfolding.closed.clear()
    return list({each.code: each for each in reversed(found)}.values())


def _known(leak: Leak, found: list[Leak]) -> bool:
    """Whether what the small files show together is told of one of them already."""
    return any(each.code == leak.code for each in found)


# --- What tells the answers ----------------------------------------------------------------------

_NEAR = 4  # words between a question and its answer
_ENOUGH = 3  # answers that make a table
_SOME_LABELS = 3  # different labels in a row of answers, or it is no key but one word repeated
_ROW_OF_LABELS, _ROW_OF_SIGNS = 8, 12
_FULL = (12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 96, 128)  # signs of a digest, whole or cut
_TABLE_OF_DIGESTS = 5
_LONG_SUM = 16  # signs from which a single digest is looked up; a shorter one may be a colour
_HEX = re.compile(r"(?<![0-9a-zA-Z])[0-9a-fA-F]{8,128}(?![0-9a-zA-Z])")
_SUM64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{22,88}={0,2}")
_LITERALS = (
    re.compile(r'"((?:[^"\\\n]|\\.)+)"|\'([^\'\n]+)\'|`([^`\n]+)`'),
    re.compile(r"<(?:mark|b|strong|em|i|u)\b[^>]*>(.+?)</|\*\*(.+?)\*\*|__(.+?)__"),
    re.compile(r"^[\s*•>-]*(.+?)[\s,;.]*$", re.MULTILINE),
    re.compile(r"(?:^|[;|\t])([^;|\t\n]+)", re.MULTILINE),
)


class _Looking:
    """Looks at the readings of one file after the other; tells each kind of find once a file."""

    def __init__(self, needles: Needles) -> None:
        self.needles = needles
        self.signs = Signs(needles)
        self._found: dict[tuple[str, str], Leak] = {}
        self._counts: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._sums: dict[str, tuple[str, View, int]] = {}
        self._rows: dict[int, dict[str, tuple[View, int]]] = defaultdict(dict)

    def at(self, file: str, view: View) -> None:
        """Look at one reading of a file."""
        plain = replace(view, text=folded(view.text))
        row = tokens(plain.text)
        said = [each.word for each in row]
        finds: list[tuple[str, Finds]] = [
            ("sentence", self._sentences(row, said)),
            ("spans", self._spans(row, said)),
            ("passages", self._passages(plain.text)),
            ("sequence", self._sequences(plain.text, row)),
        ]
        labelled, answers = self._answers(row, said)
        for code, found in (*finds, ("labelled", labelled), ("answers", answers)):
            for exercise, entries in found.items():
                for entry, at in entries.items():
                    self._tell(file, plain, at, code, exercise, entry)
        self._digests(file, view)

    def done(self, file: str) -> list[Leak]:
        """Return what was found in a file, and forget it."""
        told = [replace(leak, count=len(self._counts[at]) or 1) for at, leak in self._found.items()]
        for length, row in self._rows.items():
            if length in _FULL and len(row) >= _TABLE_OF_DIGESTS:
                first = next(iter(row.values()))
                told.append(_leak(file, *first, "digests", f"{length}", len(row)))
            if length >= _LONG_SUM or len(row) >= _ENOUGH:
                for each, (view, at) in row.items():
                    self._sums.setdefault(each, (file, view, at))
        for table in (self._found, self._counts, self._rows):
            table.clear()
        return told

    def digested(self, exercises: Collection[str]) -> list[Leak]:
        """Return the digests of answers in all files: reckoned once, for those that are there."""
        by_start = defaultdict(list)
        for each in self._sums:
            by_start[each[:8]].append(each)
        told: dict[str, Leak] = {}
        for key in self.needles.keys if by_start else []:
            if exercises and key.exercise not in exercises:
                continue  # reckoning takes a second or two for each
            for digest, what in key.digests_like(by_start):
                for said in by_start[digest[:8]]:
                    if digest.startswith(said):
                        file, view, at = self._sums[said]
                        before = told.get(file)
                        leak = _leak(file, view, at, "digest", f"{key.exercise}, {what}")
                        told[file] = replace(before, count=before.count + 1) if before else leak
        return list(told.values())

    def _tell(self, file: str, view: View, at: int, code: str, exercise: str, entry: str) -> None:
        name = (code, exercise)
        self._counts[name].add(entry)
        if name not in self._found:
            what = ", ".join(filter(None, (exercise, entry)))
            self._found[name] = _leak(file, view, at, code, what)

    def _sentences(self, row: list[Token], said: list[str]) -> Finds:
        """Look for sentences: all of a short one, several runs of words of a longer one."""
        known = self.needles.sentences
        runs: dict[tuple[str, str, int], dict[Words, int]] = defaultdict(dict)
        found: Finds = defaultdict(dict)
        for length in (SHORT, RUN):
            for at in range(len(said) - length + 1):
                if (run := tuple(said[at : at + length])) in known:
                    runs[known[run]].setdefault(run, row[at].at)
        for (exercise, where, enough), places in runs.items():
            if len(places) >= enough:
                found[exercise][where] = min(places.values())
        return found

    def _answers(self, row: list[Token], said: list[str]) -> tuple[Finds, Finds]:
        """Look for questions (passages, ids) with the right answer beside them."""
        right: tuple[Finds, Finds] = (defaultdict(dict), defaultdict(dict))
        wrong: dict[str, set[str]] = defaultdict(set)
        sure = set()
        for at, token in enumerate(row):
            for needle, answer, is_id, exercise in self.signs.firsts.get(token.word, ()):
                end = at + len(needle)
                if tuple(said[at:end]) != needle:
                    continue
                after = f" {' '.join(said[end : end + _NEAR + 1])} "
                before = f" {' '.join(said[max(at - _NEAR, 0) : at])} "
                hits = [form for form in answer.right if form in after or form in before]
                if hits:
                    right[is_id][exercise].setdefault(answer.entry, token.at)
                    if not is_id and len(needle) > 2 and any(" " in hit.strip() for hit in hits):
                        sure.add(exercise)
                elif any(form in after for form in answer.wrong):
                    wrong[exercise].add(answer.entry)
        for found in right:
            for exercise in list(found):
                enough = 1 if exercise in sure and found is right[0] else _ENOUGH
                enough = min(enough, self.signs.count[exercise])
                if not max(enough - 1, len(wrong[exercise])) < len(found[exercise]):
                    del found[exercise]
        return right

    def _spans(self, row: list[Token], said: list[str]) -> Finds:
        """Look for where passages lie, as pairs of numbers."""
        found: Finds = defaultdict(dict)
        for at, token in enumerate(row):
            for end, exercise, entry in self.signs.starts.get(token.word, ()):
                if end in said[at + 1 : at + 3]:
                    found[exercise].setdefault(entry, token.at)
        return {exercise: each for exercise, each in found.items() if len(each) > _ENOUGH}

    def _sequences(self, text: str, row: list[Token]) -> Finds:
        """Look for the answers in the order of the questions: labels, their letters or numbers."""
        found: Finds = defaultdict(dict)
        run, last = "", -_NEAR
        for at, token in enumerate(row):
            letter = self.signs.letters.get(token.word)
            if letter is None:
                continue
            run = run[1 - _ROW_OF_LABELS :] + letter if at - last <= _NEAR else letter
            last = at
            if exercise := self.signs.rows.get(run):
                found[exercise].setdefault("", token.at)
        at = 0
        for line in text.split("\n"):
            bare = re.sub(r"[^a-z0-9]", "", line) if len(line) >= _ROW_OF_SIGNS else ""
            for begin in range(len(bare) - _ROW_OF_SIGNS + 1):
                if exercise := self.signs.codes.get(bare[begin : begin + _ROW_OF_SIGNS]):
                    found[exercise].setdefault("", at)
            at += len(line) + 1
        return found

    def _passages(self, text: str) -> Finds:
        """Look for passages that stand on their own: what a learner has to find, found."""
        found: Finds = defaultdict(dict)
        literals = (each for pattern in _LITERALS for each in pattern.finditer(text))
        for literal in literals:
            for said in literal.groups():
                if said and len(said) < SMALL:
                    for exercise, entry in self.signs.passages.get(words(said), ()):
                        found[exercise].setdefault(entry, literal.start())
        return {exercise: each for exercise, each in found.items() if len(each) >= _ENOUGH}

    def _digests(self, file: str, view: View) -> None:
        """Note what may be the digest of an answer."""
        if {"rot13", "reversed", "pieces"} & set(view.steps):
            return
        found = [(each[0].lower(), each.start()) for each in _HEX.finditer(view.text)]
        for each in _SUM64.finditer(view.text):
            if body := _unfolded64(each[0]):
                found.append((body, each.start()))
        for said, at in found:
            if said not in self.needles.public and re.search(r"\d.*[a-f]|[a-f].*\d", said):
                self._rows[len(said)].setdefault(said, (view, at))


class Signs:
    """The needles of all keys, sorted so that a text is gone through once.

    Parameters
    ----------
    needles : Needles
        What the keys are known by.
    """

    def __init__(self, needles: Needles) -> None:
        self.firsts: dict[str, list[tuple[Words, Answer, bool, str]]] = defaultdict(list)
        self.starts: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self.passages: dict[Words, list[tuple[str, str]]] = defaultdict(list)
        self.rows: dict[str, str] = {}
        self.codes: dict[str, str] = {}
        self.count = {key.exercise: max(len(key.answers), 1) for key in needles.keys}
        self._labels = codebook().layers["claim"].labels
        self.letters = {
            words(name)[-1]: "abcdefghij"[at]
            for at, label in enumerate(self._labels.values())
            for name in (label.id, *label.name.values())
        }
        for key in needles.keys:
            self._add(key)

    def _add(self, key: KeyNeedles) -> None:
        for answer in key.answers:
            for given, is_id in ((answer.ids, True), (answer.quotes, False)):
                for needle in given:
                    self.firsts[needle[0]].append((needle, answer, is_id, key.exercise))
            for start, end in answer.span[:1]:
                self.starts[str(start)].append((str(end), key.exercise, answer.entry))
        for said, entry in key.passages.items():
            self.passages[said].append((key.exercise, entry))
        if not set(key.sequence) <= set(self._labels):
            return
        row = "".join(self.letters[words(each)[-1]] for each in key.sequence)
        self.rows |= dict.fromkeys(_windows(row, _ROW_OF_LABELS), key.exercise)
        for code in self._in_signs():
            row = "".join(map(code, key.sequence))
            self.codes |= dict.fromkeys(_windows(row, _ROW_OF_SIGNS), key.exercise)

    def _in_signs(self) -> list[Callable[[str], str]]:
        """Return the ways to write a label as one sign: first letters, numbers from 0 or 1."""
        known, ids = self._labels, list(self._labels)
        return [
            lambda label: label[0],
            lambda label: folded(known[label].name["fr"])[0],
            lambda label: folded(known[label].tag)[0],
            lambda label: str(ids.index(label)),
            lambda label: str(ids.index(label) + 1),
            lambda label: "abcdefghij"[ids.index(label)],
        ]


def _windows(row: str, length: int) -> Iterator[str]:
    for at in range(len(row) - length + 1):
        window = row[at : at + length]
        if len(set(window)) >= _SOME_LABELS:
            yield window


def _leak(file: str, view: View, at: int, code: str, what: str, count: int = 1) -> Leak:
    return Leak(file, view.where or f":{view.line(at)}", code, what, view.steps, count)


def _unfolded64(token: str) -> str:
    """Return a digest in base 64 as hexadecimal; empty for what is none."""
    body = token.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) not in (22, 27, 38, 43, 64, 86):
        return ""
    if not all(re.search(each, body) for each in (r"\d", r"[a-z]", r"[A-Z]")):
        return ""
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4)).hex()
    except ValueError:
        return ""


def as_data(leaks: list[Leak]) -> list[dict[str, Any]]:
    """Return leaks as plain data for a program."""
    names = Leak.__slots__
    return [{name: getattr(leak, name) for name in names} for leak in leaks]
