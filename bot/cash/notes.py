"""Clients' own words about their money, looked over by a person one by one before anybody else is given them.

Only of clients who agreed to that. A note that is taken back while somebody looks is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from random import SystemRandom
from typing import Final, NamedTuple, TypeAlias

import typer

from bot.cash.shared import OUTCOME, WORDS, Cells, Line, Rows, one_line, read_line
from storage.keys import Keyring

QUESTION: Final = "Can this be told? It must not let anyone be recognised (names, places, days, jobs, amounts)."
ANSWERS: Final = "y = as it is, e = shorten it, n = leave it out, q = stop"

Read: TypeAlias = Callable[[], AbstractContextManager[Rows]]
"""Opens the database for as long as something is read: somebody may look for an hour."""


class Note(NamedTuple):
    """What was looked over: the row it stands in, and what may be told of it."""

    id: int
    text: str


class StoppedError(Exception):
    """Whoever looked does not want to go on."""


def find(rows: Rows, keyring: Keyring) -> list[int]:
    """The rows with words of those who agree, in an order that tells nothing."""
    found = []
    for row in rows("places", "agreed", purpose=WORDS):
        if row["agrees"]:
            every = rows("entries", "counted", person_id=row["person_id"])
            found += [line.id for line in (read_line(each, keyring) for each in every) if one_line(line.text)]
    SystemRandom().shuffle(found)
    return found


def look_over(read: Read, keyring: Keyring, ask: Callable[[str], str]) -> list[Note]:
    """Show each note and ask what may be told of it: what is shown is what is told. Raises StoppedError."""
    with read() as rows:
        found = find(rows, keyring)
    kept = []
    for number, id_ in enumerate(found, 1):
        with read() as rows:
            line = _standing(rows, keyring, id_)
        if line is not None:
            typer.echo(f"\nNote {number} of {len(found)} ({_about(line)})\n  {one_line(line.text)}\n{QUESTION}")
            text = _answer(one_line(line.text), ask)
            if text:
                kept.append(Note(id_, text))
    return kept


def tell(notes: Sequence[Note], rows: Rows, keyring: Keyring) -> Iterator[Cells]:
    """Rows of notes.csv: what was looked over, as long as it stands and its client agrees."""
    for note in notes:
        line = _standing(rows, keyring, note.id)
        if line is not None:
            yield line.kind, "" if line.kind == OUTCOME else line.use, note.text


def _answer(text: str, ask: Callable[[str], str]) -> str:
    """What may be told; "" for nothing."""
    while True:
        match ask(ANSWERS).strip().lower():
            case "y":
                return text
            case "n":
                return ""
            case "q":
                raise StoppedError
            case "e":
                text = one_line(ask("As it may be told"))
                typer.echo(f"  {text}")


def _about(line: Line) -> str:
    return line.kind if line.kind == OUTCOME else f"{line.kind}: {line.use}"


def _standing(rows: Rows, keyring: Keyring, id_: int) -> Line | None:
    row = next(iter(rows("entries", "standing", id=id_, purpose=WORDS)), None)
    return None if row is None else read_line(row, keyring)
