"""Numbers as a reader of French or English writes them."""

from __future__ import annotations

THIN = "\u202f"  # narrow no-break space


def percent(share: float, lang: str) -> str:
    r"""Return a share as a whole percentage.

    Examples
    --------
    >>> percent(0.305, "fr"), percent(0.305, "en")
    ('30\u202f%', '30%')
    """
    return f"{share * 100:.0f}{THIN if lang == 'fr' else ''}%"


def decimal(value: float, lang: str, places: int = 2) -> str:
    """Return a number with a decimal comma in French.

    Examples
    --------
    >>> decimal(0.5, "fr"), decimal(-0.25, "en")
    ('0,50', '-0.25')
    """
    written = f"{value:.{places}f}"
    return written.replace(".", ",") if lang == "fr" else written
