"""What is asked some days after a transfer was sent: once for each, where the burden budget has room for it.

It waits, is asked, reminded once and closed as what a round asks, only that each has a time of its own. That time hangs
on the sending alone, never on what the client says of it: whether somebody was asked shows in what other things have to
wait, and must not tell who got their money. What became of these askings no member of staff ever sees.
"""

from __future__ import annotations

from typing import Final

from bot.forms import languages_of
from bot.rounds import asking
from bot.rounds.budget import EARLIEST, LATEST, Wanted
from bot.turn import Turn
from conversations.instruments import TRANSFER
from storage.people import Person
from storage.store import Row, Store

UNDONE: Final = "undone"
"""Why nothing is asked about a transfer that was not sent after all."""


def plan_asking(turn: Turn, person: Person, transfer: int) -> None:
    """Something was done about a client's transfer: where it was sent, they are asked about it some days from then;
    where it was not after all, they are not."""
    store, about = turn.store, {"person_id": person.id, "transfer_id": transfer}
    row = store.row("transfers", "one", id=transfer)
    if row is not None and row["sent_at"] is not None:
        due_at = row["sent_at"] + EARLIEST
        store.later("askings", "plan", id=store.new_id(), due_at=due_at, undone=UNDONE, **about)
    elif (known := store.row("askings", "of_transfer", **about)) is not None:
        asking.close(turn, [known["id"]], UNDONE)


def find_open(turn: Turn, person: Person, transfer: int) -> int | None:
    """The asking by which a client may answer what is asked about a transfer now."""
    return next((row["id"] for row in asking.offered(turn, person) if row["transfer_id"] == transfer), None)


def is_due(store: Store) -> bool:
    """Whether there is anything to do after a transfer."""
    return bool(_due(store, 1) or _over(store, 1))


def go_on(turn: Turn, most: int) -> bool:
    """One small piece of it: end what is over, and ask or remind at most so many whose time has come; whether there was
    anything to do."""
    over, due = _over(turn.store, asking.CLOSED), _due(turn.store, most)
    for reason, was_sent in (("late", True), (UNDONE, False)):
        asking.close(turn, [row["id"] for row in over if (row["sent_at"] is not None) is was_sent], reason)
    languages = languages_of(turn, TRANSFER.name, TRANSFER.version)
    wanted: dict[int, tuple[Row, Wanted]] = {}
    for row in due:
        if row["overtaken"]:
            asking.leave_out(turn, row["id"], "asked")
        else:  # one thing of each client; what else is due of them is weighed after it, in the next piece
            closes_at = row["transferred_at"] + LATEST
            wanted.setdefault(row["person_id"], (row, Wanted(TRANSFER.name, closes_at, languages)))
    asking.ask(turn, [*wanted.values()])
    return bool(over or due)


def _due(store: Store, most: int) -> list[Row]:
    return store.rows("askings", "due_after_transfers", now=store.at, since=store.at - LATEST, most=most)


def _over(store: Store, most: int) -> list[Row]:
    return store.rows("askings", "over_after_transfers", now=store.at, since=store.at - LATEST, most=most)
