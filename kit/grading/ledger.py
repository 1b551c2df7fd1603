"""What a run of grading has found, on disk: sorted there, and the next run goes on from it.

SQLite, beside the results, gone when they are complete.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import KitError, Mistake
from kit.grading.collect import Candidate
from kit.grading.grade import Record

NAME = ".grading.sqlite"

Said = tuple[str, str, str, str, int, bool]  # what `said` returns

_TABLES = """
CREATE TABLE IF NOT EXISTS bench (version TEXT);
CREATE TABLE IF NOT EXISTS graded (sum BLOB PRIMARY KEY, record BLOB);
DROP TABLE IF EXISTS found;
DROP TABLE IF EXISTS row;
DROP TABLE IF EXISTS problem;
DROP TABLE IF EXISTS sign;
CREATE TABLE found (
  path TEXT, told TEXT, name TEXT, lms_late INT, folder TEXT, folder_name TEXT, "group" TEXT,
  sum BLOB, reason TEXT, exercise TEXT, inside TEXT, status TEXT, at TEXT, version INT,
  from_log INT, "key" TEXT DEFAULT '', learner TEXT DEFAULT '', sort TEXT DEFAULT '');
CREATE TABLE row ("key" TEXT, sort TEXT, exercise TEXT, page TEXT, row TEXT, sum BLOB);
CREATE TABLE problem (path TEXT, learner TEXT, exercise TEXT, status TEXT, code TEXT, count INT);
CREATE TABLE sign (exercise TEXT, learner TEXT, other TEXT, code TEXT, measure TEXT);
"""

# A plain folder is a learner's if most of the folders beside it hold the work of one person:
# one learner who puts a second name into a file does not turn the class into groups.
_OWNERS = """
CREATE TEMP TABLE folders AS
  SELECT folder, rtrim(folder, replace(folder, '/', '')) AS above,
         COUNT(DISTINCT CASE WHEN status <> 'refused' THEN nullif(inside, '') END) AS persons
  FROM found WHERE told = '' AND folder <> '' GROUP BY folder;
CREATE TEMP TABLE personal AS
  SELECT folder FROM folders WHERE above IN
    (SELECT above FROM folders GROUP BY above HAVING 2 * SUM(persons <= 1) >= COUNT(*));
UPDATE found SET learner = told, "key" = told || '|' || folder WHERE told <> '';
UPDATE found SET learner = folder_name, "key" = folder_name || '|' || folder
  WHERE told = '' AND folder IN personal;
UPDATE found SET learner = inside, "key" = inside || '|#' || folder,
    "group" = CASE WHEN folder <> '' THEN folder_name ELSE "group" END
  WHERE learner = '' AND inside <> '';
UPDATE found SET reason = 'no_learner', status = 'refused'
  WHERE learner = '' AND status <> 'refused';
UPDATE found SET learner = path, "key" = path || '|?' WHERE learner = '';
UPDATE found SET sort = nfc(learner);
DROP TABLE folders;
DROP TABLE personal;
CREATE INDEX found_sum ON found (sum);
"""

_ORDER = """
SELECT f.*, CASE WHEN f.exercise = '' THEN f.path ELSE '' END AS alone,
  f.status <> 'refused' AND EXISTS (SELECT 1 FROM found o WHERE o.sum = f.sum
    AND o."key" <> f."key" AND o.status <> 'refused') AS twin
FROM found f
ORDER BY f.exercise, f.sort, f."key", alone, f.at, f.version, f.path
"""


class Ledger:
    """The tables of one run.

    Parameters
    ----------
    folder : Path
        Where the results go.
    version : str
        What records depend on besides the hand-in: those of another version are forgotten.

    Raises
    ------
    KitError
        If another run is at work in the folder.
    """

    def __init__(self, folder: Path, version: str) -> None:
        self.path = folder / NAME
        try:
            self._open(version)
        except sqlite3.OperationalError as error:
            self._base.close()
            if "locked" in str(error):
                raise KitError(Mistake("grading_elsewhere", str(folder))) from error
            raise
        except sqlite3.DatabaseError:  # what a crash left is no ledger any more
            self.remove()
            self._open(version)

    def packed(self, sum_: bytes) -> bytes | None:
        """Return the record of a hand-in that was graded before, as it was packed."""
        row = self._base.execute("SELECT record FROM graded WHERE sum = ?", (sum_,)).fetchone()
        return bytes(row[0]) if row else None

    def known(self, sum_: bytes) -> Record | None:
        """Return the record of a hand-in that was graded before, here or in a run cut short."""
        data = self.packed(sum_)
        return unpacked(data) if data else None

    def keep(self, sum_: bytes, record: bytes) -> None:
        """Keep a record, packed."""
        self._base.execute("INSERT OR REPLACE INTO graded VALUES (?, ?)", (sum_, record))

    def found(self, candidate: Candidate, sum_: bytes | None, said: Said) -> None:
        """Note a file that gets a row."""
        owner = candidate.owner
        self._base.execute(
            "INSERT INTO found VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'','','')",
            (
                candidate.path,
                owner.learner,
                owner.name,
                owner.late,
                owner.folder,
                owner.folder_name,
                owner.group,
                sum_,
                candidate.reason,
                *said,
            ),
        )

    def absent(self, learner: str, name: str, group: str, exercise: str) -> None:
        """Note somebody who handed nothing in."""
        self._base.execute(
            'INSERT INTO found (path, told, name, lms_late, "group", reason, exercise, inside,'
            ' status, at, version, from_log, "key", learner, sort)'
            " VALUES ('', ?, ?, 0, ?, 'absent', ?, '', 'empty', '', 0, 0, ?, ?, nfc(?))",
            (learner, name, group, exercise, f"{learner}|", learner, learner),
        )

    def settle_owners(self) -> None:
        """Decide whose each file is, now that all are known."""
        self._base.executescript(_OWNERS)

    def exercises(self) -> list[str]:
        """Return the ids of the exercises of which something could be graded."""
        query = "SELECT DISTINCT exercise FROM found WHERE status <> 'refused' ORDER BY exercise"
        return [row[0] for row in self._base.execute(query)]

    def learners(self, exercise: str) -> Iterator[tuple[str, str]]:
        """Yield id and name of everybody who handed in an exercise (any, where none is named)."""
        query = "SELECT DISTINCT learner, name FROM found WHERE exercise = ? OR ? = ''"
        yield from self._base.execute(query, (exercise, exercise))

    def in_order(self) -> Iterator[sqlite3.Row]:
        """Yield all files by exercise and learner, those of one learner by time."""
        yield from self._base.execute(_ORDER)

    def row(self, key: str, sort: str, row: dict[str, Any], sum_: bytes | None) -> None:
        """Keep a row of the gradebook for the pages."""
        text = json.dumps(row, ensure_ascii=False)
        self._base.execute(
            "INSERT INTO row VALUES (?,?,?,?,?,?)",
            (key, sort, row["exercise"], row["page"], text, sum_),
        )

    def rows(self, *, records: bool = True) -> Iterator[tuple[str, dict[str, Any], bytes | None]]:
        """Yield the rows by learner: key, row, packed record of the hand-in that counts."""
        query = (
            'SELECT "key", row, sum FROM row ORDER BY sort, "key", exercise = \'\', exercise, rowid'
        )
        for key, row, sum_ in self._base.execute(query):
            yield key, json.loads(row), self.packed(sum_) if sum_ and records else None

    def index_pages(self) -> None:
        """Make ready for many questions about pages, now that all rows are kept."""
        self._base.execute("CREATE INDEX row_page ON row (page)")

    def has_page(self, name: str) -> bool:
        """Tell whether a page belongs to one of the rows."""
        return bool(self._base.execute("SELECT 1 FROM row WHERE page = ?", (name,)).fetchone())

    def sign(self, code: str, exercise: str, learner: str, other: str, measure: str) -> None:
        """Note something that is worth a talk."""
        told = exercise, learner, other, code, measure
        self._base.execute("INSERT INTO sign VALUES (?,?,?,?,?)", told)

    def signs(self) -> Iterator[sqlite3.Row]:
        """Yield what is worth a talk, by exercise and learner."""
        query = "SELECT * FROM sign ORDER BY exercise, learner, other, code, rowid"
        yield from self._base.execute(query)

    def problem(self, path: str, learner: str, exercise: str, status: str, code: str) -> None:
        """Note something that was not as meant."""
        self._base.execute(
            "INSERT INTO problem VALUES (?,?,?,?,?,1)", (path, learner, exercise, status, code)
        )

    def problems(self) -> Iterator[sqlite3.Row]:
        """Yield what was noted, by file."""
        yield from self._base.execute(
            "SELECT * FROM problem ORDER BY path, exercise, learner, code"
        )

    def save(self) -> None:
        """Put on disk what was kept so far."""
        self._base.commit()

    def close(self) -> None:
        """Leave the ledger where it is, for a run that goes on."""
        self._base.close()

    def remove(self) -> None:
        """Take the ledger away."""
        self._base.close()
        for path in (self.path, self.path.with_name(f"{NAME}-journal")):
            path.unlink(missing_ok=True)

    def _open(self, version: str) -> None:
        self._base = sqlite3.connect(self.path, timeout=0)
        self._base.row_factory = sqlite3.Row
        self._base.create_function("nfc", 1, _nfc, deterministic=True)
        self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA temp_store = FILE")
        self._base.executescript(f"BEGIN EXCLUSIVE;{_TABLES}COMMIT;")
        noted = self._base.execute("SELECT version FROM bench").fetchone()
        if noted is None or noted[0] != version:
            self._base.execute("DELETE FROM graded")
            self._base.execute("DELETE FROM bench")
            self._base.execute("INSERT INTO bench VALUES (?)", (version,))
        self._base.commit()


def said(record: Record) -> Said:
    """Return what the ledger needs to know of a record: whose, which, when."""
    return (
        record["exercise"],
        record["learner_in_file"],
        record["status"],
        record.get("submitted_at", ""),
        record.get("version", 0),
        record.get("from_log", False),
    )


def packed(record: Record) -> bytes:
    """Return a record as a few bytes."""
    return zlib.compress(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace"), 1)


def unpacked(data: bytes) -> Record:
    """Return a record that was packed."""
    record: Record = json.loads(zlib.decompress(data))
    return record


def text_of(data: bytes) -> str:
    """Return a packed record as the JSON it was packed from."""
    return zlib.decompress(data).decode()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
