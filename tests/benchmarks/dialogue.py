"""What every peer shows and how every peer is started, so that only the machinery between them differs.

Ten questions in one living message: a text, four options (each on a row of its own), then Skip and Back in a
row. A button's data is `q<question>:<choice>`; the choice is "1" to "4", "skip" or "back".
"""

from __future__ import annotations

import argparse
import os
import threading
from dataclasses import dataclass
from pathlib import Path

NEEDS = (
    "A safe place to sleep",
    "Food for me and for those who depend on me",
    "A doctor, or medicine that I need now",
    "Someone to talk to about what happened",
    "Papers that say who I am",
    "Help with the law, the police or the court",
    "Work that pays what was promised",
    "Learning: a language, a trade, a school",
    "News from my family, or a way home",
    "Money that I can decide about myself",
)
RATINGS = ("One of the first things", "Important, it can wait a little", "Good to have", "I do not need this")
THANKS = "Thank you. These are your answers; you can change them whenever you like."

Button = tuple[str, str]
"""A button's label and its callback data."""


@dataclass(frozen=True)
class Command:
    """How a peer is started: the Bot API's address (no slash at the end), the token, a folder of its own."""

    api_url: str
    token: str
    home: Path


def question_text(question: int) -> str:
    """The text of question 0 to 9; past the last one, the thanks."""
    if question >= len(NEEDS):
        return THANKS
    return f"{question + 1} of {len(NEEDS)}\n\n{NEEDS[question]}\n\nHow important is this to you at the moment?"


def question_rows(question: int) -> list[list[Button]]:
    """The keyboard of question 0 to 9, row by row; past the last one, none."""
    if question >= len(NEEDS):
        return []
    rows = [[(label, f"q{question}:{number}")] for number, label in enumerate(RATINGS, 1)]
    return [*rows, [("Skip", f"q{question}:skip"), ("Back", f"q{question}:back")]]


def read_choice(data: str) -> tuple[int, str]:
    """Question and choice of a button's data."""
    question, _, choice = data[1:].partition(":")
    return int(question), choice


def next_question(question: int, choice: str) -> int:
    """Where a choice leads: one back, or one on."""
    return max(question - 1, 0) if choice == "back" else question + 1


def read_command(description: str) -> Command:
    """Read a peer's command line, and end the peer together with the driver that holds its standard input."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--api-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--home", required=True, type=Path)
    arguments = parser.parse_args()
    threading.Thread(target=_end_with_driver, name="leash", daemon=True).start()
    return Command(arguments.api_url.rstrip("/"), arguments.token, arguments.home)


def _end_with_driver() -> None:
    """Wait, at no cost, until the driver is gone however it died; then go too.

    `sys.stdin` would hold a lock that an orderly end of the interpreter stumbles over, so the descriptor is read.
    """
    while os.read(0, 4096):
        continue
    os._exit(0)
