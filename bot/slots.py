"""What stands in the slots of each reader's chat, as far as this process knows it; the rest is read from the store."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from bot.turn import Sending
from storage.store import Store, listed

MOST_READERS: Final = 20_000
"""People whose slots are remembered at once (about 500 bytes each), those written to last. What stands in the slots of
others has long been noted, and is read again."""


class Standing(NamedTuple):
    """The message that stands in a slot, and when it was sent (epoch seconds)."""

    message_id: int
    sent_at: int
    undo: Sending | None = None
    """What takes it away again, where this process knows it to be about someone other than its reader."""


Known: TypeAlias = dict[int, dict[str, Standing | None]]
"""By person and slot; None where nothing stands there."""


class Slots:
    """What is known of the slots of those who were written to last."""

    def __init__(self) -> None:
        self._readers: OrderedDict[int, dict[str, Standing | None]] = OrderedDict()

    def knows(self, person: int, slot: str) -> bool:
        """Whether it is known what stands there, if only that nothing does."""
        return slot in self._readers.get(person, ())

    def find(self, person: int, slot: str) -> Standing | None:
        """What stands in a slot that is known."""
        return self._readers[person][slot]

    def put(self, person: int, slot: str, standing: Standing | None) -> None:
        """Something has come to stand there, or nothing stands there any more."""
        self._reader(person)[slot] = standing

    def learn(self, read: Known) -> None:
        """What the store says; what is known already is newer."""
        for person, slots in read.items():
            known = self._reader(person)
            for slot, standing in slots.items():
                known.setdefault(slot, standing)

    def forget_reader(self, person: int) -> list[int]:
        """Forget the chat of someone erased; the messages that stand there."""
        return [standing.message_id for standing in self._readers.pop(person, {}).values() if standing is not None]

    def forget_messages(self, person: int, message_ids: Collection[int]) -> None:
        """They were taken away, and their slots are empty in the store."""
        known = self._readers.get(person, {})
        for slot in [slot for slot, standing in known.items() if standing and standing.message_id in message_ids]:
            del known[slot]

    def undoings(self) -> list[Sending]:
        """What would take away each message that stands, and is known to be about someone other than its reader."""
        standing = (each for known in self._readers.values() for each in known.values() if each is not None)
        return [each.undo for each in standing if each.undo is not None]

    def _reader(self, person: int) -> dict[str, Standing | None]:
        known = self._readers.setdefault(person, {})
        self._readers.move_to_end(person)
        if len(self._readers) > MOST_READERS:
            self._readers.popitem(last=False)
        return known


def read_slots(store: Store, sendings: Iterable[Sending]) -> Known:
    """What the store has in the slots that these are for, in one query."""
    wanted = dict(_slots_of(sendings))
    found: Known = {}
    rows = store.rows("slots", "some", ids=listed(wanted)) if wanted else ()
    standing = {row["id"]: Standing(row["message_id"], row["sent_at"]) for row in rows}
    for slot, person in wanted.items():
        found.setdefault(person, {})[slot] = standing.get(slot)
    return found


def _slots_of(sendings: Iterable[Sending]) -> Iterator[tuple[str, int]]:
    return ((sending.slot, sending.person.id) for sending in sendings if sending.slot is not None)
