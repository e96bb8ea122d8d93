"""Their own plan: lines of what for and, where they like, how much. Half a plan is fine, and nobody approves it."""

from __future__ import annotations

from conversations.acts import NoteEntry
from conversations.client.amount import Counted, ask_amount, listed
from conversations.client.line import (
    HOW_MUCH,
    ask_what_for,
    bring_back,
    change_one,
    lines_of,
    sums_of,
    undo,
)
from conversations.client.line import listed as one_by_one
from conversations.client.shares import seen_by
from conversations.client.transfer import choose_money, yours
from conversations.client.uses import said_back
from conversations.looks import Around, LookAround, LookMoney, MoneyLine, OwnMoney
from conversations.questions import confirm, look, record, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Words, _

WHAT_FOR = _("What may it be for? Tap, write it, or say it in a voice note. Whatever you say, you lose nothing.")


def planning(transfer: int | None = None, changed: int | None = None) -> Script[Ending]:
    """The plan as it stands, for one transfer or (None) for all together; `changed` is a line that can be brought to
    what it said before."""
    around: Around = yield from look("around", LookAround(), live=True)
    own: OwnMoney = yield from look("own", LookMoney(), live=True)
    lines = lines_of(own, "plan", transfer)
    tap = yield from confirm(
        "plan",
        standing(own, lines, transfer, around),
        Option("add", _("Add a line")),
        *([Option("change", _("Change a line"))] if lines else []),
        *([Option("undo", _("As it was before"))] if changed is not None else []),
        *([Option("bring", _("Bring a line back"))] if own["taken"].get("plan") else []),
        *([Option("which", _("For which money"))] if len(own["transfers"]) > 1 else []),
        Option("done", _("Done")),
        back=False,
        live=True,
    )
    shown: int | None = transfer
    newest: int | None = None
    match tap:
        case "add":
            yield from add(own, transfer)
        case "change":
            newest = yield from change_one("plan", transfer)
        case "undo":
            if changed is not None:
                yield from undo(changed)
        case "bring":
            yield from bring_back("plan")
        case "which":
            shown = yield from choose_money(own, _("Plan for which money? You lose nothing, whichever you take."))
        case _done:
            return Then("money")
    return Then("planning", {"transfer": shown, "changed": newest})


def add(own: OwnMoney, transfer: int | None) -> Script[None]:
    """What for, then how much for who likes."""
    what = yield from ask_what_for(WHAT_FOR)
    if what is None:
        return
    currency = currency_of(own, transfer)
    counted = yield from ask_amount("amount", [*said_back(what), HOW_MUCH], own, currency)
    minor, currency = counted or Counted(None, currency)
    yield from record("kept", NoteEntry("plan", None, transfer, minor, currency, what.use, what.words))
    yield from say(_("It is in your plan."))


def currency_of(own: OwnMoney, transfer: int | None) -> str:
    """In which currency a line most likely counts."""
    return next((each["currency"] for each in own["transfers"] if each["transfer"] == transfer), own["currency"])


def standing(own: OwnMoney, lines: list[MoneyLine], transfer: int | None, around: Around) -> list[Words]:
    """The lines, what is planned together and what is still open where that is so; and who sees it."""
    head: list[Words] = [_("Your own plan, if you like one. Half a plan is fine, and so is none.")]
    state = next((each for each in own["transfers"] if each["transfer"] == transfer), None)
    if state is not None:
        head.append(_("This is about: %(which)s.", which=yours(state)))
    elif len(own["transfers"]) > 1:
        head.append(_("This is about all the money together."))
    return [
        *head,
        *one_by_one(lines, own, transfer),
        *together(own, lines, transfer),
        *seen_by(own["shares"], around),
        _("You can change it at any time. Whatever you write or leave out, you lose nothing."),
    ]


def together(own: OwnMoney, lines: list[MoneyLine], transfer: int | None) -> list[Words]:
    """Sums by currency. Where the plan is for more than there is, that is theirs to know, and not ours to tell."""
    planned = sums_of(lines)
    if not planned:
        return []
    there: dict[str, int] = {}
    for each in own["transfers"]:
        if each["state"] != "cancelled" and transfer in (None, each["transfer"]):
            there[each["currency"]] = there.get(each["currency"], 0) + each["amount"]
    still = {currency: there[currency] - minor for currency, minor in planned.items() if currency in there}
    is_open = {currency: minor for currency, minor in still.items() if minor >= 0}
    told: list[Text] = [_("Planned: %(amounts)s.", amounts=listed(planned, own))]
    if is_open:
        told.append(_("Without a line so far: %(amounts)s.", amounts=listed(is_open, own)))
    return [*told]
