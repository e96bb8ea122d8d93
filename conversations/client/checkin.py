"""The check-in: what helped and what was hard, how things put first are now, short statements for who likes, one
service, and whether anything is to be done (DOMAIN D4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.acts import BeginSitting
from conversations.client.asked import begin, finish, put_off
from conversations.client.enrolment import ROLES
from conversations.client.followup import ask_after, readers, thanks
from conversations.client.form import ask, keep
from conversations.client.needs import may_keep
from conversations.client.wish import LEVELS, levels, send
from conversations.instruments import CHECKIN
from conversations.instruments.form import Question
from conversations.looks import Around, Checkins, First, LookAround, LookCheckins, LookDueNeeds
from conversations.questions import choose, look, record, say
from conversations.script import Ending, Option, Reply, Said, Script, Status
from conversations.text import Text, Words, _

LEAD = ROLES["lead"]
NOTHING = "nothing"
"""What can be ticked in every list, and counts as nothing ticked."""


def checkin(asking: int | None = None, last: bool = False) -> Script[Ending]:
    """About three minutes; everything can be skipped, and the statements left out altogether. `last`: of its plan."""
    around: Around = yield from look("around", LookAround())
    before: Checkins = yield from look("before", LookCheckins())
    due: list[First] = yield from look("due", LookDueNeeds())
    with_extra = last or not before["answered"]
    lines = introduction(around, is_long=with_extra or bool(due))
    if not ((yield from begin(asking, lines)) and (yield from may_keep(around))):
        yield from put_off(asking)
        return None
    yield from record("begun", BeginSitting(CHECKIN.name, CHECKIN.version, asking=asking))
    is_threatened = yield from factors()
    yield from ask_after(due)
    yield from statements(with_extra=with_extra)
    yield from one_service(before["services"])
    return (yield from close(around, asking, is_threatened=is_threatened, is_followed_up=bool(due)))


def introduction(around: Around, *, is_long: bool) -> list[Words]:
    """What it is, that nothing is lost by it, and who reads what."""
    return [
        _("How are things? A few taps about the last two weeks."),
        _("It takes 3 to 4 minutes.") if is_long else _("It takes about 3 minutes."),
        _("You can skip any question, or stop at any time. Whatever you answer, you lose nothing."),
        *readers(around),
    ]


def factors() -> Script[bool]:
    """What helped and what was hard, and which part of life the first thing ticked touched; whether there were
    threats."""
    helped, helped_touched, harder, pressed, harder_touched = CHECKIN.part("factors")
    first = yield from ask(CHECKIN, helped)
    yield from ask_touched(helped_touched, [(helped, first)])
    second = yield from ask(CHECKIN, harder)
    third = yield from ask(CHECKIN, pressed)
    yield from ask_touched(harder_touched, [(harder, second), (pressed, third)])
    return "threats" in without_nothing(third)


def ask_touched(touched: Question, ticked: Sequence[tuple[Question, Reply[list[str]]]]) -> Script[None]:
    """Which part of life the first thing ticked touched. Where that stands among the options is kept as
    `<list>.first`, of that list alone."""
    about = next(((list_, code) for list_, reply in ticked for code in without_nothing(reply)), None)
    for list_, _reply in ticked:
        if about is None or about[0] is not list_:
            yield from keep(CHECKIN, f"{list_.code}.first", Status.NOT_ASKED)
            continue
        first = next(answer for answer in list_.answers if answer.code == about[1])
        yield from keep(CHECKIN, f"{list_.code}.first", Status.ANSWERED, list_.answers.index(first))
        yield from ask(CHECKIN, touched, title=first.label)


def without_nothing(reply: Reply[list[str]]) -> list[str]:
    """What was ticked, in that order."""
    return [code for code in reply.value or [] if code != NOTHING]


def statements(*, with_extra: bool) -> Script[None]:
    """Two statements on each axis, and one more in a client's first and last check-in; for who likes."""
    chosen = [*CHECKIN.part("core"), *(CHECKIN.part("extra") if with_extra else [])]
    tap = yield from choose(
        "statements",
        [
            _("Now %(number)s short statements, if you like.", number=len(chosen)),
            _("Each time: how true is it for you, in the last two weeks? There is no right answer."),
        ],
        [Option("on", _("Go on")), Option("leave", _("Leave them out"))],
        skip=False,
    )
    if tap.value == "leave":
        return
    for number, question in enumerate(chosen, 1):
        yield from ask(CHECKIN, question, place=(number, len(chosen)))


def one_service(asked_at: Mapping[str, int]) -> Script[None]:
    """One service of those had lately: the one asked about longest ago. Kept as `<service>.<question>`."""
    had, *about = CHECKIN.part("service")
    reply = yield from ask(CHECKIN, had, above=[unseen()])
    services = without_nothing(reply)
    if not services:
        return
    service = min(services, key=lambda code: asked_at.get(code, 0))
    title = next(answer.label for answer in had.answers if answer.code == service)
    for number, question in enumerate(about, 1):
        item = f"{service}.{question.code}"
        yield from ask(CHECKIN, question, item=item, title=title, place=(number, len(about)))


def unseen() -> Text:
    """Who reads what is said about a service, and who does not."""
    return _("Your caseworker does not see these answers; %(who)s reads them without your name.", who=LEAD)


def close(around: Around, asking: int | None, *, is_threatened: bool, is_followed_up: bool) -> Script[Ending]:
    """Whether anything is to be done; it can end in the same wish as the needs."""
    anything, wanting = CHECKIN.part("close")
    safer = [_("If you are not safe now, a person can be told.")] if is_threatened else []
    reply = yield from ask(CHECKIN, anything, above=safer)
    words: Said | None = None
    if wanting.is_asked({anything.code: [reply.value or ""]}):
        said = yield from ask(CHECKIN, wanting)
        words = said.value if isinstance(said.value, Said) else None
    yield from finish(asking)
    if words is None and reply.value != "person":
        yield from say(*thanks(around, is_said=is_followed_up, is_told=False))
        return None
    now: Around = yield from look("now", LookAround(), live=True)
    level = yield from choose("anything.wish", when_wanted(words), levels(now))
    value = LEVELS.index(level.value) if level.value else None
    yield from keep(CHECKIN, "anything.wish", level.status, value)
    if level.value not in ("today", "week"):
        yield from say(*thanks(around, is_said=True, is_told=False))
        return None
    ending = yield from send(level.value, (), now, words)
    if ending is None:  # they drew back from it
        yield from keep(CHECKIN, "anything.wish", Status.ANSWERED, LEVELS.index("none"))
    yield from say(*thanks(around, is_said=True, is_told=True))
    return ending


def when_wanted(words: Said | None) -> Text:
    """The question on contact, about what was written or about a person."""
    if words is None:
        return _("When do you want someone to contact you?")
    return _("Do you want someone to contact you about this?")
