from __future__ import annotations

import ast
import io
import logging
import re
import sqlite3
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.errors import SettingError
from bot.logs import NOISY, Code, configure, describe_exception, redact

TOKEN = "12345678:AAF-marker_marker_marker_marker_mar"
WORDS = "marker ကျွန်တော် marker"

own = logging.getLogger("bot.example")
foreign = logging.getLogger("somebody.else")


class Lane(StrEnum):
    URGENT = "marker"


@pytest.fixture(autouse=True)
def everything_put_back() -> Iterator[None]:
    """`configure` changes the process: its hooks, the root logger, the noisy ones."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, NOISY)]
    handlers, levels = list(root.handlers), [each.level for each in loggers]
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    yield
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning = hooks


@pytest.fixture(params=["DEBUG", "INFO"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure(request.param, stream=stream)
    yield stream
    assert "marker" not in stream.getvalue()


def raise_deep(text: str) -> None:
    secret_local = text
    try:
        raise KeyError(secret_local)
    except KeyError as error:
        raise ValueError(f"about {text}") from error


def test_a_sentence_of_ours_with_what_a_log_may_hold(log: io.StringIO) -> None:
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    own.warning("%s sent %d of %i by %s in %.2f s, next %s, %r", Code("sendMessage"), 3, 5, Lane.URGENT, 0.5, at, None)
    assert "WARNING bot.example: sendMessage sent 3 of 5 by urgent in 0.50 s, next 2026-11-01 09:00" in log.getvalue()


def test_what_an_operator_needs_is_there(log: io.StringIO, tmp_path: Path) -> None:
    own.error("%s; %s; %s", SettingError("firstsay.toml: is not there"), tmp_path, ValueError)
    assert f"firstsay.toml: is not there; {tmp_path}; ValueError" in log.getvalue()


@pytest.mark.parametrize("argument", [WORDS, "marker", TOKEN, 5_123_456_789, -1_001_234_567, ["marker"], b"marker"])
@pytest.mark.parametrize("sentence", ["to %s", "to %r", "to %(who)s", "to %-20s and more"])
def test_everything_else_is_left_out(log: io.StringIO, sentence: str, argument: object) -> None:
    own.warning(sentence, {"who": argument} if "who" in sentence else argument)
    assert re.search(r"to '?\[\w+\]", log.getvalue())
    assert str(argument) not in log.getvalue()


@pytest.mark.parametrize("sentence", ["to %d", "to %-5.1f and more", "to %(who)012x"])
def test_a_number_that_may_be_a_chat_is_left_out(log: io.StringIO, sentence: str) -> None:
    own.warning(sentence, {"who": 5_123_456_789} if "who" in sentence else 5_123_456_789)
    assert "to [int]" in log.getvalue()


def test_an_exception_is_types_and_places(log: io.StringIO) -> None:
    try:
        raise_deep(WORDS)
    except ValueError as error:
        own.exception("a turn failed")
        own.warning("again: %s", error)
    text = log.getvalue()
    assert re.search(
        r"a turn failed \[ValueError at tests/bot/test_logs\.py:\d+ < tests/bot/test_logs\.py:\d+"
        r" from KeyError at tests/bot/test_logs\.py:\d+\]\n",
        text,
    )
    assert len(text.splitlines()) == 2


def test_what_a_code_adds_to_a_type() -> None:
    with sqlite3.connect(":memory:") as connection, pytest.raises(sqlite3.Error) as caught:
        connection.execute("CREATE TABLE t (a INTEGER NOT NULL)")
        connection.execute("INSERT INTO t VALUES (NULL)")
    connection.close()
    assert describe_exception(caught.value).startswith("sqlite3.IntegrityError(SQLITE_CONSTRAINT_NOTNULL) at tests/")
    assert describe_exception(OSError(28, "marker")) == "OSError(ENOSPC)"
    group = ExceptionGroup("marker", [ValueError("marker"), OSError(2, "marker")])
    assert describe_exception(group) == "ExceptionGroup of (ValueError; FileNotFoundError(ENOENT))"


def test_an_endless_chain_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert describe_exception(first) == "ValueError from KeyError from ValueError from KeyError"


def test_somebody_else_says_where_only(log: io.StringIO) -> None:
    foreign.warning(f"Task {WORDS} was never retrieved", stack_info=True)
    foreign.error("%s", WORDS, exc_info=ValueError(WORDS))
    lines = log.getvalue().splitlines()
    assert "somebody.else said something at tests/bot/test_logs.py:" in lines[0]
    assert lines[1].endswith("[ValueError]")
    assert len(lines) == 2


@pytest.mark.parametrize("name", [*NOISY, "telegram.Bot", "httpx", "aiohttp.access", "aiosqlite"])
def test_the_noisy_ones_are_still_below_warning(log: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("marker")
    logging.getLogger(name).debug("marker")
    assert log.getvalue() == ""
    logging.getLogger(name).critical("marker")
    assert f"{name} said something" in log.getvalue()


@pytest.mark.parametrize(
    "text", [TOKEN, f"https://api.telegram.org/bot{TOKEN}/getMe", TOKEN.replace(":", "%3A"), f"({TOKEN})"]
)
def test_a_token_in_a_sentence_is_taken_out(log: io.StringIO, text: str) -> None:
    own.warning(text)
    own.warning("%s", Code(text))
    assert log.getvalue().count("[token]") == 2
    assert "marker" not in redact(text)


def test_a_line_that_does_not_fit_is_told_without_its_arguments(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    # pytest's own handlers raise at such a line
    root.handlers[:] = [handler for handler in root.handlers if type(handler).__module__ == "bot.logs"]
    own.warning("%s and %s", WORDS)
    own.warning("%q", WORDS)
    assert log.getvalue().count("was not fit to print: tests/bot/test_logs.py:") == 2
    assert capsys.readouterr().err == ""


def test_uncaught_exceptions_too(log: io.StringIO) -> None:
    try:
        raise_deep(WORDS)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)

    def fail() -> None:
        raise_deep(WORDS)

    thread = threading.Thread(target=fail, name="marker")
    thread.start()
    thread.join()

    class Careless:
        def __del__(self) -> None:
            raise_deep(WORDS)

    Careless()
    assert log.getvalue().count("CRITICAL bot.logs: uncaught [ValueError at") == 3


def test_warnings_too(log: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        # catch_warnings itself puts back what it found; configure's hook is what it found
        warnings.warn(f"about {WORDS}", ResourceWarning, stacklevel=1)
    assert re.search(r"ResourceWarning at tests/bot/test_logs\.py:\d+", log.getvalue())


def test_a_person_at_the_terminal_reads_shorter_lines_and_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure(stream=first)
    configure(terminal=True, stream=second)
    own.info("ready")
    own.debug("not at this level")
    assert first.getvalue() == ""
    assert re.fullmatch(r"\d\d:\d\d:\d\d I ready\n", second.getvalue())


ROOT = Path(bot.__file__).parent.parent
SOURCES = sorted(
    file for room in ("bot", "conversations", "storage", "translations") for file in (ROOT / room).rglob("*.py")
)
SPEAK = {"debug", "info", "warning", "error", "exception", "critical"}


def sentences(tree: ast.AST) -> Iterator[ast.expr]:
    """The first argument of every call such as `_log.info(…)`."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAK):
            continue
        speaker: Any = node.func.value
        name = getattr(speaker, "attr", getattr(speaker, "id", ""))
        if re.fullmatch(r"_*log(ger|ging)?", name, re.IGNORECASE) and node.args:
            yield node.args[0]


def test_every_sentence_in_the_source_is_a_constant() -> None:
    """An f-string would put its values past the screen."""
    wrong = [
        f"{file.relative_to(ROOT)}:{sentence.lineno}"
        for file in SOURCES
        for sentence in sentences(ast.parse(file.read_text("utf-8")))
        if not (isinstance(sentence, ast.Constant) and isinstance(sentence.value, str))
    ]
    assert wrong == []
