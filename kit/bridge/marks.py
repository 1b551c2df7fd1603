"""The points of a record as nbgrader takes them: built-in numbers whose sum is the mark."""

from __future__ import annotations

import math

from kit.grading.grade import Record


def points_by_task(record: Record) -> dict[str, float]:
    """Return the points of each task in hundredths, so that their sum is what `kit grade` says.

    `kit grade` rounds a task's points, and the sum of unrounded ones: the two can be a hundredth
    apart. The task whose rounding took or gave most then has that hundredth. A task that waits for
    a teacher has no points; nor has anything in a file that was refused.
    """
    scored = {task["task"]: task for task in record["tasks"] if task["points"] is not None}
    hundredths = {name: round(100 * task["points"]) for name, task in scored.items()}
    left = round(100 * (record["points"] or 0.0)) - sum(hundredths.values())
    step = 1 if left > 0 else -1

    def lost(name: str) -> float:
        """Return what rounding took, or gave where there are too many points."""
        task = scored[name]
        return float(step * (100 * (task["score"] or 0.0) * task["max"] - hundredths[name]))

    for name in sorted(hundredths, key=lost, reverse=True)[: abs(left)]:
        hundredths[name] += step
    return {name: value / 100 for name, value in hundredths.items()}


def within(value: object, most: float) -> float:
    """Return a built-in float from 0 to `most`: nbgrader takes all else for full credit.

    Examples
    --------
    >>> within(7.5, 6.0), within(-1, 6.0), within(math.nan, 6.0), within(None, 6.0)
    (6.0, 0.0, 0.0, 0.0)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(min(max(value, 0.0), most))
