"""Peer: First Say as it is, with every promise kept; `firstsay run` and nothing else.

What it promises: an answer is recorded exactly once, under its client's own key, before Telegram may forget it
(WAL, `synchronous=FULL`); what it sends is a row of the same transaction and is delivered at least once, in order
within a chat. The ten questions are the first ten of its 21 needs, with Skip, Stop and Back under each. Only the
programme's pace is raised (`[sending]`), because the loopback stand-in has no limits to respect.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.init import initialise
from bot.programme import FILE_NAME
from bot.settings import Environment
from storage import people
from storage.store import Store
from tests.benchmarks.dialogue import read_command
from tests.benchmarks.turns import FIRST_CHAT

NO_LIMIT = re.compile(r"^(per_second|per_chat_second) = .*$", re.MULTILINE)


def prepare(home: Path, clients: int) -> dict[str, object]:
    """Make a home whose clients have come in and agreed that their answers are kept; the plan for playing it."""
    from bot.home import open_home
    from storage.database import connect, transact

    os.environ["FIRSTSAY_HOME"] = str(home)
    initialise(Environment())
    settings = home / FILE_NAME
    settings.write_text(NO_LIMIT.sub(r"\1 = 100000", settings.read_text("utf-8")), "utf-8")
    opened = open_home()
    connection = connect(opened.database)
    transact(connection, lambda c: enrol(Store(c, opened.keyring, datetime.now(UTC)), clients))
    connection.close()
    return {"openings": ["/needs"] * clients}


def enrol(store: Store, clients: int) -> None:
    """Clients who have said yes to keeping their answers."""
    for number in range(clients):
        stranger = people.add_stranger(store, FIRST_CHAT + number, "en")
        client = people.admit(store, stranger, "client", None)
        people.save(store, replace(client, adult=True, language="en"))
        store.later(
            "consents",
            "insert",
            id=store.new_id(),
            person_id=client.id,
            session_id=0,
            number=number,
            purpose="plan",
            granted=1,
            digest="",
            language="en",
            mode="self",
            at=store.at,
        )
    store.flush()


def main() -> int:
    """Prepare, or serve until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--prepare", type=int)
    arguments, _rest = parser.parse_known_args()
    if arguments.prepare is not None:
        try:
            sys.stdout.write(json.dumps(prepare(arguments.home, arguments.prepare)))
        except sqlite3.Error as error:
            sys.stderr.write(f"{type(error).__name__}\n")
            return 1
        return 0
    command = read_command("First Say")
    os.environ |= {
        "FIRSTSAY_HOME": str(command.home),
        "FIRSTSAY_TOKEN": command.token,
        "FIRSTSAY_API_URL": command.api_url,
    }
    from bot.process import run

    return run()


if __name__ == "__main__":
    raise SystemExit(main())
