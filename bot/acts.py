"""What scripts record and change: one function for each act in `conversations.acts`, within the transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import singledispatch
from hashlib import sha256

from bot import alerts, talks
from bot.looks import may_read
from bot.turn import Scene, Turn
from conversations import acts
from conversations.instruments import INSTRUMENTS
from conversations.script import Json, Said
from storage import people
from storage.sessions import Session


@dataclass(frozen=True, slots=True)
class Moment:
    """Who acts, in which session, and the act's own number there (what makes it happen once)."""

    turn: Turn
    scene: Scene
    session: Session
    number: int


@singledispatch
def perform(act: object, moment: Moment) -> Json:
    """Carry out an act and return what comes back to the script."""
    raise TypeError(f"nobody knows how to do {type(act).__name__}")


@perform.register
def _(act: acts.Redeem, moment: Moment) -> Json:
    turn, scene = moment.turn, moment.scene
    store, person = turn.store, scene.person
    if person.role != "stranger":
        return {"outcome": "already"}
    code_hash = store.keyring.hash_code(act.code)
    won = store.now_or_not("invitations", "redeem", code_hash=code_hash, now=store.at, person_id=person.id)
    found = store.row("invitations", "find", code_hash=code_hash)
    if found is None:
        return {"outcome": "unknown"}
    if not won:
        return {"outcome": "used" if found["used_at"] is not None else "expired"}
    caseworker = found["caseworker_id"]
    if found["role"] == "client" and caseworker is None:
        caseworker = people.least_loaded_caseworker(store)
    scene.person = people.admit(store, person, found["role"], caseworker)
    return {"outcome": found["role"]}


@perform.register
def _(act: acts.ChooseLanguage, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, language=act.language))
    return None


@perform.register
def _(act: acts.ChooseName, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, name=act.name))
    if moment.scene.person.role != "client":
        alerts.route_unreached(moment.turn)
    return None


@perform.register
def _(act: acts.ChooseHours, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, hours=act.hours))
    return None


@perform.register
def _(act: acts.SayAge, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, adult=act.adult))
    if act.adult:
        return {"told": []}
    wish = alerts.Wish("minor", "today", (), "", "")
    alert = alerts.open_alert(moment.turn, moment.scene.person, wish, moment.session.id, moment.number)
    return {"told": alerts.told(moment.turn, alert)}


@perform.register
def _(act: acts.Consent, moment: Moment) -> Json:
    turn, person = moment.turn, moment.scene.person
    language = turn.language_of(person)
    body = "\n".join(turn.word(line, person) for line in act.words)
    digest = sha256(f"{language}\n{body}".encode()).hexdigest()
    turn.store.later("texts", "keep", digest=digest, language=language, body=body)
    turn.store.later(
        "consents",
        "insert",
        id=turn.store.new_id(),
        person_id=person.id,
        session_id=moment.session.id,
        number=moment.number,
        purpose=act.purpose,
        granted=int(act.granted),
        digest=digest,
        language=language,
        mode="self",
        at=turn.store.at,
    )
    return None


@perform.register
def _(act: acts.BeginSitting, moment: Moment) -> Json:
    store, instrument = moment.turn.store, INSTRUMENTS[act.instrument]
    store.later(
        "sittings",
        "insert",
        session_id=moment.session.id,
        person_id=moment.scene.person.id,
        instrument=instrument.name,
        version=instrument.version,
        start=act.start,
        at=store.at,
    )
    return None


@perform.register
def _(act: acts.Respond, moment: Moment) -> Json:
    turn, person = moment.turn, moment.scene.person
    id_ = turn.store.new_id()
    words = None
    if act.words is not None:
        words = person.box.seal(json.dumps(plain(act.words)).encode(), f"responses.words:{id_}")
    turn.store.later(
        "responses",
        "insert",
        id=id_,
        person_id=person.id,
        session_id=moment.session.id,
        number=moment.number,
        instrument=act.instrument,
        version=INSTRUMENTS[act.instrument].version,
        language=turn.language_of(person),
        mode="self",
        assisted_by=None,
        item=act.item,
        status=act.status,
        value=act.value,
        words=words,
        at=turn.store.at,
    )
    return None


def plain(said: Said) -> dict[str, Json]:
    """Own words as plain JSON."""
    if said.voice is not None:
        return {"voice": said.voice, "seconds": said.seconds}
    return {"text": said.text, **({"original": said.original} if said.original else {})}


@perform.register
def _(act: acts.RaiseAlert, moment: Moment) -> Json:
    when = act.when if isinstance(act.when, str) else plain(act.when)
    wish = alerts.Wish("need" if act.items else "person", act.level, act.items, act.how, when)
    alert = alerts.open_alert(moment.turn, moment.scene.person, wish, moment.session.id, moment.number)
    return {"alert": alert}


@perform.register
def _(act: acts.TakeBack, moment: Moment) -> Json:
    return {"outcome": alerts.take_back(moment.turn, moment.scene.person, act.alert)}


@perform.register
def _(act: acts.AskToClose, moment: Moment) -> Json:
    return {"outcome": alerts.ask_to_close(moment.turn, moment.scene.person, act.alert)}


@perform.register
def _(act: acts.Claim, moment: Moment) -> Json:
    return alerts.claim(moment.turn, moment.scene.person, act.alert)


@perform.register
def _(act: acts.CloseAlert, moment: Moment) -> Json:
    return {"outcome": alerts.close(moment.turn, moment.scene.person, act.alert)}


@perform.register
def _(act: acts.ReadAlert, moment: Moment) -> Json:
    return alerts.read(moment.turn, moment.scene.person, act.alert)


@perform.register
def _(act: acts.ReadClient, moment: Moment) -> Json:
    turn, staff = moment.turn, moment.scene.person
    client = turn.scene(act.client).person
    if not may_read(turn, staff, client, None):
        return None
    alerts.note_reading(turn, staff, client, "needs")
    return {"client": client.id}


@perform.register
def _(act: acts.SendLine, moment: Moment) -> Json:
    line = talks.Line(act.talk, plain(act.words), moment.session.id, moment.number)
    return {"outcome": talks.send_line(moment.turn, moment.scene.person, line)}


@perform.register
def _(act: acts.EndTalk, moment: Moment) -> Json:
    return talks.end(moment.turn, moment.scene.person, act.talk)
