"""`firstsay doctor`: everything the bot needs, looked at and told one line each; nothing is changed.

The one exception: a home that has no database yet gets an empty one, as every other command would make it.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.console import Console

from bot.cash.hands import MONEY
from bot.errors import OperatorError
from bot.forms import frozen_in, read_folder
from bot.home import Home, open_home
from bot.init import read_master_key
from bot.programme import Programme
from bot.readiness import explain, missing_for_clients
from bot.settings import Environment, load_environment, load_programme
from bot.surroundings import (
    Check,
    Checks,
    Level,
    look_at_disk,
    look_at_home,
    look_at_process,
    look_at_telegram,
)
from bot.tables import VERIFIED_FOR
from conversations.instruments import INSTRUMENTS, NEEDS
from storage import people
from storage.database import connect
from storage.keys import Keyring, WrongKeyError
from storage.schema import HEAD, revision_of
from storage.store import Store
from translations.catalogs import CatalogError, load, missing
from translations.currencies import figures
from translations.languages import LANGUAGES

RATE_HOLDS: Final = timedelta(days=366)
"""After this a rate may have been forgotten."""

STUCK: Final = 600
"""Seconds after which a message that should have gone is stuck."""

STYLES: Final = {Level.OK: "green", Level.NOTE: "yellow", Level.MEND: "bold red"}


def run_doctor() -> int:
    """Print every check as it is made. Exit code: 1 if anything is to be mended, else 0."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    counts = dict.fromkeys(Level, 0)
    for check in examine(datetime.now(UTC)):
        console.print(f"{check.level:<5}", style=STYLES[check.level], end="")
        console.print(f"{check.name:<9} {' '.join(check.text.split())}")
        counts[check.level] += 1
    console.print(f"{counts[Level.MEND]} to mend, {counts[Level.NOTE]} to note.")
    return 1 if counts[Level.MEND] else 0


def examine(now: datetime) -> Checks:
    """Every check in turn; what cannot be looked at without something that is missing is left out. `now`: UTC."""
    try:
        environment = load_environment()
    except OperatorError as error:
        yield Check(Level.MEND, "settings", str(error))
        return
    yield from _guard("home", look_at_home(environment))
    yield from _guard("disk", look_at_disk(environment))
    yield from _guard("process", look_at_process(environment))
    programme = keyring = None
    try:
        programme = load_programme(environment.programme_file)
        yield Check(Level.OK, "settings", f"the variables and {environment.programme_file.name} can be read")
    except OperatorError as error:
        yield Check(Level.MEND, "settings", str(error))
    try:
        keyring = Keyring(read_master_key(environment.home))
        yield Check(Level.OK, "key", "the key file is a key, and only its owner can read it")
    except OperatorError as error:
        yield Check(Level.MEND, "key", str(error))
    if programme is not None:
        yield from _guard("urgent", look_at_urgent(programme))
        yield from _guard("crisis", look_at_crisis(programme, now))
        for language in programme.languages:
            yield from _guard("words", look_at_words(language))
        yield from _guard("cash", look_at_rates(programme, now))
        yield from _guard("forms", look_at_forms(environment, programme))
    if programme is not None and keyring is not None:
        home = Home(environment, programme, keyring, environment.database_file)
        yield from _guard("database", look_at_database(home, now))
    yield from _guard("telegram", look_at_telegram(environment, now))


def _guard(name: str, checks: Checks) -> Checks:
    """The checks, and instead of what goes wrong in them a line that says so."""
    try:
        yield from checks
    except (OperatorError, CatalogError) as error:
        yield Check(Level.MEND, name, str(error))
    except sqlite3.Error as error:
        yield Check(Level.MEND, name, f"cannot be read ({getattr(error, 'sqlite_errorname', 'sqlite3')})")
    except OSError as error:
        yield Check(Level.MEND, name, f"cannot be used ({error.strerror}); look at its owner and mode")


# --- what the programme decided --------------------------------------------------------------------------------


def look_at_urgent(programme: Programme) -> Checks:
    """Every need of the urgent table is one."""
    programme.check_needs([item.code for item in NEEDS.items])
    yield Check(
        Level.OK, "urgent", f"{_count(len(programme.urgent), 'need')} set by the programme, the rest as shipped"
    )


def look_at_crisis(programme: Programme, now: datetime) -> Checks:
    """Numbers that were called not long ago. Where one is missing is told with whatever else clients wait for."""
    numbers = programme.crisis
    if not numbers:
        return
    today = now.astimezone(programme.zone).date()
    old = sum(not line.is_verified(today) for line in numbers)
    if old:
        text = f"{old} of {_count(len(numbers), 'number')} not called within {VERIFIED_FOR.days} days: call again"
        yield Check(Level.NOTE, "crisis", f"{text}, and write down who answered and when")
    else:
        yield Check(Level.OK, "crisis", f"{_count(len(numbers), 'number')}, called within {VERIFIED_FOR.days} days")


def look_at_rates(programme: Programme, now: datetime) -> Checks:
    """What a transfer is in each country: at least looked at within a year, as minimum wages are."""
    today = now.astimezone(programme.zone).date()
    if not programme.rates:
        yield Check(Level.OK, "cash", "no [[rate]]: the amount of each transfer is entered by hand")
    for country in dict.fromkeys(rate.country for rate in programme.rates):
        rate = programme.rate(country, today)
        if rate is None:
            yield Check(Level.NOTE, "cash", f"no rate has begun in {country} yet")
        elif today - rate.valid_from > RATE_HOLDS:
            text = f"the rate in {country} is of {rate.valid_from}; look it up, and add a [[rate]] if it has changed"
            yield Check(Level.NOTE, "cash", text)
        else:
            amount = f"{figures(rate.minor, rate.currency)} {rate.currency}"
            yield Check(Level.OK, "cash", f"a transfer in {country} is {amount}, since {rate.valid_from}")


def look_at_words(language: str) -> Checks:
    """What a reader of this language is told in another one, and whether a native reader has seen the rest."""
    if language not in LANGUAGES:
        offered = ", ".join(LANGUAGES)
        yield Check(
            Level.MEND, "words", f"{language}: not offered by this version ({offered}); take it out of languages"
        )
        return
    catalog = load(language)
    english = len(missing(language))
    unworded = sum(json.loads(each.words(language)).count(None) for each in INSTRUMENTS.values())
    troubles = [
        *([f"{_count(english, 'sentence')} said in English"] if english else []),
        *([f"{len(catalog.faults)} of these because the translation is at fault"] if catalog.faults else []),
        *([f"{_count(unworded, 'text')} of the questions in English"] if unworded else []),
        *(["needs a native reader"] if catalog.needs_review else []),
    ]
    if troubles:
        yield Check(Level.NOTE, "words", f"{language}: {', '.join(troubles)}")
    else:
        yield Check(Level.OK, "words", f"{language}: complete")


def look_at_forms(environment: Environment, programme: Programme) -> Checks:
    """The forms in the programme's folder, if there are any: one that is wrong is offered to nobody."""
    files = read_folder(programme, frozen_in(environment.database_file))
    for file in files:
        wrong = [fault for fault in file.faults if not fault.note]
        for fault in file.faults if not wrong else wrong[:1]:
            more = f" ({len(wrong) - 1} more: firstsay instrument check {file.path})" if len(wrong) > 1 else ""
            level = Level.MEND if wrong else Level.NOTE
            yield Check(level, "forms", f"{fault.told_of(file.path.name)}{more}")
    right = sum(file.form is not None for file in files)
    if right:
        yield Check(Level.OK, "forms", f"{_count(right, 'form')} of the programme's own can be asked")


# --- what is kept ----------------------------------------------------------------------------------------------


def look_at_database(home: Home, now: datetime) -> Checks:
    """The schema, the key that belongs to it, and then everything that stands in it."""
    if not home.database.exists():
        open_home()
    with closing(connect(home.database, read_only=True)) as connection:
        revision = revision_of(connection)
        if revision is not None and revision > HEAD:
            yield Check(Level.MEND, "database", f"written by a newer First Say ({revision}); install that version")
            return
        if revision != HEAD:
            yield Check(Level.NOTE, "database", "of an older version; the next start brings it up to date")
            return
        store = Store(connection, home.keyring, now)
        proof = store.value("texts", "proof")
        try:
            if proof is not None:  # without one, the next command that opens this home makes it
                home.keyring.check(str(proof))
        except WrongKeyError:
            yield Check(Level.MEND, "key", f"not the one {home.database.name} was written with; put the right one back")
            return
        yield Check(Level.OK, "database", f"schema {revision}, written with this key")
        yield from look_at_people(home, store)
        yield from look_at_traffic(store)
        yield from look_at_cash(home, store)


def look_at_people(home: Home, store: Store) -> Checks:
    """Who would answer a client, and when."""
    for lack in missing_for_clients(store, home.programme):
        yield Check(Level.MEND, "clients", explain(lack))
    hours = home.programme.answering_hours
    opens = hours.next_opening(store.now)
    if hours.open_at(store.now):
        yield Check(Level.OK, "hours", f"open now ({home.programme.time_zone})")
    elif opens is not None:
        yield Check(Level.OK, "hours", f"closed now; opens {opens.astimezone(hours.zone):%a %d %b %H:%M} there")
    for role in ("caseworker", "lead"):
        everyone, there = people.find_by_role(store, role), people.reachable(store, role)
        blocked = [person for person in everyone if person.blocked_at is not None]
        unnamed = [person for person in everyone if person.blocked_at is None and person.name is None]
        if blocked:
            text = f"{len(blocked)} of {_count(len(everyone), role)} blocked the bot and hears of nothing"
            yield Check(Level.NOTE, "staff", text)
        if unnamed:
            yield Check(Level.NOTE, "staff", f"{_count(len(unnamed), role)} began to join and gave no name yet")
        if there:
            yield Check(Level.OK, "staff", f"{_count(len(there), role)} can be reached")
        elif role == "lead":
            yield Check(Level.NOTE, "staff", "no programme lead can be reached: firstsay invite lead")


def look_at_traffic(store: Store) -> Checks:
    """What waits to be read, answered or sent."""
    # Of trouble with money nothing is counted: whoever runs this may be the one it must not reach.
    unreached = sum(row["kind"] != MONEY for row in store.rows("alerts", "unreached"))
    if unreached:
        yield Check(Level.MEND, "alerts", f"{_count(unreached, 'wish', 'es')} for contact reached nobody: invite staff")
    else:
        yield Check(Level.OK, "alerts", "every open wish for contact has reached somebody")
    letters = int(store.value("letters", "count", now=store.at))
    if letters:
        yield Check(
            Level.NOTE, "letters", f"{_count(letters, 'message')} could not be handled and must be read by a person"
        )
    else:
        yield Check(Level.OK, "letters", "no message waits that could not be handled")
    rows = {row["state"]: row for row in store.rows("outbox", "depth")}
    waiting = sum(rows[state]["number"] for state in ("queued", "leased", "uncertain") if state in rows)
    stuck = any(rows[s]["oldest"] < store.at - STUCK for s in ("queued", "uncertain") if s in rows)
    failed = rows["failed"]["number"] if "failed" in rows else 0
    text = f"{_count(waiting, 'message')} to send, {failed} failed within a week"
    if stuck:
        text += "; some should have gone long ago: is firstsay run running, and is Telegram there?"
    yield Check(Level.NOTE if stuck or failed else Level.OK, "outbox", text)


ENOUGH: Final = 2
"""People who could hear of trouble with money."""


def look_at_cash(home: Home, store: Store) -> Checks:
    """Who hears of trouble with money, and how many transfers are late; never whose."""
    codes = home.programme.safeguarding.people
    staff = people.find_by_codes(store, codes)
    for code in codes:
        person = staff.get(code)
        if person is None or person.role not in ("caseworker", "lead"):
            yield Check(Level.MEND, "cash", f"safeguarding.people: nobody of the staff has the code {code}; mend it")
        elif not person.is_reachable:
            yield Check(
                Level.MEND, "cash", f"safeguarding.people: {code} cannot be reached now; name somebody else too"
            )
    can_hear = [staff[code] for code in codes if code in staff] if codes else people.find_by_role(store, "lead")
    if sum(person.is_reachable for person in can_hear) < ENOUGH and int(store.value("transfers", "planned_ever")):
        yield Check(
            Level.NOTE,
            "cash",
            "fewer than two people could hear of trouble with money, and whoever handled it may not: "
            "name two who handle none in safeguarding.people",
        )
    today = store.now.astimezone(home.programme.zone).date().isoformat()
    late = int(store.value("transfers", "late", today=today))
    if late:
        yield Check(Level.NOTE, "cash", f"{_count(late, 'transfer')} should have been sent by now: firstsay cash list")


def _count(number: int, word: str, plural: str = "s") -> str:
    return f"{number} {word}{'' if number == 1 else plural}"
