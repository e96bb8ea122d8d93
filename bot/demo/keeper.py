"""The demo's processes: the real bot, kept alive, and the commands that are run beside it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

COMMAND: Final = (sys.executable, "-m", "bot.demo.leash")
"""What runs a command of First Say as a child that cannot outlive us."""

FIRST_DELAY: Final = 0.3
LONGEST_DELAY: Final = 5.0
LONG_LIFE: Final = 10.0
"""Seconds after which a bot that died had been well, so that the next one is started at once again."""

STOP_SECONDS: Final = 5.0
COMMAND_SECONDS: Final = 30.0


class State(StrEnum):
    """How the bot is, as the page shows it."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPED = "stopped"


class CommandError(RuntimeError):
    """A command that did not do what it was asked; the text is its own one line."""


class Keeper:
    """Starts the bot, and starts it again whenever it dies.

    ``tell`` gets one line for the terminal; ``show`` gets each new ``state``; ``ahead`` is how far the demo's clock is
    ahead of the machine's.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        tell: Callable[[str], None],
        show: Callable[[State], None],
        command: Sequence[str] = (*COMMAND, "run"),
        ahead: Callable[[], timedelta] = timedelta,
    ) -> None:
        self.state = State.STARTING
        self.process: Process | None = None
        self.born = 0.0
        """When the process was started, on the running loop's clock."""
        self._environment = environment
        self._tell = tell
        self._show = show
        self._command = command
        self._ahead = ahead
        self._killed = False

    async def keep(self) -> None:
        """Run the bot until cancelled; then it is stopped before this returns."""
        delay, clock = FIRST_DELAY, asyncio.get_running_loop().time
        while True:
            started = clock()
            code = await self._live()
            was_well = self._killed or clock() - started > LONG_LIFE
            delay = FIRST_DELAY if was_well else min(delay * 2, LONGEST_DELAY)
            self._tell(f"The bot has stopped ({describe_exit(code)}). It is started again; what was said is kept.")
            await asyncio.sleep(delay)

    def note_alive(self) -> None:
        """The bot has asked its Telegram for something: it runs."""
        if self.process is not None and self.process.returncode is None:
            self._become(State.RUNNING)

    def pass_on_time(self) -> None:
        """The demo's clock has moved."""
        if self.process is not None:
            _tell(self.process, self._ahead())

    def kill(self) -> Process | None:
        """End the bot and whatever it has started at once (SIGKILL), with no chance to tidy up; who it was."""
        process = self.process
        if process is None or process.returncode is not None:
            return None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        self._killed = True
        return process

    async def _live(self) -> int:
        """One life of the bot; its exit code."""
        self._become(State.STARTING)
        # In a session of its own: Ctrl-C in the terminal is for us, and we end the bot in good order.
        self.process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, env=self._environment, start_new_session=True
        )
        self._killed = False
        self.born = asyncio.get_running_loop().time()
        _tell(self.process, self._ahead())
        try:
            return await self.process.wait()
        finally:
            await _end(self.process)
            self._become(State.STOPPED)

    def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._show(state)


async def run_command(arguments: Sequence[str], environment: Mapping[str, str], ahead: timedelta = timedelta()) -> Any:
    """Run a command that prints JSON, by the demo's clock, and give what it printed. Raises CommandError."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=True
    )
    _tell(process, ahead)
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            # Not communicate(): that lets go of the leash at once.
            printed, trouble, code = await asyncio.gather(_read(process.stdout), _read(process.stderr), process.wait())
    except TimeoutError:
        raise CommandError(f"{arguments[0]} took longer than {COMMAND_SECONDS:.0f} seconds") from None
    finally:
        await _end(process)
    try:
        if code == 0:
            return json.loads(printed)
    except ValueError:
        pass
    lines = trouble.decode(errors="replace").strip().splitlines()
    raise CommandError(lines[-1] if lines else f"{arguments[0]} ended with {describe_exit(code)}")


def describe_exit(code: int) -> str:
    """An exit code in words; a negative one is the signal that ended the process."""
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _tell(process: Process, ahead: timedelta) -> None:
    """A line on its leash."""
    if process.stdin is not None and not process.stdin.is_closing():
        process.stdin.write(b"%d\n" % round(ahead.total_seconds()))


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream is not None else b""


async def _end(process: Process) -> None:
    """Ask a process to end; one that does not is ended."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
