"""Everything of a client's own money: what was sent, their plan, what they noted, and both side by side."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import ChooseDigits, ShowMoney
from conversations.client.amount import listed
from conversations.client.line import LONGEST, lines_of, sums_of
from conversations.client.shares import seen_by
from conversations.client.transfer import REACHED, choose_money, named, standing, yours
from conversations.client.uses import described, same
from conversations.looks import Around, LookAround, LookMoney, MoneyLine, OwnMoney, Transfer
from conversations.questions import act, confirm, look, pick, record
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _, n_, shortened

OWN_DIGITS = frozenset({"my", "th", "km", "lo", "shn", "ksw"})
"""Languages with digits of their own."""

MOST_SHOWN = 12
"""Transfers, or things that money was for, on one screen."""


def money() -> Script[Ending]:
    """What stands now, and a few ways on."""
    around: Around = yield from look("around", LookAround(), live=True)
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    options = [
        *([Option("each", _("Did it come?"))] if own["transfers"] else []),
        Option("planning", _("What I plan")),
        Option("spending", _("Note something")),
        *([Option("beside", _("Side by side"))] if own["plan"] or own["spent"] else []),
        Option("outcome", _("What came of it")),
        Option("shares", _("Who may see this")),
        *([digits(own)] if around["language"] in OWN_DIGITS else []),
        Option("close", _("Back to the menu")),
    ]
    tap = yield from confirm("money", overview(own, around), *options, back=False, live=True)
    match tap:
        case "close":
            return None
        case "digits":
            yield from record("digits.kept", ChooseDigits(not own["native"]))
            return Then("money")
        case "each":
            return (yield from one_of(own["transfers"]))
        case script:
            return Then(script)


def digits(own: OwnMoney) -> Option:
    """Money in one's own digits, or in Latin ones."""
    label = _("My own digits")
    return Option("digits", _("☑ %(what)s", what=label) if own["native"] else _("☐ %(what)s", what=label))


def overview(own: OwnMoney, around: Around) -> list[Words]:
    """Every transfer in a line, who sees what, and that nothing hangs on it."""
    transfers = ordered(own["transfers"])
    more = len(transfers) - MOST_SHOWN
    return [
        _("This money is yours. You choose what it is for."),
        *(standing(each, own, around["zone"]) for each in transfers[:MOST_SHOWN]),
        *([n_("and %(number)s more", "and %(number)s more", more)] if more > 0 else []),
        *seen_by(own["shares"], around),
        _("Whatever you write or leave out, you lose nothing."),
    ]


def one_of(transfers: Sequence[Transfer]) -> Script[Ending]:
    """One transfer by itself: those that wait for an answer first."""
    if len(transfers) == 1:
        return Then("transfer", {"transfer": transfers[0]["transfer"]})
    tap = yield from pick(
        "one",
        _("Which one? You lose nothing, whatever you say of it."),
        [Option(str(each["transfer"]), named(each)) for each in ordered(transfers)],
    )
    return Then("transfer", {"transfer": int(tap)})


def ordered(transfers: Sequence[Transfer]) -> list[Transfer]:
    """Those that wait for an answer first, then those that were sent, then by their day."""
    return sorted(transfers, key=lambda each: (not is_waiting(each), each["state"] not in REACHED, each["on"]))


def is_waiting(transfer: Transfer) -> bool:
    """Whether it was sent and its client has not said yet whether it came."""
    return transfer["state"] == "sent" and not transfer["answered"]


def is_any(own: OwnMoney) -> bool:
    """Whether there is anything of a client's own money here."""
    return any((own["transfers"], own["plan"], own["spent"], own["outcomes"], *own["taken"].values()))


def beside(transfer: int | None = None) -> Script[Ending]:
    """Their own plan and what they noted, side by side, in words and as a small picture."""
    note: list[Words] = []
    while True:
        own: OwnMoney = yield from look("own", LookMoney(), live=True)
        tap = yield from confirm(
            "beside",
            [*note, *side_by_side(own, transfer)],
            Option("picture", _("See it as a picture")),
            *([Option("which", _("For which money"))] if len(own["transfers"]) > 1 else []),
            Option("close", _("Close")),
            back=False,
            live=True,
        )
        if tap == "which":
            shown = yield from choose_money(own, _("Look at which money? You lose nothing by it."))
            return Then("beside", {"transfer": shown})
        if tap == "close":
            return Then("money")
        drawn = yield from act("drawn", ShowMoney(transfer))
        note = [_("The picture is below. It goes when you tap Close.") if drawn else _("There is nothing to draw yet.")]


def side_by_side(own: OwnMoney, transfer: int | None) -> list[Words]:
    """A line for each thing that money was planned or noted for; sums, and nothing about their difference."""
    plan, spent = lines_of(own, "plan", transfer), lines_of(own, "spent", transfer)
    things: dict[str, list[MoneyLine]] = {}
    for line in (*plan, *spent):
        things.setdefault(same(line["use"], line["text"]), []).append(line)
    state = next((each for each in own["transfers"] if each["transfer"] == transfer), None)
    more = len(things) - MOST_SHOWN
    return [
        *([_("This is about: %(which)s.", which=yours(state))] if state is not None else []),
        *(thing for lines in list(things.values())[:MOST_SHOWN] if (thing := one_thing(lines, plan, own)) is not None),
        *([n_("and %(number)s more", "and %(number)s more", more)] if more > 0 else []),
        *told(_("All together"), sums_of(plan), sums_of(spent), own),
        _("This is only for you to look at. A plan and notes need not fit together, and you lose nothing by it."),
    ]


def one_thing(lines: list[MoneyLine], plan: list[MoneyLine], own: OwnMoney) -> Words | None:
    """One thing in a line; without any amount it has none."""
    first = lines[0]
    what = described(first["use"], "" if first["use"] else shortened(first["text"], LONGEST), first["voice"])
    planned = sums_of(line for line in lines if line in plan)
    noted = sums_of(line for line in lines if line not in plan)
    found = told(what, planned, noted, own)
    return found[0] if found else _("• %(what)s", what=what)


def told(what: Words, planned: dict[str, int], noted: dict[str, int], own: OwnMoney) -> list[Text]:
    """What is planned and what was noted, as far as there are amounts."""
    if planned and noted:
        both = {"planned": listed(planned, own), "noted": listed(noted, own)}
        return [_("• %(what)s: planned %(planned)s, noted %(noted)s", what=what, **both)]
    if planned:
        return [_("• %(what)s: planned %(planned)s", what=what, planned=listed(planned, own))]
    return [_("• %(what)s: noted %(noted)s", what=what, noted=listed(noted, own))] if noted else []
