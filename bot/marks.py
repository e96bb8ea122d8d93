"""What became of the outbox's rows, and what stands in chats since: noted set-wise with the next commit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from storage import people
from storage.store import Store


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

    def __bool__(self) -> bool:
        return bool(self.settled or self.later or self.slots or self.emptied or self.messages or self.blocked)

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
        store.flush()
