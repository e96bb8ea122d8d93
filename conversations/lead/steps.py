"""The steps of planning a round, each of which can be taken again: what, whom, when, how often, and for how long."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from conversations.lead.draft import RELATIVE, SMALL, Made, local, seconds
from conversations.lead.wording import group_name, instrument_name
from conversations.looks import (
    Around,
    Askable,
    Audience,
    LookAround,
    LookAudiences,
    LookInstruments,
    LookRule,
    moment,
)
from conversations.questions import confirm, day, look, own_words
from conversations.script import Option, Said, Script
from conversations.text import Text, Verbatim, Words, _

HOURS = ("09:00", "12:00", "15:00", "18:00")
"""Times of day that one tap chooses."""

WINDOWS = {"72": _("3 days"), "168": _("1 week"), "336": _("2 weeks")}
"""How long it can be answered, in hours."""

EVERY = {
    "week": _("Every week"),
    "2 weeks": _("Every 2 weeks"),
    "4 weeks": _("Every 4 weeks"),
    "month": _("Every month"),
    "3 months": _("Every 3 months"),
}

TIMES = {"3": _("3 times"), "6": _("6 times"), "12": _("12 times"), "until": _("Until I stop it")}

AUDIENCES: dict[str, tuple[Text, Text]] = {
    "language": (_("By language"), _("Which language do they read?")),
    "place": (_("By place"), _("Which place?")),
    "stage": (_("By where they are now"), _("Where are they now, as they have said?")),
    "caseload": (_("By caseworker"), _("Whose clients?")),
}
"""Ways to choose some of the clients: as a button, and as the question behind it."""

_TIME = re.compile(r"(\d{1,2})(?:\s*[:.း]\s*(\d{2}))?")
"""An hour, and minutes after a colon; in Burmese some write a letter that looks like one."""


def choose_instrument(around: Around, made: Made) -> Script[Made]:
    """One of those there are; what is wrong with a file is said when it is tapped."""
    note: list[Words] = []
    while True:
        found: list[Askable] = yield from look("instruments", LookInstruments())
        options = [Option(str(number), instrument_label(each)) for number, each in enumerate(found)]
        tap = yield from confirm("instrument", [*note, _("What do you want to ask?")], *options, stop=True)
        chosen = found[int(tap)]
        if not chosen["wrong"]:
            return {"instrument": chosen["name"], "version": chosen["version"], "title": chosen["title"]}
        note = [
            _("This one cannot be used yet: %(why)s", why=Verbatim(chosen["wrong"])),
            _("Whoever looks after the bot can mend the file."),
        ]


def instrument_label(instrument: Askable) -> Words:
    """Its title, and whether something is wrong with it."""
    title = instrument_name(instrument["name"], instrument["title"])
    return _("⚠ %(what)s", what=title) if instrument["wrong"] else title


def choose_audience(around: Around, made: Made) -> Script[Made]:
    """Everyone, or some of the clients."""
    found: list[Audience] = yield from look("audiences", LookAudiences())
    everyone = [each for each in found if each["by"] == "everyone"]
    ways = {by: [each for each in found if each["by"] == by] for by in AUDIENCES}
    by = yield from confirm(
        "audience",
        [_("Whom do you want to ask?"), *hint(everyone)],
        *[Option("everyone", with_number(_("Everyone"), each["clients"])) for each in everyone],
        *[Option(by, label) for by, (label, _question) in AUDIENCES.items() if ways[by]],
        stop=True,
    )
    if by == "everyone":
        return {"audience": ["everyone", ""], "name": ""}
    options = [
        Option(str(number), with_number(group_name([by, each["which"]], each["name"], around), each["clients"]))
        for number, each in enumerate(ways[by])
    ]
    tap = yield from confirm("which", [AUDIENCES[by][1], *hint(ways[by])], *options, stop=True)
    chosen = ways[by][int(tap)]
    return {"audience": [by, chosen["which"]], "name": chosen["name"]}


def with_number(label: Words, clients: int | None) -> Words:
    """A label, and how many clients that is where it may be told."""
    return label if clients is None else _("%(what)s (%(number)s)", what=label, number=clients)


def hint(audiences: list[Audience]) -> list[Words]:
    """Why some have no number beside them."""
    return [SMALL] if any(each["clients"] is None for each in audiences) else []


def choose_start(around: Around, made: Made) -> Script[Made]:
    """Soon, or at a day and time, always as on the clock of the programme's zone."""
    zone = around["zone"]
    note: list[Words] = []
    while True:
        clock: Around = yield from look("clock.start", LookAround())
        now = moment(clock["now"], zone)
        tap = yield from confirm(
            "start",
            [
                *note,
                _("When does it begin? Each client is asked in their own safe hours from then on."),
                _("Times are those of %(zone)s, where it is %(moment)s.", zone=Verbatim(zone), moment=now),
            ],
            Option("now", _("Now")),
            Option("minute", _("In a minute")),
            Option("hour", _("In an hour")),
            Option("tomorrow", _("Tomorrow, 9:00")),
            Option("other", _("Another day and time")),
            stop=True,
        )
        if tap in RELATIVE:
            return {"at": tap}
        at = None if tap == "tomorrow" else (yield from choose_moment(around))
        clock = yield from look("clock.chosen", LookAround())
        at = at or datetime.combine(local(clock).date() + timedelta(days=1), time(9))
        if at > local(clock):
            return {"at": at.isoformat(timespec="minutes")}
        note = [_("%(moment)s has passed already.", moment=moment(seconds(at, zone), zone))]


def choose_moment(around: Around) -> Script[datetime]:
    """A day and a time of day, typed or tapped."""
    reply = yield from day("day", _("Which day? Please write it, for example 24.12.2026."), skip=False)
    assert reply.value is not None
    note: list[Words] = []
    while True:
        said = yield from own_words(
            "time",
            [*note, _("At what time in %(zone)s?", zone=Verbatim(around["zone"])), _("Tap, or write it like 9:30.")],
            [Option(each, Verbatim(each)) for each in HOURS],
            voice=False,
            skip=False,
        )
        at = read_time(said.value.text if isinstance(said.value, Said) else said.value or "")
        if at is not None:
            return datetime.combine(reply.value, at)
        note = [_("I could not read that as a time. Please write hours and minutes, for example 9:30 or 17:00.")]


def read_time(text: str) -> time | None:
    """A time of day like 9:30, 17.00 or ၉:၃၀; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def choose_repeat(around: Around, made: Made) -> Script[Made]:
    """Once, or again and again."""
    last = [Option("last", _("Once, and it is the last one"))] if made["instrument"] == "checkin" else []
    tap = yield from confirm(
        "repeat",
        [
            _("How often does it come?"),
            *([_("The first and the last check-in have a few more statements than the others.")] if last else []),
        ],
        Option("once", _("Once")),
        *last,
        *[Option(each.replace(" ", "."), label) for each, label in EVERY.items()],
        Option("rule", _("By a rule of my own")),
        stop=True,
    )
    if tap in ("once", "last"):
        return {"repeat": "once", "times": 1, "last": tap == "last"}
    repeat = (yield from choose_rule()) if tap == "rule" else tap.replace(".", " ")
    times = yield from confirm(
        "times", _("How many times?"), *[Option(code, label) for code, label in TIMES.items()], stop=True
    )
    return {"repeat": repeat, "times": None if times == "until" else int(times), "last": False}


def choose_rule() -> Script[str]:
    """The five fields of cron, for those who know them."""
    note: list[Words] = []
    while True:
        said = yield from own_words(
            "rule",
            [
                *note,
                _("Write minute, hour, day, month and weekday as in cron."),
                _("“0 9 1 * *” is the first of each month at 9:00, “30 17 * * fri” each Friday at 17:30."),
            ],
            voice=False,
            skip=False,
        )
        rule = f"cron {said.value.text.strip().removeprefix('cron ')}" if isinstance(said.value, Said) else ""
        wrong: str = yield from look("rule.wrong", LookRule(rule))
        if not wrong:
            return rule
        note = [_("This rule does not work: %(why)s", why=Verbatim(wrong))]


def choose_window(around: Around, made: Made) -> Script[Made]:
    """How long a client can answer."""
    tap = yield from confirm(
        "window",
        [
            _("How long can it be answered?"),
            _("Who does not open it is reminded once. Then nothing more is sent."),
        ],
        *[Option(code, label) for code, label in WINDOWS.items()],
        stop=True,
    )
    return {"window_hours": int(tap)}


STEPS: dict[str, Callable[[Around, Made], Script[Made]]] = {
    "instrument": choose_instrument,
    "audience": choose_audience,
    "start": choose_start,
    "repeat": choose_repeat,
    "window": choose_window,
}
