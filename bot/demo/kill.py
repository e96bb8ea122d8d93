"""Killing the bot in the middle of an answer, and telling truly what came of it.

The moment is when Telegram's stand-in has just handed over what somebody sent, and has not been told that it was taken.
Every line of the story that this tells was measured: by the system, by the stand-in, and in the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from aiohttp import web

from bot.demo.chats import Phone
from bot.demo.keeper import Keeper, describe_exit
from bot.demo.messages import Json
from bot.demo.telegram import Standin
from bot.demo.window import Window

HEAD_START: Final = 0.003
"""Seconds between the handing over and the kill: the answer has been begun, and hardly ever ended."""

PATIENCE: Final = 20.0
"""Seconds after which something that has not happened is told as such."""

SETTLES: Final = 0.5
"""Seconds in which a second answer would have come."""

ANSWERS: Final = frozenset({"sendmessage", "editmessagetext", "sendphoto", "sendvoice", "senddocument"})

Call: TypeAlias = tuple[str, Json, Json | None]
"""A method's lower-case name, what it was given, and the answer (None while there is none)."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An update on its way to the bot, and what there was before it."""

    update_id: int
    phone: Phone | None
    events: int
    answers: int

    @property
    def shown(self) -> int:
        """How often the bot has written to this phone, or changed what stands there, since then."""
        fresh = self.phone.history[self.events :] if self.phone else []
        return sum(event.kind in ("message", "edit") and event.message.from_bot for event in fresh)

    def is_answered_by(self, method: str, values: Json) -> bool:
        """Whether that call is to the one who waits."""
        here = self.phone is not None and str(values.get("chat_id")) == str(self.phone.chat_id)
        return method == "answercallbackquery" or (here and method in ANSWERS)


class Kill:
    """The button. ``tell`` gets ``{"state", "steps": [{"what", "ms", …}]}`` whenever there is something new; only what
    comes from a chat that is ``seen`` on the page is waited for.

    ``state`` is idle, armed (waiting for somebody to tap), under way, or over.
    """

    def __init__(
        self,
        keeper: Keeper,
        standin: Standin,
        window: Window,
        tell: Callable[[Json], None],
        seen: Callable[[int], bool] = lambda _chat_id: True,
    ) -> None:
        self._keeper = keeper
        self._standin = standin
        self._window = window
        self._tell = tell
        self._seen = seen
        self._steps: list[Json] = []
        self._began = 0.0
        self._handed: asyncio.Future[Handed] | None = None
        self._calls: asyncio.Queue[Call] | None = None
        self._task: asyncio.Task[None] | None = None
        standin.before.append(self._notice)
        standin.after.append(self._note)

    def arm(self) -> None:
        """Kill at the next update; nothing where that is so already."""
        if self._task is None or self._task.done():
            self._handed = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._wait_for_prey())

    def strike(self) -> None:
        """Kill at once, also when it was to wait for an update."""
        self.disarm()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._kill(None))

    def disarm(self) -> None:
        """Think better of it, as long as nothing was killed."""
        if self._handed is not None and self._task is not None and not self._handed.done():
            self._task.cancel()
            self._task = self._handed = None
            self._become("idle")

    def routes(self) -> list[web.RouteDef]:
        """The page's button: POST ``{"when": "answering" | "now" | "never"}``."""
        return [web.post("/demo/kill", self._press)]

    async def _press(self, request: web.Request) -> web.Response:
        ways = {"answering": self.arm, "now": self.strike, "never": self.disarm}
        try:
            ways[(await request.json())["when"]]()
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="answering, now or never was expected\n") from None
        return web.json_response({})

    async def _wait_for_prey(self) -> None:
        assert self._handed is not None
        self._steps = []
        self._become("armed")
        handed = await self._handed
        self._begin()
        self._step("handed", update=handed.update_id)
        await asyncio.sleep(HEAD_START)
        await self._kill(handed)

    async def _kill(self, handed: Handed | None) -> None:
        if handed is None:
            self._begin()
        self._calls = asyncio.Queue()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._follow(handed, self._calls)
        except TimeoutError:
            self._step("late")
        finally:
            self._calls = None
            self._become("over")

    async def _follow(self, handed: Handed | None, calls: asyncio.Queue[Call]) -> None:
        """From the kill to the count."""
        process = self._keeper.kill()
        if process is None:
            self._step("absent")
            return
        self._step("killed", process=process.pid)
        code = await process.wait()
        found = {"kept": self._window.has_taken(handed.update_id), "shown": handed.shown} if handed else {}
        self._step("dead", end=describe_exit(code), **found)
        while (reborn := self._keeper.process) is None or reborn.pid == process.pid:
            await calls.get()
        self._step("started", at=self._keeper.born, process=reborn.pid)
        await self._see_it_back(handed, calls)
        if handed is not None:
            await asyncio.sleep(SETTLES)
            self._step("counted", **self._count(handed))

    async def _see_it_back(self, handed: Handed | None, calls: asyncio.Queue[Call]) -> None:
        """Until the new process has asked for updates or, where somebody waits for it, has answered."""
        while True:
            method, values, answer = await calls.get()
            if handed is None:
                if method == "getupdates":
                    self._step("asks")
                    return
            elif answer is None:
                continue
            elif method == "getupdates":
                if any(update["update_id"] == handed.update_id for update in answer.get("result", ())):
                    self._step("again")
            elif handed.is_answered_by(method, values) or handed.shown:
                self._step("answered")
                return

    def _count(self, handed: Handed) -> Json:
        """What the store and the phone hold now, beside what they held before."""
        return {
            "noted": int(self._window.has_taken(handed.update_id)),
            "before": handed.answers,
            "after": self._window.count_answers(handed.phone.chat_id) if handed.phone else 0,
            "shown": handed.shown,
        }

    def _notice(self, method: str, values: Json) -> None:
        """The stand-in is being asked for something."""
        if self._calls is not None:
            self._calls.put_nowait((method.lower(), values, None))

    def _note(self, method: str, values: Json, answer: Json) -> None:
        """The stand-in has just answered a call, and is about to send that answer off."""
        name = method.lower()
        if self._calls is not None:
            self._calls.put_nowait((name, values, answer))
        waiting = self._handed
        if waiting is None or waiting.done() or name != "getupdates":
            return
        update = next((one for one in answer.get("result", ()) if self._seen(_chat_of(one))), None)
        if update is None:
            return
        phone = self._standin.phone(_chat_of(update))
        events = len(phone.history) if phone else 0
        waiting.set_result(Handed(update["update_id"], phone, events, self._window.count_answers(_chat_of(update))))

    def _begin(self) -> None:
        self._steps = []
        self._began = asyncio.get_running_loop().time()

    def _step(self, what: str, at: float | None = None, **more: Any) -> None:
        moment = asyncio.get_running_loop().time() if at is None else at
        self._steps.append({"what": what, "ms": round((moment - self._began) * 1000), **more})
        self._become("under way")

    def _become(self, state: str) -> None:
        self._tell({"state": state, "steps": list(self._steps)})


def _chat_of(update: Json) -> int:
    """Whose update it is; 0 where that does not stand in it."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        if kind in update:
            return int(update[kind]["from"]["id"])
    return 0
