"""People, their private chats with the bot, and each person's phone."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.demo.markup import find_commands
from bot.demo.messages import Event, EventKind, File, Json, PhoneError, Shown, Stored, Toast, describe, show
from bot.demo.updates import Updates

T = TypeVar("T")

FIRST_PERSON = 700_000_001
FIRST_MESSAGE = 1


@dataclass(slots=True, eq=False)
class Query:
    """A tap on a button, on its way to the bot (https://core.telegram.org/bots/api#callbackquery)."""

    query_id: str
    phone: Phone
    at: float
    toast: Toast | None = None

    async def answer(self, timeout: float = 5) -> Toast:  # noqa: ASYNC109 - the tests read better so
        """Wait for what the bot answers; raises ``TimeoutError``."""
        return await self.phone.until(lambda _phone: self.toast, timeout)


class Chats:
    """All people and messages that one bot can see. ``clock`` gives seconds since 1970."""

    def __init__(self, bot: Json, updates: Updates, clock: Callable[[], float]) -> None:
        self.bot = bot
        self.updates = updates
        self.clock = clock
        self.phones: dict[int, Phone] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, File] = {}
        self._next_message = FIRST_MESSAGE
        self._dice = random.Random()  # noqa: S311 - numbers that look like Telegram's, not secrets

    def add(self, first_name: str, language_code: str | None, opened: bool) -> Phone:
        user: Json = {"id": FIRST_PERSON + len(self.phones), "is_bot": False, "first_name": first_name}
        if language_code:
            user["language_code"] = language_code
        phone = Phone(self, user, str(self._dice.getrandbits(63)), opened)
        self.phones[phone.chat_id] = phone
        return phone

    def next_message_id(self) -> int:
        """One count for all chats, as Telegram has for each account's private chats."""
        self._next_message += 1
        return self._next_message - 1

    def next_query_id(self) -> str:
        return str(self._dice.getrandbits(62))

    def keep(self, folder: str, name: str, mime: str, content: bytes) -> File:
        suffix = f".{name.rpartition('.')[2]}" if "." in name else ""
        path = f"{folder}/file_{len(self.files)}{suffix}"
        kept = File(secrets.token_urlsafe(36), secrets.token_urlsafe(10), path, name, mime, content)
        self.files[kept.file_id] = kept
        return kept


class Phone:
    """One person's phone: what they do, and what they see.

    ``history`` holds every event there ever was; ``messages`` what is on the screen now.
    """

    def __init__(self, chats: Chats, user: Json, chat_instance: str, opened: bool) -> None:
        self.user = user
        self.chat: Json = {"id": user["id"], "first_name": user["first_name"], "type": "private"}
        self.chat_id: int = user["id"]
        self.opened = opened
        """The bot may write: the person wrote first. Telegram answers "chat not found" before."""
        self.blocked = False
        self.deactivated = False
        self.stored: dict[int, Stored] = {}
        self.history: list[Event] = []
        self._chats = chats
        self._chat_instance = chat_instance
        self._waiting: set[asyncio.Future[None]] = set()
        self._read = 0

    # What is seen

    @property
    def messages(self) -> list[Shown]:
        """The screen, oldest first."""
        return [show(s.raw, s) for s in self.stored.values() if not (s.deleted or s.hidden)]

    @property
    def last(self) -> Shown:
        """The newest message of the bot on the screen; raises ``PhoneError`` when there is none."""
        for stored in reversed(self.stored.values()):
            if not (stored.out or stored.deleted or stored.hidden):
                return show(stored.raw, stored)
        raise PhoneError("the bot has nothing on the screen")

    async def until(
        self,
        predicate: Callable[[Phone], T | None],
        timeout: float = 5,  # noqa: ASYNC109 - the tests read better so
    ) -> T:
        """Wait until ``predicate(phone)`` is true and give what it gave; it is asked again after every event.

        A ``PhoneError`` in the predicate ("nothing on the screen") means: not yet.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    with suppress(PhoneError):
                        if found := predicate(self):
                            return found
                    await self.change()
        except TimeoutError:
            raise TimeoutError(f"nothing such on {self.user['first_name']}'s phone:\n{self.transcript()}") from None

    async def sees(self, words: str, timeout: float = 5) -> Shown:  # noqa: ASYNC109 - the tests read better so
        """Wait until a message of the bot with these words is on the screen, and give the newest such."""

        def find(phone: Phone) -> Shown | None:
            return next((one for one in reversed(phone.messages) if one.from_bot and words in one.text), None)

        return await self.until(find, timeout)

    async def next_event(self, kind: EventKind | None = None, timeout: float = 5) -> Event:  # noqa: ASYNC109
        """The next event not read yet (of this kind, passing over others); raises ``TimeoutError``."""

        def find(phone: Phone) -> Event | None:
            for event in phone.history[phone._read :]:
                phone._read = event.number
                if kind in (None, event.kind):
                    return event
            return None

        return await self.until(find, timeout)

    def change(self) -> asyncio.Future[None]:
        """Something to await: done at the next event after this call."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)
        return waiting

    def transcript(self) -> str:
        """The screen in a few lines of text, to be read when a test fails."""
        lines = []
        for shown in self.messages:
            lines.append(f"{'bot' if shown.from_bot else 'me '} {shown.message_id}: {shown.text or shown.kind}")
            lines += ["        " + " ".join(f"[{label}]" for label, _data in row) for row in shown.buttons]
        return "\n".join(lines) or "(an empty screen)"

    # What the person does

    def send(self, text: str) -> Shown:
        text = text.strip()
        if not text:
            raise PhoneError("an empty message cannot be sent")
        fields: Json = {"text": text}
        if commands := find_commands(text):
            fields["entities"] = commands
        return self.post("text", fields)

    def start(self, payload: str = "") -> Shown:
        """Press Start, or follow a link with a payload; lifts the block, as the app does."""
        if self.blocked:
            self.unblock()
        return self.send(f"/start {payload}")

    def voice(self, content: bytes = b"OggS voice", duration: int = 1) -> Shown:
        kept = self._chats.keep("voice", "voice.oga", "audio/ogg", content)
        return self.post("voice", {"voice": {"duration": duration, "mime_type": kept.mime, **describe(kept)}})

    def photo(self, content: bytes = b"\xff\xd8\xff photo", caption: str = "") -> Shown:
        kept = self._chats.keep("photos", "photo.jpg", "image/jpeg", content)
        fields: Json = {"photo": [{**describe(kept), "width": 90, "height": 90}]}
        return self.post("photo", {**fields, "caption": caption} if caption else fields)

    def document(self, content: bytes = b"paper", name: str = "paper.txt") -> Shown:
        kept = self._chats.keep("documents", name, "text/plain", content)
        return self.post("document", {"document": {"file_name": name, "mime_type": kept.mime, **describe(kept)}})

    def sticker(self, emoji: str = "\N{SLIGHTLY SMILING FACE}") -> Shown:
        kept = self._chats.keep("stickers", "sticker.webp", "image/webp", b"RIFF")
        looks = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self.post("sticker", {"sticker": {**looks, "emoji": emoji, **describe(kept)}})

    def post(self, kind: str, fields: Json) -> Shown:
        """Send a message of any kind: ``fields`` are the Message's fields beside id, date, chat and sender."""
        self._require_writable()
        self.opened = True
        raw: Json = {
            "message_id": self._chats.next_message_id(),
            "from": self.user,
            "chat": self.chat,
            "date": int(self._chats.clock()),
            **fields,
        }
        stored = self.add(Stored(raw, kind, out=True))
        self._chats.updates.push("message", raw, self.chat_id)
        return show(raw, stored)

    def edit(self, message_id: int, text: str) -> Shown:
        """Change an own message's words."""
        self._require_writable()
        stored = self.stored.get(message_id)
        if not stored or stored.deleted or not stored.out or stored.kind != "text":
            raise PhoneError(f"message {message_id} is not one that this person can edit")
        raw = {**stored.raw, "text": text, "edit_date": int(self._chats.clock())}
        raw.pop("entities", None)
        if commands := find_commands(text):
            raw["entities"] = commands
        self.change_message(stored, raw)
        self._chats.updates.push("edited_message", raw, self.chat_id)
        return show(raw, stored)

    def tap(self, message: Shown | int, button: str) -> Query:
        """Tap a button by its data or label: on the keyboard as it is now, or else on an older one.

        A real phone that lags behind does send the buttons that it still shows.
        """
        message_id = message if isinstance(message, int) else message.message_id
        stored = self.stored.get(message_id)
        for keyboard in reversed(stored.keyboards) if stored else ():
            found = [one for row in keyboard for one in row if button in (one.get("callback_data"), one["text"])]
            if found and "callback_data" in found[0]:
                return self.tap_data(message_id, found[0]["callback_data"])
        raise PhoneError(f"message {message_id} never had a button {button!r}\n{self.transcript()}")

    def tap_data(self, message_id: int, data: str) -> Query:
        """Send callback data, whatever the message's buttons are."""
        self._require_writable()
        query = Query(self._chats.next_query_id(), self, self._chats.clock())
        self._chats.queries[query.query_id] = query
        stored = self.stored.get(message_id)
        echo: Json = {"chat": self.chat, "message_id": message_id, "date": 0}
        payload = {
            "id": query.query_id,
            "from": self.user,
            "message": echo if stored is None or stored.deleted else stored.raw,
            "chat_instance": self._chat_instance,
            "data": data,
        }
        self._chats.updates.push("callback_query", payload, self.chat_id)
        return query

    def block(self) -> None:
        self._change_membership(blocked=True)

    def unblock(self) -> None:
        self._change_membership(blocked=False)

    def deactivate(self) -> None:
        """Delete the account: the bot is told only when it writes next."""
        self.deactivated = True

    def clear_history(self) -> None:
        """Empty the screen on this phone only: the bot's side keeps the messages and may still edit and delete them."""
        for stored in self.stored.values():
            stored.hidden = True
        self.note("clear")

    # What happens to the phone

    def add(self, stored: Stored) -> Stored:
        self.stored[stored.message_id] = stored
        self._remember_keyboard(stored)
        self.note("message", (stored.message_id,), raw=stored.raw, stored=stored)
        return stored

    def change_message(self, stored: Stored, raw: Json) -> None:
        stored.raw = raw
        self._remember_keyboard(stored)
        if not stored.hidden:
            self.note("edit", (stored.message_id,), raw=raw, stored=stored)

    def delete(self, gone: list[Stored]) -> None:
        for stored in gone:
            stored.deleted = True
        if gone:
            self.note("delete", tuple(stored.message_id for stored in gone))

    def note(self, kind: EventKind, message_ids: tuple[int, ...] = (), **more: Any) -> None:
        self.history.append(Event(len(self.history) + 1, kind, self._chats.clock(), message_ids, **more))
        for waiting in self._waiting:  # done ones leave the set later, by their callbacks
            if not waiting.done():
                waiting.set_result(None)

    def _remember_keyboard(self, stored: Stored) -> None:
        if "reply_markup" in stored.raw:
            stored.keyboards.append(stored.raw["reply_markup"]["inline_keyboard"])

    def _change_membership(self, blocked: bool) -> None:
        if self.blocked == blocked:
            return
        self.blocked = blocked
        member: Json = {"user": self._chats.bot, "status": "member"}
        kicked: Json = {"user": self._chats.bot, "status": "kicked", "until_date": 0}
        payload = {
            "chat": self.chat,
            "from": self.user,
            "date": int(self._chats.clock()),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self._chats.updates.push("my_chat_member", payload, self.chat_id)

    def _require_writable(self) -> None:
        if self.blocked or self.deactivated:
            raise PhoneError("a phone that blocked the bot, or whose account is gone, sends nothing")

    def __repr__(self) -> str:
        return f"<Phone of {self.user['first_name']}, chat {self.chat_id}>"
