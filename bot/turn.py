"""One turn: the people it concerns, the transaction it runs in, and what it wants sent."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, NamedTuple

import orjson

from bot.gate import Purpose, decide
from bot.programme import Programme
from bot.screens import Payload, button, message
from conversations.text import Words, _
from storage import people, sessions
from storage.people import Person
from storage.sessions import Session, Stub
from storage.store import Row, Store
from translations.wording import word

URGENT, REPLY, ROUND = "urgent", "reply", "round"
LANES: Final = (URGENT, REPLY, ROUND)

PUSH_EXPIRES: Final = timedelta(days=7)

ANY: Final = "*"
"""Whatever screen someone is looking at, in a nudge."""

WHOLE: Final = {"transfer": "money"}
"""By the screen of one thing that of all of them, which changes with it."""


@dataclass(slots=True)
class Scene:
    """A person and where they are: the live session and the stubs of those left on the way."""

    person: Person
    live: Session | None = None
    stubs: list[Stub] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sending:
    """One row of the outbox, as delivery takes it.

    `method` is show (fill a slot: edit what stands there, or send), clear (take away what stands in a slot), delete
    (one message) or sweep (many); `payload` holds Telegram's parameters but for the chat, and under "file" what
    `bot.files` is to draw. `renew` takes the old message away and sends a new one, the last on the screen.
    """

    id: int
    person: Person
    lane: str
    purpose: Purpose
    method: str
    payload: Payload
    slot: str | None = None
    renew: bool = False
    created_at: int = 0
    not_before: int = 0
    expires_at: int | None = None
    subject: int | None = None
    """Whom it is about, where that is not the reader."""
    asking: int | None = None
    """What a round asks by it."""

    def tells_of(self, people: Container[int]) -> bool:
        """Whether it would show something to one of them, or of one of them; what takes things away does not."""
        return self.method == "show" and (self.person.id in people or self.subject in people)


class Nudge(NamedTuple):
    """Whoever is looking at that script's screen gets it drawn anew; others one bland line, unless it is silent."""

    person: int
    script: str
    argument: int | None
    """What the screen is about; None where the script has but one."""
    silent: bool

    def is_about(self, session: Session) -> bool:
        """Whether that session shows it."""
        same = self.argument is None or self.argument in session.arguments.values()
        return (same and self.script in (ANY, session.script)) or session.script == WHOLE.get(self.script)


class Turn:
    """Everything a turn may use. Made anew for each update; what it gathers stands only if the turn does."""

    def __init__(
        self, store: Store, programme: Programme, scenes: dict[int, Scene], kept: Mapping[int, Session] | None = None
    ) -> None:
        self.store = store
        self.programme = programme
        self.now = store.now
        self.sendings: list[Sending] = []
        self.nudges: list[Nudge] = []
        self.toast: Words | None = None
        self.erased: list[int] = []
        self.touched: set[int] = set()
        self._scenes = scenes
        self._kept = kept or {}

    def scene(self, person: int) -> Scene:
        """The scene of a person, as this batch has it."""
        self.touched.add(person)
        if person not in self._scenes:
            found = people.find_by_ids(self.store, [person])
            self._scenes.update(load_scenes(self.store, found, self._kept))
        return self._scenes[person]

    def find(self, person: int) -> Person | None:
        """A person by id; None where they are gone."""
        try:
            return self.scene(person).person
        except KeyError:
            return None

    def enter(self, scene: Scene) -> None:
        """Add someone new to the batch."""
        self.touched.add(scene.person.id)
        self._scenes[scene.person.id] = scene

    def exchange(self, scene: Scene, person: Person) -> None:
        """Someone is erased, and whoever holds the phone is `person` from now on, whom nobody knows."""
        erased = scene.person.id
        self.erased.append(erased)
        self._scenes.pop(erased, None)
        self.sendings = [sending for sending in self.sendings if not sending.tells_of((erased,))]
        self.nudges = [nudge for nudge in self.nudges if nudge.person != erased]
        scene.person, scene.live, scene.stubs = person, None, []
        self.enter(scene)

    def change(self, scene: Scene, person: Person) -> None:
        """A person has changed."""
        self.touched.add(person.id)
        scene.person = person
        people.save(self.store, person)

    def language_of(self, person: Person) -> str:
        """The language this person chose, or the programme's first."""
        return person.language or self.programme.default_language

    def word(self, text: Words, person: Person) -> str:
        """A sentence in this person's language; days by name, since what is sent may be read tomorrow."""
        return word(text, self.language_of(person))

    def show(
        self,
        person: Person,
        slot: str,
        payload: Payload,
        purpose: Purpose,
        *,
        lane: str = REPLY,
        renew: bool = False,
        subject: Person | None = None,
    ) -> None:
        """Let a slot of this person's chat show that message."""
        self._queue(person, "show", payload, purpose, lane=lane, slot=slot, renew=renew, subject=subject)

    def show_file(
        self, person: Person, slot: str, file: Payload, payload: Payload, subject: Person | None = None
    ) -> None:
        """Let a slot show a picture, a document or a voice note, drawn by `bot.files` when it is sent.

        `file`: {"kind": "photo" | "document" | "voice", "draw": a name in `bot.files.DRAWERS`, and what that needs};
        `payload`: caption and reply_markup, as `screens.caption` makes them.
        """
        body = {**payload, "file": file}
        self._queue(person, "show", body, Purpose.ANSWER, lane=REPLY, slot=slot, renew=True, subject=subject)

    def note_message(self, person: Person, message_id: int) -> None:
        """A message of theirs stands in the chat, and may have to be taken away later."""
        self.store.later("messages", "note", person_id=person.id, message_id=message_id, ours=0, at=self.store.at)

    def delete(self, person: Person, message_id: int) -> None:
        """Take a message away from this person's chat."""
        self.store.later("messages", "forget", person_id=person.id, message_id=message_id)
        self._queue(person, "delete", {"message_id": message_id}, Purpose.TIDY, lane=REPLY)

    def sweep(self, person: Person, message_ids: Sequence[int], *, of: int | None = None) -> None:
        """Take many messages away; `of` names someone erased, whose messages still on their way go too."""
        for message_id in message_ids:
            self.store.later("messages", "forget", person_id=person.id, message_id=message_id)
        payload: Payload = {"message_ids": list(message_ids)} | ({"of": of} if of is not None else {})
        self._queue(person, "sweep", payload, Purpose.TIDY, lane=REPLY)

    def clear(self, person: Person, slot: str, lane: str = REPLY) -> None:
        """Take away what stands in a slot, or is on its way there."""
        self._queue(person, "clear", {}, Purpose.TIDY, lane=lane, slot=slot)

    def push(
        self,
        person: Person,
        text: Words,
        script: str,
        argument: int,
        purpose: Purpose,
        subject: Person | None = None,
    ) -> None:
        """One bland line with Open under it; what it is about shows only after the tap."""
        self._announce(person, text, f"!{script}.{argument}", purpose, URGENT, "push", PUSH_EXPIRES, subject=subject)

    def ask(self, person: Person, text: Words, asking: int, closes_at: int) -> None:
        """The same for what a round asks, in its own lane and place, as long as the round goes on."""
        left = timedelta(seconds=closes_at - self.store.at)
        self._announce(person, text, f"!asked.{asking}", Purpose.ROUND, ROUND, "ask", left, asking=asking)

    def _announce(
        self,
        person: Person,
        text: Words,
        data: str,
        purpose: Purpose,
        lane: str,
        name: str,
        expires: timedelta,
        *,
        subject: Person | None = None,
        asking: int | None = None,
    ) -> None:
        opening = button(_("Open"), data, self.language_of(person))
        payload = message(self.word(text, person), [[opening]])
        self._queue(
            person,
            "show",
            payload,
            purpose,
            lane=lane,
            slot=slot_of(person.id, name),
            renew=True,
            expires=expires,
            subject=subject,
            asking=asking,
        )

    def nudge(self, person: int, script: str, argument: int | None = None, *, silent: bool = False) -> None:
        """What that script shows to that person has changed."""
        self.nudges.append(Nudge(person, script, argument, silent))

    def _queue(
        self,
        person: Person,
        method: str,
        payload: Payload,
        purpose: Purpose,
        *,
        lane: str,
        slot: str | None = None,
        renew: bool = False,
        subject: Person | None = None,
        expires: timedelta | None = None,
        asking: int | None = None,
    ) -> None:
        decision = decide(purpose, person, self.programme.zone, self.now, self.now)
        if decision.never:
            return
        at = self.store.at
        not_before = int(decision.not_before.timestamp()) if decision.not_before else 0
        sending = Sending(
            id=self.store.new_id(),
            person=person,
            lane=lane,
            purpose=purpose,
            method=method,
            payload=payload,
            slot=slot,
            renew=renew,
            created_at=at,
            not_before=not_before,
            expires_at=max(at, not_before) + int(expires.total_seconds()) if expires else None,
            subject=subject.id if subject is not None and subject.id != person.id else None,
            asking=asking,
        )
        self.sendings.append(sending)
        insert(self.store, sending, subject or person)


def insert(store: Store, sending: Sending, subject: Person) -> None:
    """Write a sending into the outbox, sealed under the key of the person it is about.

    What can go at once is written as leased, because the process that commits it sends it: after a crash such a row
    is in doubt, and is sent again.
    """
    body = orjson.dumps({"payload": sending.payload, "renew": sending.renew})
    store.later(
        "outbox",
        "insert",
        id=sending.id,
        person_id=sending.person.id,
        slot_id=sending.slot,
        subject_id=sending.subject,
        lane=sending.lane,
        purpose=sending.purpose,
        method=sending.method,
        body=subject.box.seal(body, f"outbox.body:{sending.id}"),
        state="queued" if sending.not_before > store.at else "leased",
        not_before=sending.not_before,
        expires_at=sending.expires_at,
        created_at=sending.created_at,
        asking_id=sending.asking,
    )


def read_sending(store: Store, row: Row, person: Person) -> Sending:
    """The inverse of `insert`, from a row joined with the wrapped key of its subject."""
    box = store.keyring.box(row["subject_id"] or row["person_id"], row["key"])
    body = orjson.loads(box.open(row["body"], f"outbox.body:{row['id']}"))
    return Sending(
        id=row["id"],
        person=person,
        lane=row["lane"],
        purpose=Purpose(row["purpose"]),
        method=row["method"],
        payload=body["payload"],
        slot=row["slot_id"],
        renew=body["renew"],
        created_at=row["created_at"],
        not_before=row["not_before"],
        expires_at=row["expires_at"],
        subject=row["subject_id"],
        asking=row["asking_id"],
    )


def slot_of(person: int, name: str) -> str:
    """The id of a slot: living (where the dialogue is), push, ask, alert.<id> or round.<id>."""
    return f"{person}.{name}"


def load_scenes(store: Store, found: Mapping[int, Person], kept: Mapping[int, Session]) -> dict[int, Scene]:
    """The scenes of these people, by person id."""
    if not found:
        return {}
    loaded = sessions.load_open(store, found, kept)
    return {person: Scene(found[person], live, stubs) for person, (live, stubs) in loaded.items()}
