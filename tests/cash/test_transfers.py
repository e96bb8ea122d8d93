"""Transfers: when they are for, what becomes of them whoever acts, and who learns what of it."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from bot.talks import BLAND
from conversations import acts
from conversations.looks import LookPaid, LookRates, LookTransfer, LookTransfers
from tests.cash.ledger import Ledger, programme
from tests.player import MONDAY, Phone
from translations.wording import word

# --- when they are for -----------------------------------------------------------------------------------------


def test_three_from_the_end_of_january(ledger: Ledger, lead: Phone, client: Phone) -> None:
    ledger.plan(lead, client, "2027-01-31")
    ledger.plan(lead, client, "2028-01-31")
    days = [each["on"] for each in ledger.transfers(client)]
    assert days == ["2027-01-31", "2027-02-28", "2027-03-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def test_whatever_the_first_day_one_comes_each_month_and_none_drifts(
    ledger: Ledger, lead: Phone, client: Phone
) -> None:
    dice = random.Random(7)
    for _number in range(12):
        first = date(2026, 11, 3) + timedelta(days=dice.randrange(1500))
        before = {each["transfer"] for each in ledger.transfers(client)}
        ledger.plan(lead, client, first.isoformat(), 14)
        planned = [date.fromisoformat(e["on"]) for e in ledger.transfers(client) if e["transfer"] not in before]
        months = [day.year * 12 + day.month for day in planned]
        assert months == [*range(months[0], months[0] + 14)]
        for day in planned:
            assert day.day == min(first.day, monthrange(day.year, day.month)[1])


def test_each_is_by_the_rate_in_force_on_its_day(ledger: Ledger, lead: Phone, client: Phone) -> None:
    ledger.plan(lead, client, "2026-11-15", country="MM")
    assert [each["amount"] for each in ledger.transfers(client)] == [300_000, 330_000, 330_000]
    ledger.plan(lead, client, "2026-12-24", country="TH", times=1, gift=True)
    gift = next(each for each in ledger.transfers(client) if each["currency"] == "THB")
    assert (gift["amount"], gift["number"], gift["total"]) == (850_050, None, None)
    rates = ledger.look(lead, LookRates("2026-11-30"))
    assert rates["rates"] == [["MM", 300_000, "MMK", "2026-01-01"]]
    assert (rates["currencies"], rates["times"]) == (["MMK", "THB"], 3)


def test_what_cannot_be_planned_is_refused_and_leaves_nothing(ledger: Ledger, lead: Phone, client: Phone) -> None:
    other, child = ledger.admit("caseworker", "Mya"), ledger.admit("client", adult=False)

    def refusal(staff: Phone, to: Phone, first_on: str = "2026-11-30", **how: Any) -> str:
        how = how or {"amount": 300_000, "currency": "MMK"}
        return str(ledger.do(staff, acts.PlanTransfers(ledger.person(to).id, first_on, 3, **how))["refused"])

    assert refusal(lead, client, "2026-11-01") == "past"
    assert refusal(lead, client, country="TH") == "rate"  # none in force on the first of three days
    assert refusal(lead, client, amount=0, currency="MMK") == "amount"
    assert refusal(lead, client, amount=5, currency="") == "amount"
    assert {refusal(other, client), refusal(lead, child), refusal(lead, lead), refusal(client, client)} == {"gone"}
    assert (ledger.count("transfers"), ledger.count("transfer_steps")) == (0, 0)


@pytest.mark.parametrize("typed", ["{code}", " {small} ", "{number}", "C{number}", "c {number}", "{burmese}"])
def test_a_client_is_found_as_staff_type_the_code(ledger: Ledger, worker: Phone, client: Phone, typed: str) -> None:
    code = ledger.person(client).code
    number = code.removeprefix("C-")
    burmese = "".join(chr(0x1040 + int(digit)) for digit in number)
    said = typed.format(code=code, small=code.lower(), number=number, burmese=burmese)
    assert ledger.look(worker, LookPaid(said)) == {"client": ledger.person(client).id, "code": code}
    assert ledger.look(ledger.admit("caseworker", "Mya"), LookPaid(said)) is None
    assert ledger.look(worker, LookPaid(f"{said}x")) is None


def test_a_day_that_has_passed_in_the_programmes_zone_is_late(ledger: Ledger, lead: Phone, client: Phone) -> None:
    (transfer,) = ledger.plan(lead, client, "2026-11-02", 1)
    assert not ledger.look(lead, LookTransfer(transfer))["late"]
    ledger.wait(hours=13, minutes=59)  # 23:59 in Yangon, 17:29 in UTC
    assert not ledger.look(lead, LookTransfer(transfer))["late"]
    ledger.wait(minutes=2)
    assert ledger.look(lead, LookTransfer(transfer))["late"]
    ledger.send(lead, transfer)
    assert not ledger.look(lead, LookTransfer(transfer))["late"]


# --- what becomes of them --------------------------------------------------------------------------------------


@dataclass
class Model:
    """One transfer as people tell it to each other; nothing of the product's states."""

    sent: bool = False
    cancelled: bool = False
    said: str = ""
    """What its client said last; "" while nothing."""
    confirmed: bool = False
    """Staff have read that it came."""
    day: str = ""
    amount: int = 300_000
    steps: list[str] = field(default_factory=list)

    def act(self, act: object) -> str:
        """What comes back."""
        match act:
            case acts.AnswerTransfer(_id, said):
                if not self.sent:
                    return "over"
                self.said, self.confirmed = said, self.confirmed or said == "received"
                return self._step(said, "noted")
            case acts.UnmarkSent():
                if self.cancelled:
                    return "cancelled"
                if not self.sent or self.confirmed:
                    return "already"
                self.sent, self.said = False, ""
                return self._step("unsent")
            case _ if self.cancelled:
                return "cancelled"
            case _ if self.sent:
                return "already"
            case acts.MarkSent():
                self.sent = True
                return self._step("sent")
            case acts.PutOffTransfer(_id, to, _why):
                self.day = to
                return self._step("put off")
            case acts.RepriceTransfer(_id, amount, _currency):
                self.amount = amount
                return self._step("repriced")
            case _:
                self.cancelled = True
                return self._step("cancelled")

    def _step(self, step: str, outcome: str = "done") -> str:
        self.steps.append(step)
        return outcome

    def state(self, *, own: bool) -> str:
        if self.cancelled:
            return "cancelled"
        if not self.sent:
            return "planned"
        if own:
            return self.said or "sent"
        return "received" if self.confirmed else "sent"


def acts_on(transfer: int, dice: random.Random) -> list[object]:
    """Everything that can be done to one."""
    later = (date(2026, 12, 1) + timedelta(days=dice.randrange(90))).isoformat()
    return [
        acts.MarkSent(transfer, "2026-11-30", dice.choice(["hand", "bank", "wallet", "other"])),
        acts.UnmarkSent(transfer),
        acts.PutOffTransfer(transfer, later, dice.choice(["bank", "papers", "funds"])),
        acts.RepriceTransfer(transfer, dice.randrange(1, 10**9), "MMK"),
        *[acts.AnswerTransfer(transfer, said, None) for said in ("received", "part", "notyet")],
        *([acts.CancelTransfer(transfer)] if dice.random() < 0.1 else []),
    ]


def play(seed: int, steps: int) -> None:
    """Several people act on several transfers, and often on the same one twice in a row."""
    dice, ledger = random.Random(seed), Ledger(programme())
    leads = [ledger.admit("lead", name) for name in ("Lin", "Su")]
    worker, stranger = ledger.admit("caseworker", "Aye"), ledger.admit("caseworker", "Mya")
    clients = [ledger.admit("client", caseworker=worker) for _number in range(2)]
    models: dict[int, tuple[Phone, Model]] = {}
    for client in clients:
        for transfer in ledger.plan(leads[0], client, "2026-11-30"):
            on = next(each["on"] for each in ledger.transfers(client) if each["transfer"] == transfer)
            models[transfer] = (client, Model(day=on))
    for _number in range(steps):
        transfer = dice.choice([*models])
        client, model = models[transfer]
        act = dice.choice(acts_on(transfer, dice))
        if isinstance(act, acts.AnswerTransfer):
            other = clients[1 - clients.index(client)]
            assert ledger.do(other, act) == {"outcome": "over"}
            assert ledger.do(client, act) == {"outcome": model.act(act)}
        else:
            assert ledger.do(stranger, act) == {"outcome": "gone"}
            for staff in dice.sample([*leads, worker], dice.choice([1, 2])):  # of two, one is first
                assert ledger.do(staff, act) == {"outcome": model.act(act)}
        agree(ledger, [*leads, worker], models)


def agree(ledger: Ledger, staff: list[Phone], models: dict[int, tuple[Phone, Model]]) -> None:
    """What everybody sees, and the history, is what was done."""
    for transfer, (client, model) in models.items():
        own = next(each for each in ledger.transfers(client) if each["transfer"] == transfer)
        assert (own["state"], own["amount"]) == (model.state(own=True), model.amount)
        assert own["answered"] == bool(model.said)
        on = "2026-11-30" if model.sent else model.day
        assert own["on"] == on
        steps = ledger.rows("SELECT step FROM transfer_steps WHERE transfer_id = ? ORDER BY id", transfer)
        assert [row["step"] for row in steps] == ["planned", *model.steps]
    for phone in staff:
        seen = {each["transfer"]: each for each in ledger.transfers(phone)}
        expected = {one: model.state(own=False) for one, (_client, model) in models.items() if not model.cancelled}
        assert {one: each["state"] for one, each in seen.items()} == expected


@pytest.mark.parametrize("seed", range(2))
def test_whoever_acts_everybody_sees_what_was_done(seed: int) -> None:
    play(seed, 60)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
def test_whoever_acts_and_however_long_everybody_sees_what_was_done(seed: int) -> None:
    play(seed, 150)


# --- who learns what -------------------------------------------------------------------------------------------


def shown(ledger: Ledger, staff: list[Phone]) -> list[Any]:
    """Everything that staff can see or hear, and whatever was sent to them."""
    sent = "SELECT count(*) AS number FROM outbox WHERE person_id = ?"
    return [
        (str(one), one.sounds, ledger.rows(sent, ledger.person(one).id)[0]["number"], ledger.transfers(one))
        for one in staff
    ]


def test_to_staff_part_and_not_yet_are_the_same_as_nothing(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    first, second, third = ledger.plan(lead, client, "2026-11-02")
    staff = [lead, worker]
    for phone in staff:
        phone.send("/menu").tap("Money")
    for transfer in (first, second):
        ledger.send(worker, transfer)
    before = shown(ledger, staff)
    ledger.do(client, acts.AnswerTransfer(first, "part", 100_000))
    ledger.do(client, acts.AnswerTransfer(second, "notyet"))
    ledger.wait(hours=1)
    assert shown(ledger, staff) == before
    states = {each["transfer"]: each["state"] for each in ledger.transfers(client)}
    assert states == {first: "part", second: "notyet", third: "planned"}
    assert ledger.do(worker, acts.UnmarkSent(first)) == {"outcome": "done"}, "a refusal would tell"


def test_what_staff_have_read_as_received_is_not_seen_taken_back(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    (transfer,) = ledger.plan(lead, client, "2026-11-02", 1)
    ledger.send(worker, transfer)
    ledger.do(client, acts.AnswerTransfer(transfer, "received"))
    before = shown(ledger, [lead, worker])
    assert [each["state"] for each in ledger.transfers(worker)] == ["received"]
    ledger.do(client, acts.AnswerTransfer(transfer, "part"))
    assert shown(ledger, [lead, worker]) == before
    assert ledger.transfers(client)[0]["state"] == "part"


def test_only_those_who_have_to_do_with_it_see_a_transfer(
    ledger: Ledger, lead: Phone, worker: Phone, client: Phone
) -> None:
    (transfer,) = ledger.plan(worker, client, "2026-11-02", 1)
    others = [ledger.admit("caseworker", "Mya"), ledger.admit("client", caseworker=worker), ledger.phone()]
    others[2].send("/start")
    for other in others:
        assert ledger.look(other, LookTransfer(transfer)) is None
        assert ledger.look(other, LookTransfers(ledger.person(client).id)) == []
        assert ledger.look(other, LookTransfers()) == []
    for one in (lead, worker, client):
        assert ledger.look(one, LookTransfer(transfer))["transfer"] == transfer


def test_what_was_sent_long_ago_leaves_the_list_whatever_its_client_said(
    ledger: Ledger, lead: Phone, client: Phone
) -> None:
    sent = ledger.plan(lead, client, "2026-11-02", 4)
    for transfer, said in zip(sent, ["received", "part", "notyet", ""], strict=True):
        ledger.send(lead, transfer)
        if said:
            ledger.do(client, acts.AnswerTransfer(transfer, said))
    assert len(ledger.transfers(lead)) == 4
    ledger.wait(days=93)
    assert ledger.transfers(lead) == []
    assert len(ledger.look(lead, LookTransfers(ledger.person(client).id))) == 4


# --- news ------------------------------------------------------------------------------------------------------

LINE = word(BLAND, "en")


def test_of_each_thing_that_happens_a_client_hears_one_bland_line(ledger: Ledger, lead: Phone, client: Phone) -> None:
    first, second, third = ledger.plan(lead, client)
    events: list[object] = [
        acts.MarkSent(first, "2026-11-02", "bank"),
        acts.UnmarkSent(first),
        acts.PutOffTransfer(first, "2026-12-05", "bank"),
        acts.RepriceTransfer(second, 310_000, "MMK"),
        acts.CancelTransfer(third),
    ]
    for number, act in enumerate(events, 2):
        ledger.do(lead, act)
        assert [(m.text, m.labels) for m in client.screen] == [(LINE, ["Open"])], "one line takes another's place"
        assert client.sounds == number
    ledger.do(lead, acts.CancelTransfer(third))
    assert client.sounds == 6, "nothing happened"
    assert client.push is not None
    assert client.push.buttons[0].data == f"!transfer.{third}"


@pytest.mark.parametrize(
    ("settings", "comes_after"),
    [
        ({"first": False}, None),
        ({"left_at": 1}, None),
        ({"quiet_until": int(MONDAY.timestamp()) + 3 * 86_400}, timedelta(days=3)),
        ({"hours": "evening"}, timedelta(hours=7)),  # from 10:00 to 17:00 there
        ({"days": 0b0000010}, timedelta(hours=14)),  # on Tuesdays
    ],
)
def test_the_line_goes_through_the_gate(
    ledger: Ledger, lead: Phone, client: Phone, settings: dict[str, Any], comes_after: timedelta | None
) -> None:
    ledger.change(client, **settings)
    began = ledger.now
    ledger.plan(lead, client)
    while comes_after is not None and ledger.now - began < comes_after - timedelta(hours=1):
        assert client.push is None
        ledger.wait(hours=1)
    ledger.wait(hours=1, minutes=1)
    assert (client.push is not None) == (comes_after is not None)
    if comes_after is None:
        ledger.wait(days=8)
        assert client.push is None
        assert len(ledger.transfers(client)) == 3, "leaving, or not being written to, costs nothing"


@pytest.mark.parametrize("screen", ["money", "transfer"])
def test_who_is_looking_at_their_money_sees_it_change_instead(
    ledger: Ledger, lead: Phone, client: Phone, screen: str
) -> None:
    (transfer,) = ledger.plan(lead, client, "2026-11-30", 1)
    if screen == "transfer":
        client.tap("Open")
    else:
        client.send("/menu").tap("My plan")
    before, sounds = client.text, client.sounds
    ledger.do(lead, acts.RepriceTransfer(transfer, 310_500, "MMK"))
    assert client.text != before
    assert "310,500" in client.text
    assert client.sounds == sounds
    ledger.wait(minutes=10)  # looked away by now
    ledger.do(lead, acts.MarkSent(transfer, "2026-11-02", "hand"))
    assert client.push is not None


def test_what_has_changed_since_they_looked_is_news(ledger: Ledger, lead: Phone, client: Phone) -> None:
    first, second = ledger.plan(lead, client, "2026-11-02", 2)

    def news() -> list[int]:
        ledger.wait(minutes=1)
        assert not [each for each in ledger.transfers(lead) if each["news"]], "staff look at what is theirs to do"
        return [each["transfer"] for each in ledger.transfers(client) if each["news"]]

    assert news() == [first], "one for all of a series"
    client.send("/menu").tap("Something new for you")
    assert news() == []
    events: list[object] = [
        acts.PutOffTransfer(first, "2026-11-05", "bank"),
        acts.RepriceTransfer(first, 310_000, "MMK"),
        acts.MarkSent(first, "2026-11-02", "hand"),
        acts.UnmarkSent(first),
        acts.CancelTransfer(first),
    ]
    for event in events:
        client.send("/menu")
        ledger.do(lead, event)
        assert "Something new for you" in client.labels
        ledger.do(ledger.admit("client"), acts.SeeTransfer(first))
        assert news() == [first]
        ledger.do(client, acts.SeeTransfer(first))
        assert news() == []
    ledger.send(lead, second)
    ledger.do(client, acts.AnswerTransfer(second, "part"))
    assert news() == [], "by what they say themselves"


def test_its_client_is_told_that_the_amount_was_another(ledger: Ledger, lead: Phone, client: Phone) -> None:
    (transfer,) = ledger.plan(lead, client, "2026-11-02", 1)
    first = [300_000, "MMK"]
    for amount, was in ((240_000, first), (300_000, None), (250_000, first)):
        ledger.do(lead, acts.RepriceTransfer(transfer, amount, "MMK"))
        assert [ledger.look(one, LookTransfer(transfer))["was"] for one in (client, lead)] == [was, was]
    for happens in ("planned", "sent"):
        if happens == "sent":
            ledger.send(lead, transfer)
        client.press(f"!transfer.{transfer}")
        assert "250,000" in client.text
        assert "planned as 300,000" in client.text
