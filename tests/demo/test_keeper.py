"""The demo's processes: kept alive, and never longer than the demo."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import bot
from bot.demo.keeper import CommandError, Keeper, State, describe_exit, run_command


class Watcher:
    """What a keeper told, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.states: list[State] = []

    def keeper(self, source: str) -> Keeper:
        command = (sys.executable, "-c", source)
        return Keeper(dict(os.environ), self.lines.append, self.states.append, command)


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - a process ends without telling any event
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


async def test_a_process_on_the_leash_ends_when_its_holder_is_killed() -> None:
    """The holder starts it as the keeper does, and is then killed with no chance to tidy up."""
    held = "import bot.__main__, time; bot.__main__.main = lambda: time.sleep(60)"
    source = (
        "import subprocess, sys, time\n"
        f"run = {held!r} + '; import bot.demo.leash; bot.demo.leash.main()'\n"
        "child = subprocess.Popen([sys.executable, '-c', run], stdin=subprocess.PIPE, start_new_session=True)\n"
        "child.stdin.write(b'0\\n'); child.stdin.flush()\n"
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


async def test_a_command_gives_its_json_or_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
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
