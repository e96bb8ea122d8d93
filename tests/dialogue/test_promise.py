"""“Your caseworker does not see these answers; the programme lead reads them without your name”: in every view, export
and result. A programme is played several times, and only who said what of a service is exchanged between two clients.
What anybody of the staff can see or export must be the same to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rounds import result, wording
from bot.source import Source
from conversations.instruments import CHECKIN
from tests.dialogue.checking import ask, say_factors, tick
from tests.dialogue.stories import PURPOSES, enrol, join, send
from tests.player import Button, Message, Phone, Stage

CLIENTS = 12
SERVICE = "Finding work"
HAPPY = ("Yes", "Yes", "Yes", "No", "Stronger")
UNHAPPY = ("No", "Partly", "No", "Yes", "Less strong")
CODE = re.compile(r"\b[CWL]-\d+\b")
LINK = re.compile(r"/start \S+")
LEAVES = ("Close", "Stop", "‹ Back", "Pause", "English", "မြန်မာ")
"""Buttons that show nothing new of clients."""


def play(unhappy: int) -> tuple[Stage, Phone, Phone]:
    """A programme whose round has closed, its caseworker and its lead; which client was not treated well."""
    stage = Stage(restarts=False)
    worker, lead = join(stage, name="Aye"), join(stage, "lead", "Lin")
    clients = [enrol(stage, purposes=PURPOSES).tap("Close") for _client in range(CLIENTS)]
    stage.wait(hours=1)
    ask(stage, hours=24)
    for number, client in enumerate(clients):
        say_factors(client.tap("Open").tap("Start"), ["Family"], ["Money, debt"])
        tick(client.tap("Leave them out"), SERVICE)
        for answer in UNHAPPY if number == unhappy else HAPPY:
            client.tap(answer)
        if number:
            client.tap("No")
        else:
            send(client.tap("I want a person").tap("Today"))
    stage.wait(hours=25)
    stage.wait(minutes=1)
    assert [row["state"] for row in stage.rows("SELECT state FROM askings")] == ["answered"] * CLIENTS
    return stage, worker, lead


def hide_codes(text: str, stage: Stage) -> str:
    """Codes and links are drawn by lot; here people are numbered in the order in which they came."""
    codes = [row["code"] for row in stage.rows("SELECT code FROM identities ORDER BY person_id")]
    return CODE.sub(lambda found: f"<{codes.index(found[0])}>", LINK.sub("/start", text))


def views(stage: Stage, chat: int, taps: int, path: tuple[int, ...] = ()) -> Iterator[str]:
    """Every screen that somebody can come to by so many taps from the menu; each time the programme is as it was."""
    twin = stage.copy()
    phone = twin.phones[chat].send("/menu")
    for number in path:
        message, button = buttons_of(phone)[number]
        phone.press(button.data, message.id)
    yield from (hide_codes(f"{message.text}\n{message.labels}\n{message.file}", twin) for message in phone.screen)
    if len(path) < taps:
        for number, (_message, button) in enumerate(buttons_of(phone)):
            if not button.label.startswith(LEAVES):
                yield from views(stage, chat, taps, (*path, number))


def buttons_of(phone: Phone) -> list[tuple[Message, Button]]:
    """Everything that can be tapped."""
    return [(message, button) for message in phone.screen for button in message.buttons]


def exported(stage: Stage, *, words: bool) -> dict[str, list[tuple[object, ...]]]:
    """Every file of an export, two months later."""
    source = Source(stage.connection, stage.keyring, words, stage.now + timedelta(days=62), ZoneInfo("UTC"))
    return {table.file: list(table.rows) for table in source.tables()}


@pytest.fixture(scope="module")
def played() -> list[tuple[Stage, Phone, Phone]]:
    """Twice, with another unhappy client each time."""
    return [play(3), play(8)]


def test_it_is_kept_who_said_it(played: list[tuple[Stage, Phone, Phone]]) -> None:
    """Or else what follows would prove nothing."""
    sql = "SELECT person_id FROM responses WHERE item = 'job.respect' AND value = 1"
    unhappy = [stage.rows(sql)[0]["person_id"] for stage, _worker, _lead in played]
    everybody = "SELECT DISTINCT person_id FROM askings ORDER BY person_id"
    clients = [[row["person_id"] for row in stage.rows(everybody)] for stage, _worker, _lead in played]
    assert [ids.index(id_) for ids, id_ in zip(clients, unhappy, strict=True)] == [3, 8]


@pytest.mark.parametrize(("taps", "screens"), [(2, 12), pytest.param(3, 50, marks=pytest.mark.long)])
def test_a_caseworker_sees_nothing_of_it(played: list[tuple[Stage, Phone, Phone]], taps: int, screens: int) -> None:
    seen = [[*views(stage, worker.chat, taps)] for stage, worker, _lead in played]
    assert seen[0] == seen[1]
    everything = "\n".join(seen[0])
    assert len(seen[0]) > screens
    questions = [question.text.wordings["en"] for question in CHECKIN.part("service")]
    assert not [each for each in (*questions, SERVICE) if each in everything]


def test_a_lead_sees_no_more_of_it_than_anybody_could_have_said(played: list[tuple[Stage, Phone, Phone]]) -> None:
    seen = [[*views(stage, lead.chat, 2)] for stage, _worker, lead in played]
    assert seen[0] == seen[1]


def test_the_result_of_the_round_tells_nothing_of_one_client(played: list[tuple[Stage, Phone, Phone]]) -> None:
    texts = [stage.rows("SELECT result FROM rounds")[0]["result"] for stage, _worker, _lead in played]
    first, second = map(result.read, texts)
    assert first == second
    assert first.clients == CLIENTS
    assert not any(line.yes for section in first.sections if section.code == "services" for line in section.lines)
    assert wording.lines(first)


@pytest.mark.parametrize("words", [False, True])
def test_no_file_of_an_export_ties_it_to_a_client(played: list[tuple[Stage, Phone, Phone]], words: bool) -> None:
    first, second = (exported(stage, words=words) for stage, _worker, _lead in played)
    for file in first:
        rows = [
            hide_codes(str(found[file]), stage) for found, (stage, _w, _l) in zip((first, second), played, strict=True)
        ]
        assert rows[0] == rows[1], file
    assert first["services.csv"].count(("2026-11", 1, "job", "respect", "answered", "partly")) == 1
    assert first["services.csv"] == sorted(first["services.csv"], key=str)
    assert {len(first[file]) for file in ("rounds.csv", "clients.csv")} == {CLIENTS}
    assert not [row for row in first["checkins.csv"] if "job" in str(row) or "respect" in str(row)]


def test_a_file_that_told_it_would_be_noticed(played: list[tuple[Stage, Phone, Phone]]) -> None:
    """The same, with what a careless export would hold."""
    sql = "SELECT i.code, r.item, r.value FROM responses r JOIN identities i USING (person_id) ORDER BY r.id"
    told = [hide_codes(str([tuple(row) for row in stage.rows(sql)]), stage) for stage, _worker, _lead in played]
    assert told[0] != told[1]
