"""The short home menu, the way back into something left, and "I need a person"."""

from __future__ import annotations

from conversations.acts import RaiseAlert
from conversations.anyone.arrival import language_option, numbers
from conversations.anyone.talk import talk_options
from conversations.client.wish import first_told, send, today
from conversations.instruments import NEEDS
from conversations.looks import (
    AlertState,
    Around,
    First,
    LookAlerts,
    LookAround,
    LookFirsts,
    LookParked,
    LookTalks,
    Parked,
    Talk,
)
from conversations.questions import act, confirm, look, say
from conversations.script import Ending, GoOn, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _

MOST_OPTIONS = 8


def menu() -> Script[Ending]:
    """A few things to do, nothing that must be done."""
    around: Around = yield from look("around", LookAround())
    if not around["adult"]:
        return (yield from menu_of_a_minor(around))
    parked: list[Parked] = yield from look("parked", LookParked())
    alerts: list[AlertState] = yield from look("alerts", LookAlerts())
    talks: list[Talk] = yield from look("talks", LookTalks())
    mine: list[First] = yield from look("firsts", LookFirsts(NEEDS.name))
    options = [
        *[Option(f"go.{left['session']}", going_on(left)) for left in parked[:1]],
        *talk_options(talks, 1),
        *[Option(f"sent.{alert['alert']}", _("The contact I asked for")) for alert in alerts[:1]],
        *([] if parked and parked[0]["script"] == "needs" else [Option("needs", _("What matters to me"))]),
        *([Option("firsts", _("What I put first"))] if mine else []),
        Option("help", _("I need a person")),
        language_option(around),
        Option("close", _("Close")),
    ]
    tap = yield from confirm("menu", greeting(around), *options[:MOST_OPTIONS], back=False)
    return (yield from follow(tap))


def menu_of_a_minor(around: Around) -> Script[Ending]:
    """Someone under 18 is asked nothing; a person is one tap away."""
    talks: list[Talk] = yield from look("talks", LookTalks())
    options = [
        *talk_options(talks, 1),
        Option("help", _("I need a person")),
        language_option(around),
        Option("close", _("Close")),
    ]
    tap = yield from confirm("menu", _("What would you like to do?"), *options, back=False)
    return (yield from follow(tap))


def follow(tap: str) -> Script[Ending]:
    """Where a tap in the menu leads."""
    name, _dot, argument = tap.partition(".")
    if name == "go":
        return GoOn(int(argument))
    if name == "talk":
        return Then("talk", {"talk": int(argument)})
    if name == "sent":
        return Then("sent", {"alert": int(argument)})
    if name == "close":
        yield from confirm("closed", Verbatim("·"), Option("open", _("Open")), back=False)
        return None
    return Then(name)


def greeting(around: Around) -> Text:
    """By the name the client chose, if any."""
    if around["name"]:
        return _("Hello, %(name)s. What would you like to do?", name=Verbatim(around["name"]))
    return _("What would you like to do?")


def going_on(left: Parked) -> Text:
    """A button that says where one was."""
    if left["place"]:
        number, total = left["place"]
        return _("Go on: %(number)s of %(total)s", number=number, total=total)
    return _("Go on where I was")


def come_back(session: int, place: list[int] | None = None) -> Script[Ending]:
    """The kind way back after an interruption."""
    question: Words = _("You were in the middle of something. Go on?")
    if place:
        question = _("You were at question %(number)s of %(total)s. Go on?", number=place[0], total=place[1])
    options = [Option("on", _("Go on")), Option("later", _("Not now"))]
    tap = yield from confirm("return", question, *options, back=False)
    return GoOn(session) if tap == "on" else None


def need_a_person() -> Script[Ending]:
    """A person today, this week, or the numbers to call; at any point, also before consent."""
    around: Around = yield from look("around", LookAround())
    now: Around = yield from look("now", LookAround(), live=True)
    who = first_told(around)
    knows = bool(around["adult"] and around["purposes"])
    lines: list[Words] = [_("You can reach a person.")]
    if around["roles"] or not knows:
        lines.append(_("If you tap the first or second, I tell %(who)s that you want contact. Nothing else.", who=who))
    if not knows:
        lines.append(_("If they cannot be reached: another caseworker, then the programme lead."))
    tap = yield from confirm(
        "person",
        lines,
        Option("today", today(now)),
        Option("week", _("This week")),
        Option("numbers", _("Numbers to call")),
        Option("no", _("Not needed now")),
        back=False,
    )
    if tap == "numbers":
        yield from confirm("numbers", numbers(around["numbers"]), Option("close", _("Close")), back=False)
        return None
    if tap == "no":
        return None
    if knows:
        return (yield from send(tap, (), now))
    raised = yield from act("alert", RaiseAlert(tap))
    if raised is None:
        yield from say(_("Please tap “I need a person” once more."))
        return None
    return Then("sent", {"alert": raised["alert"]})
