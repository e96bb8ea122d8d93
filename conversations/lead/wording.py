"""Plans and rounds in words, for leads: in the chat, in the message that fills, and on the command line."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.client.contact import STAGES
from conversations.instruments import NEEDS
from conversations.looks import Here, PlanState, RoundState, moment
from conversations.text import Moment, Text, Verbatim, Words, _, n_

LATELY = 43_200
"""Seconds within which the hour alone says when something was."""

REPEATS: dict[str, Text] = {
    "once": _("once"),
    "week": _("every week"),
    "2 weeks": _("every 2 weeks"),
    "4 weeks": _("every 4 weeks"),
    "month": _("every month"),
    "3 months": _("every 3 months"),
}
"""How often a plan comes round, within a sentence; anything else is a rule of its own."""

REASONS: dict[str, Text] = {
    "": _("in line now"),
    "blocked": _("have blocked this chat"),
    "minor": _("under 18"),
    "left": _("have left"),
    "consent": _("did not agree to be asked"),
    "language": _("not in their language"),
    "nothing": _("have nothing to be asked about now"),
    "first": _("not to be written to first"),
    "paused": _("paused"),
    "asked": _("asked not long ago"),
    "urgent": _("wait for contact today"),
    "talking": _("talking with somebody"),
    "busy": _("in the middle of something"),
    "hours": _("outside their hours"),
    "late": _("no more time"),
    "stopped": _("stopped before"),
    "refused": _("not taken by Telegram"),
    "gone": _("not taken by Telegram"),
    "restored": _("a backup was put back"),
    "other": _("other reasons"),
}
"""Why somebody waits to be asked, or is not."""

GOING_ON: dict[str, Text] = {
    "answered": _("Answered"),
    "partly": _("Answered some of it"),
    "opened": _("Opened, nothing answered yet"),
    "sent": _("Accepted by Telegram, not opened yet"),
    "declined": _("Said “not now”"),
    "blocked": _("Have blocked this chat"),
    "waiting": _("Wait to be asked"),
    "unsent": _("Not asked"),
}

OVER: dict[str, Text] = {
    **GOING_ON,
    "opened": _("Opened, and answered nothing"),
    "sent": _("Did not open it"),
}
"""Where clients are in a round that goes on, and in one that is over; each is in one of these, and none of them is ever
added to another."""

PAUSED = _("It is paused: nobody is asked until somebody resumes it.")

MISSED = _("It was paused then, or the bot was not running. Nobody was asked.")

ACCEPTED = _("Telegram tells bots that it took a message, never that somebody has read it.")


def name_of(plan: PlanState) -> Words:
    """What it asks."""
    return instrument_name(plan["instrument"], plan["title"])


def instrument_name(name: str, title: Mapping[str, str]) -> Words:
    """What an instrument is called: as clients read it, but for the needs, which show them no title."""
    return _("What matters to them: the needs") if name == NEEDS.name else Verbatim(wordings=title)


def headline(plan: PlanState) -> Text:
    """A plan as a button."""
    return _("%(number)s · %(what)s", number=plan["number"], what=name_of(plan))


def in_short(plan: PlanState, here: Here) -> Text:
    """A plan as a line among others."""
    who = whom(plan["audience"], plan["audience_name"], here)
    number, what = plan["number"], name_of(plan)
    if plan["state"] == "active" and not is_running(plan) and plan["next_at"] is not None:
        at = moment(plan["next_at"], plan["zone"])
        return _("%(number)s · %(what)s, for %(who)s: begins %(moment)s", number=number, what=what, who=who, moment=at)
    return _("%(number)s · %(what)s, for %(who)s: %(state)s", number=number, what=what, who=who, state=state_of(plan))


def state_of(plan: PlanState) -> Text:
    """Where a plan stands, in a word."""
    if plan["state"] == "active":
        return _("under way") if is_running(plan) else _("planned")
    return {"paused": _("paused"), "stopped": _("stopped")}.get(plan["state"], _("over"))


def is_running(plan: PlanState) -> bool:
    """Whether clients are being asked by it now."""
    return plan["round"] is not None and plan["round"]["state"] == "running"


def is_single(plan: PlanState) -> bool:
    """Whether it comes only once, so that its round needs no number."""
    return plan["repeat"] == "once"


def described(plan: PlanState, here: Here) -> list[Words]:
    """Everything about one plan."""
    zone = plan["zone"]
    lines: list[Words] = [
        _(
            "For %(who)s, %(often)s.",
            who=whom(plan["audience"], plan["audience_name"], here),
            often=how_often(plan["repeat"], plan["times"]),
        ),
        open_for(plan["window_hours"]),
    ]
    if plan["state"] == "paused":
        lines.append(PAUSED)
    elif plan["state"] != "active":
        lines.append(_("It is stopped.") if plan["state"] == "stopped" else _("It is over."))
    elif plan["next_at"] is not None:
        at = moment(plan["next_at"], zone)
        lines.append(_("It begins next on %(moment)s (%(zone)s).", moment=at, zone=Verbatim(zone)))
    lines.append(changed(plan, here))
    return [*lines, *round_lines(plan)]


def how_often(repeat: str, times: int | None) -> Words:
    """How often something comes, within a sentence."""
    if repeat == "once":
        return REPEATS[repeat]
    rule = REPEATS.get(repeat) or _("by the rule %(rule)s", rule=Verbatim(repeat.removeprefix("cron ")))
    if times is None:
        return _("%(often)s until it is stopped", often=rule)
    return n_("%(often)s, %(number)s time", "%(often)s, %(number)s times", times, often=rule)


def open_for(hours: int) -> Text:
    """How long it can be answered."""
    return n_("It stays open for %(number)s day.", "It stays open for %(number)s days.", hours // 24)


def whom(audience: list[str], name: str, here: Here) -> Words:
    """Whom it is for, within a sentence."""
    who = group_name(audience, name, here)
    match audience[0]:
        case "everyone":
            return _("everyone")
        case "language":
            return _("those who read %(language)s", language=who)
        case "place":
            return _("those of %(place)s", place=who)
        case "stage":
            return _("those at “%(stage)s”", stage=who)
        case _caseload:
            return _("the clients of %(name)s", name=who)


def group_name(audience: list[str], name: str, here: Here) -> Words:
    """Some of the clients by what they have in common; `name` is what a caseworker is called."""
    by, which = audience
    match by:
        case "language":
            return Verbatim(dict(here["languages"]).get(which, which))
        case "stage":
            return STAGES.get(which, Verbatim(which))
        case "caseload":
            return Verbatim(name)
        case _place:
            return Verbatim(which)


def changed(plan: PlanState, here: Here) -> Text:
    """Who changed it last, and when."""
    if plan["stamp"] == 1:
        return _("%(name)s planned this at %(time)s.", name=person(plan["by"]), time=changed_at(plan, here))
    return _("%(name)s changed this at %(time)s.", name=person(plan["changed_by"]), time=changed_at(plan, here))


def overtaken(plan: PlanState, here: Here) -> Text:
    """Why something did not go any more."""
    name, time = person(plan["changed_by"]), changed_at(plan, here)
    return _("%(name)s changed this at %(time)s. This is how it stands now.", name=name, time=time)


def changed_at(plan: PlanState, here: Here) -> Moment:
    """When it was changed last; the hour alone where that was lately."""
    at = plan["changed_at"]
    return moment(at, plan["zone"], "time" if here["now"] - at < LATELY else "day and time")


def person(name: str) -> Words:
    """A lead by name; whoever works where the bot runs has none."""
    return Verbatim(name) if name else _("Somebody where the bot runs")


def round_lines(plan: PlanState) -> list[Words]:
    """How the newest round stands; nothing before the first one has begun."""
    found = plan["round"]
    if found is None:
        return []
    lines: list[Words] = [] if is_single(plan) else [_("Round %(number)s:", number=found["number"])]
    closes = moment(found["closes_at"], plan["zone"])
    if found["state"] == "missed":
        starts = moment(found["starts_at"], plan["zone"])
        return [*lines, _("It was to begin on %(moment)s.", moment=starts), MISSED]
    if found["state"] == "running":
        return [*lines, _("It is open until %(moment)s.", moment=closes), *figures(found, GOING_ON)]
    return [*lines, _("It closed on %(moment)s.", moment=closes), *figures(found, OVER)]


def figures(found: RoundState, labels: dict[str, Text]) -> list[Words]:
    """How many clients are where, each in one line, with why some wait or are not asked."""
    counts = found["counts"]
    if not sum(counts.values()):
        return [_("Nobody has been asked yet.")]
    lines: list[Words] = [n_("It is for %(number)s client:", "It is for %(number)s clients:", sum(counts.values()))]
    for state, label in labels.items():
        number = counts.get(state, 0)
        if number or state != "waiting":
            lines.append(_("• %(label)s: %(number)s", label=label, number=number))
        lines += [reason(why, many) for where, why, many in found["reasons"] if where == state]
    if found["doubts"]:
        lines.append(
            n_(
                "%(number)s message may have arrived twice.",
                "%(number)s messages may have arrived twice.",
                found["doubts"],
            )
        )
    return [*lines, *([ACCEPTED] if labels is GOING_ON else [])]


def reason(why: str, clients: int) -> Text:
    """Why so many wait or are not asked."""
    return _("– %(what)s: %(number)s", what=REASONS.get(why, Verbatim(why)), number=clients)
