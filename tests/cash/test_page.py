"""A client's own plan beside what they noted, as a picture: calm, true to the line, and without judgement."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.cash.page import LONGEST, MOST, OCHRE, Seen, draw_svg, make
from bot.files import DRAWERS
from bot.report.canvas import TEAL, WIDTH
from bot.turn import Turn
from conversations import acts
from conversations.client.uses import USES
from conversations.looks import MoneyLine, OwnMoney, Transfer
from conversations.text import Money
from storage.store import Store
from tests.bot.test_way import COLOR, words
from tests.cash.ledger import Ledger, programme
from tests.cash.sharing import write
from tests.report.test_drawing import SIGNATURE, size_of
from translations.catalogs import load
from translations.currencies import show
from translations.numbers import digits

LONG = "ကျွန်တော့်အဖွားရဲ့အိမ်ပြင်ဖို့ရွာထဲကမြစ်ကမ်းနားမှာရှိတဲ့အိမ်အတွက်သုံးမယ်လို့စဉ်းစားထားပါတယ်"


def kyat(amount: int) -> str:
    return show(Money(amount, "MMK"), "en")


def line(use: str, amount: int | None = None, text: str = "", currency: str = "MMK", transfer: int = 1) -> MoneyLine:
    return MoneyLine(line=1, transfer=transfer, amount=amount, currency=currency, use=use, text=text, voice=None, at=0)


def came(amount: int, state: str = "received", transfer: int = 1) -> Transfer:
    return Transfer(
        transfer=transfer,
        client=1,
        code="C-1",
        number=transfer,
        total=3,
        amount=amount,
        currency="MMK",
        day=0,
        on="2026-11-01",
        state=state,
        late=False,
        delay="",
        answered=True,
        asking=None,
        was=None,
        news=False,
        read=False,
        slip=False,
        said="",
    )


def seen(plan: list[MoneyLine], spent: list[MoneyLine], *transfers: Transfer, **how: Any) -> Seen:
    native, transfer, language = how.get("native", False), how.get("transfer"), how.get("language", "en")
    money = {"transfers": [*transfers], "plan": plan, "spent": spent, "native": native}
    return Seen(OwnMoney(**money), transfer, language)  # type: ignore[typeddict-item]


def bars(drawn: str) -> list[tuple[str, float]]:
    """Color and length of every bar, from the top; without the two signs of the legend."""
    found = re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="18" rx="4" fill="(#\w+)"', drawn)
    return [(color, float(width)) for width, color in found]


def test_a_bar_is_as_long_as_what_its_lines_come_to() -> None:
    drawn = draw_svg(
        seen(
            [line("food", 100), line("phone", 50)],
            [line("food", 150), line("food", 50, "rice"), line("", 15, "tea"), line("", 10, "Tea.")],
        )
    )
    assert bars(drawn) == [(TEAL, LONGEST / 2), (OCHRE, LONGEST), (TEAL, LONGEST / 4), (OCHRE, LONGEST / 8)]
    assert [each for each in words(drawn) if each[-3:] == kyat(1)[-3:]] == [
        *(f"My plan: {kyat(150)}", f"What I noted: {kyat(225)}"),
        *map(kyat, (100, 200, 50, 25)),
    ]
    said = words(drawn)
    assert said.index("Food") < said.index("Phone") < said.index("tea")


def test_what_is_left_is_a_fact_and_never_less_than_nothing() -> None:
    def facts(spent: int, *transfers: Transfer) -> list[str]:
        return [
            each
            for each in words(draw_svg(seen([], [line("food", spent)], *transfers)))
            if "came" in each or "not n" in each
        ]

    assert facts(40, came(100)) == [f"What came: {kyat(100)}", f"Of this, not noted for anything: {kyat(60)}"]
    assert facts(140, came(100)) == [f"What came: {kyat(100)}"]
    assert facts(40, came(100), came(70, "part", 2)) == [f"What came: {kyat(100)}", f"Of {kyat(70)} a part came"]
    assert facts(40, came(100, "sent"), came(90, "notyet", 2)) == []


def test_more_noted_than_planned_looks_like_anything_else() -> None:
    drawn = draw_svg(seen([line("food", 10)], [line("food", 9_000)], came(100)))
    for red, green, blue in (tuple(int(part, 16) for part in color) for color in COLOR.findall(drawn)):
        assert red < 200 or abs(red - green) < 40, "no red"
        assert green < red + 80 or blue > green - 20, "no green"
    assert not [each for each in words(drawn) if "%" in each or "over" in each.lower() or "-" in each or "−" in each]


def test_many_uses_and_long_words_fit() -> None:
    plan = [line(use, 1_000 + number) for number, use in enumerate(USES)]
    drawn = draw_svg(seen([*plan, line("", 99_999, LONG * 3)], [], language="my"))
    assert len(bars(drawn)) == MOST
    whole = sum(each["amount"] or 0 for each in plan) + 99_999
    figures = [int(each) for each in re.findall(r">([\d,]+) [^<]*</text>", drawn.replace(",", ""))]
    assert sum(figures) == whole, "every line is in one of them"
    two = [line(use, 5, currency=currency) for currency in ("MMK", "THB") for use in USES]
    assert len(bars(draw_svg(seen(two, [])))) == MOST
    assert LONG[:12] in drawn and LONG not in drawn


def test_what_has_no_amount_is_named_and_what_cannot_be_drawn_is_left_out() -> None:
    drawn = draw_svg(seen([line("phone"), line("", text="a\x07b\ud83d\nc<&")], [line("food")], native=True))
    said = words(drawn)
    assert said[1:] == [
        "In my plan, without an amount:",
        "Phone",
        "a b c&lt;&amp;",
        "Noted, without an amount:",
        "Food",
    ]
    drawn.encode()


def test_one_transfer_is_told_apart_and_in_the_clients_own_digits() -> None:
    load("my")
    lines = [line("food", 12_345), line("food", 5, transfer=2)]
    mine = seen(lines, [], came(300_000), came(1, transfer=2), transfer=1, native=True, language="my")
    assert digits("12,345", "my") in draw_svg(mine)
    assert digits("12,350", "my") in draw_svg(mine._replace(transfer=None))


@pytest.mark.parametrize("language", ["en", "my"])
def test_it_is_a_picture_that_telegram_takes(language: str) -> None:
    load(language)
    lines = [line(use, 10_000_000, currency=currency) for use in USES for currency in ("MMK", "THB", "KHR", "LAK")]
    file = make(seen([*lines, *[line("", text=LONG)] * 99], lines, came(1), language=language))
    width, height = size_of(file.content)
    assert file.content.startswith(SIGNATURE)
    assert width == 2 * WIDTH and width + height < 10_000 and height < 4 * width


def test_it_is_drawn_from_what_there_is_when_it_is_sent() -> None:
    books = Ledger(programme())
    client = books.admit("client")
    assert books.do(client, acts.ShowMoney()) is False
    kept = write(books, client, words="marker")
    assert books.do(client, acts.ShowMoney(7)) is False, "nothing of that one"
    assert books.do(client, acts.ShowMoney()) is True
    (message,) = client.standing("picture")
    assert message.file == {"kind": "photo", "draw": "money", "transfer": None}, "the row holds no line"
    turn = Turn(Store(books.connection, books.keyring, books.now), books.programme, {})
    found = DRAWERS["money"].read(turn, books.person(client), message.file)
    assert "marker" in draw_svg(found)
    books.do(client, acts.TakeEntry(kept))
    assert DRAWERS["money"].read(turn, books.person(client), message.file) is None
