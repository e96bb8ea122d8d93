"""`firstsay round`, as an operator calls it, while people play the bot on the same database."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.settings import load_programme
from conversations.instruments import CHECKIN
from tests.bot.conftest import home as home
from tests.player import MONDAY
from tests.rounds.house import House
from tests.terminal import Run
from tests.terminal import terminal as terminal

PLAN = ("plan", "--instrument", "checkin", "--yes")


@pytest.fixture
def house(home: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A home with a programme of two places in it, and its people at play; the command's clock is theirs."""
    settings = home / "firstsay.toml"
    settings.write_text(settings.read_text("utf-8").replace("places = []", 'places = ["North", "South"]'), "utf-8")
    house = House(path=home / "firstsay.db", programme=load_programme(settings))
    monkeypatch.setattr("bot.errand.now", lambda: house.now)
    return house


@pytest.fixture
def run(terminal: Run, house: House) -> Run:
    """Run `firstsay round`."""
    return partial(terminal, "round")


# --- planning --------------------------------------------------------------------------------------------------


def test_a_round_is_planned_and_the_bot_that_runs_asks_by_it(house: House, run: Run) -> None:
    clients = [house.client() for _client in range(6)]
    house.client(consents=("plan",))
    code, out, err = run(*PLAN)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:4] == [
        CHECKIN.title.wordings["en"],
        "For everyone, once.",
        "It begins at once when you plan it.",
        "It stays open for 7 days.",
    ]
    assert lines[-1] == "Planned as round 1: firstsay round show 1 --follow"
    house.wait(seconds=5)
    assert [len(client.standing("ask")) for client in clients] == [1] * 6
    assert len(house.lines) == 6


def test_everything_that_was_asked_for_is_planned(house: House, run: Run) -> None:
    worker = house.person(house.staff("caseworker"))
    house.client(caseworker=worker.id)
    when = ("--at", "2026-12-01 09:00", "--every", "month", "--times", "3", "--window-days", "3")
    code, out, _err = run(*PLAN, *when, "--caseload", worker.code)
    assert code == 0
    assert "For the clients of caseworker, every month, 3 times." in out
    assert "It begins on Tuesday 1 December, 09:00 (2026, Asia/Yangon)." in out
    assert "• Friday 1 January, 09:00 (Asia/Yangon)" in out
    (row,) = house.rows("SELECT * FROM plans")
    kept = {name: row[name] for name in ("anchor", "repeat", "times", "window_hours", "lead_id", "audience")}
    assert kept == {
        "anchor": "2026-12-01T09:00",
        "repeat": "month",
        "times": 3,
        "window_hours": 72,
        "lead_id": None,
        "audience": f'["caseload", "{worker.id}"]',
    }


@pytest.mark.parametrize(("option", "value"), [("--language", "en"), ("--place", "North"), ("--stage", "home")])
def test_some_of_the_clients(house: House, run: Run, option: str, value: str) -> None:
    meant = house.client(place="North", stage="home")
    other = house.client(place="South", stage="new", language="my")
    assert run(*PLAN, option, value)[0] == 0
    house.wait(seconds=5)
    assert [len(client.standing("ask")) for client in (meant, other)] == [1, 0]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["--instrument", "transfer"],
            "--instrument: transfer is asked by itself, some days after each transfer; it needs no round",
        ),
        (
            ["--instrument", "chekin"],
            "--instrument: chekin is not one of checkin, followup, needs; did you mean",
        ),
        (
            ["--at", "tomorrow"],
            "--at: 'tomorrow' is neither now nor a day and time; write it like \"2026-12-01 09:00\"",
        ),
        (["--at", "2026-12-01"], "--at: '2026-12-01' is neither now nor a day and time; write it like"),
        (["--at", "2026-11-01 09:00"], "--at: 2026-11-01 09:00 has passed in Asia/Yangon; name a time to come, or now"),
        (["--every", "fortnight"], "--every: 'fortnight' is none of once, week, 2 weeks, 4 weeks"),
        (["--every", "cron 0 9 31 2 *"], "--every: 'cron 0 9 31 2 *' never comes"),
        (["--times", "3"], "--times: is for what comes again; name --every too, or leave it out"),
        (["--every", "week", "--last"], "--last: is for what comes once; leave it or --every out"),
        (["--language", "xx"], "--language: xx is not one of en, my"),
        (["--place", "Nort"], "--place: Nort is not one of North, South; did you mean North?"),
        (["--stage", "hom"], "--stage: hom is not one of new, shelter, settling, home; did you mean home?"),
        (["--caseload", "W-1"], "--caseload: W-1 is not there"),
        (
            ["--language", "en", "--place", "North"],
            "--language and --place: only one of them goes",
        ),
        (["--place", "South"], "There is no client whom it is for."),
    ],
)
def test_a_mistake_is_one_line_that_says_how_to_mend_it(
    house: House, run: Run, arguments: list[str], line: str
) -> None:
    house.client(place="North")
    code, out, err = run(*PLAN, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"firstsay: {line}")
    assert err.count("\n") == 1
    assert house.count("plans") == 0


def test_without_a_terminal_it_wants_a_yes(house: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    house.client()
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    code, _out, err = run("plan", "--instrument", "checkin")
    assert code == 2
    assert "use --yes" in err
    assert house.count("plans") == 0


@pytest.mark.parametrize(("said", "planned"), [(True, 1), (False, 0)])
def test_it_asks_first(house: House, run: Run, monkeypatch: pytest.MonkeyPatch, said: bool, planned: int) -> None:
    house.client()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda question: said)
    assert run("plan", "--instrument", "checkin")[0] == 0
    assert house.count("plans") == planned


def test_small_numbers_are_hidden_here_too(house: House, run: Run) -> None:
    for _client in range(4):
        house.client()
    out = run(*PLAN)[1]
    assert "fewer than 5 clients would be asked" in out
    assert " 4 " not in out


# --- watching and steering -------------------------------------------------------------------------------------


def test_a_round_is_listed_shown_paused_resumed_and_stopped(house: House, run: Run) -> None:
    clients = [house.client() for _client in range(5)]
    assert run("list")[1] == "No round is planned; firstsay round plan makes one.\n"
    run(*PLAN, "--every", "week")
    house.wait(seconds=5)
    name = CHECKIN.title.wordings["en"]
    assert run("list")[1] == f"1 · {name}, for everyone: under way\n"
    shown = run("show", "1")[1].splitlines()
    assert "It is for 5 clients:" in shown
    assert "• Accepted by Telegram, not opened yet: 5" in shown
    assert "Somebody where the bot runs planned this at 10:00." in shown
    assert run("pause", "1")[:2] == (0, "round 1 is paused\n")
    assert run("list")[1] == f"1 · {name}, for everyone: paused\n"
    assert run("resume", "1")[:2] == (0, "round 1 is active\n")
    assert run("stop", "1")[:2] == (0, "round 1 is stopped\n")
    house.wait(seconds=5)
    house.wait(seconds=5)
    assert not any(client.standing("ask") for client in clients), "no line stands any more"
    out = run("show", "1")[1]
    assert "It is stopped." in out
    assert f"{name}: round 1" in out, "with what came of it"


def test_what_was_on_its_way_is_taken_back_by_the_process_that_runs(house: House, run: Run) -> None:
    client = house.client()
    run(*PLAN)
    house.tick()
    asked = house.ask()
    run("pause", "1")
    house.settle(asked)
    house.wait(seconds=5)
    assert not client.standing("ask")
    assert not house.rows("SELECT id FROM outbox WHERE state = 'leased'"), "nothing waits for a process that has ended"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["show", "2"], "there is no round 2; firstsay round list shows what there is"),
        (["stop", "2"], "there is no round 2; firstsay round list shows what there is"),
        (["resume", "1"], "round 1 is not paused; there is nothing to resume"),
    ],
)
def test_a_slip_of_the_finger(house: House, run: Run, arguments: list[str], line: str) -> None:
    house.client()
    run(*PLAN)
    assert run(*arguments) == (2, "", f"firstsay: {line}\n")


def test_a_finished_round_cannot_be_stopped(house: House, run: Run) -> None:
    house.client()
    run(*PLAN)
    house.wait(seconds=5)
    run("stop", "1")
    for way in ("stop", "pause", "resume"):
        code, _out, err = run(way, "1")
        assert (code, err) == (2, "firstsay: round 1 is over already; firstsay round list shows those that go on\n")


def test_it_is_watched_until_it_has_closed(house: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for _client in range(12):
        house.client()
    run(*PLAN, "--at", "2026-11-02 10:01", "--window-days", "1")
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(house.now)
        house.wait(minutes=1 if house.now < MONDAY + timedelta(minutes=5) else 60 * 12)

    monkeypatch.setattr("time.sleep", sleep)
    code, out, _err = run("show", "1", "--follow")
    assert code == 0
    assert "12 of 12 asked or left out: sent 12" in out
    assert len(looks) > 5
    assert "• Did not open it: 12" in out
    assert f"{CHECKIN.title.wordings['en']}: round 1" in out


def test_whoever_has_seen_enough_may_go(house: House, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    house.client()
    run(*PLAN)

    def sleep(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)
    code, out, err = run("show", "1", "--follow")
    assert (code, err) == (0, "")
    assert "For everyone, once." in out
