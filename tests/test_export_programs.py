"""A workbook holds texts as texts; xAPI statements keep the rules of xAPI 1.0.3."""

import datetime
import json
import re
import sys
import uuid
import zipfile
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from kit.errors import KitError
from kit.export import xapi
from kit.export.export import Plan, export
from kit.export.graded import Marked
from kit.export.xlsx import workbook
from kit.grading.attempts import COLUMNS

NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+1",
    "https://example.org/x",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "{=1+1}",
    "<b>&amp;</b>",
    "a\0b\x0b_x000D_\ufffe",
    "Zo" + chr(0x202E) + "é",
    "x" * 40_000,
    "  blanks  ",
]


def marked(learner, **changes):
    row = dict.fromkeys(COLUMNS, "") | {
        "exercise": "z0",
        "learner": learner,
        "status": "graded",
        "points": 15.5,
        "max": 30,
        "percent": 51.67,
        "to_mark": 0,
        "late_s": None,
        "submitted_at": "2026-05-12T10:00:00Z",
        "key_version": "abc",
        "scorer": "0.1.0/1",
        "mode": "practice",
        "page": "x-0123456789abcdef.html",
    }
    task = {"task": "bias", "layer": "bias", "score": 0.5, "points": 3.0, "max": 6, "blank": False}
    blank = task | {"task": "claims", "layer": "claim", "score": 0.0, "points": 0.0, "blank": True}
    return Marked(learner, "Zoé", "3e", "r.json", row | changes, (task, blank), "0f")


# --- Workbook ---


@pytest.fixture
def sheets(tmp_path):
    """The cells of each sheet of a workbook of hostile names: reference to type and value."""
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook([marked(name) for name in HOSTILE], "fr"))
    with zipfile.ZipFile(path) as archive:
        everything = {name: archive.read(name) for name in archive.namelist()}
    strings = [
        "".join(text.text or "" for text in item.iterfind(".//x:t", NAMESPACE))
        for item in ElementTree.fromstring(everything["xl/sharedStrings.xml"])
    ]
    found = {}
    for number in (1, 2, 3):
        sheet = ElementTree.fromstring(everything[f"xl/worksheets/sheet{number}.xml"])
        found[number] = {
            cell.get("r"): strings[int(cell.findtext("x:v", "", NAMESPACE))]
            if cell.get("t") == "s"
            else float(cell.findtext("x:v", "", NAMESPACE))
            for cell in sheet.iterfind(".//x:c", NAMESPACE)
        }
    return found, everything


def test_no_text_becomes_a_formula_or_a_link(sheets):
    """Names that begin like formulas or links are texts; so are those with odd signs."""
    found, everything = sheets
    for name, data in everything.items():
        assert "externalLink" not in name
        if "worksheets" in name:
            assert not re.search(rb"<f\b|<hyperlink", data)
    column = [found[1][f"B{row}"] for row in range(2, len(HOSTILE) + 2)]
    assert column[:8] == HOSTILE[:8]
    assert column[8] == "a\ufffdb\ufffd_x005F_x000D__xFFFE_"  # a spreadsheet undoes _xHHHH_
    assert column[9] == "Zo\ufffdé"
    assert len(column[10]) <= 200
    assert column[11] == "  blanks  "


def test_numbers_are_numbers(sheets):
    """Points can be added up; what is not known stays an empty cell."""
    found, _ = sheets
    assert (found[1]["F2"], found[1]["G2"], found[1]["H2"]) == (15.5, 30.0, 51.67)
    assert found[2]["E2"] == 3.0
    titles = {cell: value for cell, value in found[3].items() if re.fullmatch(r"[A-Z]+1", cell)}
    assert list(titles.values()) == list(COLUMNS)
    late = next(cell for cell, value in titles.items() if value == "late_s")
    assert f"{late[:-1]}2" not in found[3]


def test_titles_are_in_the_language_asked_for(sheets):
    """The sheet that a teacher opens first has words for titles and states."""
    found, _ = sheets
    assert (found[1]["B1"], found[1]["E2"]) == ("Élève", "corrigé")


def test_no_clock_in_a_workbook(sheets):
    """A workbook says that it was made at one fixed time."""
    assert b">2000-01-01T00:00:00Z<" in sheets[1]["docProps/core.xml"]


def test_without_the_library(monkeypatch):
    """Where XlsxWriter is missing, the mend is told."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(KitError, match="xlsx_missing"):
        workbook([], "fr")


# --- xAPI: rules of the specification, part two, section by section ---

VERBS = {f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("answered", "completed", "scored")}
STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp"}


def is_iri(text):
    return bool(urlsplit(text).scheme and urlsplit(text).netloc) and not re.search(r"\s", text)


def nothing_is_null(value):
    """2.2: no nulls, and no empty objects."""
    if isinstance(value, dict):
        return bool(value) and all(map(nothing_is_null, value.values()))
    if isinstance(value, list):
        return all(map(nothing_is_null, value))
    return value is not None


def language_map(names):
    """4.2: keys are language tags (RFC 5646), values strings."""
    return all(re.fullmatch(r"[a-z]{2,3}", tag) for tag in names) and all(
        isinstance(text, str) for text in names.values()
    )


def activity(told):
    """2.4.4.1: an id that is an IRI, and a definition with names and a type."""
    assert set(told) == {"objectType", "id", "definition"}
    assert told["objectType"] == "Activity"
    assert is_iri(told["id"])
    assert set(told["definition"]) == {"name", "type"}
    assert language_map(told["definition"]["name"])
    assert told["definition"]["type"].startswith("http://adlnet.gov/expapi/activities/")


def check(statement):
    """Hold one statement to the specification."""
    assert STATEMENT - {"timestamp"} <= set(statement) <= STATEMENT  # 2.4; no "version": 2.4.10
    assert nothing_is_null(statement)
    id = uuid.UUID(statement["id"])
    assert (id.variant, str(id)) == (uuid.RFC_4122, statement["id"])  # 2.4.1
    actor = statement["actor"]  # 2.4.2: one identifier alone, and no name
    assert set(actor) == {"objectType", "account"}
    assert actor["objectType"] == "Agent"
    assert set(actor["account"]) == {"homePage", "name"}
    assert is_iri(actor["account"]["homePage"])
    assert isinstance(actor["account"]["name"], str)
    assert actor["account"]["name"]
    assert statement["verb"]["id"] in VERBS  # 2.4.3
    assert set(statement["verb"]) == {"id", "display"}
    assert language_map(statement["verb"]["display"])
    activity(statement["object"])
    result = statement["result"]  # 2.4.5
    assert set(result) <= {"score", "completion"}
    if "score" in result:
        score = result["score"]
        assert set(score) == {"scaled", "raw", "min", "max"}
        assert -1 <= score["scaled"] <= 1
        assert score["min"] <= score["raw"] <= score["max"]
        assert score["min"] < score["max"]
        assert not any(isinstance(value, bool | str) for value in score.values())
    assert result.get("completion", True) is True
    context = statement["context"]  # 2.4.6: "platform" because the object is an activity
    assert set(context) <= {"platform", "contextActivities", "extensions"}
    for parent in context.get("contextActivities", {}).get("parent", []):
        activity(parent)
    assert all(map(is_iri, context["extensions"]))  # 4.1
    if "timestamp" in statement:  # 4.5: ISO 8601, not the far zone -00:00
        at = datetime.datetime.fromisoformat(statement["timestamp"])
        assert at.tzinfo is not None
        assert not statement["timestamp"].endswith(("-00:00", "-0000"))


def test_statements_keep_the_rules():
    """Every statement of a class with odd names is valid, and no two have one id."""
    people = [marked(name) for name in HOSTILE]
    people.append(marked("late", submitted_at=""))
    people.append(marked("odd exercise", exercise="a/../b ?#é"))
    found = json.loads(xapi.encoded(people))
    for statement in found:
        check(statement)
    assert len({statement["id"] for statement in found}) == len(found) == 3 * len(people)
    assert not re.search(r"Zoé|r\.json", json.dumps(found, ensure_ascii=False))


def test_what_is_said_of_one_learner():
    """Each task that was answered, then the exercise done, then its score."""
    answered, completed, scored = xapi.statements([marked("zoe")])
    verbs = [each["verb"]["id"].rsplit("/")[-1] for each in (answered, completed, scored)]
    assert verbs == ["answered", "completed", "scored"]
    assert answered["result"]["score"] == {"scaled": 0.5, "raw": 3.0, "min": 0, "max": 6}
    assert answered["object"]["id"] == f"{xapi.HOME}exercises/z0/tasks/bias"
    assert answered["context"]["contextActivities"]["parent"][0] == scored["object"]
    assert completed["result"] == {"completion": True}
    assert scored["result"]["score"]["scaled"] == round(15.5 / 30, 6)
    assert scored["actor"]["account"] == {"homePage": xapi.HOME, "name": "zoe"}
    assert scored["timestamp"] == "2026-05-12T10:00:00Z"


def test_an_id_stands_for_its_statement():
    """The same marks have the same ids; another mark or key has another: statements are final."""
    ids = {each["id"] for each in xapi.statements([marked("zoe")])}
    assert ids == {each["id"] for each in xapi.statements([marked("zoe")])}
    for change in ({"points": 16.0}, {"key_version": "abd"}, {"exercise": "halle"}):
        assert {each["id"] for each in xapi.statements([marked("zoe", **change)])} != ids


def test_two_people_of_one_id_stay_two():
    """The same pseudonym in two folders is two accounts."""
    two = [marked("zoe"), marked("zoe", page="x-fedcba9876543210.html")]
    names = {each["actor"]["account"]["name"] for each in xapi.statements(two)}
    assert len(names) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": "refused", "points": None, "max": None},
        {"status": "empty", "reason": "absent", "points": None, "max": None},
        {"status": "to_mark", "to_mark": 2},
    ],
)
def test_nothing_is_said_where_there_is_no_mark(change):
    """Refused, absent and waiting hand-ins have no statement."""
    assert xapi.encoded([marked("zoe", **change)]) == b"[]\n"


def test_one_exercise_of_several(tmp_path):
    """`--exercise` leaves the others out of every file."""
    (tmp_path / "results.jsonl").write_text("", "utf-8")
    lines = ["exercise,learner,name,status,reason,points,max", "a,x,,graded,,1.00,2.00"]
    (tmp_path / "gradebook.csv").write_text("\n".join([*lines, "b,x,,graded,,2.00,2.00", ""]))
    export(Plan(tmp_path, tmp_path / "out", jsonl=True, xapi=True, exercise="b"))
    (row,) = (tmp_path / "out" / "gradebook.jsonl").read_text("utf-8").splitlines()
    assert json.loads(row)["exercise"] == "b"
    assert "exercises/a" not in (tmp_path / "out" / "xapi.json").read_text("utf-8")
