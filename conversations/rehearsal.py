"""Rehearsal: a client's script played for somebody who wants to see it, with nothing recorded and nobody told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conversations import looks
from conversations.instruments.form import Form
from conversations.looks import Around, Checkins, Contact, First, OwnMoney
from conversations.script import Ask, Do, Ending, Json, Look, OwnWords, Script, Step

FIRSTS: tuple[First, ...] = (
    First(item="employment", text="", voice=None),
    First(item="id_documents", text="", voice=None),
)
"""What the client of a rehearsal has put first."""

NO_MONEY = OwnMoney(
    transfers=[],
    plan=[],
    spent=[],
    outcomes=[],
    taken={},
    shares=[],
    native=False,
    currency="",
    currencies=[],
)


def rehearse(script: Script[Ending], answer_look: Callable[[object], Json]) -> Script[Ending]:
    """The same script, in which nothing is done (None comes back), `answer_look` says what is found for a query, and no
    sound is taken: it would have to be kept."""
    back: Any = None
    while True:
        try:
            step: Step = script.send(back)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        if isinstance(step, Do):
            back = None
        elif isinstance(step, Look):
            back = answer_look(step.query)
        elif isinstance(step, Ask) and isinstance(step.kind, OwnWords):
            back = yield replace(step, kind=replace(step.kind, voice=False))
        else:
            back = yield step


def sample(query: object, around: Around, form: Form | None) -> Json:
    """What a client finds who agreed to everything, put two things first a while ago, and has not been asked since."""
    match query:
        case looks.LookAround():
            return {**around, "role": "client", "adult": True, "purposes": ["plan", "checkins"], "roles": ["tell:lead"]}
        case looks.LookForm():
            return form
        case looks.LookFirsts() | looks.LookDueNeeds():
            return list(FIRSTS)
        case looks.LookCheckins():
            return Checkins(answered=0, services={})
        case looks.LookContact():
            return Contact(hours="", days=0, first=True, less=False, stage=None)
        case looks.LookMoney():
            return NO_MONEY
        case looks.LookMoney():
            return looks.OwnMoney(
                transfers=[],
                plan=[],
                spent=[],
                outcomes=[],
                taken={},
                shares=[],
                native=False,
                currency="",
                currencies=[],
            )
        case looks.LookRatings():
            return {}
        case looks.LookStart():
            return 0
        case _:
            return None
