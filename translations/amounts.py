"""Amounts: money as people type it, read only when there is no doubt."""

from __future__ import annotations

from decimal import Decimal


def parse_amount(text: str, currency: str) -> Decimal | None:
    """The amount that the text holds and nothing else, in major units; None where that is not sure."""
    bare = text.strip().replace(",", "")
    return Decimal(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= 12 else None


def find_amount(text: str, currency: str) -> tuple[Decimal, str] | None:
    """The one amount at the beginning or the end of a line, and the words beside it; None where there is no such."""
    first, _space, rest = text.strip().partition(" ")
    found = parse_amount(first, currency)
    return (found, rest.strip()) if found is not None else None
