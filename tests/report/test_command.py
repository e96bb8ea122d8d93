"""`firstsay report`, as an operator calls it."""

from __future__ import annotations

import os
import stat
import sys
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.init import initialise
from bot.settings import Environment
from storage.database import connect
from tests.player import MASTER
from tests.report.house import House
from tests.report.paper import invent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose key is that of the house."""
    for name in [name for name in os.environ if name.startswith("FIRSTSAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("bot.logs.configure", lambda **kinds: None)
    monkeypatch.setenv("COLUMNS", "100")
    home = tmp_path / "home"
    monkeypatch.setenv("FIRSTSAY_HOME", str(home))
    home.mkdir(mode=0o700)
    (home / "firstsay.key").touch(mode=0o600)
    (home / "firstsay.key").write_bytes(b64encode(MASTER))
    initialise(Environment(home=home))
    return home


def move_in(house: House, home: Path) -> None:
    """The people of a house become those of a home."""
    with closing(connect(home / "firstsay.db")) as file:
        house.connection.backup(file)


@pytest.fixture
def paper(home: Path) -> Path:
    """A home with the clients of the paper."""
    house = House()
    for number, firsts in enumerate(invent()):
        house.join(firsts, language="my" if number % 3 else "en")
    move_in(house, home)
    return home


def report(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["firstsay", "report", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_on_the_terminal(paper: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(monkeypatch) == 0
    first = capsys.readouterr().out
    assert "117 clients" in first
    assert "Figures under 5 are hidden" in first
    assert report(monkeypatch) == 0
    assert capsys.readouterr().out == first, "asked again, it tells the same"


def test_by_language_and_in_burmese(
    paper: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(monkeypatch, "--by", "language", "--language", "my") == 0
    printed = capsys.readouterr().out
    assert "မြန်မာ" in printed
    assert "English" in printed
    assert "အလုပ်ရှာဖို့" in printed


def test_a_report_over_four_clients(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    house = House()
    for _ in range(4):
        house.join({"debt"})
    move_in(house, home)
    for arguments in ((), ("--by", "place"), ("--language", "my")):
        assert report(monkeypatch, *arguments) == 0
        told = capsys.readouterr()
        assert "10" in told.out
        assert "4" not in told.out, "not even how many they are"
        assert told.err == ""
    assert report(monkeypatch, "--html", str(tmp_path / "few.html")) == 0
    assert "10" in (tmp_path / "few.html").read_text("utf-8")


def test_into_a_file(
    paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.html"
    assert report(monkeypatch, "--html", str(file), "--language", "en") == 0
    assert "117 clients" in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert report(monkeypatch, "--html", str(file)) == 0, "written over"


@pytest.mark.parametrize("name", ["nowhere/report.html", "file/report.html", "x" * 300])
def test_a_file_where_one_may_not_write(
    name: str, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert report(monkeypatch, "--html", str(tmp_path / name)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("firstsay: ")
    assert told.err.count("\n") == 1
    assert "cannot be written" in told.err


@pytest.mark.parametrize("arguments", [["--language", "xx"], ["--by", "age"], ["--html", "."]])
def test_what_cannot_be_asked(
    arguments: list[str], paper: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(monkeypatch, *arguments) == 2
    assert capsys.readouterr().err
