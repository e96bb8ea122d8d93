"""A pause, and leaving: both take one tap, and cost nothing."""

from __future__ import annotations

from conversations.acts import ComeBack, Leave, Pause
from conversations.anyone.talk import talk_options
from conversations.client.enrolment import consent
from conversations.client.menu import contact_options, follow, news_options
from conversations.looks import (
    AlertState,
    Around,
    LookAlerts,
    LookAround,
    LookMoney,
    LookOwn,
    LookTalks,
    Own,
    OwnMoney,
    Talk,
    moment,
)
from conversations.questions import act, confirm, look, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Words, _

DAY = 86_400
LENGTHS = {"day": 1, "week": 7, "month": 30, "long": 3_650}
"""Days; the last one lasts until the client ends it."""


def pause() -> Script[Ending]:
    """Nobody writes first until then; what the client starts works as always."""
    around: Around = yield from look("around", LookAround())
    own: Own = yield from look("own", LookOwn())
    end = [Option("end", _("End the pause"))] if own["quiet_until"] else []
    tap = yield from confirm(
        "pause",
        [_("How long shall nobody write to you first?"), _("What you start yourself works as always.")],
        *end,
        Option("day", _("One day")),
        Option("week", _("One week")),
        Option("month", _("One month")),
        Option("long", _("Until I say so")),
        Option("no", _("As it is now")),
        back=False,
    )
    if tap == "end":
        yield from act("end", Pause(None))
        yield from say(_("The pause has ended."))
    elif tap in LENGTHS:
        until = around["now"] + LENGTHS[tap] * DAY
        yield from act("until", Pause(until))
        yield from say(*paused(until, tap, around["zone"]))
    return None


def paused(until: int, length: str, zone: str) -> list[Words]:
    """Until when, and what that means for contact one has asked for."""
    if length == "long":
        lines: list[Words] = [_("Nobody writes to you first now, until you end the pause.")]
    else:
        lines = [_("Nobody writes to you first until %(day)s.", day=moment(until, zone))]
    return [*lines, _("If you asked for contact, you see the answer when you open this chat.")]


def leave() -> Script[Ending]:
    """Stop taking part, with or without erasing; the way back stays open."""
    tap = yield from confirm(
        "leave",
        [
            _("You can leave at any time. You lose no help and no money by it."),
            _("Then nobody reads your answers here, and nothing is sent to you unless you ask for a person."),
            _("Contact you asked for here is taken back."),
        ],
        Option("leave", _("Leave, keep it locked")),
        Option("erase", _("Leave and erase")),
        Option("no", _("No, stay")),
        back=False,
    )
    if tap == "no":
        return None
    yield from act("left", Leave())
    return Then("erase" if tap == "erase" else "left")


def left() -> Script[Ending]:
    """What someone sees who has left: the way back, what is theirs, and a person if they ask for one."""
    alerts: list[AlertState] = yield from look("alerts", LookAlerts(), live=True)
    talks: list[Talk] = yield from look("talks", LookTalks(), live=True)
    money: OwnMoney = yield from look("money", LookMoney(), live=True)
    tap = yield from confirm(
        "left",
        _("You have left. Nothing is sent to you unless you ask for a person."),
        *news_options(money),
        *talk_options(talks, 1),
        *contact_options(alerts),
        *([Option("money", _("My plan"))] if money["transfers"] else []),
        Option("back", _("Come back")),
        Option("mine", _("What is kept")),
        Option("help", _("I need a person")),
        Option("close", _("Close")),
        back=False,
        live=True,
    )
    if tap != "back":
        return follow(tap)
    yield from act("back", ComeBack())
    around: Around = yield from look("around", LookAround())
    if around["adult"] is None:  # who left while coming in
        return Then("enrol")
    if around["adult"]:
        yield from consent(around)
    return None
