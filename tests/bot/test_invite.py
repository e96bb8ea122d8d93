"""`firstsay invite`: a link that works once, and for a client only once somebody would answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import invite as module
from bot.doctor import examine
from bot.errors import OperatorError
from bot.invite import NotReadyError, PlaceError, invite, keep_username
from storage.store import Store
from tests.dialogue.stories import enrol, join
from tests.player import Stage

NOW = datetime.now(UTC)
"""An invitation expires by the real clock."""

NUMBER = """
[[crisis]]
country = "{country}"
language = "{language}"
label = "Night line"
number = "+95 1 234"
verified_by = "Daw Khin"
verified_on = {day}
"""
NO_NUMBER = "no number to call: add a [[crisis]] number that someone has called to firstsay.toml"
NO_CASEWORKER = "no caseworker has joined: firstsay invite caseworker"


@pytest.fixture
def stage(home: Path) -> Iterator[Stage]:
    """The people of that home."""
    stage = Stage(path=home / "firstsay.db", at=NOW)
    yield stage
    stage.connection.close()


@pytest.fixture
def ready(home: Path, stage: Stage) -> Path:
    """A home to which clients can be invited: a caseworker, hours, and a number for each language."""
    for language in ("en", "my"):
        add_number(home, language)
    join(stage)
    keep_username(Store(stage.connection, stage.keyring, stage.now), "the_bot")
    return home


def change(home: Path, old: str, new: str) -> None:
    """Change firstsay.toml."""
    text = (home / "firstsay.toml").read_text("utf-8")
    assert old in text
    (home / "firstsay.toml").write_text(text.replace(old, new), "utf-8")


def add_number(home: Path, language: str, country: str = "MM", age: int = 7) -> None:
    """Write a number that was called so many days ago into firstsay.toml."""
    day = (NOW - timedelta(days=age)).date().isoformat()
    with (home / "firstsay.toml").open("a") as file:
        file.write(NUMBER.format(country=country, language=language, day=day))


def invitations(home: Path) -> list[sqlite3.Row]:
    """What was made so far."""
    with closing(sqlite3.connect(home / "firstsay.db")) as connection:
        connection.row_factory = sqlite3.Row
        return list(connection.execute("SELECT * FROM invitations ORDER BY id"))


def refused(home: Path) -> str:
    """Why no client can be invited; the doctor says the same, in full."""
    before = len(invitations(home))
    with pytest.raises(NotReadyError) as caught:
        invite("client")
    assert len(invitations(home)) == before
    line = str(caught.value)
    assert line.endswith("; or use --anyway")
    told = [check.text for check in examine(NOW) if check.name == "clients"]
    rest = re.fullmatch(r"(.+?)(?:; (\d+) more to mend \(firstsay doctor\))?; or use --anyway", line)
    assert rest is not None and rest[1] == told[0]
    assert int(rest[2] or 0) == len(told) - 1
    return rest[1]


def test_a_programme_that_is_ready_invites_a_client(ready: Path) -> None:
    made = invite("client")
    assert made.link == f"https://t.me/the_bot?start={made.start}"
    assert timedelta(days=14) - timedelta(minutes=5) < made.expires_at - datetime.now(UTC) <= timedelta(days=14)
    (row,) = [row for row in invitations(ready) if row["used_at"] is None]
    assert (row["role"], row["place"], row["expires_at"]) == ("client", None, int(made.expires_at.timestamp()))
    assert made.start not in "".join(map(str, row)), "only its hash is kept"


def test_nobody_answers(ready: Path) -> None:
    change(ready, '["09:00-17:00"]', "[]")
    assert refused(ready) == "nobody answers at any hour: fill in [hours] in firstsay.toml"


def test_somebody_who_is_always_there_answers(ready: Path) -> None:
    text = (ready / "firstsay.toml").read_text("utf-8")
    always = re.sub(r"^(\w+day) = \[.*\]$", r'\1 = ["00:00-24:00"]', text, flags=re.M)
    assert always.count("00:00-24:00") == 7
    (ready / "firstsay.toml").write_text(always, "utf-8")
    assert invite("client").link


def test_no_caseworker(home: Path, ready: Path, stage: Stage) -> None:
    next(iter(stage.phones.values())).block()
    assert refused(home) == NO_CASEWORKER


@pytest.mark.parametrize(
    ("country", "age", "line"),
    [
        ("TH", 7, f"{NO_NUMBER} "),
        ("MM", 92, "no number called within 90 days: call it, and write who answered and when "),
        ("MM", -3, "no number called yet: its verified_on is still to come, put it right in firstsay.toml "),
    ],
)
def test_a_language_without_a_number_that_was_called(
    home: Path, stage: Stage, country: str, age: int, line: str
) -> None:
    join(stage)
    add_number(home, "en")
    where = '(country = "MM", language = "my")'
    assert refused(home) == f"{NO_NUMBER} {where}"
    add_number(home, "my", country, age)
    assert refused(home) == f"{line}{where}"
    add_number(home, "my")
    assert invite("client")


def test_each_country_needs_its_numbers(ready: Path) -> None:
    change(ready, 'countries = ["MM"]', 'countries = ["MM", "TH"]')
    assert refused(ready) == f'{NO_NUMBER} (country = "TH", language = "en")'
    add_number(ready, "en", "TH")
    assert refused(ready) == f'{NO_NUMBER} (country = "TH", language = "my")'
    add_number(ready, "my", "TH")
    assert invite("client")


def test_anyway_and_staff_are_asked_nothing(home: Path, stage: Stage) -> None:
    assert refused(home).startswith(NO_NUMBER)
    invite("client", anyway=True)
    invite("caseworker")
    invite("lead")
    assert [row["role"] for row in invitations(home)] == ["client", "caseworker", "lead"]


def test_a_client_comes_to_the_place_on_the_invitation(ready: Path, stage: Stage) -> None:
    change(ready, "places = []", 'places = ["North", "မြောက်"]')
    made = invite("client", place="မြောက်")
    client = stage.phone().send(f"/start {made.start}")
    assert stage.person(client).role == "client"
    assert stage.person(client).place == "မြောက်"
    assert stage.person(enrol(stage)).place is None


@pytest.mark.parametrize(
    ("role", "place", "line"),
    [
        ("client", "north", "--place: not one of places in firstsay.toml: North, South"),
        ("client", "", "--place: not one of places in firstsay.toml: North, South"),
        ("caseworker", "North", "--place is for clients; leave it out"),
    ],
)
def test_a_place_that_is_none(ready: Path, role: str, place: str, line: str) -> None:
    change(ready, "places = []", 'places = ["North", "South"]')
    before = len(invitations(ready))
    with pytest.raises(PlaceError) as caught:
        invite(role, anyway=True, place=place)
    assert str(caught.value) == line
    assert len(invitations(ready)) == before


def test_a_programme_without_places(ready: Path) -> None:
    with pytest.raises(OperatorError, match=r"^no places are set; write places = \[...\] in firstsay.toml"):
        invite("client", place="North")


def test_without_a_name_for_the_bot_there_is_a_code(home: Path) -> None:
    made = invite("caseworker")
    assert made.link is None
    assert len(made.start) == 16


def test_telegram_is_asked_what_the_bot_is_called_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [None, "the_bot"]
    monkeypatch.setattr(module, "_ask_username", lambda _home: answers.pop(0))
    links = [invite("caseworker").link or "" for _time in range(3)]
    assert [link.partition("?")[0] for link in links] == ["", "https://t.me/the_bot", "https://t.me/the_bot"]
    assert answers == []
