"""Currencies: how many minor units one has, what it is called, and how an amount of it is shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from conversations.text import Money

DIGITS: Final = {"MMK": 0, "LAK": 0, "KHR": 0}
"""Decimals in which people count; for the others see Babel."""


def digits_of(currency: str) -> int:
    """How many decimals people count in."""
    from babel.numbers import get_currency_precision

    return DIGITS[currency] if currency in DIGITS else int(get_currency_precision(currency))


def to_minor(amount: Decimal, currency: str) -> int | None:
    """Integer minor units; None where the amount is finer than these."""
    minor = amount.scaleb(digits_of(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def figures(minor: int, currency: str) -> str:
    """An amount in Latin figures, with groups of three; decimals only where there are any."""
    decimals = digits_of(currency)
    amount = Decimal(minor).scaleb(-decimals)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.{decimals}f}"


def show(money: Money, language: str) -> str:
    """An amount, a space, and the word for its currency in the language."""
    return f"{figures(money.amount, money.currency)} {money.currency}"


def steps_of(currency: str) -> tuple[int, ...]:
    """What a tap adds to an amount, in minor units."""
    return tuple(step * 10 ** digits_of(currency) for step in (1_000, 10_000, 100_000))
