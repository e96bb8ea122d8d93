"""The outbox, in lanes: what a turn wanted sent goes out after its commit, in order within each chat.

Rows that can go at once were written as leased by the transaction that made them. Here they are sent, one request at a
time in each chat, and what became of them is noted set-wise with the next commit. A crash between sending and noting
leaves a row in doubt; it is sent again: recorded exactly once, delivered at least once.

Files are best effort: one in doubt goes once more only, because each try may leave a copy that nobody can take away
again. Whoever misses it asks for it once more.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeVar

from bot.clock import now
from bot.files import draw
from bot.gate import UNASKED, Purpose, decide
from bot.logs import Code
from bot.marks import Asked, Marks, note_asked
from bot.pace import Pace
from bot.programme import Programme
from bot.slots import Known, Slots, Standing, read_slots
from bot.telegram import Answer, Outcome, Telegram
from bot.turn import LANES, ROUND, Sending, Turn, read_sending
from bot.turns import Taken, Toast
from storage import people
from storage.database import Connection
from storage.keys import Keyring
from storage.people import Person
from storage.store import Store, listed

T = TypeVar("T")
log = logging.getLogger(__name__)

FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
"""Seconds between tries while Telegram cannot be reached; doubling from the first."""

MOST_LOADED: Final = 200
RENEW_AFTER: Final = 40 * 3600
"""Seconds after which an answer no longer edits the message that stands, but takes its place: Telegram lets a message
be deleted for 48 hours, and a dialogue that goes on must not become one that stays."""

MOST_ERASED: Final = 1_000
"""Erased people remembered, for what is under way while they go; all else about them went with the commit."""

MOST_SWEPT: Final = 100
"""Messages that one deleteMessages takes (https://core.telegram.org/bots/api#deletemessages)."""

RECHECK_AFTER: Final = 60
"""Seconds after which the gate is asked again before a row is sent."""

AGAIN: Final = frozenset({Outcome.LATER, Outcome.DOUBT})
"""What is tried until Telegram gives a clear answer."""

NEUTRAL: Final = {"text": "·", "reply_markup": {"inline_keyboard": []}}
"""What an old message becomes that Telegram no longer lets anyone delete."""


class Delivery:
    """Sends what the outbox holds. One for a process."""

    def __init__(
        self, database: Connection, telegram: Telegram, keyring: Keyring, programme: Programme, pace: Pace
    ) -> None:
        self._database = database
        self._telegram = telegram
        self._keyring = keyring
        self._programme = programme
        self._pace = pace
        self._chats: dict[int, deque[Sending]] = {}
        self._slots = Slots()
        self._erased: deque[int] = deque(maxlen=MOST_ERASED)
        self._unsure: set[int] = set()
        """Rows with files that may have arrived already."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._marks = Marks()
        self._marked = asyncio.Event()
        self._failure: asyncio.Future[None] | None = None
        self._of_rounds: set[int] = set()
        """Messages of rounds on their way."""
        self._room = asyncio.Event()
        self._cut_off: set[int] = set()
        """Rows that were under way when the process was stopped."""

    # --- what comes in ---------------------------------------------------------------------------------------

    def put(self, taken: Taken) -> None:
        """Take what a committed batch wants sent."""
        for toast in taken.toasts:
            self._spawn(self._answer(toast))
        self._erased.extend(taken.erased)
        if taken.erased:
            self._drop_erased()
        self._slots.learn(taken.slots)
        for sending in taken.sendings:
            if sending.not_before <= sending.created_at:
                self._enqueue(sending)
        if taken.erased:
            self._undo_erased()

    async def recover(self) -> None:
        """At start: what was leased when the process ended is in doubt, and goes again."""
        await self._database.transact(self._recover)
        await self.load()

    def _recover(self, connection: sqlite3.Connection) -> None:
        store = Store(connection, self._keyring, now())
        store.now_or_not("askings", "doubt")
        store.now_or_not("outbox", "recover")

    async def load(self) -> None:
        """Lease all rows whose time has come, oldest first, so that nothing newer gets ahead of them; and all of them
        before the first is sent, so that what takes a line away comes before it leaves."""
        more, found = True, list[Sending]()
        while more:
            sendings, slots, unsure, more = await self._database.transact(self._lease)
            self._unsure |= unsure
            self._slots.learn(slots)
            found += sendings
        for sending in found:
            self._enqueue(sending)

    def _lease(self, connection: sqlite3.Connection) -> tuple[list[Sending], Known, set[int], bool]:
        store = Store(connection, self._keyring, now())
        rows = store.rows("outbox", "waiting", now=store.at, most=MOST_LOADED)
        known = people.find_by_ids(store, {row["person_id"] for row in rows}) if rows else {}
        for row in rows:
            if row["overtaken"]:
                store.later("outbox", "settle", id=row["id"], state="expired", reason="replaced")
                if row["asking_id"] is not None:
                    note_asked(store, Asked(row["asking_id"], "expired", "replaced"))
            else:
                store.later("outbox", "lease", id=row["id"])
        store.flush()
        leased = [read_sending(store, row, known[row["person_id"]]) for row in rows if not row["overtaken"]]
        uncertain = {row["id"] for row in rows if row["state"] == "uncertain"}
        unsure = {sending.id for sending in leased if "file" in sending.payload} & uncertain
        return leased, read_slots(store, leased), unsure, len(rows) == MOST_LOADED

    async def wait_for_room(self, most: int) -> None:
        """Wait until no more messages of rounds than half of `most` are on their way."""
        while len(self._of_rounds) > most // 2:
            self._room.clear()
            await self._room.wait()

    def _enqueue(self, sending: Sending) -> None:
        """Put it behind what waits for the same chat."""
        if sending.tells_of(self._erased):
            return
        if sending.lane == ROUND:
            self._of_rounds.add(sending.id)
        chat = sending.person.chat
        queue = self._chats.get(chat)
        if queue is None:
            self._chats[chat] = deque([sending])
            self._spawn(self._drain(chat))
        else:
            self._line_up(queue, sending)
            self._pace.hurry(chat, sending.lane)

    def _leave(self, sending: Sending) -> None:
        """It is not on its way any more: sent, put off, or never to be sent."""
        self._of_rounds.discard(sending.id)
        self._room.set()

    def _drop_erased(self) -> None:
        for queue in self._chats.values():
            for sending in [each for each in queue if each.tells_of(self._erased)]:
                queue.remove(sending)
                self._leave(sending)

    def _undo_erased(self) -> None:
        """What was sent about them after their erasure had begun, and so was not seen by it, is taken away."""
        for undo in self._slots.undoings():
            if undo.subject in self._erased:
                self._undo(undo)

    def _undo(self, undo: Sending) -> None:
        """Take away what stands in a slot, unless something else is about to stand there."""
        if not any(waiting.slot == undo.slot for waiting in self._chats.get(undo.person.chat, ())):
            self._enqueue(undo)

    def _line_up(self, queue: deque[Sending], sending: Sending) -> None:
        """A newer message of a slot takes the place of one still queued, and so does what empties it: what would be
        taken away at once need not be sent."""
        if sending.method in ("show", "clear"):
            same = [other for other in queue if other.slot == sending.slot and other.method == "show"]
            for older in [other for other in same if other.id < sending.id or sending.method == "show"]:
                queue.remove(older)
                self._settle(older, "expired", "replaced")
                sending = _merge(older, sending) if sending.method == "show" else sending
        queue.append(sending)

    # --- what goes out ---------------------------------------------------------------------------------------

    async def _drain(self, chat: int) -> None:
        """Send what waits for one chat, in order, until nothing does. An erasure may empty it in any pause."""
        queue = self._chats[chat]
        wait = FIRST_WAIT
        while queue:
            await self._pace.wait_for_chat(chat)
            await self._pace.enter(chat, min((waiting.lane for waiting in queue), key=LANES.index, default=LANES[-1]))
            try:
                if not queue:
                    break
                # Only now: in a pause the hour may have passed, and something newer may have come.
                sending = queue.popleft()
                answer = await self._send(sending) if await self._may_go(sending) else None
            except asyncio.CancelledError:
                self._cut_off.add(sending.id)
                raise
            finally:
                self._pace.leave()
            if answer is None or not self._goes_again(sending, answer):
                wait = FIRST_WAIT
                if answer is not None:
                    self._conclude(sending, answer)
                continue
            self._put_back(queue, sending)
            if answer.wait:
                self._pace.pause(answer.wait)
            else:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        del self._chats[chat]

    def _put_back(self, queue: deque[Sending], sending: Sending) -> None:
        """First in line again, unless something newer for its slot has come, or whom it is of is erased."""
        if sending.tells_of(self._erased):
            self._leave(sending)
            return
        waiting = [*queue]
        queue.clear()
        queue.append(sending)
        for newer in waiting:
            self._line_up(queue, newer)

    def _goes_again(self, sending: Sending, answer: Answer) -> bool:
        """Whether it is to be tried once more; a file in doubt only if it was not in doubt before."""
        if answer.outcome is Outcome.DOUBT and sending.asking is not None:
            self._marks.asked.append(Asked(sending.asking, "doubt", ""))
            self._marked.set()
        if answer.outcome is not Outcome.DOUBT or "file" not in sending.payload:
            return answer.outcome in AGAIN
        known = sending.id in self._unsure
        self._unsure.add(sending.id)
        return not known

    async def _may_go(self, sending: Sending) -> bool:
        """Ask the gate again for what has waited, and for what a No may have stopped a moment ago; note it where it
        must wait or never goes."""
        moment = now()
        at = int(moment.timestamp())
        if sending.expires_at is not None and sending.expires_at <= at:
            self._settle(sending, "expired", "too old")
            return False
        if sending.purpose is Purpose.TIDY:
            return True  # also in the chat of somebody who is gone by now
        person: Person | None = sending.person
        if at - sending.created_at >= RECHECK_AFTER or sending.purpose in UNASKED - {Purpose.ROUND}:
            person = await self._read_anew(sending.person)
        elif sending.purpose is not Purpose.ROUND:
            return True
        # else: what a round asks is taken back by emptying its place, so only the hour may have passed meanwhile
        if person is None:
            self._settle(sending, "expired", "gone")
            return False
        queued_at = datetime.fromtimestamp(sending.created_at, UTC)
        decision = decide(sending.purpose, person, self._programme.zone, moment, queued_at)
        if decision.never:
            self._settle(sending, "blocked", decision.reason)
        elif decision.not_before is not None:
            not_before = int(decision.not_before.timestamp())
            if sending.asking is not None:  # the budget decides anew, not only the gate
                self._settle(sending, "expired", "later")
            else:
                self._put_off(sending, decision.reason, not_before)
        return decision.not_before is None and not decision.never

    async def _read_anew(self, person: Person) -> Person | None:
        """A person as they are now; None where they are gone."""
        moment = now()
        return await self._database.read(
            lambda c: people.find_by_ids(Store(c, self._keyring, moment), [person.id]).get(person.id)
        )

    async def _send(self, sending: Sending) -> Answer | None:
        """Send it; None where it is not done with, and has lined up again."""
        match sending.method:
            case "show":
                return await self._show(sending)
            case "clear":
                return await self._clear(sending)
            case "sweep":
                return await self._sweep(sending)
            case _:
                return await self._delete(sending.person.chat, sending.payload["message_id"])

    async def _show(self, sending: Sending) -> Answer:
        assert sending.slot is not None
        chat, standing = sending.person.chat, await self._standing(sending)
        renew = sending.renew or (
            sending.purpose is not Purpose.EDIT
            and standing is not None
            and int(now().timestamp()) - standing.sent_at > RENEW_AFTER
        )
        if standing is not None and not renew:
            edit = {"chat_id": chat, "message_id": standing.message_id, **sending.payload}
            answer = await self._telegram.call("editMessageText", edit)
            if answer.outcome in (Outcome.DONE, Outcome.SAME):
                self._remember(sending, sending.slot, standing.message_id, standing.sent_at)
            if answer.outcome is not Outcome.GONE:
                return answer
        elif standing is not None:
            answer = await self._delete(chat, standing.message_id)
            if answer.outcome in AGAIN:
                return answer
            self._note_gone(sending.person.id, standing.message_id)
        if sending.purpose is Purpose.EDIT and sending.person.role == "client":
            return Answer(Outcome.GONE)  # a new message would not be silent, and the gate did not let one pass
        answer = await self._send_new(sending)
        if answer.outcome is Outcome.DONE:
            self._note_standing(sending, sending.slot, answer.message_id)
        return answer

    async def _send_new(self, sending: Sending) -> Answer:
        message = {"chat_id": sending.person.chat, "protect_content": True, **sending.payload}
        wanted = message.pop("file", None)
        if wanted is None:
            return await self._telegram.call("sendMessage", message)
        try:
            file = await draw(wanted, partial(self._read_for, sending.person))
        except Exception as error:  # a row that can never be drawn must not come back for ever
            log.error("a file could not be drawn", exc_info=error)
            return Answer(Outcome.REFUSED)
        return Answer(Outcome.GONE) if file is None else await self._telegram.upload(message, file)

    def _read_for(self, person: Person, work: Callable[[Turn, Person], T]) -> Awaitable[T]:
        """Read something for this person from the database, for a file that is drawn now."""
        moment = now()
        return self._database.read(lambda c: work(Turn(Store(c, self._keyring, moment), self._programme, {}), person))

    def _note_standing(self, sending: Sending, slot: str, message_id: int) -> None:
        at, person = int(now().timestamp()), sending.person.id
        self._remember(sending, slot, message_id, at)
        self._marks.slots[slot] = {
            "id": slot,
            "person_id": person,
            "message_id": message_id,
            "sent_at": at,
            "subject_id": sending.subject,
        }
        self._marks.messages.append(("note", {"person_id": person, "message_id": message_id, "ours": 1, "at": at}))
        if sending.tells_of(self._erased):
            self._undo(_undoing(sending))

    def _remember(self, sending: Sending, slot: str, message_id: int, sent_at: int) -> None:
        undo = None if sending.subject is None else _undoing(sending)
        self._slots.put(sending.person.id, slot, Standing(message_id, sent_at, undo))

    def _note_gone(self, person: int, message_id: int) -> None:
        self._marks.messages.append(("forget", {"person_id": person, "message_id": message_id}))

    async def _clear(self, sending: Sending) -> Answer:
        assert sending.slot is not None
        standing = await self._standing(sending)
        if standing is None:
            return Answer(Outcome.DONE)
        answer = await self._delete(sending.person.chat, standing.message_id)
        if answer.outcome not in AGAIN:
            self._slots.put(sending.person.id, sending.slot, None)
            self._marks.slots.pop(sending.slot, None)
            self._marks.emptied.append(sending.slot)
            self._note_gone(sending.person.id, standing.message_id)
        return answer

    async def _sweep(self, sending: Sending) -> Answer | None:
        """Delete many messages at once; after a refusal the first alone, and after each success twice as many.

        One call, and the rest lines up again, behind what came meanwhile. The payload shrinks as they go.
        """
        rest, person = sending.payload, sending.person
        ids: list[int] = rest["message_ids"]
        if "of" in rest:
            # What stands in the chat of someone erased, as far as it is only known here.
            ids += [each for each in self._slots.forget_reader(rest["of"]) if each not in ids]
        some = ids[: rest.setdefault("at_once", MOST_SWEPT)]
        if not some:
            return Answer(Outcome.DONE)
        alone = len(some) == 1
        many = {"chat_id": person.chat, "message_ids": some}
        answer = await (self._delete(person.chat, some[0]) if alone else self._telegram.call("deleteMessages", many))
        if answer.outcome in AGAIN or answer.outcome is Outcome.BLOCKED:
            return answer
        if answer.outcome is Outcome.DONE:
            rest["at_once"] = min(2 * len(some), MOST_SWEPT)
        else:
            rest["at_once"] = 1
        if answer.outcome is Outcome.DONE or alone:
            del ids[: len(some)]
            self._slots.forget_messages(person.id, some)
        if not ids:
            return Answer(Outcome.DONE)
        self._enqueue(sending)
        return None

    async def _delete(self, chat: int, message_id: int) -> Answer:
        """Delete a message; one that is too old for that becomes a neutral dot, if it is ours."""
        answer = await self._telegram.call("deleteMessage", {"chat_id": chat, "message_id": message_id})
        if answer.outcome is Outcome.GONE:
            await self._pace.wait_for_chat(chat)
            edit = {"chat_id": chat, "message_id": message_id, **NEUTRAL}
            answer = await self._telegram.call("editMessageText", edit)
            return answer if answer.outcome in AGAIN else Answer(Outcome.SAME)
        return answer

    async def _standing(self, sending: Sending) -> Standing | None:
        """The message that stands in the slot of this one now."""
        person, slot = sending.person.id, sending.slot
        assert slot is not None
        if not self._slots.knows(person, slot):
            moment = now()
            read = await self._database.read(lambda c: read_slots(Store(c, self._keyring, moment), [sending]))
            self._slots.learn(read)
        return self._slots.find(person, slot)

    async def _answer(self, toast: Toast) -> None:
        """Answer a button press: best effort."""
        parameters: dict[str, Any] = {"callback_query_id": toast.callback}
        if toast.text:
            parameters["text"] = toast.text[:200]
        answer = await self._telegram.call("answerCallbackQuery", parameters)
        if answer.wait:
            self._pace.pause(answer.wait)

    # --- what became of it -----------------------------------------------------------------------------------

    def _conclude(self, sending: Sending, answer: Answer) -> None:
        match answer.outcome:
            case Outcome.DONE | Outcome.SAME:
                self._settle(sending, "sent", "")
            case Outcome.GONE:
                self._settle(sending, "expired", "gone")
            case Outcome.BLOCKED:
                self._settle(sending, "blocked", "blocked")
                self._marks.blocked.add(sending.person.id)
            case Outcome.DOUBT:
                log.warning("a file may have arrived or not; it is not sent again")
                self._settle(sending, "failed", "in doubt")
            case _:
                log.error("Telegram refused a message: %s", Code(sending.method))
                self._settle(sending, "failed", "refused")

    def _settle(self, sending: Sending, state: str, reason: str) -> None:
        self._unsure.discard(sending.id)
        self._marks.settled.append({"id": sending.id, "state": state, "reason": reason})
        if sending.asking is not None:
            self._marks.asked.append(Asked(sending.asking, state, reason))
        self._marked.set()
        self._leave(sending)

    def _put_off(self, sending: Sending, reason: str, not_before: int) -> None:
        self._marks.later.append({"id": sending.id, "reason": reason, "not_before": not_before})
        self._marked.set()
        self._leave(sending)

    def take_marks(self) -> Marks:
        """What is to be noted with the next commit; `restore_marks` if that fails."""
        marks, self._marks = self._marks, Marks()
        self._marked.clear()
        return marks

    def restore_marks(self, marks: Marks) -> None:
        """Their commit failed: they are noted with a later one."""
        newer, self._marks = self._marks, marks
        marks.take_in(newer)
        self._marked.set()

    async def note_marks(self) -> None:
        """Note what became of rows while no batch comes to carry it."""
        marks = self.take_marks()
        if not marks:
            return
        try:
            await self._database.transact(lambda connection: marks.write(Store(connection, self._keyring, now())))
        except BaseException:
            self.restore_marks(marks)
            raise

    async def run(self, pause: float = 0.05) -> None:
        """Note marks for ever; ends with the error of a task that met one."""
        self._failure = asyncio.get_running_loop().create_future()
        while True:
            await self._marked.wait()
            if self._failure.done():
                self._failure.result()
            await asyncio.sleep(pause)
            try:
                await self.note_marks()
            except sqlite3.OperationalError as error:
                log.error("what was sent could not be noted yet", exc_info=error)
                await asyncio.sleep(1)

    async def close(self, seconds: float = 3.0) -> None:
        """Let what is under way end, note it, hand back what still waits, and stop."""
        if self._tasks:
            _done, pending = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        await self.note_marks()
        await self._database.transact(self._hand_back)

    def _hand_back(self, connection: sqlite3.Connection) -> None:
        """What this process never began to send is in no doubt: the next one takes it as it was."""
        Store(connection, self._keyring, now()).now_or_not(
            "outbox", "hand_back", but=listed(self._cut_off | self._unsure)
        )

    @property
    def idle(self) -> bool:
        """Nothing waits, nothing is under way, everything is noted."""
        return not self._tasks and not self._marks

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and self._failure is not None and not self._failure.done():
            self._failure.set_exception(error)
            self._marked.set()


def _undoing(sending: Sending) -> Sending:
    """What takes away again what this one put there."""
    return replace(sending, method="clear", purpose=Purpose.TIDY, payload={}, expires_at=None)


def _merge(older: Sending, newer: Sending) -> Sending:
    """What takes the place of both: an edit that stands for an answer still owed is no mere edit."""
    merged = replace(newer, renew=newer.renew or older.renew)
    if newer.purpose is Purpose.EDIT:
        merged = replace(merged, purpose=older.purpose, created_at=older.created_at)
    return merged
