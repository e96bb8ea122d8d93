"""`firstsay cash figures`: how transfers went, for a lead: whether they left on their day, and what their clients say
of it, also whether anybody wanted a part.

What was sent and confirmed stands in every list already, and is told as it is. What clients said is not: of whom it is
true nobody may find out, and least of all who keeps a part for himself. It is told to within five (`fives`), of clients
ten by ten in the order in which they first had money, and only of months that ended four weeks ago, so that no figure
changes from one day to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final, NamedTuple

import typer

from bot.answers import codes
from bot.cash.fives import told
from bot.cash.shared import Rows, whole_tens
from bot.cash.views import ANSWERS
from bot.clock import now
from bot.home import open_home
from bot.source import stream
from conversations.instruments import TRANSFER
from storage.database import connect

RIPE: Final = timedelta(days=28)
"""After that nobody is asked about a transfer any more."""

PART, NOTYET, OPEN = "part", "notyet", "open"
WANTED: Final = ("fee", "asked", "took")
SAID: Final[Mapping[str, str]] = {
    PART: "say that one came in part",
    NOTYET: "say that one has not come",
    "fee": "paid a fee",
    "asked": "were asked for a share",
    "took": "say that somebody took a part",
}


class Figures(NamedTuple):
    """Transfers: planned for a day that is to come, late, sent, of these on their day, and confirmed in full. `said` is
    of `clients`, by what they say; None for what is not told."""

    planned: int
    late: int
    sent: int
    on_time: int
    confirmed: int
    clients: int
    said: Mapping[str, int | None]


def count(rows: Rows, at: datetime) -> Figures:
    """All of it, as it is at that time, in the programme's zone."""
    ripe = int(datetime.combine((at.date() - RIPE).replace(day=1), time(), at.tzinfo).timestamp())
    books = next(iter(rows("transfers", "counted", today=at.date().isoformat())))
    places = ((row["person_id"], row["ripe"]) for row in rows("places", "ripe", until=ripe))
    people = [person for ten in whole_tens(places) for person in ten]
    said = [_said(rows, person, ripe) for person in people]
    found = {code: sum(code in each for each in said) for code in (*SAID, OPEN)}
    # It is known who has confirmed all, and so has said neither of the two.
    among = {code: found[OPEN] if code in (PART, NOTYET) else len(people) for code in SAID}
    return Figures(
        planned=books["planned"] or 0,
        late=books["late"] or 0,
        sent=books["sent"] or 0,
        on_time=books["on_time"] or 0,
        confirmed=books["confirmed"] or 0,
        clients=len(people),
        said={code: told(found[code], among[code]) for code in SAID},
    )


def show() -> None:
    """Print them. Raises OperatorError."""
    home = open_home()
    with closing(connect(home.database, read_only=True)) as connection:
        connection.execute("BEGIN")
        figures = count(partial(stream, connection), now().astimezone(home.programme.zone))
    typer.echo(f"planned {figures.planned}, and {figures.late} more whose day has passed")
    typer.echo(f"sent {figures.sent}, of which {figures.on_time} by the day that was planned")
    typer.echo(f"confirmed in full by their clients {figures.confirmed}")
    typer.echo(f"\nOf {figures.clients} clients, counted ten by ten, four weeks after the month of a transfer:")
    for code, number in figures.said.items():
        typer.echo(f"  {SAID[code]}: {'too few to tell' if number is None else f'{number} or more'}")


def _last(steps: list[str]) -> str:
    """What its client said of a transfer last."""
    return next((step for step in reversed(steps) if step in ANSWERS), "")


def _said(rows: Rows, person: int, until: int) -> set[str]:
    """What one client says of all that was noted as sent before then (epoch seconds). By the steps, which stay: what
    was noted as not sent afterwards had been answered all the same."""
    found: set[str] = set()
    for row in rows("transfers", "of_person", person_id=person):
        steps = [*rows("transfer_steps", "of_transfer", transfer_id=row["id"])]
        if any(step["step"] == "sent" and step["at"] < until for step in steps):
            found |= {OPEN} if row["shown"] != "received" else set()
            found |= {_last([step["step"] for step in steps])} & {PART, NOTYET}
    asked = TRANSFER.question("fee")
    values = {"person_id": person, "instrument": TRANSFER.name, "version": TRANSFER.version}
    answers = (row for row in rows("responses", "of_instrument", **values) if row["item"] == asked.code)
    return found | {code for row in answers for code in codes(asked, row["value"]) if code in WANTED}
