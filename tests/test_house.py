"""The house stands as drawn: four rooms, arrows one way, no circles, nothing else at the root."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("conversations", "storage", "translations", "bot")
STANDARD = frozenset(sys.stdlib_module_names)
IMPURE = {"asyncio", "datetime.now", "logging", "os", "random", "secrets", "socket", "sqlite3", "threading", "time"}
MAY_IMPORT = {
    "conversations": STANDARD - IMPURE,
    "storage": STANDARD | {"conversations", "aiosqlite", "aiosql", "alembic", "sqlalchemy", "cryptography", "orjson"},
    "translations": STANDARD | {"conversations", "babel", "myanmartools", "myanmar"},
}
ONLY_IN_BOT = {"telegram", "apscheduler", "aiohttp"}
AT_THE_ROOT = {
    *("bot", "conversations", "translations", "storage", "tests"),
    *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"),
}


def modules(room: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of a room by its dotted name."""
    for path in sorted((ROOT / room).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """What a module imports, by dotted name; for `from a import b` both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a thing comes from"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    for name, tree in modules(room):
        for imported in imports(tree):
            assert imported.split(".")[0] in allowed, f"{name} imports {imported}"


def test_nothing_imports_the_bot_but_the_bot() -> None:
    for room in ROOMS[:-1]:
        for name, tree in modules(room):
            tops = {imported.split(".")[0] for imported in imports(tree)}
            assert not tops & (ONLY_IN_BOT | {"bot"}), name


def test_no_module_goes_round_in_a_circle() -> None:
    known = {name for room in ROOMS for name, _tree in modules(room)}
    graph = {
        name: {imported for imported in imports(tree) if imported in known and imported != name}
        for room in ROOMS
        for name, tree in modules(room)
    }
    list(TopologicalSorter(graph).static_order())


def test_nothing_else_stands_at_the_root() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {top for top in tops if not top.startswith(".")} <= AT_THE_ROOT


def test_every_room_tells_what_it_is_for() -> None:
    for room in ROOMS:
        text = (ROOT / room / "README.md").read_text("utf-8")
        assert len(text.split()) > 80, f"{room}/README.md says too little"
