"""Nothing reaches anybody but through the outbox, and nothing gets into the outbox but through the gate."""

from __future__ import annotations

import ast
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import telegram

import bot
from bot.gate import Decision, Purpose, decide
from bot.turns import Taken
from storage.database import transact
from storage.store import Store
from tests.dialogue.stories import ask_for_contact, enrol, join, rate
from tests.player import Stage, Update
from tests.rounds.running import run_round

ROOM = Path(bot.__file__).parent
SENDING = (
    "send",
    "edit",
    "forward",
    "copy",
    "delete_message",
    "deletemessage",
    "answer",
    "stop",
    "pin",
    "unpin",
    "reply",
)
REACHING = {name for name in dir(telegram.Bot) if name.lower().startswith(SENDING) and name != "answer"}
"""What changes something in a chat, in both of python-telegram-bot's spellings."""

HARMLESS = {"get_file", "get_me", "set_my_commands", "set_webhook", "delete_webhook"}
HOLD_A_BOT = {"voices", "process", "invite", "doctor", "surroundings"}
"""They ask and set what concerns the bot itself, or fetch a file."""

HOLD_TELEGRAM = {"telegram", "delivery", "intake", "process"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The bot's own modules; the demo is the other side."""
    for path in sorted(ROOM.glob("*.py")):
        yield path.stem, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def called(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call, with the last name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def used_of_a_bot(tree: ast.Module) -> set[str]:
    """What is called on something that is named a bot."""
    return {
        name
        for name, call in called(tree)
        if isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "attr", getattr(call.func.value, "id", "")) in ("bot", "_bot")
    }


def words(call: ast.Call) -> list[object]:
    return [argument.value for argument in call.args if isinstance(argument, ast.Constant)]


def test_the_names_are_those_of_telegram() -> None:
    assert {"send_message", "sendMessage", "editMessageText", "deleteMessages", "answerCallbackQuery"} <= REACHING
    assert not REACHING & HARMLESS


def test_only_the_delivery_names_a_method_that_reaches_somebody() -> None:
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and node.value in REACHING)
        or (isinstance(node, ast.Attribute) and node.attr in REACHING)
        or (isinstance(node, ast.Name) and node.id in REACHING)
    }
    assert found == {"delivery"}


def test_only_those_who_need_it_hold_a_bot_and_they_use_it_for_nothing_else() -> None:
    holding = {name: tree for name, tree in modules() if "telegram.Bot" in imported(tree)}
    assert set(holding) <= HOLD_A_BOT
    for name, tree in holding.items():
        assert used_of_a_bot(tree) <= HARMLESS, name


def test_nobody_gets_at_a_bot_by_another_name() -> None:
    for name, tree in modules():
        whole = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not {each for each in whole if each.split(".")[0] == "telegram"}, name
        assert not {each for each in imported(tree) if each.startswith("telegram.ext")}, name


def test_only_the_delivery_calls_what_telegram_can_do() -> None:
    assert {name for name, tree in modules() if "bot.telegram.Telegram" in imported(tree)} <= HOLD_TELEGRAM
    callers = {
        name
        for name, tree in modules()
        for called_name, call in called(tree)
        if called_name == "call" and isinstance(call.func, ast.Attribute)
    }
    assert callers == {"delivery"}


def test_only_the_lean_call_and_its_own_module_post_to_telegram() -> None:
    importers = {name for name, tree in modules() if "bot.request.AiohttpRequest" in imported(tree)}
    assert importers <= {"telegram", "process", "invite", "doctor", "surroundings"}
    senders = {
        name
        for name, tree in modules()
        for called_name, call in called(tree)
        if called_name in ("send", "do_request") and isinstance(call.func, ast.Attribute)
    }
    assert senders == {"telegram"}


def test_only_a_turn_puts_something_into_the_outbox() -> None:
    inserters = {
        name for name, tree in modules() for _called, call in called(tree) if words(call)[:2] == ["outbox", "insert"]
    }
    assert inserters == {"turn"}
    makers = {
        name
        for name, tree in modules()
        for called_name, _call in called(tree)
        if called_name == "Sending" and ("bot.turn.Sending" in imported(tree) or name == "turn")
    }
    assert makers == {"turn"}
    tree = dict(modules())["turn"]
    places = [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for called_name, call in called(ast.Module(function.body, []))
        if called_name == "insert" and isinstance(call.func, ast.Name)
    ]
    assert places == ["_queue"]


# --- through the gate ------------------------------------------------------------------------------------


class Refused(Stage):
    """Before anything is taken, it is tried on a copy in which the gate lets nothing through."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: Counter[Purpose] = Counter()

    def _try(self, work: object) -> None:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy, pytest.MonkeyPatch.context() as patch:
            self.connection.backup(copy)
            copy.row_factory = sqlite3.Row
            newest = copy.execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()[0]
            asked: list[Purpose] = []

            def refuse(purpose: Purpose, *_rest: object) -> Decision:
                asked.append(purpose)
                return Decision(never=True, reason="a test")

            patch.setattr("bot.turn.decide", refuse)
            taken: Taken | None = transact(copy, work)  # type: ignore[arg-type]
            assert taken is None or taken.sendings == []
            assert copy.execute("SELECT count(*) FROM outbox WHERE id > ?", (newest,)).fetchone()[0] == 0
            self.wanted.update(asked)

    def take(self, *updates: Update) -> Taken:
        self._try(lambda connection: self.turns().take(connection, updates, self.now))
        return super().take(*updates)

    def sweep(self) -> Taken:
        self._try(lambda connection: self.turns().sweep(connection, self.now))
        self._try(lambda connection: self.turns().ask(connection, self.now, 50))
        return super().sweep()


def test_whatever_anybody_does_nothing_is_queued_that_the_gate_refuses() -> None:
    stage = Refused()
    lead, worker, other = join(stage, "lead", "Ma Su"), join(stage, name="Aye"), join(stage, name="Ko")
    client = enrol(stage, "Mya", purposes=("Keep my answers", "Ask how things are", "Write to me first"))
    ask_for_contact(client, words="A room of my own")
    client.voice().sticker().photo().edit("x")
    stage.wait(hours=3)
    worker.tap("Show details", worker.alerts[0])
    worker.tap("I'll take it", worker.alerts[0]).tap("Write to")
    client.tap("Write to Aye").send("Can we meet?").send("/menu")
    stage.wait(minutes=10)
    worker.send("Tomorrow at nine")
    worker.tap("Done", worker.alerts[0]).tap("Yes, done").tap("Write to").send("How are you?")
    worker.send("/menu")
    client.send("/help")
    stage.wait(days=2)
    rate(client.send("/needs"))
    transact(stage.connection, lambda connection: run_round(Store(connection, stage.keyring, stage.now)))
    stage.wait(hours=5)
    overview = lead.send("/menu").tap("Money").tap("Plan transfers").send(stage.person(client).code)
    overview.tap("1 transfer").tap("Today").send("300000").tap("Yes").tap("Plan it")
    client.block().unblock()
    stage.wait(days=9)
    assert stage.wanted.total() > 90
    assert set(stage.wanted) == set(Purpose)
    assert all(phone.screen for phone in (lead, worker, other, client))


def test_each_sending_is_one_that_the_gate_was_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Purpose, int]] = []

    def spy(purpose: Purpose, person: object, *rest: object) -> Decision:
        asked.append((purpose, person.id))  # type: ignore[attr-defined]
        return decide(purpose, person, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.turn.decide", spy)
    stage = Stage()
    join(stage)
    client = enrol(stage)
    update = client.saying(text="/menu")
    asked.clear()
    taken = stage.take(update)
    assert taken.sendings
    assert asked == [(sending.purpose, sending.person.id) for sending in taken.sendings]
