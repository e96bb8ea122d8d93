"""How far people have come, told by what they tap."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from conversations.instruments import NEEDS
from tests.player import Phone, Stage

PURPOSES = ("Keep my answers", "Ask how things are", "Share when I ask", "Count without name", "Write to me first")
ROLES = ("caseworker", "team", "lead")


def arrive(stage: Stage, role: str, language: str = "en") -> Phone:
    """Somebody with an invitation, on the first screen."""
    return stage.phone(language).send(f"/start {stage.invite(role)}")


def join(stage: Stage, role: str = "caseworker", name: str = "Aye") -> Phone:
    """A member of staff who has come in."""
    return arrive(stage, role).tap("English").send(name)


def come_to_consent(stage: Stage) -> Phone:
    """A client who has said that they are an adult."""
    return arrive(stage, "client").tap("English").tap("Yes, now is fine").tap("18 or older")


def enrol(
    stage: Stage,
    name: str | None = None,
    *,
    purposes: Collection[str] = ("Keep my answers",),
    strike: Collection[str] = (),
) -> Phone:
    """A client who has come in; `strike` are the roles who may not be told of anything urgent."""
    client = come_to_consent(stage)
    for _screen in range(5):
        client.tap("Next")
    for purpose in purposes:
        client.tap(purpose)
    client.tap("Done")
    for role in ROLES:
        client.tap("No, not them" if role in strike else "Yes, they may be told")
    client.tap("It stays the same")
    if name is None:
        return client.tap("Skip")
    return client.send(name).tap("Go on")


def begin_rating(client: Phone) -> Phone:
    """The first of the 21 questions is on the screen."""
    return client.tap("What matters to me")


def asked(client: Phone) -> str | None:
    """The code of the need that the screen asks about, if it does."""
    return next((item.code for item in NEEDS.items if item.label.wordings["en"] == client.living.bold), None)


def rate(client: Phone, fours: Mapping[str, str] | None = None, *, rest: str = "2", until: str | None = None) -> Phone:
    """Answer all needs (or those before `until`): a 4 with these words ("" for none) for some, `rest` for others."""
    fours = fours or {}
    while (code := asked(client)) is not None and code != until and " of 21" in client.text:
        if code not in fours:
            client.tap(rest)
            continue
        client.tap("4")
        if fours[code]:
            client.send(fours[code])
        else:
            client.tap("Skip")
    return client


def wish(client: Phone, levels: Mapping[str, str]) -> Phone:
    """Say for each 4 whether somebody should make contact: by the need's code the button, else just to note it."""
    while " of " in client.text and (code := asked(client)) is not None:
        client.tap(levels.get(code, "No, just note it"))
    return client


def send(client: Phone, how: str = "Here in this chat", when: str = "Any time") -> Phone:
    """How and when, and yes."""
    return client.tap(how).tap(when).tap("Yes, send it")


def ask_for_contact(client: Phone, need: str = "housing", level: str = "Today", words: str = "") -> Phone:
    """From the menu to a wish that was sent, with one 4 on the way."""
    rate(begin_rating(client), {need: words})
    client.tap("Yes, go on")
    return send(wish(client, {need: level}))


def come_back(client: Phone) -> Phone:
    """After the chat was folded away: to where one was."""
    client.tap("Open")
    return client.tap("Go on") if "Go on" in client.labels else client
