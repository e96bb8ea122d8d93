"""A round that runs already, and a Yes to it, put straight into the store, for tests of what a running round does."""

from __future__ import annotations

import json
from datetime import timedelta

from conversations.instruments import CHECKIN
from storage.people import Person
from storage.store import Store


def add_consent(store: Store, client: Person, purpose: str) -> None:
    """A Yes, put straight into the ledger."""
    store.later(
        "consents",
        "insert",
        id=store.new_id(),
        person_id=client.id,
        session_id=store.new_id(),
        number=1,
        purpose=purpose,
        granted=1,
        digest="",
        language="en",
        mode="self",
        at=store.at,
    )


def run_round(
    store: Store, *, audience: tuple[str, str] = ("everyone", ""), instrument: str = CHECKIN.name, hours: int = 72
) -> int:
    """A plan and its first round, which began now; the round's id."""
    plan, round_ = store.new_id(), store.new_id()
    store.later(
        "plans",
        "insert",
        id=plan,
        lead_id=None,
        instrument=instrument,
        version=CHECKIN.version,
        audience=json.dumps(audience),
        anchor=store.now.isoformat(),
        zone="UTC",
        repeat="",
        times=1,
        window_hours=hours,
        last=0,
        stamp=1,
        at=store.at,
    )
    store.later(
        "rounds",
        "insert",
        id=round_,
        plan_id=plan,
        number=1,
        last=0,
        starts_at=store.at,
        closes_at=store.at + int(timedelta(hours=hours).total_seconds()),
    )
    store.later("rounds", "turn", id=round_, was="planned", state="running", began_at=store.at, ended_at=None)
    store.flush()
    return round_
