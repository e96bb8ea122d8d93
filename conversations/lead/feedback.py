"""What people wrote to the leads: a list that tells only the day, and each of them behind a tap that is recorded."""

from __future__ import annotations

from conversations.acts import AnswerFeedback, HearFeedback, ReadFeedback
from conversations.looks import Around, Feedback, Inbox, LookAround, LookFeedback, LookInbox, moment
from conversations.questions import act, confirm, look, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _

ONE_SCREEN = 2_000
"""Characters of somebody's words on one screen; none of them may cost more than two of Telegram's 4,096 units."""


def written(page: int = 0) -> Script[Ending]:
    """What nobody has opened stands first, then the newest."""
    around: Around = yield from look("around", LookAround())
    inbox: Inbox = yield from look("inbox", LookInbox(page), live=True)
    options = [Option(str(id_), headline(at, around["zone"], is_new=new)) for id_, at, new in inbox["rows"]]
    options += [Option("older", _("Older ones"))] if inbox["more"] else []
    lines = [_("What people wrote to you. Caseworkers cannot open it.")] if options else [_("Nothing is here now.")]
    tap = yield from confirm("written", lines, *options, Option("close", _("Close")), back=False, live=True)
    if tap == "close":
        return None
    return Then("written", {"page": page + 1}) if tap == "older" else Then("wrote", {"feedback": int(tap)})


def headline(at: int, zone: str, *, is_new: bool) -> Text:
    """The day, and whether anybody has opened it: all that a button shows."""
    day = moment(at, zone, "day")
    return _("New · %(day)s", day=day) if is_new else _("Opened · %(day)s", day=day)


def wrote(feedback: int) -> Script[Ending]:
    """What one person wrote. The words are read anew each time, so that they stand in no log of the reader's."""
    yield from act("read", ReadFeedback(feedback))
    around: Around = yield from look("around", LookAround())
    number = 0
    while True:
        found: Feedback | None = yield from look("feedback", LookFeedback(feedback), live=True)
        if found is None:
            yield from say(_("This one is no longer here."))
            return Then("written")
        parts = parts_of(found["text"])
        number = min(number, len(parts) - 1)
        tap = yield from confirm(
            "wrote",
            [
                origin(found, around["zone"]),
                content(found, parts[number]),
                _("They were told: nobody else here sees it."),
            ],
            *possible(found, has_more=number + 1 < len(parts)),
            Option("close", _("Hide this")),
            back=False,
            live=True,
        )
        if tap == "more":
            number += 1
        elif tap == "hear":
            yield from act("hear", HearFeedback(feedback))
        elif tap == "answer":
            opened = yield from act("answer", AnswerFeedback(feedback))
            return Then("talk", {"talk": opened["talk"]}) if opened else Then("written")
        else:
            return Then("written")


def origin(found: Feedback, zone: str) -> Text:
    """The day, and the code of whoever wants to be answered."""
    day = moment(found["at"], zone, "day")
    if found["code"] is None:
        return _("%(day)s, without a code:", day=day)
    return _("%(day)s, with the code %(code)s:", day=day, code=Verbatim(found["code"]))


def content(found: Feedback, part: str) -> Words:
    """The words, or what there is to hear."""
    if found["sound"] == "waiting":
        return _("A voice note. The sound is still on its way.")
    if found["sound"] == "lost":
        return _("A voice note. The sound could not be fetched and is lost.")
    if found["sound"] == "kept":
        return _("A voice note, %(number)s seconds.", number=found["seconds"])
    return Verbatim(f"“{part}”")


def possible(found: Feedback, *, has_more: bool) -> list[Option]:
    """What a lead can do with it now."""
    options = [Option("more", _("Read on"))] if has_more else []
    if found["sound"] == "kept":
        options.append(Option("hear", _("Hear it")))
    if found["code"] is not None and found["can_answer"]:
        options.append(Option("answer", _("Write to %(code)s", code=Verbatim(found["code"]))))
    return options


def parts_of(text: str) -> list[str]:
    """Words in parts that fit into a message, cut between words where there is room between any; at least one."""
    parts: list[str] = []
    while len(text) > ONE_SCREEN:
        end = max(text.rfind(gap, 1, ONE_SCREEN) for gap in (" ", "\n")) + 1 or ONE_SCREEN
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]
