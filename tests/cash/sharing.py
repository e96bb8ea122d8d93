"""Clients who plan and note, and what an export then tells of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from conversations import acts
from conversations.script import Said
from tests.cash.ledger import Ledger
from tests.player import Phone

Rows = list[dict[str, str]]


def read(folder: Path, name: str) -> Rows:
    """One file of an export."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def everything(folder: Path) -> str:
    """Every sign of every file."""
    return "".join(file.read_text("utf-8-sig") for file in sorted(folder.iterdir()))


def write(books: Ledger, client: Phone, kind: str = "plan", words: str = "", **line: Any) -> int:
    """A line of this client's; its id."""
    line = {"amount": 100_000, "currency": "MMK", "use": "" if words else "food", **line}
    said = Said(text=words) if words else None
    return int(books.do(client, acts.NoteEntry(kind, words=said, **line))["line"])


def agree(books: Ledger, number: int, *purposes: str) -> list[Phone]:
    """So many clients who agreed to that, one after the other."""
    clients = [books.admit("client") for _ in range(number)]
    for client in clients:
        for purpose in purposes:
            books.agree(client, purpose)
    return clients


def codes(books: Ledger, clients: Iterable[Phone]) -> list[str]:
    """What staff know them by."""
    return [books.person(client).code for client in clients]


def take_back(books: Ledger, client: Phone, purpose: str) -> None:
    """They do not agree any more."""
    books.do(client, acts.Consent(purpose, False, ()))
