"""A client's own lines: what they plan, what it went for, what it made possible. Theirs alone until they share it.

A row is never changed: the newest row of a line counts, and one without a body says that the line was taken away. For a
day a line can be brought back to what it said; then only what counts stays, and of what was taken away nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from bot import looks
from bot.alerts import note_reading
from bot.cash import views
from bot.looks import granted_to
from bot.turn import Scene, Turn
from conversations import acts
from conversations.client.shares import SHARES
from conversations.looks import LookMoney, LookShared, MoneyLine, OwnMoney, SharedMoney
from conversations.script import Json
from storage import people
from storage.people import Person
from storage.store import Row

PLAN, SPENT, OUTCOME = KINDS = ("plan", "spent", "outcome")

KEPT: Final = timedelta(days=1)
"""For so long a line can be brought back to what it said before."""

MOST_PRUNED: Final = 200
"""Changes of lines that one sweep looks at."""

PRUNED: Final = "entries"
"""The mark of how far that has come: since when (epoch seconds) there may be more."""

NOTED_FOR: Final = timedelta(hours=1)
"""While a caseworker looks at what is shared, their screen is drawn again and again: that is one reading."""

WITH_CASEWORKER: Final = "cash:caseworker"


def note(turn: Turn, client: Person, act: acts.NoteEntry, at: tuple[int, int], words: Json) -> Json:
    """A new line, or what a line says from now on. `at`: the session and the number of the act; `words` as they are
    kept."""
    rows = _rows_of(turn, client, act.line) if act.line is not None else []
    if act.line is not None and (not rows or rows[0]["kind"] != act.kind or rows[0]["body"] is None):
        return None
    if act.transfer is not None:
        about = turn.store.row("transfers", "one", id=act.transfer)
        if about is None or about["person_id"] != client.id:
            return None
    currency = act.currency if act.amount is not None else ""
    body = {"transfer": act.transfer, "amount": act.amount, "currency": currency, "use": act.use, "words": words}
    return _add(turn, client, act.kind, act.line, body, at)


def take(turn: Turn, client: Person, line: int, at: tuple[int, int]) -> Json:
    """Take a line away, for a day at first."""
    rows = _rows_of(turn, client, line)
    if not rows or rows[0]["body"] is None:
        return None
    return _add(turn, client, rows[0]["kind"], line, None, at)


def bring(turn: Turn, client: Person, line: int, at: tuple[int, int]) -> Json:
    """Bring a line to what it said before."""
    rows = _rows_of(turn, client, line)
    said = [_open(client, row) for row in rows if row["body"] is not None]
    if rows and rows[0]["body"] is not None:
        said = [body for body in said if body != said[0]]
    return _add(turn, client, rows[0]["kind"], line, said[0], at) if said else None


def _rows_of(turn: Turn, client: Person, line: int) -> list[Row]:
    """Every row of a line, the newest first."""
    return turn.store.rows("entries", "of_line", person_id=client.id, line_id=line)


def _add(
    turn: Turn, client: Person, kind: str, line: int | None, body: dict[str, Json] | None, at: tuple[int, int]
) -> Json:
    id_ = turn.store.new_id()
    turn.store.later(
        "entries",
        "insert",
        id=id_,
        line_id=line or id_,
        person_id=client.id,
        kind=kind,
        body=None if body is None else client.box.seal(json.dumps(body).encode(), f"entries.body:{id_}"),
        session_id=at[0],
        number=at[1],
        language=turn.language_of(client),
        mode="self",
        assisted_by=None,
        at=turn.store.at,
    )
    return {"line": line or id_}


def _open(client: Person, row: Row) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(client.box.open(row["body"], f"entries.body:{row['id']}"))
    return body


# --- what goes for good ----------------------------------------------------------------------------------------


def prune(turn: Turn) -> None:
    """Let go what has not counted for a day. Where the clock was set back it begins again from there."""
    store = turn.store
    until, mark = store.at - int(KEPT.total_seconds()), store.value("marks", "get", name=PRUNED) or 0
    changes = store.rows("entries", "changes", since=min(mark, until), until=until, most=MOST_PRUNED)
    owners = people.find_by_ids(store, {row["person_id"] for row in changes}) if changes else {}
    for row in changes:
        _let_go(turn, owners[row["person_id"]], row)
    reached = changes[-1]["at"] if changes else min(mark, until)
    if reached != mark:
        store.later("marks", "put", name=PRUNED, value=reached)


def _let_go(turn: Turn, client: Person, change: Row) -> None:
    """What that change of a line has replaced, and the sound of what was said there only."""
    rows = _rows_of(turn, client, change["line_id"])
    gone = [row for row in rows if row["id"] < change["id"]]
    if change["body"] is None:
        gone.append(change)
    kept = {row["id"] for row in rows} - {row["id"] for row in gone}
    spoken = _voices(client, (row for row in rows if row["id"] in kept))
    for row in gone:
        turn.store.later("entries", "let_go", id=row["id"])
    for voice in _voices(client, gone) - spoken:
        turn.store.later("voices", "let_go", id=voice, person_id=client.id)


def _voices(client: Person, rows: Iterable[Row]) -> set[int]:
    bodies = (_open(client, row) for row in rows if row["body"] is not None)
    return {body["words"]["voice"] for body in bodies if (body["words"] or {}).get("voice") is not None}


# --- looking ---------------------------------------------------------------------------------------------------


def read_lines(turn: Turn, client: Person) -> dict[str, list[MoneyLine]]:
    """What counts, by kind, in the order in which the lines were begun."""
    found: dict[str, list[MoneyLine]] = {kind: [] for kind in KINDS}
    for row in turn.store.rows("entries", "newest", person_id=client.id):
        if row["body"] is not None:
            found[row["kind"]].append(_line(row, _open(client, row)))
    return found


def read_taken(turn: Turn, client: Person) -> dict[str, list[MoneyLine]]:
    """Lines that were taken away and are not gone yet, as they were, by kind."""
    found: dict[str, list[MoneyLine]] = {kind: [] for kind in KINDS}
    for row in turn.store.rows("entries", "newest", person_id=client.id):
        before = _rows_of(turn, client, row["line_id"])[1] if row["body"] is None else None
        if before is not None:
            found[row["kind"]].append(_line(before, _open(client, before)))
    return found


def _line(row: Row, body: dict[str, Any]) -> MoneyLine:
    words = body["words"] or {}
    return MoneyLine(
        line=row["line_id"],
        transfer=body["transfer"],
        amount=body["amount"],
        currency=body["currency"],
        use=body["use"],
        text=words.get("text", ""),
        voice=words.get("voice"),
        at=row["at"],
    )


def read_money(turn: Turn, client: Person) -> OwnMoney:
    """Everything of a client's own money."""
    lines, own = read_lines(turn, client), views.of_client(turn, client, own=True)
    used = [each["currency"] for each in own]
    written = [line["currency"] for kind in KINDS for line in lines[kind] if line["currency"]]
    known = list(dict.fromkeys((*used, *views.currencies(turn), *written)))
    agreed = granted_to(turn, client)
    return OwnMoney(
        transfers=own,
        plan=lines[PLAN],
        spent=lines[SPENT],
        outcomes=lines[OUTCOME],
        taken=read_taken(turn, client),
        shares=[purpose for purpose in SHARES if purpose in agreed],
        native=client.native,
        currency=known[0],
        currencies=known,
    )


@looks.read.register
def _look_money(query: LookMoney, turn: Turn, scene: Scene) -> Json:
    return read_money(turn, scene.person)


@looks.read.register
def _look_shared(query: LookShared, turn: Turn, scene: Scene) -> Json:
    client, staff = turn.find(query.client), scene.person
    if client is None or staff.role != "caseworker" or client.caseworker != staff.id:
        return None
    if WITH_CASEWORKER not in granted_to(turn, client):
        return None
    _note_reading(turn, staff, client)
    lines = read_lines(turn, client)
    return SharedMoney(transfers=views.of_client(turn, client, own=False), plan=lines[PLAN], spent=lines[SPENT])


def _note_reading(turn: Turn, staff: Person, client: Person) -> None:
    since = turn.store.at - int(NOTED_FOR.total_seconds())
    readings = turn.store.rows("readings", "of_client", client_id=client.id)
    if not any(row["staff_id"] == staff.id and row["what"] == "money" and row["at"] > since for row in readings):
        note_reading(turn, staff, client, "money")
