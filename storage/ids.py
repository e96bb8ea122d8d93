"""Row ids made by us, so that a row's place is known before it is written (and can be sealed to it)."""

from __future__ import annotations

import os
from datetime import datetime

EPOCH = 1_577_836_800_000
"""2020-01-01, UTC, in milliseconds."""

_last = 0


def new_id(now: datetime) -> int:
    """A positive 63-bit id: milliseconds since 2020 in the upper bits (good until 2089), chance below, growing within
    the process.

    Two processes meet on the same id with probability 2^-22 per id made in the same millisecond; the primary key
    then refuses one, and its batch is done again.
    """
    global _last
    fresh = first_id(now) | int.from_bytes(os.urandom(3), "big") >> 2
    _last = max(fresh, _last + 1)
    return _last


def first_id(at: datetime) -> int:
    """The least id that is made at that time (to the millisecond) or later."""
    return int(at.timestamp() * 1000 - EPOCH) << 22 & (2**63 - 1)
