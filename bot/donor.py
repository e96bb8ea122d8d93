"""`firstsay export --donor`: proof for those who give, without receipts and without anybody in it.

Which money was sent, and whether it came, is proof by itself. What it was planned and noted for stands beside it only
in figures and words of clients who agreed to that, and words only once a person has looked each of them over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import Final

import typer

from bot.cash import notes
from bot.cash.shared import Cells, Rows, decimal
from bot.cash.uses import tell_uses
from bot.codebook import FOR_DONORS, describe
from bot.errors import OperatorError
from bot.export import note, prepare, write
from bot.home import Home, open_home
from bot.source import Table, stream
from storage.database import connect

LEFT_OUT: Final = "notes are left out: nobody is here to look each of them over (run it in a terminal)"


def export_for_donors(folder: Path, words: bool) -> list[Path]:
    """Write what donors are given into a folder of its own; [] where whoever looks the notes over stops. Raises
    OperatorError."""
    if words:
        raise OperatorError("--words does not go with --donor: it asks of each note whether it can be told")
    home = open_home()
    prepare(folder, FOR_DONORS)
    try:
        kept = _look_over(home)
    except notes.StoppedError:
        return []
    note(home, words=bool(kept))
    with _reading(home) as rows:
        return write(folder, _tables(rows, home, kept), "utf-8-sig" if kept else "ascii")


def _look_over(home: Home) -> list[notes.Note]:
    ask: Callable[[str], str] = partial(typer.prompt, default="", show_default=False)
    if sys.stdin.isatty():
        return notes.look_over(partial(_reading, home), home.keyring, ask)
    typer.echo(LEFT_OUT, err=True)
    return []


@contextmanager
def _reading(home: Home) -> Iterator[Rows]:
    """The database as it is now, in one snapshot."""
    with closing(connect(home.database, read_only=True)) as connection:
        connection.execute("BEGIN")
        yield partial(stream, connection)


def _tables(rows: Rows, home: Home, kept: Sequence[notes.Note]) -> list[Table]:
    found = {
        "transfers.csv": _transfers(rows),
        "uses.csv": tell_uses(rows, home.keyring),
        "notes.csv": notes.tell(kept, rows, home.keyring),
        "codebook.csv": iter(describe(FOR_DONORS)),
    }
    return [Table(file, columns, found[file]) for file, columns in FOR_DONORS.items()]


def _transfers(rows: Rows) -> Iterator[Cells]:
    """Every transfer that was sent; whose it is only as a number."""
    whose = [row["whose"] for row in rows("transfers", "proved")]
    SystemRandom().shuffle(whose)
    numbers = {each: number for number, each in enumerate(whose, 1)}
    for row in rows("transfers", "proof"):
        amount, confirmed = decimal(row["amount"], row["currency"]), "yes" if row["confirmed"] else None
        yield f"N-{numbers[row['whose']]}", amount, row["currency"], row["month"], row["handed_how"], confirmed
