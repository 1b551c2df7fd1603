"""Marks go into the files of others: each layout of a platform in, the teacher's file out."""

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit import cli
from kit.errors import KitError
from kit.export import canvas, marks, moodle
from kit.export.export import Plan, export
from kit.export.graded import Marked, read
from kit.grading.gradebook import Plan as Grading
from kit.grading.gradebook import grade_class
from kit.messages import catalogue
from kit.simulation import right
from kit.submission import compose, encoded
from tests.french import slips

ROOT = Path(__file__).parents[1]
AT = "2026-05-12T10:00:00Z"
RTL = chr(0x202E)
HEADINGS = {
    "en": "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments",
    "fr": 'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",'
    '"La note peut être modifiée","Dernière modification (travail remis)",'
    '"Dernière modification (note)","Feedback par commentaires"',
}


def handed_in(exercise, learner, answers=None, version=1):
    """A hand-in with the right answers, or these (task to item to value), as bytes."""
    if answers is None:
        answers = {task.id: right(exercise, task) for task in exercise.tasks}
    log = [{"id": "o", "do": "open", "exercise": exercise.id, "article": exercise.article.sha256}]
    log += [
        {"id": f"{task}/{item}", "at": AT, "do": "set", "task": task, "item": item, "value": value}
        for task, items in answers.items()
        for item, value in items.items()
    ]
    return encoded(compose(exercise, learner, log, version, AT))


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def graded(course, files, **options):
    """The folder of results of a zip with these files."""
    to = course / "results"
    shutil.rmtree(to, ignore_errors=True)
    grade_class(Grading(zipped(course / "download.zip", files), to, **options))
    return to


def worksheet(course, *rows, lang="en", end="\r\n", name="notes.csv", bom=b""):
    path = course / name
    path.write_bytes(bom + "".join(line + end for line in (HEADINGS[lang], *rows)).encode())
    return path


def cells(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def to_check(folder):
    with (folder / "to-check.csv").open(encoding="utf-8", newline="") as file:
        return [(row["line"], row["learner"], row["code"]) for row in csv.DictReader(file)]


def into_moodle(course, results, sheet, **options):
    summary = export(Plan(results, course / "out", moodle=sheet, **options))
    return summary, course / "out"


# --- Moodle ---

LAYOUTS = {
    "since 4.1": "Zoé Martin_12_assignsubmission_file/r.json",
    "before 4.1": "Zoé Martin_12_assignsubmission_file_/r.json",
    "flat": "Zoé Martin_12_assignsubmission_file_r.json",
    "blind": "Participant_12_assignsubmission_file/r.json",
    "with a group": "3e B-Zoé Martin_12_assignsubmission_file/r.json",
    "a folder in the folder": "Zoé Martin_12_assignsubmission_file/sub/r.json",
}
RETURNED = {
    "flat": "Zoé Martin_12_assignsubmission_file_retour.html",
    "before 4.1": "Zoé Martin_12_assignsubmission_file_/retour.html",
    "blind": "Participant_12_assignsubmission_file/retour.html",
    "with a group": "3e B-Zoé Martin_12_assignsubmission_file/retour.html",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_of_moodle(course, halle, layout):
    """A download in each layout comes back as the worksheet filled in, and a zip Moodle reads."""
    results = graded(course, {LAYOUTS[layout]: handed_in(halle, "z")})
    name = "" if layout == "blind" else "Zoé Martin"
    before = f"Participant 12,{name},zoe@x.fr,Submitted,,20.00,Yes,-,-,"
    sheet = worksheet(course, before, "Participant 7,Ali,ali@x.fr,-,,20.00,Yes,-,-,")
    summary, out = into_moodle(course, results, sheet)
    assert summary.filled == 1
    row, ali = cells(out / "moodle.csv")[1:]
    assert row[:4] + row[5:9] == before.split(",")[:4] + before.split(",")[5:9]
    assert row[4] == "20.00"
    assert row[9].startswith("Correction automatique\u202f: 36 points sur 36.")
    assert ali[4] == ali[9] == ""
    assert to_check(out) == [("3", "", "no_work")]
    with zipfile.ZipFile(out / "feedback-moodle.zip") as archive:
        (entry,) = archive.namelist()
        page = archive.read(entry)
    default = "Zoé Martin_12_assignsubmission_file/retour.html"
    assert entry == RETURNED.get(layout, default)
    assert page == next((results / "feedback").glob("*-*.html")).read_bytes()
    assert as_moodle_reads(entry) == ("12", "retour.html")


def as_moodle_reads(entry):
    """Number and file name as Moodle's own importer takes a path apart."""
    parts = entry.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit():
            assert info[2:4] == ["assignsubmission", "file"]
            return info[1], "/".join([*info[4:], *parts]).lstrip("/")
    return None


def test_blind_marking_by_somebody_who_sees_names(course, halle):
    """The word that Moodle puts for a name is no other name, though the worksheet has names."""
    results = graded(course, {LAYOUTS["blind"]: handed_in(halle, "z")})
    sheet = worksheet(course, "Participant 12,Zoé Martin,z@x.fr,x,,20,Yes,-,-,")
    summary, _ = into_moodle(course, results, sheet)
    assert summary.filled == 1


def test_only_grade_and_comment_change(course, halle):
    """All else of a worksheet stays byte for byte: mark of order, quotes, blanks, line ends."""
    results = graded(course, {LAYOUTS["since 4.1"]: handed_in(halle, "z")})
    head = '"Participant 12" ,"Zoé ""Zo"" Martin",zoe@x.fr,"Rendu ; à l’heure",'
    tail = ",100,Oui,x\\y,-,"
    line = head + '""' + tail + '""'
    sheet = worksheet(course, line, lang="fr", end="\n", bom=b"\xef\xbb\xbf")
    _, out = into_moodle(course, results, sheet)
    was, now = sheet.read_bytes(), (out / "moodle.csv").read_bytes()
    begin = was.index(head.encode()) + len(head.encode())
    assert now[:begin] == was[:begin]
    rest = re.fullmatch(rb'"100\.00"' + re.escape(tail.encode()) + rb'"([^"]*)"\n', now[begin:])
    assert rest


def test_a_french_worksheet_has_decimal_commas(course, halle):
    """A mark is written as the worksheet writes numbers, in quotes where the comma parts cells."""
    results = graded(course, {LAYOUTS["since 4.1"]: handed_in(halle, "z", {"claims": {}})})
    line = 'Participant12,"Zoé Martin",z@x.fr,Remis,,"20,00",Oui,-,-,'
    _, out = into_moodle(course, results, worksheet(course, line, lang="fr"))
    assert b',"0,00","20,00",Oui,' in (out / "moodle.csv").read_bytes()


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_delimiters(course, halle, mark):
    """A worksheet may be parted by semicolons or tabs."""
    results = graded(course, {LAYOUTS["since 4.1"]: handed_in(halle, "z")})
    line = "Participant 12,Zoé Martin,z@x.fr,Remis,,20,Yes,-,-,"
    sheet = worksheet(course, line)
    sheet.write_bytes(sheet.read_bytes().replace(b",", mark.encode()))
    _, out = into_moodle(course, results, sheet)
    assert f"{mark}20.00{mark}20{mark}Yes" in (out / "moodle.csv").read_text("utf-8")


def test_rows_that_moodle_skips_are_listed(course, halle):
    """Each line without a new mark is listed, with the code of why, and none is touched."""
    names = ["Zoé Martin", "Ali Ben", "Lou Roy", "Ève Li", "Max Pons", "Noé Sel", "Ana Faux"]
    names += ["Tom Zéro"]
    files = {
        f"{name}_{number}_assignsubmission_file/r.json": handed_in(halle, name)
        for number, name in enumerate(names, 1)
    }
    files["Mia Vide_10_assignsubmission_file/r.docx"] = b"PK no answers"
    sheet = worksheet(
        course,
        "Participant 1,Zoé Martin,,x,,20,No,-,-,",
        "Participant 2,Ali Ben,,x,20.00,20,Yes,-,-,well done",
        "Participant 3,Lou Roy,,x,3.00,20,Yes,-,-,",
        "Participant 4,Ève Li,,x,,-,Yes,-,-,",
        "Participant 5,Max Pons,,x,,20,Yes,-,-,well done",
        "Participant 6,Noé Sel,,x,20,Yes,-,-,",
        "Participant 7,Ida Autre,,x,,20,Yes,-,-,",
        "Participant 10,Mia Vide,,x,,20,Yes,-,-,",
        "Total,,,,,,,,,",
        "",
        "Participant 9,Rien Remis,,x,,20,Yes,-,-,",
        "Participant 8,Tom Zéro,,x,,0.00,Yes,-,-,",
    )
    _, out = into_moodle(course, graded(course, files), sheet)
    assert to_check(out) == [
        ("2", "1", "locked"),
        ("3", "2", "unchanged"),
        ("3", "2", "comment_kept"),
        ("4", "3", "kept"),
        ("5", "4", "no_maximum"),
        ("6", "5", "comment_kept"),
        ("7", "", "damaged"),
        ("8", "", "no_work"),
        ("9", "10", "refused"),
        ("10", "", "no_number"),
        ("12", "", "no_work"),
        ("13", "8", "no_maximum"),
        ("", "6", "no_row"),
        ("", "7", "other_name"),
    ]
    was, now = sheet.read_bytes().split(b"\r\n"), (out / "moodle.csv").read_bytes().split(b"\r\n")
    changed = [
        number for number, pair in enumerate(zip(was, now, strict=True), 1) if len({*pair}) > 1
    ]
    assert changed == [6]


def test_marks_are_written_over_when_asked(course, halle):
    """`--replace` writes over marks and the kit's own comments, never over a teacher's."""
    files = {
        "Zoé Martin_1_assignsubmission_file/r.json": handed_in(halle, "z"),
        "Ali Ben_2_assignsubmission_file/r.json": handed_in(halle, "a"),
    }
    date = '"Tuesday, 12 May 2026, 10:00 AM"'
    sheet = worksheet(
        course,
        f'Participant 1,Zoé Martin,,x,3,20,Yes,-,{date},"<p>Automatic grading: 3 points</p>"',
        'Participant 2,Ali Ben,,x,3,20,Yes,-,"mardi 12 mai 2026, 10:00",well done',
    )
    _, out = into_moodle(course, graded(course, files), sheet, overwrite=True)
    zoe, ali = cells(out / "moodle.csv")[1:]
    assert zoe[4] == ali[4] == "20.00"
    assert "36 points" in zoe[9]
    assert ali[9] == "well done"
    assert to_check(out) == [("3", "2", "dated"), ("3", "2", "comment_kept")]


def test_learners_without_a_number_are_matched_by_the_list_or_not_at_all(course, halle):
    """Folders with pseudonyms go by list, address or full name; two who could be one stay out."""
    files = {
        f"{folder}/r.json": handed_in(halle, folder)
        for folder in ("hibou", "ali@x.fr", "Lou Roy", "Jo Bis", "personne")
    }
    sheet = worksheet(
        course,
        "Participant 1,Zoé Martin,z@x.fr,x,,20,Yes,-,-,",
        "Participant 2,Ali Ben,Ali@x.fr,x,,20,Yes,-,-,",
        "Participant 3,LOU ROY,l@x.fr,x,,20,Yes,-,-,",
        "Participant 4,Jo Bis,j1@x.fr,x,,20,Yes,-,-,",
        "Participant 5,Jo Bis,j2@x.fr,x,,20,Yes,-,-,",
    )
    results = graded(course, files)
    roster = course / "classe.csv"
    twice = "personne;Jo Bis;j1@x.fr\npersonne;Jo Bis;j2@x.fr\n"
    roster.write_text(f"identifiant;nom;courriel\nhibou;;z@x.fr\n{twice}", "utf-8")
    _, out = into_moodle(course, results, sheet, roster=roster)
    filled = [row[4] for row in cells(out / "moodle.csv")[1:]]
    assert filled == ["20.00", "20.00", "20.00", "", ""]
    assert set(to_check(out)[2:]) == {("", "Jo Bis", "ambiguous"), ("", "personne", "no_row")}
    with zipfile.ZipFile(out / "feedback-moodle.zip") as archive:
        names = [as_moodle_reads(name) for name in archive.namelist()]
        assert all("_assignsubmission_file_/" in name for name in archive.namelist())
    assert names == [("2", "retour.html"), ("3", "retour.html"), ("1", "retour.html")]


def test_the_kits_own_file_again(course, halle):
    """What an export filled in stays as it is when it is filled in once more."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,")
    _, out = into_moodle(course, results, sheet)
    once = (out / "moodle.csv").read_bytes()
    (course / "again.csv").write_bytes(once)
    _, out = into_moodle(course, results, course / "again.csv", overwrite=True)
    assert (out / "moodle.csv").read_bytes() == once
    assert to_check(out) == [("2", "12", "unchanged")]
    by_moodle = once.replace(b"Correction", b"<p>Correction")
    (course / "again.csv").write_bytes(by_moodle)
    _, out = into_moodle(course, results, course / "again.csv", overwrite=True)
    assert (out / "moodle.csv").read_bytes() == by_moodle


def test_a_refused_file_beside_a_good_one(course, halle):
    """A learner with a mark gets it, and the page that explains it, whatever else they sent."""
    files = {
        "Zoé Martin_12_assignsubmission_file/notes.txt": b"not an answer",
        "Zoé Martin_12_assignsubmission_file/r.json": handed_in(halle, "z"),
    }
    results = graded(course, files)
    good = next(each for each in read(results) if each.share is not None)
    # The same place in the zip, yet another page: it explains nothing.
    (results / "feedback" / "x-0.html").write_text("refused", "utf-8")
    book = results / "gradebook.csv"
    head, *lines = csv.reader(book.read_text("utf-8").splitlines())
    for line in lines:
        if line[head.index("status")] == "refused":
            line[head.index("page")] = "x-0.html"
    with book.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *sorted(lines, key=lambda line: "refused" in line)])
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,")
    _, out = into_moodle(course, results, sheet)
    assert cells(out / "moodle.csv")[1][4] == "20.00"
    assert to_check(out) == [("2", "12", "refused")]
    with zipfile.ZipFile(out / "feedback-moodle.zip") as archive:
        assert archive.read(archive.namelist()[0]) == page(results, good)


def page(results, marked):
    return (results / "feedback" / marked.row["page"]).read_bytes()


def test_without_pages(course, halle):
    """Where no feedback was written there is no zip, and the comment does not speak of it."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")}, feedback=False)
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,")
    _, out = into_moodle(course, results, sheet)
    assert not (out / "feedback-moodle.zip").exists()
    assert "fichier de retour" not in cells(out / "moodle.csv")[1][9]


def test_two_learners_never_share_a_line(course, halle):
    """Two folders that fit one line both stay out."""
    files = {f"{name}/r.json": handed_in(halle, name) for name in ("Zoé Martin", "zoé  martin")}
    sheet = worksheet(course, "Participant 1,Zoé Martin,z@x.fr,x,,20,Yes,-,-,")
    summary, out = into_moodle(course, graded(course, files), sheet)
    assert summary.filled == 0
    assert [code for _, _, code in to_check(out)] == ["no_work", "shared_row", "shared_row"]


def test_nothing_handed_in_is_no_zero(course, halle):
    """Who is absent gets no mark; who handed in an empty work gets 0."""
    files = {
        "Zoé Martin_1_assignsubmission_file/r.json": handed_in(halle, "z", {}),
        "Lou Roy_3_assignsubmission_file/r.json": handed_in(
            halle, "l", {"claims": {"c1": "nonsense"}}
        ),
    }
    (course / "classe.csv").write_text("identifiant,nom\n1,Zoé Martin\n9,Ali Ben\n3,\n", "utf-8")
    results = graded(course, files, roster=course / "classe.csv")
    sheet = worksheet(
        course,
        "Participant 1,Zoé Martin,,x,,20,Yes,-,-,",
        "Participant 2,Ali Ben,,x,,20,Yes,-,-,",
        "Participant 3,Lou Roy,,x,,20,Yes,-,-,",
    )
    _, out = into_moodle(course, results, sheet)
    assert [row[4] for row in cells(out / "moodle.csv")[1:]] == ["0.00", "", "0.00"]
    assert to_check(out) == [("3", "9", "absent")]
    with zipfile.ZipFile(out / "feedback-moodle.zip") as archive:
        assert [as_moodle_reads(name)[0] for name in archive.namelist()] == ["3", "1"]


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    f"Zo{RTL}gpj.exe",
    "a/../../b",
    "x" * 10_000,
    '"; DROP\n$\\href{x}$ & <b>',
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_in_every_export(course, halle, name):
    """A name can be anything: the worksheet stays whole, the zip and the comment are safe."""
    own = re.sub(r"[/\n\\:*?<>|\"_]", " ", name)[:200]
    entry = f"{own}_12_assignsubmission_file/r.json"
    results = graded(course, {entry: handed_in(halle, name)})
    quoted = name.replace('"', '""')
    sheet = worksheet(course, f'Participant 12,"{quoted}",,x,,20,Yes,-,-,')
    others = {"xlsx": True, "jsonl": True, "xapi": True}
    _, out = into_moodle(course, results, sheet, **others)
    row = cells(out / "moodle.csv")[1]
    assert row[1] == name
    assert row[4] == "20.00"
    assert not set('<>"\\$\n') & set(row[9])
    with zipfile.ZipFile(out / "feedback-moodle.zip") as archive:
        (path,) = archive.namelist()
    assert as_moodle_reads(path) == ("12", "retour.html")
    assert path.count("/") == 1
    assert len(path) < 120
    assert not set(path) & set(RTL + '\\:*?"<>|\n')
    assert not path.startswith((".", "~", "/"))
    assert "<script>" not in (out / "to-check.csv").read_text("utf-8")
    json.loads((out / "xapi.json").read_text("utf-8"))


def test_a_comment_is_nothing_but_text(monkeypatch):
    """Whatever a name of a task holds, no markup, formula or quote gets into a worksheet."""
    name = SimpleNamespace(name={"fr": '<b onclick="x">$\\href{x}$'})
    monkeypatch.setattr(marks, "codebook", lambda: SimpleNamespace(layers={"x": name}))
    task = {"layer": "x", "points": 1.0, "max": 2}
    row = {"points": 1.0, "max": 2}
    text = marks.comment(Marked("z", "", "", "", row, (task,)), "fr", page=True)
    assert not set('<>"\\$') & set(text)
    assert "&#36;&#92;href" in text


def test_a_worksheet_of_another_kind_is_refused(course, halle):
    """Without the columns that Moodle looks for, or with one twice, nothing is written."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    for text, code in {
        "a,b\n1,2\n": "worksheet_columns",
        "": "worksheet_columns",
        HEADINGS["en"] + ",Grade\n": "worksheet_columns",
        HEADINGS["en"].replace("Maximum Grade", "Scale") + "\n": "worksheet_columns",
        HEADINGS["en"] + '\n"Participant 1,x\n': "csv_quotes",
        "\ufeffa": "worksheet_columns",
    }.items():
        (course / "notes.csv").write_text(text, "utf-8")
        with pytest.raises(KitError) as raised:
            into_moodle(course, results, course / "notes.csv")
        assert raised.value.mistakes[0].code == code
    (course / "notes.csv").write_text(HEADINGS["en"], "utf-16")
    with pytest.raises(KitError, match="csv_encoding"):
        into_moodle(course, results, course / "notes.csv")
    assert not (course / "out").exists()


def test_the_original_is_never_written_over(course, halle):
    """A new file that would lie where the teacher's own lies is refused."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,", name="moodle.csv")
    before = sheet.read_bytes()
    with pytest.raises(KitError, match="export_over"):
        export(Plan(results, course, moodle=sheet))
    assert sheet.read_bytes() == before


# --- Canvas ---

CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,Note libre,{},Current Score,Final Score"
POINTS = "    Points Possible,,,,,,{},(read only),(read only)"


def canvas_book(course, *rows, column="La halle (88)", points="10.00"):
    path = course / "canvas.csv"
    head = [CANVAS.format(column), POINTS.format(points)]
    path.write_bytes("".join(line + "\n" for line in (*head, *rows)).encode())
    return path


def into_canvas(course, results, book, **options):
    summary = export(Plan(results, course / "out", canvas=book, **options))
    return summary, course / "out"


CANVAS_LAYOUTS = {
    "named": "martinzoe_77_3456_r.json",
    "late": "martinzoe_LATE_77_3456_r.json",
    "with digits": "martin2_77_3456_zoe_halle_v1.json",
}


@pytest.mark.parametrize("layout", CANVAS_LAYOUTS)
def test_each_layout_of_canvas(course, halle, layout):
    """A download in each layout comes back as the gradebook with one column filled in."""
    results = graded(course, {CANVAS_LAYOUTS[layout]: handed_in(halle, "z")})
    book = canvas_book(
        course, '"Martin, Zoé",77,s1,zoe@x.fr,3e,,,5,5', '"Ben, Ali",78,s2,ali@x.fr,3e,,,,'
    )
    summary, out = into_canvas(course, results, book)
    assert summary.filled == 1
    was, now = book.read_bytes(), (out / "canvas.csv").read_bytes()
    assert now == was.replace(b"zoe@x.fr,3e,,,5", b"zoe@x.fr,3e,,10.00,5")
    assert to_check(out) == [("4", "", "no_work")]


def test_a_blind_canvas_download_names_nobody(course, halle):
    """An anonymous file has no line, and is listed."""
    results = graded(course, {"anon_Ab1_3456_r.json": handed_in(halle, "z")})
    book = canvas_book(course, '"Martin, Zoé",77,s1,zoe@x.fr,3e,,,,')
    summary, out = into_canvas(course, results, book)
    assert (summary.filled, to_check(out)[-1]) == (0, ("", "anon_Ab1", "no_row"))
    assert (out / "canvas.csv").read_bytes() == book.read_bytes()


def test_a_number_of_moodle_is_none_of_canvas(course, halle):
    """A participant number that happens to be somebody's Canvas id names nobody there."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    book = canvas_book(course, '"Ben, Ali",12,s1,ali@x.fr,3e,,,,')
    summary, out = into_canvas(course, results, book)
    assert summary.filled == 0
    assert to_check(out)[-1] == ("", "12", "no_row")


def test_canvas_lines_that_stay(course, halle):
    """Excused, not assigned and marked cells stay; so do the lines that are no student's."""
    numbers = range(1, 6)
    files = {
        f"name_{number}_9{number}_r.json": handed_in(halle, f"l{number}") for number in numbers
    }
    book = canvas_book(
        course,
        ",,,,,,Manual Posting,,",
        "A,1,,a@x.fr,3e,,EX,,",
        "B,2,,b@x.fr,3e,,N/A,,",
        "C,3,,c@x.fr,3e,,4.00,,",
        "D,4,,d@x.fr,3e,,10.00,,",
        "E,5,,e@x.fr,3e,,-,,",
    )
    _, out = into_canvas(course, graded(course, files), book)
    assert (out / "canvas.csv").read_bytes() == book.read_bytes().replace(b"3e,,-,", b"3e,,10.00,")
    codes = [code for _, _, code in to_check(out)]
    assert codes == ["excused", "not_assigned", "kept", "unchanged"]


def test_canvas_by_name_and_login(course, halle):
    """Who handed in elsewhere is found by login or full name, in either order."""
    files = {
        f"{folder}/r.json": handed_in(halle, folder)
        for folder in ("zoe@x.fr", "Ali Ben", "Roy, Lou", "Roy")
    }
    book = canvas_book(
        course,
        '"Martin, Zoé",77,s1,zoe@x.fr,3e,,,,',
        '"Ben, Ali",78,s2,,3e,,,,',
        '"Roy, Lou",79,s3,,3e,,,,',
    )
    _, out = into_canvas(course, graded(course, files), book)
    assert [row[6] for row in cells(out / "canvas.csv")[2:]] == ["10.00"] * 3
    assert to_check(out) == [("", "Roy", "no_row")]


def test_one_of_several_assignments(course, halle):
    """With several assignments the teacher names one, by heading, title or number."""
    results = graded(course, {"martinzoe_77_3456_r.json": handed_in(halle, "z")})
    book = canvas_book(
        course,
        '"Martin, Zoé",77,s1,zoe@x.fr,3e,,,"1,5",5,5',
        column="La halle (88),La halle (89)",
        points='"10,00","20,00"',
    )
    with pytest.raises(KitError, match="gradebook_which"):
        into_canvas(course, results, book)
    for wrong_name in ("La halle", "88)", "Current Score"):
        with pytest.raises(KitError, match="gradebook_column"):
            into_canvas(course, results, book, column=wrong_name)
    for name in ("88", "la halle (88)"):
        _, out = into_canvas(course, results, book, column=name)
        expected = book.read_bytes().replace(b"3e,,,", b'3e,,"10,00",')
        assert (out / "canvas.csv").read_bytes() == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n", "gradebook_columns"),
        ("", "gradebook_columns"),
        ("Student,ID,Section,Bias (1)\n", "gradebook_points"),
        ("Student,ID,Section,Bias (1)\n Points Possible,,,\n", "gradebook_points"),
        ("Student,ID,Section,Bias (1)\n Points Possible,,,(read only)\n", "gradebook_which"),
    ],
)
def test_a_gradebook_of_another_kind_is_refused(text, code):
    """Without its columns or points a gradebook is not touched."""
    with pytest.raises(KitError, match=code):
        canvas.Gradebook(text.encode())


# --- Results and commands ---


def test_the_exercise_is_named_where_there_are_several(course, halle):
    """One assignment takes the marks of one exercise."""
    other = course / "exercises" / "halle2"
    shutil.copytree(course / "exercises" / "halle", other)
    for name in ("exercise.toml", "key.toml"):
        text = (other / name).read_text("utf-8").replace('"halle"', '"halle2"')
        (other / name).write_text(text, "utf-8")
    from kit.loading import load

    files = {
        "Zoé Martin_1_assignsubmission_file/a.json": handed_in(halle, "z"),
        "Zoé Martin_1_assignsubmission_file/b.json": handed_in(load("halle2"), "z", {}),
    }
    results = graded(course, files)
    sheet = worksheet(course, "Participant 1,Zoé Martin,,x,,20,Yes,-,-,")
    with pytest.raises(KitError, match="export_which"):
        into_moodle(course, results, sheet)
    with pytest.raises(KitError, match="export_exercise"):
        into_moodle(course, results, sheet, exercise="z0")
    for exercise, mark in (("halle", "20.00"), ("halle2", "0.00")):
        _, out = into_moodle(course, results, sheet, exercise=exercise)
        assert cells(out / "moodle.csv")[1][4] == mark


def test_a_refused_file_is_no_second_exercise(course, halle):
    """A file of an exercise that the course lacks asks for no choice, and is listed."""
    strange = handed_in(halle, "a").replace(b'"halle"', b'"elsewhere"')
    files = {
        LAYOUTS["flat"]: handed_in(halle, "z"),
        "Ali Ben_7_assignsubmission_file_r.json": strange,
    }
    sheet = worksheet(
        course,
        "Participant 12,Zoé Martin,,x,,20,Yes,-,-,",
        "Participant 7,Ali Ben,,x,,20,Yes,-,-,",
    )
    summary, out = into_moodle(course, graded(course, files), sheet)
    assert (summary.filled, to_check(out)) == (1, [("3", "7", "refused")])


def test_a_gradebook_saved_by_a_spreadsheet(course, halle):
    """Semicolons, decimal commas and another order of lines change no mark."""
    files = {
        f"{name}/r.json": handed_in(halle, name, answers)
        for name, answers in {"=a": None, "b": {}, "c": None}.items()
    }
    results = graded(course, files)
    plain = read(results)
    book = results / "gradebook.csv"
    head, *lines = csv.reader(book.read_text("utf-8").splitlines())
    with book.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(head)
        for line in reversed(lines):
            table.writerow([re.sub(r"(?<=\d)\.(?=\d\d$)", ",", cell) for cell in line])
    assert read(results) == plain[::-1]
    assert [each.learner for each in plain] == ["=a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gradebook.csv", None),
        ("results.jsonl", None),
        ("gradebook.csv", "a,b\n1,2\n"),
        ("results.jsonl", "{"),
        ("results.jsonl", "[]\n"),
    ],
)
def test_results_that_cannot_be_read(course, halle, name, text):
    """A folder that is none of results, or a broken one, is told."""
    results = graded(course, {"z/r.json": handed_in(halle, "z")})
    (results / name).unlink()
    if text is not None:
        (results / name).write_text(text, "utf-8")
    with pytest.raises(KitError, match="graded_broken" if text else "graded_missing"):
        read(results)


def test_marks_that_wait_for_the_teacher(course, halle):
    """Where answers wait for the teacher there is no mark yet."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    book = results / "gradebook.csv"
    head, line = csv.reader(book.read_text("utf-8").splitlines())
    line[head.index("to_mark")] = "2"
    with book.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, line])
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,")
    summary, out = into_moodle(course, results, sheet)
    assert (summary.filled, to_check(out)) == (0, [("2", "12", "to_mark")])


def test_the_same_marks_give_the_same_bytes(course, halle):
    """No file has a clock in it."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    sheet = worksheet(course, "Participant 12,Zoé Martin,,x,,20,Yes,-,-,")
    sums = set()
    for to in ("one", "two"):
        export(Plan(results, course / to, moodle=sheet, xlsx=True, jsonl=True, xapi=True))
        files = sorted((course / to).iterdir())
        names = [file.name for file in files]
        sums.add(hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest())
    assert len(sums) == 1
    with zipfile.ZipFile(course / "two" / "feedback-moodle.zip") as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    tables = ["gradebook.jsonl", "gradebook.xlsx", "moodle.csv", "to-check.csv", "xapi.json"]
    assert names == ["feedback-moodle.zip", *tables]


def test_json_lines(course, halle):
    """A line a learner: names as handed in, numbers as numbers, nothing as null."""
    files = {"=cmd/r.json": handed_in(halle, "=cmd"), "b/x.json": b"{"}
    results = graded(course, files | {"=Zoé_1_assignsubmission_file_r.json": b"{"})
    export(Plan(results, course / "out", jsonl=True))
    lines = (course / "out" / "gradebook.jsonl").read_text("utf-8").splitlines()
    rows = {row["learner"]: row for row in map(json.loads, lines)}
    assert rows["=cmd"]["points"] == 36
    assert [task["task"] for task in rows["=cmd"]["tasks"]][:3] == ["claims", "sources", "bias"]
    assert rows["1"]["name"] == "=Zoé"
    assert rows["b"]["points"] is None
    assert rows["b"]["reason"] == ["not_json"]


def test_the_command(course, halle, capsys, monkeypatch):
    """`kit export` says what it wrote; without a target it is used wrongly."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    sheet = worksheet(
        course,
        "Participant 12,Zoé Martin,,x,,20,Yes,-,-,",
        "Participant 13,Ali,,x,,20,Yes,-,-,",
    )
    call = ["export", str(results), "--to", str(course / "out"), "--moodle", str(sheet)]
    assert cli.main(call) == 0
    said = capsys.readouterr().err
    assert "1 note inscrite." in said
    assert "1 ligne à regarder dans to-check.csv." in said
    assert slips(said.replace("\n", " ").strip().replace(str(course), "")) == []
    assert cli.main([*call, "--xapi", "--json", "--lang", "en"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["filled"], told["to_check"]) == (1, {"no_work": 1})
    assert cells(course / "out" / "moodle.csv")[1][9].startswith("Automatic grading:")
    assert cli.main(call[:4]) == 2
    assert "--moodle" in capsys.readouterr().err
    assert cli.main(["export", str(course / "none"), "--to", "out", "--xapi"]) == 1
    with pytest.raises(SystemExit) as raised:
        cli.main([*call, "--canvas", str(sheet)])
    assert raised.value.code == 2
    monkeypatch.setenv("KIT_LANG", "en")
    assert cli.main(call) == 0
    assert "1 mark filled in." in capsys.readouterr().err


def test_a_place_that_cannot_be_written_to(course, halle):
    """A file where the folder should be is told."""
    results = graded(course, {LAYOUTS["flat"]: handed_in(halle, "z")})
    (course / "out").write_text("", "utf-8")
    with pytest.raises(KitError, match="cannot_write_results"):
        export(Plan(results, course / "out", xapi=True))


def test_a_place_in_moodles_download():
    """Only Moodle's own names give a number."""
    assert moodle.place("a/b.json") is None
    assert moodle.place("77_assignsubmission_file/r.json") is None
    assert moodle.place("x.zip/A_007_assignsubmission_onlinetext_/o.html").number == "7"


def test_every_code_is_in_the_docs():
    """What a list may say is explained to the teacher, and so is each file."""
    docs = (ROOT / "docs" / "instructor" / "export.md").read_text("utf-8")
    words = catalogue("fr")
    codes = {id.removeprefix("export.left.") for id in words if id.startswith("export.left.")}
    assert len(codes) > 15
    files = {"moodle.csv", "canvas.csv", "feedback-moodle.zip", "to-check.csv", "gradebook.xlsx"}
    told = codes | files | {"gradebook.jsonl", "xapi.json"}
    assert [word for word in told if f"`{word}`" not in docs] == []
