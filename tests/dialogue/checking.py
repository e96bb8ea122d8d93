"""A check-in told by what is tapped, and rounds that ask for one."""

from __future__ import annotations

from collections.abc import Collection

from bot.rounds.plans import make_plan
from bot.turn import Turn
from conversations.instruments import CHECKIN
from conversations.looks import Draft
from storage.database import transact
from storage.store import Store
from tests.dialogue.stories import PURPOSES, begin_rating, enrol, rate
from tests.player import Phone, Stage

CORE = [question.code for question in CHECKIN.part("core")]
EXTRA = [question.code for question in CHECKIN.part("extra")]


def come_in(stage: Stage) -> Phone:
    """A client who agreed to everything, an hour later."""
    client = enrol(stage, purposes=PURPOSES)
    client.tap("Close")
    stage.wait(hours=1)
    return client


def turn_of(stage: Stage) -> Turn:
    """A turn that only reads."""
    return Turn(Store(stage.connection, stage.keyring, stage.now), stage.programme, {})


def ask(stage: Stage, instrument: str = "checkin", *, last: bool = False, hours: int = 72) -> None:
    """A round over everybody, now."""
    draft = Draft(
        instrument=instrument,
        version=1,
        audience=["everyone", ""],
        at=None,
        repeat="once",
        times=1,
        last=last,
        window_hours=hours,
    )

    def plan(_connection: object) -> None:
        turn = turn_of(stage)
        assert "plan" in make_plan(turn, None, draft)
        turn.store.flush()

    transact(stage.connection, plan)
    stage.sweep()


def begin(client: Phone) -> Phone:
    """A check-in of the client's own accord; the first list is on the screen."""
    client.send("/menu").tap("⋯").tap("My own way").tap("Answer some questions now")
    return client.tap("Start")


def tick(client: Phone, *labels: str) -> Phone:
    """Tick these in a list, in this order."""
    for label in labels:
        client.tap(label)
    return client.tap("Done")


def say_factors(
    client: Phone, helped: Collection[str] = (), harder: Collection[str] = (), pressed: Collection[str] = ()
) -> Phone:
    """Answer the three lists, and skip which part of life was touched."""
    for labels in (helped, harder, pressed):
        tick(client, *labels)
        if "Which part of life" in client.text:
            client.tap("Skip")
    return client


def come_to_statements(client: Phone) -> Phone:
    """Whether statements are liked is on the screen."""
    return say_factors(begin(client))


def state(client: Phone, step: str | dict[str, str]) -> Phone:
    """Answer all statements with one step, or by code (others are skipped)."""
    said = [
        (question.code, question.text.wordings["en"]) for question in (*CHECKIN.part("core"), *CHECKIN.part("extra"))
    ]
    client.tap("Go on")
    while code := next((code for code, text in said if text in client.text), None):
        wanted = step if isinstance(step, str) else step.get(code)
        client.tap(wanted) if wanted else client.tap("Skip")
    return client


def come_to_services(client: Phone) -> Phone:
    """Which services were had is on the screen."""
    return come_to_statements(client).tap("Leave them out")


def come_to_close(client: Phone) -> Phone:
    """The last question is on the screen."""
    return tick(come_to_services(client), "None of these")


def check_in(client: Phone, step: str | dict[str, str]) -> Phone:
    """A whole check-in with these steps, and nothing else."""
    return tick(state(come_to_statements(client), step), "None of these").tap("No")


def kept(stage: Stage, client: Phone, instrument: str = "checkin") -> dict[str, tuple[str, int | None]]:
    """The newest answer on each item."""
    sql = "SELECT item, status, value FROM responses WHERE person_id = ? AND instrument = ? ORDER BY id"
    rows = stage.rows(sql, stage.person(client).id, instrument)
    return {row["item"]: (row["status"], row["value"]) for row in rows}


def askings(stage: Stage) -> list[str]:
    """Where the askings of all rounds stand, oldest first."""
    return [row["state"] for row in stage.rows("SELECT state FROM askings ORDER BY id")]


def put_first(client: Phone, fours: dict[str, str]) -> Phone:
    """A client who puts these first."""
    rate(begin_rating(client.send("/menu")), fours)
    return client.send("/menu")
