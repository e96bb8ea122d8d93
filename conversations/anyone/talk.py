"""Talking through the bot: client and caseworker write to each other without numbers or other names."""

from __future__ import annotations

from conversations.acts import EndTalk, SendLine
from conversations.looks import LookTalk, Talk, TalkLine
from conversations.questions import act, look, own_words, say
from conversations.script import Ending, Option, Said, Script, Then
from conversations.text import Verbatim, Words, _, shortened

NEWEST = 2_800
"""Characters of the newest line that are shown; with five shortened ones it fits into one message."""


def talk(talk: int) -> Script[Ending]:
    """One screen with the latest lines; what is typed goes to the other person."""
    now: Talk | None = yield from look("talk", LookTalk(talk), live=True)
    if now is None:
        yield from say(_("This conversation is not open to you."))
        return None
    if not now["open"]:
        yield from say(_("This conversation has ended."))
        return None
    other = Verbatim(now["other"])
    reply = yield from own_words(
        "line",
        [
            *spoken(now["lines"], other),
            _("Write here. What you type goes to %(other)s.", other=other),
        ],
        [Option("later", _("Close")), Option("end", _("End the conversation"))],
        title=other,
        voice=False,
        skip=False,
        back=False,
        stop=False,
    )
    if reply.value == "later":
        return None
    if reply.value == "end":
        yield from act("end", EndTalk(talk))
        yield from say(_("The conversation has ended."))
        return None
    if isinstance(reply.value, Said):
        result = yield from act("send", SendLine(talk, reply.value))
        if result and result["outcome"] == "away":
            yield from say(_("It is kept, but %(other)s cannot be reached in this chat now.", other=other))
        elif result and result["outcome"] == "kept":
            yield from say(
                _("It is kept. %(other)s sees it when they look: they are not written to first.", other=other)
            )
    return Then("talk", {"talk": talk})


def talk_options(talks: list[Talk], most: int) -> list[Option]:
    """Buttons that lead to open talks, for any menu."""
    return [Option(f"talk.{t['talk']}", _("Write to %(name)s", name=Verbatim(t["other"]))) for t in talks[:most]]


def spoken(lines: list[TalkLine], other: Verbatim) -> list[Words]:
    """The latest lines with who said each; the newest as a whole, so that it is never cut for older ones."""
    cut = [Verbatim(shortened(line["text"])) for line in lines[:-1]]
    cut += [Verbatim(shortened(line["text"], NEWEST)) for line in lines[-1:]]
    return [
        _("You: %(words)s", words=words) if line["mine"] else _("%(other)s: %(words)s", other=other, words=words)
        for line, words in zip(lines, cut, strict=True)
    ]
