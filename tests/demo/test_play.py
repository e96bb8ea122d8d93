"""`firstsay demo` without a browser: its home, its processes, its page's server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
import tomllib
import zoneinfo
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

import bot
from bot.demo.feed import Feed
from bot.demo.home import MARKER, create_demo_home, demo_environment, local_zone, write_demo_programme
from bot.demo.keeper import CommandError, Keeper, State, describe_exit, run_command
from bot.demo.play import run_demo
from bot.demo.site import MOST_PHONES, PAGE, page_app
from bot.demo.telegram import TOKEN, Standin
from bot.errors import OperatorError
from bot.settings import load_environment, load_programme

TODAY = date(2026, 11, 23)


# The home


def test_a_demos_home_is_marked_and_somebody_answers_at_every_hour(tmp_path: Path) -> None:
    home = tmp_path / "home"
    create_demo_home(home, "Asia/Yangon", TODAY)
    programme = load_programme(home / "firstsay.toml")
    assert (home / MARKER).exists() and (home / "firstsay.key").exists()
    assert home.stat().st_mode & 0o077 == 0
    assert programme.organisation == "Harbour House (demo)"
    assert programme.languages == ("en", "my")
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    assert all(programme.answering_hours.open_at(midnight + timedelta(minutes=15 * n)) for n in range(7 * 96))


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


# The processes


class Watcher:
    """What a keeper told, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.states: list[State] = []

    def keeper(self, source: str) -> Keeper:
        command = (sys.executable, "-c", source)
        return Keeper(dict(os.environ), self.lines.append, self.states.append, command)


async def until(true: Any, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def kept(keeper: Keeper) -> AsyncIterator[None]:
    keeping = asyncio.create_task(keeper.keep())
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_bot_that_is_killed_is_started_again_and_told_of() -> None:
    watcher = Watcher()
    keeper = watcher.keeper("import time; time.sleep(60)")
    async with kept(keeper):
        await until(lambda: keeper.process)
        keeper.note_alive()
        assert keeper.process
        first = keeper.process.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: keeper.process and keeper.process.pid != first)
        keeper.note_alive()
        second = keeper.process.pid
        assert is_alive(second)
    assert "SIGKILL" in watcher.lines[0] and len(watcher.lines) == 1
    assert watcher.states == [State.RUNNING, State.STOPPED, State.STARTING, State.RUNNING, State.STOPPED]
    assert not is_alive(first) and not is_alive(second)


async def test_a_bot_that_dies_at_once_is_not_started_without_pause() -> None:
    watcher = Watcher()
    async with kept(watcher.keeper("raise SystemExit(2)")):
        await until(lambda: watcher.lines)
        await asyncio.sleep(0.4)
    assert 1 <= len(watcher.lines) <= 2
    assert "exit code 2" in watcher.lines[0]


async def test_a_process_on_the_leash_ends_when_its_holder_is_killed(tmp_path: Path) -> None:
    """The holder starts it as the keeper does, and is then killed with no chance to tidy up."""
    held = "import bot.__main__, time; bot.__main__.main = lambda: time.sleep(60)"
    source = (
        "import subprocess, sys, time\n"
        f"run = {held!r} + '; import bot.demo.leash; bot.demo.leash.main()'\n"
        "child = subprocess.Popen([sys.executable, '-c', run], stdin=subprocess.PIPE, start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", source, stdout=asyncio.subprocess.PIPE, cwd=Path(bot.__file__).parent.parent
    )
    assert holder.stdout
    child = int(await holder.stdout.readline())
    assert is_alive(child)
    holder.kill()
    await holder.communicate()
    await until(lambda: not is_running(child))


def is_running(pid: int) -> bool:
    """Alive and not only waiting to be noticed by whoever adopts it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return is_alive(pid) if not Path("/proc/self").exists() else False


async def test_a_command_gives_its_json_or_its_own_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.demo.keeper.COMMAND", (sys.executable, "-c"))
    assert await run_command(["print('[1, 2]')"], dict(os.environ)) == [1, 2]
    with pytest.raises(CommandError, match=r"^firstsay: no$"):
        await run_command(["import sys; sys.exit('firstsay: no')"], dict(os.environ))
    with pytest.raises(CommandError, match="ended with exit code 0"):
        await run_command(["print('not JSON')"], dict(os.environ))
    monkeypatch.setattr("bot.demo.keeper.COMMAND_SECONDS", 0.2)
    with pytest.raises(CommandError, match="took longer"):
        await run_command(["import time; time.sleep(60)"], dict(os.environ))


def test_an_end_is_told_in_words() -> None:
    assert describe_exit(2) == "exit code 2"
    assert describe_exit(-9) == "SIGKILL"
    assert describe_exit(-99) == "signal 99"


# The page's server


@pytest.fixture
async def site(standin: Standin) -> AsyncIterator[str]:
    async def invite(role: str) -> str:
        if role == "lead":
            raise CommandError("firstsay: not now")
        return f"{role}-link"

    runner = web.AppRunner(page_app(standin, Feed(standin, run="one"), invite), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://127.0.0.1:{1}".format(*runner.addresses[0])
    standin.closing.set()
    await runner.cleanup()


async def test_the_page_asks_for_nothing_from_elsewhere(site: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/") as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "default-src 'none'" in policy and "http" not in policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        async with http.get(f"{site}{address}") as response:
            assert response.status == 200, address
    for file in PAGE.iterdir():
        addresses = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", file.read_text("utf-8"))
        assert [address for address in addresses if "w3.org" not in address] == [], file.name


async def test_the_page_never_calls_a_person_what_they_are_not() -> None:
    for file in PAGE.iterdir():
        assert not re.search(r"victim|beneficiar|\bscore", file.read_text("utf-8"), re.IGNORECASE), file.name


async def test_phones_are_given_out_and_invitations_made(site: str, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{site}/demo/phones", json={"role": "client", "name": "Thiri", "language": "my"}) as response:
        held = await response.json()
    assert held == {**held, "role": "client", "name": "Thiri", "language": "my", "blocked": False}
    async with http.post(f"{site}/demo/invite", json={"role": "client"}) as response:
        assert await response.json() == {"start": "client-link"}
    async with http.post(f"{site}/demo/invite", json={"role": "lead"}) as response:
        assert (response.status, await response.json()) == (409, {"error": "firstsay: not now"})


@pytest.mark.parametrize("path", ["/demo/phones", "/demo/invite"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"role": "owner"}', b'{"role": "owner", "language": "my"}'])
async def test_what_makes_no_sense_is_refused(site: str, http: aiohttp.ClientSession, path: str, body: bytes) -> None:
    async with http.post(site + path, data=body) as response:
        assert response.status == 400


async def test_there_is_an_end_to_phones(site: str, http: aiohttp.ClientSession) -> None:
    asked = {"role": "client", "name": "Someone", "language": "en"}
    for expected in (*[200] * MOST_PHONES, 409):
        async with http.post(f"{site}/demo/phones", json=asked) as response:
            assert response.status == expected


async def test_a_page_from_elsewhere_gets_nothing(site: str, http: aiohttp.ClientSession) -> None:
    for path in ("/", "/demo/events", "/demo/phones"):
        async with http.get(site + path, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
        async with http.get(site + path, headers={"Host": "evil.example"}) as response:
            assert response.status == 403


async def test_the_bots_side_of_telegram_is_not_on_the_pages_port(site: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/bot{TOKEN}/getMe") as response:
        assert response.status == 404


async def test_one_stream_carries_every_phone(site: str, standin: Standin, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{site}/demo/events") as stream:
        assert await next_event(stream) == ("hello", {"run": "one"})
        assert await next_event(stream) == ("bot", {"state": "starting"})
        phones = []
        for role in ("client", "lead"):
            asked = {"role": role, "name": role, "language": "en"}
            async with http.post(f"{site}/demo/phones", json=asked) as response:
                held = await response.json()
            assert await next_event(stream) == ("screen", {**held, "messages": []})
            phones.append(held["chat_id"])
        for chat_id in phones:
            phone = standin.phone(chat_id)
            assert phone
            phone.send("hello")
            kind, told = await next_event(stream)
            assert (kind, told["chat_id"], told["message"]["text"]) == ("message", chat_id, "hello")
            phone.block()
            phone.note("clear")
            assert await next_event(stream) == ("clear", {"chat_id": chat_id})
            assert await next_event(stream) == ("blocked", {"chat_id": chat_id, "blocked": True})
        standin.closing.set()
        assert await stream.content.read() == b""


async def next_event(stream: aiohttp.ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        block = await stream.content.readuntil(b"\n\n")
    kind, data = block.decode().strip().split("\n")
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


# All of it


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
                while await next_event(stream) != ("bot", {"state": "running"}):
                    pass
            async with http.post(f"{url}demo/invite", json={"role": "caseworker"}) as response:
                assert (await response.json()).keys() == {"start"}
        assert [file.name for file in tmp_path.glob("*/home/demo")] == ["demo"]
    finally:
        process.send_signal(ending)
        async with asyncio.timeout(20):
            rest, errors = await process.communicate()
    assert process.returncode == 0, errors
    assert b"has ended" in rest
    assert list(tmp_path.iterdir()) == []


async def address_of(output: asyncio.StreamReader) -> str:
    while line := await output.readline():
        if found := re.search(rb"http://127\.0\.0\.1:\d+/", line):
            return found[0].decode()
    raise AssertionError("the demo ended without an address")
