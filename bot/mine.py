"""Everything kept about a client, read for their screen and for the file that they take along."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from bot import answers, feedback, looks
from bot.cash import entries, views
from bot.checkins import contact_of
from bot.forms import find_form
from bot.looks import alert_body, caseworker_of
from bot.rounds.state import title_of
from bot.screens import caption
from bot.telegram import File
from bot.turn import Scene, Turn, slot_of
from conversations.client.kept import Section, sections
from conversations.instruments import NEEDS, TRANSFER
from conversations.instruments.form import DAY
from conversations.looks import Agreement, Checked, Kept, LookKept, LookLedger, LookReach, Reach, Reading
from conversations.script import Json, Status
from conversations.text import _
from storage.people import Person
from storage.store import Row
from translations.wording import word

MOST_COPIES: Final = 50
NAME: Final = "my-notes.html"
"""What the file is called: it lies in a folder that others may open."""


def read_kept(turn: Turn, person: Person) -> Kept:
    """Everything, in order of time."""
    caseworker = caseworker_of(turn, person)
    rows = turn.store.rows("responses", "of_person", person_id=person.id)
    return Kept(
        code=person.code,
        name=person.name,
        language=turn.language_of(person),
        contact=contact_of(person),
        place=person.place,
        caseworker=caseworker.shown if caseworker else None,
        since=person.created_at,
        rated=[_rated(row, person) for row in rows if row["instrument"] == NEEDS.name],
        checked=[each for row in rows if (each := _checked(turn, row, person)) is not None],
        asked=[_asked(turn, row) for row in turn.store.rows("askings", "of_person", person_id=person.id)],
        wished=[_wished(row, person) for row in turn.store.rows("alerts", "every_of_client", client_id=person.id)],
        said=[_said(turn, row, person) for row in turn.store.rows("lines", "of_client", client_id=person.id)],
        feedback=feedback.kept_of(turn, person),
        agreed=read_ledger(turn, person),
        readings=read_readings(turn, person),
        money=entries.read_money(turn, person),
    )


def read_ledger(turn: Turn, person: Person) -> list[Agreement]:
    """What they agreed to and in which words, newest first."""
    return [
        Agreement(at=row["at"], purpose=row["purpose"], granted=bool(row["granted"]), words=row["words"] or "")
        for row in turn.store.rows("consents", "ledger", person_id=person.id)
    ]


def read_readings(turn: Turn, person: Person) -> list[Reading]:
    """Who opened their words, and when; newest first."""
    found = []
    for row in turn.store.rows("readings", "of_client", client_id=person.id):
        staff = turn.find(row["staff_id"])
        found.append(Reading(by=staff.shown if staff else "?", what=row["what"], at=row["at"]))
    return found


def read_reach(turn: Turn, person: Person) -> Reach:
    """What an erasure cannot reach: copies that left the database since they came, and people."""
    copies = turn.store.rows("copies", "latest", since=person.created_at, most=MOST_COPIES)
    staff = {row["staff_id"] for row in turn.store.rows("readings", "of_client", client_id=person.id)}
    for table, query in (("talks", "of_client"), ("alert_copies", "staff_of")):
        staff |= {row["staff_id"] for row in turn.store.rows(table, query, client_id=person.id)}
    known = (turn.find(each) for each in sorted(staff))
    return Reach(
        copies=[[row["kind"], bool(row["words"]), row["at"]] for row in copies],
        names=[each.shown for each in known if each is not None],
        wish=bool(turn.store.rows("alerts", "of_client", client_id=person.id)),
        paid=views.count_paid(turn, person),
    )


@looks.read.register
def _look_kept(query: LookKept, turn: Turn, scene: Scene) -> Json:
    return read_kept(turn, scene.person)


@looks.read.register
def _look_ledger(query: LookLedger, turn: Turn, scene: Scene) -> Json:
    return read_ledger(turn, scene.person)


@looks.read.register
def _look_reach(query: LookReach, turn: Turn, scene: Scene) -> Json:
    return read_reach(turn, scene.person)


def _rated(row: Row, person: Person) -> list[Any]:
    said = _words(row, person)
    return [row["item"], row["status"], row["value"], row["at"], said.get("text", ""), said.get("voice")]


def _checked(turn: Turn, row: Row, person: Person) -> Checked | None:
    """An answer to a form; None for the needs, for what was not asked after all, and for what nobody knows any more."""
    form = find_form(turn, row["instrument"], row["version"])
    asked = None if form is None else answers.find(form, row["item"])
    if form is None or asked is None or row["status"] == Status.NOT_ASKED:
        return None
    question, said, hangs = asked.question, _words(row, person), row["item"].partition(".")[2]
    is_wish = hangs == answers.WISH
    return Checked(
        at=row["at"],
        question=dict(question.text.wordings),
        about=dict(answers.about(form, asked.about).wordings) if asked.about else {},
        hangs=hangs if hangs in (answers.FIRST, answers.WISH) else "",
        skipped=row["status"] != Status.ANSWERED,
        chosen=[] if is_wish else [dict(label.wordings) for label in answers.labels(question, row["value"])],
        plain=answers.plain(question, row["value"]) if is_wish or question.kind == DAY else "",
        words=said.get("text", ""),
        voice=said.get("voice"),
    )


def _words(row: Row, person: Person) -> dict[str, Any]:
    """The words of a response; {} where there are none."""
    if row["words"] is None:
        return {}
    said: dict[str, Any] = json.loads(person.box.open(row["words"], f"responses.words:{row['id']}"))
    return said


def _asked(turn: Turn, row: Row) -> list[Any]:
    return [row["asked_at"], title_of(turn, row["instrument"], row["version"] or TRANSFER.version), row["state"]]


def _wished(row: Row, person: Person) -> list[Any]:
    body = alert_body(row, person)
    when = body["when"] if isinstance(body["when"], str) else body["when"].get("text", "")
    return [row["raised_at"], row["level"], body["items"], body["how"], when, row["state"]]


def _said(turn: Turn, row: Row, person: Person) -> list[Any]:
    said = json.loads(person.box.open(row["body"], f"lines.body:{row['id']}"))
    staff = turn.find(row["staff_id"])
    name = staff.shown if staff else "?"
    return [row["at"], name, row["sender_id"] == person.id, said.get("text", ""), said.get("voice")]


# --- as a file -------------------------------------------------------------------------------------------------


def offer(turn: Turn, person: Person) -> None:
    """Send the file into the chat. It may be saved and passed on: it is theirs."""
    payload = {**caption("·", []), "protect_content": False}
    turn.show_file(person, slot_of(person.id, "file"), {"kind": "document", "draw": "mine"}, payload)


def read(turn: Turn, person: Person, _wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the file is made of: sections, and the sound of each voice note by its id."""
    sounds = {}
    for row in turn.store.rows("voices", "of_person", person_id=person.id):
        if row["sound"] is not None:
            sounds[row["id"]] = person.box.open(row["sound"], f"voices.sound:{row['id']}")
    found = sections(read_kept(turn, person), turn.programme.time_zone)
    return {"sections": found, "sounds": sounds, "language": turn.language_of(person)}


def make(found: dict[str, Any]) -> File:
    """A page that opens on any phone, without a network, with the voice notes in it."""
    language = found["language"]
    body = "".join(_section(section, found["sounds"], language) for section in found["sections"])
    title = escape(word(_("My notes"), language))
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1>{body}</html>"
    )
    return File("document", NAME, page.encode("utf-8", "replace"), "text/html")


STYLE: Final = (
    "body{font:1.05rem/1.7 system-ui,'Noto Sans Myanmar','Padauk','Myanmar Text',sans-serif;max-width:40rem;"
    "margin:1rem auto;padding:0 1rem;color:#2b2622;background:#fffdf9}"
    "h2{margin:2rem 0 .5rem;font-size:1.15rem}li{margin:.4rem 0;overflow-wrap:anywhere}audio{display:block;width:100%}"
)


def _section(section: Section, sounds: Mapping[int, bytes], language: str) -> str:
    lines = []
    for entry in section.lines:
        sound = sounds.get(entry.voice) if entry.voice is not None else None
        data = b64encode(sound).decode() if sound is not None else ""
        audio = f'<audio controls src="data:audio/ogg;base64,{data}"></audio>' if data else ""
        lines.append(f"<li>{escape(word(entry.words, language))}{audio}</li>")
    return f"<h2>{escape(word(section.title, language))}</h2><ul>{''.join(lines)}</ul>"
