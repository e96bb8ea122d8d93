"""`firstsay init`: the home, the key file, and a `firstsay.toml` to be read by whoever changes it.

Nothing that is there is overwritten. The key file above all: without the key, every word in the database is lost,
and with a new one beside an old database, so too.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.prompt import Prompt

from bot.errors import KeyFileError, OperatorError, SettingError
from bot.hours import WEEKDAYS
from bot.settings import KEY_FILE_NAME, Environment, load_environment, parse_programme

KEY_BYTES: Final = 32


# The home and the key.


def create_home(home: Path) -> None:
    """Make the home, readable by its owner only (0700); one that is there stays as it is. Raises OperatorError."""
    try:
        home.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not home.is_dir():
            raise OperatorError(f"{home}: is a file; set FIRSTSAY_HOME to a folder") from None
    except OSError as error:
        raise OperatorError(f"{home}: cannot be made ({error.strerror}); set FIRSTSAY_HOME") from None


def create_key(home: Path) -> Path:
    """Write a new master key: 32 random bytes as base64 text, 0600, on the disk when this returns.

    Raises KeyFileError where there is one already.
    """
    file = home / KEY_FILE_NAME
    text = base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"
    try:
        _write_new(file, text)
    except FileExistsError:
        raise KeyFileError(f"{file}: is there already; it is never overwritten") from None
    return file


def read_master_key(home: Path) -> bytes:
    """The 32 bytes of the key file. Raises KeyFileError: missing, not a key, open to others, unreadable."""
    file = home / KEY_FILE_NAME
    try:
        with file.open("rb") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            text = opened.read(1024)
    except FileNotFoundError:
        raise KeyFileError(f"{file}: is not there; put it back, or for a new home: firstsay init") from None
    except OSError as error:
        raise KeyFileError(f"{file}: cannot be read ({error.strerror}); look at its owner") from None
    if mode & 0o077:
        raise KeyFileError(f"{file}: others on this machine can read it; run: chmod 600 {file}")
    key = _decode_key(text)
    if key is None:
        raise KeyFileError(f"{file}: is not a key ({KEY_BYTES} bytes as base64); put the right file back")
    return key


def _decode_key(text: bytes) -> bytes | None:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        return None
    return key if len(key) == KEY_BYTES else None


def _write_new(file: Path, content: bytes) -> None:
    """Write a file that was not there, for its owner only, and see it and its name onto the disk."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# The questions.


class Answers(NamedTuple):
    """What `init` asks, each as it would be typed."""

    organisation: str = "Our organisation"
    languages: str = "en, my"
    time_zone: str = "Asia/Yangon"
    hours: str = "09:00-17:00"
    currency: str = "MMK"


QUESTIONS: Final = Answers(
    organisation="Organisation, as clients read it",
    languages="Languages, the first one is the default",
    time_zone="Time zone",
    hours="Answering hours, Monday to Friday",
    currency="Currency of cash transfers",
)


def ask(read: Callable[[str, str], str], complain: Callable[[str], None]) -> Answers:
    """Ask every question until its answer holds; `read(question, default)` gives what was typed."""
    answers = Answers()
    for key in Answers._fields:
        while True:
            typed = read(getattr(QUESTIONS, key), getattr(answers, key)).strip()
            candidate = answers._replace(**{key: typed})
            try:
                parse_programme(write_programme(candidate))
            except SettingError as error:
                complain(str(error))
            else:
                answers = candidate
                break
    return answers


def write_programme(answers: Answers) -> str:
    """The text of a `firstsay.toml`; nothing is checked."""
    languages = _split(answers.languages)
    return _TEMPLATE.format(
        organisation=_quote(answers.organisation),
        languages=_quote(languages),
        default_language=_quote(languages[0] if languages else ""),
        time_zone=_quote(answers.time_zone),
        currency=_quote(answers.currency),
        hours="\n".join(f"{day} = {_quote(_split(answers.hours))}" for day in WEEKDAYS[:5]),
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _quote(value: str | Sequence[str]) -> str:
    """A text or a list of texts as TOML, which for these is written as in JSON (but for DEL)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_TEMPLATE: Final = """\
# First Say: what the programme decides. Changes count from the next start; `firstsay doctor` checks them.

organisation = {organisation}
languages = {languages}
default_language = {default_language}
time_zone = {time_zone}          # of the answering hours: a name of the IANA list
currency = {currency}
countries = ["MM"]          # where clients are: each needs a number to call, below, in every language
places = []          # short names that an invitation can carry, such as your offices: ["North", "South"]

# When somebody answers. Outside these hours a client who wants contact today is told when you open, so keep them true.
# A day may have several spans: ["09:00-12:00", "13:00-17:00"]. A day that is not named here has the default.
[hours]
{hours}
saturday = []
sunday = []
closed_on = []          # public holidays, such as 2027-01-04

# Numbers that a client can call when nobody here answers. None is shipped, because a wrong one costs lives: call each
# number, and write down who was answered and when, anew every 90 days. There must be one for each of the countries in
# each of the languages before clients are invited. Take the seven # away and repeat the block for every number.
#[[crisis]]
#country = "XX"
#language = "en"
#label = "Whose number this is"
#number = "THE NUMBER AS ONE DIALS IT THERE"
#verified_by = "Who called it and was answered"
#verified_on = 2026-01-31

# What one cash transfer is in a country from a day on, such as the minimum wage of a month there; the newest that has
# begun counts, so keep the old ones. A whole number, or with a point in quotes: "10.50". Without any, the amount of
# each transfer is entered by hand. Take the five # away and repeat the block for every country and every change.
#[[rate]]
#country = "XX"
#currency = {currency}
#amount = 0
#valid_from = 2026-01-31

[cash]
times = 3                   # monthly transfers that are planned for a client unless another number is said

# Who hears, with the client's leave, that a transfer did not arrive whole or that somebody wanted a share of it: codes
# of staff, in order, such as ["L-311", "W-204"]. Never whoever marked or handed over that money. None: the leads.
[safeguarding]
people = []

# Where your programme sees the urgency of a need otherwise than the instrument does: "urgent", "dated" (is there a
# date?) or "normal". It decides the order of what is asked, never whether a client may ask for contact.
[urgent]
#debt = "urgent"

[alerts]
today_minutes = 60          # of answering time, in which someone takes up a wish for contact today
read_days = 3               # in which a caseworker reads what a client answered; clients are told this

# How often clients are asked anything, whatever it is. Who asked to be asked less is asked half as often.
[asking]
days_between = 7            # between two things that a client is asked
checkin_days = 28           # between two check-ins
reminder_days = 3           # after which somebody who has not opened it is reminded, once

[invitations]
valid_days = 14

# How fast messages leave. Telegram allows about 30 a second to everybody and 1 a second in one chat.
[sending]
per_second = 30
per_chat_second = 1

# Days after a client's support has ended. Figures without words or names stay.
[retention]
words_days = 90
identity_days = 365
unread_days = 14
"""


# The command.


@dataclass(frozen=True, slots=True)
class Report:
    """What `init` made, and what it found and left alone."""

    home: Path
    created: tuple[Path, ...]
    kept: tuple[Path, ...]


def initialise(environment: Environment, answers: Callable[[], Answers] = Answers) -> Report:
    """Make what is missing of a home; `answers` is asked only if there is no `firstsay.toml`.

    Raises OperatorError: no home can be made; the key of an existing database is gone.
    """
    home, file, key = environment.home, environment.programme_file, environment.home / KEY_FILE_NAME
    if environment.database_file.exists() and not key.exists():
        raise KeyFileError(
            f"{key}: is not there, but a database is; put its key back, or move {environment.database_file} away"
        )
    text = None if file.exists() else write_programme(answers())
    if text is not None:
        parse_programme(text)
    create_home(home)
    created: list[Path] = []
    try:
        if not key.exists():
            created.append(create_key(home))
        if text is not None:
            _write_new(file, text.encode())
            created.append(file)
    except OSError as error:
        raise OperatorError(f"{home}: cannot be written to ({error.strerror}); look at its owner") from None
    return Report(home, tuple(created), tuple(each for each in (key, file) if each not in created))


def run_init(yes: bool) -> int:
    """The command: ask in a terminal (unless `yes`), make what is missing, say what was done. Exit code."""
    console = Console(highlight=False)
    interactive = not yes and sys.stdin.isatty()
    report = initialise(load_environment(), (lambda: _ask_in_terminal(console)) if interactive else Answers)
    for file in report.created:
        console.print(f"made  {file}", soft_wrap=True, markup=False)
    for file in report.kept:
        console.print(f"kept  {file}", soft_wrap=True, markup=False)
    if any(file.name == KEY_FILE_NAME for file in report.created):
        console.print(
            "Copy the key file to a safe place that is not where the backups of the data are: without it, nobody "
            "can read the data, and whoever has both can."
        )
    console.print("Next: add crisis numbers to firstsay.toml, set FIRSTSAY_TOKEN, then: firstsay doctor")
    return 0


def _ask_in_terminal(console: Console) -> Answers:
    def read(question: str, default: str) -> str:
        return Prompt.ask(question, console=console, default=default)

    return ask(read, lambda trouble: console.print(trouble, style="red", markup=False))
