"""`firstsay demo`: the whole product on one machine, without Telegram and without an account.

Three servers' worth of parts in one process: Telegram's stand-in on a free port, for the bot; the page with its phones
on the port that was asked for, for people; and the real bot as a child, kept alive. All on the loopback address.
"""

from __future__ import annotations

import asyncio
import errno
import secrets
import signal
import tempfile
import threading
import webbrowser
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web
from rich.console import Console

from bot.demo.clock import DemoClock
from bot.demo.feed import Feed
from bot.demo.home import create_demo_home, demo_environment, demo_hours, local_zone
from bot.demo.keeper import Keeper, run_command
from bot.demo.kill import Kill
from bot.demo.others import Others, invite_clients
from bot.demo.site import Invite, page_app
from bot.demo.story import tell_cash, tell_round, tell_story
from bot.demo.telegram import TOKEN, Standin
from bot.demo.window import Window
from bot.errors import OperatorError

HOST: Final = "127.0.0.1"


def run_demo(port: int, open_browser: bool) -> int:
    """Play until Ctrl-C. ``port`` 0 takes any free one. Raises OperatorError for a port that is taken."""
    console = Console(highlight=False, soft_wrap=True)
    with (
        tempfile.TemporaryDirectory(prefix="firstsay-demo-", ignore_cleanup_errors=True) as folder,
        suppress(KeyboardInterrupt),
    ):
        asyncio.run(_play(port, open_browser, Path(folder) / "home", console))
    return 0


async def _play(port: int, open_browser: bool, home: Path, console: Console) -> None:
    stop = _stop_on_signals()
    zone = local_zone()
    create_demo_home(home, zone, datetime.now(UTC).date())
    clock = DemoClock(demo_hours(zone))
    async with Standin(now=clock.now) as standin:
        environment = demo_environment(home, TOKEN, standin.url)
        feed = Feed(standin, run=secrets.token_hex(8))
        keeper = Keeper(
            environment,
            tell=lambda line: console.print(line, style="yellow"),
            show=feed.become,
            ahead=lambda: clock.ahead,
        )
        standin.before.append(lambda method, _values: keeper.note_alive() if method.lower() == "getupdates" else None)
        window = Window(home)
        kill = Kill(keeper, standin, window, partial(feed.tell, "kill"), feed.holds)
        others = Others(standin, lambda number: invite_clients(home, clock.now(), number), partial(feed.tell, "others"))

        def look_again() -> None:
            feed.tell("store", tell_story(window, others.chats))
            feed.tell("round", tell_round(window))
            feed.tell("cash", tell_cash(window, others.chats))

        clock.moved += [keeper.pass_on_time, lambda: feed.tell("time", clock.describe())]
        more = [*clock.routes(), *window.routes(), *kill.routes(), *others.routes()]
        runner = web.AppRunner(
            page_app(standin, feed, _inviter(environment, clock), more), access_log=None, shutdown_timeout=1.0
        )
        await runner.setup()
        tasks: set[asyncio.Task[None]] = set()
        try:
            url = await _listen(runner, port)
            feed.tell("time", clock.describe())
            tasks |= {
                asyncio.create_task(keeper.keep()),
                asyncio.create_task(others.live()),
                asyncio.create_task(window.watch(look_again)),
            }
            _welcome(console, url)
            if open_browser:
                # A thread of its own: a text browser would come back only when it is closed.
                threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
            await _until(stop, tasks)
        finally:
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)
            window.close()
            standin.closing.set()  # lets the page's streams end, so that nothing waits for them
            await runner.cleanup()
    console.print("The demonstration has ended. Everything that was said in it is gone.")


async def _until(stop: asyncio.Event, tasks: Iterable[asyncio.Task[None]]) -> None:
    """Wait for a signal; a fault of ours in a task ends the wait too, and is raised."""
    stopping = asyncio.create_task(stop.wait())
    try:
        done, _rest = await asyncio.wait([stopping, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    for task in done - {stopping}:
        task.result()


def _stop_on_signals() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # Windows: Ctrl-C comes as KeyboardInterrupt
            loop.add_signal_handler(getattr(signal, name), stop.set)
    return stop


async def _listen(runner: web.AppRunner, port: int) -> str:
    """Serve on the loopback address and give the page's address. Raises OperatorError."""
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        other = port + 1 if 1024 <= port < 65535 else 8080
        why = "is in use" if error.errno == errno.EADDRINUSE else "is not open to you"
        raise OperatorError(f"port {port} {why}; choose another: firstsay demo --port {other}") from None
    return f"http://{HOST}:{runner.addresses[0][1]}/"


def _welcome(console: Console, url: str) -> None:
    console.print(f"\n[bold]First Say[/], a demonstration on this machine. Nothing leaves it.\n\n    [bold]{url}[/]\n")
    console.print(
        "Try this:\n"
        "  1. Tap Play it for me, and watch a night and a morning in about a minute.\n"
        "  2. Look at what is stored, and kill the bot in the middle of an answer.\n"
        "  3. Turn to A round: two dozen others come in, and a lead asks them how things are.\n"
        "  4. Play yourself: open the caseworker's link, then the client's, and tap whatever you like.\n\n"
        "Ctrl-C ends it, and everything that was said in it is gone.\n"
    )


def _inviter(environment: dict[str, str], clock: DemoClock) -> Invite:
    one_at_a_time = asyncio.Lock()

    async def invite(role: str) -> str:
        async with one_at_a_time:
            made = await run_command(["invite", role, "--anyway", "--json"], environment, clock.ahead)
        return str(made["start"])

    return invite
