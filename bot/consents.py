"""The consent ledger: a line is added, never changed; and what a No covers stops with it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Final

from bot import alerts, talks
from bot.cash.entries import WITH_CASEWORKER
from bot.cash.shared import FIGURES, WORDS
from bot.looks import granted_to
from bot.rounds import asking
from bot.turn import ANY, Scene, Turn, slot_of
from conversations.acts import Consent
from conversations.text import _

LEFT: Final = (_("I left. That was a No to everything I had agreed to."),)
"""What the ledger says of a No that came with leaving."""


def note(turn: Turn, scene: Scene, given: Consent, session: int, number: int) -> bool:
    """Add a line to the ledger, with the digest of what was on the screen, and let it take effect; whether a wish is
    over by that."""
    person, language = scene.person, turn.language_of(scene.person)
    body = "\n".join(turn.word(line, person) for line in given.words)
    digest = sha256(f"{language}\n{body}".encode()).hexdigest()
    turn.store.later("texts", "keep", digest=digest, language=language, body=body)
    turn.store.later(
        "consents",
        "insert",
        id=turn.store.new_id(),
        person_id=person.id,
        session_id=session,
        number=number,
        purpose=given.purpose,
        granted=int(given.granted),
        digest=digest,
        language=language,
        mode="self",
        at=turn.store.at,
    )
    return take_effect(turn, scene, given.purpose, given.granted)


def take_effect(turn: Turn, scene: Scene, purpose: str, granted: bool) -> bool:
    """Let a yes or a no count from now on, also for what is queued and for what others are looking at; whether a wish
    is over by that."""
    person = scene.person
    if purpose in (FIGURES, WORDS) and granted:
        turn.store.later("places", "take", purpose=purpose, person_id=person.id)
    if purpose == "first":
        turn.change(scene, replace(person, first=granted))
        if not granted:
            for unasked in ("line", "transfer"):
                turn.store.now_or_not("outbox", "drop", person_id=person.id, purpose=unasked)
            asking.withdraw(turn, person, "first")
    elif purpose == "checkins" and not granted:
        asking.withdraw(turn, person, "consent")
    elif purpose == "plan" and not granted:
        for copy in turn.store.rows("alert_copies", "staff_of", client_id=person.id):
            turn.nudge(copy["staff_id"], ANY, silent=True)
        if person.caseworker is not None:
            turn.nudge(person.caseworker, ANY, silent=True)
        asking.withdraw(turn, person, "consent")
    elif purpose == WITH_CASEWORKER and person.caseworker is not None:
        turn.nudge(person.caseworker, ANY, silent=True)
    elif purpose.startswith("tell:") and not granted:
        return alerts.strike(turn, person, purpose.removeprefix("tell:"))
    return False


def leave(turn: Turn, scene: Scene) -> None:
    """Stop taking part: a No to everything, open wishes and talks end, nothing more is sent first, and what was left on
    the way is not asked again."""
    turn.change(scene, replace(scene.person, left_at=turn.store.at, quiet_until=None, asked=False))
    person = scene.person
    asking.withdraw(turn, person, "left")
    for row in turn.store.rows("alerts", "of_client", client_id=person.id):
        turn.store.now_or_not("alerts", "end", id=row["id"], now=turn.store.at)
        alerts.draw_copies(turn, row["id"])
    for row in turn.store.rows("talks", "open_of", person_id=person.id):
        talks.end(turn, person, row["id"])
    for number, purpose in enumerate(sorted(granted_to(turn, person))):
        note(turn, scene, Consent(purpose, False, LEFT), turn.store.new_id(), number)
    for unasked in ("news", "transfer"):
        turn.store.now_or_not("outbox", "drop", person_id=person.id, purpose=unasked)
    turn.clear(person, slot_of(person.id, "push"))
    turn.store.now_or_not("sessions", "give_up", person_id=person.id)
    scene.stubs = []
