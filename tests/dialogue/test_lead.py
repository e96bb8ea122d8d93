"""A programme lead: who has come, what is missing before clients can, and invitations made in the chat."""

from __future__ import annotations

import json
import struct
import zlib
from datetime import date, timedelta
from typing import Any

import pytest
import segno

from bot import files
from bot.hours import WEEKDAYS
from bot.invite import keep_username
from bot.picture import DOTS, QUIET
from bot.programme import Programme
from bot.tables import CrisisNumber, Week
from bot.telegram import File
from bot.turn import Turn
from conversations.engine import Log, advance
from conversations.lead.invite import invite
from conversations.playbook import PLAYBOOK
from conversations.script import Do, Json, Look
from storage import sessions
from storage.store import Store
from tests.dialogue.stories import begin_rating, enrol, join
from tests.player import MONDAY, PROGRAMME, Message, Phone, Stage

TODAY = MONDAY.date()
LINK = "https://t.me/the_bot?start="


def number(language: str, country: str = "MM", on: date = TODAY) -> CrisisNumber:
    """A number to call."""
    return CrisisNumber(
        country=country, language=language, label="Line", number="+95 1 234", verified_by="Daw Khin", verified_on=on
    )


NUMBERS = (number("en"), number("my"))


def ready(**changed: Any) -> Programme:
    """A programme that wants nothing but a caseworker."""
    return Programme(**{"crisis": NUMBERS, **changed})


def run(stage: Stage, programme: Programme) -> None:
    """What firstsay.toml says counts from the next start."""
    stage.programme = programme
    stage.restart()


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A programme to which clients can come, as soon as a caseworker has joined; the bot's name is known."""
    run(stage, ready())
    name_the_bot(stage)
    return stage


@pytest.fixture
def lead(stage: Stage) -> Phone:
    """A programme lead, on the overview."""
    return join(stage, "lead", "Lin")


def name_the_bot(stage: Stage) -> None:
    """What the process does when it starts."""
    keep_username(Store(stage.connection, stage.keyring, stage.now), "the_bot")


def link_on(lead: Phone) -> str:
    """The link on the screen."""
    (line,) = [line for line in lead.text.splitlines() if line.startswith("https://")]
    assert line.startswith(LINK)
    return line


def come(stage: Stage, link: str) -> Phone:
    """Somebody new opens the link."""
    return stage.phone().send(f"/start {link.rpartition('=')[2]}")


def pictures(phone: Phone) -> list[Message]:
    """The pictures in this chat."""
    return phone.standing("picture")


# --- what is missing -------------------------------------------------------------------------------------------


def test_a_new_programme_is_told_what_is_missing(stage: Stage) -> None:
    run(stage, PROGRAMME)  # with a number for those who speak English
    lead = join(stage, "lead", "Lin")
    assert "2 things are missing before clients can come." in lead.text
    lead.tap("What is missing")
    assert lead.text.splitlines()[:2] == [
        "• In MM there is no number to call for people who speak မြန်မာ.",
        "• No caseworker has joined yet: invite one here.",
    ]
    assert "whoever looks after it" in lead.text
    assert lead.tap("Invite someone").text == "Who is the invitation for?"


def test_once_nothing_is_missing_nothing_is_said_of_it(stage: Stage, lead: Phone) -> None:
    assert "1 thing is missing before clients can come." in lead.text
    lead.tap("What is missing")
    assert lead.text == "• No caseworker has joined yet: invite one here."
    join(stage)
    assert "missing" not in lead.tap("Close").text
    assert "What is missing" not in lead.labels


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {"hours": Week(**dict.fromkeys(WEEKDAYS, ()))},
            "• Nobody answers at any hour: there are no answering hours.",
        ),
        (
            {"crisis": NUMBERS[:1]},
            "• In MM there is no number to call for people who speak မြန်မာ.",
        ),
        (
            {"crisis": (NUMBERS[0], number("my", "TH"))},
            "• In MM there is no number to call for people who speak မြန်မာ.",
        ),
        (
            {"crisis": (NUMBERS[0], number("my", on=TODAY - timedelta(days=91)))},
            "• In MM nobody has tried a number for people who speak မြန်မာ within 90 days.",
        ),
        (
            {"crisis": (NUMBERS[0], number("my", on=TODAY + timedelta(days=1)))},
            "• In MM the number for people who speak မြန်မာ is marked with a day still to come.",
        ),
    ],
)
def test_each_thing_that_can_be_missing(stage: Stage, lead: Phone, change: dict[str, object], line: str) -> None:
    join(stage)
    lead.tap("Invite someone").tap("A client")
    link_on(lead)
    run(stage, ready(**change))
    lead.tap("Done").tap("Invite someone").tap("A client")
    assert lead.text.splitlines()[0] == "Something is missing before a client can come:"
    assert lead.text.splitlines()[1] == line
    assert lead.text.count("•") == 1
    assert ("reach nobody" in lead.text) is ("hours" in change)
    assert ("no number that works" in lead.text) is ("crisis" in change)


def test_a_long_list_is_cut_and_counted(stage: Stage) -> None:
    countries = tuple(f"X{letter}" for letter in "ABCDEFGHIJ")
    run(stage, ready(countries=countries))
    lead = join(stage, "lead", "Lin").tap("What is missing")
    assert lead.text.count("•") == 12
    assert "… and 9 more." in lead.text


def test_a_client_is_not_invited_while_something_is_missing(stage: Stage, lead: Phone) -> None:
    before = stage.count("invitations")
    lead.tap("Invite someone").tap("A client")
    assert "• No caseworker has joined yet" in lead.text
    assert lead.text.endswith("A client who comes now may ask for a person and reach nobody.")
    assert lead.labels == ["Invite anyway", "Not now", "‹ Back"]
    assert lead.tap("Not now").text.startswith("Clients enrolled:")
    assert stage.count("invitations") == before


def test_but_for_a_lead_who_says_so(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A client").tap("Invite anyway")
    client = come(stage, link_on(lead))
    assert stage.person(client).role == "client"


def test_staff_can_be_invited_while_something_is_missing(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker")
    come(stage, link_on(lead)).tap("English").send("Aye")
    assert "missing" not in lead.tap("Done").text


# --- the link --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "button", "title"),
    [
        ("client", "A client", "A link for a client"),
        ("caseworker", "A caseworker", "A link for a caseworker"),
        ("lead", "A programme lead", "A link for a programme lead"),
    ],
)
def test_an_invitation_works_once_until_a_day(stage: Stage, lead: Phone, role: str, button: str, title: str) -> None:
    join(stage)
    lead.tap("Invite someone").tap(button)
    assert lead.living.bold == title
    assert "It works once, until Monday 16 November, 10:00. Give it only to this person, best in person." in lead.text
    link = link_on(lead)
    (row,) = stage.rows("SELECT * FROM invitations WHERE used_at IS NULL")
    assert (row["role"], row["place"], row["caseworker_id"]) == (role, None, None)
    assert row["expires_at"] - stage.at == timedelta(days=14).total_seconds()
    assert stage.person(come(stage, link)).role == role
    assert stage.person(come(stage, link)).role == "stranger"


def test_a_lead_who_opens_the_link_does_not_use_it_up(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker")
    link = link_on(lead)
    lead.send(f"/start {link.rpartition('=')[2]}")
    assert stage.person(lead).role == "lead"
    assert stage.person(come(stage, link)).role == "caseworker"


def test_the_link_leaves_the_screen_with_done(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker")
    code = link_on(lead).removeprefix(LINK)
    assert code in str(lead)
    lead.tap("Done")
    assert code not in str(lead)


def test_it_lies_open_nowhere_and_is_kept_nowhere_once_it_was_given(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker").tap("As a picture")
    code = link_on(lead).removeprefix(LINK)
    assert code in sealed_of(stage, lead), "or this test sees nothing"
    assert code not in "\n".join(stage.connection.iterdump())
    lead.tap("Done")
    assert code not in sealed_of(stage, lead)
    assert code not in "\n".join(stage.connection.iterdump())


def sealed_of(stage: Stage, phone: Phone) -> str:
    """What this person's key opens: their sessions, and what is still in the outbox."""
    person, store = stage.person(phone), Store(stage.connection, stage.keyring, stage.now)
    ids = [row["id"] for row in stage.rows("SELECT id FROM sessions WHERE person_id = ?", person.id)]
    kept = [json.dumps(each.log.to_json()) for each in sessions.load_some(store, person, ids)]
    rows = stage.rows("SELECT id, body FROM outbox WHERE person_id = ? AND body <> x''", person.id)
    return "\n".join([*kept, *(person.box.open(row["body"], f"outbox.body:{row['id']}").decode() for row in rows)])


def test_where_nobody_knows_what_the_bot_is_called_the_code_is_sent_by_hand(stage: Stage) -> None:
    stage.connection.execute("DELETE FROM texts WHERE digest = 'username'")
    lead = join(stage, "lead", "Lin").tap("Invite someone").tap("A caseworker")
    assert "https://" not in lead.text
    assert lead.labels == ["Done"]
    (start,) = [line for line in lead.text.splitlines() if line.startswith("/start ")]
    assert stage.person(stage.phone().send(start)).role == "caseworker"


# --- a place ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_places(stage: Stage) -> None:
    """A programme with places, to which clients can come."""
    join(stage)
    run(stage, ready(places=("North", "မြောက်")))


@pytest.mark.parametrize(("button", "place"), [("North", "North"), ("မြောက်", "မြောက်"), ("No place", None)])
def test_a_client_comes_to_the_place_that_the_lead_chose(
    stage: Stage, two_places: None, lead: Phone, button: str, place: str | None
) -> None:
    lead.tap("Invite someone").tap("A client")
    assert lead.labels == ["North", "မြောက်", "No place", "‹ Back"]
    lead.tap(button)
    assert (f"Place: {place}" in lead.text) is (place is not None)
    assert stage.person(come(stage, link_on(lead))).place == place


def test_staff_are_at_no_place(stage: Stage, two_places: None, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker")
    assert stage.person(come(stage, link_on(lead))).place is None


def test_places_that_change_meanwhile_do_not_change_what_was_tapped(
    stage: Stage, two_places: None, lead: Phone
) -> None:
    lead.tap("Invite someone").tap("A client")
    run(stage, ready(places=("South", "East")))
    lead.tap("North")
    assert stage.person(come(stage, link_on(lead))).place == "North"


def test_back_leads_to_the_question_before(stage: Stage, two_places: None, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A client").tap("‹ Back")
    assert lead.text == "Who is the invitation for?"
    lead.tap("A caseworker")
    assert "‹ Back" not in lead.labels, "it has been made"
    (row,) = stage.rows("SELECT role FROM invitations WHERE used_at IS NULL")
    assert row["role"] == "caseworker"


# --- a picture -------------------------------------------------------------------------------------------------


def drawn(stage: Stage, lead: Phone) -> File:
    """The picture as the delivery draws it."""
    (message,) = pictures(lead)
    assert message.file is not None
    assert message.file["kind"] == "photo"
    drawer = files.DRAWERS[message.file["draw"]]
    turn = Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})
    return drawer.make(drawer.read(turn, stage.person(lead), message.file))


def read_png(content: bytes) -> list[list[int]]:
    """The dots of a PNG in black and white, one bit each, as https://www.w3.org/TR/png-3/ has it; 1 is black."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        chunks[name] = chunks.get(name, b"") + content[at + 8 : at + 8 + length]
        at += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour) == (1, 0)
    found, step = zlib.decompress(chunks[b"IDAT"]), (width + 7) // 8 + 1
    above, dots = bytes(step - 1), []
    for kind, *line in (found[step * y : step * (y + 1)] for y in range(height)):
        assert kind in (0, 2), "as it is, or its difference to the line above"
        above = bytes((byte + over) % 256 for byte, over in zip(line, above, strict=True)) if kind else bytes(line)
        dots.append([1 - (above[x // 8] >> (7 - x % 8) & 1) for x in range(width)])
    return dots


def test_the_picture_says_the_link_to_a_camera(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker").tap("As a picture")
    link, file = link_on(lead), drawn(stage, lead)
    assert (file.kind, file.name, file.mime) == ("photo", "link.png", "image/png")
    dots = read_png(file.content)
    assert len(dots) == len(dots[0])
    modules = [row[DOTS // 2 :: DOTS] for row in dots[DOTS // 2 :: DOTS]]
    blocks = [[module for module in row for _dot in range(DOTS)] for row in modules for _dot in range(DOTS)]
    assert dots == blocks, "each module is a square of its own"
    inner = [row[QUIET:-QUIET] for row in modules[QUIET:-QUIET]]
    assert inner == [[*row] for row in segno.make_qr(link, error="m").matrix]
    assert sum(map(sum, modules)) == sum(map(sum, inner)), "all around it is white"


def test_the_picture_is_big_and_its_white_is_wide_whatever_the_bot_is_called() -> None:
    for name in ("a_bot", "x" * 32):  # as short and as long as a bot's name can be
        side = len(read_png(files.DRAWERS["qr"].make(f"https://t.me/{name}?start={'x' * 16}").content))
        assert 640 <= side <= 1280, "Telegram makes a photo smaller that is wider than 1280"
    assert QUIET >= 4


def test_the_picture_tells_nobody_what_it_is(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A client").tap("Invite anyway").tap("As a picture")
    (message,) = pictures(lead)
    assert message.text == "For the camera of one phone. It works once."
    assert message.buttons == []


def test_the_picture_stands_below_the_link_and_only_once(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker").tap("As a picture")
    link = link_on(lead)
    assert lead.text.startswith("The picture is below. It goes when you tap Done.")
    assert [message.slot for message in lead.screen][-2:] == ["living", "picture"]
    lead.tap("As a picture")
    assert len(pictures(lead)) == 1
    assert link_on(lead) == link


@pytest.mark.parametrize("way", ["Done", "/menu", "/language", "/help", "!alert.1"])
def test_the_picture_goes_with_its_link_whichever_way_the_lead_goes(stage: Stage, lead: Phone, way: str) -> None:
    lead.tap("Invite someone").tap("A caseworker").tap("As a picture")
    code = link_on(lead).removeprefix(LINK)
    if way.startswith("/"):
        lead.send(way)
    elif way.startswith("!"):
        lead.press(way)
    else:
        lead.tap(way)
    assert not pictures(lead)
    assert code not in str(lead)


# --- who, and how often ----------------------------------------------------------------------------------------


def test_a_double_tap_makes_one_invitation(stage: Stage, lead: Phone) -> None:
    before = stage.count("invitations")
    message, button = lead.tap("Invite someone").find("A caseworker")
    stage.take(lead.pressing(button.data, message.id), lead.pressing(button.data, message.id))
    assert stage.count("invitations") == before + 1
    link = link_on(lead)
    lead.press(button.data, message.id)
    assert lead.toast == "That is from an earlier screen."
    assert link_on(lead) == link
    assert stage.count("invitations") == before + 1


def test_buttons_from_before_make_nothing_any_more(stage: Stage, lead: Phone) -> None:
    lead.tap("Invite someone").tap("A caseworker").tap("As a picture").tap("Done")
    count = stage.count("invitations")
    for message, button in list(lead.seen):
        if button.label not in ("Invite someone",):
            lead.press(button.data, message)
            lead.send("/menu")
    assert stage.count("invitations") == count
    assert not pictures(lead)


def test_a_session_that_is_only_played_again_makes_none() -> None:
    done: list[str] = []

    def perform(step: Look | Do, number: int) -> Json:
        done.append(step.key)
        return {"zone": "UTC", "languages": []}

    log = Log()
    rest = advance(invite, log, None, perform)
    log.put(rest.address, "ask", {"status": "answered", "value": "caseworker"})
    rest = advance(invite, log, None, perform)
    assert (rest.ask, done) == (None, ["around"])
    assert rest.said, "and it says so"


def test_two_leads_at_once_make_two_invitations(stage: Stage, lead: Phone) -> None:
    other = join(stage, "lead", "Su")
    taps = []
    for phone in (lead, other):
        message, button = phone.tap("Invite someone").find("A caseworker")
        taps.append(phone.pressing(button.data, message.id))
    stage.take(*taps)
    links = {link_on(lead), link_on(other)}
    assert len(links) == 2
    assert [stage.person(come(stage, link)).role for link in sorted(links)] == ["caseworker"] * 2


def test_only_a_lead_can_invite(stage: Stage, lead: Phone) -> None:
    assert {PLAYBOOK[script].roles for script in ("invite", "missing", "overview")} == {frozenset({"lead"})}
    others = [join(stage), enrol(stage), stage.phone().send("/start")]
    before = stage.count("invitations")
    lead.tap("Invite someone").tap("A programme lead").tap("As a picture")
    for phone in others:
        for message, button in list(lead.seen):
            phone.press(button.data, message)
        for script in ("invite", "missing", "overview"):
            phone.press(f"!{script}.1").send(f"/{script}")
        assert not pictures(phone)
        assert "https://" not in phone.text
    assert stage.count("invitations") == before + 1


def test_a_lead_reads_their_own_language(stage: Stage) -> None:
    lead = join(stage, "lead", "Lin").tap("English · မြန်မာ").tap("English")
    assert lead.tap("Invite someone").tap("A client").tap("Invite anyway").text.isascii()


# --- figures ---------------------------------------------------------------------------------------------------


def figures(lead: Phone) -> list[str]:
    """What the overview says: clients enrolled, caseworkers who can be reached."""
    return [line.partition(": ")[2] for line in lead.send("/menu").text.splitlines()[:2]]


def test_a_count_under_five_is_hidden(stage: Stage, lead: Phone) -> None:
    assert figures(lead) == ["0", "0"]
    join(stage)
    for _client in range(4):
        enrol(stage)
    assert figures(lead) == ["fewer than 5", "1"]
    enrol(stage)
    assert figures(lead) == ["5", "1"]


def test_two_looks_do_not_tell_that_somebody_has_rated_meanwhile(stage: Stage, lead: Phone) -> None:
    join(stage)
    clients = [enrol(stage) for _client in range(6)]
    before = lead.send("/menu").text
    for client in clients:
        begin_rating(client).tap("4").send("A secret")
        assert lead.tap("Look again").text == before
