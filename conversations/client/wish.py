"""The wish: after saying what comes first, the client decides whether anyone should make contact, and how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from conversations.acts import AskToClose, ChooseHours, RaiseAlert, Respond, TakeBack
from conversations.anyone.arrival import numbers
from conversations.client.enrolment import ROLES, consent_to_roles
from conversations.instruments import NEEDS
from conversations.looks import AlertState, Around, First, LookAlert, LookAround, LookFirsts, moment
from conversations.questions import act, choose, confirm, look, own_words, record, say
from conversations.script import Ending, Option, Said, Script, Status, Then
from conversations.text import Text, Verbatim, Words, _, shortened

URGENCY_ORDER = ("urgent", "dated", "normal")
Items: TypeAlias = tuple[tuple[str, str], ...]
"""Needs with the level wished for each, the more urgent ones first."""

WHEN = {
    "any": _("any time"),
    "morning": _("in the morning"),
    "afternoon": _("in the afternoon"),
    "evening": _("in the evening"),
}
"""Hours that are safe for a client, within a sentence."""

HOURS = (
    Option("any", _("Any time")),
    Option("morning", _("Morning (7–12)")),
    Option("afternoon", _("Afternoon (12–17)")),
    Option("evening", _("Evening (17–21)")),
)
"""The same hours as buttons."""

NOTHING_ELSE = _("Nothing else was shared.")

WORDS_TOO = _("They can open what you wrote. Of a voice note they see only that there is one. Nothing else was shared.")

LEVELS = ("none", "talk", "week", "today")
"""Stored as 0 to 3."""


def wish() -> Script[Ending]:
    """One question for each 4, urgent ones first; then how and when. One alert for all of it, or none."""
    around: Around = yield from look("around", LookAround(), live=True)
    mine: list[First] = yield from look("firsts", LookFirsts(NEEDS.name))
    ordered = sorted(mine, key=lambda first: URGENCY_ORDER.index(around["urgency"][first["item"]]))
    wishes: dict[str, str] = {}
    for number, first in enumerate(ordered, 1):
        reply = yield from choose(
            f"{first['item']}.wish",
            [*quoted(first), _("Do you want someone to contact you about this?")],
            levels(around),
            title=NEEDS.item(first["item"]).label,
            place=(number, len(ordered)),
        )
        value = LEVELS.index(reply.value) if reply.value else None
        wished = Respond(NEEDS.name, NEEDS.version, f"{first['item']}.wish", reply.status, value)
        yield from record(f"{first['item']}.wished", wished)
        if reply.value in ("today", "week"):
            wishes[first["item"]] = reply.value
    if not wishes:
        yield from say(*thanks(around))
        return None
    level = "today" if "today" in wishes.values() else "week"
    items = tuple(sorted(wishes.items(), key=lambda wished: wished[1] != "today"))
    return (yield from send(level, items, around))


def quoted(first: First) -> list[Words]:
    """The client's own words about a need, if they were typed."""
    return [Verbatim(f"“{shortened(first['text'])}”")] if first["text"] else []


def levels(around: Around) -> list[Option]:
    """Today only where today is true; otherwise the button itself says when somebody will be there."""
    return [
        Option("today", today(around)),
        Option("week", _("This week")),
        Option("talk", _("When we next talk")),
        Option("none", _("No, just note it")),
    ]


def today(around: Around) -> Text:
    """ "Today", or when the programme opens."""
    if around["open"] or around["opens_at"] is None:
        return _("Today")
    return _("When we open, %(time)s", time=moment(around["opens_at"], around["zone"]))


def send(level: str, items: Items, around: Around, words: Said | None = None) -> Script[Ending]:
    """Ask how and when it is safe, show what will be sent, and send it once; `words` say what is wanted."""
    agreed: Around = yield from look("agreed", LookAround())
    if not agreed["roles"]:
        yield from say(_("So far you have not said who may be told of something urgent. You can choose now."))
        yield from consent_to_roles()
        agreed = yield from look("agreed.now", LookAround())
    if not agreed["roles"]:
        yield from say(_("Then nobody is told. Your answers are kept."), *numbers(around["numbers"]))
        return None
    how = yield from choose(
        "how",
        _("How should they contact you?"),
        [
            Option("here", _("Here in this chat")),
            Option("call", _("A call")),
            Option("meeting", _("A meeting")),
        ],
    )
    when = yield from own_words(
        "when",
        [_("When is it safe for you?"), _("Tap, or write it in your own words.")],
        HOURS,
        voice=False,
    )
    if when.status is Status.ANSWERED and isinstance(when.value, str):
        yield from record("hours", ChooseHours(when.value))
    sure = yield from choose(
        "send",
        [*preview(level, items, around, words), _("Shall I send it?")],
        [Option("yes", _("Yes, send it")), Option("no", _("No, do not send"))],
        skip=False,
    )
    if sure.value != "yes":
        yield from say(_("I sent nothing. Your answers are kept."))
        return None
    safe: Said | str = when.value if when.value is not None else ""
    sent = yield from act("alert", RaiseAlert(level, items, how.value or "", safe, words))
    return Then("sent", {"alert": sent["alert"]}) if sent else None


def first_told(around: Around) -> Words:
    """Who hears of a wish first: the first role agreed to; before any was asked, the caseworker or the team."""
    agreed = [role for role in ROLES if f"tell:{role}" in around["roles"]]
    first = (agreed or ["caseworker" if around["caseworker"] else "team"])[0]
    if first == "caseworker" and around["caseworker"]:
        return Verbatim(around["caseworker"])
    return ROLES[first]


def preview(level: str, items: Items, around: Around, words: Said | None = None) -> list[Words]:
    """Exactly what will be told, and to whom first."""
    who = first_told(around)
    return [
        _("I will tell %(who)s that you want contact: %(level)s.", who=who, level=level_name(level, around)),
        *about(items, None if around["open"] else around["opens_at"], around["zone"]),
        *what_they_see(words),
    ]


def what_they_see(words: Said | None) -> list[Words]:
    """What is seen at once, and what can then be opened."""
    if words is None:
        return [_("They see a code for you, and this. To help you, they can then open what you put first.")]
    if words.voice is not None:
        return [
            _("They see a code for you, and this. To help you, they can then open what you put first."),
            _("They see that you left a voice note. They cannot hear it in this chat, so they will ask you."),
        ]
    return [
        _("They see a code for you, and this. To help you, they can then open your words, and what you put first."),
        _("Your words: “%(words)s”", words=Verbatim(shortened(words.text, 600))),
    ]


def about(items: Iterable[Sequence[str]], opens_at: int | None, zone: str) -> list[Words]:
    """The needs of a wish, each with its level."""
    return [
        _("• %(need)s: %(level)s", need=NEEDS.item(item).label, level=named(level, opens_at, zone))
        for item, level in items
    ]


def level_name(level: str, around: Around) -> Text:
    """The level as the client chooses it now, within a sentence."""
    return named(level, None if around["open"] else around["opens_at"], around["zone"])


def named(level: str, opens_at: int | None, zone: str) -> Text:
    """A level within a sentence; `opens_at` is given where it is chosen out of hours."""
    if level == "week":
        return _("this week")
    return _("today") if opens_at is None else _("when we open, %(time)s", time=moment(opens_at, zone))


def thanks(around: Around) -> list[Words]:
    """The last screen says who reads this and by when."""
    by = moment(around["reads_by"], around["zone"], "day")
    who: Words = Verbatim(around["caseworker"]) if around["caseworker"] else _("Your caseworker")
    return [
        _("Thank you for your time. Whatever you answered, you lose nothing."),
        _("%(who)s reads this by %(day)s. Nobody was asked to contact you.", who=who, day=by),
    ]


def sent(alert: int) -> Script[Ending]:
    """Where an alert stands, kept true by edits; taken back until someone has seen it, closed on request after."""
    while True:
        around: Around = yield from look("around", LookAround(), live=True)
        state: AlertState | None = yield from look("state", LookAlert(alert), live=True)
        if state is None:
            return None
        tap = yield from confirm("sent", standing(state, around), *possible(state), back=False, live=True)
        if tap == "talk":
            return Then("talk", {"talk": state["talk"]})
        if tap == "back":
            result = yield from act("back", TakeBack(alert))
            yield from say(*taken_back(result["outcome"] if result else "seen"))
        elif tap == "close":
            yield from act("close", AskToClose(alert))
            yield from say(_("I told them that it is no longer needed."))
        else:
            return None


def possible(state: AlertState) -> list[Option]:
    """What the client can do with an alert now."""
    options = []
    if state["state"] in ("open", "unanswered") and state["seen_by"] is None:
        options.append(Option("back", _("Take it back")))
    if state["talk"]:
        options.append(Option("talk", _("Write to %(name)s", name=Verbatim(state["by"] or ""))))
    if state["state"] in ("seen", "claimed"):
        options.append(Option("close", _("It is no longer needed")))
    return [*options, Option("done", _("Back to the menu"))]


def taken_back(outcome: str) -> list[Words]:
    """True whatever happened between the screen and the tap."""
    if outcome == "taken back":
        return [_("I took it back. Nobody needs to do anything.")]
    return [_("Someone saw it just before you tapped. You can say that it is no longer needed.")]


def told(state: AlertState, zone: str) -> list[Words]:
    """Who knows of it, and of money also who does not."""
    names = Verbatim(", ".join(state["told"]))
    if state["kind"] == "money":
        return [
            _("I told %(names)s that something about your money is not right.", names=names),
            _("Your caseworker was not told, nor whoever sent or handed over this money. You lose nothing by it."),
        ]
    level = named(state["level"], state["opens_at"], zone)
    return [_("I told %(names)s that you want contact: %(level)s.", names=names, level=level)]


def standing(state: AlertState, around: Around) -> list[Words]:
    """The truth about an alert, in the client's words."""
    zone = around["zone"]
    needs = about(state["items"], state["opens_at"], zone)
    if state["state"] == "withdrawn":
        return [_("You took this back."), *needs]
    if state["state"] == "closed":
        return [_("This is closed."), *needs]
    lines: list[Words] = []
    if state["seen_by"] and state["seen_at"]:
        name, at = Verbatim(state["seen_by"]), moment(state["seen_at"], zone, "time")
        lines.append(_("%(name)s saw this at %(time)s.", name=name, time=at))
        if state["state"] == "claimed" and state["by"]:
            lines.append(_("%(name)s is taking care of it.", name=Verbatim(state["by"])))
        if state["waiting"]:
            lines.append(_("There is a message for you."))
        return [*lines, *needs]
    if not state["told"]:
        return [
            _("I could not reach anyone here for you now. I am sorry."),
            _("Your wish is kept, and I keep trying."),
            *numbers(around["numbers"]),
        ]
    lines += told(state, zone)
    lines += needs
    lines.append(WORDS_TOO if state["words"] else NOTHING_ELSE)
    if state["state"] == "unanswered":
        lines += [_("Nobody has answered yet."), *numbers(around["numbers"])]
    elif state["due_at"]:
        due = moment(state["due_at"], zone)
        lines.append(_("If nobody has seen it by %(time)s, I will tell you here.", time=due))
    return lines
