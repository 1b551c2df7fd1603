"""The leak check: every planted leak is refused with its place, an honest bundle passes."""

import base64
import bz2
import codecs
import gzip
import hashlib
import io
import json
import lzma
import pickle
import re
import shutil
import tarfile
import time
import tomllib
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest

from kit import cli, course, exam, packed
from kit.codebook import codebook
from kit.messages import say
from kit.release import bundle
from kit.release.leaks import Leak, check
from kit.release.needles import needles_of
from kit.release.wording import told

FOLDER = course.CLONE / "exercises" / "e1"
KEY = (FOLDER / "key.toml").read_bytes()
TABLE = tomllib.loads(KEY.decode())
CLAIMS = {each["clause"]: each["label"] for each in TABLE["entry"] if "clause" in each}
DEVICES = [e for e in TABLE["entry"] if e["layer"] == "bias" and "label" in e]
WHY = TABLE["entry"][3]["why"]["fr"]
HINT = TABLE["entry"][6]["hint"]["en"]
FRENCH = codebook().layers["bias"].labels
LABELS = ["fact", "reported", "interpretation", "opinion", "prediction"]
TEXT = (FOLDER / "article.fr.txt").read_text("utf-8")


@pytest.fixture(scope="session")
def needles():
    """What the keys of the course are known by."""
    return needles_of(course.exercises())


@pytest.fixture(scope="session")
def honest(tmp_path_factory):
    """An exam as it is released."""
    to = tmp_path_factory.mktemp("release") / "epreuve"
    assert bundle.release(bundle.Plan(to, is_exam=True, seed=7)).leaks == []
    return to


@pytest.fixture
def bare(tmp_path):
    """A small part of an exam, to plant leaks in."""
    folder = tmp_path / "epreuve"
    for name in ("exercise.toml", "article.fr.txt"):
        (folder / "exercises" / "e1").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FOLDER / name, folder / "exercises" / "e1" / name)
    (folder / "exam.toml").write_text('schema = 1\nvariants = ["e1"]\n', "utf-8")
    (folder / "page.js").write_text("export const page = 1;\n", "utf-8")
    return folder


def b64(data):
    return base64.b64encode(data).decode()


def notebook(**changes):
    """A notebook of two cells, with a change in the second."""
    cell = {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "source": ["1"]}
    first = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Titre"]}
    cells = [first, {"execution_count": None} | cell | changes]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(**files):
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return room.getvalue()


def tarred(name, data):
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w:xz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return room.getvalue()


def log():
    """What the author's own try leaves."""
    lines = [
        {"id": str(at), "do": "set", "task": "claims", "item": item, "value": label}
        for at, (item, label) in enumerate(CLAIMS.items())
    ]
    return "\n".join(map(json.dumps, lines)).encode()


def digests(algorithm, salt=""):
    table = {
        item: hashlib.new(algorithm, f"{salt}{item}:{label}".encode()).hexdigest()
        for item, label in CLAIMS.items()
    }
    return json.dumps(table).encode()


def spans():
    """Where the devices lie, without labels."""
    found = []
    for each in DEVICES:
        start = TEXT.find(each["quote"]) if isinstance(each["quote"], str) else -1
        found += [[start, start + len(each["quote"])]] if start >= 0 else []
    return json.dumps(found).encode()


def by_lines(text, width=60):
    return "\n".join(text[at : at + width] for at in range(0, len(text), width)).encode()


def in_pieces(text):
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    return ("const a = " + " +\n  ".join(map(json.dumps, pieces)) + ";").encode()


MARKED = "\n".join(f"<p>… <mark>{each['quote']}</mark> …</p>" for each in DEVICES).encode()
PAIRS = "\n".join(f"{each['quote']} ; {each['label']}" for each in DEVICES).encode()
ROW = json.dumps(list(CLAIMS.values())).encode()
NUMBERS = "".join(str(LABELS.index(each) + 1) for each in CLAIMS.values()).encode()

# Where it is planted, what, and by which code it is told.
PLANTED = {
    "clear": ("exercises/e1/key.toml", KEY, "key"),
    "clear, under another name": ("exercises/e1/notes.txt", KEY, "sentence"),
    "one sentence of it": ("kit/messages/fr/x.toml", f'x = "{WHY}"\n'.encode(), "sentence"),
    "half a sentence, without accents": (
        "a.txt",
        " ".join(WHY.upper().replace("É", "E").split()[:11]).encode(),
        "sentence",
    ),
    "base64": ("page.js", f'const k = "{b64(KEY)}";'.encode(), "sentence"),
    "base64 over lines": ("a.txt", by_lines(b64(KEY)), "sentence"),
    "base64 for addresses": ("a.txt", base64.urlsafe_b64encode(KEY), "sentence"),
    "base64 in base64": ("a.txt", base64.b64encode(base64.b64encode(KEY)), "sentence"),
    "zlib": ("data.bin", zlib.compress(KEY), "sentence"),
    "zlib behind other bytes": ("data.bin", b"\xff\x00KIT\x01" + zlib.compress(KEY), "sentence"),
    "bare deflate in base64": ("a.txt", b64(zlib.compress(KEY)[2:-4]).encode(), "sentence"),
    "gzip": ("data.gz", gzip.compress(KEY), "sentence"),
    "gzip inside base64": ("page.js", f"let k='{b64(gzip.compress(KEY))}'".encode(), "sentence"),
    "zlib inside base85": ("a.txt", base64.b85encode(zlib.compress(KEY)), "sentence"),
    "zlib inside hexadecimal": ("a.txt", zlib.compress(KEY).hex().encode(), "sentence"),
    "bzip2": ("a.bz2", bz2.compress(KEY), "sentence"),
    "xz": ("a.xz", lzma.compress(KEY), "sentence"),
    "tar": ("a.tar.xz", tarred("x", KEY), "sentence"),
    "zip in zip": ("a.zip", zipped(b=zipped(c=KEY)), "sentence"),
    "base32": ("a.txt", base64.b32encode(HINT.encode()), "sentence"),
    "base85": ("a.txt", base64.b85encode(HINT.encode()), "sentence"),
    "ascii85": ("a.txt", base64.a85encode(HINT.encode(), adobe=True), "sentence"),
    "hexadecimal": ("a.txt", HINT.encode().hex(" ").encode(), "sentence"),
    "codes of signs": ("page.js", f"f({', '.join(str(ord(c)) for c in WHY)})".encode(), "sentence"),
    "codes of signs in JSON": (
        "a.json",
        json.dumps([*map(ord, WHY)], indent=1).encode(),
        "sentence",
    ),
    "bits": ("a.txt", " ".join(f"{c:08b}" for c in HINT.encode()).encode(), "sentence"),
    "JSON escapes": ("a.txt", "".join(f"\\u{ord(c):04x}" for c in WHY).encode(), "sentence"),
    "HTML entities": ("a.html", "".join(f"&#{ord(c)};" for c in WHY).encode(), "sentence"),
    "an address": ("a.txt", "".join(f"%{c:02X}" for c in WHY.encode()).encode(), "sentence"),
    "mail": ("a.txt", codecs.encode(WHY.encode(), "quopri"), "sentence"),
    "UTF-16": ("a.txt", WHY.encode("utf-16"), "sentence"),
    "UTF-16 without its mark": ("a.txt", WHY.encode("utf-16-le"), "sentence"),
    "an older encoding": ("a.txt", WHY.encode("cp1252", "replace"), "sentence"),
    "rot13": ("a.txt", codecs.encode(HINT, "rot13").encode(), "sentence"),
    "backwards": ("a.txt", WHY[::-1].encode(), "sentence"),
    "JavaScript, in pieces": ("page.js", in_pieces(WHY), "sentence"),
    "JavaScript, a comment": ("page.js", f"/* {WHY} */".encode(), "sentence"),
    "an HTML comment": ("a.html", f"<p>Bonjour</p><!-- {WHY} -->".encode(), "sentence"),
    "a comment in the exercise": (
        "exercises/e1/exercise.toml",
        (FOLDER / "exercise.toml").read_bytes() + f"# {WHY}\n".encode(),
        "sentence",
    ),
    "an error text": ("kit/messages/en/y.toml", f'found = "not: {HINT}"'.encode(), "sentence"),
    "metadata of a cell": ("a.ipynb", notebook(metadata={"solution": WHY}), "metadata"),
    "metadata of a cell, by its words": ("a.ipynb", notebook(metadata={"tags": [WHY]}), "sentence"),
    "an output": ("a.ipynb", notebook(outputs=[{"output_type": "stream", "text": "x"}]), "output"),
    "an attachment": (
        "a.ipynb",
        notebook(attachments={"a.txt": {"text/plain": b64(KEY)}}),
        "attachment",
    ),
    "history": (".git/objects/ab/cdef", zlib.compress(b"blob 9\0" + KEY), "history"),
    "an earlier version": ("exercises/e1/exercise.toml.orig", b"x", "history"),
    "a compiled module": ("kit/__pycache__/x.cpython-311.pyc", b"\xa7\r\r\n", "cache"),
    "a checkpoint": ("notebooks/.ipynb_checkpoints/a.ipynb", notebook(), "cache"),
    "the author's own try": ("essai.jsonl", log(), "log"),
    "the author's own try, under another name": ("essai.txt", log(), "log"),
    "the author's answers": ("reponses/auteur/e1.jsonl", log(), "log"),
    "readings": ("exercises/e1/readings/1.json", b"{}", "readings"),
    "the source sheet": ("exercises/e1/sources.md", b"# x", "sources"),
    "the source sheet, under another name": (
        "a.md",
        (FOLDER / "sources.md").read_bytes(),
        "sentence",
    ),
    "a reading, under another name": (
        "a.json",
        (FOLDER / "readings" / "1.json").read_bytes(),
        "labelled",
    ),
    "a pickled object": ("a.pkl", pickle.dumps({"a": KEY}), "pickle"),
    "a pickled object, by its words": ("a.bin", pickle.dumps(zlib.compress(KEY)), "sentence"),
    "an old pickle": ("a.bin", pickle.dumps([WHY], 0), "sentence"),
    "a table of answers": ("a.json", json.dumps(CLAIMS).encode(), "answers"),
    "a table of answers in base64": (
        "a.json",
        json.dumps({item: b64(label.encode()) for item, label in CLAIMS.items()}).encode(),
        "answers",
    ),
    "a table of answers in French": (
        "a.csv",
        "\n".join(f"{e['id']};{FRENCH[e['label']].name['fr']}" for e in DEVICES).encode(),
        "answers",
    ),
    "passages with their labels": ("a.txt", PAIRS, "labelled"),
    "passages marked in the text": ("a.html", MARKED, "passages"),
    "where the passages lie": ("a.json", spans(), "spans"),
    "the row of labels": ("a.json", ROW, "sequence"),
    "the row of labels as numbers": ("a.txt", NUMBERS, "sequence"),
    "the row of labels as letters": (
        "a.txt",
        ", ".join(label[0].upper() for label in CLAIMS.values()).encode(),
        "sequence",
    ),
    "digests of answers": ("a.json", digests("sha256"), "digest"),
    "digests of answers, md5": ("a.json", digests("md5"), "digest"),
    "digests of answers, cut": (
        "a.json",
        json.dumps({k: v[:12] for k, v in json.loads(digests("sha1")).items()}).encode(),
        "digest",
    ),
    "digests of answers with salt": ("a.json", digests("sha256", "sel"), "digests"),
    "digests of answers in base64": (
        "a.txt",
        "\n".join(
            b64(hashlib.sha256(f"{i}|{v}".encode()).digest()) for i, v in CLAIMS.items()
        ).encode(),
        "digest",
    ),
    "the digest of the key": ("a.txt", hashlib.sha256(KEY).hexdigest().encode(), "digest"),
    "results of a class": ("gradebook.csv", b"exercise,points\n", "results"),
    "an encrypted archive": (
        "a.zip",
        re.sub(rb"(PK\x01\x02.{4})..", lambda found: found[1] + b"\1\0", zipped(a=b"x")),
        "encrypted",
    ),
    "something that cannot be read": ("a.db", bytes(Random(1).randbytes(4000)), "opaque"),
}


@pytest.mark.parametrize("leak", PLANTED)
def test_a_planted_leak_is_refused_with_its_place(leak, bare, needles):
    """Each leak is told with the file it is in, and worded in both languages with a mend."""
    name, data, code = PLANTED[leak]
    path = bare / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    leaks = check(bare, needles)
    assert code in {each.code for each in leaks}, leaks
    assert all(each.file == name or name.startswith(f"{each.file}/") for each in leaks), leaks
    for lang in ("fr", "en"):
        assert all(len(told(each, lang).splitlines()) > 2 for each in leaks)


# --- What is no leak -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_an_honest_exam_passes(form, honest, needles):
    """What is released holds nothing that tells a key, as a folder and as an archive."""
    path = honest if form == "folder" else honest.with_name("epreuve.zip")
    assert check(path, needles, is_exam=True) == []


def test_an_honest_addition_passes(bare, needles):
    """A teacher's page of advice, in words of their own, and an archive of texts are no leaks."""
    advice = "Lire le texte deux fois. Un fait n’est pas une opinion : c01, c02 et c03 se suivent."
    (bare / "consignes.md").write_text(advice, "utf-8")
    (bare / "textes.zip").write_bytes(zipped(a=TEXT.encode(), b=advice.encode("utf-16")))
    colours = "a { color: #1a2b3c4d; background: #aabbccdd } /* 12345678 */"
    (bare / "page.css").write_text(colours, "utf-8")
    assert check(bare, needles) == []


def test_a_packed_key_belongs_to_practice_alone(bare, needles):
    """At its place it passes in practice; an exam, another place or another name is refused."""
    data = packed.pack(KEY)
    path = bare / "exercises" / "e1" / packed.NAME
    path.write_bytes(data)
    assert [each.code for each in check(bare, needles)] == ["packed"]
    (bare / exam.NAME).unlink()
    assert check(bare, needles) == []
    assert [each.code for each in check(bare, needles, is_exam=True)] == ["packed"]
    path.rename(bare / "e1.txt")
    assert "sentence" in {each.code for each in check(bare, needles)}


# --- Places, bounds, names -----------------------------------------------------------------------


def test_the_place_is_a_line_a_path_or_an_entry(bare, needles):
    """A leak is named by line in a text, by path in a notebook, by entry in an archive."""
    (bare / "a.txt").write_text(f"un\ndeux\n{WHY}\n", "utf-8")
    (bare / "b.ipynb").write_bytes(notebook(source=["x = 1\n", f'"{b64(WHY.encode())}"']))
    (bare / "c.zip").write_bytes(zipped(dedans=gzip.compress(WHY.encode())))
    found = {each.file: (each.place, each.steps) for each in check(bare, needles)}
    assert found == {
        "a.txt": (":3", ()),
        "b.ipynb": ("$.cells[1].source", ("base64",)),
        "c.zip": ("dedans", ("zip", "gzip")),
    }


def test_names_of_files_are_looked_at(bare, needles):
    """Answers as names of files, and one answer a file, are read together."""
    (bare / "a").mkdir()
    for item, label in list(CLAIMS.items())[:8]:
        (bare / "a" / f"{item}_{label}.txt").write_text("x", "utf-8")
    assert "answers" in {each.code for each in check(bare, needles)}
    shutil.rmtree(bare / "a")
    for item, label in list(CLAIMS.items())[:8]:
        (bare / f"{item}.txt").write_text(label, "utf-8")
    assert "answers" in {each.code for each in check(bare, needles)}


def test_a_link_is_refused(bare, needles):
    """A link may point at a key that is not in the folder."""
    (bare / "lien").symlink_to(FOLDER / "key.toml")
    assert check(bare, needles) == [Leak("lien", "", "link", "lien")]


def test_a_bomb_is_refused_in_bounded_time(bare, needles):
    """What unfolds without end, in size or in depth, is refused and not followed."""
    (bare / "a.gz").write_bytes(gzip.compress(bytes(60_000_000)))
    deep = b"rien"
    for _ in range(30):
        deep = gzip.compress(deep)
    (bare / "b.gz").write_bytes(deep)
    begin = time.monotonic()
    found = {each.file: each.code for each in check(bare, needles)}
    assert found == {"a.gz": "too_big", "b.gz": "too_deep"}
    assert time.monotonic() - begin < 30


def test_a_pickle_is_never_opened(bare, needles):
    """Its opcodes are read; what it would call is not called."""

    class Trap:
        def __reduce__(self):
            return (Path(bare / "canary").touch, ())

    (bare / "a.txt").write_bytes(pickle.dumps(Trap()))
    assert {each.code for each in check(bare, needles)} == {"pickle"}
    assert not (bare / "canary").exists()


def test_a_key_from_outside_the_course_is_known(bare, tmp_path, monkeypatch):
    """Where the course has no key, a folder of keys tells the check what to look for."""
    here, keys = tmp_path / "cours", tmp_path / "cles" / "e1"
    for folder in (here / "exercises" / "e1", here / "notebooks", keys):
        folder.mkdir(parents=True)
    for name in ("exercise.toml", "article.fr.txt"):
        shutil.copyfile(FOLDER / name, here / "exercises" / "e1" / name)
    (keys / "key.toml").write_bytes(KEY)
    monkeypatch.chdir(here)
    (bare / "a.txt").write_text(WHY, "utf-8")
    assert needles_of(course.exercises()).without == ["e1"]
    assert check(bare, needles_of(course.exercises())) == []
    found = check(bare, needles_of(course.exercises(), keys.parent))
    assert [each.code for each in found] == ["sentence"]


# --- The command ---------------------------------------------------------------------------------


def test_the_command_refuses_a_bundle(bare, capsys):
    """Exit code 1, with place, finding and mend; as data with --json."""
    (bare / "a.txt").write_text(WHY, "utf-8")
    assert cli.main(["release", "--check", str(bare)]) == 1
    said = capsys.readouterr().err
    assert "a.txt, ligne 1" in said
    assert "remède" in said
    assert say("release.refused", "fr", count=1) in said
    assert cli.main(["release", "--check", str(bare), "--json"]) == 1
    (leak,) = json.loads(capsys.readouterr().out)
    assert (leak["file"], leak["place"], leak["code"]) == ("a.txt", ":1", "sentence")


def test_the_command_passes_a_bundle(bare, capsys):
    """Exit code 0 where nothing is found, 1 where there is nothing to look into."""
    assert cli.main(["release", "--check", str(bare)]) == 0
    assert "rien" in capsys.readouterr().err
    assert cli.main(["release", "--check", str(bare / "absent")]) == 1
    assert say("mistake.bundle_unreadable.found", "fr") in capsys.readouterr().err
