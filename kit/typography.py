"""The house style of French typography, applied to texts that come from elsewhere."""

from __future__ import annotations

import re
import unicodedata

FINE = "\u202f"  # narrow no-break space
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u2060\ufeff"))  # soft hyphen, zero-width signs
_RULES = (
    (r"(?<=\w)['\u2018\u02bc`\u00b4](?=[\w\"«“])", "’"),
    (r"(?<=\w)’\s+(?=\w)", "’"),
    (r"\s+", " "),
    (r"[“”„‟]", '"'),
    (r'(^|[\s(’])"\s*', rf"\1«{FINE}"),
    (r'\s*"', f"{FINE}»"),
    (r"«\s*", f"«{FINE}"),
    (r"\s*»", f"{FINE}»"),
    (r"\s*([;!?])", rf"{FINE}\1"),
    (r"\s*:(?=\s|$)", f"{FINE}:"),
    (r"(?<=\d)\s*%", f"{FINE}%"),
    (r"(?<=\d)\s(?=\d{3}(?!\d))", FINE),
    (r"\.\.\.", "…"),
    (r"\s[-–—]\s", " – "),
)


def tidy(text: str) -> str:
    r"""Return one line of text in house style.

    Typographic apostrophes, « » with narrow no-break spaces, the same before ``; : ! ? %`` and in
    numbers, no ligatures, no doubled blanks, no unseen signs, NFC (rules of the *Lexique des règles
    typographiques en usage à l’Imprimerie nationale*, with narrow spaces throughout).

    Examples
    --------
    >>> tidy("L'école  dit :   \"oui\"").replace(FINE, "_")
    'L’école dit_: «_oui_»'
    """
    text = unicodedata.normalize("NFC", text.translate(_UNSEEN))
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text)
    return text.strip()
