"""Whose file is it? What the folders and names of Moodle, Canvas, the kit or a teacher tell."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from kit.submission import FOLDER as HANDED_IN

# Full name (its underscores made blanks), participant number, then a word of Moodle's own;
# a folder ends in an underscore before Moodle 4.1, a flat name goes on with the file's own.
_MOODLE = re.compile(r"(.*?)(?:_(\d+))?_assignsubmission_(?:file|onlinetext)(?:_.*)?", re.DOTALL)
# A name may end in digits: the first two numbers are the user's and the file's.
_CANVAS = re.compile(r"(.*?)(_LATE)?_(\d+)_\d+_(.+)", re.DOTALL)
_CANVAS_BLIND = re.compile(r"(LATE_)?anon_([A-Za-z0-9]+)_\d+_.+", re.DOTALL)
_NO_NAME = re.compile(r"[a-z0-9-]+_v\d+(-\d+)?\.json")  # "z0_v1.json" after a learner "e_3_12"
_ZIP = ".zip"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is, as far as its place tells.

    Attributes
    ----------
    learner : str
        Told for sure; empty where only the file itself, or a plain folder, can tell.
    name : str
        The learner's name in a learning management system.
    late : bool
        Whether that system says the file came late.
    folder : str
        Path of the nearest folder that could be a learner's or a group's; empty at the top.
    folder_name, group : str
        Its own name, and the name of the folder around it.
    """

    learner: str = ""
    name: str = ""
    late: bool = False
    folder: str = ""
    folder_name: str = ""
    group: str = ""


def owner(parts: Sequence[str], exercises: Container[str] = ()) -> Owner:
    """Tell whose file it is.

    Parameters
    ----------
    parts : sequence of str
        Folders and name, from the top of what was collected; a zip counts as a folder.
    exercises : container of str
        Ids of exercises: folders of these names are nobody's.

    Examples
    --------
    >>> owner(["Zoé Martin_1234_assignsubmission_file", "r.json"]).learner
    '1234'
    >>> owner(["martinzoe_LATE_77_3456_zoe_z0_v1.json"]).late
    True
    """
    *folders, file = parts
    for part in parts:
        if found := _MOODLE.fullmatch(part):
            name, id = found[1].replace("_", " ").strip(), found[2]
            return Owner(id or name, name)
    if found := _CANVAS_BLIND.fullmatch(file):
        return Owner(f"anon_{found[2]}", "", bool(found[1]))
    found = _CANVAS.fullmatch(file)
    if found and not _NO_NAME.fullmatch(found[4]):
        return Owner(found[3], found[1], bool(found[2]))
    if HANDED_IN in folders[1:]:
        at = folders.index(HANDED_IN, 1)
        return Owner(folders[at - 1], folder="/".join(folders[:at]))
    return _plain(folders, exercises)


def _plain(folders: Sequence[str], exercises: Container[str]) -> Owner:
    """Name the nearest folder; a zip only where nothing else is around."""
    kept = [at for at, folder in enumerate(folders) if folder not in exercises]
    persons = [at for at in kept if not folders[at].lower().endswith(_ZIP)] or kept
    if not persons:
        return Owner()
    at = persons[-1]
    around = folders[persons[-2]] if len(persons) > 1 else ""
    return Owner(
        folder="/".join(folders[: at + 1]),
        folder_name=_stem(folders[at]),
        group=_stem(around),
    )


def _stem(name: str) -> str:
    return name[: -len(_ZIP)] if name.lower().endswith(_ZIP) else name
