"""The report in a lead's chat."""

from __future__ import annotations

import pytest

from bot.files import DRAWERS
from bot.turn import Turn
from storage.store import Store
from tests.dialogue.stories import begin_rating, enrol, join, rate
from tests.player import Phone, Stage

COUNTED = ("Keep my answers", "Count without name")


@pytest.fixture(scope="module")
def told() -> Stage:
    """Twelve clients who agreed to be counted, of whom six put a job first; made once, played on copies."""
    stage = Stage(restarts=False)
    join(stage)
    for number in range(12):
        client = enrol(stage, purposes=COUNTED)
        rate(begin_rating(client), {"employment": "a secret word"} if number < 6 else {})
    join(stage, "lead", "Lin")
    return stage


def lead_of(stage: Stage) -> Phone:
    return [*stage.phones.values()][-1]


def drawn(stage: Stage, lead: Phone) -> bytes:
    message = lead.standing("picture")[0]
    assert message.file is not None
    drawer, turn = DRAWERS["report"], Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})
    return drawer.make(drawer.read(turn, stage.person(lead), message.file)).content


def test_a_lead_gets_the_report_as_a_picture_and_it_goes_with_the_screen(told: Stage) -> None:
    stage = told.copy()
    lead = lead_of(stage).tap("Report").tap("All together")
    assert lead.text == "Here it is."
    picture = lead.standing("picture")[0]
    assert picture.file is not None
    figures = {line["code"]: line["figure"] for line in picture.file["report"]["needs"]}
    assert figures["employment"] == {"yes": 6, "clients": 12, "group": None}
    assert [code for code, figure in figures.items() if figure] == ["employment"]
    assert "secret" not in str(picture.file)
    assert drawn(stage, lead).startswith(b"\x89PNG")
    lead.tap("Close")
    assert not lead.standing("picture")


def test_the_picture_speaks_the_language_of_its_reader(told: Stage) -> None:
    stage = told.copy()
    lead = lead_of(stage)
    english = drawn(stage, lead.tap("Report").tap("All together"))
    lead.tap("Close").tap("English").tap("မြန်မာ")
    lead.press(next(b.data for b in lead.living.buttons if b.data.endswith(".report")), lead.living.id)
    lead.press(next(b.data for b in lead.living.buttons if b.data.endswith(".all")), lead.living.id)
    assert drawn(stage, lead) != english


def test_by_language_shows_no_group_that_is_too_small(told: Stage) -> None:
    stage = told.copy()
    lead = lead_of(stage).tap("Report").tap("By language")
    picture = lead.standing("picture")[0]
    assert picture.file is not None
    assert not any(line["groups"] for line in picture.file["report"]["needs"])


def test_a_report_over_a_few_clients_is_a_kind_line(stage: Stage) -> None:
    join(stage)
    for _number in range(4):
        rate(begin_rating(enrol(stage, purposes=COUNTED)), {"employment": ""})
    lead = join(stage, "lead", "Lin").tap("Report").tap("All together")
    assert lead.text.startswith("Figures begin at 10 clients who agreed to be counted")
    assert not lead.standing("picture")


def test_only_a_lead_gets_it(told: Stage) -> None:
    stage = told.copy()
    lead = lead_of(stage)
    button = next(b for b in lead.living.buttons if b.label == "Report")
    for phone in stage.phones.values():
        if phone is not lead:
            phone.press(button.data).send("/report")
            assert not phone.standing("picture")
