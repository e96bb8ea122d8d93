"""A rehearsal comes to its end whatever is answered, and does nothing on the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import cast

import pytest

from conversations.engine import Given, Log, Rest, advance
from conversations.instruments import CHECKIN, FOLLOWUP, FORMS, NEEDS, Instrument
from conversations.instruments.form import Form
from conversations.lead.plan import asks
from conversations.looks import Around
from conversations.rehearsal import rehearse, sample
from conversations.script import Amount, Ask, Choice, Day, Do, Ending, Json, Look, OwnWords, Script, Several

AROUND = Around(
    organisation="The House",
    languages=[["en", "English"]],
    zone="UTC",
    now=1_800_000_000,
    open=False,
    opens_at=1_800_003_600,
    numbers=[],
    role="lead",
    name="Lin",
    language="en",
    adult=None,
    caseworker=None,
    reads_by=1_800_259_200,
    purposes=[],
    roles=[],
    urgency={},
)


def nothing(step: Look | Do, number: int) -> Json:
    raise AssertionError(f"a rehearsal reaches the world: {step.key}")


def rehearsal(instrument: str, version: int) -> Script[Ending]:
    return rehearse(asks(instrument, version, last=True), lambda query: sample(query, AROUND, FORMS.get(instrument)))


def any_answer(ask: Ask, chance: random.Random) -> Json:
    """Something that this question takes."""
    if ask.skip and chance.random() < 0.1:
        return {"status": "skipped"}
    match ask.kind:
        case Choice(options):
            value: Json = chance.choice(options).code
        case Several(options, most):
            value = [option.code for option in chance.sample(options, chance.randint(0, most))]
        case OwnWords(options, voice):
            assert not voice, "a voice note would have to be kept"
            value = chance.choice([*(option.code for option in options), {"text": "words"}])
        case Day():
            value = "2026-12-24"
        case Amount(currency):
            value = [100, currency]
    return {"status": "answered", "value": value}


def screens(instrument: str, version: int, chance: random.Random) -> Iterator[Rest]:
    log, move = Log(), cast(Given | None, None)
    while True:
        rest = advance(lambda: rehearsal(instrument, version), log, move, nothing)
        yield rest
        if rest.ask is None:
            return
        move = Given(rest.address, any_answer(rest.ask, chance))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("instrument", [CHECKIN, FOLLOWUP, NEEDS], ids=lambda instrument: instrument.name)
def test_whatever_is_answered(instrument: Instrument | Form, seed: int) -> None:
    played = [*screens(instrument.name, instrument.version, random.Random(seed))]
    assert played[-1].ask is None
