"""The demo's time: it begins in the evening, when nobody answers, and an hour passes whenever somebody lets it.

It only ever goes forward, as everybody's clock does: Telegram's stand-in, the bot and the commands all go by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from aiohttp import web

from bot.demo.messages import Json
from bot.hours import Hours

EVENING: Final = time(22, 40)
"""When the demo begins, on the wall clock of the programme."""

HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)
MOST_AHEAD: Final = timedelta(days=60)


class DemoClock:
    """A clock that is `ahead` of the machine's. ``moved`` are called after each move."""

    def __init__(self, hours: Hours, machine: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.hours = hours
        self.ahead = timedelta()
        self.moved: list[Callable[[], None]] = []
        self._machine = machine
        self.ahead = self._evening() - machine()

    def now(self) -> datetime:
        """The time, aware, UTC."""
        return self._machine() + self.ahead

    def let_pass(self, what: str) -> bool:
        """Go to one `hour` from now, the next `morning` (when answering hours begin), the next `evening`, or this time
        next `week`.

        False where there is no such time, or not within the demo's reach.
        """
        now = self.now()
        ways: dict[str, Callable[[], datetime | None]] = {
            "hour": lambda: now + HOUR,
            "morning": lambda: self.hours.next_opening(now),
            "evening": self._evening,
            "week": lambda: now + WEEK,
        }
        to = ways[what]() if what in ways else None
        if to is None or self.ahead + (to - now) > MOST_AHEAD:
            return False
        self.ahead += to - now
        for tell in self.moved:
            tell()
        return True

    def describe(self) -> Json:
        """What the page shows: by how many seconds this clock is ahead, the zone, and whether somebody answers (or from
        when on, in epoch seconds)."""
        now = self.now()
        opens = self.hours.next_opening(now)
        return {
            "ahead": self.ahead.total_seconds(),
            "zone": self.hours.zone.key,
            "open": self.hours.open_at(now),
            "opens_at": opens.timestamp() if opens else None,
        }

    def routes(self) -> list[web.RouteDef]:
        """The page's way to read it, and to move it: POST ``{"pass": "hour"}``."""
        return [web.get("/demo/time", self._tell), web.post("/demo/time", self._move)]

    async def _tell(self, _request: web.Request) -> web.Response:
        return web.json_response(self.describe())

    async def _move(self, request: web.Request) -> web.Response:
        try:
            asked = (await request.json())["pass"]
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="hour, morning, evening or week was expected\n") from None
        if not self.let_pass(str(asked)):
            return web.json_response({"error": "The demonstration's clock cannot go there."}, status=409)
        return web.json_response(self.describe())

    def _evening(self) -> datetime:
        """The next evening, in UTC."""
        now = self.now()
        local = now.astimezone(self.hours.zone)
        day = local.date() if local.time() < EVENING else local.date() + timedelta(days=1)
        return datetime.combine(day, EVENING, self.hours.zone).astimezone(UTC)
