"""French typography as the kit writes it: what a text would have to mend."""

import re

_SLIPS = {
    "a straight apostrophe": r"(?<=\w)'(?=\w)",
    "a straight quotation mark": r'"',
    "no narrow no-break space before a sign": r"(?<!\u202f)[;!?»%]|(?<![\u202f\d]):(?!/)",
    "no narrow no-break space after «": r"«(?!\u202f)",
    "three dots": r"\.\.\.",
    "two blanks": r"  ",
    "a blank at an end": r"^\s|\s$",
}


def slips(text):
    """Return what is wrong with the typography of a French text."""
    return [name for name, pattern in _SLIPS.items() if re.search(pattern, text)]
