"""The result of a round: what is counted in it, when, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import pytest

from bot import answers
from bot.acts import Moment, perform
from bot.files import DRAWERS
from bot.report.raster import ZOOM
from bot.rounds import page, result, terminal, wording
from bot.rounds.figures import Line, Section
from bot.rounds.result import Result
from bot.turn import Scene, Turn
from conversations.acts import BeginSitting, DeclineAsking, FinishAsking, Respond
from conversations.instruments import CHECKIN, FOLLOWUP
from conversations.instruments.form import SEVERAL, encode
from conversations.script import Reply, Said, Status
from storage.sessions import Session
from storage.store import Store
from tests.player import Phone
from tests.report.test_drawing import SIGNATURE, size_of
from tests.rounds.house import AGREED, House
from translations.catalogs import load
from translations.languages import LANGUAGES
from translations.wording import word

COUNTED = (*AGREED, "figures")
SERVED = {"job.wanted": "yes", "job.respect": "no"}


@pytest.fixture
def house() -> House:
    return House(restarts=False)


def clients(house: House, number: int, consents: Collection[str] = COUNTED) -> list[Phone]:
    return [house.client(consents=consents) for _client in range(number)]


def run(house: House, instrument: str = "checkin") -> int:
    """A round that is asking."""
    plan = house.plan(instrument)
    house.sweep()
    house.sweep()
    return plan


def answer(house: House, phone: Phone, plan: int, said: Mapping[str, str | None], *, finished: bool = True) -> None:
    """Open it and answer: by item the options with a space between, None for a skip, "" for not asked after all."""
    house.open(phone, plan)
    asking = house.asking(phone, plan)["id"]

    def play(turn: Turn, scene: Scene) -> None:
        session = Session(turn.store.new_id(), scene.person.id, "checkin", "live", {})
        perform(BeginSitting(CHECKIN.name, CHECKIN.version, asking=asking), Moment(turn, scene, session, 0))
        for number, (item, codes) in enumerate(said.items(), 1):
            perform(respond(item, codes), Moment(turn, scene, session, number))
        if finished:
            perform(FinishAsking(asking), Moment(turn, scene, session, len(said) + 1))

    house.act(phone, play)


def respond(item: str, codes: str | None) -> Respond:
    form = FOLLOWUP if item.endswith((".now", ".helped")) else CHECKIN
    asked = answers.find(form, item)
    assert asked is not None
    status = Status.SKIPPED if codes is None else Status.ANSWERED if codes else Status.NOT_ASKED
    chosen = codes.split() if codes else []
    value = (
        encode(asked.question, Reply(status, chosen if asked.question.kind == SEVERAL else chosen[0]))
        if codes
        else None
    )
    return Respond(form.name, form.version, item, status, value)


def close(house: House, plan: int) -> Result:
    """Three days later, when the round is over."""
    house.wait(hours=73)
    house.sweep()
    house.sweep()
    (row,) = house.rows("SELECT state, result FROM rounds WHERE plan_id = ?", plan)
    assert row["state"] == "closed"
    return result.read(row["result"])


def figure(found: Result, section: str, line: str) -> int | None:
    """A figure, or None where it or its whole section is not told."""
    lines = [each.yes for one in found.sections if one.code == section for each in one.lines if each.code == line]
    return lines[0] if lines else None


# --- who is counted -------------------------------------------------------------------------------------------


def test_what_became_of_the_asking_is_told_as_it_is(house: House) -> None:
    phones = clients(house, 7)
    clients(house, 6, consents=())
    house.client(adult=False)
    plan = run(house)
    answer(house, phones[0], plan, {"helped": "family"})
    answer(house, phones[1], plan, {"helped": "family"}, finished=False)
    answer(house, phones[2], plan, {"helped": None}, finished=False)
    house.open(phones[3], plan)
    house.open(phones[4], plan)
    house.say(phones[4], DeclineAsking(house.asking(phones[4], plan)["id"]))
    house.connection.execute(
        "UPDATE askings SET state = 'blocked' WHERE id = ?", (house.asking(phones[5], plan)["id"],)
    )
    found = close(house, plan)
    assert found.counts == {
        "answered": 1, "partly": 1, "opened": 2, "declined": 1, "blocked": 1, "sent": 1, "unsent": 7
    }  # fmt: skip
    assert (found.asked, found.opened) == (6, 5)
    assert found.reasons == {"consent": 6, "other": 1}, "nobody is pointed at as being under 18"
    assert found.clients is None
    assert found.sections == ()


def test_only_those_who_agree_to_be_counted_are(house: House) -> None:
    counted, others = clients(house, 10), clients(house, 5, consents=AGREED)
    plan = run(house)
    for number, phone in enumerate((*counted, *others)):
        answer(house, phone, plan, {"helped": "family" if number < 5 else "work"})
    found = close(house, plan)
    assert found.counts["answered"] == 15
    assert found.clients == 10
    assert figure(found, "helped", "family") == 5


@pytest.mark.parametrize(
    "change",
    ["left_at = 1", "erase_at = 1", "adult = 0"],
    ids=["who has left", "who is about to go", "who is no adult"],
)
def test_who_went_meanwhile_is_not(house: House, change: str) -> None:
    phones = clients(house, 11)
    plan = run(house)
    for phone in phones:
        answer(house, phone, plan, {"helped": "family"})
    house.connection.execute(f"UPDATE people SET {change} WHERE id = ?", (house.person(phones[0]).id,))
    assert close(house, plan).clients == 10


def test_what_is_said_outside_of_the_round_or_to_another_version_is_not(house: House) -> None:
    phones = clients(house, 10)
    plan = run(house)
    for number, phone in enumerate(phones):
        answer(house, phone, plan, {"helped": "family" if number < 5 else "work"})
        house.say(phone, respond("helped", "home"))
    assert figure(found := close(house, plan), "helped", "family") == 5
    assert figure(found, "helped", "home") is None
    house.connection.execute("UPDATE responses SET version = 7")
    again = result.read(house.do(lambda turn: result.conclude(turn, house.rows("SELECT id FROM rounds")[0]["id"])))
    assert again.clients is None


def test_the_last_word_on_a_question_counts(house: House) -> None:
    phones = clients(house, 12)
    plan = run(house)
    for number, phone in enumerate(phones):
        answer(house, phone, plan, {"helped": "home", "harder": "money"})
        if number < 6:
            answer(house, phone, plan, {"helped": "family", "harder": ""})
    found = close(house, plan)
    assert (figure(found, "helped", "family"), figure(found, "helped", "home")) == (6, 6)
    assert figure(found, "harder", "money") == 6, "of the other six it is not asked any more"


def test_needs_followed_up_and_services_are_told_with_the_check_in(house: House) -> None:
    phones = clients(house, 20)
    plan = run(house)
    for number, phone in enumerate(phones):
        now = {"debt.now": "solved" if number < 7 else "same", "debt.helped": "partly" if number < 6 else "no"}
        service = {"job.wanted": "yes" if number < 8 else "no", "job.since": "stronger" if number < 9 else "weaker"}
        answer(house, phone, plan, {"helped": "family", **(now if number < 14 else {}), **service})
    found = close(house, plan)
    (needs,) = (section for section in found.sections if section.code == "needs")
    assert (needs.clients, figure(found, "needs", "met"), figure(found, "needs", "helped")) == (14, 7, 6)
    assert figure(found, "needs", "harder") is None
    assert figure(found, "services", "wanted.yes") == 8
    assert [figure(found, "services", f"since.{code}") for code in ("stronger", "weaker")].count(None) == 1


def test_no_word_name_or_code_is_in_it(house: House) -> None:
    phones = clients(house, 12)
    plan = run(house)
    for phone in phones:
        answer(house, phone, plan, {"helped": "family", "anything": "write"})
        words = Respond(CHECKIN.name, CHECKIN.version, "wanting", Status.ANSWERED, None, Said("a secret word"))
        house.say(phone, words)
    close(house, plan)
    (row,) = house.rows("SELECT result FROM rounds")
    codes = [house.person(phone).code for phone in phones]
    assert not [each for each in ("secret", *codes) if each in row["result"]]


def test_how_long_it_took_is_the_time_to_the_last_answer_of_the_one_in_the_middle(house: House) -> None:
    phones = clients(house, 11)
    plan = run(house)
    for number, phone in enumerate(phones):
        house.open(phone, plan)
        house.wait(seconds=40 * (number + 1))
        answer(house, phone, plan, {"helped": "family"})
    assert close(house, plan).seconds == 240


def test_what_was_not_asked_after_all_was_not_left_out(house: House) -> None:
    phones = clients(house, 12)
    plan = run(house)
    for number, phone in enumerate(phones):
        answer(house, phone, plan, {"open": "4" if number < 6 else None, "harder": ""})
    assert close(house, plan).left_out == 50


def test_a_round_that_asked_for_the_needs_points_to_the_report(house: House) -> None:
    clients(house, 2)
    found = close(house, run(house, "needs"))
    assert found.sections == ()
    assert "What clients put first is in the report." in [word(line, "en") for line in wording.lines(found)]


def test_it_reads_as_it_was_written(house: House) -> None:
    phones = clients(house, 12)
    plan = run(house)
    for phone in phones:
        answer(house, phone, plan, {"helped": "family"})
    found = close(house, plan)
    round_ = house.rows("SELECT id FROM rounds")[0]["id"]
    once = house.do(lambda turn: result.conclude(turn, round_))
    assert result.read(json.dumps(json.loads(once))) == result.read(once)
    assert result.read(once).sections == found.sections


def test_there_is_no_result_of_a_round_that_is_not_there(house: House) -> None:
    with pytest.raises(KeyError):
        house.do(lambda turn: result.conclude(turn, 1))


# --- how it is shown ------------------------------------------------------------------------------------------


def made_up(sections: int = 3, lines: int = 4) -> Result:
    """A result with so many sections of so many lines."""
    label = {"en": "A fairly long label of an option", "my": "ရွေးချယ်စရာတစ်ခုရဲ့ ရှည်ရှည် အမည်"}
    told = tuple(Line(f"o{number}", 7 + number % 9 if number % 3 else None, label) for number in range(lines))
    return Result(
        organisation="The House",
        zone="Asia/Yangon",
        instrument="own",
        version=2,
        title={"en": "After the course", "my": "သင်တန်းပြီးနောက်"},
        number=3,
        starts_at=1_793_000_000,
        closed_at=1_793_300_000,
        counts={"sent": 9, "opened": 2, "partly": 3, "answered": 20, "declined": 4, "blocked": 1, "unsent": 30},
        reasons={"consent": 24, "minor": 6},
        doubts=1,
        clients=22,
        left_out=12,
        seconds=150,
        sections=tuple(Section(f"q{number}", 22, told, label) for number in range(sections)),
    )


def said(found: Result, language: str = "en") -> list[str]:
    return [word(line, language) for line in wording.lines(found)]


def test_as_text_every_figure_has_its_n() -> None:
    lines = said(made_up())
    assert lines[0] == "After the course: round 3"
    assert "38 clients were asked; 29 opened it." in lines
    assert "• Said “not now”: 4" in lines
    assert "What follows is of 22 clients who came to the questions and agreed to be counted." in lines
    assert "Half of them took 2.5 minutes or less." in lines
    assert "12 % of the questions asked were left out." in lines
    assert "• A fairly long label of an option: 8 of 22" in lines
    assert any(line.startswith("Not shown: A fairly long label of an option; A fairly") for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_text_it_fits_a_message(language: str) -> None:
    load(language)
    short, long = said(made_up(2, 3), language), said(made_up(40, 10), language)
    cut = word(wording.CUT, language)
    assert cut not in short
    assert long[-1] == cut
    assert 2000 < len("\n".join(long)) <= 3500


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sections", [0, 3, 60])
def test_as_a_picture_telegram_takes_it(language: str, sections: int) -> None:
    load(language)
    file = page.make((made_up(sections, 9), language))
    width, height = size_of(file.content)
    assert file.content.startswith(SIGNATURE)
    assert width == 800 * ZOOM
    assert width + height <= 10_000


def test_a_hidden_figure_is_named_and_has_no_bar() -> None:
    drawn = page.draw_svg(made_up(1, 6), "en")
    figures = [line.yes for line in made_up(1, 6).sections[0].lines if line.yes is not None]
    assert [f">{yes}<" in drawn for yes in figures] == [True] * 4
    assert drawn.count(">/ 22<") == 4
    assert ">Not shown: " in drawn


def test_too_few_are_told_so(house: House) -> None:
    clients(house, 4)
    lines = said(close(house, run(house)))
    assert "What was said is told from 10 clients on who answered and agreed to be counted." in lines
    assert "• Did not open it: 4" in lines


def test_a_lead_gets_it_as_a_picture_once_it_is_there(house: House) -> None:
    clients(house, 4)
    lead = house.staff()
    plan = run(house)
    round_ = house.rows("SELECT id FROM rounds")[0]["id"]
    person = house.person(lead)
    assert not house.do(lambda turn: page.show_result(turn, person, round_))
    close(house, plan)
    assert house.do(lambda turn: page.show_result(turn, person, round_))
    (message,) = lead.standing("picture")
    assert message.file is not None
    turn = Turn(Store(house.connection, house.keyring, house.now), house.programme, {})
    found, language = DRAWERS["result"].read(turn, person, message.file)
    assert (found.counts["sent"], language) == (4, "en")


def test_the_terminal_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show(made_up(), "en")
    printed = capsys.readouterr().out
    for words in ("After the course: round 3 · The House", "8 of 22", "Not shown: A fairly long", "under 18"):
        assert words in printed
