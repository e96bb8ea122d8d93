"""A programme lead invites somebody: a link that works once, for one person, shown as text and as a picture."""

from __future__ import annotations

from typing import Any

from conversations.acts import Invite, ShowPicture
from conversations.looks import Around, Inviting, LookAround, LookInviting, Missing, moment
from conversations.questions import act, confirm, look, record, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _

MOST_LINES = 12
"""Missing things that one screen lists."""

TITLES = {
    "client": _("A link for a client"),
    "caseworker": _("A link for a caseworker"),
    "lead": _("A link for a programme lead"),
}


def invite() -> Script[Ending]:
    """Who is invited, what is missing before a client can be, where they come to, and then the link."""
    around: Around = yield from look("around", LookAround())
    role = yield from confirm(
        "role",
        _("Who is the invitation for?"),
        Option("client", _("A client")),
        Option("caseworker", _("A caseworker")),
        Option("lead", _("A programme lead")),
        Option("no", _("Not now")),
    )
    if role == "no":
        return None
    place = None
    if role == "client":
        inviting: Inviting = yield from look("inviting", LookInviting())
        if inviting["missing"] and not (yield from warned(around, inviting["missing"])):
            return None
        place = yield from choose_place(inviting["places"])
    made = yield from act("invitation", Invite(role, place))
    if made is None:
        yield from say(_("Please tap “Invite someone” once more."))
        return None
    return (yield from show_link(around, made, title=TITLES[role], place=place))


def warned(around: Around, missing: list[Missing]) -> Script[bool]:
    """What is missing, and whether the client is to be invited all the same."""
    tap = yield from confirm(
        "missing",
        [
            _("Something is missing before a client can come:"),
            *listed(around, missing),
            *risks({each["what"] for each in missing}),
        ],
        Option("anyway", _("Invite anyway")),
        Option("no", _("Not now")),
    )
    return tap == "anyway"


def risks(missing: set[str]) -> list[Words]:
    """What it means for a client who comes all the same."""
    nobody, no_number = missing & {"hours", "caseworker"}, missing - {"hours", "caseworker"}
    return [
        *([_("A client who comes now may ask for a person and reach nobody.")] if nobody else []),
        *([_("A client whom nobody here answers may find no number that works.")] if no_number else []),
    ]


def choose_place(places: list[str]) -> Script[str | None]:
    """One of the programme's places, or none."""
    if not places:
        return None
    tap = yield from confirm(
        "place",
        _("Which place does this person come to?"),
        *[Option(str(number), Verbatim(place)) for number, place in enumerate(places)],
        Option("none", _("No place")),
    )
    return None if tap == "none" else places[int(tap)]


def show_link(around: Around, made: dict[str, Any], title: Text, place: str | None) -> Script[Ending]:
    """The link for as long as this screen is open. A session that is over keeps nothing of it."""
    until = moment(made["until"], around["zone"])
    lines: list[Words] = [
        *([Verbatim(made["link"])] if made["link"] else by_hand(made["code"])),
        *([_("Place: %(place)s", place=Verbatim(place))] if place else []),
        _("It works once, until %(moment)s. Give it only to this person, best in person.", moment=until),
    ]
    options = [
        *([Option("picture", _("As a picture (QR)"))] if made["link"] else []),
        Option("done", _("Done")),
    ]
    while (yield from confirm("link", lines, *options, title=title, back=False)) == "picture":
        yield from record("picture", ShowPicture(made["link"]))
        yield from say(_("The picture is below. It goes when you tap Done."))
    return None


def by_hand(code: str) -> list[Words]:
    """Where nobody knows yet what the bot is called, and so no link can be made."""
    return [_("Let this person open this bot and send:"), Verbatim(f"/start {code}")]


def missing() -> Script[Ending]:
    """What is missing before clients can come."""
    around: Around = yield from look("around", LookAround())
    inviting: Inviting = yield from look("inviting", LookInviting(), live=True)
    lines = listed(around, inviting["missing"]) or [_("Nothing is missing. Clients can be invited.")]
    tap = yield from confirm(
        "missing", lines, Option("invite", _("Invite someone")), Option("close", _("Close")), back=False
    )
    return Then("invite") if tap == "invite" else None


def listed(around: Around, missing: list[Missing]) -> list[Words]:
    """Each thing that is missing in a line, and who can mend it."""
    spoken = dict(around["languages"])
    lines: list[Words] = [
        _("• %(line)s", line=missing_line(each, spoken.get(each["language"], each["language"])))
        for each in missing[:MOST_LINES]
    ]
    more = len(missing) - len(lines)
    if more > 0:
        lines.append(_("… and %(number)s more.", number=more))
    if any(each["what"] != "caseworker" for each in missing):
        lines.append(_("Hours and numbers are set where the bot runs: whoever looks after it can add them."))
    return lines


def missing_line(missing: Missing, language: str) -> Text:
    """One thing that is missing; `language` is its own name for itself."""
    where = {"country": Verbatim(missing["country"]), "language": Verbatim(language)}
    match missing["what"]:
        case "hours":
            return _("Nobody answers at any hour: there are no answering hours.")
        case "caseworker":
            return _("No caseworker has joined yet: invite one here.")
        case "number":
            return _("In %(country)s there is no number to call for people who speak %(language)s.", **where)
        case "old":
            return _(
                "In %(country)s nobody has tried a number for people who speak %(language)s within %(days)s days.",
                **where,
                days=missing["days"],
            )
        case _unverified:
            return _(
                "In %(country)s the number for people who speak %(language)s is marked with a day still to come.",
                **where,
            )
