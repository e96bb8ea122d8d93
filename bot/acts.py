"""What scripts record and change: one function for each act in `conversations.acts`, within the transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import cast

from bot import alerts, checkins, consents, erasing, feedback, mine, picture, sounds, talks, tidying, way
from bot.cash import entries, transfers, trouble
from bot.cash import page as money
from bot.invite import make_invitation
from bot.looks import may_read
from bot.report import sheet
from bot.report.census import SMALLEST
from bot.rounds import asking, page, plans
from bot.turn import Scene, Turn
from conversations import acts
from conversations.looks import Draft
from conversations.script import Json, Said
from storage import people
from storage.people import Person
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
    code_hash = store.keyring.hash_code(act.code)
    if person.role != "stranger":
        found = store.row("invitations", "find", code_hash=code_hash)
        is_free = found is not None and found["used_at"] is None and found["expires_at"] > store.at
        is_for_another = found is not None and found["role"] == "client" and is_free
        return {"outcome": "other" if is_for_another else "already"}
    won = store.now_or_not("invitations", "redeem", code_hash=code_hash, now=store.at, person_id=person.id)
    found = store.row("invitations", "find", code_hash=code_hash)
    if found is None:
        return {"outcome": "unknown"}
    if not won:
        return {"outcome": "used" if found["used_at"] is not None else "expired"}
    caseworker = found["caseworker_id"]
    if found["role"] == "client" and caseworker is None:
        caseworker = people.least_loaded_caseworker(store)
    scene.person = people.admit(store, person, found["role"], caseworker, found["place"])
    return {"outcome": found["role"]}


@perform.register
def _(act: acts.ChooseLanguage, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, language=act.language))
    return None


@perform.register
def _(act: acts.ChooseName, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, name=act.name))
    if moment.scene.person.role != "client":
        for alert in alerts.unreached(moment.turn):
            alerts.route_unreached(moment.turn, alert)
    return None


@perform.register
def _(act: acts.ChooseHours, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, hours=act.hours))
    asking.hold_person(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.ChooseDays, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, days=act.days))
    asking.hold_person(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.AskLess, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, less=act.less))
    asking.hold_person(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.SayStage, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, stage=act.stage))
    return None


@perform.register
def _(act: acts.OpenAsking, moment: Moment) -> Json:
    return asking.open_asking(moment.turn, moment.scene.person, act.asking)


@perform.register
def _(act: acts.DeclineAsking, moment: Moment) -> Json:
    asking.finish(moment.turn, moment.scene.person, act.asking, "declined")
    return None


@perform.register
def _(act: acts.FinishAsking, moment: Moment) -> Json:
    asking.finish(moment.turn, moment.scene.person, act.asking, "answered")
    return None


@perform.register
def _(act: acts.ShowWay, moment: Moment) -> Json:
    return way.show(moment.turn, moment.scene.person)


@perform.register
def _(act: acts.ShowMoney, moment: Moment) -> Json:
    return money.show(moment.turn, moment.scene.person, act.transfer)


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
    is_over = consents.note(moment.turn, moment.scene, act, moment.session.id, moment.number)
    return {"granted": act.granted, "over": is_over}


@perform.register
def _(act: acts.Pause, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, quiet_until=act.until, asked=False))
    asking.hold_person(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.Leave, moment: Moment) -> Json:
    consents.leave(moment.turn, moment.scene)
    return None


@perform.register
def _(act: acts.ComeBack, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, left_at=None))
    return None


@perform.register
def _(act: acts.SetTidy, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, tidy=act.tidy))
    return None


@perform.register
def _(act: acts.SendMine, moment: Moment) -> Json:
    mine.offer(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.EraseLater, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, erase_at=act.at))
    asking.hold_person(moment.turn, moment.scene.person)
    return None


@perform.register
def _(act: acts.Erase, moment: Moment) -> Json:
    erasing.erase(moment.turn, moment.scene)
    return None


@perform.register
def _(act: acts.ClearChat, moment: Moment) -> Json:
    return {"left": tidying.clear_chat(moment.turn, moment.scene.person)}


@perform.register
def _(act: acts.BeginSitting, moment: Moment) -> Json:
    store = moment.turn.store
    store.later(
        "sittings",
        "insert",
        session_id=moment.session.id,
        person_id=moment.scene.person.id,
        instrument=act.instrument,
        version=act.version,
        start=act.start,
        at=store.at,
    )
    if act.asking is not None:
        store.later("askings", "sit", id=act.asking, person_id=moment.scene.person.id, session_id=moment.session.id)
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
        version=act.version,
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
def _(act: acts.SeeTransfer, moment: Moment) -> Json:
    transfers.look_at(moment.turn, moment.scene.person, act.transfer)
    return None


@perform.register
def _(act: acts.AnswerTransfer, moment: Moment) -> Json:
    return transfers.answer(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.TellOfMoney, moment: Moment) -> Json:
    words = None if act.words is None else plain(act.words)
    moment.turn.change(moment.scene, replace(moment.scene.person, asked=True))
    asking.hold_person(moment.turn, moment.scene.person)
    told = trouble.Told(act.transfer, act.what, words, moment.session.id, moment.number)
    return trouble.tell(moment.turn, moment.scene.person, told)


@perform.register
def _(act: acts.NoteEntry, moment: Moment) -> Json:
    words = None if act.words is None else plain(act.words)
    return entries.note(moment.turn, moment.scene.person, act, (moment.session.id, moment.number), words)


@perform.register
def _(act: acts.TakeEntry, moment: Moment) -> Json:
    return entries.take(moment.turn, moment.scene.person, act.line, (moment.session.id, moment.number))


@perform.register
def _(act: acts.BringEntry, moment: Moment) -> Json:
    return entries.bring(moment.turn, moment.scene.person, act.line, (moment.session.id, moment.number))


@perform.register
def _(act: acts.ChooseDigits, moment: Moment) -> Json:
    moment.turn.change(moment.scene, replace(moment.scene.person, native=act.native))
    return None


@perform.register
def _(act: acts.RaiseAlert, moment: Moment) -> Json:
    when = act.when if isinstance(act.when, str) else plain(act.when)
    words = None if act.words is None else plain(act.words)
    wish = alerts.Wish("need" if act.items else "person", act.level, act.items, act.how, when, words)
    moment.turn.change(moment.scene, replace(moment.scene.person, asked=True))
    asking.hold_person(moment.turn, moment.scene.person)
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
def _(act: acts.Invite, moment: Moment) -> Json:
    made = make_invitation(moment.turn.store, moment.turn.programme, act.role, act.place)
    return {"code": made.start, "link": made.link, "until": int(made.expires_at.timestamp())}


@perform.register
def _(act: acts.ShowPicture, moment: Moment) -> Json:
    picture.show(moment.turn, moment.scene.person, act.link)
    return None


@perform.register
def _(act: acts.ReadAlert, moment: Moment) -> Json:
    return alerts.read(moment.turn, moment.scene.person, act.alert)


@perform.register
def _(act: acts.ReadClient, moment: Moment) -> Json:
    turn, staff = moment.turn, moment.scene.person
    client = turn.find(act.client)
    if client is None or not may_read(turn, staff, client, None):
        return None
    alerts.note_reading(turn, staff, client, "needs")
    if checkins.lately(turn, client) is not None:
        alerts.note_reading(turn, staff, client, "checkin")
    return {"client": client.id}


@perform.register
def _(act: acts.GiveFeedback, moment: Moment) -> Json:
    given = feedback.Given(plain(act.words), act.named, moment.session.id, moment.number)
    return {"told": feedback.give(moment.turn, moment.scene, given)}


@perform.register
def _(act: acts.ReadFeedback, moment: Moment) -> Json:
    giver = feedback.open_one(moment.turn, moment.scene.person, act.feedback)
    return _note_feedback(moment, giver, act.feedback)


@perform.register
def _(act: acts.HearFeedback, moment: Moment) -> Json:
    giver = sounds.play(moment.turn, moment.scene.person, act.feedback)
    return _note_feedback(moment, giver, act.feedback)


def _note_feedback(moment: Moment, giver: Person | None, feedback_id: int) -> Json:
    """It was read or heard, if there was something."""
    if giver is None:
        return None
    alerts.note_reading(moment.turn, moment.scene.person, giver, "feedback")
    return {"feedback": feedback_id}


@perform.register
def _(act: acts.AnswerFeedback, moment: Moment) -> Json:
    talk = feedback.answer(moment.turn, moment.scene.person, act.feedback)
    return None if talk is None else {"talk": talk}


@perform.register
def _(act: acts.SendLine, moment: Moment) -> Json:
    line = talks.Line(act.talk, plain(act.words), moment.session.id, moment.number)
    return {"outcome": talks.send_line(moment.turn, moment.scene.person, line)}


@perform.register
def _(act: acts.EndTalk, moment: Moment) -> Json:
    return talks.end(moment.turn, moment.scene.person, act.talk)


@perform.register
def _(act: acts.ShowReport, moment: Moment) -> Json:
    return {"clients": sheet.show(moment.turn, moment.scene.person, act.by), "least": SMALLEST}


@perform.register
def _(act: acts.PlanTransfers, moment: Moment) -> Json:
    return transfers.make_plan(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.MarkSent, moment: Moment) -> Json:
    return transfers.mark_sent(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.UnmarkSent, moment: Moment) -> Json:
    return transfers.unmark_sent(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.PutOffTransfer, moment: Moment) -> Json:
    return transfers.put_off(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.RepriceTransfer, moment: Moment) -> Json:
    return transfers.reprice(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.CancelTransfer, moment: Moment) -> Json:
    return transfers.cancel(moment.turn, moment.scene.person, act)


@perform.register
def _(act: acts.PlanRound, moment: Moment) -> Json:
    return plans.make_plan(moment.turn, moment.scene.person.id, cast(Draft, act.draft))


@perform.register
def _(act: acts.SteerPlan, moment: Moment) -> Json:
    return plans.steer(moment.turn, moment.scene.person.id, act.plan, act.stamp, act.way)


@perform.register
def _(act: acts.ShowResult, moment: Moment) -> Json:
    return page.show_result(moment.turn, moment.scene.person, act.round)
