"""Staff plan a client's transfers and note what was sent; the client's phone shows no more than one bland line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.tables import Rate
from bot.talks import BLAND
from conversations.acts import NoteEntry
from conversations.looks import LookShared
from tests.cash.ledger import Ledger, programme
from tests.dialogue.stories import join
from tests.player import PROGRAMME, Phone, Stage

RATES = [("2026-01-01", 300_000), ("2027-03-01", 320_000)]


@pytest.fixture(params=[True, False], ids=["restarted", "running"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """A programme where a transfer grows by the first of March."""
    rates = tuple(
        Rate(country="MM", currency="MMK", amount=Decimal(amount), valid_from=date.fromisoformat(day))
        for day, amount in RATES
    )
    return Stage(PROGRAMME.model_copy(update={"rates": rates}), restarts=request.param)


@pytest.fixture
def lead(stage: Stage) -> Phone:
    """A programme lead."""
    return join(stage, "lead", "Lin")


def plan(staff: Phone, code: str, times: str = "3 transfers", first: str = "31.1.2027") -> Phone:
    """Transfers by the rate; the summary is on the screen."""
    staff.send("/menu").tap("Money").tap("Plan transfers").send(code)
    return staff.tap(times).tap("Another day").send(first).tap("MM")


def mark_sent(staff: Phone, of: str) -> Phone:
    """The first one of a client was sent today, from hand to hand, by oneself."""
    staff.send("/menu").tap("Money").tap(of).tap("It was sent").tap("Today").tap("from hand")
    return staff.tap(staff.labels[0])


def news(client: Phone) -> list[str]:
    """The lines that stand on a client's phone unasked."""
    return [message.text for message in client.standing("push")]


def test_three_from_the_last_day_of_january(stage: Stage, client: Phone, lead: Phone) -> None:
    code = stage.person(client).code
    plan(lead, code.removeprefix("C-"))
    assert lead.text.splitlines()[:4] == [
        f"For {code}:",
        "• Sunday 31 January, 2027: 300,000 kyat",
        "• Sunday 28 February, 2027: 300,000 kyat",
        "• Wednesday 31 March, 2027: 320,000 kyat",
    ]
    assert lead.text.endswith("Together: 920,000 kyat")
    assert not stage.count("transfers"), "nothing is planned before it was agreed to"
    lead.tap("Plan it")
    rows = stage.rows("SELECT number, total, planned_for, amount, state FROM transfers ORDER BY number")
    assert [tuple(row) for row in rows] == [
        (1, 3, "2027-01-31", 300_000, "planned"),
        (2, 3, "2027-02-28", 300_000, "planned"),
        (3, 3, "2027-03-31", 320_000, "planned"),
    ]
    assert news(client) == [BLAND.message]


def test_who_plans_it_twice_is_told_first(stage: Stage, client: Phone, lead: Phone) -> None:
    code = stage.person(client).code
    plan(lead, code).tap("Plan it")
    lead.tap("Plan transfers")
    assert lead.text.startswith(f"{code} has 3 planned transfers already, the next for Sunday 31 January, 2027.")
    lead.tap("None")
    assert stage.count("transfers") == 3
    plan(lead, code, "One gift", "24.12.2026").tap("Plan it")
    (gift,) = stage.rows("SELECT * FROM transfers WHERE number IS NULL")
    assert (gift["planned_for"], gift["total"]) == ("2026-12-24", None)


def test_an_amount_by_hand_is_said_back_before_it_counts(stage: Stage, client: Phone, lead: Phone) -> None:
    lead.send("/menu").tap("Money").tap("Plan transfers").send("nobody").send(stage.person(client).code)
    lead.tap("1 transfer").tap("Another day").send("1.11.2026")
    assert lead.text.startswith("Sunday 1 November, 2026 has passed."), "the day before"
    lead.send("3.11.2026").tap("Another amount").send("0")
    assert lead.text.startswith("That is nothing.")
    lead.send("250000")
    assert lead.text.startswith("250,000 kyat: ")
    lead.tap("No, once more").send("260000").tap("Yes").tap("Plan it")
    (row,) = stage.rows("SELECT * FROM transfers")
    assert (row["amount"], row["currency"], row["country"]) == (260_000, "MMK", None)


def test_a_caseworker_notes_it_and_their_client_gets_one_line(stage: Stage, client: Phone, worker: Phone) -> None:
    code = stage.person(client).code
    plan(worker, code, "1 transfer", "3.11.2026").tap("Plan it")
    client.tap("Open").send("/menu")
    stage.wait(days=2)
    worker.send("/menu").tap("Money")
    assert worker.text.endswith("1 of them is late.")
    worker.tap(code).tap("It was sent").tap("Another day").send("5.11.2026")
    assert worker.text.startswith("Thursday 5 November, 2026 is still to come.")
    mark_sent(worker, code)
    assert worker.text.startswith("It is noted.")
    (row,) = stage.rows("SELECT * FROM transfers")
    own = stage.person(worker).id
    assert (row["state"], row["sent_on"], row["handed_how"]) == ("sent", "2026-11-04", "hand")
    assert (row["marked_by"], row["handed_by"]) == (own, own)
    assert news(client) == [BLAND.message]
    worker.tap("It was not sent after all").tap("Yes")
    assert "late: Tuesday 3 November" in worker.text
    assert news(client) == [BLAND.message], "a second event takes the place of the first line"


def test_whoever_is_said_to_have_handed_it_over_hears_of_it(
    stage: Stage, client: Phone, worker: Phone, lead: Phone
) -> None:
    code = stage.person(client).code
    plan(lead, code, "1 transfer", "3.11.2026").tap("Plan it")
    lead.send("/menu").tap("Money").tap(code).tap("It was sent").tap("Today").tap("from hand").tap("Aye")
    (line,) = worker.standing("handed")
    assert line.text.startswith(f"Lin noted that you handed over 300,000 kyat to {code}.")
    assert not lead.standing("handed")


def test_of_two_who_note_it_one_is_told_that_it_was_noted(
    stage: Stage, client: Phone, worker: Phone, lead: Phone
) -> None:
    code = stage.person(client).code
    plan(lead, code, "1 transfer", "3.11.2026").tap("Plan it")
    for staff in (lead, worker):
        staff.send("/menu").tap("Money").tap(code).tap("It was sent").tap("Yesterday").tap("to a bank")
    taps = [staff.find("Nobody of us") for staff in (lead, worker)]
    pressed = [staff.pressing(button.data, on.id) for staff, (on, button) in zip((lead, worker), taps, strict=True)]
    stage.take(*pressed)
    assert lead.text.startswith("It is noted.")
    assert worker.text.startswith("Nothing was changed:")
    assert [row["step"] for row in stage.rows("SELECT step FROM transfer_steps ORDER BY id")] == ["planned", "sent"]


def test_another_day_with_a_reason_another_amount_and_cancelled(stage: Stage, client: Phone, lead: Phone) -> None:
    code = stage.person(client).code
    plan(lead, code, "1 transfer", "3.11.2026").tap("Plan it").tap(code)
    lead.tap("Another day").send("10.11.2026")
    assert "The client reads what you tap here." in lead.text
    lead.tap("the bank").tap("Another amount").send("250000").tap("Yes").tap("Cancel it").tap("No, leave it")
    (row,) = stage.rows("SELECT * FROM transfers")
    assert (row["planned_for"], row["delay"], row["amount"], row["state"]) == ("2026-11-10", "bank", 250_000, "planned")
    lead.tap("Cancel it").tap("Yes")
    assert lead.labels == ["All transfers"]
    assert news(client) == [BLAND.message]


@pytest.mark.parametrize("said", ["part", "notyet"])
def test_staff_read_sent_whatever_else_the_client_says(stage: Stage, client: Phone, worker: Phone, said: str) -> None:
    code = stage.person(client).code
    plan(worker, code, "1 transfer", "2.11.2026").tap("Plan it")
    before = mark_sent(worker, code).tap("All transfers").labels
    stage.connection.execute("UPDATE transfers SET state = ?, answered_at = ?", (said, stage.at))
    stage.connection.commit()
    assert worker.send("/menu").tap("Money").labels == before
    assert "sent: Monday 2 November" in worker.tap(code).text
    assert "It was not sent after all" in worker.labels


def test_another_caseworker_sees_and_plans_nothing_of_it(stage: Stage, client: Phone, lead: Phone) -> None:
    code = stage.person(client).code
    stranger = join(stage, name="Zaw")
    plan(lead, code, "1 transfer").tap("Plan it")
    stranger.send("/menu").tap("Money")
    assert stranger.text == "No transfer is planned."
    stranger.tap("Plan transfers").send(code)
    assert stranger.text.startswith(f"“{code}” is no client for whom you can plan.")
    (row,) = stage.rows("SELECT id FROM transfers")
    stranger.press(f"!payment.{row['id']}")
    assert "This transfer is not here for you." in stranger.text


def test_plan_and_notes_are_seen_by_whom_the_client_shows_them() -> None:
    ledger = Ledger(programme())
    worker, lead = ledger.admit("caseworker", "Aye"), ledger.admit("lead", "Lin")
    client = ledger.admit("client", caseworker=worker)
    ledger.agree(client, "plan")
    ledger.agree(client, "share")
    ledger.do(client, NoteEntry("plan", amount=5_000, currency="MMK", use="food"))
    code = ledger.person(client).code
    worker.send("/menu").tap("My clients").tap(code).tap("Their plan")
    assert worker.text.startswith(f"{code} keeps their plan and notes to themselves.")
    ledger.agree(client, "cash:caseworker")
    worker.tap("Their plan")
    assert "• Food: 5,000 kyat" in worker.text
    readings = [(row["staff_id"], row["what"]) for row in ledger.rows("SELECT staff_id, what FROM readings")]
    assert (ledger.person(worker).id, "money") in readings, "and the client can see that they did"
    assert not ledger.look(lead, LookShared(ledger.person(client).id)), "a lead is not the caseworker"
