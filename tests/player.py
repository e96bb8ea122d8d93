"""Plays the whole bot without a network: real store, real turns, a clock that is moved, and a phone for each person.

A `Stage` takes raw updates as Telegram sends them and carries out what the turns want sent on a model of each
`Phone`. With `restarts`, every turn is made by a new `Turns` with a new `Keyring`, so that a dialogue test is a restart
test too; with `processes`, several take turns on one database; with `path`, the database is a file that is closed and
opened again between any two turns. What must hold after every turn whatever the test is about stands in `Stage._check`.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.gate import Purpose, decide
from bot.marks import Asked, note_asked
from bot.programme import Programme
from bot.screens import CAPTION_LIMIT, TEXT_LIMIT
from bot.tables import CrisisNumber
from bot.turn import Sending, read_sending
from bot.turns import Taken, Turns
from storage import people
from storage.database import connect, transact
from storage.keys import Keyring
from storage.schema import prepare
from storage.store import Store

Update = dict[str, Any]

MASTER: Final = bytes(range(32))
MONDAY: Final = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
"""10:00 in Yangon, within the answering hours."""
DATA_LIMIT: Final = 64
"""Bytes of a button's data (https://core.telegram.org/bots/api#inlinekeyboardbutton)."""

PROGRAMME: Final = Programme(
    organisation="The House",
    languages=("en", "my"),
    crisis=(
        CrisisNumber(
            country="MM",
            language="en",
            label="Night line",
            number="+95 1 234",
            verified_by="Daw Khin",
            verified_on=date(2026, 11, 1),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button as it was drawn."""

    label: str
    data: str

    def __deepcopy__(self, _memo: object) -> Button:
        return self  # it never changes, and a copied phone has thousands


@dataclass(slots=True)
class Message:
    """A message in a chat. `slot` names what it stands for ("" for what the person sent)."""

    id: int
    slot: str
    text: str
    buttons: list[Button] = field(default_factory=list)
    bold: str = ""
    file: Mapping[str, Any] | None = None
    """What `bot.files` draws for it, where it is a picture, a document or a voice note."""

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [button.label for button in self.buttons]


class Phone:
    """One person's phone: what stands in their chat with the bot, and what they can do there."""

    def __init__(self, stage: Stage, chat: int, language: str) -> None:
        self.stage = stage
        self.chat = chat
        self.language = language
        self.screen: list[Message] = []
        """The chat from top to bottom, with the person's own messages."""
        self.toasts: list[str] = []
        self.seen: list[tuple[int, Button]] = []
        """Every button that was ever on this phone, with the id of its message."""
        self.sounds = 0
        """How many new messages came: each may light up the phone, an edit does not."""
        self._last_id = 0

    # --- what the person sees --------------------------------------------------------------------------------

    def standing(self, name: str) -> list[Message]:
        """What the bot has put up under slots of that name: living, push or alert."""
        return [message for message in self.screen if message.slot.partition(".")[0] == name]

    def standing_in(self, slot: str) -> list[Message]:
        """The message that stands in exactly that slot, if one does."""
        return [message for message in self.screen if message.slot == slot]

    @property
    def living(self) -> Message:
        """The one message that the dialogue lives in."""
        found = self.standing("living")
        assert len(found) == 1, f"{len(found)} living messages"
        return found[0]

    @property
    def text(self) -> str:
        """What the living message says."""
        return self.living.text

    @property
    def labels(self) -> list[str]:
        """What the buttons of the living message say."""
        return self.living.labels

    @property
    def push(self) -> Message | None:
        """The bland line that says there is something new, if one stands there."""
        found = self.standing("push")
        return found[0] if found else None

    @property
    def alerts(self) -> list[Message]:
        """The alert messages on a phone of the staff."""
        return self.standing("alert")

    @property
    def toast(self) -> str:
        """The answer to the last tap."""
        return self.toasts[-1] if self.toasts else ""

    # --- what the person does --------------------------------------------------------------------------------

    def tap(self, label: str, on: Message | None = None) -> Phone:
        """Tap the button whose label begins with `label`, on this message or on the lowest that has one."""
        message, button = self.find(label, on)
        return self.press(button.data, message.id)

    def find(self, label: str, on: Message | None = None) -> tuple[Message, Button]:
        """The button with such a label (ticked or not), and the message it is on."""
        for message in [on] if on is not None else [*reversed(self.screen)]:
            for button in message.buttons:
                if button.label.removeprefix("☐ ").removeprefix("☑ ").startswith(label):
                    return message, button
        raise AssertionError(f"no button {label!r} on this phone:\n{self}")

    def press(self, data: str, message: int = 0) -> Phone:
        """Tap a button by its data, whether or not it is there."""
        self.stage.take(self.pressing(data, message))
        return self

    def send(self, text: str, *, ago: float = 0.0) -> Phone:
        """Send words or a command; `ago` seconds before now by Telegram's clock."""
        self.stage.take(self.saying(ago=ago, text=text))
        return self

    def voice(self, seconds: int = 4) -> Phone:
        """Send a voice note."""
        note = {"file_id": f"voice-{self._last_id}", "duration": seconds, "file_size": 2000 * seconds}
        self.stage.take(self.saying(voice=note))
        return self

    def sticker(self) -> Phone:
        """Send a sticker."""
        self.stage.take(self.saying(sticker={"file_id": "sticker", "type": "regular", "emoji": "🙂"}))
        return self

    def photo(self) -> Phone:
        """Send a photo with words under it."""
        self.stage.take(self.saying(photo=[{"file_id": "photo", "width": 90, "height": 90}], caption="my street"))
        return self

    def edit(self, text: str) -> Phone:
        """Change what was sent last."""
        mine = [message for message in self.screen if not message.slot]
        content = self._message(mine[-1].id if mine else 1, self.stage.at, {"text": text})
        self.stage.take(self.stage.update("edited_message", content))
        return self

    def block(self) -> Phone:
        """Block the bot."""
        return self._membership("kicked")

    def unblock(self) -> Phone:
        """Let the bot write again."""
        return self._membership("member")

    # --- the updates, for who wants several in one batch -----------------------------------------------------

    def pressing(self, data: str, message: int = 0) -> Update:
        """A tap as an update."""
        tap: dict[str, Any] = {"from": self._sender(), "chat_instance": "1", "data": data}
        if message:
            tap["message"] = self._message(message, self.stage.at, {"text": "as it was"})
        return self.stage.update("callback_query", tap, self)

    def saying(self, *, ago: float = 0.0, content: Mapping[str, Any] | None = None, **fields: Any) -> Update:
        """Something sent as an update; it stands in the chat from now on."""
        id_, content = self.next_id(), {**(content or {}), **fields}
        self.screen.append(Message(id_, "", str(content.get("text", ""))))
        return self.stage.update("message", self._message(id_, int(self.stage.at - ago), content))

    def _membership(self, status: str) -> Phone:
        change = {
            "chat": {"id": self.chat, "type": "private"},
            "from": self._sender(),
            "date": self.stage.at,
            "old_chat_member": {"status": "member"},
            "new_chat_member": {"status": status, "user": {"id": 1, "is_bot": True}},
        }
        self.stage.take(self.stage.update("my_chat_member", change))
        return self

    def _message(self, id_: int, at: int, content: Mapping[str, Any]) -> dict[str, Any]:
        chat = {"id": self.chat, "type": "private", "first_name": "On Telegram"}
        return {"message_id": id_, "chat": chat, "from": self._sender(), "date": at, **content}

    def _sender(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": "On Telegram", "language_code": self.language}

    # --- what arrives ----------------------------------------------------------------------------------------

    def next_id(self) -> int:
        """The number of the next message of this chat."""
        self._last_id += 1
        return self._last_id

    def show(self, slot: str, payload: Mapping[str, Any], *, renew: bool) -> int:
        """Let a slot show that, as the delivery would; returns the message's id."""
        standing = next((message for message in self.screen if message.slot == slot), None)
        if standing is not None and renew:
            self.screen.remove(standing)
            standing = None
        if standing is None:
            standing = Message(self.next_id(), slot, "")
            self.screen.append(standing)
            self.sounds += 1
        rows = payload["reply_markup"]["inline_keyboard"]
        standing.text = payload["caption"] if "file" in payload else payload["text"]
        standing.file = payload.get("file")
        standing.buttons = [Button(b["text"], b["callback_data"]) for row in rows for b in row]
        standing.bold = "".join(_cut(standing.text, entity) for entity in payload.get("entities", ()))
        self.seen += [(standing.id, button) for button in standing.buttons]
        return standing.id

    def clear(self, slot: str) -> None:
        """Take away what stands in a slot."""
        self.screen = [message for message in self.screen if message.slot != slot]

    def delete(self, id_: int) -> None:
        """Take one message away."""
        self.screen = [message for message in self.screen if message.id != id_]

    def __str__(self) -> str:
        return "\n".join(f"[{m.slot or 'sent'}] {m.text}\n    {m.labels}" for m in self.screen)


class Stage:
    """A programme with its database, its clock and everybody's phones."""

    def __init__(
        self,
        programme: Programme = PROGRAMME,
        *,
        restarts: bool = True,
        processes: int = 1,
        path: Path | None = None,
        at: datetime = MONDAY,
    ) -> None:
        self.programme = programme
        self.now = at
        self.phones: dict[int, Phone] = {}
        self.letters = 0
        self.last = Taken()
        """What came of the last batch."""
        self.restarts = restarts
        self.processes = processes
        self._running: deque[Turns] = deque()
        self._path = path
        self._last_update = 0
        self._last_chat = 100
        self._taps: dict[str, Phone] = {}
        self.connection = _copy(_template(), path or ":memory:")

    @property
    def at(self) -> int:
        """Now, as Telegram's dates say it."""
        return int(self.now.timestamp())

    @property
    def keyring(self) -> Keyring:
        """A keyring that has nothing in memory yet."""
        return Keyring(MASTER)

    def phone(self, language: str = "en") -> Phone:
        """Somebody nobody has seen before."""
        self._last_chat += 1
        phone = self.phones[self._last_chat] = Phone(self, self._last_chat, language)
        return phone

    def invite(self, role: str, *, days: float = 14, place: str | None = None) -> str:
        """Make an invitation; its code is what stands behind /start."""
        code = f"code-{role}-{self._last_update}-{self.count('invitations')}"

        def insert(connection: sqlite3.Connection) -> None:
            store = Store(connection, self.keyring, self.now)
            until = int((self.now + timedelta(days=days)).timestamp())
            hashed = store.keyring.hash_code(code)
            values = {"code_hash": hashed, "role": role, "caseworker_id": None, "created_at": store.at}
            store.later("invitations", "insert", id=store.new_id(), place=place, expires_at=until, **values)
            store.flush()

        transact(self.connection, insert)
        return code

    def copy(self) -> Stage:
        """The same programme once more, going its own way from here."""
        twin = Stage.__new__(Stage)
        own = {"connection": _copy(self.connection), "programme": self.programme, "last": Taken(), "_running": deque()}
        memo: dict[int, Any] = {id(self): twin}
        for name, value in vars(self).items():
            setattr(twin, name, own[name] if name in own else deepcopy(value, memo))
        return twin

    # --- time ------------------------------------------------------------------------------------------------

    def wait(self, **how_long: float) -> Taken:
        """Let time pass, then let the tick do what has become due."""
        self.now += timedelta(**how_long)
        return self.sweep()

    def sweep(self) -> Taken:
        """What the process does every few seconds."""
        taken = transact(self._reopened(), lambda connection: self.turns().sweep(connection, self.now))
        self._settle(taken)
        self._deliver_late()
        while (asked := transact(self._reopened(), lambda c: self.turns().ask(c, self.now, 50))) is not None:
            self._settle(asked)
        return taken

    # --- turns -----------------------------------------------------------------------------------------------

    def update(self, kind: str, content: Mapping[str, Any], tapped: Phone | None = None) -> Update:
        """A raw update with the next number."""
        self._last_update += 1
        content = dict(content)
        if tapped is not None:
            content["id"] = f"tap-{self._last_update}"
            self._taps[content["id"]] = tapped
        return {"update_id": self._last_update, kind: content}

    def take(self, *updates: Update) -> Taken:
        """Take a batch of updates, a second after what came before, and carry out what it wants sent."""
        self.now += timedelta(seconds=1)
        taken = transact(self._reopened(), lambda connection: self.turns().take(connection, updates, self.now))
        self.letters += taken.letters
        self.last = taken
        self._settle(taken)
        for toast in taken.toasts:
            self._taps[toast.callback].toasts.append(toast.text)
        return taken

    def restart(self) -> None:
        """End the process and start another one; nothing but the database stays."""
        self._running.clear()

    def turns(self) -> Turns:
        """The process whose turn it is."""
        if self.restarts:
            self._running.clear()
        while len(self._running) < self.processes:
            self._running.append(Turns(self.keyring, self.programme))
        self._running.rotate()
        return self._running[0]

    def _reopened(self) -> sqlite3.Connection:
        if self._path is not None:
            self.connection.close()
            self.connection = connect(self._path)
        return self.connection

    def _settle(self, taken: Taken) -> None:
        """Carry out what is wanted, note it as the delivery does, and see that all holds."""
        self._check(taken)
        self._carry_out([sending for sending in taken.sendings if sending.not_before <= sending.created_at])

    def _carry_out(self, sendings: Iterable[Sending]) -> None:
        store = Store(self.connection, self.keyring, self.now)
        for sending in sendings:
            phone = self.phones[sending.person.chat]
            slot = sending.slot or ""
            own = slot.partition(".")[2]
            match sending.method:
                case "show":
                    self._show(store, phone, sending)
                case "clear":
                    phone.clear(own)
                    store.later("slots", "empty", id=slot)
                case "sweep":
                    for message in sending.payload["message_ids"]:
                        phone.delete(message)
                case _:
                    phone.delete(sending.payload["message_id"])
            store.later("outbox", "settle", id=sending.id, state="sent", reason="")
            if sending.asking is not None:
                note_asked(store, Asked(sending.asking, "sent", ""))
        transact(self.connection, lambda _connection: store.flush())

    def _show(self, store: Store, phone: Phone, sending: Sending) -> None:
        """Let the phone show it, and note what stands where, as the delivery does."""
        assert sending.slot is not None
        own = sending.slot.partition(".")[2]
        before = {message.id for message in phone.screen}
        silent = sending.purpose is Purpose.EDIT and sending.person.role == "client"
        if silent and (sending.renew or not phone.standing_in(own)):
            return
        id_ = phone.show(own, sending.payload, renew=sending.renew)
        if id_ in before:
            return
        person = sending.person.id
        for gone in before - {message.id for message in phone.screen}:
            store.later("messages", "forget", person_id=person, message_id=gone)
        values = {"person_id": person, "message_id": id_}
        store.later("slots", "save", id=sending.slot, sent_at=self.at, subject_id=sending.subject, **values)
        store.later("messages", "note", ours=1, at=self.at, **values)

    def _deliver_late(self) -> None:
        """Send what waited for its hour, after asking the gate again."""
        store = Store(self.connection, self.keyring, self.now)
        rows = store.rows("outbox", "waiting", now=store.at, most=200)
        known = people.find_by_ids(store, {row["person_id"] for row in rows}) if rows else {}
        due = []
        for row in rows:
            sending = read_sending(store, row, known[row["person_id"]])
            queued_at = datetime.fromtimestamp(sending.created_at, UTC)
            decision = decide(sending.purpose, sending.person, self.programme.zone, self.now, queued_at)
            if sending.expires_at is not None and sending.expires_at <= store.at:
                store.later("outbox", "settle", id=sending.id, state="expired", reason="too old")
            elif decision.never:
                store.later("outbox", "settle", id=sending.id, state="blocked", reason=decision.reason)
            elif decision.not_before is not None:
                at = int(decision.not_before.timestamp())
                store.later("outbox", "later", id=sending.id, reason=decision.reason, not_before=at)
            else:
                due.append(sending)
        transact(self.connection, lambda _connection: store.flush())
        self._carry_out(due)

    def _check(self, taken: Taken) -> None:
        """What must hold after every turn."""
        for sending in taken.sendings:
            if sending.method == "show":
                _check_payload(sending.payload)
        self._check_outbox(taken.sendings)
        twice = self.rows("SELECT person_id FROM sessions WHERE state = 'live' GROUP BY person_id HAVING count(*) > 1")
        assert not twice, "somebody is in two dialogues at once"

    def _check_outbox(self, sendings: Sequence[Sending]) -> None:
        """Each row opens with the key of the person it is about, and holds what was handed to the delivery."""
        store = Store(self.connection, self.keyring, self.now)
        for sending in sendings:
            row = self.connection.execute(
                "SELECT o.*, i.key FROM outbox o JOIN identities i ON i.person_id = coalesce(o.subject_id, o.person_id)"
                " WHERE o.id = ?",
                (sending.id,),
            ).fetchone()
            assert read_sending(store, row, sending.person) == sending

    # --- what is kept ----------------------------------------------------------------------------------------

    def rows(self, sql: str, *parameters: object) -> list[sqlite3.Row]:
        """Rows of the database."""
        return list(self.connection.execute(sql, parameters))

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def person(self, phone: Phone) -> people.Person:
        """A person as the store has them."""
        store = Store(self.connection, self.keyring, self.now)
        return people.find_by_chats(store, [phone.chat])[phone.chat]

    def ratings(self, phone: Phone) -> list[tuple[str, str, int | None]]:
        """Everything a client ever answered on their needs: item, status, value."""
        sql = "SELECT item, status, value FROM responses WHERE person_id = ? ORDER BY id"
        return [tuple(row) for row in self.rows(sql, self.person(phone).id)]


def _check_payload(payload: Mapping[str, Any]) -> None:
    text, limit = (payload["caption"], CAPTION_LIMIT) if "file" in payload else (payload["text"], TEXT_LIMIT)
    length = _utf16(text)
    assert text.strip(), "a message without words"
    assert length <= limit, "a message that Telegram refuses"
    for entity in payload.get("entities", ()):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= length
    for row in payload["reply_markup"]["inline_keyboard"]:
        for button in row:
            assert button["text"].strip(), "a button without words"
            assert 0 < len(button["callback_data"].encode("ascii")) <= DATA_LIMIT


def _cut(text: str, entity: Mapping[str, Any]) -> str:
    start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
    return text.encode("utf-16-le")[start:end].decode("utf-16-le")


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _copy(source: sqlite3.Connection, path: Path | str = ":memory:") -> sqlite3.Connection:
    made = connect(path)
    source.backup(made)
    return made


@cache
def _template() -> sqlite3.Connection:
    """An empty database with today's schema, made once for the process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        connection = connect(path)
        prepare(path, connection)
        made = _copy(connection)
        connection.close()
    return made
