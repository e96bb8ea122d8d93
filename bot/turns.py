"""A batch of turns: one plain synchronous function, run in one hop on the database's own thread, one commit.

Only an exception from a script, from wording or from a constraint belongs to its update: it is undone alone, tried
once more alone, and then kept as a dead letter so that the line moves on. Any other database error fails the whole
batch, and nothing of it is acknowledged.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot import alerts, erasing, logs, tidying
from bot.cash import asking as after_transfers
from bot.cash import entries
from bot.dialogue import fold, follow_nudges, play
from bot.gate import Purpose
from bot.inbound import Inbound, UnreadableError, read_update
from bot.programme import Programme
from bot.rounds import asking, plans
from bot.screens import message
from bot.slots import Known, read_slots
from bot.turn import Scene, Sending, Turn, load_scenes, slot_of
from conversations.text import _
from storage import people
from storage.ids import first_id
from storage.keys import Keyring
from storage.sessions import Session
from storage.store import KeptBackError, Store, listed
from translations.languages import suggest

log = logging.getLogger(__name__)

SORRY: Final = _("Something went wrong here, on our side. What you sent is kept, and a person will look at it.")
UNREAD: Final = _("A message could not be handled. Please tell the people who run this chat.")

MOST_TURNS: Final = 64
"""Updates in one batch at most, so that nobody waits long behind others."""

MOST_PRUNED: Final = 2_000
"""Old rows of the outbox that one sweep deletes at most."""

FAILED_RESTS: Final = 60
"""Seconds for which a round that failed, or what follows transfers, is left alone."""

AFTER_TRANSFERS: Final = 0
"""Stands beside the ids of rounds for what follows transfers."""

MOST_KEPT: Final = 1_000
"""Sessions kept in memory at once (about 15 kB each)."""


@dataclass(frozen=True, slots=True)
class Toast:
    """The answer to a button press: best effort, never queued."""

    callback: str
    text: str


@dataclass(slots=True)
class Taken:
    """What a batch wants done after its commit."""

    sendings: list[Sending] = field(default_factory=list)
    toasts: list[Toast] = field(default_factory=list)
    slots: Known = field(default_factory=dict)
    """What stands where they go, as far as it was read for all of them at once."""
    erased: list[int] = field(default_factory=list)
    """People who are gone with this commit: nothing more is sent to them, or about them."""
    turns: int = 0
    letters: int = 0

    def add(self, turn: Turn) -> None:
        """What one turn wants done; nothing of it goes to people it has erased, or is about them."""
        self.sendings = [each for each in self.sendings if not each.tells_of(turn.erased)] + turn.sendings
        self.erased += turn.erased


class Turns:
    """Takes batches of raw updates. `programme` is what firstsay.toml says."""

    def __init__(self, keyring: Keyring, programme: Programme) -> None:
        self._keyring = keyring
        self._programme = programme
        self._kept: OrderedDict[int, Session] = OrderedDict()
        """Live sessions of the people who were here last, with their scripts at rest: saves replaying them."""
        self._tidied_in = 0
        self._tidied_to: int | None = None
        """How far through everybody's chats it is, by the ids of people; None: through."""
        self._resting: dict[int, int] = {}
        """Rounds whose last piece failed (or `AFTER_TRANSFERS`), and until when they are left alone."""

    def take(
        self,
        connection: sqlite3.Connection,
        updates: Sequence[Mapping[str, Any]],
        now: datetime,
        offset: int | None = None,
    ) -> Taken:
        """Take a batch within the transaction that is open. `offset` is noted with it (polling)."""
        connection.execute("SAVEPOINT batch")
        try:
            taken = self._take(connection, updates, now, offset, one_by_one=False)
        except KeptBackError:
            connection.execute("ROLLBACK TO batch")
            self._kept.clear()
            taken = self._take(connection, updates, now, offset, one_by_one=True)
        except BaseException:
            self._kept.clear()
            raise
        connection.execute("RELEASE batch")
        return taken

    def set_aside(self, connection: sqlite3.Connection, update: Mapping[str, Any], now: datetime) -> None:
        """Keep an update that kills the process, unread."""
        store = Store(connection, self._keyring, now)
        _Batch(store, self._programme, Taken(), {}, one_by_one=True).set_aside(update, "killed the process")
        store.later("updates", "note", update_id=update.get("update_id", 0), at=store.at)
        store.flush()

    def sweep(self, connection: sqlite3.Connection, now: datetime) -> Taken:
        """What has become due, in the transaction that is open."""
        store, taken = Store(connection, self._keyring, now), Taken()
        store.now_or_not("identities", "forget_strangers", now=store.at)
        store.now_or_not("people", "forget_strangers", now=store.at)
        for work in self._due(Turn(store, self._programme, {})):
            self._alone(store, taken, work)
        taken.slots = read_slots(store, taken.sendings)
        store.later("letters", "prune", now=store.at)
        store.later("updates", "prune", before=store.at - int(timedelta(days=2).total_seconds()))
        store.later("outbox", "prune", before=first_id(now - timedelta(days=7)), most=MOST_PRUNED)
        store.flush()
        self._forget(taken.erased)
        return taken

    def ask(self, connection: sqlite3.Connection, now: datetime, most: int) -> Taken | None:
        """A piece of what each running round has to do, and of what follows transfers, in the transaction that is open:
        at most so many messages. None where nothing is to be done. What fails rests for a while; the others go on."""
        store, taken = Store(connection, self._keyring, now), Taken()
        rounds, transfers = store.rows("rounds", "asking", now=store.at), after_transfers.is_due(store)
        share = max(1, most // max(1, len(rounds) + transfers))
        works: dict[int, Callable[[Turn], bool]] = {}
        if transfers:  # before a round that comes every week, which would never leave them a week of their own
            works[AFTER_TRANSFERS] = partial(after_transfers.go_on, most=share)
        for row in rounds:
            works[row["id"]] = partial(asking.go_on, round_=row, most=share)
        busy = False

        def work(turn: Turn, each: int) -> None:
            nonlocal busy
            busy = works[each](turn) or busy

        for each in works:
            if self._resting.get(each, 0) > store.at:
                continue
            if not self._alone(store, taken, partial(work, each=each)):
                self._resting[each] = store.at + FAILED_RESTS
        taken.slots = read_slots(store, taken.sendings)
        store.flush()
        return taken if busy else None

    def _due(self, turn: Turn) -> Iterator[Callable[[Turn], None]]:
        """Everything that is due, one by one."""
        for alert in alerts.overdue(turn):
            yield partial(alerts.climb_overdue, alert=alert)
        for alert in alerts.unreached(turn):
            yield partial(alerts.route_unreached, alert=alert)
        yield from plans.due(turn)
        yield entries.prune
        for person in erasing.due(turn):
            yield partial(erasing.erase_due, person=person)
        yield from self._tidy(turn)

    def _tidy(self, turn: Turn) -> Iterator[Callable[[Turn], None]]:
        """What is to be tidied in some of the chats; it begins with the first ones once a minute, in no hurry."""
        minute = turn.store.at // 60
        if self._tidied_to is None and minute != self._tidied_in:
            self._tidied_in, self._tidied_to = minute, 0
        if self._tidied_to is not None:
            after = self._tidied_to
            self._tidied_to = people.next_piece(turn.store, after, tidying.LOOKED_THROUGH)
            for person in tidying.chats_at_rest(turn, after):
                yield partial(fold, person=person)
            for person in tidying.chats_to_sweep(turn, after):
                yield partial(tidying.sweep_old, person=person)

    def _alone(self, store: Store, taken: Taken, work: Callable[[Turn], None]) -> bool:
        """One thing that is due, with what follows from it; whether it was done. If it fails, the others go on; it
        comes again next time."""
        store.begin_turn()
        turn = Turn(store, self._programme, {})
        try:
            work(turn)
            follow_nudges(turn)
            store.flush()
            store.end_turn()
        except Exception as error:
            store.undo_turn()
            if not _belongs_to_update(error):
                raise
            log.error("something that was due could not be done", exc_info=error)
            return False
        taken.add(turn)
        return True

    def _forget(self, erased: Sequence[int]) -> None:
        """Nothing of them stays in memory."""
        for person in erased:
            self._keyring.forget(person)
        for session in [each.id for each in self._kept.values() if each.person in erased]:
            del self._kept[session]

    def _take(
        self,
        connection: sqlite3.Connection,
        updates: Sequence[Mapping[str, Any]],
        now: datetime,
        offset: int | None,
        *,
        one_by_one: bool,
    ) -> Taken:
        store, taken = Store(connection, self._keyring, now), Taken()
        fresh = self._unseen(store, updates)
        batch = _Batch(store, self._programme, taken, self._kept, one_by_one=one_by_one)
        batch.load([inbound.chat for _raw, inbound in fresh if isinstance(inbound, Inbound)])
        for raw, inbound in fresh:
            batch.take(raw, inbound)
            store.later("updates", "note", update_id=raw.get("update_id", 0), at=store.at)
        if offset is not None:
            store.later("marks", "put", name="offset", value=offset)
        store.flush()
        self._keep(batch)
        self._forget(taken.erased)
        return taken

    def _keep(self, batch: _Batch) -> None:
        for session in batch.live():
            self._kept[session.id] = session
            self._kept.move_to_end(session.id)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    @staticmethod
    def _unseen(
        store: Store, updates: Sequence[Mapping[str, Any]]
    ) -> list[tuple[Mapping[str, Any], Inbound | UnreadableError | None]]:
        ids = [update.get("update_id", 0) for update in updates]
        seen = {row["update_id"] for row in store.rows("updates", "seen", ids=listed(ids))}
        fresh = []
        for raw in updates:
            if raw.get("update_id", 0) in seen:
                continue
            seen.add(raw.get("update_id", 0))
            fresh.append((raw, _read(raw)))
        return fresh


class _Batch:
    """The people of a batch, and each update's turn in its savepoint."""

    def __init__(
        self, store: Store, programme: Programme, taken: Taken, kept: dict[int, Session], *, one_by_one: bool
    ) -> None:
        self._store = store
        self._programme = programme
        self._taken = taken
        self._kept = kept
        self._one_by_one = one_by_one
        self._scenes: dict[int, Scene] = {}
        self._by_chat: dict[int, int] = {}

    def load(self, chats: Sequence[int]) -> None:
        """Load everybody of the batch set-wise."""
        found = people.find_by_chats(self._store, chats)
        self._by_chat.update({chat: person.id for chat, person in found.items()})
        self._scenes.update(load_scenes(self._store, {person.id: person for person in found.values()}, self._kept))

    def live(self) -> Iterator[Session]:
        """The sessions that people of this batch are in now."""
        return (scene.live for scene in self._scenes.values() if scene.live is not None)

    def take(self, raw: Mapping[str, Any], inbound: Inbound | UnreadableError | None) -> None:
        """One update: its turn, once more alone if it fails, then a dead letter."""
        if inbound is None:
            return
        if isinstance(inbound, UnreadableError):
            self.set_aside(raw, "UnreadableError")
            return
        for attempt in ("first", "last"):
            try:
                self._turn(inbound)
                return
            except Exception as error:
                if not _belongs_to_update(error):
                    raise
                log.warning("a turn failed (%s attempt)", logs.Code(attempt), exc_info=error)
                failure = type(error).__name__
        self.set_aside(raw, failure)
        self._tell(inbound)
        self._taken.toasts += [Toast(inbound.callback, "")] if inbound.callback else []

    def _tell(self, inbound: Inbound) -> None:
        """Tell the person, and those who lead, that something could not be handled; never at the cost of the line."""
        store = self._store
        store.begin_turn()
        try:
            turn = Turn(store, self._programme, self._scenes)
            person = self._scene_of(turn, inbound).person
            if inbound.message_id and inbound.kind != "tap":
                turn.note_message(person, inbound.message_id)
            told = [(person, SORRY), *((lead, UNREAD) for lead in people.reachable(store, "lead"))]
            for each, words in told:
                text = message(turn.word(words, each), [])
                turn.show(each, slot_of(each.id, "notice"), text, Purpose.ANSWER, renew=True)
            store.end_turn()
        except Exception as error:
            store.undo_turn()
            if not _belongs_to_update(error):
                raise
            log.warning("nobody could be told", exc_info=error)
        else:
            self._taken.sendings += turn.sendings

    def set_aside(self, raw: Mapping[str, Any], error: str) -> None:
        """Keep an update that could not be handled, sealed under the programme's key, until it expires."""
        store = self._store
        id_ = store.new_id()
        body = store.keyring.programme.seal(json.dumps(raw).encode(), f"letters.body:{id_}")
        kept = int(timedelta(days=self._programme.retention.unread_days).total_seconds())
        update = int(raw.get("update_id", 0))
        store.later(
            "letters",
            "insert",
            id=id_,
            update_id=update,
            error=error,
            body=body,
            at=store.at,
            expires_at=store.at + kept,
        )
        self._taken.letters += 1

    def _turn(self, inbound: Inbound) -> None:
        store = self._store
        store.begin_turn()
        turn = Turn(store, self._programme, self._scenes, self._kept)
        try:
            scene = self._scene_of(turn, inbound)
            play(turn, scene, inbound)
            if self._one_by_one:
                store.flush()
            store.end_turn()
        except BaseException:
            store.undo_turn()
            for person in turn.touched:
                self._scenes.pop(person, None)
            self._by_chat.pop(inbound.chat, None)
            self._kept.clear()
            raise
        self._by_chat[inbound.chat] = scene.person.id
        for erased in turn.erased:
            self._scenes.pop(erased, None)
        self._taken.turns += 1
        self._taken.add(turn)
        if inbound.callback:
            text = turn.word(turn.toast, scene.person) if turn.toast is not None else ""
            self._taken.toasts.append(Toast(inbound.callback, text))

    def _scene_of(self, turn: Turn, inbound: Inbound) -> Scene:
        known = self._by_chat.get(inbound.chat)
        if known is not None:
            return turn.scene(known)
        person = people.find_by_chats(self._store, [inbound.chat]).get(inbound.chat)
        if person is None:
            person = people.add_stranger(self._store, inbound.chat, self._offered(inbound.language))
            turn.enter(Scene(person))
        self._by_chat[inbound.chat] = person.id
        return turn.scene(person.id)

    def _offered(self, tag: str | None) -> str | None:
        language = suggest(tag)
        return language if language in self._programme.languages else None


def _belongs_to_update(error: Exception) -> bool:
    """A script, wording or a constraint; anything else of the database fails the whole batch."""
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.IntegrityError)
    return not isinstance(error, KeptBackError | MemoryError)


def _read(raw: Mapping[str, Any]) -> Inbound | UnreadableError | None:
    try:
        return read_update(raw)
    except UnreadableError as error:
        return error
