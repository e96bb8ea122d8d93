"""`firstsay demo`: its home, and the command as a whole."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import tomllib
import zoneinfo
from datetime import date, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

import bot
from bot.demo.home import create_demo_home, demo_environment, is_demo_home, local_zone, write_demo_programme
from bot.demo.play import run_demo
from bot.demo.telegram import TOKEN
from bot.errors import OperatorError
from bot.settings import load_environment, load_programme

TODAY = date(2026, 11, 23)


def test_a_demos_home_is_marked_and_has_a_night_and_a_morning_on_every_day(tmp_path: Path) -> None:
    home = tmp_path / "home"
    create_demo_home(home, "Asia/Yangon", TODAY)
    programme = load_programme(home / "firstsay.toml")
    assert is_demo_home(home) and (home / "firstsay.key").exists()
    assert home.stat().st_mode & 0o077 == 0
    assert programme.organisation == "Harbour House (demo)"
    assert programme.languages == ("en", "my")
    assert len(programme.places) > 1  # there is something to choose whom to ask by
    assert programme.asking.days_between == 1  # and it can be asked again on the next day
    hours = programme.answering_hours
    midnight = datetime(2026, 11, 23, tzinfo=hours.zone)
    for day in (midnight + timedelta(days=n) for n in range(7)):
        assert [hour for hour in range(24) if hours.open_at(day + timedelta(hours=hour))] == [*range(9, 17)]


def test_a_demos_numbers_are_nobodys_and_say_so() -> None:
    lines = tomllib.loads(write_demo_programme("UTC", TODAY))["crisis"]
    assert [line["language"] for line in lines] == ["en", "my"]
    assert all(line["number"].startswith("000 ") and line["verified_by"] == "demo" for line in lines)
    assert "not a real number" in lines[0]["label"]


def test_the_operators_own_settings_stay_out_of_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTSAY_DATABASE", str(tmp_path / "real.db"))
    monkeypatch.setenv("FIRSTSAY_WEBHOOK_URL", "https://bot.example.org/")
    (tmp_path / "real.db").touch()
    create_demo_home(tmp_path / "home", "UTC", TODAY)
    ours = demo_environment(tmp_path / "home", TOKEN, "http://127.0.0.1:1")
    assert {name for name in ours if name.startswith("FIRSTSAY_")} == {
        "FIRSTSAY_HOME",
        "FIRSTSAY_TOKEN",
        "FIRSTSAY_API_URL",
    }
    assert ours["PATH"] == os.environ["PATH"]
    for name in ("FIRSTSAY_DATABASE", "FIRSTSAY_WEBHOOK_URL"):
        monkeypatch.delenv(name)
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    assert load_environment().database_file == tmp_path / "home" / "firstsay.db"


def test_the_machines_time_zone_is_used_where_it_can_be_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Yangon")
    assert local_zone(link) == "Asia/Yangon"
    assert local_zone(tmp_path / "none") == "UTC"
    monkeypatch.setenv("TZ", "Asia/Bangkok")
    assert local_zone(link) == "Asia/Bangkok"
    monkeypatch.setenv("TZ", ":/no/such/zone")
    assert local_zone(link) in zoneinfo.available_timezones()


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OperatorError, match=rf"^port {port} is in use; choose another: firstsay demo --port \d+$"):
            run_demo(port, open_browser=False)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_is_up_soon_enrols_and_leaves_nothing(
    tmp_path: Path, http: aiohttp.ClientSession, ending: signal.Signals
) -> None:
    """The command as a person gives it: the page within five seconds, an invitation, and a clean end."""
    clock = asyncio.get_running_loop().time
    started = clock()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        cwd=Path(bot.__file__).parent.parent,
    )
    assert process.stdout and process.stderr
    try:
        async with asyncio.timeout(20):
            url = await address_of(process.stdout)
            async with http.get(url) as response:
                assert response.status == 200
            assert clock() - started < 5
            async with http.get(f"{url}demo/events") as stream:
                await stream.content.readuntil(b'{"state": "running"}')
            async with http.post(f"{url}demo/invite", json={"role": "caseworker"}) as response:
                assert (await response.json()).keys() == {"start"}
        assert len(found(tmp_path, "*/home/demo")) == 1
    finally:
        process.send_signal(ending)
        async with asyncio.timeout(20):
            rest, errors = await process.communicate()
    assert process.returncode == 0, errors
    assert b"has ended" in rest
    assert found(tmp_path, "*") == []


async def address_of(output: asyncio.StreamReader) -> str:
    while line := await output.readline():
        if address := re.search(rb"http://127\.0\.0\.1:\d+/", line):
            return address[0].decode()
    raise AssertionError("the demo ended without an address")


def found(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))
