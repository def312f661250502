"""The plan of the house, held by the code itself: imports run downwards, files stay readable."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "recon"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE = 420

#: Floors, from the top; a room may import what lies below it, never a room of its own floor.
FLOORS = (
    {"__main__"},
    {"cli"},
    {"pipeline", "proving", "pairing"},
    {"reconciling"},
    {"intake"},
    {"config", "workspace"},
    {"channels", "matching", "breaks", "vouchers", "outputs"},
    {"timing", "fees"},
    {"ledger", "samples"},
    {"money", "errors", "engine"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "util", "helper"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the rooms that a module imports; `from recon import x` means room x unless it is a plain name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its room"
            names = [f"recon.{alias.name}" for alias in node.names] if node.module == "recon" else [node.module or ""]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("recon.")}
    return {name for name in found if not name.startswith("__")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_downwards(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        assert not imports(path)
        return
    wrong = {there for there in imports(path) - {here} if FLOOR_OF[there] <= FLOOR_OF[here]}
    assert not wrong, f"{here} imports {sorted(wrong)}"


def test_the_samples_know_nothing_of_what_they_test() -> None:
    for path in (PACKAGE / "samples").rglob("*.py"):
        assert imports(path) <= {"samples", "money"}, path


def test_every_room_has_its_floor() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} <= set(FLOOR_OF)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_no_module_is_a_drawer() -> None:
    assert not [path for path in MODULES if path.stem in FORBIDDEN_NAMES]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_defect_is_swallowed_and_no_row_is_looped_over(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught != "everything", f"{path}:{node.lineno}: a bare except hides defects"
            assert caught != "Exception", f"{path}:{node.lineno}: except Exception hides defects"
        if isinstance(node, ast.Attribute):
            assert node.attr != "iterrows", f"{path}:{node.lineno}: a Python loop over rows"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_checker_is_obeyed_not_silenced(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for silencer in ("# noqa", "# type: ignore", "pragma: no cover", "TODO", "FIXME"):
        assert silencer not in text, f"{path}: {silencer}"
