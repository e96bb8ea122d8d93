"""Asking an amount: what was typed or tapped is said back in figures and in words before it counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from conversations.looks import OwnMoney
from conversations.questions import amount, confirm, say
from conversations.script import Option, Script
from conversations.text import Currency, Money, Text, Verbatim, Words, _

GENTLY = 20
"""Times the largest transfer from which on an amount is asked about once more (DOMAIN C2)."""

IN = "in."
"""Before the code of another currency."""

WITHOUT = Option("none", _("Without an amount"))


class Counted(NamedTuple):
    """An amount in minor units of a currency; None where it is left open."""

    amount: int | None
    currency: str


def ask_amount(
    key: str, lines: Iterable[Words], own: OwnMoney, currency: str, *options: Option, is_fixed: bool = False
) -> Script[Counted | None]:
    """How much; None for a Skip. Another currency of the programme is one tap away, unless it `is_fixed`."""
    shown = tuple(lines)
    while True:
        others = [] if is_fixed else [each for each in own["currencies"] if each != currency]
        counts_in = [_("This counts in %(currency)s.", currency=Currency(currency))] if others else []
        switches = [Option(f"{IN}{each}", _("In %(currency)s", currency=Currency(each))) for each in others]
        reply = yield from amount(key, [*shown, *counts_in], currency, [*options, *switches])
        if reply.value is None:
            return None
        if isinstance(reply.value, str):
            if reply.value == WITHOUT.code:
                return Counted(None, currency)
            currency = reply.value.removeprefix(IN)
        elif reply.value == 0:
            yield from say(_("That is zero, so it stands without an amount. That is fine, and you lose nothing."))
            return Counted(None, currency)
        elif (yield from is_right(key, reply.value, currency, own)):
            return Counted(reply.value, currency)


def is_right(key: str, minor: int, currency: str, own: OwnMoney, *above: Words) -> Script[bool]:
    """Say it back, and whether it is right."""
    spelled = Money(minor, currency, native=own["native"], spelled=True)
    lines: list[Words] = [
        *above,
        _("That is %(amount)s, in words: %(spelled)s.", amount=money_of(minor, currency, own), spelled=spelled),
    ]
    largest = max((each["amount"] for each in own["transfers"] if each["currency"] == currency), default=None)
    if largest is not None and minor > GENTLY * largest:
        lines.append(_("That is much more than one transfer here. It may well be so."))
    lines.append(_("Is this right? You can change it later too. You lose nothing by it."))
    tap = yield from confirm(
        f"{key}.right", lines, Option("yes", _("Yes, that is right")), Option("change", _("Change"))
    )
    return tap == "yes"


def money_of(minor: int, currency: str, own: OwnMoney) -> Money:
    """An amount in the digits that this client chose."""
    return Money(minor, currency, native=own["native"])


def listed(sums: dict[str, int], own: OwnMoney) -> Words:
    """Amounts in several currencies, one beside the other and never added up."""
    words: Text | None = None
    for currency, minor in sums.items():
        one = _("%(amount)s", amount=money_of(minor, currency, own))
        words = one if words is None else _("%(amounts)s and %(amount)s", amounts=words, amount=one)
    return words or Verbatim("")
