"""`firstsay cash`: transfers planned and noted from where the bot runs, also while it does. What clients said of a
transfer stands here only where all of it came, as for everybody on the staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.cash import sheet, transfers, views
from bot.cash.sheet import Marking
from bot.errand import clock, is_right, read, say, write
from bot.errors import OperatorError
from bot.faults import Fault
from bot.home import open_home
from bot.programme import FILE_NAME, meant
from bot.turn import Turn
from conversations.acts import CancelTransfer, PlanTransfers, PutOffTransfer, UnmarkSent
from conversations.caseworker.paying import REFUSED, already, summary
from conversations.caseworker.payments import WHY, in_short
from conversations.looks import Transfer
from conversations.script import Json
from conversations.text import Money, Verbatim, Words, _
from storage.people import Person
from translations.amounts import parse_amount
from translations.currencies import figures, to_minor
from translations.languages import SOURCE
from translations.wording import word

WRONG = 2
"""Exit code where something is to be mended: the operator's."""

FARTHEST: Final = 2200
"""A year beyond which a day is a slip."""


class CashError(OperatorError):
    """What was asked for does not go, or not like this."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `firstsay cash plan` was given, None where that was left out."""

    code: str
    first: str
    country: str | None
    amount: str | None
    currency: str | None
    times: int | None
    gift: bool


# --- planning --------------------------------------------------------------------------------------------------


def plan(options: Options, *, yes: bool) -> None:
    """Say what would be planned, ask whether that is right, and plan it. Raises OperatorError."""
    home = open_home()
    wanted, lines = read(home, lambda turn: _try_out(turn, options))
    say(*lines)
    if not yes and not is_right("Plan it?"):
        typer.echo("Nothing was planned.")
        return
    done = write(home, lambda turn: transfers.make_plan(turn, None, wanted))
    if "refused" in done:
        raise CashError(word(REFUSED[done["refused"]], SOURCE))
    typer.echo(f"Planned: firstsay cash list {options.code.upper()}")


def _try_out(turn: Turn, options: Options) -> tuple[PlanTransfers, list[Words]]:
    """What was asked for, and how a lead would read it in the chat before planning it."""
    client = _client(turn, options.code)
    first = _day("--first", options.first)
    if first < views.today(turn):
        raise CashError(f"--first: {first} has passed; name a day to come, or today")
    if options.gift and options.times is not None:
        raise CashError("--times: a gift is a single one; leave it or --gift out")
    times = 1 if options.gift else options.times or turn.programme.cash.times
    price = _price(turn, options, first)
    wanted = PlanTransfers(
        client.id, first.isoformat(), times, price.country, price.amount, price.currency, options.gift
    )
    planned = [
        (day.isoformat(), None if found is None else found.amount, "" if found is None else found.currency)
        for day, found in transfers.priced(turn, wanted)
    ]
    lacking = [day for day, amount, _currency in planned if amount is None]
    if lacking:
        raise CashError(f"--country: no rate is in force there on {lacking[0]}; add it to {FILE_NAME} as [[rate]]")
    here = clock(turn)
    known = views.of_client(turn, client, own=False)
    running = [each for each in known if each["state"] == "planned" and each["number"] is not None]
    return wanted, [*already(here, client.code, running), *summary(here, client.code, planned)]


def _price(turn: Turn, options: Options, first: date) -> transfers.Price:
    """By hand, or by the rates of a country: of the only one, where none is named."""
    if options.amount is not None:
        if options.country is not None:
            raise CashError("--country and --amount: only one of them goes; a rate says the amount already")
        return transfers.Price(*_amount(turn, options.amount, options.currency), None)
    if options.currency is not None:
        raise CashError("--currency: is for an amount by hand; give --amount too, or leave it out")
    countries = sorted({rate.country for rate in turn.programme.rates})
    country = options.country.upper() if options.country else countries[0] if len(countries) == 1 else None
    if country is None:
        ways = f"--country ({', '.join(countries)}) or --amount" if countries else "--amount, or add a [[rate]]"
        raise CashError(f"how much? give {ways}")
    if country not in countries:
        among = f"one of {', '.join(countries)}" if countries else f"there: no [[rate]] is set in {FILE_NAME}"
        raise CashError(f"--country: {country} is not {among}{meant(country, countries)}")
    return transfers.Price(0, "", country)


def _amount(turn: Turn, text: str, currency: str | None) -> tuple[int, str]:
    """Minor units, and their currency."""
    known = views.currencies(turn)
    code = known[0] if currency is None else currency.upper()
    if code not in known:
        raise CashError(
            f"--currency: {code} is not one of {', '.join(known)}; {FILE_NAME} names those that are paid here"
        )
    amount = parse_amount(text, code)
    minor = None if amount is None else to_minor(amount, code)
    if not minor:
        raise CashError(f"--amount: {text!r} is no amount in {code}; write it like 300000")
    return minor, code


# --- listing ---------------------------------------------------------------------------------------------------


def list_all(code: str | None) -> None:
    """Print what is planned and was sent, of a client or of all. Raises OperatorError."""
    home = open_home()
    found = read(home, lambda turn: _known(turn, code))
    if not found:
        typer.echo("No transfer is planned; firstsay cash plan makes some.")
        return
    table = Table(box=SIMPLE_HEAD)
    for heading in ("client", "number", "day", "amount", "state"):
        table.add_column(heading, justify="right" if heading == "amount" else "left", no_wrap=True)
    for each in found:
        number = "gift" if each["number"] is None else f"{each['number']} of {each['total']}"
        amount = f"{figures(each['amount'], each['currency'])} {each['currency']}"
        state = "late" if each["late"] else each["state"]
        table.add_row(each["code"], number, each["on"], amount, state)
    Console(highlight=False, markup=False, emoji=False).print(table)


def _known(turn: Turn, code: str | None) -> list[Transfer]:
    if code is None:
        return views.open_to(turn, None)
    return views.of_client(turn, _client(turn, code), own=False)


# --- noting ----------------------------------------------------------------------------------------------------


def mark_sent(file: Path, *, yes: bool) -> int:
    """Note every transfer of a sheet as sent; none where anything in it is wrong. Exit code. Raises OperatorError."""
    home = open_home()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CashError(f"{file}: cannot be read ({error.strerror}); name the CSV file") from None
    markings, faults = read(home, lambda turn: _weigh(turn, file, content))
    if faults:
        return _refuse(file, faults)
    say(*_told(markings))
    if not yes and not is_right("Note them as sent?"):
        typer.echo("Nothing was noted.")
        return 0
    write(home, lambda turn: _mark(turn, file, content))
    typer.echo(f"Noted: {len(markings)} as sent. Each client is told with one bland line, when they may be.")
    return 0


def _weigh(turn: Turn, file: Path, content: bytes) -> tuple[list[Marking], list[Fault]]:
    try:
        rows, unread = sheet.read(content, views.today(turn))
    except sheet.SheetError as error:
        raise CashError(f"{file}: {error}") from None
    markings, faults = sheet.weigh(turn, rows)
    return markings, sorted([*unread, *faults], key=lambda fault: fault.line or 0)


def _refuse(file: Path, faults: list[Fault]) -> int:
    for fault in faults:
        typer.echo(fault.told_of(str(file)), err=True)
    wrong = len({fault.line for fault in faults})
    typer.echo(f"firstsay: {file}: {wrong} wrong, so nothing was noted; mend it and run this again", err=True)
    return WRONG


def _told(markings: list[Marking]) -> list[Words]:
    """How many, from which day to which, and how much of each currency."""
    sums = Counter[str]()
    for _act, transfer in markings:
        sums[transfer["currency"]] += transfer["amount"]
    days = sorted(act.on for act, _transfer in markings)
    clients = len({transfer["client"] for _act, transfer in markings})
    return [
        Verbatim(f"{len(markings)} sent to {clients} client{'s'[: clients - 1]}, {days[0]} to {days[-1]}:"),
        *(_("• %(amount)s", amount=Money(amount, currency)) for currency, amount in sums.items()),
    ]


def _mark(turn: Turn, file: Path, content: bytes) -> None:
    """What was weighed may have changed until it was agreed to: it is weighed again, and stands as a whole or not."""
    markings, faults = _weigh(turn, file, content)
    for act, _transfer in markings:
        if faults or transfers.mark_sent(turn, None, act)["outcome"] != "done":
            raise CashError(f"{file}: something changed meanwhile, so nothing was noted; run this again")


def put_off(code: str, which: str, to: str, why: str) -> None:
    """Another day for a transfer. Raises OperatorError."""
    day = _day("--to", to)
    if why not in WHY:
        raise CashError(f"--why: {why} is not one of {', '.join(WHY)}{meant(why, WHY)}")

    def work(turn: Turn, transfer: int) -> Json:
        if day < views.today(turn):
            raise CashError(f"--to: {day} has passed; name a day to come, or today")
        return transfers.put_off(turn, None, PutOffTransfer(transfer, day.isoformat(), why))

    _change(code, which, work)


def cancel(code: str, which: str) -> None:
    """A transfer will not be sent. Raises OperatorError."""
    _change(code, which, lambda turn, transfer: transfers.cancel(turn, None, CancelTransfer(transfer)))


def unsent(code: str, which: str) -> None:
    """A transfer was not sent after all. Raises OperatorError."""
    _change(code, which, lambda turn, transfer: transfers.unmark_sent(turn, None, UnmarkSent(transfer)))


def _change(code: str, which: str, work: Callable[[Turn, int], Json]) -> None:
    """Do that to one transfer of a client, and print how it stands."""

    def change(turn: Turn) -> Words:
        client = _client(turn, code)
        before = _find(turn, client, which)
        if work(turn, before["transfer"])["outcome"] != "done":
            raise CashError(f"{client.code} {which}: is {before['state']}, so that cannot be done; nothing was changed")
        known = views.of_client(turn, client, own=False)
        after = next(each for each in known if each["transfer"] == before["transfer"])
        return in_short(after, turn.programme.time_zone)

    say(write(open_home(), change))


def _find(turn: Turn, client: Person, which: str) -> Transfer:
    """By its number in the series, or by its day."""
    known = views.of_client(turn, client, own=False)
    fitting = [each for each in known if which in (str(each["number"]), each["on"])]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(f"{sheet.named(each)} ({each['on']})" for each in fitting or known) or "none at all"
    why = "there is no such transfer" if not fitting else "that fits several; name it by its day"
    raise CashError(f"{client.code} {which}: {why}; there is {there}")


# --- reading what was given ------------------------------------------------------------------------------------


def _client(turn: Turn, code: str) -> Person:
    client = views.find_client(turn, code)
    if client is None:
        raise CashError(f"{code!r} is no client here; write the code that staff see, like C-123")
    return client


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text if len(text) == len("2026-12-31") else "")
    except ValueError:
        raise CashError(f"{option}: {text!r} is not a day; write it like 2026-12-31") from None
    if day.year > FARTHEST:
        raise CashError(f"{option}: {day} is too far away; write a nearer day")
    return day
