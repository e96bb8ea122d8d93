"""`firstsay instrument play`: an instrument in the terminal, screen by screen as a client has it; nothing is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import typer

from bot import reading, screens
from bot.errors import OperatorError
from bot.forms import check
from bot.programme import Programme, meant
from conversations.client.asked import SCRIPTS
from conversations.engine import Back, Given, Log, Rest, advance
from conversations.instruments import INSTRUMENTS
from conversations.instruments.form import Form
from conversations.looks import Around
from conversations.playbook import PLAYBOOK
from conversations.rehearsal import rehearse, sample
from conversations.script import Ending, Json, Script
from conversations.text import Words
from translations.languages import LANGUAGES
from translations.numbers import read_number
from translations.wording import word

SEPARATORS: Final = str.maketrans(",;+", "   ")
"""Between the keys of buttons that are pressed one after the other."""


def play(what: str, language: str | None, programme: Programme) -> int:
    """Play a file, or an instrument by its name, until it ends or is stopped. Exit code. Raises OperatorError."""
    form = _find(what)
    spoken = form.wording if form is not None else INSTRUMENTS[what].wording
    language = language or next((each for each in programme.languages if each in spoken), next(iter(spoken)))
    if language not in LANGUAGES:
        raise OperatorError(f"--language: {language} is not spoken yet; choose from {', '.join(LANGUAGES)}")
    if language not in spoken:
        raise OperatorError(f"--language: {what} has no {language}; choose from {', '.join(spoken)}")
    _Rehearsal(partial(_start, what, form, _around(programme, language)), language, programme).run()
    return 0


def _find(what: str) -> Form | None:
    """The form of a file; None where a built-in instrument is meant."""
    if what in INSTRUMENTS:
        return None
    path = Path(what)
    if not path.exists():
        names = ", ".join(INSTRUMENTS)
        raise OperatorError(f"{what}: is neither a file nor one of {names}{meant(what, INSTRUMENTS)}")
    file = check(path)
    if file.form is None:
        wrong = [fault.told_of(str(path)) for fault in file.faults if not fault.note]
        more = f" ({len(wrong) - 1} more: firstsay instrument check {path})" if len(wrong) > 1 else ""
        raise OperatorError(f"{wrong[0]}{more}")
    return file.form


def _start(what: str, form: Form | None, around: Around) -> Script[Ending]:
    """The client's own script, as a round starts it."""
    script = SCRIPTS[what] if form is None else "form"
    given: dict[str, Json] = {"asking": 0}
    if form is not None:
        given |= {"name": form.name, "version": form.version}
    return rehearse(PLAYBOOK[script].start(given), lambda query: sample(query, around, form))


def _around(programme: Programme, language: str) -> Around:
    return Around(
        organisation=programme.organisation,
        languages=[[code, LANGUAGES[code].name] for code in LANGUAGES],
        zone=programme.time_zone,
        now=int(datetime.now(UTC).timestamp()),
        open=True,
        opens_at=None,
        numbers=[],
        role="client",
        name=None,
        language=language,
        adult=True,
        caseworker=None,
        reads_by=int(datetime.now(UTC).timestamp()) + programme.alerts.read_days * 86_400,
        purposes=[],
        roles=[],
        urgency={},
    )


class _Rehearsal:
    """One playing: the engine, a log that is thrown away, and buttons that are pressed by keys."""

    def __init__(self, start: Callable[[], Script[Ending]], language: str, programme: Programme) -> None:
        self._start = start
        self._language = language
        self._programme = programme
        self._log = Log()

    def run(self) -> None:
        """Play until the end, Stop, or the end of the input."""
        rest = self._advance(None)
        while rest.ask is not None:
            move = self._answer(rest)
            if move is None:
                break
            rest = self._advance(move)
        for said in rest.said:
            self._print("\n".join(self._word(line) for line in said.lines))
        self._print("—")

    def _answer(self, rest: Rest) -> Given | Back | None:
        """What the person makes of the screen; None to stop."""
        assert rest.ask is not None
        shown: dict[str, Json] = {
            "kind": screens.describe(rest.ask.kind),
            "taps": screens.taps(rest.ask, can_go_back=rest.can_go_back),
            "number": 0,
            "at": 0,
            "draft": None,
        }
        notes: list[Words] = [line for said in rest.said for line in said.lines]
        while True:
            keys = self._show(rest, shown, notes)
            line = _read_line()
            if line is None:
                return None
            for read in self._read(line, shown, keys):
                notes = []
                match read:
                    case reading.Answer(value):
                        return Given(rest.address, value)
                    case reading.GoBack():
                        return Back()
                    case reading.Stop():
                        return None
                    case reading.Draft(value):
                        shown["draft"] = value
                    case reading.NotUnderstood(note):
                        notes = [note]

    def _read(self, line: str, shown: dict[str, Json], keys: Mapping[str, str]) -> list[reading.Reading]:
        """Keys press buttons, several of them one after the other; everything else is typed."""
        pressed = [keys.get(_key(part)) for part in line.translate(SEPARATORS).split()]
        if not pressed or None in pressed:
            today = datetime.now(self._programme.zone).date()
            return [reading.read_words(shown, line, 0, self._language, today)]
        found: list[reading.Reading] = []
        for code in filter(None, pressed):
            found.append(reading.read_tap(shown, code))
            if isinstance(found[-1], reading.Draft):
                shown["draft"] = found[-1].value
        return found

    def _show(self, rest: Rest, shown: dict[str, Json], notes: list[Words]) -> dict[str, str]:
        """Print the screen; what its buttons stand for, by the keys that press them: numbers for what can be answered,
        letters for what stands below."""
        assert rest.ask is not None
        drawn = screens.draw(rest.ask, 0, shown, self._language, notes, can_go_back=rest.can_go_back)
        self._print(_bold(drawn))
        keys: dict[str, str] = {}
        for row in drawn["reply_markup"]["inline_keyboard"]:
            labels = []
            for button in row:
                code = button["callback_data"].split(".", 2)[2]
                key = (
                    code[1:]
                    if code.startswith("~")
                    else str(1 + sum(not each.startswith("~") for each in keys.values()))
                )
                keys[key] = code
                labels.append(f"{key} {button['text']}")
            typer.echo(f"  {'   '.join(labels)}")
        return keys

    def _advance(self, move: Given | Back | None) -> Rest:
        return advance(self._start, self._log, move, _perform)

    def _word(self, text: Words) -> str:
        return word(text, self._language)

    @staticmethod
    def _print(text: str) -> None:
        typer.echo(f"\n{text}")


def _perform(step: object, number: int) -> Json:
    """A rehearsal leaves nothing to be done."""
    raise AssertionError(f"not rehearsed: {type(step).__name__}")


def _bold(drawn: dict[str, Any]) -> str:
    """The text of a screen, its title bold where this is a terminal."""
    text: str = drawn["text"]
    for entity in drawn.get("entities", ()):
        raw = text.encode("utf-16-le")
        begin, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
        parts = (raw[:begin], raw[begin:end], raw[end:])
        before, title, after = (part.decode("utf-16-le") for part in parts)
        text = f"{before}{typer.style(title, bold=True)}{after}"
    return text


def _key(typed: str) -> str:
    """What was typed as the key it can be, in whatever digits."""
    number = read_number(typed, 1, 99)
    return typed.lower() if number is None else str(number)


def _read_line() -> str | None:
    """One line that was typed; None at the end of the input."""
    typer.echo("> ", nl=False)
    sys.stdout.flush()
    line = sys.stdin.buffer.readline()
    if not line:
        typer.echo()
        return None
    return line.decode("utf-8", "replace").strip()
