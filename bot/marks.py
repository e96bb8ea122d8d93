"""What became of the outbox's rows, and what stands in chats since: noted set-wise with the next commit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from bot.rounds.budget import told
from storage import people
from storage.store import Store


class Asked(NamedTuple):
    """What became of the line by which a round asks somebody."""

    asking: int
    state: str
    reason: str


@dataclass(slots=True)
class Marks:
    """What became of rows, to be noted with the next commit."""

    settled: list[dict[str, Any]] = field(default_factory=list)
    later: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What came to stand in a chat (`note`) and what went from it (`forget`), in order."""
    blocked: set[int] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)

    def __bool__(self) -> bool:
        rows = (self.settled, self.later, self.slots, self.emptied, self.messages, self.blocked, self.asked)
        return any(rows)

    def take_in(self, newer: Marks) -> None:
        """What became of rows since; where both say something of a slot, the newer counts."""
        self.settled += newer.settled
        self.later += newer.later
        for slot in newer.emptied:
            self.slots.pop(slot, None)
        self.slots |= newer.slots
        self.emptied += newer.emptied
        self.messages += newer.messages
        self.blocked |= newer.blocked
        self.asked += newer.asked

    def write(self, store: Store) -> None:
        """Note them in the transaction that is open."""
        for slot in self.emptied:
            store.later("slots", "empty", id=slot)
        for values in self.slots.values():
            store.later("slots", "save", **values)
        for query, values in self.messages:
            store.later("messages", query, **values)
        for values in self.later:
            store.later("outbox", "later", **values)
        for values in self.settled:
            store.later("outbox", "settle", **values)
        for person in people.find_by_ids(store, self.blocked).values() if self.blocked else ():
            people.save(store, replace(person, blocked_at=store.at))
        for asked in self.asked:
            note_asked(store, asked)
        store.flush()


def note_asked(store: Store, asked: Asked) -> None:
    """Telegram accepts a line, or not; more of it no bot learns."""
    if asked.state == "doubt":
        store.later("askings", "doubt_one", id=asked.asking)
    elif asked.state == "sent":
        store.later("askings", "sent", id=asked.asking, now=store.at)
    elif asked.state == "blocked" and asked.reason == "blocked":
        store.later("askings", "blocked", id=asked.asking)
    elif asked.reason in ("later", "replaced"):  # what took it back has said why before, or the budget decides anew
        store.later("askings", "wait_again", id=asked.asking, due_at=store.at)
    else:  # refused, too old, or no longer wanted
        store.later("askings", "leave_out", id=asked.asking, reason=told(asked.reason))
