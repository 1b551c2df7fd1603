"""Rooms of the kit import only downward, and the lower ones need the standard library alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).parents[1] / "kit"

# From the ground up: a room knows itself and the rooms before it.
LAYERS = [
    "errors messages article codebook typography course",
    "anchor exercise packed exam supplied page response submission",
    "scoring reading loading item_feedback feedback session simulation intake agreement",
    "figures review grading release export classstats demo_class lab bridge",
    "widgets classroom notebook",
    "cli __main__ __init__",
]
ROOMS = " ".join(LAYERS).split()
FILES = sorted(path for path in KIT.rglob("*.py") if "course" not in path.parts)

# What a lower room must not load: it also runs in a browser, and in a grader without Jupyter.
HEAVY = ("IPython", "ipywidgets", "anywidget", "traitlets", "matplotlib", "numpy", "jinja2")


def room_of(file):
    return file.relative_to(KIT).parts[0].removesuffix(".py")


def rooms_used_by(file):
    """The rooms that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "kit":
            yield from (name.name for name in node.names if name.name != "__version__")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kit."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (name.name[4:] for name in node.names if name.name.startswith("kit."))


def loaded_by(statement):
    """The heavy packages and the rooms of the kit that a fresh interpreter has loaded after it."""
    program = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=KIT.parent
    )
    modules = done.stdout.split()
    return {name for name in modules if name.startswith("kit.") or name in HEAVY}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(KIT).as_posix())
def test_knows_only_what_is_below(file):
    """A room imports itself and the rooms before it in the list."""
    room = room_of(file)
    assert room in ROOMS, f"{room} is new: put it into its layer in this test"
    above = set(rooms_used_by(file)) - set(ROOMS[: ROOMS.index(room) + 1])
    assert not above, f"{file} reaches up to {sorted(above)}: move the shared part down"


def test_lower_rooms_are_light():
    """Layers 0 to 2 load nothing of Jupyter, and no numbers or figures."""
    rooms = [f"kit.{room}" for layer in LAYERS[:3] for room in layer.split()]
    loaded = loaded_by(f"import {', '.join(rooms)}")
    assert set(rooms) <= loaded
    assert not loaded & set(HEAVY)


def test_the_kit_is_loaded_lazily():
    """Importing the kit loads none of its rooms."""
    assert loaded_by("import kit") == set()


def test_every_name_of_the_kit_is_there():
    """What a notebook uses is found when it is asked for, and nothing else is."""
    import kit

    assert all(callable(getattr(kit, name)) for name in kit.__all__)
    with pytest.raises(AttributeError):
        kit.nothing  # noqa: B018  # asking is the test


def test_the_command_line_never_loads_widgets():
    """A command works without Jupyter's widgets."""
    used = set(rooms_used_by(KIT / "cli.py"))
    assert not used & {"widgets", "notebook"}
    loaded = loaded_by("from kit import cli\ncli.main(['check', 'z0'])")
    assert not [name for name in loaded if name.startswith("kit.widgets")]
    assert not loaded & {"ipywidgets", "anywidget", "IPython"}


def test_nothing_learners_hand_in_is_executed():
    """No room unpickles, evaluates or imports what it reads."""
    forbidden = {"eval", "exec", "compile", "__import__"}
    for file in FILES:
        tree = ast.parse(file.read_text("utf-8"))
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not calls & forbidden, file
        modules = {
            alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names
        }
        assert not modules & {"pickle", "marshal", "shelve"}, file
