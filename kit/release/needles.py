"""What a key would be known by in a bundle: its sentences, answers, passages and digests."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from kit import packed
from kit.codebook import codebook
from kit.loading import read

RUN = 6  # words in a row that may be of a key's sentence
RUNS = 3  # different runs that tell a sentence: eight words of it, in a row or not
SHORT = 5  # words from which a sentence of a key is known as a whole
_WORD = re.compile(r"[^\W_]+")
_NO_ANSWER = {"id", "clause", "item", "layer", "status", "segment", "task", "schema", "exercise"}
_QUOTES = ("quote", "source", "cue", "content", "via")  # the article's words, which all may read
_SEPARATORS = ("", ":", "|", ",", " ", "/", "-", "=", ";", "_", "::", "\t", "\n", ", ")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is compared, and where it stands in the folded text."""

    word: str
    at: int


def folded(text: str) -> str:
    """Return a text without case and accents; its line ends stay where they are."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words(text: str) -> Words:
    """Return the words of a text as they are compared."""
    return tuple(_WORD.findall(folded(text)))


def tokens(folded_text: str) -> list[Token]:
    """Return the words of a folded text with their places."""
    return [Token(found[0], found.start()) for found in _WORD.finditer(folded_text)]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a key.

    Attributes
    ----------
    entry : str
        Id of the entry, for the report.
    ids : tuple of Words
        What stands for the question: ids of the clause, item and entry.
    quotes : tuple of Words
        The passage, piece by piece.
    right, wrong : tuple of str
        What a right and a wrong answer look like, in words with a blank at both ends.
    span : tuple
        Its ranges in code points; empty where they are public or unknown.
    """

    entry: str
    ids: tuple[Words, ...]
    quotes: tuple[Words, ...]
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    span: tuple[tuple[int, int], ...] = ()
    raw: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # ids and quotes, answers, as written


@dataclass
class KeyNeedles:
    """What the key of one exercise is known by."""

    exercise: str
    answers: list[Answer] = field(default_factory=list)
    passages: dict[Words, str] = field(default_factory=dict)
    sequence: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def digests_like(self, starts: Container[str]) -> Iterator[tuple[str, str]]:
        """Yield the digests of answers that begin with one of these eight signs, and of what."""
        for said, what in self._said():
            for digest in _digests(said):
                if digest[:8] in starts:
                    yield digest, what

    def _said(self) -> Iterator[tuple[bytes, str]]:
        """Yield all the ways in which somebody would write an answer before hashing it."""
        for name, data in self.files.items():
            yield data, name
        for answer in self.answers:
            questions, values = answer.raw
            span = [f"{start}{by}{end}" for start, end in answer.span for by in ("-", ",", ":")]
            for value in values:
                yield value.encode(), f"{answer.entry} = {value}"
            for question in (*questions, *span):
                if question in questions[2:] and len(question) > 3:
                    yield question.encode(), answer.entry  # the passage alone
                for value, by in product(values, _SEPARATORS):
                    for one, other in ((question, value), (value, question)):
                        said = f"{one}{by}{other}"
                        for prefix in ("", f"{self.exercise}{by}", f"{self.exercise}/"):
                            yield (prefix + said).encode(), f"{answer.entry} = {value}"
                for value in values:
                    for shape in ('["{q}", "{v}"]', '["{q}","{v}"]', '{{"{q}": "{v}"}}'):
                        yield shape.format(q=question, v=value).encode(), answer.entry


@dataclass
class Needles:
    """What the keys of several exercises are known by.

    Attributes
    ----------
    sentences : dict
        A run of words to the exercise it comes from, entry and field, and how many runs tell it.
    keys : list of KeyNeedles
        One for each exercise with a key.
    public : set
        Digests that a bundle holds by right.
    without : list of str
        Exercises of which no key was found: only the form of their files can be looked at.
    """

    sentences: dict[Words, tuple[str, str, int]] = field(default_factory=dict)
    keys: list[KeyNeedles] = field(default_factory=list)
    public: set[str] = field(default_factory=set)
    without: list[str] = field(default_factory=list)


def needles_of(exercises: Iterable[Path], keys: Path | None = None) -> Needles:
    """Return what the keys of exercises are known by.

    Parameters
    ----------
    exercises : iterable of Path
        Folders of exercises.
    keys : Path, optional
        Where keys lie that are not beside their exercise: ``<keys>/<id>/key.toml``.
    """
    needles = Needles()
    told = _codebook_words()
    shown: set[Words] = {words(text) for text in told} | set(_all_runs(told))
    secret: list[tuple[Words, tuple[str, str, int]]] = []
    for folder in exercises:
        shown.update(_all_runs(_shown_words(folder, needles.public)))
        place = folder
        if keys and (keys / folder.name / packed.name_in(keys / folder.name)).is_file():
            place = keys / folder.name
        path = place / packed.name_in(place)
        try:
            data = packed.read(path)
            table = tomllib.loads(data.decode("utf-8"))
        except (OSError, ValueError):
            needles.without.append(folder.name)
            continue
        needles.keys.append(_key_needles(folder, place, data, table, shown))
        for where, text in [*_prose(table), *_beside(place), *_beside(folder)]:
            secret += [(run, (folder.name, where, enough)) for run, enough in _runs(text)]
    for run, source in secret:
        if run not in shown:
            needles.sentences.setdefault(run, source)
    return needles


def _key_needles(
    folder: Path, place: Path, data: bytes, table: dict[str, Any], public_words: set[Words]
) -> KeyNeedles:
    key = KeyNeedles(folder.name, files={"key.toml": data})
    for path in [*place.glob("sources.md"), *place.glob("readings/*")]:
        if path.is_file():
            key.files[path.name] = path.read_bytes()
    clauses = {str(each.get("id")): each for each in _asked(folder, "clause")}
    items = {str(each.get("id")): each for each in _asked(folder, "item")}
    spans = _spans(folder, place)
    shown = {words(str(each.get("quote", ""))) for each in [*clauses.values(), *items.values()]}
    shown |= {each for each in public_words if len(each) < SHORT}
    for name, entries in table.items():
        if not isinstance(entries, list):
            continue
        for entry in entries:
            if isinstance(entry, dict):
                public = clauses.get(str(entry.get("clause"))) or items.get(str(entry.get("item")))
                answer = _answer(entry, public or {}, spans)
                if answer.right:
                    key.answers.append(answer)
                if name in ("entry", "attribution") and not public:
                    # "according to" and "she" are no finds: anybody may write them.
                    least = 1 if name == "entry" else 2
                    own = {
                        run
                        for run in answer.quotes
                        if len(run) >= least and len("".join(run)) > 3 and run not in shown
                    }
                    key.passages |= dict.fromkeys(own, answer.entry)
    labels = {str(e.get("clause")): str(e.get("label")) for e in table.get("entry", [])}
    key.sequence = [labels[id] for id in clauses if id in labels]
    return key


def _answer(entry: dict[str, Any], public: dict[str, Any], spans: dict[str, Any]) -> Answer:
    names = [str(entry[name]) for name in ("id", "clause", "item") if name in entry]
    quoted = list(_quotes(entry)) or list(_quotes(public))
    values: list[str] = []
    for name, value in entry.items():
        if name in _NO_ANSWER or name in _QUOTES:
            continue
        several = value if isinstance(value, list) else [value]
        for each in several:
            if isinstance(each, bool):
                values.append(str(each).lower())
            elif isinstance(each, int | float) and name != "occurrence":
                values.append(str(each))
            elif isinstance(each, str) and re.fullmatch(r"[\w.-]+", each):
                values.append(each)
    layer = codebook().layers.get(str(entry.get("layer")))
    known = layer.labels if layer else {}
    right, wrong = [], []
    for value in values:
        right += _forms(value)
        if value in known:
            right += [each for name in known[value].name.values() for each in _forms(name)]
    for id, label in known.items():
        if id not in values:
            wrong += _forms(id) + [each for name in label.name.values() for each in _forms(name)]
    entry_id = names[0] if names else ""
    named = [label.name[lang] for id, label in known.items() if id in values for lang in label.name]
    return Answer(
        entry_id,
        tuple(filter(None, map(words, names))),
        tuple(filter(None, map(words, quoted))),
        tuple(dict.fromkeys(right)),
        tuple(dict.fromkeys(wrong)),
        spans.get(entry_id, ()),
        ((*(names * 2)[:2], *quoted), (*values, *named)),
    )


def _forms(value: str) -> list[str]:
    plain = " ".join(words(value))
    return [f" {plain} "] if plain else []


def _quotes(entry: dict[str, Any]) -> Iterator[str]:
    """Yield the passages of an entry, cut where a gap stands for what lies between."""
    for name in ("quote", "source", "cue", "content"):
        value = entry.get(name)
        value = value.get("quote") if isinstance(value, dict) else value
        for piece in value if isinstance(value, list) else [value]:
            if isinstance(piece, str):
                yield from filter(None, map(str.strip, piece.split(" … ")))


def _spans(folder: Path, place: Path) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return the ranges of what a learner has to find, by entry; none where it cannot be read."""
    exercise, _ = read(folder, key=True if place == folder else place.parent)
    if exercise is None or exercise.key is None:
        return {}
    found = {e.id: e.span for e in exercise.key.entries if not e.clause}
    found |= {each.id: each.place for each in exercise.key.attributions}
    return {id: tuple((start, end) for start, end in span) for id, span in found.items()}


def _asked(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the tables of what a learner may see."""
    try:
        table = tomllib.loads((folder / "exercise.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    found = table.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _shown_words(folder: Path, public: set[str]) -> list[str]:
    """Return what a learner may read of an exercise: text, prompts, clauses, but no comment."""
    texts = [path.read_text("utf-8", "replace") for path in folder.glob("*.txt")]
    try:
        table = tomllib.loads((folder / "exercise.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return texts
    for _, text in _strings(table):
        texts.append(text)
        if re.fullmatch(r"[0-9a-f]{8,}", text):
            public.add(text)
    return texts


def _codebook_words() -> list[str]:
    path = Path(__file__).parents[1] / "codebook.toml"
    return [text for _, text in _strings(tomllib.loads(path.read_text("utf-8")))]


def _prose(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for entries in table.values():
        for entry in entries if isinstance(entries, list) else []:
            name = entry.get("id") or entry.get("item") if isinstance(entry, dict) else ""
            told = {n: v for n, v in entry.items() if n not in _QUOTES} if name else entry
            for path, text in _strings(told):
                yield ", ".join(filter(None, (str(name), path))), text


def _beside(place: Path) -> Iterator[tuple[str, str]]:
    """Yield what lies beside a key and tells of it: the source sheet with its slips on purpose."""
    path = place / "sources.md"
    if path.is_file():
        for number, line in enumerate(path.read_text("utf-8", "replace").split("\n"), start=1):
            yield f"sources.md, {number}", line


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _strings(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, path)


def _runs(text: str) -> Iterator[tuple[Words, int]]:
    """Yield the runs of words by which a sentence is known, and how many of them tell it."""
    found = words(text)
    if SHORT <= len(found) <= RUN:
        yield found, 1
    for at in range(len(found) - RUN + 1 if len(found) > RUN else 0):
        yield found[at : at + RUN], min(RUNS, len(found) - RUN + 1)


def _all_runs(texts: Iterable[str]) -> Iterator[Words]:
    """Yield all runs of texts that everybody may read."""
    for text in texts:
        found = words(text)
        for length in range(SHORT, RUN + 1):
            for at in range(len(found) - length + 1):
                yield found[at : at + length]


_ALGORITHMS = (
    partial(hashlib.md5, usedforsecurity=False),
    partial(hashlib.sha1, usedforsecurity=False),
    hashlib.sha224,
    hashlib.sha256,
    hashlib.sha384,
    hashlib.sha512,
    hashlib.sha3_256,
    hashlib.blake2b,
    hashlib.blake2s,
)


def _digests(said: bytes) -> Iterator[str]:
    for algorithm in _ALGORITHMS:
        yield algorithm(said).hexdigest()
    yield f"{zlib.crc32(said):08x}"
