"""Words to the leads: who reads them and who never does, from the first screen to what is left after an erasure."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import acts, erasing, feedback, files, looks, sounds
from bot.source import Source
from bot.telegram import File
from bot.turn import Turn, load_scenes
from bot.turns import Taken
from conversations.acts import AnswerFeedback, GiveFeedback, HearFeedback, ReadFeedback
from conversations.lead.feedback import parts_of
from conversations.looks import LookFeedback, LookInbox
from conversations.playbook import PLAYBOOK
from conversations.script import Said
from storage import people
from storage.database import transact
from storage.keys import WrongKeyError
from storage.people import STRANGERS_KEPT, Person
from storage.sessions import Session
from storage.store import Store
from tests.dialogue.stories import arrive, ask_for_contact, begin_rating, come_to_consent, enrol, join, rate
from tests.player import PROGRAMME, Phone, Stage

MARK = "ZEBRA"
WORDS = f"{MARK} she keeps part of our money"
SOUND = b"OggS and a voice that someone may know"


class Watched(Stage):
    """Remembers all that was ever to be sent to somebody (by person id), and all that their key opens in the outbox."""

    def __init__(self, *, restarts: bool) -> None:
        super().__init__(restarts=restarts)
        self.sent: dict[int, list[str]] = {}
        self.opened: dict[int, list[str]] = {}

    def _check(self, taken: Taken) -> None:
        super()._check(taken)
        for sending in taken.sendings:
            self.sent.setdefault(sending.person.id, []).append(json.dumps(sending.payload, ensure_ascii=False))
        for row in self.rows("SELECT o.id, o.body, i.person_id, i.key FROM outbox o, identities i WHERE o.body <> x''"):
            box = self.keyring.box(row["person_id"], row["key"])
            with suppress(WrongKeyError):  # it is another one's
                opened = box.open(row["body"], f"outbox.body:{row['id']}")
                self.opened.setdefault(row["person_id"], []).append(opened.decode())

    def met(self, phone: Phone) -> str:
        """Every text and every button that ever came to this phone, what stands on it, and what its key opens."""
        person = self.person(phone).id
        drawn = [*self.sent.get(person, []), str(phone), *(button.label for _id, button in phone.seen), *phone.toasts]
        return "\n".join([*drawn, *self.opened.get(person, [])])

    def turn(self, work: Callable[[Turn], Any]) -> Any:
        """Something done within a transaction, as a turn does it; what it wants sent is carried out."""

        def run(connection: Any) -> tuple[Any, Taken]:
            store = Store(connection, self.keyring, self.now)
            turn = Turn(store, self.programme, {})
            came = work(turn)
            store.flush()
            return came, Taken(sendings=turn.sendings, erased=turn.erased)

        came, taken = transact(self.connection, run)
        self._settle(taken)
        return came


@pytest.fixture(params=[True, False], ids=["restarted", "running"])
def stage(request: pytest.FixtureRequest) -> Watched:
    """An empty programme that remembers what was sent."""
    return Watched(restarts=request.param)


@pytest.fixture
def worker(stage: Watched) -> Phone:
    """The caseworker of whoever is enrolled after."""
    return join(stage, name="Aye")


@pytest.fixture
def lead(stage: Watched, worker: Phone) -> Phone:
    return join(stage, "lead", "Lin")


def tell(client: Phone, words: str | None = WORDS, *, named: bool = False) -> Phone:
    """Tell the leads something; None: by voice."""
    client.send("/feedback")
    client.voice() if words is None else client.send(words)
    return client.tap("Yes, with my code" if named else "No, without")


def newest(stage: Stage) -> int:
    """The id of what was told last."""
    return int(stage.rows("SELECT max(id) FROM feedback")[0][0])


def fetch(stage: Watched, state: str = "kept") -> int:
    """The sound of the newest voice note has come, or has not; its id."""
    row = stage.rows("SELECT * FROM voices ORDER BY id DESC LIMIT 1")[0]

    def work(turn: Turn) -> None:
        if state == "kept":
            owner = turn.scene(row["person_id"]).person
            sealed = owner.box.seal(SOUND, f"voices.sound:{row['id']}")
            turn.store.later("voices", "keep", id=row["id"], sound=sealed)
            turn.delete(owner, row["message_id"])
        else:
            turn.store.later("voices", "again", id=row["id"], due_at=0, state=state)

    stage.turn(work)
    return int(row["id"])


def readings(stage: Stage) -> list[str]:
    return [row["what"] for row in stage.rows("SELECT what FROM readings ORDER BY id")]


# --- giving --------------------------------------------------------------------------------------------------


def test_who_reads_it_and_who_never_does_stands_first(stage: Watched, lead: Phone) -> None:
    join(stage, "lead", "Khin")
    client = enrol(stage).tap("⋯").tap("Tell us something")
    assert client.text.splitlines() == [
        "What you write here goes to the programme lead: Lin, Khin.",
        "Your caseworker does not see it, now or later.",
        "Whatever you write, you lose no help and no money.",
        "Write it, or send a voice note.",
    ]
    client.send(WORDS)
    assert client.text.startswith("May the lead see your code, so that they can answer you?")
    assert client.labels == ["Yes, with my code", "No, without", "‹ Back", "Stop for now"]
    assert stage.count("feedback") == 0, "nothing is sent before that is said"
    client.tap("No, without")
    assert client.text.startswith("Thank you. It is with Lin, Khin now.")
    assert [message.slot for message in client.screen] == ["living"], "words do not stay in the chat"
    assert MARK not in client.text


def test_a_lead_who_does_not_want_the_bot_any_more_is_not_named(stage: Watched, lead: Phone) -> None:
    lead.block()
    client = enrol(stage).send("/feedback")
    assert "Lin" not in client.text
    assert client.text.startswith("There is no programme lead here yet.\nWhat you write here is kept, locked")


def test_without_a_lead_it_is_kept_until_one_comes_and_that_is_said(stage: Watched, worker: Phone) -> None:
    client = tell(enrol(stage))
    assert client.text.startswith("Thank you. It is kept until a programme lead comes.")
    late = join(stage, "lead", "Lin")
    assert "New words to you: 1" in late.text
    assert MARK in late.tap("What people wrote").tap("New").text


def test_whose_chosen_name_would_show_is_told_so(stage: Watched, lead: Phone) -> None:
    client = enrol(stage, "Moe").send("/feedback").send(WORDS)
    assert client.text.startswith("May the lead see your code and “Moe”, so that they can answer you?")


def test_whoever_speaks_is_told_that_a_voice_can_be_known(stage: Watched, lead: Phone) -> None:
    client = enrol(stage).send("/feedback").voice()
    assert "They hear your voice. Someone who knows you may know it." in client.text
    assert "voice" not in client.tap("‹ Back").send(WORDS).text


@pytest.mark.parametrize("where", ["under 18", "coming in", "left"])
def test_it_is_open_at_any_point(stage: Watched, lead: Phone, where: str) -> None:
    match where:
        case "under 18":
            client = arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("Under 18")
            client.tap("Tell us something")
        case "coming in":
            client = come_to_consent(stage).send("/feedback")
        case _:
            client = enrol(stage).send("/leave").tap("Leave, keep it locked").send("/feedback")
    before = stage.count("alerts")
    client.send(WORDS)
    assert ("You have left, so nobody can answer you here." in client.text) is (where == "left")
    assert ("so that they can answer you" in client.text) is (where != "left")
    client.tap("No, without")
    assert client.text.startswith("Thank you.")
    assert stage.count("alerts") == before
    assert MARK in lead.tap("Open", on=lead.push).text


def test_skip_and_stop_send_nothing_and_what_was_written_waits_where_it_was(stage: Watched, lead: Phone) -> None:
    client = enrol(stage).send("/feedback").tap("Skip")
    assert client.text.startswith("I sent nothing.")
    client.send("/feedback").send(WORDS).tap("Stop for now")
    assert (stage.count("feedback"), lead.push) == (0, None)
    client.send("/feedback")
    assert client.text.startswith("May the lead see your code")
    client.tap("‹ Back").send("other words").tap("No, without")
    assert MARK not in stage.met(lead)
    assert "other words" in lead.tap("Open", on=lead.push).text


def test_a_second_tap_sends_nothing_twice(stage: Watched, lead: Phone) -> None:
    client = enrol(stage).send("/feedback").send(WORDS)
    message, button = client.find("No, without")
    client.press(button.data, message.id).press(button.data, message.id)
    assert stage.count("feedback") == 1


def test_a_client_finds_it_again_and_sees_when_it_was_opened(stage: Watched, lead: Phone) -> None:
    client = tell(enrol(stage))
    person = stage.person(client)
    [kept] = stage.turn(lambda turn: feedback.kept_of(turn, person))
    assert kept == [stage.at, WORDS, None, False]
    client.send("/mine").tap("See what is kept").tap("What I told the leads")
    assert WORDS in client.text
    lead.tap("Open", on=lead.push)
    client.send("/mine").tap("See what is kept").tap("Who has read it")
    assert "Lin opened what you wrote to the leads" in client.text


# --- without an invitation -----------------------------------------------------------------------------------


def test_a_stranger_is_told_the_same_without_a_name_or_a_telling_word(stage: Watched, lead: Phone) -> None:
    stranger = stage.phone().send("/start")
    assert "Tell us something" in stranger.labels
    stranger.tap("Tell us something")
    assert stranger.text.startswith("What you write here goes only to the people who lead here.\nNobody else here sees")
    assert f"It is kept for {PROGRAMME.retention.words_days} days, then deleted." in stranger.text
    stranger.send(WORDS)
    assert stranger.text.startswith("Thank you."), "there is no code to ask for"
    said = [json.loads(payload).get("text", "") for payload in stage.sent[stage.person(stranger).id]]
    shown = "\n".join([*said, *(button.label for _id, button in stranger.seen)])
    assert "Nobody else here" in shown
    for telling in ("Lin", "programme", "caseworker", "code", "client", "money", "The House"):
        assert telling not in shown, telling
    lead.tap("Open", on=lead.push)
    assert "without a code" in lead.text
    assert MARK in lead.text
    assert stage.person(stranger).code not in stage.met(lead)


def test_a_stranger_is_kept_as_long_as_their_words_are(stage: Watched, lead: Phone) -> None:
    silent = stage.phone().send("/start")
    spoke = stage.phone().send("/feedback").send(WORDS)
    until = stage.person(spoke).expires_at
    stage.wait(days=STRANGERS_KEPT.days + 1)
    stage.sweep()
    store = Store(stage.connection, stage.keyring, stage.now)
    assert {*people.find_by_chats(store, [silent.chat, spoke.chat])} == {spoke.chat}
    assert until == stage.rows("SELECT at FROM feedback")[0]["at"] + PROGRAMME.retention.words_days * 86_400
    stage.wait(days=PROGRAMME.retention.words_days)
    stage.sweep()
    assert stage.count("feedback") == 0


def test_a_shorter_time_for_words_does_not_make_what_was_said_untrue() -> None:
    short = PROGRAMME.retention.model_copy(update={"words_days": 2})
    stage = Stage(PROGRAMME.model_copy(update={"retention": short}))
    stranger = stage.phone().send("/feedback")
    assert "It is kept for 7 days" in stranger.text
    stranger.send(WORDS)
    assert (stage.person(stranger).expires_at or 0) - stage.at == 7 * 86_400


def test_nobody_without_a_code_is_ever_named(stage: Watched, lead: Phone) -> None:
    stranger = stage.phone().send("/start")

    def give(turn: Turn) -> None:
        scene = turn.scene(stage.person(stranger).id)
        session = Session(turn.store.new_id(), scene.person.id, "feedback", "live", {})
        acts.perform(GiveFeedback(Said(WORDS), named=True), acts.Moment(turn, scene, session, 1))

    stage.turn(give)
    assert stage.rows("SELECT named FROM feedback")[0]["named"] == 0


# --- to the leads --------------------------------------------------------------------------------------------


def test_each_lead_gets_one_line_that_tells_nothing(stage: Watched, lead: Phone) -> None:
    other = join(stage, "lead", "Khin")
    client = tell(tell(enrol(stage), named=True), "more of it", named=True)
    for phone in (lead, other):
        assert phone.push is not None
        assert phone.push.text == "Hello. There is something new for you when you have time."
        assert phone.push.labels == ["Open"]
        assert "New words to you: 2" in phone.text
        assert stage.person(client).code not in stage.met(phone)
        assert MARK not in stage.met(phone)
    lead.tap("Open", on=lead.push)
    assert lead.push is None
    assert "New words to you: 1" in other.text, "what others see is drawn anew"


def test_a_code_shows_only_where_it_was_given(stage: Watched, lead: Phone) -> None:
    client = tell(enrol(stage, "Moe"))
    code = stage.person(client).code
    lead.tap("Open", on=lead.push).tap("Hide this").tap("Opened")
    assert MARK in lead.text
    met = stage.met(lead)
    assert code not in met
    assert "Moe" not in met
    assert "Write to" not in met
    tell(client, named=True)
    lead.tap("Open", on=lead.push)
    assert f"with the code {code}:" in lead.text


def test_what_nobody_has_opened_stands_first_then_the_newest_day_by_day(stage: Watched, lead: Phone) -> None:
    client = enrol(stage)
    for number in range(7):
        tell(client, f"words number {number}.")
        stage.wait(days=1)
    lead.send("/menu").tap("What people wrote")
    assert [label.split(" ")[0] for label in lead.labels] == ["New"] * 5 + ["Older", "Close"]
    assert lead.labels[0] == "New · Sunday 8 November"
    assert MARK not in str(lead)
    assert "words number 6." in lead.tap("New").text
    lead.tap("Hide this").tap("Older ones")
    assert lead.labels == ["New · Monday 2 November", "Opened · Sunday 8 November", "Close"]
    assert "words number 0." in lead.tap("New").text


def test_the_first_to_open_it_is_noted_and_every_opening_is_a_reading(stage: Watched, lead: Phone) -> None:
    other = join(stage, "lead", "Khin")
    tell(enrol(stage))
    assert readings(stage) == []
    lead.tap("Open", on=lead.push)
    at = stage.at
    other.tap("Open", on=other.push).tap("Hide this").tap("Opened")
    [row] = stage.rows("SELECT read_at, read_by FROM feedback")
    assert (row["read_at"], row["read_by"]) == (at, stage.person(lead).id)
    assert readings(stage) == ["feedback"] * 3


def test_drawing_a_screen_anew_is_no_reading(stage: Watched, lead: Phone) -> None:
    tell(enrol(stage))
    lead.tap("Open", on=lead.push).send("words that do not belong here").send("/nothing")
    assert MARK in lead.text
    assert readings(stage) == ["feedback"]


def test_the_words_stand_in_no_log_of_the_readers(stage: Watched, lead: Phone) -> None:
    tell(enrol(stage))
    lead.tap("Open", on=lead.push)
    reader = stage.person(lead)
    for row in stage.rows("SELECT * FROM sessions WHERE person_id = ?", reader.id):
        assert MARK.encode() not in reader.box.open(row["body"], f"sessions.body:{row['id']}")
    assert MARK not in "".join(stage.opened[reader.id]), "a screen about somebody is under that one's key"


@pytest.mark.parametrize("words", ["😀" * 2_047 + "Z", "အလုပ် " * 682 + "Z", "x" * 4_095 + "Z"])
def test_the_longest_words_are_read_to_their_end(stage: Watched, lead: Phone, words: str) -> None:
    tell(enrol(stage), words)
    lead.tap("Open", on=lead.push)
    shown = ""
    while True:
        shown += lead.text.split("“", 1)[1].split("”")[0]
        if "Read on" not in lead.labels:
            break
        lead.tap("Read on")
    assert shown == words
    assert readings(stage) == ["feedback"]


def test_words_are_cut_between_words() -> None:
    text = "seven c " * 600
    assert "".join(parts_of(text)) == text
    assert all(part.endswith(" ") for part in parts_of(text))
    assert parts_of("") == [""]


# --- by voice ------------------------------------------------------------------------------------------------


def sound(lead: Phone) -> Any:
    """What stands in the slot of the sound."""
    found = lead.standing_in(sounds.SLOT)
    return found[0].file if found else None


def test_a_voice_note_is_heard_behind_a_tap_that_is_recorded(stage: Watched, lead: Phone) -> None:
    client = tell(enrol(stage), None)
    lead.tap("Open", on=lead.push)
    assert "The sound is still on its way." in lead.text
    assert "Hear it" not in lead.labels
    assert do(stage, lead, HearFeedback(newest(stage))) is None
    voice = fetch(stage)
    lead.send("/menu").tap("What people wrote").tap("Opened")
    assert "A voice note, 4 seconds." in lead.text
    assert (sound(lead), readings(stage)) == (None, ["feedback"] * 2)
    lead.tap("Hear it")
    assert sound(lead) == {"kind": "voice", "draw": "voice", "voice": voice}
    assert lead.standing_in(sounds.SLOT)[0].text == "·"
    [slot] = stage.rows("SELECT subject_id FROM slots WHERE id LIKE '%.sound'")
    assert slot["subject_id"] == stage.person(client).id, "it goes with whoever spoke"
    assert readings(stage) == ["feedback"] * 3
    assert lead.tap("Hear it").standing_in(sounds.SLOT)[0] is lead.screen[-1]


def test_a_sound_that_cannot_be_fetched_is_said_to_be_lost(stage: Watched, lead: Phone) -> None:
    tell(enrol(stage), None)
    fetch(stage, "lost")
    lead.tap("Open", on=lead.push)
    assert "The sound could not be fetched and is lost." in lead.text
    assert "Hear it" not in lead.labels


@pytest.mark.parametrize("way", ["Hide this", "/menu", "/language", "an alert", "/clear"])
def test_the_sound_goes_when_its_screen_is_left_by_whatever_way(stage: Watched, lead: Phone, way: str) -> None:
    client = enrol(stage, strike=("caseworker", "team"))
    tell(client, None)
    fetch(stage)
    lead.tap("Open", on=lead.push).tap("Hear it")
    assert sound(lead)
    if way == "an alert":
        ask_for_contact(client)
        assert sound(lead), "news of something else leaves it"
        lead.tap("I'll take it")
    elif way.startswith("/"):
        lead.send(way)
    else:
        lead.tap(way)
    assert not lead.standing_in(sounds.SLOT)


async def test_the_sound_is_opened_only_when_it_is_sent_and_only_for_a_lead(
    stage: Watched, worker: Phone, lead: Phone
) -> None:
    client = tell(enrol(stage), None)
    voice = fetch(stage)
    wanted = {"kind": "voice", "draw": "voice", "voice": voice}
    leader, aye = stage.person(lead), stage.person(worker)

    async def draw_for(person: Person, **other: int) -> File | None:
        def read_for(work: Callable[[Turn, Person], Any]) -> Awaitable[Any]:
            async def read() -> Any:
                return stage.turn(lambda turn: work(turn, person))

            return read()

        return await files.draw({**wanted, **other}, read_for)

    drawn = await draw_for(leader)
    assert drawn is not None
    assert (drawn.kind, drawn.content, drawn.mime) == ("voice", SOUND, "audio/ogg")
    assert await draw_for(aye) is None
    assert await draw_for(replace(leader, role="caseworker")) is None
    assert await draw_for(stage.person(client)) is None
    assert await draw_for(leader, voice=voice + 1) is None
    begin_rating(client).tap("4").voice()
    assert await draw_for(leader, voice=fetch(stage)) is None, "a voice note that was not for the leads"


def test_no_row_of_the_outbox_holds_the_sound(stage: Watched, lead: Phone) -> None:
    tell(enrol(stage), None)
    fetch(stage)
    lead.tap("Open", on=lead.push).tap("Hear it")
    assert "OggS" not in stage.met(lead)
    assert SOUND.hex().upper() not in "\n".join(stage.connection.iterdump())


# --- an answer -----------------------------------------------------------------------------------------------


def test_a_lead_answers_whoever_gave_their_code(stage: Watched, lead: Phone) -> None:
    client = tell(enrol(stage), named=True)
    lead.tap("Open", on=lead.push).tap("Write to C-").send("I will look into it.")
    client.send("/menu").tap("Write to Lin")
    assert "Lin: I will look into it." in client.text
    client.send("thank you")
    assert "thank you" in lead.text


def test_without_a_code_or_after_leaving_there_is_no_way_to_answer(stage: Watched, lead: Phone) -> None:
    client = tell(enrol(stage))
    lead.tap("Open", on=lead.push)
    assert not any(label.startswith("Write to") for label in lead.labels)
    assert do(stage, lead, AnswerFeedback(newest(stage))) is None
    tell(client, named=True).send("/leave").tap("Leave, keep it locked")
    lead.tap("Open", on=lead.push)
    assert not any(label.startswith("Write to") for label in lead.labels)
    assert do(stage, lead, AnswerFeedback(newest(stage))) is None
    assert stage.count("talks") == 0


# --- who never sees it ---------------------------------------------------------------------------------------


def do(stage: Watched, phone: Phone, act: object) -> Any:
    """Carry out an act for somebody, past every screen."""

    def work(turn: Turn) -> Any:
        scene = load_scenes(turn.store, {person.id: person}, {})[person.id]
        turn.enter(scene)
        session = Session(turn.store.new_id(), person.id, "wrote", "live", {})
        return acts.perform(act, acts.Moment(turn, scene, session, 1))

    person = stage.person(phone)
    return stage.turn(work)


def see(stage: Watched, phone: Phone, query: object) -> Any:
    """Read something for somebody, past every screen."""
    return stage.turn(lambda turn: looks.read(query, turn, turn.scene(stage.person(phone).id)))


def test_a_caseworker_never_sees_any_of_it(stage: Watched, worker: Phone, lead: Phone) -> None:
    client = ask_for_contact(enrol(stage, "Moe"), words="a room")
    tell(client, named=True)
    tell(client, None, named=True)
    fetch(stage)
    worker.tap("I'll take it").tap("Show details").tap("Hide this").send("/menu").tap("My clients").tap("C-")
    lead.tap("Open", on=lead.push).tap("Hide this").tap("New").tap("Hear it").tap("Write to").send("I see")
    client.send("/menu").tap("Write to Lin").send(f"{MARK} again")
    worker.send("/menu").send("/feedback").press("!feedback.1")
    for id_ in [row["id"] for row in stage.rows("SELECT id FROM feedback")]:
        worker.press(f"!wrote.{id_}").press(f"!written.{id_}")
        assert see(stage, worker, LookFeedback(id_)) is None
        for act in (ReadFeedback(id_), HearFeedback(id_), AnswerFeedback(id_)):
            assert do(stage, worker, act) is None
    for talk in [row["id"] for row in stage.rows("SELECT id FROM talks WHERE alert_id IS NULL")]:
        worker.press(f"!talk.{talk}")
    assert see(stage, worker, LookInbox()) == {"rows": [], "new": 0, "more": False}
    met = stage.met(worker)
    assert "a room" in met, "what they may read is found by this search"
    assert MARK not in met
    assert "words to you" not in met
    assert '"voice"' not in met
    assert MARK in stage.met(lead)
    [own] = stage.rows("SELECT count(*) AS n FROM readings WHERE what = 'feedback' AND staff_id = ?", caseworker(stage))
    assert own["n"] == 0


def caseworker(stage: Stage) -> int:
    return int(stage.rows("SELECT id FROM people WHERE role = 'caseworker'")[0]["id"])


def test_only_leads_may_start_what_reads_it() -> None:
    for script in ("written", "wrote"):
        assert PLAYBOOK[script].roles == {"lead"}
    assert PLAYBOOK["feedback"].roles == {"client", "stranger"}


def test_an_export_holds_nothing_of_it(stage: Watched, worker: Phone, lead: Phone) -> None:
    client = rate(begin_rating(enrol(stage)), {"housing": "a room"})
    tell(client, named=True)
    lead.tap("Open", on=lead.push)
    for words in (False, True):
        source = Source(stage.connection, stage.keyring, words, stage.now, ZoneInfo("UTC"))
        cells = "\n".join(str(row) for table in source.tables() for row in (table.file, table.columns, *table.rows))
        assert ("a room" in cells) is words
        assert MARK not in cells
        assert "feedback" not in cells.lower()


def test_it_lies_sealed_in_the_database(stage: Watched, lead: Phone) -> None:
    tell(enrol(stage))
    lead.tap("Open", on=lead.push)
    dump = "\n".join(stage.connection.iterdump())
    assert MARK not in dump
    assert MARK.encode().hex().upper() not in dump


# --- after an erasure ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [True, False])
def test_after_an_erasure_nothing_stands_on_any_phone(stage: Watched, lead: Phone, named: bool) -> None:
    other, third = join(stage, "lead", "Khin"), join(stage, "lead", "Su")
    client = tell(enrol(stage), None, named=named)
    fetch(stage)
    code = stage.person(client).code
    other.tap("Open", on=other.push).tap("Hear it")
    tell(client, named=named)
    lead.tap("Open", on=lead.push)
    assert MARK in str(lead)
    assert third.push is not None
    assert sound(other)
    client.send("/mine").tap("Erase everything").tap("Erase now").tap("Yes, erase now")
    assert (stage.count("feedback"), stage.count("voices"), stage.count("readings")) == (0, 0, 0)
    for phone in (lead, other, third):
        assert MARK not in str(phone)
        assert code not in str(phone)
        assert phone.push is None
        assert not phone.standing_in(sounds.SLOT)
    assert lead.text.endswith("Nothing is here now.")
    stale = [button.data for _id, button in third.seen if button.data.startswith("!wrote.")]
    assert stale
    assert "This one is no longer here." in third.press(stale[0]).text
    assert erasing.EMPTIED.message not in str(third)
