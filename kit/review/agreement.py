"""How far two markers agree: per cent, quadratic-weighted kappa, and the answers far apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from kit.review import rubric
from kit.review.marks import Book
from kit.review.results import Place


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two markers and the answers that both have marked.

    Attributes
    ----------
    same : int
        Answers with the same points.
    kappa : float or None
        Quadratic-weighted kappa of Cohen; None where it is not defined.
    apart : tuple of Place
        Answers on which they lie two levels or more apart, the farthest first.
    settled : int
        How many of those that lay apart have been settled.
    """

    markers: tuple[str, str]
    places: tuple[Place, ...]
    same: int
    kappa: float | None
    apart: tuple[Place, ...]
    settled: int


def quadratic_kappa(pairs: Sequence[tuple[int, int]]) -> float | None:
    """Return Cohen's kappa with quadratic weights.

    None where it is not defined: no pairs, or both markers used one and the same level only.

    Notes
    -----
    Cohen (1968), *Psychological Bulletin* 70(4), 213-220: 1 minus the squared distances that were
    seen over those that the markers' own levels would give by chance.

    Examples
    --------
    >>> round(quadratic_kappa([(0, 0), (1, 2), (2, 2), (4, 3)]), 3)
    0.852
    >>> quadratic_kappa([(3, 3), (3, 3)]) is None
    True
    """
    count = len(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    seen = sum((one - other) ** 2 for one, other in pairs)
    by_chance = sum(
        times * others * (one - other) ** 2
        for one, times in first.items()
        for other, others in second.items()
    )
    return 1 - count * seen / by_chance if by_chance else None


def compared(book: Book, known: Sequence[Place]) -> list[Agreement]:
    """Compare every two markers who have both finished, on the answers that both have marked.

    Parameters
    ----------
    known : sequence of Place
        The answers there are, in the order in which they shall be listed.
    """
    found = []
    for one, other in combinations(sorted(book.done), 2):
        places = tuple(place for place in known if {one, other} <= book.marks.get(place, {}).keys())
        if places:
            found.append(_agreement(book, one, other, places))
    return found


def _agreement(book: Book, one: str, other: str, places: tuple[Place, ...]) -> Agreement:
    points = {
        place: (book.marks[place][one].points, book.marks[place][other].points) for place in places
    }
    distance = {place: abs(first - second) for place, (first, second) in points.items()}
    apart = [place for place in places if distance[place] >= rubric.APART]
    return Agreement(
        (one, other),
        places,
        sum(not each for each in distance.values()),
        quadratic_kappa(list(points.values())),
        tuple(sorted(apart, key=lambda place: -distance[place])),
        sum(place in book.settled for place in apart),
    )
