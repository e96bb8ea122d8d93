"""A session played by hand: a script, its log, and what was carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from conversations.engine import Back, Given, Log, Rest, Run, advance
from conversations.questions import choose, record
from conversations.script import Do, Ending, Json, Look, Option, Script, Status
from conversations.text import Text, Verbatim

YES_NO = (Option("yes", Verbatim("Yes")), Option("no", Verbatim("No")))
Start = Callable[[], Script[Ending]]


@dataclass
class Playing:
    """Plays `script`. Between any two moves the log goes through JSON, as it does through the database; or else,
    while `keeps` is set, the script stays where it rests, as it does in a process that goes on running."""

    keeps: ClassVar[bool] = False

    script: Start
    log: Log = field(default_factory=Log)
    world: dict[str, Json] = field(default_factory=dict)
    """What looks find, and what doing brings back, by key."""
    done: list[tuple[str, int]] = field(default_factory=list)
    """What was carried out: key and number."""
    looked: list[str] = field(default_factory=list)
    rest: Rest = field(init=False)
    _resting: tuple[Start, Run | None] | None = None

    def __post_init__(self) -> None:
        self.rest = self._advance(None)

    @property
    def at(self) -> str | None:
        """The key of the question it rests at; None at the end."""
        return self.rest.ask.key if self.rest.ask else None

    @property
    def acts(self) -> list[str]:
        """The keys of what was carried out, in order."""
        return [key for key, _number in self.done]

    @property
    def said(self) -> list[str]:
        """What was said since the last answer."""
        return [line.message for say in self.rest.said for line in say.lines if isinstance(line, Text)]

    def answer(self, value: Json, status: Status = Status.ANSWERED) -> Self:
        """Answer the question it rests at."""
        self.rest = self._advance(Given(self.rest.address, {"status": status, "value": value}))
        return self

    def skip(self) -> Self:
        """Skip the question it rests at."""
        return self.answer(None, Status.SKIPPED)

    def back(self) -> Self:
        """Tap Back."""
        self.rest = self._advance(Back())
        return self

    def redraw(self) -> Self:
        """Show the same once more."""
        self.rest = self._advance(None)
        return self

    def release(self, script: Start) -> Self:
        """From now on the session is played on another version of its script."""
        self.script = script
        return self.redraw()

    def _advance(self, move: Given | Back | None) -> Rest:
        script, run = self._resting or (None, None)
        if not self.keeps or script is not self.script:
            self.log, run = Log.from_json(json.loads(json.dumps(self.log.to_json()))), None
        rest = advance(self.script, self.log, move, self._perform, run)
        self._resting = (self.script, rest.run)
        return rest

    def _perform(self, step: Look | Do, number: int) -> Json:
        if isinstance(step, Do):
            self.done.append((step.key, number))
        else:
            self.looked.append(step.key)
        return self.world.get(step.key)


def ask(key: str, *, options: tuple[Option, ...] = YES_NO, **settings: Any) -> Script[str | None]:
    """A yes or a no; None for a skip."""
    reply = yield from choose(key, Verbatim(key), options, **settings)
    return reply.value


def asking(*keys: str) -> Start:
    """A script of yes-or-no questions, each recorded."""

    def script() -> Script[Ending]:
        for key in keys:
            yield from ask(key)
            yield from record(f"{key}.kept", key)
        return None

    return script
