"""When and how often a client is written to: hours, days, whether at all, and where they are now."""

from __future__ import annotations

from conversations.acts import AskLess, ChooseDays, ChooseHours, SayStage
from conversations.client.agreement import change, ticked
from conversations.client.wish import HOURS, WHEN
from conversations.looks import Contact, LookContact
from conversations.questions import choose, choose_several, confirm, look, record
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _

STAGES: dict[str, Text] = {
    "new": _("Just arrived"),
    "shelter": _("Staying somewhere for now"),
    "settling": _("Settling in"),
    "home": _("At home"),
}
"""Where a client may be now, in words that tell nothing (DOMAIN A2: what is urgent depends on it)."""

WEEKDAYS: tuple[Text, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
ANY_DAY, EVERY_DAY, MONDAY_TO_FRIDAY = 0, 0b1111111, 0b0011111
"""A bit for each weekday, from Monday on."""


def contact() -> Script[Ending]:
    """From the menu; a pause is one tap away."""
    tap = yield from change_contact(Option("pause", _("Pause")))
    return Then("pause") if tap == "pause" else None


def change_contact(*more: Option) -> Script[str]:
    """Each thing by one tap, until it is closed or one of `more` is tapped; returns which."""
    note: list[Words] = []
    while True:
        now: Contact = yield from look("contact", LookContact())
        tap = yield from confirm(
            "contact",
            [*note, *standing(now)],
            Option("hours", _("Hours")),
            Option("days", _("Days")),
            Option("first", ticked(now["first"], _("Write to me first"))),
            Option("less", ticked(now["less"], _("Ask me less"))),
            Option("stage", _("Where I am now")),
            *more,
            Option("done", _("It is right like this")),
            back=False,
        )
        note = []
        match tap:
            case "hours":
                yield from choose_hours()
            case "days":
                yield from choose_days()
            case "first":
                note = yield from change("contact.first", "first", {"first"} if now["first"] else set())
            case "less":
                yield from record("contact.less", AskLess(not now["less"]))
            case "stage":
                yield from choose_stage()
            case _closed:
                return tap


def choose_hours() -> Script[None]:
    """Hours that are safe; a Skip leaves them as they are."""
    reply = yield from choose("hours", _("When is it safe to write to you?"), HOURS, stop=False)
    if reply.value:
        yield from record("hours.kept", ChooseHours(reply.value))


def choose_days() -> Script[None]:
    """Weekdays that are safe; a Skip, or no day at all, leaves them as they are."""
    reply = yield from choose(
        "days",
        _("On which days is it safe?"),
        [
            Option("any", _("Any day")),
            Option("week", _("Monday to Friday")),
            Option("some", _("Only some days")),
        ],
        stop=False,
    )
    days = {"any": ANY_DAY, "week": MONDAY_TO_FRIDAY}.get(reply.value or "")
    if reply.value == "some":
        options = [Option(str(number), name) for number, name in enumerate(WEEKDAYS)]
        some = yield from choose_several(
            "weekdays", _("Tap each day that is safe."), options, most=len(WEEKDAYS), stop=False
        )
        bits = sum(1 << int(code) for code in some.value or [])
        days = (ANY_DAY if bits == EVERY_DAY else bits) if bits else None
    if days is not None:
        yield from record("days.kept", ChooseDays(days))


def choose_stage() -> Script[None]:
    """Where they are now, or to leave it open."""
    options = [Option(code, label) for code, label in STAGES.items()]
    reply = yield from choose(
        "stage",
        [_("Where are you now?"), _("Some questions are asked only of people who are there.")],
        [*options, Option("open", _("I leave it open"))],
        stop=False,
    )
    if reply.value:
        yield from record("stage.kept", SayStage(None if reply.value == "open" else reply.value))


def standing(now: Contact) -> list[Words]:
    """Everything as it is set now."""
    lines: list[Words] = [when_written(now)]
    if not now["first"]:
        lines.append(_("If you ask for a person, their answer still reaches you."))
    if now["less"]:
        lines.append(_("We leave more time before we ask you something again."))
    if now["stage"] in STAGES:
        lines.append(_("Where you are now: %(stage)s", stage=STAGES[now["stage"]]))
    return lines


def when_written(now: Contact) -> Text:
    """When somebody is written to, as one sentence."""
    if not now["first"]:
        return _("We do not write to you first.")
    return _("We write to you %(hours)s, %(days)s.", hours=hours_named(now["hours"]), days=days_named(now["days"]))


def hours_named(hours: str) -> Text:
    """Hours within a sentence; by day where a client has not said any."""
    return WHEN.get(hours, _("by day"))


def days_named(days: int) -> Text:
    """Weekdays within a sentence."""
    if days in (ANY_DAY, EVERY_DAY):
        return _("on any day")
    if days == MONDAY_TO_FRIDAY:
        return _("Monday to Friday")
    named = [name for number, name in enumerate(WEEKDAYS) if days >> number & 1]
    sentence = named[0]
    for name in named[1:]:
        sentence = _("%(days)s, %(day)s", days=sentence, day=name)
    return sentence
