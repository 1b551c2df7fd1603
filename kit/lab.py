"""Opening the course in JupyterLab; an installed course is first laid out in the current folder."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kit import course
from kit.errors import KitError, Mistake

SETTINGS = Path(__file__).with_name("jupyter")  # what JupyterLab reads beside the user's own


def open_course(notebook: str = "", options: Sequence[str] = ()) -> int:
    """Open JupyterLab on a notebook of the course; return its exit code.

    Parameters
    ----------
    notebook : str
        Its name or its beginning (``"04"``); the first one if empty.
    options : sequence of str
        Handed on to JupyterLab.

    Raises
    ------
    KitError
        If there is no such notebook, JupyterLab is missing, or the folder cannot be written to.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise KitError(Mistake("lab_missing", "kit lab"))
    home = course.home()
    if home == course.CARRIED:
        home = Path.cwd()
        lay_out(home)
    path = _find(home, notebook)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={home}",
        f"--LabApp.default_url=/lab/tree/{path.relative_to(home).as_posix()}",
        *options,
    ]
    # Nothing is asked of another host, and no learner about it: neither news nor updates.
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    os.chdir(home)
    if os.name != "nt":  # Windows has no true exec
        os.execv(sys.executable, command)  # noqa: S606  # our own interpreter
    return subprocess.call(command)  # noqa: S603  # our own interpreter


def lay_out(target: Path) -> list[Path]:
    """Copy the installed course into a folder; return the files that were already there, untouched.

    A file a learner has changed is never overwritten.
    """
    kept = []
    for source in sorted(path for path in course.CARRIED.rglob("*") if path.is_file()):
        to = target / source.relative_to(course.CARRIED)
        if to.exists():
            kept.append(to)
            continue
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, to)
        except OSError as error:
            why = error.strerror or str(error)
            raise KitError(Mistake("cannot_write", str(to), "", {"why": why})) from error
    return kept


def _find(home: Path, notebook: str) -> Path:
    lang = os.environ.get("KIT_LANG", "fr")
    folder = home / "notebooks" / lang
    known = sorted((folder if folder.is_dir() else home / "notebooks" / "fr").glob("[0-9]*.ipynb"))
    wanted = Path(notebook).name.removesuffix(".ipynb")
    for path in known:
        if path.stem.startswith(wanted):
            return path
    names = ", ".join(path.stem for path in known)
    raise KitError(Mistake("notebook_missing", "kit lab", "", {"name": notebook, "known": names}))
