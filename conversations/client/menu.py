"""The short home menu, the way back into something left, and "I need a person"."""

from __future__ import annotations

from conversations.acts import RaiseAlert
from conversations.anyone.arrival import language_names, language_option, numbers
from conversations.anyone.talk import talk_options
from conversations.client.asked import SCRIPTS
from conversations.client.money import is_any, is_waiting
from conversations.client.wish import first_told, send, today
from conversations.instruments import NEEDS
from conversations.looks import (
    AlertState,
    Around,
    Asking,
    First,
    LookAlerts,
    LookAround,
    LookAsking,
    LookFirsts,
    LookMoney,
    LookOwn,
    LookParked,
    LookTalks,
    Own,
    OwnMoney,
    Parked,
    Talk,
    moment,
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
    own: Own = yield from look("own", LookOwn())
    asking: Asking | None = yield from look("asking", LookAsking())
    money: OwnMoney = yield from look("money", LookMoney(), live=True)
    always = [Option("help", _("I need a person")), Option("more", more_option(around)), Option("close", _("Close"))]
    options = [
        *news_options(money),
        *[Option(f"go.{left['session']}", going_on(left)) for left in parked[:1]],
        *asking_options(asking, parked[:1]),
        *([Option("money", _("My plan"))] if is_any(money) else []),
        *talk_options(talks, 2),
        *contact_options(alerts),
        *([] if parked and parked[0]["script"] == "needs" else [Option("needs", _("What matters to me"))]),
        *([Option("firsts", _("What I put first"))] if mine else []),
    ][: MOST_OPTIONS - len(always)]
    tap = yield from confirm(
        "menu", [greeting(around), *set_so_far(own, around["zone"])], *options, *always, back=False, live=True
    )
    return follow(tap)


def news_options(money: OwnMoney) -> list[Option]:
    """What was sent and waits for a word, or has changed, also for who is not written to first."""
    fresh = [each for each in money["transfers"] if is_waiting(each) or each["news"]]
    return [Option(f"came.{each['transfer']}", _("Something new for you")) for each in fresh[:1]]


def asking_options(asking: Asking | None, parked: list[Parked]) -> list[Option]:
    """What a round asks, unless it has been begun and "Go on" leads there."""
    if asking is None:
        return []
    script = SCRIPTS.get(asking["instrument"], "form")
    if asking["begun"] and any(left["script"] == script for left in parked):
        return []
    return [Option(f"asked.{asking['asking']}", _("Some questions for you"))]


def set_so_far(own: Own, zone: str) -> list[Words]:
    """What the client has set and may have forgotten."""
    lines: list[Words] = []
    if own["erase_at"]:
        lines.append(_("Everything is erased on %(day)s, as you wished.", day=moment(own["erase_at"], zone)))
    if own["quiet_until"]:
        lines.append(_("You have paused: nobody writes to you first."))
    return lines


def more_option(around: Around) -> Verbatim:
    """The way to the rest, also for someone who is stuck in a language they cannot read."""
    return Verbatim(f"⋯ {language_names(around)}")


def more() -> Script[Ending]:
    """What is one's own, and what one needs less often."""
    around: Around = yield from look("around", LookAround())
    tap = yield from confirm(
        "more",
        _("What would you like to do?"),
        language_option(around),
        Option("contact", _("When to write to me")),
        Option("way", _("My own way")),
        Option("mine", _("What is kept about me")),
        Option("feedback", _("Tell us something")),
        Option("leave", _("Leave")),
        Option("clear", _("Clear this chat")),
        Option("back", _("Back to the menu")),
        back=False,
    )
    return None if tap == "back" else Then(tap)


def contact_options(alerts: list[AlertState]) -> list[Option]:
    """The way to the newest wish for contact, and to what was last told of money."""
    wishes = [alert for alert in alerts if alert["kind"] != "money"]
    money = [alert for alert in alerts if alert["kind"] == "money"]
    return [
        *[Option(f"sent.{alert['alert']}", _("The contact I asked for")) for alert in wishes[:1]],
        *[Option(f"sent.{alert['alert']}", _("What I told you")) for alert in money[:1]],
    ]


def menu_of_a_minor(around: Around) -> Script[Ending]:
    """Someone under 18 is asked nothing; a person is one tap away."""
    talks: list[Talk] = yield from look("talks", LookTalks())
    options = [
        *talk_options(talks, 1),
        Option("help", _("I need a person")),
        Option("feedback", _("Tell us something")),
        Option("mine", _("What is kept about me")),
        Option("clear", _("Clear this chat")),
        language_option(around),
        Option("close", _("Close")),
    ]
    tap = yield from confirm("menu", _("What would you like to do?"), *options, back=False)
    return follow(tap)


def follow(tap: str) -> Ending:
    """Where a tap in the menu leads."""
    name, _dot, argument = tap.partition(".")
    if name == "go":
        return GoOn(int(argument))
    if name == "asked":
        return Then("asked", {"asking": int(argument)})
    if name == "came":
        return Then("transfer", {"transfer": int(argument)})
    if name == "talk":
        return Then("talk", {"talk": int(argument)})
    if name == "sent":
        return Then("sent", {"alert": int(argument)})
    return Then("closed" if name == "close" else name)


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
