"""Invitations: one-time links that are neutral to read and expire. A lead makes them in the chat, an operator here."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot
from telegram.error import TelegramError

from bot.clock import now
from bot.errors import OperatorError
from bot.home import Home, open_home
from bot.programme import FILE_NAME, Programme
from bot.readiness import explain, missing_for_clients
from bot.request import AiohttpRequest, proxy_for
from storage.database import connect, transact
from storage.store import Store

CODE_BYTES: Final = 12
"""96 bits of chance: nobody finds an invitation by trying."""

USERNAME: Final = "username"
"""Under this name `texts` keeps what the bot is called, so that a link can be made while Telegram is away."""


class NotReadyError(OperatorError):
    """Something is missing without which a client would come to nobody."""


class PlaceError(OperatorError):
    """An invitation cannot carry that place."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`link` opens the chat with the payload `start` (None where nobody knows what the bot is called: then `/start` and
    the payload are sent by hand); it works once, until `expires_at` (aware, UTC)."""

    link: str | None
    start: str
    expires_at: datetime


def make_invitation(store: Store, programme: Programme, role: str, place: str | None = None) -> Invitation:
    """A new invitation in the transaction that is open; of its code only a keyed hash is kept."""
    code = secrets.token_urlsafe(CODE_BYTES)
    expires_at = (store.now + timedelta(days=programme.invitations.valid_days)).replace(microsecond=0)
    store.later(
        "invitations",
        "insert",
        id=store.new_id(),
        code_hash=store.keyring.hash_code(code),
        role=role,
        caseworker_id=None,
        place=place,
        created_at=store.at,
        expires_at=int(expires_at.timestamp()),
    )
    username = store.value("texts", "username")
    return Invitation(f"https://t.me/{username}?start={code}" if username else None, code, expires_at)


def keep_username(store: Store, username: str) -> None:
    """Note what the bot is called, in the transaction that is open."""
    store.now_or_not("texts", "put", digest=USERNAME, body=username)


def invite(role: str, anyway: bool = False, place: str | None = None) -> Invitation:
    """`firstsay invite`: an invitation for a client, caseworker or lead. Raises OperatorError."""
    home = open_home()
    _check_place(home.programme, role, place)
    with closing(connect(home.database)) as connection:
        store = Store(connection, home.keyring, now())
        if role == "client" and not anyway:
            _check_ready([explain(missing) for missing in missing_for_clients(store, home.programme)])
        username = _ask_username(home) if store.value("texts", "username") is None else None

        def make(connection: sqlite3.Connection) -> Invitation:
            store = Store(connection, home.keyring, now())
            if username is not None:
                keep_username(store, username)
            made = make_invitation(store, home.programme, role, place)
            store.flush()
            return made

        return transact(connection, make)


def _check_place(programme: Programme, role: str, place: str | None) -> None:
    if place is None:
        return
    if role != "client":
        raise PlaceError("--place is for clients; leave it out")
    if not programme.places:
        raise PlaceError(f"no places are set; write places = [...] in {FILE_NAME}, or leave --place out")
    if place not in programme.places:
        raise PlaceError(f"--place: not one of places in {FILE_NAME}: {', '.join(programme.places)}")


def _check_ready(missing: Sequence[str]) -> None:
    if missing:
        more = f"; {len(missing) - 1} more to mend (firstsay doctor)" if len(missing) > 1 else ""
        raise NotReadyError(f"{missing[0]}{more}; or use --anyway")


def _ask_username(home: Home) -> str | None:
    """What the bot is called, asked of Telegram; None without a token or an answer."""
    if home.environment.token is None:
        return None
    return asyncio.run(_ask(home, home.environment.require_token()))


async def _ask(home: Home, token: str) -> str | None:
    request = AiohttpRequest(read_seconds=5, proxy=proxy_for(home.environment.api_url))
    bot = Bot(token, base_url=f"{home.environment.api_url}/bot", request=request, get_updates_request=request)
    try:
        await request.initialize()
        return (await bot.get_me()).username
    except TelegramError:
        return None
    finally:
        await request.shutdown()
