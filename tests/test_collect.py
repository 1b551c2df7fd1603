"""What was handed in is found whatever its layout, told of once, and nothing else is touched."""

import os
import stat
import struct
import sys
import zipfile

import pytest

from kit.errors import KitError
from kit.grading import archives, collect
from kit.grading.collect import Candidate
from kit.grading.layouts import owner

BODY = b'{"schema": 1}'


def found(source, **options):
    return list(collect.collect(source, **options))


def reasons(source):
    return {each.path: each.reason for each in found(source)}


def zipped(path, *members, method=zipfile.ZIP_DEFLATED):
    """Write a zip of (name, bytes, options of its ZipInfo)."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data, *options in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            for field, value in (options[0] if options else {}).items():
                setattr(info, field, value)
            archive.writestr(info, data)
    return path


@pytest.mark.parametrize(
    ("parts", "learner", "name"),
    [
        (["Zoé Martin_1234_assignsubmission_file_", "r.json"], "1234", "Zoé Martin"),  # before 4.1
        (["Zoé Martin_1234_assignsubmission_file", "r.json"], "1234", "Zoé Martin"),  # since 4.1
        (["Zoé Martin_1234_assignsubmission_file_z_z0_v1.json"], "1234", "Zoé Martin"),  # flat
        (["Participant_77_assignsubmission_file", "r.json"], "77", "Participant"),  # blind
        (["Groupe A_12_assignsubmission_file", "r.json"], "12", "Groupe A"),  # a team
        (["Default team_assignsubmission_file", "r.json"], "Default team", "Default team"),
        (["_assignsubmission_file", "r.json"], "", ""),
        (["3e B", "Zoé_1_assignsubmission_file", "x", "r.json"], "1", "Zoé"),
        (["martinzoe_77_3456_zoe_z0_v1.json"], "77", "martinzoe"),
        (["martinzoe_LATE_77_3456_zoe_z0_v1-1.json"], "77", "martinzoe"),
        (["martinzoe2_4_77_3456_r.json"], "4", "martinzoe2"),
        (["anon_77_3456_r.json"], "anon_77", ""),
        (["LATE_anon_aB3d5_3456_r.json"], "anon_aB3d5", ""),
        (["zoe", "remis", "zoe_z0_v1.json"], "zoe", ""),
        (["zoe_z0_v1.json"], "", ""),
        (["e_3_12_z0_v1.json"], "", ""),
    ],
)
def test_a_place_tells_the_learner(parts, learner, name):
    """Moodle's and Canvas's names, the kit's own folders; nothing is read into other names."""
    whose = owner(parts)
    assert (whose.learner, whose.name) == (learner, name)


def test_lateness_is_told_by_canvas():
    """Its names say so."""
    assert owner(["martinzoe_LATE_77_3456_r.json"]).late
    assert owner(["LATE_anon_7_3456_r.json"]).late
    assert not owner(["martinzoe_77_3456_r.json"]).late


@pytest.mark.parametrize(
    ("parts", "folder", "name", "group"),
    [
        (["r.json"], "", "", ""),
        (["zoe", "r.json"], "zoe", "zoe", ""),
        (["zoe", "z0", "r.json"], "zoe", "zoe", ""),
        (["3eB", "zoe", "r.json"], "3eB/zoe", "zoe", "3eB"),
        (["3eB.zip", "zoe", "r.json"], "3eB.zip/zoe", "zoe", ""),
        (["zoe", "devoir.zip", "r.json"], "zoe", "zoe", ""),
        (["zoe.zip", "r.json"], "zoe.zip", "zoe", ""),
    ],
)
def test_a_plain_folder_may_be_a_learner(parts, folder, name, group):
    """The nearest one that is neither an exercise nor, if another is around, a zip."""
    whose = owner(parts, {"z0"})
    assert (whose.folder, whose.folder_name, whose.group) == (folder, name, group)


def test_folder_zip_and_single_file_tell_the_same(tmp_path):
    """Nested folders, the same in a zip, the zip in a folder; ordered by path."""
    tree = tmp_path / "in"
    (tree / "b" / "deep").mkdir(parents=True)
    (tree / "a.json").write_bytes(BODY)
    (tree / "b" / "deep" / "c.json").write_bytes(BODY)
    archive = zipped(tmp_path / "in.zip", ("b/deep/c.json", BODY), ("a.json", BODY), ("b/", b""))
    assert reasons(tree) == reasons(archive) == {"a.json": "", "b/deep/c.json": ""}
    assert all(each.data == BODY for each in found(archive))
    (tmp_path / "two").mkdir()
    archive.rename(tmp_path / "two" / "in.zip")
    assert [each.path for each in found(tmp_path / "two")] == [
        "in.zip/a.json",
        "in.zip/b/deep/c.json",
    ]
    assert [each.path for each in found(tree / "a.json")] == ["a.json"]


def test_nothing_at_all_is_a_mistake_and_nothing_inside_is_not(tmp_path):
    """An empty folder or zip was handed in by nobody."""
    with pytest.raises(KitError, match="submissions_missing"):
        found(tmp_path / "missing")
    assert found(tmp_path) == []
    assert found(zipped(tmp_path / "empty.zip")) == []


def test_files_of_systems_and_of_the_kit_are_set_aside(tmp_path):
    """They are listed, and get no row."""
    for name in (".DS_Store", "Thumbs.db", "~$x.docx", "z0.aside.txt", "z0.bias.turn"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._a.json").write_bytes(b"x")
    aside = found(tmp_path)
    assert len(aside) == 6
    assert not any(each.counts for each in aside)
    zipped(tmp_path / "x.zip", ("__MACOSX/._a.json", b"x"), ("a/.DS_Store", b"x"))
    assert not any(each.counts for each in found(tmp_path / "x.zip"))


def test_the_results_of_a_former_run_are_no_hand_ins(tmp_path):
    """`kit grade . --to out` twice."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.jsonl").write_bytes(BODY)
    assert found(tmp_path, leave_out=tmp_path / "out") == []


def test_notebooks_and_archives_are_refused_unopened(tmp_path, monkeypatch):
    """By their names alone."""
    for name in ("a.ipynb", "b.tar.gz", "c.7z", "d.rar"):
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.setattr(collect, "_read", None)  # opening would raise
    codes = {"a.ipynb": "notebook", "b.tar.gz": "archive", "c.7z": "archive", "d.rar": "archive"}
    assert reasons(tmp_path) == codes
    archive = zipped(tmp_path / "x.zip", ("a.ipynb", b"x"), ("b.zip", b"x"))
    monkeypatch.setattr(archives, "_read", None)
    assert reasons(archive) == {"a.ipynb": "notebook", "b.zip": "archive"}


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither links nor pipes like these"
)
def test_links_pipes_and_locked_folders_are_refused(tmp_path):
    """Nothing outside what was handed in is read."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "s.json").write_bytes(b"secret")
    tree = tmp_path / "in"
    tree.mkdir()
    (tree / "a.json").symlink_to(secret / "s.json")
    (tree / "b").symlink_to(secret)
    os.mkfifo(tree / "c.json")
    (tree / "loop").symlink_to(tree)
    told = found(tree)
    assert {each.path: each.reason for each in told} == {
        "a.json": "link",
        "b": "link",
        "c.json": "special",
        "loop": "link",
    }
    assert all(each.data is None for each in told)


def test_a_file_that_goes_or_changes_during_the_run_is_told(tmp_path):
    """A vanished file is unreadable, one that became a link is not followed."""
    walk = collect._Walk((), None)
    assert walk.file(tmp_path / "gone.json", ("gone.json",)).reason == "unreadable"
    (tmp_path / "l.json").symlink_to("/etc/hostname")
    assert walk.file(tmp_path / "l.json", ("l.json",)).reason == "unreadable"
    (tmp_path / "d.json").mkdir()
    assert walk.file(tmp_path / "d.json", ("d.json",)).reason in ("unreadable", "special")


def test_a_file_beyond_the_cap_is_not_read(tmp_path):
    """Half a gigabyte of sound JSON."""
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(500_000_000)
    assert reasons(tmp_path) == {"a.json": "too_big"}


@pytest.mark.parametrize("name", ["../x.json", "/etc/x.json", "C:\\x.json", "a\\b.json", "a/../b"])
def test_names_that_reach_out_are_refused(tmp_path, name):
    """The entry is refused, the others are read."""
    archive = zipped(tmp_path / "x.zip", (name, BODY), ("good.json", BODY))
    assert reasons(archive) == {name: "bad_name", "good.json": ""}


def test_links_and_devices_in_a_zip_are_refused(tmp_path):
    """They would be read as text, or not at all."""
    link = {"external_attr": (stat.S_IFLNK | 0o777) << 16}
    pipe = {"external_attr": (stat.S_IFIFO | 0o777) << 16}
    archive = zipped(tmp_path / "x.zip", ("a.json", b"/etc/passwd", link), ("b.json", b"", pipe))
    assert reasons(archive) == {"a.json": "link", "b.json": "special"}


def test_a_bomb_costs_little(tmp_path):
    """A hundred megabytes of nothing in a hundred kilobytes, whatever its header says."""
    archive = zipped(tmp_path / "x.zip", ("a.json", b"\0" * 100_000_000), ("b.json", BODY))
    assert reasons(archive) == {"a.json": "too_big", "b.json": ""}
    data = archive.read_bytes()
    size = struct.pack("<L", 100_000_000)
    archive.write_bytes(data.replace(size, struct.pack("<L", 1000)))
    assert reasons(archive)["a.json"] in ("bomb", "damaged")
    archive = zipped(tmp_path / "y.zip", ("a.json", b"\0" * 10_000_000))
    assert reasons(archive) == {"a.json": "bomb"}


def test_entries_that_share_bytes_are_refused(tmp_path):
    """Two names for one body: how a small zip becomes a large one."""
    archive = zipped(tmp_path / "x.zip", ("a.json", BODY), ("b.json", BODY))
    data = bytearray(archive.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<L", 0)  # header offset of the first
    archive.write_bytes(data)
    assert set(reasons(archive).values()) == {"damaged"}


def test_two_entries_of_one_name_are_two_files(tmp_path):
    """Neither hides the other."""
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = zipped(tmp_path / "x.zip", ("a.json", b"1"), ("a.json", b"2"))
    assert [(each.path, each.data) for each in found(archive)] == [
        ("a.json", b"1"),
        ("a.json #2", b"2"),
    ]


def test_what_is_locked_odd_or_damaged_is_told_by_entry_or_by_zip(tmp_path):
    """Encryption, other compressions, a flipped byte, a cut: each has its reason."""
    archive = zipped(tmp_path / "x.zip", ("a.json", BODY), ("b.json", BODY))
    data = archive.read_bytes()
    locked = bytearray(data)
    at = locked.index(b"PK\x01\x02")
    locked[at + 8] |= 1
    archive.write_bytes(locked)
    assert reasons(archive) == {"a.json": "encrypted", "b.json": ""}
    flipped = bytearray(data)
    flipped[data.index(b"a.json") + 8] ^= 255
    archive.write_bytes(flipped)
    assert reasons(archive) == {"a.json": "damaged", "b.json": ""}
    archive.write_bytes(data[:-30])
    assert reasons(archive) == {"x.zip": "damaged"}
    archive.write_bytes(b"no zip")
    assert reasons(archive) == {"x.zip": "damaged"}
    odd = zipped(tmp_path / "y.zip", ("a.json", BODY), method=zipfile.ZIP_LZMA)
    assert reasons(odd) == {"a.json": "damaged"}


def test_names_in_utf_8_that_do_not_say_so_are_read(tmp_path):
    """Zoé stays Zoé."""
    archive = zipped(tmp_path / "x.zip", ("Zoé.json", BODY))
    data = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flags = data.index(mark) + at
        data[flags + 1] &= ~0x08
    archive.write_bytes(data)
    assert reasons(archive) == {"Zoé.json": ""}


def test_a_zip_of_too_many_entries_is_refused_before_it_is_listed(tmp_path, monkeypatch):
    """The list itself would fill the memory."""
    archive = zipped(tmp_path / "x.zip", ("a.json", BODY), ("b.json", BODY))
    monkeypatch.setattr(archives, "MOST_ENTRIES", 1)
    assert reasons(archive) == {"x.zip": "too_many_files"}
    monkeypatch.setattr(archives, "MOST_DIRECTORY", 10)
    assert reasons(archive) == {"x.zip": "too_many_files"}


def test_every_cut_of_a_zip_has_an_answer(tmp_path):
    """Truncation at every offset: a candidate, never an exception."""
    whole = zipped(tmp_path / "x.zip", ("a.json", BODY), ("é/b.json", BODY)).read_bytes()
    cut = tmp_path / "y.zip"
    for end in range(len(whole)):
        cut.write_bytes(whole[:end])
        told = found(cut)
        assert told
        assert all(isinstance(each, Candidate) and each.reason for each in told)


def test_every_flipped_byte_of_a_zip_has_an_answer(tmp_path):
    """Headers that lie: what is read is right, or it is refused."""
    whole = zipped(tmp_path / "x.zip", ("a.json", BODY), ("é/b.json", BODY)).read_bytes()
    path = tmp_path / "y.zip"
    for at in range(len(whole)):
        for flip in (1, 128, 255):
            data = bytearray(whole)
            data[at] ^= flip
            path.write_bytes(data)
            for each in found(path):
                assert each.reason or each.data == BODY, (at, flip)


def test_an_empty_zip_of_a_learner_has_a_row(tmp_path):
    """It was handed in, after all."""
    (tmp_path / "zoé").mkdir()
    zipped(tmp_path / "zoé" / "x.zip", ("folder/", b""))
    assert reasons(tmp_path) == {"zoé/x.zip": "empty_archive"}
