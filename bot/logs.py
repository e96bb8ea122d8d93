"""Logging that cannot give anyone away.

What the log may hold: our own sentences with small numbers and code words in them, where something happened, and
the type of an exception. What it never holds: the token, a chat id, a name, a word that a client wrote.

- A record of our packages is printed with its arguments screened by type (`_screen`): a plain str is left out,
  since nobody can tell a code word from a name. Pass an enum member, a type, an exception, a path, or a `Code`. The
  sentence itself is a constant of the source; a test checks that.
- A record of anyone else is printed as its place only. httpx logs addresses with the token at INFO,
  python-telegram-bot whole updates at DEBUG, aiosqlite the parameters of every statement, and asyncio puts
  together what it says before it logs it, so that not even a template can be trusted.
- An exception is printed as types and places: its text may be a row, an update, an address.
"""

from __future__ import annotations

import errno
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Final, TextIO

from bot.errors import OperatorError

OURS: Final = frozenset({"bot", "conversations", "storage", "translations"})

NOISY: Final = (
    *("aiohttp", "aiosqlite", "alembic", "apscheduler", "asyncio"),
    *("httpcore", "httpx", "sqlalchemy", "telegram", "urllib3"),
)
"""Loggers kept at WARNING at every level: what they say below it would be left out, at a price."""

LARGE: Final = 100_000
"""Chat and user ids are larger than this; what we count is rarely."""

_TOKEN: Final = re.compile(r"\d{3,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
_CONVERSION: Final = re.compile(r"%(\(\w+\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[diouxXeEfFgGcra]")
_LINE: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_SHORT_LINE: Final = "%(asctime)s %(levelname).1s %(message)s"
_ROOT: Final = f"{Path(__file__).resolve().parent.parent}/"
_FRAMES: Final = 6
_CAUSES: Final = 4

_log = logging.getLogger(__name__)


class Code(str):
    """A word that the source chose, such as a method's name: the one kind of str that the log prints."""

    __slots__ = ()


def configure(level: int | str = logging.INFO, terminal: bool = False, stream: TextIO | None = None) -> None:
    """Send logging, warnings and uncaught exceptions to `stream` (standard error), as this module allows.

    `terminal`: shorter lines, for a person who watches. A later call replaces what an earlier one set up.
    """
    handler = _Handler(sys.stderr if stream is None else stream)
    handler.addFilter(Redact())
    handler.setFormatter(_Formatter(_SHORT_LINE, "%H:%M:%S") if terminal else _Formatter(_LINE))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(root.level, logging.WARNING))
    sys.excepthook = _log_uncaught
    sys.unraisablehook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    threading.excepthook = lambda args: _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    warnings.showwarning = _log_warning


def describe_exception(error: BaseException) -> str:
    """An exception and its causes in one line, without their texts.

    `sqlite3.OperationalError(SQLITE_FULL) at storage/database.py:41 < bot/turns.py:7 from …`
    """
    return " from ".join(_describe(each) for each in _chain(error))


def redact(text: str) -> str:
    """The text without anything that looks like a bot token."""
    return _TOKEN.sub("[token]", text)


class Redact(logging.Filter):
    """Belt and braces: takes whatever looks like a bot token out of a record, wherever it came from."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, put together if it had to be changed."""
        text = record.getMessage()
        if _TOKEN.search(text):
            record.msg, record.args = redact(text), None
        return True


class _Formatter(logging.Formatter):
    """Prints a record as this module allows; on a copy, since other handlers see the record too."""

    def format(self, record: logging.LogRecord) -> str:
        shown = logging.makeLogRecord(record.__dict__)
        shown.msg, shown.args = _say(record), None
        shown.exc_info = shown.exc_text = shown.stack_info = None
        if record.exc_info and record.exc_info[1] is not None:
            shown.msg = f"{shown.msg} [{describe_exception(record.exc_info[1])}]"
        return redact(super().format(shown))


class _Handler(logging.StreamHandler[TextIO]):
    """Python prints a record that it could not format with all its arguments; this one only where it was."""

    def handle(self, record: logging.LogRecord) -> bool:
        """Also a filter may fail over a record that does not fit its own sentence."""
        try:
            return bool(super().handle(record))
        except Exception:
            self.handleError(record)
            return False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        self.stream.write(f"a line of the log was not fit to print: {_shorten(record.pathname)}:{record.lineno}\n")


def _say(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in OURS:
        return f"{record.name} said something at {_shorten(record.pathname)}:{record.lineno}"
    sentence, arguments = str(record.msg), record.args
    if not arguments:
        return sentence
    screened: dict[str, object] | tuple[object, ...]
    if isinstance(arguments, dict):
        screened = {key: _screen(value) for key, value in arguments.items()}
    else:
        screened = tuple(map(_screen, arguments))
    try:
        return sentence % screened
    except TypeError:  # `%d` of something that was left out
        return _CONVERSION.sub(r"%\1s", sentence) % screened


def _screen(argument: object) -> object:
    """What an argument may show, by its type; the rest is left out by the name of its type."""
    if argument is None or isinstance(argument, bool | float | Code | Path | date | timedelta):
        return argument
    if isinstance(argument, Enum):
        return argument.name.lower()
    if isinstance(argument, type):
        return argument.__name__
    if isinstance(argument, int) and abs(argument) < LARGE:
        return argument
    if isinstance(argument, OperatorError):
        return str(argument)
    if isinstance(argument, BaseException):
        return describe_exception(argument)
    return f"[{type(argument).__name__}]"


def _describe(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    code = getattr(error, "sqlite_errorname", None)
    if code is None and isinstance(error, OSError):
        code = errno.errorcode.get(error.errno or 0)
    places = [f"{_shorten(frame.f_code.co_filename)}:{line}" for frame, line in walk_tb(error.__traceback__)]
    where = f" at {' < '.join(places[: -_FRAMES - 1 : -1])}" if places else ""
    parts = ""
    if isinstance(error, BaseExceptionGroup):
        parts = f" of ({'; '.join(describe_exception(each) for each in error.exceptions[:_CAUSES])})"
    return f"{name}{f'({code})' if code else ''}{where}{parts}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, then what caused it or what it was raised over, at most `_CAUSES` in all."""
    each: BaseException | None = error
    for _ in range(_CAUSES):
        if each is None:
            return
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _shorten(path: str) -> str:
    """A source file without the folders that belong to this machine."""
    if path.startswith(_ROOT):
        return path.removeprefix(_ROOT)
    _, installed, rest = path.rpartition("/site-packages/")
    return rest if installed else "/".join(path.split("/")[-2:])


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None:
        _log.critical("uncaught: %s", kind)
    elif not isinstance(error, KeyboardInterrupt | SystemExit):
        _log.critical("uncaught", exc_info=(kind, error, trace))


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """In place of `warnings.showwarning`: without the text, which may quote what it warns of."""
    _log.warning("%s at %s:%d", category, Path(_shorten(filename)), lineno)
