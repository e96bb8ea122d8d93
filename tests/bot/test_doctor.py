from __future__ import annotations

import asyncio
import shutil
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.demo.telegram import TOKEN, Standin
from bot.doctor import examine, run_doctor
from bot.home import only_one, open_home
from bot.surroundings import Level, check_clock
from storage.database import connect, transact
from storage.schema import HEAD
from storage.store import Store
from tests.dialogue.stories import arrive, enrol, join
from tests.player import Stage

NOW = datetime(2026, 11, 2, 3, 30, tzinfo=UTC)
"""A Monday, 10:00 in Yangon."""

CRISIS = """
[[crisis]]
country = "MM"
language = "{language}"
label = "Night line"
number = "+95 1 234"
verified_by = "Daw Khin"
verified_on = {day}
"""

Lines = list[tuple[str, str]]


@pytest.fixture
def home(home: Path) -> Path:
    """A home for one language."""
    change(home, 'languages = ["en", "my"]', 'languages = ["en"]')
    return home


@pytest.fixture
def stage(home: Path) -> Iterator[Stage]:
    """A programme that is ready: a caseworker, a lead, and a number that was called last week."""
    add_number(home, "en", NOW - timedelta(days=7))
    stage = Stage(path=home / "firstsay.db", at=NOW - timedelta(minutes=1))
    join(stage, "caseworker")
    join(stage, "lead")
    yield stage
    stage.connection.close()


def change(home: Path, old: str, new: str) -> None:
    """Change firstsay.toml."""
    text = (home / "firstsay.toml").read_text()
    assert old in text
    (home / "firstsay.toml").write_text(text.replace(old, new))


def add_number(home: Path, language: str, day: datetime) -> None:
    """Write a crisis number into firstsay.toml."""
    with (home / "firstsay.toml").open("a") as file:
        file.write(CRISIS.format(language=language, day=day.date().isoformat()))


def look(name: str) -> Lines:
    """The lines of one name: level and text."""
    return [(check.level.value, check.text) for check in examine(NOW) if check.name == name]


def to_mend() -> list[tuple[str, str]]:
    """Everything that is to be mended: name and text."""
    return [(check.name, check.text) for check in examine(NOW) if check.level is Level.MEND]


def test_a_programme_that_is_ready_has_nothing_to_mend(stage: Stage) -> None:
    enrol(stage)
    checks = list(examine(NOW))
    assert [check for check in checks if check.level is Level.MEND] == []
    assert {check.name for check in checks} == {
        *("settings", "home", "disk", "process", "key", "urgent", "crisis", "words", "database"),
        *("hours", "staff", "alerts", "letters", "outbox", "token", "clock", "cash"),
    }
    assert look("staff") == [("ok", "1 caseworker can be reached"), ("ok", "1 lead can be reached")]
    assert look("hours") == [("ok", "open now (Asia/Yangon)")]
    assert look("database") == [("ok", f"schema {HEAD}, written with this key")]


def test_each_check_is_one_plain_line(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_doctor()
    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[-1].startswith("0 to mend, ")
    assert all(line.split()[0] in ("ok", "note") for line in lines[:-1])
    assert "\x1b" not in "".join(lines)


def test_rates_transfers_and_who_hears_of_trouble(stage: Stage, home: Path) -> None:
    assert look("cash") == [("ok", "no [[rate]]: the amount of each transfer is entered by hand")]
    for country, day in (("MM", "2025-01-01"), ("TH", "2026-10-01"), ("KH", "2099-01-01")):
        rate = f'country = "{country}"\ncurrency = "MMK"\namount = 300000\nvalid_from = {day}'
        with (home / "firstsay.toml").open("a") as file:
            file.write(f"\n[[rate]]\n{rate}\n")
    (caseworker,) = stage.rows("SELECT code FROM identities WHERE code LIKE 'W-%'")
    change(home, "people = []", f'people = ["L-1", "{caseworker["code"]}"]')
    client = enrol(stage)
    columns = "id, series_id, amount, first_amount, created_at, changed_at, currency, first_currency, state, shown"
    stage.connection.execute(
        f"INSERT INTO transfers ({columns}, person_id, planned_for)"
        " VALUES (1, 1, 1, 1, 1, 1, 'MMK', 'MMK', 'planned', 'planned', ?, ?)",
        (stage.person(client).id, (NOW - timedelta(days=2)).date().isoformat()),
    )
    stage.connection.commit()
    assert look("cash") == [
        ("note", "the rate in MM is of 2025-01-01; look it up, and add a [[rate]] if it has changed"),
        ("ok", "a transfer in TH is 300,000 MMK, since 2026-10-01"),
        ("note", "no rate has begun in KH yet"),
        ("mend", "safeguarding.people: nobody of the staff has the code L-1; mend it"),
        (
            "note",
            "fewer than two people could hear of trouble with money, and whoever handled it may not: "
            "name two who handle none in safeguarding.people",
        ),
        ("note", "1 transfer should have been sent by now: firstsay cash list"),
    ]


def test_a_new_home_says_what_stands_between_it_and_a_client(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_doctor() == 1
    lines = capsys.readouterr().out.splitlines()
    mend = [line.split(maxsplit=2)[2] for line in lines if line.startswith("mend")]
    assert mend == [
        "no number to call: add a [[crisis]] number that someone has called to firstsay.toml"
        ' (country = "MM", language = "en")',
        "no caseworker has joined: firstsay invite caseworker",
    ]
    assert lines[-1].startswith("2 to mend, ")


def test_no_home_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path / "none"))
    assert [name for name, _text in to_mend()] == ["home", "settings", "key"]
    assert not (tmp_path / "none").exists()


def test_a_wrong_variable_ends_it_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTSAY_LISTEN", "x")
    (check,) = examine(NOW)
    assert (check.level, check.name) == (Level.MEND, "settings")
    assert check.text.startswith("FIRSTSAY_LISTEN: is not host:port")


def test_a_wrong_file_does_not_hide_the_rest(home: Path) -> None:
    change(home, 'currency = "MMK"', 'currency = "X"')
    (home / "firstsay.key").chmod(0o644)
    home.chmod(0o750)
    found = dict(to_mend())
    assert "currency" in found["settings"]
    assert "chmod 600" in found["key"]
    assert found["home"] == f"others on this machine can look into it; run: chmod 700 {home}"


def test_a_database_elsewhere_is_looked_at_too(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "elsewhere.db"
    monkeypatch.setenv("FIRSTSAY_DATABASE", str(database))
    open_home()
    database.chmod(0o640)
    assert ("home", f"others on this machine can look into it; run: chmod 600 {database}") in to_mend()


def test_the_key_of_another_home(home: Path) -> None:
    open_home()
    (home / "firstsay.key").write_bytes(b64encode(bytes(32)))
    assert to_mend() == [("key", "not the one firstsay.db was written with; put the right one back")]


@pytest.mark.parametrize(("revision", "level"), [("9999", "mend"), ("0000", "note")])
def test_a_database_of_another_version_is_not_touched(home: Path, revision: str, level: str) -> None:
    open_home()
    with closing(connect(home / "firstsay.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    ((found, text),) = look("database")
    assert found == level
    assert "version" in text or "newer" in text
    assert look("staff") == []
    with closing(connect(home / "firstsay.db", read_only=True)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()[0] == revision


def test_a_file_that_is_no_database(home: Path) -> None:
    (home / "firstsay.db").write_bytes(b"no database" * 1000)
    assert ("database", "cannot be read (SQLITE_NOTADB)") in to_mend()


# What the programme decided


def test_a_need_that_is_none_in_the_urgent_table(stage: Stage, home: Path) -> None:
    change(home, '#debt = "urgent"', 'debts = "urgent"')
    ((level, text),) = look("urgent")
    assert level == "mend"
    assert "urgent.debts: no such need; did you mean debt?" in text


def test_a_language_that_is_not_offered(stage: Stage, home: Path) -> None:
    change(home, 'languages = ["en"]', 'languages = ["en", "th"]')
    assert ("words", "th: not offered by this version (en, my); take it out of languages") in to_mend()


def test_a_language_that_needs_a_reader_is_noted(stage: Stage, home: Path) -> None:
    change(home, 'languages = ["en"]', 'languages = ["en", "my"]')
    add_number(home, "my", NOW)
    assert to_mend() == []
    english, burmese = look("words")
    assert english == ("ok", "en: complete")
    assert burmese[0] == "note"
    assert "needs a native reader" in burmese[1]


def test_numbers_that_were_not_called_for_long(stage: Stage, home: Path) -> None:
    add_number(home, "en", NOW - timedelta(days=91))
    ((level, text),) = look("crisis")
    assert (level, text.partition(":")[0]) == ("note", "1 of 2 numbers not called within 90 days")
    assert to_mend() == [], "the other one was"


def test_a_number_for_each_country_and_language(stage: Stage, home: Path) -> None:
    change(home, 'languages = ["en"]', 'languages = ["en", "my"]')
    change(home, 'countries = ["MM"]', 'countries = ["MM", "TH"]')
    add_number(home, "my", NOW - timedelta(days=91))
    assert [(name, text.partition("(")[2]) for name, text in to_mend()] == [
        ("clients", 'country = "MM", language = "my")'),
        ("clients", 'country = "TH", language = "en")'),
        ("clients", 'country = "TH", language = "my")'),
    ]
    assert [text.partition(":")[0] for _name, text in to_mend()] == [
        "no number called within 90 days",
        "no number to call",
        "no number to call",
    ]


def test_when_nobody_answers(stage: Stage, home: Path) -> None:
    change(home, '["09:00-17:00"]', "[]")
    assert to_mend() == [("clients", "nobody answers at any hour: fill in [hours] in firstsay.toml")]
    assert look("hours") == []


def test_out_of_hours(stage: Stage, home: Path) -> None:
    change(home, 'monday = ["09:00-17:00"]', 'monday = ["11:00-17:00"]')
    assert look("hours") == [("ok", "closed now; opens Mon 02 Nov 11:00 there")]


# What is kept


def test_staff_who_cannot_be_reached(home: Path) -> None:
    add_number(home, "en", NOW)
    stage = Stage(path=home / "firstsay.db", at=NOW - timedelta(minutes=1))
    join(stage, "caseworker").block()
    arrive(stage, "caseworker")
    stage.connection.close()
    assert look("staff") == [
        ("note", "1 of 2 caseworkers blocked the bot and hears of nothing"),
        ("note", "1 caseworker began to join and gave no name yet"),
        ("note", "no programme lead can be reached: firstsay invite lead"),
    ]


def test_a_wish_that_reached_nobody(home: Path) -> None:
    stage = Stage(path=home / "firstsay.db", at=NOW - timedelta(minutes=1))
    arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
    stage.connection.close()
    assert ("alerts", "1 wish for contact reached nobody: invite staff") in to_mend()


def test_messages_that_wait(stage: Stage) -> None:
    stage.take({"update_id": 7_000_000, "message": {"chat": "not a chat"}})
    client = stage.person(enrol(stage))

    def add(store: Store, state: str, age: int) -> None:
        values = {
            "slot_id": None,
            "subject_id": None,
            "asking_id": None,
            "lane": "reply",
            "purpose": "answer",
            "method": "show",
        }
        times = {"not_before": store.at - age, "expires_at": None, "created_at": store.at - age}
        store.later(
            "outbox", "insert", id=store.new_id(), person_id=client.id, body=b"", state=state, **values, **times
        )
        store.flush()

    transact(stage.connection, lambda connection: add(Store(connection, stage.keyring, NOW), "queued", 60))
    assert look("letters") == [("note", "1 message could not be handled and must be read by a person")]
    assert look("outbox") == [("ok", "1 message to send, 0 failed within a week")]
    transact(stage.connection, lambda connection: add(Store(connection, stage.keyring, NOW), "failed", 60))
    transact(stage.connection, lambda connection: add(Store(connection, stage.keyring, NOW), "queued", 900))
    ((level, text),) = look("outbox")
    assert (level, text.partition(";")[0]) == ("note", "2 messages to send, 1 failed within a week")
    assert "is firstsay run running" in text


def test_it_changes_nothing(stage: Stage, home: Path) -> None:
    enrol(stage)
    open_home()
    before = list(stage.connection.iterdump())
    list(examine(NOW))
    assert list(stage.connection.iterdump()) == before


# What surrounds it


@pytest.mark.parametrize(("free", "level"), [(50_000_000, "mend"), (500_000_000, "note"), (5_000_000_000, "ok")])
def test_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    ((found, text),) = look("disk")
    assert found == level
    assert f"{free // 1_000_000:,} MB free" in text


def test_a_bot_that_runs_is_fine(home: Path) -> None:
    assert look("process") == [("ok", "firstsay run is not running here now")]
    with only_one(home):
        assert look("process") == [("ok", "firstsay run is running here now")]


def test_without_a_token_telegram_is_not_asked(stage: Stage) -> None:
    assert look("token") == [("note", "FIRSTSAY_TOKEN is not set, so Telegram was not asked")]
    ((level, text),) = look("clock")
    assert (level, text) == ("ok", "shows 2026-11-02 03:30 UTC; not compared with Telegram's")


async def ask(monkeypatch: pytest.MonkeyPatch, api_url: str, token: str) -> tuple[Lines, Lines]:
    """What is said of token and clock; away from the event loop, as on the command line."""
    monkeypatch.setenv("FIRSTSAY_API_URL", api_url)
    monkeypatch.setenv("FIRSTSAY_TOKEN", token)
    checks = await asyncio.to_thread(lambda: list(examine(NOW)))
    assert not [check for check in checks if token in check.text]
    token_lines, clock_lines = (
        [(check.level.value, check.text) for check in checks if check.name == name] for name in ("token", "clock")
    )
    return token_lines, clock_lines


async def test_a_token_that_telegram_knows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Standin() as standin:
        token, clock = await ask(monkeypatch, standin.url, TOKEN)
    assert token == [("ok", "Telegram knows it: @first_say_bot")]
    assert clock == [("ok", "agrees with Telegram's")]


async def test_a_token_that_telegram_refuses(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Standin() as standin:
        token, clock = await ask(monkeypatch, standin.url, "7000000002:AAF-marker_marker_marker_marker_mar")
    assert token == [("mend", "Telegram refuses FIRSTSAY_TOKEN; get the right one from @BotFather")]
    assert clock == [("ok", "agrees with Telegram's")]


async def test_telegram_does_not_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.surroundings.TELEGRAM_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        token, clock = await ask(monkeypatch, url, TOKEN)
    assert [level for level, _text in token] == ["mend"]
    assert token[0][1].startswith(f"no answer from {url} in ")
    assert [level for level, _text in clock] == ["ok"]


@pytest.mark.parametrize(
    ("ahead", "level", "text"),
    [
        (0.4, Level.OK, "agrees with Telegram's"),
        (-30.0, Level.OK, "agrees with Telegram's"),
        (95.2, Level.MEND, "is 95 seconds ahead of Telegram's; let the machine set it (NTP)"),
        (-3600.0, Level.MEND, "is 3600 seconds behind Telegram's; let the machine set it (NTP)"),
    ],
)
def test_the_clock_beside_telegrams(ahead: float, level: Level, text: str) -> None:
    check = check_clock(NOW, ahead, None)
    assert (check.level, check.text) == (level, text)


def test_the_clock_by_good_sense(stage: Stage) -> None:
    at = int(NOW.timestamp())
    assert check_clock(NOW, None, at + 5).level is Level.OK
    assert check_clock(NOW, None, at + 3600).level is Level.MEND
    assert check_clock(datetime(1970, 1, 1, tzinfo=UTC), None, None).level is Level.MEND
    checks = list(examine(NOW - timedelta(days=1)))  # updates were kept since
    assert [check.level for check in checks if check.name == "clock"] == [Level.MEND]
