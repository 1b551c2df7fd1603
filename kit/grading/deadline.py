"""When something was handed in, and whether that was on time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from kit.errors import KitError, Mistake

LAST = "last"
_LONGEST = 40  # signs of a time
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a hand-in is on time; ``at`` is ISO 8601 in UTC, empty where there is no end."""

    at: str = ""

    @classmethod
    def of(cls, rule: str) -> Deadline:
        """Read a rule: ``last`` (no end), a date (its last second) or a time, local without zone.

        Raises
        ------
        KitError
            If it is none of these.
        """
        if rule in ("", LAST):
            return cls()
        try:
            if len(rule) <= len("2026-05-12"):
                end = datetime.combine(date.fromisoformat(rule), time(23, 59, 59))
            else:
                end = datetime.fromisoformat(rule)
            at = instant(end.astimezone().isoformat())
        except (ValueError, OverflowError):
            at = ""
        if not at:
            raise KitError(Mistake("late_rule", "--late", "", {"found": rule}))
        return cls(at)

    def seconds_late(self, submitted_at: str) -> int | None:
        """Return by how much a time is late, 0 on time; None where one of the two is unknown."""
        if not self.at or not submitted_at:
            return None
        late = datetime.fromisoformat(submitted_at) - datetime.fromisoformat(self.at)
        return max(int(late.total_seconds()), 0)


def instant(value: Any) -> str:
    """Return a time as ISO 8601 in UTC; empty if it is none, has no zone, or cannot be.

    Examples
    --------
    >>> instant("2026-05-12T18:00:00+02:00")
    '2026-05-12T16:00:00Z'
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    try:
        time = datetime.fromisoformat(value)
        if time.tzinfo is None or time.year not in _YEARS:
            return ""
        return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return ""
