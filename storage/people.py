"""People: clients, staff and strangers, each with a key of their own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from storage.keys import Box
from storage.store import Row, Store, listed

STRANGERS_KEPT: Final = timedelta(days=7)
"""After that someone who came without an invitation is forgotten."""

UNNAMED: Final = (("transfer_steps", "forget"), ("transfers", "forget"), ("transfers", "bare"))
"""What happens, in this order, to the transfers of whoever is gone: what was paid outlives them, and nothing else."""

PREFIX: Final = {"client": "C", "caseworker": "W", "lead": "L", "stranger": "S"}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a chat with the bot. `name` is what they chose to be called; `code` is what staff see."""

    id: int
    role: str
    chat: int
    code: str
    box: Box
    language: str | None = None
    adult: bool | None = None
    caseworker: int | None = None
    hours: str = ""
    """When it is safe to write to them; "": they have not said."""
    name: str | None = None
    blocked_at: int | None = None
    created_at: int = 0
    expires_at: int | None = None
    first: bool = False
    """Agreed to be written to first."""
    tidy: bool = True
    """What is said in the chat is taken from it again."""
    quiet_until: int | None = None
    """Paused until then (epoch seconds)."""
    left_at: int | None = None
    asked: bool = False
    """Asked for a person since they paused or left: news of that is welcome."""
    erase_at: int | None = None
    """Everything about them is erased then, unless they think better of it."""
    place: str | None = None
    """One of the programme's places, as their invitation said; None where it said none."""
    days: int = 0
    """Weekdays on which it is safe to write to them, a bit for each from Monday on; 0: any day."""
    less: bool = False
    """Asked to be asked less."""
    stage: str | None = None
    """Where they are now, as they said: one of `conversations.client.contact.STAGES`."""
    native: bool = False
    """Reads money in the digits of their language."""

    @property
    def is_reachable(self) -> bool:
        """Whether a member of staff has finished joining and has not blocked the bot."""
        return self.blocked_at is None and self.name is not None

    @property
    def shown(self) -> str:
        """The chosen name, or the code."""
        return self.name or self.code


def find_by_chats(store: Store, chats: Iterable[int]) -> dict[int, Person]:
    """The people in these chats, by chat id; chats nobody is known in are left out."""
    hashes = [store.keyring.hash_chat(chat) for chat in set(chats)]
    found = (_read(store, row) for row in store.rows("people", "by_chats", hashes=listed(hashes)))
    return {person.chat: person for person in found}


def find_by_ids(store: Store, ids: Iterable[int]) -> dict[int, Person]:
    """These people, by id."""
    found = (_read(store, row) for row in store.rows("people", "by_ids", ids=listed(set(ids))))
    return {person.id: person for person in found}


def find_by_codes(store: Store, codes: Iterable[str]) -> dict[str, Person]:
    """The people with these codes, by code; codes that nobody has are left out."""
    found = (_read(store, row) for row in store.rows("people", "by_codes", codes=listed(codes)))
    return {person.code: person for person in found}


def find_by_role(store: Store, role: str) -> list[Person]:
    """Everybody of a role, oldest first."""
    return [_read(store, row) for row in store.rows("people", "by_role", role=role)]


def find_clients_of(store: Store, caseworker: int) -> list[Person]:
    """The adult clients of a caseworker."""
    return [_read(store, row) for row in store.rows("people", "clients_of", caseworker_id=caseworker)]


def reachable(store: Store, role: str) -> list[Person]:
    """Staff of a role who have not blocked the bot and have chosen a name."""
    return [person for person in find_by_role(store, role) if person.is_reachable]


def next_piece(store: Store, after: int, most: int) -> int | None:
    """Where a piece of at most so many people from after that id on ends; None where it is the last. For what goes
    through everybody, so that nobody waits behind more than a piece."""
    row = store.row("people", "piece", after=after, most=most)
    return int(row["last"]) if row is not None and row["number"] == most else None


def least_loaded_caseworker(store: Store) -> int | None:
    """The caseworker with the fewest clients."""
    rows = store.rows("people", "load_of_caseworkers")
    return int(rows[0]["caseworker_id"]) if rows else None


def add_stranger(store: Store, chat: int, language: str | None, kept: timedelta = STRANGERS_KEPT) -> Person:
    """Someone nobody knows yet; forgotten after a week (or `kept`) unless an invitation makes them known."""
    id_ = store.new_id()
    key = store.keyring.new(id_)
    person = Person(
        id=id_,
        role="stranger",
        chat=chat,
        code=f"S-{id_}",
        box=store.keyring.box(id_, key),
        language=language,
        created_at=store.at,
        expires_at=store.at + int(kept.total_seconds()),
    )
    save(store, person)
    store.later(
        "identities", "insert", person_id=id_, chat_hash=store.keyring.hash_chat(chat), code=person.code, key=key
    )
    return person


def admit(store: Store, person: Person, role: str, caseworker: int | None, place: str | None = None) -> Person:
    """Make a stranger a client, caseworker or lead, with a code that tells nothing."""
    code = free_code(store, role)
    store.later("identities", "recode", code=code, person_id=person.id)
    admitted = replace(person, role=role, code=code, caseworker=caseworker, place=place, expires_at=None)
    save(store, admitted)
    return admitted


def free_code(store: Store, role: str) -> str:
    """A short code nobody has: three digits, more once they grow scarce. Random, so that it tells no order."""
    digits = 3
    while True:
        for _ in range(20):
            code = f"{PREFIX[role]}-{secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1)}"
            if store.row("identities", "taken", code=code) is None:
                return code
        digits += 1


def save(store: Store, person: Person) -> None:
    """Write a person as they are now."""
    body = json.dumps({"chat": person.chat, "name": person.name, "asked": person.asked}).encode()
    store.later(
        "people",
        "save",
        id=person.id,
        role=person.role,
        language=person.language,
        adult=None if person.adult is None else int(person.adult),
        caseworker_id=person.caseworker,
        hours=person.hours,
        blocked_at=person.blocked_at,
        body=person.box.seal(body, f"people.body:{person.id}"),
        created_at=person.created_at,
        expires_at=person.expires_at,
        first=int(person.first),
        tidy=int(person.tidy),
        quiet_until=person.quiet_until,
        left_at=person.left_at,
        erase_at=person.erase_at,
        place=person.place,
        days=person.days,
        less=int(person.less),
        stage=person.stage,
        native=int(person.native),
    )


def _read(store: Store, row: Row) -> Person:
    box = store.keyring.box(row["id"], row["key"])
    body = json.loads(box.open(row["body"], f"people.body:{row['id']}"))
    return Person(
        id=row["id"],
        role=row["role"],
        chat=body["chat"],
        code=row["code"],
        box=box,
        language=row["language"],
        adult=None if row["adult"] is None else bool(row["adult"]),
        caseworker=row["caseworker_id"],
        hours=row["hours"],
        name=body["name"],
        blocked_at=row["blocked_at"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        first=bool(row["first"]),
        tidy=bool(row["tidy"]),
        quiet_until=row["quiet_until"],
        left_at=row["left_at"],
        asked=body.get("asked", False),
        erase_at=row["erase_at"],
        place=row["place"],
        days=row["days"],
        less=bool(row["less"]),
        stage=row["stage"],
        native=bool(row["native"]),
    )
