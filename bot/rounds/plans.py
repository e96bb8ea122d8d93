"""Plans: a lead's wish to ask something, once or again and again, and each time it comes round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bot.rounds import asking
from bot.turn import Turn


def due(turn: Turn) -> Iterator[Callable[[Turn], None]]:
    """What has become due of plans and rounds, one by one."""
    return iter(())


def ask_some(turn: Turn, most: int) -> bool:
    """One small piece of what running rounds have to do; whether there was anything."""
    return asking.gather(turn) or asking.ask(turn, most)


__all__ = ["ask_some", "due", "partial"]
