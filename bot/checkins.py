"""What check-ins and follow-ups read: when a client is written to, what is due, and their own way over time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

from bot import looks
from bot.turn import Scene, Turn
from conversations.instruments import CHECKIN, FOLLOWUP, NEEDS
from conversations.instruments.form import Question
from conversations.looks import (
    Checkins,
    Contact,
    Lately,
    LookCheckins,
    LookContact,
    LookDueNeeds,
    LookLately,
    LookWay,
    Way,
)
from conversations.script import Json, Status
from storage.people import Person
from storage.store import Row, listed

RATED_FOR: Final = timedelta(days=14)
"""How long a need must have stood first before it is asked about (DOMAIN D4)."""

FOLLOWED_UP: Final = timedelta(days=28)
"""How long it is not asked about again."""

MOST_DUE: Final = 3

OVER: Final = frozenset({"solved", "unimportant"})
"""After this a need is not asked about until it is put first anew."""

FIRST: Final = 4
"""The highest rating."""

NOISE: Final = 1
"""Steps, over all statements of an axis that were answered both times, that say nothing."""

Steps: TypeAlias = dict[str, int]
"""By the statement's code the step that was chosen, 0 to 4."""

STATEMENTS: Final[Mapping[str, Question]] = {
    question.code: question for part in ("core", "extra") for question in CHECKIN.part(part)
}
PARTS: Final = {question.code: question.part for question in CHECKIN.questions}
ANYTHING: Final = "anything"
READABLE: Final = "close"
"""The part of a check-in that the client's own caseworker may read: what they want done."""


@looks.read.register
def _look_contact(query: LookContact, turn: Turn, scene: Scene) -> Json:
    return contact_of(scene.person)


def contact_of(person: Person) -> Contact:
    """When and how often a client is written to."""
    return Contact(hours=person.hours, days=person.days, first=person.first, less=person.less, stage=person.stage)


# --- following up ----------------------------------------------------------------------------------------------


@looks.read.register
def _look_due_needs(query: LookDueNeeds, turn: Turn, scene: Scene) -> Json:
    person = scene.person
    due = due_among(turn, [person.id], turn.store.at).get(person.id, [])
    firsts = {first["item"]: first for first in looks.firsts(turn, person, NEEDS.name)} if due else {}
    return [firsts[need] for need in due if need in firsts]


def due_among(turn: Turn, people: Collection[int], at: int) -> dict[int, list[str]]:
    """What a follow-up would ask each of these people (ids) about at that time (epoch seconds): the codes of needs,
    what has waited longest first; nobody of whom it would ask nothing."""
    rated, asked = (_by_person(turn, people, form.name, form.version) for form in (NEEDS, FOLLOWUP))
    found = ((person, _due(rows, _followed_up(asked.get(person, ())), at)) for person, rows in rated.items())
    return {person: due for person, due in found if due}


def _due(rated: Iterable[Row], asked: Mapping[str, tuple[int, str]], now: int) -> list[str]:
    waiting: dict[str, int] = {}
    for need, since in _first_since(rated, asked).items():
        asked_at, answer = asked.get(need, (None, ""))
        if asked_at is not None and asked_at >= since and answer in OVER:
            continue
        if since > now - RATED_FOR.total_seconds():
            continue
        if asked_at is None or asked_at <= now - FOLLOWED_UP.total_seconds():
            waiting[need] = since if asked_at is None else asked_at
    return sorted(waiting, key=lambda need: waiting[need])[:MOST_DUE]


def _first_since(rated: Iterable[Row], asked: Mapping[str, tuple[int, str]]) -> dict[str, int]:
    """Since when (epoch seconds) each need has stood first without a break, of those that do now; to be put first
    again after it was called over begins anew."""
    over = {need: at for need, (at, answer) in asked.items() if answer in OVER}
    since: dict[str, int] = {}
    for row in rated:
        if "." in row["item"]:
            continue
        need = row["item"]
        if row["value"] != FIRST:
            since.pop(need, None)
        elif need not in since or since[need] <= over.get(need, -1) < row["at"]:
            since[need] = row["at"]
    return since


def _followed_up(rows: Iterable[Row]) -> dict[str, tuple[int, str]]:
    """By need when it was last asked about, and the code of the answer ("" for a skip)."""
    question = FOLLOWUP.questions[0]
    found = {}
    for row in rows:
        need, _dot, code = row["item"].partition(".")
        if code == question.code:
            answer = "" if row["value"] is None else question.answers[row["value"]].code
            found[need] = (row["at"], answer)
    return found


def _by_person(turn: Turn, people: Collection[int], instrument: str, version: int) -> dict[int, list[Row]]:
    """What each of these people (ids) ever answered to it, in the order given; without their words."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    about = {"instrument": instrument, "version": version}
    for row in turn.store.rows("responses", "of_people", people=listed(people), **about):
        found[row["person_id"]].append(row)
    return found


# --- earlier check-ins -----------------------------------------------------------------------------------------


@looks.read.register
def _look_checkins(query: LookCheckins, turn: Turn, scene: Scene) -> Json:
    services: dict[str, int] = {}
    for row in _rows(turn, scene.person, CHECKIN.name, CHECKIN.version):
        service, dot, code = row["item"].partition(".")
        if dot and PARTS.get(code) == "service":
            services[service] = row["at"]
    return Checkins(answered=len(list(_sittings(turn, scene.person))), services=services)


def _sittings(turn: Turn, person: Person) -> Iterator[tuple[int, Steps]]:
    """Each check-in of the newest version in which any statement was answered: when it began, and its steps."""
    sittings: defaultdict[int, Steps] = defaultdict(dict)
    began: dict[int, int] = {}
    for row in _rows(turn, person, CHECKIN.name, CHECKIN.version):
        began.setdefault(row["session_id"], row["at"])
        if row["item"] not in STATEMENTS:
            continue
        sittings[row["session_id"]].pop(row["item"], None)
        if row["status"] == Status.ANSWERED and row["value"] is not None:
            sittings[row["session_id"]][row["item"]] = row["value"]
    yield from sorted(
        ((began[session], steps) for session, steps in sittings.items() if steps), key=lambda each: each[0]
    )


@looks.read.register
def _look_way(query: LookWay, turn: Turn, scene: Scene) -> Json:
    found = list(_sittings(turn, scene.person))
    axes, said = {}, {}
    for axis in sorted({question.axis for question in STATEMENTS.values()}):
        on_axis = [
            {code: step for code, step in steps.items() if STATEMENTS[code].axis == axis} for _at, steps in found
        ]
        axes[axis] = list(course(on_axis))
        said[axis] = compare(on_axis)
    return Way(at=[at for at, _steps in found], axes=axes, said=said)


def course(sittings: Iterable[Steps]) -> Iterator[float | None]:
    """Where an axis stands each time, without what says nothing: it stays until it has moved from where it was."""
    stood: Steps = {}
    for steps in sittings:
        moved = compare([stood, steps])
        if moved not in ("none", "same"):
            stood = steps
        yield None if moved == "none" else mean(stood)


def mean(steps: Steps) -> float | None:
    """Where an axis stands: the mean of what was answered, 0 to 4; None without an answer to one of its two core
    statements, which are asked every time."""
    is_core = any(STATEMENTS[code].part == "core" for code in steps)
    return sum(steps.values()) / len(steps) if is_core else None


def compare(sittings: Sequence[Steps]) -> str:
    """What can be said of the newest beside the one before in which there was something, over statements that were
    answered both times: more, less, same, first (nothing to compare with) or none (left out in the newest)."""
    if not sittings or mean(sittings[-1]) is None:
        return "none"
    newest = sittings[-1]
    earlier = [steps for steps in sittings[:-1] if newest.keys() & steps.keys()]
    if not earlier:
        return "first"
    moved = sum(newest[code] - earlier[-1][code] for code in newest.keys() & earlier[-1].keys())
    return "same" if abs(moved) <= NOISE else "more" if moved > 0 else "less"


# --- for the client's own caseworker ---------------------------------------------------------------------------


@looks.read.register
def _look_lately(query: LookLately, turn: Turn, scene: Scene) -> Json:
    client = turn.find(query.client)
    if client is None or not looks.may_read(turn, scene.person, client, None):
        return None
    return lately(turn, client)


def lately(turn: Turn, client: Person) -> Lately | None:
    """What a caseworker may read of the newest check-in, or of the newest follow-up by itself; None where nothing was
    answered in it."""
    rows = [
        (form.name, row)
        for form in (CHECKIN, FOLLOWUP)
        for row in _rows(turn, client, form.name, form.version)
        if is_for_caseworkers(form.name, row["item"])
    ]
    if not rows:
        return None
    session = max(rows, key=lambda each: each[1]["id"])[1]["session_id"]
    newest = {(name, row["item"]): row for name, row in rows if row["session_id"] == session}
    answers = [[name, item, row["value"]] for (name, item), row in newest.items() if _is_said(row)]
    said = [
        json.loads(client.box.open(row["words"], f"responses.words:{row['id']}"))
        for row in newest.values()
        if row["words"]
    ]
    words = said[-1] if said else {}
    if not answers and not words:
        return None
    at = min(row["at"] for row in newest.values())
    return Lately(at=at, answers=answers, words=words.get("text", ""), voice=words.get("voice"))


def _is_said(row: Row) -> bool:
    """Whether anything was chosen; that something is wanted is said by what it is."""
    return row["value"] is not None and row["item"] != ANYTHING


def is_for_caseworkers(instrument: str, item: str) -> bool:
    """Whether a client's own caseworker may read it: how their needs are now, and what they want done. All the rest is
    read without a name, as the first screen of a check-in says."""
    code, _dot, about = item.partition(".")
    is_wanted = instrument == CHECKIN.name and PARTS.get(code) == READABLE and about in ("", "wish")
    return is_wanted or (instrument == FOLLOWUP.name and about == FOLLOWUP.questions[0].code)


def _rows(turn: Turn, person: Person, instrument: str, version: int) -> list[Row]:
    return turn.store.rows("responses", "of_instrument", person_id=person.id, instrument=instrument, version=version)
