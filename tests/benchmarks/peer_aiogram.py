"""Peer: aiogram 3 with its state machine, ordinary polling, each answer committed to SQLite before the reply.

What it promises: an answer that got a reply is on the disk (WAL, `synchronous=FULL`, one commit an answer).
What it does not: the next poll confirms updates before they are handled, so a kill loses the taps that were
waiting; where each client stands is kept in memory (MemoryStorage) and is lost with the process; a failed
edit is not sent again; updates of one chat may overtake each other (a task each, no isolation of events: the
defaults). Nothing is encrypted.

The commit is one hop to the database's thread (autocommit), the cheapest form: `execute` and `commit` would
be two.
"""

from __future__ import annotations

import asyncio
import time

import aiosqlite
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.benchmarks.dialogue import (
    NEEDS,
    Command,
    next_question,
    question_rows,
    question_text,
    read_choice,
    read_command,
)

SCHEMA = "CREATE TABLE answer (chat INTEGER, question INTEGER, choice TEXT, at REAL) STRICT"
INSERT = "INSERT INTO answer VALUES (?, ?, ?, ?)"

router = Router()


class Needs(StatesGroup):
    """The dialogue's one state; which question is live stands in its data."""

    asking = State()


def keyboard(question: int) -> InlineKeyboardMarkup | None:
    """The question's buttons, or none after the last one."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in question_rows(question)
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_state(Needs.asking)
    await state.set_data({"question": 0})
    await message.answer(question_text(0), reply_markup=keyboard(0))


@router.callback_query(Needs.asking, F.data.startswith("q"))
async def answer(query: CallbackQuery, state: FSMContext, database: aiosqlite.Connection) -> None:
    """Commit the answer, and turn the message into the next question."""
    assert query.data is not None
    assert isinstance(query.message, Message)
    question, choice = read_choice(query.data)
    if question != (await state.get_data())["question"]:
        await query.answer()  # an old button
        return
    await database.execute(INSERT, (query.message.chat.id, question, choice, time.time()))
    following = next_question(question, choice)
    await state.update_data(question=following)
    if following == len(NEEDS):
        await state.clear()
    await query.answer()
    await query.message.edit_text(question_text(following), reply_markup=keyboard(following))


async def main(command: Command) -> None:
    """Open the store and poll until told to stop."""
    async with aiosqlite.connect(command.home / "answers.sqlite", isolation_level=None) as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute(SCHEMA)
        dispatcher = Dispatcher(storage=MemoryStorage(), database=database)
        dispatcher.include_router(router)
        session = AiohttpSession(api=TelegramAPIServer.from_base(command.api_url))
        await dispatcher.start_polling(Bot(command.token, session=session))


if __name__ == "__main__":
    asyncio.run(main(read_command("aiogram 3: state machine, SQLite answers")))
