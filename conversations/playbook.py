"""Every script by name, and who may start it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conversations.anyone import arrival, talk
from conversations.caseworker import desk
from conversations.client import enrolment, menu, needs, wish
from conversations.lead import overview
from conversations.script import Ending, Json, Script


@dataclass(frozen=True, slots=True)
class Part:
    """A script and the roles that may start it. `lasting` ones are parked when something interrupts them and can
    be gone back to; the others simply make way. `button` lets a message that stays on the screen (an alert, a
    notice) start it with one number, named `argument`."""

    play: Callable[..., Script[Ending]]
    roles: frozenset[str]
    lasting: bool = False
    button: bool = False
    argument: str = ""

    def start(self, arguments: Mapping[str, Json]) -> Script[Ending]:
        """A new run of the script."""
        return self.play(**arguments)


CLIENT = frozenset({"client"})
CASEWORKER = frozenset({"caseworker"})
STAFF = frozenset({"caseworker", "lead"})
LEAD = frozenset({"lead"})
STRANGER = frozenset({"stranger"})
ANYONE = CLIENT | STAFF | STRANGER

PLAYBOOK: Mapping[str, Part] = {
    "arrive": Part(arrival.arrive, ANYONE),
    "stranger": Part(arrival.stranger, STRANGER),
    "language": Part(arrival.change_language, ANYONE),
    "enrol": Part(enrolment.enrol, CLIENT, lasting=True),
    "menu": Part(menu.menu, CLIENT),
    "return": Part(menu.come_back, CLIENT),
    "help": Part(menu.need_a_person, CLIENT),
    "needs": Part(needs.rank_needs, CLIENT, lasting=True),
    "firsts": Part(needs.firsts, CLIENT, lasting=True),
    "wish": Part(wish.wish, CLIENT, lasting=True),
    "sent": Part(wish.sent, CLIENT, button=True, argument="alert"),
    "talk": Part(talk.talk, CLIENT | STAFF, button=True, argument="talk"),
    "join": Part(desk.join, STAFF, lasting=True),
    "desk": Part(desk.desk, STAFF),
    "take": Part(desk.take, STAFF, button=True, argument="alert"),
    "alert": Part(desk.show_alert, STAFF, button=True, argument="alert"),
    "done": Part(desk.close, STAFF, button=True, argument="alert"),
    "clients": Part(desk.clients, STAFF),
    "client": Part(desk.show_client, STAFF),
    "overview": Part(overview.overview, LEAD),
}

HOME: Mapping[str, str] = {"client": "menu", "caseworker": "desk", "lead": "overview", "stranger": "stranger"}
"""Where a person of each role is when nothing else is going on."""

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "client": {"menu": "menu", "needs": "needs", "help": "help", "language": "language"},
    "caseworker": {"menu": "desk", "help": "desk", "language": "language"},
    "lead": {"menu": "overview", "help": "overview", "language": "language"},
    "stranger": {"menu": "stranger", "help": "stranger", "language": "language"},
}
"""Commands by role, all neutral to read; /start is read by the turn itself."""
