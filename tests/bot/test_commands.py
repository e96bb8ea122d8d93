from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import bot
from bot.__main__ import main
from bot.errors import OperatorError

HEAVY = ("pydantic", "telegram", "aiohttp", "cryptography", "babel", "alembic", "rich", "asyncio")


@pytest.fixture(autouse=True)
def quiet_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands configure logging for the whole process: not for that of the tests."""
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path / "home"))


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a module in the place of one that does the work."""

    def put(name: str, **functions: Any) -> None:
        module = ModuleType(name)
        vars(module).update(functions)
        monkeypatch.setitem(sys.modules, name, module)

    return put


def leave(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["firstsay", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code is None or isinstance(caught.value.code, int)
    return caught.value.code or 0


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own, without a terminal."""
    root = str(Path(bot.__file__).parent.parent)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTSAY_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**kept, "PYTHONPATH": root, "COLUMNS": "120", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def spent_by_children() -> float:
    """Processor time of all processes that have ended: unlike the clock it is the same whatever runs beside them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_there_at_once() -> None:
    spent = []
    for _ in range(5):
        before = spent_by_children()
        done = start("--help")
        spent.append(spent_by_children() - before)
        assert done.returncode == 0
    assert sorted(spent)[2] < 0.5
    for command in ("demo", "init", "run", "invite", "doctor", "export"):
        assert f"\n  {command} " in done.stdout


def test_help_imports_nothing_heavy() -> None:
    look = f"import sys, bot.__main__, bot.commands; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=Path(bot.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("demo", {"--port", "--no-browser"}),
        ("init", {"--yes"}),
        ("run", set()),
        ("invite", {"--json", "--place", "--anyway"}),
        ("doctor", set()),
        ("export", {"--words", "--donor"}),
    ],
)
def test_each_command_has_the_options_it_should(command: str, options: set[str]) -> None:
    words = start(command, "--help").stdout.split()
    assert {word for word in words if word.startswith("--")} == options | {"--help"}


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["invite"], ["invite", "friend"], ["demo", "--port", "x"], ["export"], ["run", "x"]]
)
def test_a_wrong_command_line_leaves_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert leave(monkeypatch, *arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_init_as_a_process(tmp_path: Path) -> None:
    home = tmp_path / "a home"
    done = start("init", FIRSTSAY_HOME=str(home))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"made  {home / 'firstsay.key'}\nmade  {home / 'firstsay.toml'}\n" in done.stdout
    again = start("init", "--yes", FIRSTSAY_HOME=str(home))
    assert again.returncode == 0
    assert "kept  " in again.stdout
    assert "made  " not in again.stdout


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"FIRSTSAY_LISTEN": "x"}, "firstsay: FIRSTSAY_LISTEN: is not host:port; write it like"),
        ({"FIRSTSAY_TOKEN": "marker"}, "firstsay: FIRSTSAY_TOKEN: is not a bot token"),
        ({"FIRSTSAY_HOME": "/dev/null"}, "firstsay: /dev/null: is a file; set FIRSTSAY_HOME"),
    ],
)
def test_an_operators_mistake_is_one_line_and_2(variables: dict[str, str], line: str) -> None:
    done = start("init", **variables)
    assert done.returncode == 2
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1
    assert "marker" not in done.stderr
    assert done.stdout == ""


def test_every_operator_error_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stand_in: Callable[..., None]
) -> None:
    class BusyError(OperatorError):
        exit_code = 3

    def run() -> int:
        raise BusyError("another run\nholds this home")

    stand_in("bot.process", run=run)
    assert leave(monkeypatch, "run") == 3
    assert capsys.readouterr().err == "firstsay: another run holds this home\n"


def test_a_bug_is_loud_but_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stand_in: Callable[..., None]
) -> None:
    def run() -> int:
        raise KeyError("marker")

    stand_in("bot.process", run=run)
    assert leave(monkeypatch, "run") == 70
    said = capsys.readouterr().err
    assert said.startswith("firstsay: a bug stopped it: KeyError at tests/bot/test_commands.py:")
    assert "marker" not in said


def test_what_each_command_hands_on(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stand_in: Callable[..., None],
    tmp_path: Path,
) -> None:
    calls: list[object] = []

    def remember(*arguments: object, **named: object) -> int:
        calls.append((*arguments, *named.items()))
        return 4

    def export(folder: Path, words: bool) -> list[Path]:
        calls.append((folder, words))
        return [folder / "ratings.csv"]

    stand_in("bot.demo.play", run_demo=remember)
    stand_in("bot.process", run=remember)
    stand_in("bot.doctor", run_doctor=remember)
    stand_in("bot.export", export=export)
    assert leave(monkeypatch, "demo") == 4
    assert leave(monkeypatch, "demo", "--port", "9", "--no-browser") == 4
    assert leave(monkeypatch, "run") == 4
    assert leave(monkeypatch, "doctor") == 4
    assert leave(monkeypatch, "export", str(tmp_path), "--words") == 0
    assert calls == [
        (("port", 8080), ("open_browser", True)),
        (("port", 9), ("open_browser", False)),
        (),
        (),
        (tmp_path, True),
    ]
    assert capsys.readouterr().out == f"{tmp_path / 'ratings.csv'}\n"


def test_an_invitation_for_people_and_for_programs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stand_in: Callable[..., None]
) -> None:
    asked: list[tuple[str, bool, str | None]] = []

    def invite(role: str, anyway: bool, place: str | None) -> SimpleNamespace:
        asked.append((role, anyway, place))
        at = datetime(2026, 11, 15, 9, tzinfo=UTC)
        link = None if role == "lead" else "https://t.me/x?start=abc"
        return SimpleNamespace(link=link, start="abc", expires_at=at)

    stand_in("bot.invite", invite=invite)
    assert leave(monkeypatch, "invite", "client", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "link": "https://t.me/x?start=abc",
        "start": "abc",
        "expires_at": "2026-11-15T09:00:00+00:00",
    }
    assert leave(monkeypatch, "invite", "caseworker", "--anyway") == 0
    assert capsys.readouterr().out == "https://t.me/x?start=abc\nworks once, until 2026-11-15T09:00:00+00:00\n"
    assert leave(monkeypatch, "invite", "lead", "--place", "North") == 0
    assert capsys.readouterr().out.startswith("open the chat with the bot and send: /start abc\nworks once, ")
    assert asked == [("client", False, None), ("caseworker", True, None), ("lead", False, "North")]
