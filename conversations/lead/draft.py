"""What is planned so far, and in words what would come of it.

It is a mapping of JSON, so that it can be taken through a rehearsal and back: the keys of `conversations.looks.Draft`,
and beside them `title` and `name` of what and who was chosen. `at` may also be now, minute or hour, which count from
the tap that plans it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from conversations.lead.wording import how_often, open_for, reason, whom
from conversations.looks import Draft, DryRun, Here, moment
from conversations.script import Json
from conversations.text import Text, Verbatim, Words, _, n_

Made: TypeAlias = dict[str, Json]
"""What is planned so far."""

RELATIVE: dict[str, tuple[timedelta, Text]] = {
    "now": (timedelta(), _("It begins at once when you plan it.")),
    "minute": (timedelta(minutes=1), _("It begins a minute after you plan it.")),
    "hour": (timedelta(hours=1), _("It begins an hour after you plan it.")),
}
"""Beginnings that count from the tap that plans it."""

REFUSED: dict[str, Text] = {
    "past": _("It would be over before it begins. Please choose another time."),
    "nobody": _("There is no client whom it is for. Please choose others."),
    "gone": _("What it asks is not there any more. Please choose something else."),
    "repeat": _("How often it comes cannot be read. Please choose it again."),
}
"""Why it cannot be planned as it is."""

SMALL = _("A number under 5 is not shown, nor one that would give it away.")


def described(here: Here, made: Made) -> list[Words]:
    """Everything that was chosen."""
    who = whom(made["audience"], made["name"], here)
    often = how_often(made["repeat"], made["times"])
    return [
        _("For %(who)s, %(often)s.", who=who, often=often),
        *([_("It is the last one.")] if made["last"] else []),
        begins(here, made),
        open_for(made["window_hours"]),
    ]


def begins(here: Here, made: Made) -> Text:
    """When it begins, and by which clock."""
    if made["at"] in RELATIVE:
        return RELATIVE[made["at"]][1]
    at, zone = datetime.fromisoformat(made["at"]), here["zone"]
    return _(
        "It begins on %(moment)s (%(year)s, %(zone)s).",
        moment=moment(seconds(at, zone), zone),
        year=at.year,
        zone=Verbatim(zone),
    )


def would_ask(dry: DryRun) -> list[Words]:
    """How many are asked, and why each of the others is not."""
    asked = dry["asked"]
    lines: list[Words] = [
        _("As things stand, fewer than 5 clients would be asked.")
        if asked is None
        else n_(
            "As things stand, %(number)s client would be asked.",
            "As things stand, %(number)s clients would be asked.",
            asked,
        )
    ]
    if dry["unsent"]:
        lines += [_("Not asked:"), *(reason(why, clients) for why, clients in dry["unsent"])]
    return lines


def comes_again(here: Here, made: Made, dry: DryRun) -> list[Words]:
    """The next times of one that repeats."""
    if made["repeat"] == "once":
        return []
    zone = here["zone"]
    return [
        _("It comes on:"),
        *(_("• %(moment)s (%(zone)s)", moment=moment(at, zone), zone=Verbatim(zone)) for at in dry["starts_at"]),
    ]


def settled(made: Made, clock: Here) -> Draft:
    """What is planned, with everything that counts from now fixed."""
    at: str | None = made["at"]
    if at in RELATIVE:
        at = (local(clock) + RELATIVE[at][0]).isoformat(timespec="minutes") if at != "now" else None
    return Draft(
        instrument=made["instrument"],
        version=made["version"],
        audience=made["audience"],
        at=at,
        repeat=made["repeat"],
        times=made["times"],
        last=made["last"],
        window_hours=made["window_hours"],
    )


def local(clock: Here) -> datetime:
    """What the clock on the programme's wall shows, without a zone."""
    return datetime.fromtimestamp(clock["now"], ZoneInfo(clock["zone"])).replace(tzinfo=None)


def seconds(at: datetime, zone: str) -> int:
    """A time on the programme's wall as epoch seconds."""
    return int(at.replace(tzinfo=ZoneInfo(zone)).timestamp())
