"""Sessions recorded with each release go on with today's scripts: `python -m tests.dialogue.test_recorded VERSION`
records those of a release that is about to be made."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import looks
from bot.turn import Scene, Turn
from conversations.engine import Log, advance
from conversations.playbook import PLAYBOOK
from conversations.script import Do, Json, Look
from storage import sessions
from storage.store import Store
from tests.dialogue.stories import begin_rating, come_to_consent, enrol, join, rate, wish
from tests.player import PROGRAMME, Phone, Stage

HERE = Path(__file__).parent / "recorded"
RECORDED = [(file.stem, session) for file in sorted(HERE.glob("*.json")) for session in json.loads(file.read_text())]


NEWER: dict[str, dict[str, Json]] = {
    "state": {"opens_at": None, "words": False, "kind": "need"},
    "alerts": {"kind": "need"},
}
"""What live looks tell today beside what was recorded, of one or of each of several."""


@pytest.mark.parametrize(("release", "session"), RECORDED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_recorded_session_comes_to_rest_where_its_person_was(release: str, session: dict[str, Any]) -> None:
    looked = {key for key, _nth, kind, _value, _number in session["log"]["entries"] if kind == "look"}

    def perform(step: Look | Do, number: int) -> Json:
        if isinstance(step, Look) and step.key not in (session["live"] if step.live else looked):  # of a later release
            return _look_anew(step)
        assert isinstance(step, Look) and step.live, f"{release}: {step} would be done again"
        seen, newer = session["live"][step.key], NEWER.get(step.key, {})
        if not newer:
            return seen
        return [newer | each for each in seen] if isinstance(seen, list) else newer | seen

    start = partial(PLAYBOOK[session["script"]].start, session["arguments"])
    rest = advance(start, Log.from_json(session["log"]), None, perform)
    assert rest.ask is not None
    assert [*rest.address] == [session["shown"]["key"], session["shown"]["nth"]]


def _look_anew(step: Look) -> Json:
    """What somebody would be told who was there all along."""
    stage = Stage()
    client = stage.person(enrol(stage))
    return looks.read(step.query, Turn(Store(stage.connection, stage.keyring, stage.now), PROGRAMME, {}), Scene(client))


def test_every_release_left_sessions_of_every_kind() -> None:
    for file in HERE.glob("*.json"):
        scripts = {session["script"] for session in json.loads(file.read_text())}
        assert scripts >= {"enrol", "needs", "firsts", "wish", "sent", "talk", "desk", "menu", "return"}, file.name


def record() -> Iterator[dict[str, Any]]:
    """Sessions in the middle of every dialogue, with what their live looks saw."""
    for story in (_coming_in, _rating, _reviewing, _wishing, _waiting, _talking, _at_the_desk, _at_home, _coming_back):
        stage = Stage()
        seen: dict[str, Json] = {}
        read, looks.read = looks.read, _listening(looks.read, seen)  # type: ignore[assignment]
        try:
            person = stage.person(story(stage).sticker())
        finally:
            looks.read = read
        store = Store(stage.connection, stage.keyring, stage.now)
        live, _left = sessions.load_open(store, {person.id: person}, {})[person.id]
        assert live is not None
        yield {
            "script": live.script,
            "arguments": dict(live.arguments),
            "log": live.log.to_json(),
            "shown": live.shown,
            "live": dict(seen),
        }


def _listening(read: Callable[..., Json], seen: dict[str, Json]) -> Callable[..., Json]:
    names = {"LookAround": ("around", "now"), "LookAlert": ("state",), "LookTalk": ("talk",), "LookTalks": ("talks",)}
    names |= {"LookAlerts": ("alerts",), "LookClients": ("clients",)}

    def listen(query: object, turn: Any, scene: Any) -> Json:
        result = read(query, turn, scene)
        seen.update(dict.fromkeys(names.get(type(query).__name__, ()), result))
        return result

    return listen


def _coming_in(stage: Stage) -> Phone:
    return come_to_consent(stage).tap("Next")


def _rating(stage: Stage) -> Phone:
    return rate(begin_rating(enrol(stage)), {"debt": "A note"}, until="legal_proceedings")


def _reviewing(stage: Stage) -> Phone:
    return rate(begin_rating(enrol(stage)), {"debt": "", "housing": "A room"})


def _wishing(stage: Stage) -> Phone:
    join(stage)
    return wish(_reviewing(stage).tap("Yes, go on"), {"housing": "Today"}).tap("A call")


def _waiting(stage: Stage) -> Phone:
    return _wishing(stage).tap("Any time").tap("Yes, send it")


def _taken(stage: Stage) -> tuple[Phone, Phone]:
    caseworker = join(stage)
    client = wish(_reviewing(stage).tap("Yes, go on"), {"housing": "Today"}).tap("A call").tap("Any time")
    client.tap("Yes, send it")
    caseworker.tap("I'll take it", on=caseworker.alerts[-1])
    return client, caseworker


def _talking(stage: Stage) -> Phone:
    _client, caseworker = _taken(stage)
    label = next(label for label in caseworker.labels if label.startswith("Write to"))
    return caseworker.tap(label).send("Hello")


def _at_the_desk(stage: Stage) -> Phone:
    return _taken(stage)[1].send("/menu")


def _at_home(stage: Stage) -> Phone:
    return enrol(stage)


def _coming_back(stage: Stage) -> Phone:
    return _rating(stage).send("/help").tap("Not needed now")


if __name__ == "__main__":
    (HERE / f"{sys.argv[1]}.json").write_text(json.dumps([*record()], indent=1, ensure_ascii=False) + "\n")
