"""Telegram as this bot uses it: a lean call for what is sent all the time, and what its answers mean."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

import aiohttp
import orjson

from bot.errors import OperatorError
from bot.request import AiohttpRequest, InDoubt, NotSent

_MESSAGE_ID: Final = re.compile(rb'"message_id"\s*:\s*(\d+)')


class TokenError(OperatorError):
    """Telegram does not know the token."""


class ConflictError(OperatorError):
    """Somebody else is polling with the same token."""


class UnreachableError(Exception):
    """No updates now."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("no answer that can be used")
        self.wait = wait
        """Seconds Telegram asks to wait; 0 where it said nothing."""


class Outcome(Enum):
    """What became of a call."""

    DONE = auto()
    GONE = auto()
    """The message it was about is not there, or cannot be changed any more."""
    SAME = auto()
    """Nothing to change, or nothing there to delete: as good as done."""
    REFUSED = auto()
    """It will never go like this."""
    BLOCKED = auto()
    """This person does not want the bot, or is no longer there."""
    LATER = auto()
    """Certainly not done; may go later."""
    DOUBT = auto()
    """May have been done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a call; the id of the message it made, or the seconds Telegram asks everybody to wait."""

    outcome: Outcome
    message_id: int = 0
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class File:
    """What can be uploaded. `kind` is photo, document or voice, as in sendPhoto; `name` is what the phone calls it."""

    kind: str
    name: str
    content: bytes
    mime: str


class Telegram:
    """Calls to one bot's API. The address holds the token and is never shown."""

    def __init__(self, api_url: str, token: str, request: AiohttpRequest) -> None:
        self._base = f"{api_url}/bot{token}/"
        self._request = request

    def __repr__(self) -> str:
        return "<Telegram>"

    async def fetch(self, parameters: dict[str, Any], read_seconds: float) -> list[dict[str, Any]]:
        """Call getUpdates and return the updates as they are. Raises UnreachableError, TokenError, ConflictError."""
        body = orjson.dumps(parameters)
        try:
            status, content = await self._request.send(self._base + "getUpdates", body, read_seconds)
            if status == 200:
                found = _read_page(content)["result"]
                return [update for update in found if is_update(update)]
        except (NotSent, InDoubt, ValueError, KeyError, TypeError, AttributeError):
            raise UnreachableError from None
        if status == 409:
            raise ConflictError("another process polls with this token; stop it, or get a second token from @BotFather")
        raise UnreachableError(_refusal(status, content).wait)

    async def call(self, method: str, parameters: dict[str, Any]) -> Answer:
        """Call a method of https://core.telegram.org/bots/api with ready parameters."""
        return await self._answer(self._request.send(self._base + method, orjson.dumps(parameters)))

    async def upload(self, parameters: dict[str, Any], file: File) -> Answer:
        """Send a file: sendPhoto, sendDocument or sendVoice, with ready parameters."""
        form = aiohttp.FormData()
        for name, value in parameters.items():
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
        form.add_field(file.kind, file.content, filename=file.name, content_type=file.mime)
        return await self._answer(self._request.upload(f"{self._base}send{file.kind.capitalize()}", form))

    @staticmethod
    async def _answer(sent: Awaitable[tuple[int, bytes]]) -> Answer:
        try:
            status, content = await sent
        except NotSent:
            return Answer(Outcome.LATER)
        except InDoubt:
            return Answer(Outcome.DOUBT)
        if status == 200:
            found = _MESSAGE_ID.search(content)
            return Answer(Outcome.DONE, message_id=int(found[1]) if found else 0)
        return _refusal(status, content)


def is_update(update: Any) -> bool:
    """Whether it has a number by which it can be told from others (64 bits)."""
    return isinstance(update, dict) and isinstance(update.get("update_id"), int) and 0 <= update["update_id"] < 2**63


def _read_page(content: bytes) -> Any:
    """Read leniently where the quick reader refuses: one odd character must not stop the line."""
    try:
        return orjson.loads(content)
    except ValueError:
        return json.loads(content)


def _refusal(status: int, content: bytes) -> Answer:
    try:
        data = orjson.loads(content)
        description = str(data.get("description", "")).lower()
        wait = float((data.get("parameters") or {}).get("retry_after", 0))
    except (ValueError, AttributeError, TypeError):
        description, wait = "", 0.0
    match status:
        case 429:
            return Answer(Outcome.LATER, wait=wait or 1.0)
        case 401 | 404:
            raise TokenError("Telegram does not know this token; get the right one from @BotFather")
        case 403:
            return Answer(Outcome.BLOCKED)
        case 400 if "message is not modified" in description or "to delete not found" in description:
            return Answer(Outcome.SAME)
        case 400 if "chat not found" in description:
            return Answer(Outcome.BLOCKED)
        case 400 if "to edit not found" in description:
            return Answer(Outcome.GONE)
        case 400 if "can't be edited" in description or "can't be deleted" in description:
            return Answer(Outcome.GONE)
        case 400 | 413:
            return Answer(Outcome.REFUSED)
    return Answer(Outcome.LATER)
