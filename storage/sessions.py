"""Sessions: which dialogue a person is in, what came back so far, and what is on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from conversations.engine import Log, Run
from conversations.script import Json
from storage.people import Person
from storage.store import Row, Store, listed


@dataclass(slots=True)
class Session:
    """One run of a script. `state` is live, interrupted (something came between), parked (the person stopped) or
    done. `shown` is the question on the screen: {"key", "nth", "number", "kind", "draft", "place", "at"}."""

    id: int
    person: int
    script: str
    state: str
    arguments: Mapping[str, Json]
    log: Log = field(default_factory=Log)
    shown: dict[str, Json] | None = None
    started_at: int = 0
    touched_at: int = 0
    """When its person last did something in it."""
    stamp: int = 0
    """Changes with every save, so that a session kept in memory can be told from one that has moved on."""
    run: Run | None = None
    """Where its script rests, in memory only."""


@dataclass(frozen=True, slots=True)
class Stub:
    """An open session without what is in it."""

    id: int
    script: str
    state: str


def load_open(
    store: Store, people: Mapping[int, Person], kept: Mapping[int, Session]
) -> dict[int, tuple[Session | None, list[Stub]]]:
    """For each person their live session and the stubs of the ones left on the way, oldest first. A session in
    `kept` is used as it is if nobody has saved it since."""
    found: dict[int, tuple[Session | None, list[Stub]]] = {person: (None, []) for person in people}
    for row in store.rows("sessions", "open", people=listed(people)):
        live, stubs = found[row["person_id"]]
        if row["state"] == "live":
            known = kept.get(row["id"])
            same = known is not None and known.stamp == row["stamp"]
            live = known if same else _read(row, people[row["person_id"]])
        else:
            stubs = [*stubs, Stub(row["id"], row["script"], row["state"])]
        found[row["person_id"]] = (live, stubs)
    return found


def load(store: Store, person: Person, session: int) -> Session | None:
    """One session of this person, or None."""
    row = store.row("sessions", "one", id=session, person_id=person.id)
    return None if row is None else _read(row, person)


def load_some(store: Store, person: Person, sessions: Iterable[int]) -> list[Session]:
    """Several sessions of this person."""
    loaded = (load(store, person, session) for session in sessions)
    return [session for session in loaded if session is not None]


def save(store: Store, person: Person, session: Session) -> None:
    """Write a session as it is now, sealed under its person's key; of one that is done nothing said in it stays."""
    if session.state == "done":
        session.log, session.shown, session.arguments, session.run = Log(), None, {}, None
    session.stamp = store.new_id()
    body = {"arguments": dict(session.arguments), "log": session.log.to_json(), "shown": session.shown}
    content = orjson.dumps(body)
    store.later(
        "sessions",
        "save",
        id=session.id,
        person_id=session.person,
        script=session.script,
        state=session.state,
        body=person.box.seal(content, f"sessions.body:{session.id}"),
        started_at=session.started_at,
        touched_at=session.touched_at or store.at,
        stamp=session.stamp,
    )


def _read(row: Row, person: Person) -> Session:
    body = orjson.loads(person.box.open(row["body"], f"sessions.body:{row['id']}"))
    return Session(
        id=row["id"],
        person=row["person_id"],
        script=row["script"],
        state=row["state"],
        arguments=body["arguments"],
        log=Log.from_json(body["log"]),
        shown=body["shown"],
        started_at=row["started_at"],
        touched_at=row["touched_at"],
        stamp=row["stamp"],
    )
