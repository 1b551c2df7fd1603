"""A teacher's CSV file is read as others read it, and only the cells filled in change."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import KitError
from kit.export import marks
from kit.export.sheet import Sheet

SIGNS = st.characters(codec="utf-8", exclude_characters="\0")
TEXTS = st.text(st.one_of(SIGNS, st.sampled_from(',;\t"\r\n =\\' + chr(0x202E))), max_size=12)


@st.composite
def files(draw):
    """A CSV file as its bytes: delimiter, quoting, line ends and byte order mark as they come."""
    delimiter = draw(st.sampled_from(",;\t"))
    width = draw(st.integers(2, 5))
    head = [f"h{number}" for number in range(width)]
    rows = draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=6))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = []
    for row in [head, *rows]:
        cells = []
        for cell in row:
            needs = any(sign in cell for sign in f'{delimiter}"\r\n')
            quoted = needs or draw(st.booleans())
            cells.append('"' + cell.replace('"', '""') + '"' if quoted else cell)
        lines.append(delimiter.join(cells))
    text = end.join(lines) + draw(st.sampled_from(["", end]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode(), delimiter


def as_others_read(data, delimiter):
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter))


def texts(sheet):
    return [[cell.text for cell in row] for row in sheet.rows]


@given(files())
def test_read_as_others_read(drawn):
    """Cells are those that Python's own reader finds."""
    data, delimiter = drawn
    sheet = Sheet.of(data)
    assert sheet.delimiter == delimiter.encode()
    assert texts(sheet) == as_others_read(data, delimiter)


@given(files(), st.data())
def test_only_the_cells_filled_in_change(drawn, data):
    """After filling, the new texts are there, and all other bytes where they were."""
    before, delimiter = drawn
    sheet = Sheet.of(before)
    cells = [cell for row in sheet.rows for cell in row]
    below = cells[len(sheet.rows[0]) :]
    chosen = data.draw(st.lists(st.sampled_from(below), unique=True, max_size=5)) if below else []
    new = {cell: data.draw(TEXTS) for cell in chosen}
    after = sheet.filled(new)
    expected = [[new.get(cell, cell.text) for cell in row] for row in sheet.rows]
    assert as_others_read(after, delimiter) == expected
    again = [cell for row in Sheet.of(after).rows for cell in row]
    assert outside(after, [again[cells.index(cell)] for cell in chosen]) == outside(before, chosen)


def outside(data, cells):
    """The bytes of a file without those of some cells."""
    for cell in sorted(cells, key=lambda cell: -cell.start):
        data = data[: cell.start] + data[cell.end :]
    return data


@given(files())
def test_nothing_filled_in_changes_nothing(drawn):
    """A file that is read and written is the same file."""
    assert Sheet.of(drawn[0]).filled({}) == drawn[0]


@given(st.binary(max_size=200))
def test_any_bytes(data):
    """Whatever a file holds, it is refused with a sentence or kept byte for byte."""
    try:
        sheet = Sheet.of(data)
    except KitError:
        assert b'"' in data or b"\0" in data
        return
    assert sheet.filled({}) == data
    places = [(cell.start, cell.end) for row in sheet.rows for cell in row]
    assert places == sorted(places)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(end):
    """A cell at the end of a line is filled before its end."""
    sheet = Sheet.of(b"a,b" + end + b"1," + end + b"2,")
    new = {row[1]: "x" for row in sheet.rows[1:]}
    assert sheet.filled(new) == b"a,b" + end + b"1,x" + end + b"2,x"


def test_a_file_in_windows_1252():
    """A file saved by an old spreadsheet keeps its bytes; what it lacks is written as HTML."""
    sheet = Sheet.of("Nom;Note\nZoé;\n".encode("cp1252"))
    name, mark = sheet.rows[1]
    assert name.text == "Zoé"
    assert sheet.filled({mark: "à\u202f≈"}) == b'Nom;Note\nZo\xe9;"\xe0&#8239;&#8776;"\n'


def test_headings_decide_about_the_delimiter():
    """A comma in quotes is none, and a title may have a line end."""
    assert Sheet.of(b'"a,b,c\n";d\n1;2').delimiter == b";"


@pytest.mark.parametrize(
    ("share", "most", "comma", "expected"),
    [(1, 20, False, "20.00"), (2 / 3, 20, True, "13,33"), (0, 7.5, False, "0.00")],
)
def test_marks(share, most, comma, expected):
    """A share becomes a mark with two decimals."""
    assert marks.mark(share, most, comma=comma) == expected


@pytest.mark.parametrize("cell", ["", "-", "EX", "1e9", "nan", "1.2.3", "٣", "1,000.00"])
def test_no_number(cell):
    """What only looks like a number is none."""
    assert marks.number(cell) is None
