"""`firstsay cash`, as an operator calls it, while people play the bot on the same database."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.settings import load_programme
from bot.talks import BLAND
from conversations.acts import AnswerTransfer
from tests.cash.ledger import Ledger
from tests.player import Phone
from tests.terminal import Run

RATE = """
[[rate]]
country = "TH"
currency = "THB"
amount = "10400.50"
valid_from = 2026-10-01
"""
HEADER = "client;number;sent_on;how;handed_by;amount;currency"


@pytest.fixture
def ledger(home: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A home with a rate, and a programme at play in it; the command's clock is theirs."""
    file = home / "firstsay.toml"
    file.write_text(file.read_text("utf-8") + RATE, "utf-8")
    made = Ledger(load_programme(file), path=home / "firstsay.db")
    monkeypatch.setattr("bot.errand.now", lambda: made.now)
    return made


@pytest.fixture
def run(terminal: Run, ledger: Ledger) -> Run:
    """Run `firstsay cash`."""
    return partial(terminal, "cash")


def code_of(ledger: Ledger, client: Phone) -> str:
    """What staff see of a client."""
    return ledger.person(client).code


def states(ledger: Ledger) -> list[str]:
    """Where every transfer is, in the order they were planned."""
    return [row["state"] for row in ledger.rows("SELECT state FROM transfers ORDER BY id")]


def news(client: Phone) -> list[str]:
    """The lines that stand on a client's phone unasked."""
    return [message.text for message in client.standing("push")]


def test_three_by_the_rate_and_the_bot_that_runs_tells_the_client(ledger: Ledger, run: Run, client: Phone) -> None:
    code = code_of(ledger, client)
    done, out, err = run("plan", code.lower(), "--first", "2027-01-31", "--yes")
    assert (done, err) == (0, "")
    assert out.splitlines()[:4] == [
        f"For {code}:",
        "• Sunday 31 January, 2027: 10,400.50 baht",
        "• Sunday 28 February, 2027: 10,400.50 baht",
        "• Wednesday 31 March, 2027: 10,400.50 baht",
    ]
    assert news(client) == [], "the command itself sends nothing"
    assert {row["state"] for row in ledger.rows("SELECT state FROM outbox")} == {"queued"}
    ledger.wait(seconds=5)
    assert news(client) == [BLAND.message]
    (line,) = {line for line in run("list")[1].splitlines() if "2027-02-28" in line}
    assert line.split() == [code, "2", "of", "3", "2027-02-28", "10,400.50", "THB", "planned"]


def test_one_step_after_the_other(ledger: Ledger, run: Run, client: Phone, tmp_path: Path) -> None:
    code = code_of(ledger, client)
    assert run("plan", code, "--first", "2026-11-02", "--amount", "300000", "--times", "2", "--yes")[0] == 0
    assert run("put-off", code, "2", "--to", "2027-01-04", "--why", "bank")[1].endswith("planned: Monday 4 January\n")
    assert run("cancel", code, "2")[1].endswith("cancelled\n")
    sheet = write(tmp_path, f"{code};1;2026-11-02;bank;;300000;MMK")
    done, out, err = run("sent", str(sheet), "--yes")
    assert (done, err) == (0, "")
    assert out.splitlines()[:2] == ["1 sent to 1 client, 2026-11-02 to 2026-11-02:", "• 300,000 kyat"]
    ledger.wait(seconds=5)
    assert news(client) == [BLAND.message], "one line, whatever happened"
    assert states(ledger) == ["sent", "cancelled"]
    (first, _second) = ledger.rows("SELECT * FROM transfers ORDER BY id")
    ledger.do(client, AnswerTransfer(first["id"], "part"))
    assert "sent" in run("list", code)[1]
    assert "part" not in run("list", code)[1]
    assert run("unsent", code, "1")[0] == 0
    assert states(ledger) == ["planned", "cancelled"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["plan", "C-1", "--first", "2027-01-31"], "'C-1' is no client here"),
        (["plan", "CODE", "--first", "31.1.2027"], "--first: '31.1.2027' is not a day; write it like 2026-12-31"),
        (["plan", "CODE", "--first", "2026-11-01"], "--first: 2026-11-01 has passed"),
        (["plan", "CODE", "--first", "2027-01-31", "--country", "KH"], "--country: KH is not one of TH"),
        (["plan", "CODE", "--first", "2027-01-31", "--amount", "a lot"], "--amount: 'a lot' is no amount in MMK"),
        (["plan", "CODE", "--first", "2027-01-31", "--amount", "1", "--currency", "USD"], "not one of MMK, THB"),
        (["plan", "CODE", "--first", "2027-01-31", "--amount", "1", "--country", "TH"], "only one of them goes"),
        (["plan", "CODE", "--first", "2027-01-31", "--gift", "--times", "2"], "a gift is a single one"),
        (["plan", "CODE", "--first", "2027-01-31"], "nobody is here to say whether that is right; use --yes"),
        (["put-off", "CODE", "1", "--to", "2026-11-01", "--why", "bank"], "--to: 2026-11-01 has passed"),
        (["put-off", "CODE", "1", "--to", "2027-01-01", "--why", "banks"], "did you mean bank?"),
        (["cancel", "CODE", "3"], "3: there is no such transfer; there is number 1 (2026-11-02)"),
        (["unsent", "CODE", "2026-11-02"], "is planned, so that cannot be done; nothing was changed"),
        (["list", "W-1"], "'W-1' is no client here"),
        (["sent", "nowhere.csv"], "nowhere.csv: cannot be read (No such file or directory); name the CSV file"),
    ],
)
def test_a_mistake_is_one_line(ledger: Ledger, run: Run, client: Phone, arguments: list[str], line: str) -> None:
    code = code_of(ledger, client)
    run("plan", code, "--first", "2026-11-02", "--times", "1", "--yes")
    done, _out, err = run(*(code if each == "CODE" else each for each in arguments))
    assert done == 2
    assert line in err
    assert len(err.splitlines()) == 1
    assert states(ledger) == ["planned"]


def write(folder: Path, *rows: str) -> Path:
    """A sheet."""
    file = folder / "sent.csv"
    file.write_text("\n".join([HEADER, *rows]), "utf-8")
    return file


WRONG = {
    "client": lambda cells: ["C-1", *cells[1:]],
    "number": lambda cells: [cells[0], "7", *cells[2:]],
    "sent_on": lambda cells: [*cells[:2], "2099-01-01", *cells[3:]],
    "amount": lambda cells: [*cells[:5], "299999", cells[6]],
    "currency": lambda cells: [*cells[:6], "THB"],
    "formula": lambda cells: [*cells[:4], "=1+1", *cells[5:]],
}


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(wrong=["", "amount", ""])
@example(wrong=["", ""])
@given(wrong=st.lists(st.sampled_from(["", "", "", *WRONG]), min_size=1, max_size=5))
def test_a_sheet_is_noted_as_a_whole_or_not_at_all(ledger: Ledger, run: Run, tmp_path: Path, wrong: list[str]) -> None:
    lead = next(iter(ledger.phones.values()), None) or ledger.admit("lead", "Lin")
    planned = [(ledger.admit("client"), fault) for fault in wrong]
    rows, ids = [], []
    for client, fault in planned:
        ids += ledger.plan(lead, client, "2026-11-02", times=1)
        cells = [code_of(ledger, client), "1", "2026-11-02", "hand", code_of(ledger, lead), "300000", "MMK"]
        rows.append(";".join(WRONG[fault](cells) if fault else cells))
    done, _out, err = run("sent", str(write(tmp_path, *rows)), "--yes")
    now = [ledger.rows("SELECT state FROM transfers WHERE id = ?", id_)[0]["state"] for id_ in ids]
    if any(wrong):
        assert (done, set(now)) == (2, {"planned"})
        named = [line.split(":")[1] for line in err.splitlines()[:-1]]
        assert named == [str(number) for number, fault in enumerate(wrong, 2) if fault]
    else:
        assert (done, set(now)) == (0, {"sent"})


def test_what_changed_until_it_was_agreed_to_stops_it_all(
    ledger: Ledger, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = ledger.admit("lead", "Lin")
    clients = [ledger.admit("client") for _client in range(2)]
    ids = [ledger.plan(lead, client, "2026-11-02", times=1)[0] for client in clients]
    rows = [f"{code_of(ledger, client)};1;2026-11-02;hand;;300000;MMK" for client in clients]

    def agree(_question: str) -> bool:
        ledger.send(lead, ids[1])
        return True

    monkeypatch.setattr("bot.cash.command.is_right", agree)
    done, _out, err = run("sent", str(write(tmp_path, *rows)))
    assert done == 2
    assert "something changed meanwhile, so nothing was noted; run this again" in err
    assert states(ledger) == ["planned", "sent"]
