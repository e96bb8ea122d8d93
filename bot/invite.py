"""Invitations: one-time links that are neutral to read and expire."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.errors import OperatorError
from bot.home import Home, open_home
from bot.request import AiohttpRequest, proxy_for
from storage import people
from storage.database import connect, transact
from storage.store import Store

CODE_BYTES: Final = 12
"""96 bits of chance: nobody finds an invitation by trying."""


class NotReadyError(OperatorError):
    """Something is missing without which a client would come to nobody."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`link` opens the chat with the payload `start`; it works once, until `expires_at` (aware, UTC)."""

    link: str
    start: str
    expires_at: datetime


def invite(role: str, anyway: bool = False) -> Invitation:
    """Make an invitation for a client, caseworker or lead. Raises OperatorError."""
    home = open_home()
    if role == "client" and not anyway:
        missing = missing_for_clients(home)
        if missing:
            raise NotReadyError(f"{missing[0]}; or use --anyway")
    code = secrets.token_urlsafe(CODE_BYTES)
    now = datetime.now(UTC)
    expires_at = (now + timedelta(days=home.programme.invitations.valid_days)).replace(microsecond=0)
    connection = connect(home.database)
    try:
        transact(connection, lambda c: _insert(Store(c, home.keyring, now), role, code, int(expires_at.timestamp())))
    finally:
        connection.close()
    return Invitation(f"https://t.me/{_username(home)}?start={code}", code, expires_at)


def missing_for_clients(home: Home) -> list[str]:
    """What stands between this programme and its first client, each in one line."""
    missing = []
    if home.programme.answering_hours.next_opening(datetime.now(UTC)) is None and not _always_open(home):
        missing.append("nobody answers at any hour: fill in [hours] in firstsay.toml")
    if not home.programme.crisis:
        missing.append("no number to call: add a [[crisis]] number that someone has verified to firstsay.toml")
    connection = connect(home.database)
    try:
        if not people.reachable(Store(connection, home.keyring, datetime.now(UTC)), "caseworker"):
            missing.append("no caseworker has joined: firstsay invite caseworker")
    finally:
        connection.close()
    return missing


def _always_open(home: Home) -> bool:
    return home.programme.answering_hours.open_at(datetime.now(UTC))


def _insert(store: Store, role: str, code: str, expires_at: int) -> None:
    store.later(
        "invitations",
        "insert",
        id=store.new_id(),
        code_hash=store.keyring.hash_code(code),
        role=role,
        caseworker_id=None,
        created_at=store.at,
        expires_at=expires_at,
    )
    store.flush()


def _username(home: Home) -> str:
    """The bot's name, asked of Telegram; without a token or an answer, a placeholder."""
    if home.environment.token is None:
        return "YOUR_BOT"
    return asyncio.run(_ask_username(home, home.environment.require_token()))


async def _ask_username(home: Home, token: str) -> str:
    request = AiohttpRequest(read_seconds=5, proxy=proxy_for(home.environment.api_url))
    bot = Bot(token, base_url=f"{home.environment.api_url}/bot", request=request, get_updates_request=request)
    try:
        await request.initialize()
        return (await bot.get_me()).username or "YOUR_BOT"
    except TelegramError:
        return "YOUR_BOT"
    finally:
        await request.shutdown()
