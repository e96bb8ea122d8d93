"""`firstsay run` with a plan to die: `python -m tests.chaos.run`, the plan as JSON in the variable CHAOS.

Nothing of this is in the product. What may be struck is wrapped here, from outside, and then the real command runs.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

VARIABLE = "CHAOS"

POINTS = (
    *("starting", "recovering", "fetched", "attempted", "transaction", "committed", "polling", "answering"),
    *("sent", "marking"),
)
"""Where the process can be made to die; `answering` is the webhook's, `polling` and nothing else the poller's."""

OF_ROUNDS = ("piece", "asked")
"""And where a running round has it die: with a piece of it before the commit, and after it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How this life ends, if it does not end well.

    `kill` is one of POINTS or OF_ROUNDS, struck the `nth` time it is passed; `after` seconds from the start the process
    is killed wherever it is. An update whose text holds `deadly` kills at every attempt, one that holds `raising`
    raises. `careful` is how long updates are taken one at a time after an unclean stop. `loud`: everybody logs
    everything.
    """

    kill: str = ""
    nth: int = 1
    after: float = 0.0
    deadly: str = ""
    raising: str = ""
    careful: float | None = None
    loud: bool = False

    def write(self) -> str:
        """The plan as it is handed over."""
        return json.dumps(asdict(self))


class Fate:
    """Counts what is passed, and strikes.

    An update that has gone down with the process once is spared: the second time it would be set aside for having
    killed it, which is right, and is tried elsewhere.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.spare = False
        self._passed = 0

    def pass_by(self, point: str) -> None:
        """This point is passed once more."""
        if point != self.plan.kill:
            return
        self._passed += 1
        if self._passed >= self.plan.nth and not self.spare:
            strike(point)

    def wait(self) -> None:
        """Kill at the appointed time, wherever the process is."""
        time.sleep(self.plan.after)
        while self.spare:
            time.sleep(0.0005)
        strike("any time")


def strike(point: str) -> None:
    """Die without a word to anybody but the test."""
    os.write(2, f"killed: {point}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(owner: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    """Put something around a method."""
    setattr(owner, name, make(getattr(owner, name)))


def before(act: Callable[..., None]) -> Callable[[Any], Callable[..., Any]]:
    """`act`, given the same arguments, and then the method."""

    def make(method: Any) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            act(*arguments, **named)
            return method(*arguments, **named)

        return wrapped

    return make


def after(act: Callable[[], None]) -> Callable[[Any], Callable[..., Any]]:
    """A plain method, and then `act`."""

    def make(method: Any) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            act()
            return result

        return wrapped

    return make


def after_awaiting(act: Callable[..., None]) -> Callable[[Any], Callable[..., Any]]:
    """A coroutine method, and then `act`, given the same arguments."""

    def make(method: Any) -> Callable[..., Any]:
        async def wrapped(*arguments: Any, **named: Any) -> Any:
            result = await method(*arguments, **named)
            act(*arguments, **named)
            return result

        return wrapped

    return make


def lay_points(fate: Fate) -> None:
    """Wrap every place where the process can be made to die."""
    from aiohttp import web

    from bot.delivery import Delivery
    from bot.intake import Intake, Webhook
    from bot.marks import Marks
    from bot.rounds import asking
    from bot.telegram import Telegram
    from bot.turns import Taken, Turns

    def pass_point(name: str) -> Callable[..., None]:
        return lambda *_given, **_named: fate.pass_by(name)

    def put(_delivery: Delivery, taken: Taken) -> None:
        if taken.turns:
            fate.pass_by("committed")
        if any(sending.asking is not None for sending in taken.sendings):
            fate.pass_by("asked")
        fate.spare = False

    def call(_telegram: Telegram, method: str, _parameters: object) -> None:
        if method in ("sendMessage", "editMessageText"):
            fate.pass_by("sent")

    wrap(Intake, "begin", after_awaiting(pass_point("starting")))
    wrap(Delivery, "recover", after_awaiting(pass_point("recovering")))
    wrap(Intake, "take", before(pass_point("fetched")))
    wrap(Intake, "_attempt", partial(around_attempt, fate))
    wrap(Turns, "take", after(lambda: fate.pass_by("transaction")))
    wrap(Delivery, "put", before(put))
    wrap(Telegram, "fetch", before(pass_point("polling")))
    wrap(Telegram, "call", after_awaiting(call))
    wrap(Marks, "write", after(lambda: fate.pass_by("marking")))
    wrap(asking, "go_on", after(lambda: fate.pass_by("piece")))

    def answer(given: web.Response) -> web.Response:
        if given.status == 200:
            fate.pass_by("answering")
        return given

    def receive(method: Any) -> Callable[..., Any]:
        async def wrapped(webhook: Webhook, request: web.Request) -> web.Response:
            return answer(await method(webhook, request))

        return wrapped

    wrap(Webhook, "_receive", receive)


def around_attempt(fate: Fate, method: Any) -> Callable[..., Any]:
    """Note whether the update that is about to be tried is on its last chance."""

    async def wrapped(intake: Any, update: Mapping[str, Any], offset: int | None) -> Any:
        fate.spare = True
        worth = await method(intake, update, offset)

        def count(connection: sqlite3.Connection) -> int:
            row = connection.execute(
                "SELECT count FROM attempts WHERE update_id = ?", (update["update_id"],)
            ).fetchone()
            return 0 if row is None else int(row[0])

        fate.spare = await intake._database.read(count) > 1
        fate.pass_by("attempted")
        return worth

    return wrapped


def lay_poison(plan: Plan) -> None:
    """Make marked texts deadly, or raise."""
    from bot import dialogue, turns
    from bot.inbound import Inbound

    def look(_turns: object, _connection: object, updates: Sequence[Mapping[str, Any]], *_rest: object) -> None:
        if plan.deadly and any(plan.deadly in json.dumps(update) for update in updates):
            strike("deadly")

    def play(turn: Any, scene: Any, inbound: Inbound) -> None:
        dialogue.play(turn, scene, inbound)
        if plan.raising and plan.raising in inbound.text:
            raise RuntimeError(f"{inbound.text} from {inbound.chat}")

    wrap(turns.Turns, "take", before(look))
    turns.play = play  # type: ignore[attr-defined]


def make_loud(configure: Any) -> Callable[..., Any]:
    """Everything is logged, also by those whom the product keeps still."""

    def wrapped(*_given: object, **_named: object) -> None:
        from bot.logs import NOISY

        configure(level=logging.DEBUG)
        for name in NOISY:
            logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(__name__).debug("everything is logged")

    return wrapped


def main() -> None:
    """Lay everything out and run the command."""
    plan = Plan(**json.loads(os.environ.pop(VARIABLE, "{}")))
    fate = Fate(plan)
    if plan.after:
        threading.Thread(target=fate.wait, daemon=True).start()
    from bot import intake, logs

    if plan.careful is not None:
        intake.CAREFUL_SECONDS = plan.careful  # type: ignore[misc]
    if plan.loud:
        wrap(logs, "configure", make_loud)
    lay_points(fate)
    lay_poison(plan)
    sys.argv = ["firstsay", "run"]
    from bot.__main__ import main as run_command

    run_command()


if __name__ == "__main__":
    main()
