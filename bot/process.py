"""`firstsay run`: the process that serves a programme, from the first poll to a clean stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.clock import now
from bot.delivery import Delivery
from bot.errors import OperatorError
from bot.home import Home, archive_instruments, only_one, open_home
from bot.inbound import ALLOWED
from bot.intake import FIRST_WAIT, LONGEST_WAIT, Intake, Webhook
from bot.invite import keep_username
from bot.pace import Pace
from bot.request import AiohttpRequest, proxy_for
from bot.schedule import Schedule
from bot.telegram import Telegram, TokenError
from bot.turns import Turns
from bot.voices import Voices
from conversations.text import Text, _
from storage.database import Connection, open_database
from storage.store import Store
from translations.catalogs import load
from translations.wording import word

log = logging.getLogger(__name__)

COMMANDS: dict[str, Text] = {
    "menu": _("Menu"),
    "needs": _("What matters"),
    "help": _("Reach a person"),
    "mine": _("What is kept"),
    "feedback": _("Tell us something"),
    "language": _("Language"),
    "pause": _("Pause"),
    "leave": _("Leave"),
    "clear": _("Clear this chat"),
}


def run() -> int:
    """Serve until stopped. Raises OperatorError in one line."""
    home = open_home()
    token = home.environment.require_token()
    for language in home.programme.languages:
        load(language)
    with only_one(home.environment.home):
        # What is loaded by now stays for good: the collector need not look at it, and turns make little that is
        # cyclic, so it need not look often (it took a fifth of a turn's time).
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        asyncio.run(_serve(home, token))
    return 0


async def _serve(home: Home, token: str) -> None:
    request = AiohttpRequest(proxy=proxy_for(home.environment.api_url))
    await request.initialize()
    database = await open_database(home.database)
    base = f"{home.environment.api_url}/"
    bot = Bot(
        token, base_url=f"{base}bot", base_file_url=f"{base}file/bot", request=request, get_updates_request=request
    )
    try:
        await _Service(home, token, bot, request, database).run()
    finally:
        await database.close()
        await request.shutdown()


class _Service:
    """Everything that runs while the bot runs."""

    def __init__(self, home: Home, token: str, bot: Bot, request: AiohttpRequest, database: Connection) -> None:
        self._home = home
        self._bot = bot
        self._database = database
        programme = home.programme
        turns = Turns(home.keyring, programme)
        pace = Pace(programme.sending.per_second, programme.sending.per_chat_second, asyncio.get_running_loop().time)
        self._telegram = Telegram(home.environment.api_url, token, request)
        self._delivery = Delivery(database, self._telegram, home.keyring, programme, pace)
        self._intake = Intake(database, turns, self._delivery, home.keyring)
        voices = Voices(database, bot, self._delivery, home.keyring, programme)
        self._schedule = Schedule(database, home.keyring, turns, self._delivery, voices)

    async def run(self) -> None:
        """Run until SIGINT or SIGTERM, or until something that cannot be mended here."""
        try:
            await self._database.transact(self._archive)
            offset = await self._intake.begin()
            await self._introduce()
            await self._delivery.recover()
        except sqlite3.OperationalError as error:
            code = error.sqlite_errorname
            raise OperatorError(f"the database cannot be written ({code}); is there room on its disk?") from None
        scheduler = self._schedule.start()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        ways: list[Coroutine[Any, Any, Any]] = [
            *(stop.wait(), self._delivery.run(), self._schedule.run_rounds(), self._receive(offset))
        ]
        tasks = [asyncio.ensure_future(way) for way in ways]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        scheduler.shutdown(wait=False)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()
        try:
            await self._delivery.close()
            await self._intake.end()
        except sqlite3.OperationalError as error:
            log.error("the database takes nothing now; the next start goes carefully", exc_info=error)

    def _archive(self, connection: Any) -> None:
        archive_instruments(Store(connection, self._home.keyring, datetime.now(UTC)))

    async def _introduce(self) -> None:
        """Ask who we are, so that a wrong token is told at once, and set the commands' descriptions."""
        try:
            await self._keep_username((await self._bot.get_me()).username or "")
            await self._set_commands()
        except InvalidToken:
            raise TokenError("Telegram refuses the token; get the right one from @BotFather") from None
        except TelegramError as error:
            log.warning("Telegram cannot be reached yet", exc_info=error)

    async def _keep_username(self, username: str) -> None:
        moment = now()
        await self._database.transact(lambda c: keep_username(Store(c, self._home.keyring, moment), username))

    async def _set_commands(self) -> None:
        for language in self._home.programme.languages:
            commands = [BotCommand(name, word(text, language)) for name, text in COMMANDS.items()]
            code = language if language != self._home.programme.default_language else None
            if code is None or len(code) == 2:
                await self._bot.set_my_commands(commands, language_code=code)

    async def _receive(self, offset: int | None) -> None:
        url = self._home.environment.webhook_url
        if url is None:
            await self._insist(self._bot.delete_webhook)
            await self._intake.poll(self._telegram, offset)
        else:
            await self._listen(url)

    async def _listen(self, url: str) -> None:
        environment = self._home.environment
        secret = environment.webhook_secret
        assert secret is not None
        webhook = Webhook(self._intake, secret.get_secret_value())
        runner = web.AppRunner(webhook.app(urlsplit(url).path or "/"), access_log=None)
        await runner.setup()
        host, port = environment.listen_address
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise OperatorError(
                f"cannot listen on {environment.listen} ({error.strerror}); set FIRSTSAY_LISTEN"
            ) from None
        taking = asyncio.ensure_future(webhook.run())
        try:
            given = secret.get_secret_value()
            await self._insist(lambda: self._bot.set_webhook(url, secret_token=given, allowed_updates=list(ALLOWED)))
            await taking
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            await runner.cleanup()

    async def _insist(self, ask: Callable[[], Awaitable[object]]) -> None:
        """Ask Telegram where updates go until it has heard. Raises OperatorError where it never will."""
        wait = FIRST_WAIT
        while True:
            try:
                await ask()
                return
            except InvalidToken:
                raise TokenError("Telegram refuses the token; get the right one from @BotFather") from None
            except BadRequest:
                raise OperatorError("Telegram does not take FIRSTSAY_WEBHOOK_URL; see setWebhook in its API") from None
            except TelegramError as error:
                log.warning("Telegram cannot be told where updates go; telling it again soon", exc_info=error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
