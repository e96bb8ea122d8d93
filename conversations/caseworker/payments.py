"""Transfers as staff see them: what is to be sent, what was, and what is noted of one. Whether a client says that it
came is theirs to say; staff read it only where all of it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from conversations.acts import CancelTransfer, MarkSent, PutOffTransfer, RepriceTransfer, UnmarkSent
from conversations.lead.draft import local, seconds
from conversations.looks import (
    Around,
    LookAround,
    LookRates,
    LookStaff,
    LookSteps,
    LookTransfer,
    LookTransfers,
    Rates,
    Transfer,
    moment,
)
from conversations.questions import act, amount, confirm, day, look, pick, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Currency, Moment, Money, Text, Verbatim, Words, _, n_

WHY: dict[str, Text] = {
    "bank": _("the bank or the money service is closed"),
    "papers": _("a paper is still missing"),
    "funds": _("the money has not come to us yet"),
    "way": _("we are looking for a safe way to bring it"),
    "other": _("something on our side"),
}
"""Why a transfer comes later, as its client reads it; never anything they did."""

HOW: dict[str, Text] = {
    "hand": _("from hand to hand"),
    "bank": _("to a bank account"),
    "wallet": _("by a wallet or a money service"),
    "other": _("in another way"),
}
"""How money reaches somebody."""

DONE: dict[str, Text] = {
    "planned": _("planned"),
    "sent": _("noted as sent"),
    "unsent": _("noted as not sent after all"),
    "put off": _("put off"),
    "repriced": _("another amount"),
    "cancelled": _("cancelled"),
}
"""What staff do to a transfer, in its history."""

OUTCOMES: dict[str, Text] = {
    "done": _("It is noted. The client finds it in their own chat."),
    "already": _("Nothing was changed: somebody was quicker, or it has gone too far for that."),
    "cancelled": _("Nothing was changed: this transfer is cancelled."),
    "gone": _("Nothing was changed: this transfer is not here any more."),
}
"""What came of an act on a transfer."""


# --- the list --------------------------------------------------------------------------------------------------


def payments(client: int | None = None) -> Script[Ending]:
    """What is to be sent stands first, then what was: of one client, or of all that this person has to do with."""
    around: Around = yield from look("around", LookAround())
    found: list[Transfer] = yield from look("transfers", LookTransfers(client), live=True)
    tap = yield from pick(
        "payments",
        overview(found),
        [Option(str(each["transfer"]), in_short(each, around["zone"])) for each in found],
        Option("pay", _("Plan transfers")),
        Option("close", _("Close")),
    )
    if tap == "pay":
        code = found[0]["code"] if client is not None and found else ""
        return Then("pay", {"code": code})
    return None if tap == "close" else Then("payment", {"transfer": int(tap)})


def overview(found: list[Transfer]) -> list[Words]:
    """What the list holds."""
    late = sum(each["late"] for each in found)
    return [
        _("Transfers: whose, how much, and when.") if found else _("No transfer is planned."),
        *([n_("%(number)s of them is late.", "%(number)s of them are late.", late)] if late else []),
    ]


def in_short(transfer: Transfer, zone: str) -> Text:
    """One transfer on a button."""
    code, when = Verbatim(transfer["code"]), standing(transfer, zone)
    return _("%(code)s · %(amount)s · %(when)s", code=code, amount=money_of(transfer), when=when)


def standing(transfer: Transfer, zone: str) -> Text:
    """Where it is now, with its day."""
    on = moment(transfer["day"], zone, "day")
    match transfer["state"]:
        case "planned" if transfer["late"]:
            return _("late: %(day)s", day=on)
        case "planned":
            return _("planned: %(day)s", day=on)
        case "sent":
            return _("sent: %(day)s", day=on)
        case "received":
            return _("received")
        case _cancelled:
            return _("cancelled")


def money_of(transfer: Transfer) -> Money:
    """Its amount."""
    return Money(transfer["amount"], transfer["currency"])


# --- one of them -----------------------------------------------------------------------------------------------


def payment(transfer: int) -> Script[Ending]:
    """One transfer, and what can be noted of it."""
    around: Around = yield from look("around", LookAround())
    found: Transfer | None = yield from look("transfer", LookTransfer(transfer), live=True)
    if found is None:
        yield from say(_("This transfer is not here for you."))
        return Then("payments")
    steps: list[tuple[str, str, int, str]] = yield from look("steps", LookSteps(transfer), live=True)
    tap = yield from confirm(
        "payment",
        [*described(found, around["zone"]), *history(steps, around["zone"])],
        *possible(found),
        Option("all", _("All transfers")),
        back=False,
        live=True,
    )
    if tap == "all":
        return Then("payments")
    noted = yield from STEPS[tap](around, found)
    if noted is not None:
        done = yield from act("noted", noted)
        if done is not None:
            yield from say(OUTCOMES[done["outcome"]])
    return Then("payment", {"transfer": transfer})


def described(transfer: Transfer, zone: str) -> list[Words]:
    """Everything that staff know of it."""
    code = Verbatim(transfer["code"])
    return [
        _("%(code)s, a gift beside the others", code=code)
        if transfer["number"] is None
        else _(
            "%(code)s, transfer %(number)s of %(total)s", code=code, number=transfer["number"], total=total(transfer)
        ),
        _("%(amount)s · %(when)s", amount=money_of(transfer), when=standing(transfer, zone)),
        *([_("It was planned as %(amount)s.", amount=Money(*transfer["was"]))] if transfer["was"] is not None else []),
        *([_("It was put off: %(why)s.", why=WHY[transfer["delay"]])] if transfer["delay"] in WHY else []),
        *(
            [_("“Received” stands here once the client says that all of it came. They need not say anything.")]
            if transfer["state"] == "sent"
            else []
        ),
    ]


def history(steps: list[tuple[str, str, int, str]], zone: str) -> list[Words]:
    """What staff did, one line each."""
    lines: list[Words] = []
    for step, who, at, giver in steps:
        facts: dict[str, Moment | Text | Verbatim] = {
            "when": moment(at, zone),
            "what": DONE[step],
            "who": Verbatim(who) if who else _("the command line"),
        }
        if giver:
            facts["giver"] = Verbatim(giver)
            lines.append(_("%(when)s: %(what)s, by %(who)s, handed over by %(giver)s", **facts))
        else:
            lines.append(_("%(when)s: %(what)s, by %(who)s", **facts))
    return lines


def total(transfer: Transfer) -> int:
    """How many there are in its series."""
    return transfer["total"] or 1


def possible(transfer: Transfer) -> list[Option]:
    """What can be noted of it as it stands."""
    match transfer["state"]:
        case "planned":
            return [
                Option("sent", _("It was sent …")),
                Option("day", _("Another day …")),
                Option("amount", _("Another amount …")),
                Option("cancel", _("Cancel it …")),
            ]
        case "sent":
            return [Option("unsent", _("It was not sent after all"))]
        case _received_or_cancelled:
            return []


def mark_sent(around: Around, transfer: Transfer) -> Script[object]:
    """When, how, and who handed it over."""
    on = yield from choose_sent_day(around)
    how = yield from confirm("how", _("How did it go to them?"), *[Option(code, label) for code, label in HOW.items()])
    facts: dict[str, Money | Verbatim | Text] = {
        "amount": money_of(transfer),
        "code": Verbatim(transfer["code"]),
        "day": dated(on, around["zone"]),
    }
    handed_by = yield from choose_giver(
        [_("%(amount)s for %(code)s, %(day)s, %(how)s.", how=HOW[how], **facts), _("Who handed it over?")]
    )
    return MarkSent(transfer["transfer"], on.isoformat(), how, handed_by)


def choose_sent_day(around: Around) -> Script[date]:
    """A day that has begun."""
    today = today_of(around)
    tap = yield from confirm(
        "when",
        _("When was it sent or handed over?"),
        Option("today", _("Today")),
        Option("yesterday", _("Yesterday")),
        Option("other", _("Another day")),
    )
    if tap != "other":
        return today if tap == "today" else today - timedelta(days=1)
    note: list[Words] = []
    while True:
        reply = yield from day("day", [*note, WHICH_DAY], skip=False, stop=False)
        assert reply.value is not None
        if reply.value <= today:
            return reply.value
        note = [_("%(day)s is still to come.", day=dated(reply.value, around["zone"]))]


def choose_giver(lines: list[Words]) -> Script[int | None]:
    """Somebody of the staff (oneself first), or nobody of them."""
    staff: list[tuple[int, str]] = yield from look("staff", LookStaff())
    options = [
        Option(str(id_), Verbatim(name) if number else _("%(name)s (you)", name=Verbatim(name)))
        for number, (id_, name) in enumerate(staff)
    ]
    tap = yield from pick("giver", lines, options, Option("nobody", _("Nobody of us")))
    return None if tap == "nobody" else int(tap)


def unmark(around: Around, transfer: Transfer) -> Script[object]:
    """A slip, asked once."""
    tap = yield from confirm(
        "sure",
        [_("Was it not sent after all? It is planned again then, and the client finds it so.")],
        Option("yes", _("Yes, it was not sent")),
        Option("no", _("No, leave it")),
    )
    return UnmarkSent(transfer["transfer"]) if tap == "yes" else None


def put_off(around: Around, transfer: Transfer) -> Script[object]:
    """Another day, and why."""
    on = yield from choose_coming_day(around)
    why = yield from confirm(
        "why",
        [
            _("%(amount)s on %(day)s. Why?", amount=money_of(transfer), day=dated(on, around["zone"])),
            _("The client reads what you tap here. It is never anything they did."),
        ],
        *[Option(code, label) for code, label in WHY.items()],
    )
    return PutOffTransfer(transfer["transfer"], on.isoformat(), why)


def choose_coming_day(around: Around) -> Script[date]:
    """Today, or a day to come."""
    note: list[Words] = []
    while True:
        reply = yield from day("day", [*note, WHICH_DAY], skip=False, stop=False)
        assert reply.value is not None
        if reply.value >= today_of(around):
            return reply.value
        note = [_("%(day)s has passed.", day=dated(reply.value, around["zone"]))]


def reprice(around: Around, transfer: Transfer) -> Script[object]:
    """Another amount, in its own currency or in another one."""
    lines: list[Words] = [_("It is %(amount)s now. How much should it be?", amount=money_of(transfer))]
    minor, currency = yield from choose_amount(transfer["currency"], today_of(around), lines)
    return RepriceTransfer(transfer["transfer"], minor, currency)


def cancel(around: Around, transfer: Transfer) -> Script[object]:
    """Asked once, since it cannot be brought back."""
    tap = yield from confirm(
        "sure",
        [
            _("Cancel %(amount)s for %(code)s?", amount=money_of(transfer), code=Verbatim(transfer["code"])),
            _("The client finds that it does not come. It cannot be brought back, only planned anew."),
        ],
        Option("yes", _("Yes, cancel it")),
        Option("no", _("No, leave it")),
    )
    return CancelTransfer(transfer["transfer"]) if tap == "yes" else None


STEPS: dict[str, Callable[[Around, Transfer], Script[object]]] = {
    "sent": mark_sent,
    "unsent": unmark,
    "day": put_off,
    "amount": reprice,
    "cancel": cancel,
}
"""What is asked before something is noted, by the button that begins it; each ends with the act, or with None."""


# --- days and amounts ------------------------------------------------------------------------------------------

WHICH_DAY = _("Which day? Please write it, for example 24.12.2026.")


def today_of(around: Around) -> date:
    """The day on the programme's wall."""
    return local(around).date()


def dated(on: date, zone: str) -> Text:
    """A local day with its year, said back before it counts."""
    noon = moment(seconds(datetime.combine(on, time(12)), zone), zone, "day")
    return _("%(day)s, %(year)s", day=noon, year=on.year)


def choose_amount(currency: str, on: date, lines: list[Words]) -> Script[tuple[int, str]]:
    """An amount in minor units and its currency, said back in figures and in words before it counts."""
    rates: Rates = yield from look("rates", LookRates(on.isoformat()))
    others = [Option(each, _("In %(currency)s", currency=Currency(each))) for each in rates["currencies"]]
    note: list[Words] = []
    while True:
        beside = [option for option in others if option.code != currency]
        reply = yield from amount("amount", [*note, *lines], currency, beside, skip=False, stop=False)
        note = []
        if isinstance(reply.value, str):
            currency = reply.value
        elif not reply.value:
            note = [_("That is nothing. Please write how much it is.")]
        elif (yield from is_right(reply.value, currency)):
            return reply.value, currency


def is_right(minor: int, currency: str) -> Script[bool]:
    """Whether what was understood is what was meant."""
    tap = yield from confirm(
        "right",
        [echoed(Money(minor, currency)), _("Is this right?")],
        Option("yes", _("Yes")),
        Option("no", _("No, once more")),
    )
    return tap == "yes"


def echoed(money: Money) -> Text:
    """An amount in figures, and written out."""
    return _("%(amount)s: %(spelled)s", amount=money, spelled=Money(money.amount, money.currency, spelled=True))
