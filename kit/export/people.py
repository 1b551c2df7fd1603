"""Which line of a teacher's file is whose: by number, by address, by name; never by guessing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kit.errors import KitError, Mistake
from kit.export.graded import Marked
from kit.export.sheet import Sheet

# What teachers and learning management systems call these columns.
TITLES = {
    "learner": ("learner", "id", "identifiant", "identifier", "eleve", "élève", "pseudonyme"),
    "name": ("name", "nom", "full name", "nom complet", "student"),
    "email": ("email", "e-mail", "email address", "adresse de courriel", "courriel", "adresse mél"),
}
_CUT = 30  # signs: a name of so many may have been cut off


@dataclass(frozen=True)
class Person:
    """How somebody can be known.

    Attributes
    ----------
    number : str
        What the platform calls them by; empty where it is not known.
    addresses, names : frozenset of str
        E-mail addresses and logins, and full names, folded.
    """

    number: str = ""
    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass
class Matches:
    """Who was found where.

    Attributes
    ----------
    rows : dict
        From the place of a learner to the place of their row.
    why_not : dict
        From the place of a learner to the code of why they have no row.
    """

    rows: dict[int, int] = field(default_factory=dict)
    why_not: dict[int, str] = field(default_factory=dict)


def match(people: Sequence[Person], rows: Sequence[Person]) -> Matches:
    """Find each learner's row.

    A number decides where a learner has one. Else an address, else a name: one that two rows
    share decides nothing. A row that two learners come to is neither's.
    """
    by_number = _by(rows, lambda row: [row.number] if row.number else [])
    by_address = _by(rows, lambda row: row.addresses)
    by_name = _by(rows, lambda row: row.names)
    matches = Matches()
    for at, person in enumerate(people):
        if person.number:
            found = by_number[person.number]
        else:
            found = _all(by_address, person.addresses) or _all(by_name, person.names)
        if len(found) != 1:
            matches.why_not[at] = "ambiguous" if found else "no_row"
            continue
        (row,) = found
        if person.number and not _may_be_one(person.names, rows[row].names):
            matches.why_not[at] = "other_name"
        else:
            matches.rows[at] = row
    claims = Counter(matches.rows.values())
    for at, row in list(matches.rows.items()):
        if claims[row] > 1:
            matches.why_not[at] = "shared_row"
            del matches.rows[at]
    return matches


def settled(
    marked: Sequence[Marked], ours: Sequence[Person], rows: Sequence[Person]
) -> tuple[dict[int, int], dict[int, str]]:
    """Find the rows of all learners, and the code of why no mark goes there.

    Who has a mark comes first: a file of theirs that was refused does not stand in its way.
    """
    found: dict[int, int] = {}
    why_not = {at: each.why_not for at, each in enumerate(marked) if each.share is None}
    for group in (set(range(len(marked))) - why_not.keys(), why_not.keys()):
        places = sorted(group)
        matches = match([ours[at] for at in places], rows)
        found |= {places[at]: row for at, row in matches.rows.items()}
        why_not = {places[at]: code for at, code in matches.why_not.items()} | why_not
    return found, why_not


def folded(name: str) -> str:
    """Return a name as it is compared: accents composed, small letters, single blanks.

    Examples
    --------
    >>> folded(" Zoe" + chr(0x301) + "  MARTIN")
    'zoé martin'
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class Roster:
    """The list of a class, as far as it helps to tell who is who."""

    def __init__(self, rows: Iterable[dict[str, str]] = ()) -> None:
        self._lines: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            self._lines[folded(row["learner"] or row["name"])].append(row)

    @classmethod
    def read(cls, path: Path) -> Roster:
        """Read a list: CSV with a line of headings.

        Raises
        ------
        KitError
            If it cannot be read, or no column names the learners.
        """
        sheet = Sheet.of(read_bytes(path), str(path))
        titles = [folded(cell.text) for cell in sheet.rows[0]] if sheet.rows else []
        places = {
            field: [titles.index(title) for title in known if title in titles]
            for field, known in TITLES.items()
        }
        if not places["learner"] and not places["name"]:
            why = ", ".join(titles)[:80]
            raise KitError(Mistake("roster_unreadable", str(path), "", {"why": why}))
        return cls(
            {
                field: next((row[at].text.strip() for at in found if at < len(row)), "")
                for field, found in places.items()
            }
            for row in sheet.rows[1:]
            if row
        )

    def person(self, marked: Marked, number: str) -> Person:
        """Return how a learner can be known: by their hand-in, and by their line of the list."""
        lines = self._lines[folded(marked.learner)]
        line = lines[0] if len(lines) == 1 else {"name": "", "email": ""}
        addresses = {marked.learner, line["email"]}
        names = {marked.name, line["name"]}
        if not number and names == {""}:
            names = {marked.learner}  # a folder or a pseudonym may well be the full name
        return Person(
            number,
            frozenset(map(folded, addresses)) - {""},
            frozenset(map(folded, names)) - {""},
        )


def read_bytes(path: Path) -> bytes:
    """Return what is in a teacher's file.

    Raises
    ------
    KitError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise KitError(Mistake("export_file", str(path), "", {"why": why})) from error


def _by(
    rows: Sequence[Person], keys: Callable[[Person], Iterable[str]]
) -> defaultdict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for at, row in enumerate(rows):
        for key in keys(row):
            found[key].add(at)
    return found


def _all(index: defaultdict[str, set[int]], keys: Iterable[str]) -> set[int]:
    return set().union(*(index[key] for key in keys))


def _may_be_one(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Tell whether a number may well mean the same person in both files.

    Participant numbers begin anew in each assignment: a worksheet of another one has the same
    numbers for other people. Platforms change signs, put a group before a name and cut long ones,
    so it is enough that one name has all the words of the other, or begins as the other does.
    """
    if not ours or not theirs:
        return True
    pairs = [(_words(one), _words(other)) for one in ours for other in theirs]
    return any(_fits(one, other) or _fits(other, one) for one, other in pairs)


def _fits(one: list[str], other: list[str]) -> bool:
    cut = "".join(one)
    return set(one) <= set(other) or (len(cut) >= _CUT and "".join(other).startswith(cut))


def _words(name: str) -> list[str]:
    plain = "".join(
        sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)
    )
    return re.findall(r"[^\W_]+", plain)
