"""Every script by name, and who may start it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conversations.anyone import arrival, clear, feedback, talk
from conversations.caseworker import desk, paying, payments
from conversations.client import (
    after,
    agreement,
    asked,
    checkin,
    contact,
    enrolment,
    followup,
    form,
    menu,
    mine,
    money,
    needs,
    outcome,
    pause,
    planning,
    spending,
    transfer,
    way,
    wish,
)
from conversations.lead import invite, overview, plan, report, rounds
from conversations.lead.feedback import written, wrote
from conversations.script import Ending, Json, Script


@dataclass(frozen=True, slots=True)
class Part:
    """A script and the roles that may start it. `lasting` ones are parked when something interrupts them and can
    be gone back to; the others simply make way. `button` lets a message that stays on the screen (an alert, a
    notice) start it with one number, named `argument`. `stop` is where Stop leads from a rehearsal, with the `draft`
    that it was started with."""

    play: Callable[..., Script[Ending]]
    roles: frozenset[str]
    lasting: bool = False
    button: bool = False
    argument: str = ""
    stop: str = ""

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
    "clear": Part(clear.clear, ANYONE),
    "closed": Part(clear.closed, ANYONE),
    "gone": Part(clear.gone, STRANGER),
    "enrol": Part(enrolment.enrol, CLIENT, lasting=True),
    "menu": Part(menu.menu, CLIENT),
    "more": Part(menu.more, CLIENT),
    "mine": Part(mine.mine, CLIENT),
    "parts": Part(mine.parts, CLIENT),
    "part": Part(mine.part, CLIENT),
    "agree": Part(mine.agree, CLIENT),
    "erase": Part(mine.erase, CLIENT),
    "pause": Part(pause.pause, CLIENT),
    "leave": Part(pause.leave, CLIENT),
    "left": Part(pause.left, CLIENT),
    "return": Part(menu.come_back, CLIENT),
    "help": Part(menu.need_a_person, CLIENT),
    "needs": Part(needs.rank_needs, CLIENT, lasting=True),
    "firsts": Part(needs.firsts, CLIENT, lasting=True),
    "wish": Part(wish.wish, CLIENT, lasting=True),
    "asked": Part(asked.asked, CLIENT, button=True, argument="asking"),
    "checkin": Part(checkin.checkin, CLIENT, lasting=True),
    "followup": Part(followup.followup, CLIENT, lasting=True),
    "form": Part(form.form, CLIENT, lasting=True),
    "way": Part(way.way, CLIENT),
    "contact": Part(contact.contact, CLIENT),
    "money": Part(money.money, CLIENT),
    "transfer": Part(transfer.transfer, CLIENT, button=True, argument="transfer"),
    "planning": Part(planning.planning, CLIENT, lasting=True),
    "spending": Part(spending.spending, CLIENT, lasting=True),
    "outcome": Part(outcome.outcome, CLIENT),
    "beside": Part(money.beside, CLIENT),
    "shares": Part(agreement.shares, CLIENT),
    "after": Part(after.after, CLIENT, lasting=True),
    "sent": Part(wish.sent, CLIENT, button=True, argument="alert"),
    "feedback": Part(feedback.feedback, CLIENT | STRANGER, lasting=True),
    "talk": Part(talk.talk, CLIENT | STAFF, button=True, argument="talk"),
    "join": Part(desk.join, STAFF, lasting=True),
    "desk": Part(desk.desk, STAFF),
    "take": Part(desk.take, STAFF, button=True, argument="alert"),
    "alert": Part(desk.show_alert, STAFF, button=True, argument="alert"),
    "done": Part(desk.close, STAFF, button=True, argument="alert"),
    "clients": Part(desk.clients, STAFF),
    "client": Part(desk.show_client, STAFF),
    "payments": Part(payments.payments, STAFF),
    "payment": Part(payments.payment, STAFF, button=True, argument="transfer"),
    "pay": Part(paying.pay, STAFF, lasting=True),
    "overview": Part(overview.overview, LEAD),
    "report": Part(report.report, LEAD),
    "written": Part(written, LEAD),
    "wrote": Part(wrote, LEAD, button=True, argument="feedback"),
    "invite": Part(invite.invite, LEAD),
    "missing": Part(invite.missing, LEAD),
    "rounds": Part(rounds.rounds, LEAD),
    "round": Part(rounds.show_round, LEAD, button=True, argument="plan"),
    "plan": Part(plan.plan, LEAD, lasting=True),
    "result": Part(rounds.result, LEAD),
    "preview": Part(plan.preview, LEAD, lasting=True, stop="plan"),
}

HOME: Mapping[str, str] = {"client": "menu", "caseworker": "desk", "lead": "overview", "stranger": "stranger"}
"""Where a person of each role is when nothing else is going on."""

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "client": {
        name: name for name in ("menu", "needs", "help", "mine", "feedback", "language", "pause", "leave", "clear")
    },
    "caseworker": {"menu": "desk", "help": "desk", "language": "language", "clear": "clear"},
    "lead": {"menu": "overview", "help": "overview", "language": "language", "clear": "clear"},
    "stranger": {
        "menu": "stranger",
        "help": "stranger",
        "feedback": "feedback",
        "language": "language",
        "clear": "clear",
    },
}
"""Commands by role, all neutral to read; /start is read by the turn itself."""
