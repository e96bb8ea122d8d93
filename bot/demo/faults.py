"""What can go wrong on the way to Telegram, switched on by a test; and Telegram's limits on sending.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 messages a second in all and
one a second in one chat, short bursts tolerated.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.demo.refusals import Refusal, flood

ANY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that happens to one call.

    ``code``: refuse with it instead of doing what was asked (``body`` replaces the JSON that would say so).
    ``drop``: do what was asked, then close the connection without a word, so that the sender is in doubt.
    ``delay``: seconds of real time to wait before anything else.
    """

    code: int = 0
    description: str = ""
    retry_after: int | None = None
    body: bytes | None = None
    drop: bool = False
    delay: float = 0.0


class Faults:
    """Faults waiting for the next calls, by method name (not case-sensitive) or ``*`` for any method."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        self._waiting[method.lower()].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, and one less waiting."""
        for name in (method, ANY) if self._waiting else ():
            if self._waiting.get(name):
                return self._waiting[name].popleft()
        return None

    def clear(self) -> None:
        self._waiting.clear()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))


@dataclass(slots=True)
class _Bucket:
    """Tokens that come back with time; ``shut_until`` is when a punished sender may speak again."""

    tokens: float
    at: float
    shut_until: float = 0.0


@dataclass(slots=True)
class Limits:
    """Flood limits: ``per_second`` in all, ``chat_per_second`` in one chat with ``chat_burst`` allowed at once.

    Sends and edits count in all; only sends count for one chat. Whoever goes over is refused with 429 until
    ``pause`` seconds have passed on the stand-in's clock, as Telegram does; asking again meanwhile does not prolong it.
    """

    per_second: float = 30.0
    chat_per_second: float = 1.0
    chat_burst: float = 5.0
    pause: int = 3
    refused: int = 0
    _all: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)

    def check(self, chat_id: int, sends: bool, now: float) -> None:
        """Count one call at ``now`` (seconds); raises the 429 ``Refusal`` when it is one too many."""
        if self._all is None:
            self._all = _Bucket(self.per_second, now)
        buckets = [(self._all, self.per_second, self.per_second)]
        if sends:
            chat = self._chats.setdefault(chat_id, _Bucket(self.chat_burst, now))
            buckets.append((chat, self.chat_per_second, self.chat_burst))
        for bucket, rate, burst in buckets:
            self._refill(bucket, rate, burst, now)
        for bucket, _rate, _burst in buckets:
            if bucket.tokens < 1:
                raise self._refuse(bucket, now)
        for bucket, _rate, _burst in buckets:
            bucket.tokens -= 1

    def _refill(self, bucket: _Bucket, rate: float, burst: float, now: float) -> None:
        if now < bucket.shut_until:
            raise self._refuse(bucket, now)
        bucket.tokens = min(burst, bucket.tokens + max(0.0, now - bucket.at) * rate)
        bucket.at = now

    def _refuse(self, bucket: _Bucket, now: float) -> Refusal:
        self.refused += 1
        if bucket.shut_until <= now:
            bucket.shut_until = now + self.pause
        return flood(max(1, round(bucket.shut_until - now + 0.49)))
