"""Peer: python-telegram-bot with ConversationHandler, PicklePersistence and ordinary polling.

What it promises: nothing that was answered within the last minute. Answers are kept in `user_data` and
written to a pickle every 60 s (`update_interval`'s default) and at an orderly stop; the next poll confirms
updates before they are handled, so a kill loses answers *and* what was waiting in memory. An update counts
once unless the process dies. One update at a time, as ConversationHandler requires. HTTP is the library's
default (httpx).
"""

from __future__ import annotations

import warnings
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)
from telegram.warnings import PTBUserWarning

from tests.benchmarks.dialogue import (
    NEEDS,
    Command,
    next_question,
    question_rows,
    question_text,
    read_choice,
    read_command,
)


def keyboard(question: int) -> InlineKeyboardMarkup | None:
    """The question's buttons, or none after the last one."""
    rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in question_rows(question)]
    return InlineKeyboardMarkup(rows) if rows else None


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Ask the first question."""
    assert update.message is not None
    await update.message.reply_text(question_text(0), reply_markup=keyboard(0))
    return 0


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Keep the answer, and turn the message into the next question."""
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    assert context.user_data is not None
    question, choice = read_choice(query.data)
    context.user_data[question] = choice
    following = next_question(question, choice)
    await query.answer()
    await query.edit_message_text(question_text(following), reply_markup=keyboard(following))
    return following if following < len(NEEDS) else ConversationHandler.END


def build(command: Command) -> Application[Any, Any, Any, Any, Any, Any]:
    """The application: one state a question."""
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # per_message: one conversation a chat is meant
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={number: [CallbackQueryHandler(answer, pattern=f"^q{number}:")] for number in range(len(NEEDS))},
        fallbacks=[CommandHandler("start", start)],
        name="needs",
        persistent=True,
    )
    builder = Application.builder().token(command.token).base_url(f"{command.api_url}/bot")
    application = builder.persistence(PicklePersistence(command.home / "answers.pickle")).build()
    application.add_handler(conversation)
    return application


if __name__ == "__main__":
    build(read_command("python-telegram-bot: ConversationHandler and PicklePersistence")).run_polling()
