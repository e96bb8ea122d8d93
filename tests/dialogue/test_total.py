"""Total: whatever anybody sends, in any order, there is an answer, and nothing happens that must not.

CI plays the same examples every time; `pytest -m long tests/dialogue/test_total.py` looks for new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.turns import Taken
from conversations.playbook import COMMANDS, PLAYBOOK
from tests.dialogue.stories import ask_for_contact, begin_rating, come_to_consent, enrol, join, rate
from tests.player import Button, Phone, Stage, Update

STARTS: Final = ("nobody knows anybody", "coming in", "rating", "about to wish", "sent", "talking")
STRANGER, NEWCOMER, CLIENT, OTHER, AYE, BO, LIN = range(7)
SENDING: Final = frozenset({"yes", "today", "week", "minor"})
"""Codes of the buttons that can tell somebody something."""

ZAWGYI: Final = "ေနာက္ဆုံး ျမန္မာ စာ"
WORDS = st.one_of(
    st.sampled_from(
        ["", " ", "\n", "\u200b", "4", "၄", "1", "0", "9", "4️⃣", "12", "24.12.", "yes", "/", "//", "/help now"]
    ),
    st.sampled_from(
        ["x" * 4096, "😀" * 2048, ZAWGYI, ZAWGYI * 200, "မြန်မာ", "\u202e\u0000<b>%s %(name)s {x}", "\ud83d"]
    ),
    st.text(max_size=40),
)
GARBAGE = st.one_of(
    st.sampled_from(["", "!", ".", "..", "!sent.9223372036854775808", "!sent.1", "a.b.c", "0.0.~b", "!language.1"]),
    st.builds("!{}.{}".format, st.sampled_from(sorted(PLAYBOOK)), st.integers(-1, 2**64) | st.text(max_size=4)),
    st.text(max_size=30),
)
CODES = st.sampled_from(
    ["1", "4", "5", "yes", "no", "~b", "~s", "~p", "~x", "~d", "~u", "~n", "today", "later", "end", ""]
)
AIMS = st.sampled_from(
    [
        *("4 SPEAK", "4 WRITE", "4 ~s", "1", "~s", "~b", "on", "yes", "no", "change 4", "change other health", "~x"),
        *("today here any yes", "week call WRITE yes", "today ~s ~s yes", "help today", "sent", "back", "close"),
        *(
            "needs",
            "firsts on",
            "talk WRITE",
            "talk end",
            "HELP no on",
            "HELP numbers close later",
            "take talk WRITE",
            "alert",
            "done yes",
            "clients",
            "on 1",
        ),
        *("more way checkin start ~s ~s ~s leave ~s", "family ~d ~s", "on 2 ~s 4", "legal ~d yes no ~s ~s same"),
        *("write WRITE today here any yes", "person week", "more contact less first days week done"),
        *("en yes adult", "en yes minor", "next next next next next", "plan ~d yes no yes", "~d no no no"),
    ]
)
"""Ways that lead somewhere: codes of buttons or their beginnings, and answers in words."""

WHO = st.integers(STRANGER, LIN)
WHICH = st.integers(0, 30)
SLASHED = [*sorted({command for commands in COMMANDS.values() for command in commands}), "start", "stop", "settings"]


@cache
def story(name: str) -> Stage:
    """Everybody at the beginning of a play. Taken from here only as a copy."""
    stage = Stage(restarts=False)
    stranger, newcomer = stage.phone(), stage.phone("my")
    if name == STARTS[0]:
        for _each in (CLIENT, OTHER, AYE, BO, LIN):
            stage.phone()
        return stage
    people = {AYE: join(stage, name="Aye"), BO: join(stage, name="Bo"), LIN: join(stage, "lead", "Lin")}
    if name == "coming in":
        people[CLIENT], people[OTHER] = come_to_consent(stage), enrol(stage, purposes=())
    else:
        client = people[CLIENT] = enrol(stage, "ZQ2ZQ Moe")
        people[OTHER] = rate(begin_rating(enrol(stage, strike=("team",))), {"debt": ""}, until="vocational")
        match name:
            case "rating":
                begin_rating(client)
            case "about to wish":
                rate(begin_rating(client), {"housing": "ZQ2ZQ room", "debt": ""}).tap("Yes, go on").tap("Today")
            case "sent" | "talking":
                ask_for_contact(client, words="ZQ2ZQ room")
    if name == "talking":
        people[AYE].tap("I'll take it").tap("Write to").send("hello")
        people[CLIENT].tap("Write to")
    cast = [stranger, newcomer, *(people[n] for n in (CLIENT, OTHER, AYE, BO, LIN))]
    stage.phones = {phone.chat: phone for phone in cast}
    return stage


class Everybody(RuleBasedStateMachine):
    """Seven people and one bot."""

    @initialize(start=st.sampled_from(STARTS), restarts=st.booleans())
    def begin(self, start: str, restarts: bool) -> None:
        self.stage = story(start).copy()
        self.stage.restarts = restarts
        self.phones = list(self.stage.phones.values())
        roles = ("client", "client", "caseworker", "lead")
        self.invitations = [self.stage.invite(role) for role in roles] + [self.stage.invite("client", days=0)]
        self.alerts = self.stage.count("alerts")
        self.responses, self.erased = self.stage.count("responses"), self.stage.count("erased")
        self.last: Update | None = None

    # --- what people do --------------------------------------------------------------------------------------

    @rule(who=WHO, which=WHICH)
    def tap_a_button_that_is_there(self, who: int, which: int) -> None:
        self.tap_one(who, which)

    @rule(who=st.sampled_from([NEWCOMER, CLIENT, CLIENT, OTHER, AYE]), path=st.lists(WHICH, min_size=3, max_size=12))
    def tap_on_and_on(self, who: int, path: list[int]) -> None:
        for which in path:
            self.tap_one(who, which)

    @rule(
        who=st.sampled_from([NEWCOMER, CLIENT, CLIENT, OTHER, AYE, AYE, BO]),
        aims=st.lists(AIMS, min_size=2, max_size=8),
    )
    def go_somewhere(self, who: int, aims: list[str]) -> None:
        phone = self.phones[who]
        for aim in " ".join(aims).split():
            if aim == "SPEAK":
                self.speak(who, 4)
            elif aim == "WRITE":
                self.write(who, "some words", 0)
            elif aim == "HELP":
                self.command(who, "help")
            for message in reversed(phone.screen):
                found = [button for button in message.buttons if leads_to(button, aim)]
                if found:
                    self.take([(phone, phone.pressing(found[0].data, message.id))])
                    break

    @rule(who=WHO, which=WHICH, times=st.integers(2, 3))
    def tap_twice(self, who: int, which: int, times: int) -> None:
        found = self.button(who, which)
        if found is not None:
            phone = self.phones[who]
            self.take([(phone, phone.pressing(found[1].data, found[0])) for _time in range(times)])

    @rule(who=WHO, which=st.integers(0, 10_000))
    def tap_a_button_from_earlier(self, who: int, which: int) -> None:
        phone = self.phones[who]
        if phone.seen:
            message, button = phone.seen[which % len(phone.seen)]
            self.take([(phone, phone.pressing(button.data, message))])

    @rule(who=WHO, whose=WHO, which=WHICH)
    def tap_somebody_elses_button(self, who: int, whose: int, which: int) -> None:
        found = self.button(whose, which)
        if found is not None:
            self.take([(self.phones[who], self.phones[who].pressing(found[1].data, found[0]))])

    @rule(who=WHO, data=GARBAGE, message=st.integers(0, 3))
    def tap_what_was_never_there(self, who: int, data: str, message: int) -> None:
        self.take([(self.phones[who], self.phones[who].pressing(data, message))])

    @rule(who=WHO, which=WHICH, code=CODES)
    def tap_with_another_code(self, who: int, which: int, code: str) -> None:
        found = self.button(who, which)
        if found is not None:
            phone = self.phones[who]
            data = ".".join([*found[1].data.split(".")[:-1], code])
            self.take([(phone, phone.pressing(data, found[0]))])

    @rule(taps=st.lists(st.tuples(WHO, WHICH), min_size=2, max_size=8))
    def several_tap_at_once(self, taps: list[tuple[int, int]]) -> None:
        made = []
        for who, which in taps:
            found = self.button(who, which)
            if found is not None:
                made.append((self.phones[who], self.phones[who].pressing(found[1].data, found[0])))
        self.take(made)

    @rule(who=WHO, words=WORDS, ago=st.sampled_from([0, 0, 0, 30, 90_000]))
    def write(self, who: int, words: str, ago: int) -> None:
        marked = words if len(words) < 2 or who in (AYE, BO, LIN) else f"ZQ{who}ZQ {words}"[:4096]
        self.take([(self.phones[who], self.phones[who].saying(ago=ago, text=marked))])

    @rule(who=WHO, command=st.sampled_from(SLASHED))
    def command(self, who: int, command: str) -> None:
        self.take([(self.phones[who], self.phones[who].saying(text=f"/{command}"))])

    @rule(who=st.sampled_from([STRANGER, NEWCOMER, CLIENT, AYE]), which=st.integers(0, 5))
    def come_with_an_invitation(self, who: int, which: int) -> None:
        code = [*self.invitations, "invented"][which]
        self.take([(self.phones[who], self.phones[who].saying(text=f"/start {code}"))])

    @rule(who=WHO, seconds=st.sampled_from([0, 4, 120, 121]))
    def speak(self, who: int, seconds: int) -> None:
        voice = {"file_id": "voice", "duration": seconds, "file_size": 1}
        self.take([(self.phones[who], self.phones[who].saying(voice=voice))])

    @rule(who=WHO, what=st.sampled_from(["sticker", "photo", "location", "poll", "contact"]))
    def send_something_else(self, who: int, what: str) -> None:
        self.take(
            [(self.phones[who], self.phones[who].saying(content={what: {"file_id": "x"}, "caption": f"ZQ{who}ZQ"}))]
        )

    @rule(who=WHO)
    def change_a_message(self, who: int) -> None:
        self.phones[who].edit(f"ZQ{who}ZQ changed")
        self.check_answers([self.phones[who]], self.stage.last, taps=0)

    @rule(who=WHO, back=st.booleans())
    def block_the_bot(self, who: int, back: bool) -> None:
        self.phones[who].block()
        assert not self.stage.last.sendings or all(
            s.person.chat != self.phones[who].chat for s in self.stage.last.sendings
        )
        if back:
            self.phones[who].unblock()

    @rule()
    def an_update_comes_again(self) -> None:
        if self.last is not None:
            assert self.stage.take(self.last).turns == 0

    @rule()
    def the_process_starts_anew(self) -> None:
        self.stage.restart()

    @rule(minutes=st.sampled_from([0, 1, 11, 61, 16 * 60, 3 * 24 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.stage.wait(minutes=minutes)
        if minutes > 24 * 60:
            self.last = None  # Telegram keeps an update for a day

    # --- what must hold --------------------------------------------------------------------------------------

    def take(self, made: Sequence[tuple[Phone, Update]]) -> None:
        """A batch, with what every batch must come to."""
        if not made:
            return
        accepted = {
            (phone.chat, data)
            for phone, update in made
            for data in [update.get("callback_query", {}).get("data", "")]
            if data.rpartition(".")[2] in SENDING
            and any(button.data == data for message in phone.standing("living") for button in message.buttons)
        }
        taken = self.stage.take(*(update for _phone, update in made))
        self.last = made[-1][1]
        self.check_answers([phone for phone, _update in made], taken, sum("callback_query" in u for _p, u in made))
        alerts = self.stage.count("alerts")
        assert alerts - self.alerts <= len(accepted), "an alert that nobody sent, or one too many"
        self.alerts = alerts

    def check_answers(self, phones: Sequence[Phone], taken: Taken, taps: int) -> None:
        answered = {sending.person.chat for sending in taken.sendings if sending.method == "show"}
        for phone in phones:
            assert phone.chat in answered, "no answer"
            assert len(phone.standing("living")) == 1
        assert len(taken.toasts) == taps, "a button that spins for ever"

    @invariant()
    def nothing_could_not_be_handled(self) -> None:
        assert self.stage.letters == 0

    @invariant()
    def every_rating_is_one_to_four_or_was_skipped(self) -> None:
        wrong = self.stage.rows(
            "SELECT item FROM responses WHERE NOT ((status = 'answered' AND value BETWEEN 1 AND 4)"
            " OR (status = 'skipped' AND value IS NULL)) AND item NOT LIKE '%.%' AND instrument = 'needs'"
            " OR status <> 'answered' AND value IS NOT NULL"
        )
        assert not wrong
        erased, count = self.stage.count("erased"), self.stage.count("responses")
        assert count >= self.responses or erased > self.erased, "something a client said is gone"
        self.responses, self.erased = count, erased

    @invariant()
    def no_words_of_a_client_stand_where_staff_did_not_open_them(self) -> None:
        staff = self.stage.rows("SELECT 1 FROM people WHERE role IN ('caseworker', 'lead')")
        if not staff:
            return
        clients = [n for n, phone in enumerate(self.phones) if self.role(phone) == "client"]
        for phone in self.phones:
            for message in (*phone.alerts, *phone.standing("push"), *phone.standing("notice")):
                assert not any(f"ZQ{n}ZQ" in message.text for n in clients)

    def teardown(self) -> None:
        if not hasattr(self, "stage"):
            return
        marks = [f"ZQ{who}ZQ".encode() for who in range(len(self.phones))]
        dump = "\n".join(self.stage.connection.iterdump()).encode()
        hexed = [mark.hex().upper().encode() for mark in marks]
        assert not any(mark in dump for mark in (*marks, *hexed)), "words that lie open in the database"
        self.stage.connection.close()

    # --- looking -----------------------------------------------------------------------------------------------

    def tap_one(self, who: int, which: int) -> None:
        found = self.button(who, which)
        if found is not None:
            self.take([(self.phones[who], self.phones[who].pressing(found[1].data, found[0]))])

    def button(self, who: int, which: int) -> tuple[int, Button] | None:
        """One of the buttons on a phone, the living message's first."""
        messages = sorted(self.phones[who].screen, key=lambda message: message.slot != "living")
        there = [(message.id, button) for message in messages for button in message.buttons]
        return there[which % len(there)] if there else None

    def role(self, phone: Phone) -> str:
        found = self.stage.rows(
            "SELECT p.role FROM people p JOIN identities i ON i.person_id = p.id WHERE i.chat_hash = ?",
            self.stage.keyring.hash_chat(phone.chat),
        )
        return str(found[0]["role"]) if found else ""


def leads_to(button: Button, aim: str) -> bool:
    """Whether a button's code (or the script it starts) is that, or begins with it and a dot."""
    code = button.data[1:] if button.data.startswith("!") else button.data.split(".", 2)[2]
    return code == aim or code.startswith(f"{aim}.")


QUICK = settings(
    max_examples=200,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
LONG = settings(QUICK, max_examples=3_000, stateful_step_count=80, derandomize=False)

Machine = Callable[[], RuleBasedStateMachine]


def test_whatever_anybody_sends_there_is_an_answer() -> None:
    run_state_machine_as_test(Everybody, settings=QUICK)


@pytest.mark.long
def test_whatever_anybody_sends_for_a_long_time_there_is_an_answer() -> None:
    run_state_machine_as_test(Everybody, settings=LONG)


@pytest.mark.parametrize("name", STARTS)
def test_every_play_begins_with_seven_people(name: str) -> None:
    stage = story(name)
    assert len(stage.phones) == 7
    assert stage.letters == 0
