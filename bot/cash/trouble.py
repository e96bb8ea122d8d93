"""Trouble with money, told with its client's leave to somebody whose hands it has not gone through."""

from __future__ import annotations

from dataclasses import dataclass

from bot import alerts, looks
from bot.cash.hands import MONEY, ladder, touched
from bot.cash.views import read_transfer
from bot.looks import alert_body, may_read
from bot.turn import Scene, Turn
from conversations.looks import LookSafe, LookTrouble, Trouble
from conversations.script import Json
from storage.people import Person
from storage.store import Row

LEVEL = "today"
"""How soon somebody is to look at it; the next one is told if nobody does."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a client tells, as `TellOfMoney` has it, and the act of theirs that does (session and number)."""

    transfer: int
    what: str
    words: Json
    session: int
    number: int


def tell(turn: Turn, client: Person, told: Told) -> Json:
    """Tell somebody. Back: as `TellOfMoney` says, or None where that transfer is not theirs."""
    about = {"transfer": told.transfer, "what": told.what}
    if _own(turn, client, told.transfer) is None:
        return None
    alert = _told_before(turn, client, about) if told.words is None else None
    if alert is None:
        hands = touched(turn, client, told.transfer)
        body = {**about, "hands": sorted(hands.sure | hands.named)}
        wish = alerts.Wish(MONEY, LEVEL, (), "", "", told.words, body)
        alert = alerts.open_alert(turn, client, wish, told.session, told.number)
    return {"alert": alert, "told": alerts.told(turn, alert)}


def _told_before(turn: Turn, client: Person, about: dict[str, Json]) -> int | None:
    """The alert that says the same and is open still."""
    for row in turn.store.rows("alerts", "of_client", client_id=client.id):
        if row["kind"] == MONEY and about.items() <= alert_body(row, client).items():
            return int(row["id"])
    return None


def _own(turn: Turn, client: Person, transfer: int) -> Row | None:
    row = turn.store.row("transfers", "one", id=transfer)
    return row if row is not None and row["person_id"] == client.id else None


@looks.read.register
def _look_safe(query: LookSafe, turn: Turn, scene: Scene) -> Json:
    client = scene.person
    if _own(turn, client, query.transfer) is None:
        return []
    return [[each.shown for each in rung] for rung in ladder(turn, client, query.transfer) if rung]


@looks.read.register
def _look_trouble(query: LookTrouble, turn: Turn, scene: Scene) -> Json:
    row = turn.store.row("alerts", "one", id=query.alert)
    if row is None or row["kind"] != MONEY:
        return None
    client = turn.scene(row["client_id"]).person
    if not may_read(turn, scene.person, client, row):
        return None
    body = alert_body(row, client)
    words = body["words"] or {}
    about = _own(turn, client, body["transfer"])
    return Trouble(
        what=body["what"],
        transfer=None if about is None else read_transfer(turn, about, own=False),
        words=words.get("text", ""),
        voice=words.get("voice"),
    )
