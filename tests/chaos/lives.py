"""The bot as a process: started with a plan, watched, buried, started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from pathlib import Path

import bot
from bot.demo.home import demo_environment
from bot.demo.messages import Json
from bot.demo.telegram import Standin
from tests.chaos.home import Home
from tests.chaos.run import VARIABLE, Plan

ROOT = Path(bot.__file__).parent.parent
COMMAND = (sys.executable, "-m", "tests.chaos.run")
SECRET = "a-secret-of-the-webhook"
START_SECONDS = 20.0
STOP_SECONDS = 8.0


class Bot:
    """One bot, however often it dies. `starts` are the seconds it took to be ready, life by life."""

    def __init__(self, home: Home, standin: Standin, *, webhook: bool = False, log: Path | None = None) -> None:
        self.home = home
        self.log = log or home.path.with_name("bot.log")
        self.starts: list[float] = []
        self.process: Process | None = None
        self._standin = standin
        self.variables = demo_environment(home.path, standin.token, standin.url)
        self.address = ""
        """Where it takes updates; empty while it polls."""
        if webhook:
            port = free_port()
            self.address = f"http://127.0.0.1:{port}/in"
            self.variables["FIRSTSAY_WEBHOOK_URL"] = self.address
            self.variables["FIRSTSAY_WEBHOOK_SECRET"] = SECRET
            self.variables["FIRSTSAY_LISTEN"] = f"127.0.0.1:{port}"
        self._ready_call = "setwebhook" if webhook else "getupdates"
        self._started_at = 0.0
        self._ready = asyncio.Event()
        standin.before.append(self._note_ready)

    def _note_ready(self, method: str, _values: Json) -> None:
        if method.lower() == self._ready_call and not self._ready.is_set():
            self.starts.append(time.monotonic() - self._started_at)
            self._ready.set()

    async def start(self, plan: Plan = Plan(), *, wait: bool = True) -> None:  # noqa: B008
        """Start it, and wait until it asks Telegram for updates."""
        self._ready.clear()
        self._started_at = time.monotonic()
        environment = {**self.variables, VARIABLE: plan.write()}
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *COMMAND, cwd=ROOT, env=environment, stdin=DEVNULL, stdout=log, stderr=log
            )
        if wait:
            await wait_until(lambda: self._ready.is_set() or not self.alive, "it does not start", START_SECONDS)
            assert self._ready.is_set(), self.said()

    async def death(self, timeout: float) -> int:  # noqa: ASYNC109
        """Wait until it has died; its exit code, -9 where it was killed."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), timeout)

    async def kill(self) -> None:
        """Kill it from outside, at whatever it is doing."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        """Ask it to end, as a supervisor does; its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.death(STOP_SECONDS)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def said(self) -> str:
        """All that it ever wrote into its log."""
        return self.log.read_text("utf-8") if self.log.exists() else ""


async def wait_until(happened: Callable[[], object], what: str, timeout: float = 20.0) -> None:  # noqa: ASYNC109
    """Look every few milliseconds whether something has happened; fails with `what` when it has not in time."""
    ends_at = time.monotonic() + timeout
    while not happened():
        assert time.monotonic() < ends_at, what
        await asyncio.sleep(0.01)


async def run_command(*command: str, variables: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """The real command line; its exit code and what it wrote to standard output and standard error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTSAY_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *command),
        cwd=ROOT,
        env={**environment, **(variables or {})},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        printed, written = await asyncio.wait_for(process.communicate(), START_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, printed.decode(), written.decode()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
