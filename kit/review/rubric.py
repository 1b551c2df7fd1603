"""The rubric by which a teacher marks a justification; the catalogues word its levels."""

from __future__ import annotations

NAME = "justification"
VERSION = f"{NAME}/1"  # raise the number when a level is worded anew: marks keep theirs
MOST = 4
LEVELS = tuple(range(MOST + 1))
APART = 2  # levels between two markers from which an answer is talked about
