"""What is kept about me: see it, take it along, who has read it, change what I agreed to, erase it."""

from __future__ import annotations

from conversations.acts import Erase, EraseLater, SendMine, SetTidy
from conversations.client.agreement import change, choose_shares, ticked
from conversations.client.enrolment import PURPOSES, ROLES
from conversations.client.kept import Entry, Section, agreement, sections
from conversations.client.money import is_any
from conversations.looks import (
    Agreement,
    Around,
    Kept,
    LookAround,
    LookKept,
    LookLedger,
    LookMoney,
    LookOwn,
    LookReach,
    Own,
    OwnMoney,
    Reach,
    moment,
)
from conversations.questions import act, confirm, look, record, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _, n_

PAGE = 1_200
"""Characters on one screen."""

ENTRY = 1_000
"""Characters of one line on a screen; the file has all of it."""

DAY = 86_400
DAYS_TO_THINK = 7


def mine() -> Script[Ending]:
    """The way to everything that is a client's own."""
    around: Around = yield from look("around", LookAround(), live=True)
    own: Own = yield from look("own", LookOwn(), live=True)
    options = [
        Option("parts", _("See what is kept")),
        Option("file", _("Take it as a file")),
        *([Option("agree", _("What I agreed to"))] if around["adult"] and not own["left"] else []),
        Option("tidy", _("Leave what I write") if own["tidy"] else _("Hide what I write")),
        *([Option("keep", _("Keep it after all"))] if own["erase_at"] else []),
        Option("erase", _("Erase everything")),
        Option("close", _("Close")),
    ]
    tap = yield from confirm("mine", introduction(own, around["zone"]), *options, back=False, live=True)
    if tap == "close":
        return None
    if tap == "file":
        yield from take_along()
    elif tap == "tidy":
        yield from record("tidied", SetTidy(not own["tidy"]))
    elif tap == "keep":
        yield from keep()
    return Then(tap if tap in ("parts", "agree", "erase") else "mine")


def introduction(own: Own, zone: str) -> list[Words]:
    """What one can do here, and what stands now."""
    lines: list[Words] = [_("What is kept here is yours. You can see it, take it along, or erase it.")]
    lines += day_of_erasing(own, zone)
    if own["tidy"]:
        lines.append(_("What you write disappears from this chat once it is kept."))
    else:
        lines.append(_("What you write stays in this chat until you clear it."))
    return lines


def parts() -> Script[Ending]:
    """What is kept, part by part."""
    found = yield from kept_now()
    tap = yield from confirm(
        "parts",
        _("Which part?"),
        *(Option(section.code, section.title) for section in found),
        Option("back", _("Back to the start")),
        back=False,
        live=True,
    )
    return Then("mine") if tap == "back" else Then("part", {"part": tap})


def part(part: str, page: int = 0) -> Script[Ending]:
    """One page of one part. What stands on it is looked up anew each time, and kept in no log."""
    section = next((each for each in (yield from kept_now()) if each.code == part), None)
    shown = pages(section.lines if section else [])
    lines = shown[min(page, len(shown) - 1)]
    more = [Option("more", _("Next page"))] if page + 1 < len(shown) else []
    tap = yield from confirm(
        "page",
        [line.words for line in lines] or [_("There is nothing here.")],
        *more,
        Option("back", _("Back to the parts")),
        title=section.title if section else None,
        back=False,
        live=True,
    )
    return Then("part", {"part": part, "page": page + 1}) if tap == "more" else Then("parts")


def kept_now() -> Script[list[Section]]:
    """Everything that is kept, in parts."""
    around: Around = yield from look("around", LookAround(), live=True)
    kept: Kept = yield from look("kept", LookKept(), live=True)
    return sections(kept, around["zone"])


def pages(lines: list[Entry]) -> list[list[Entry]]:
    """Lines in pages that fit into a message; at least one page."""
    found: list[list[Entry]] = [[]]
    room = PAGE
    for line in lines:
        entry, length = shortened_entry(line)
        if found[-1] and length > room:
            found.append([])
            room = PAGE
        found[-1].append(entry)
        room -= length
    return found


def shortened_entry(entry: Entry) -> tuple[Entry, int]:
    """A line with its words cut to what a screen takes, and how long it may become."""
    words = entry.words
    if isinstance(words, Text):
        cut = {
            name: Verbatim(value.words[: ENTRY - 1] + "…")
            if isinstance(value, Verbatim) and len(value.words) > ENTRY
            else value
            for name, value in words.parameters.items()
        }
        words = Text(words.message, cut, words.plural)
        length = sum(len(value.words) for value in cut.values() if isinstance(value, Verbatim))
        return Entry(words, entry.voice), length + 90
    return entry, len(words.words) + 10


def take_along() -> Script[None]:
    """A file in this chat, after a warning: it stays on the phone."""
    tap = yield from confirm(
        "warned",
        [
            _("I can put everything into one file, here in this chat."),
            _("To keep it, save it outside Telegram. Here it goes when the chat is cleared, erased or at rest."),
            _("A saved file stays on this phone. Whoever holds the phone can open it: your words, your voice."),
        ],
        Option("yes", _("Yes, make the file")),
        Option("no", _("Not now")),
        back=False,
    )
    if tap == "yes":
        yield from act("file", SendMine())
        yield from say(_("The file is on its way."))


def agree() -> Script[Ending]:
    """Every purpose and every role, changed by one tap; what a tap withdraws stops at once."""
    note: list[Words] = []
    while True:
        granted = yield from granted_now()
        tap = yield from confirm(
            "agree",
            [*note, _("Tap to change. Each change counts at once. You lose nothing by a No.")],
            *(Option(code, ticked(code in granted, label)) for code, (_sentence, label) in PURPOSES.items()),
            Option("roles", _("Who may be told")),
            Option("words", _("The exact words")),
            Option("close", _("Close")),
            back=False,
            live=True,
        )
        note = []
        if tap == "words":
            yield from ledger()
        elif tap == "roles":
            yield from agree_to_roles()
        elif tap == "close":
            return None
        else:
            note = yield from change("agree.line", tap, granted)


def agree_to_roles() -> Script[None]:
    """Who may be told of something urgent, each by one tap."""
    note: list[Words] = []
    while True:
        granted = yield from granted_now()
        own: OwnMoney = yield from look("money", LookMoney(), live=True)
        tap = yield from confirm(
            "roles",
            [*note, _("Who may be told when you say that something is urgent and want contact?")],
            *(Option(f"tell:{role}", ticked(f"tell:{role}" in granted, name)) for role, name in ROLES.items()),
            *([Option("shares", _("My plan and notes"))] if is_any(own) or own["shares"] else []),
            Option("back", _("Back to the list")),
            back=False,
            live=True,
        )
        note = []
        if tap == "shares":
            yield from choose_shares()
        elif tap == "back":
            return
        else:
            note = yield from change("roles.line", tap, granted)


def granted_now() -> Script[set[str]]:
    """The purposes and roles that count now."""
    around: Around = yield from look("around", LookAround(), live=True)
    return {*around["purposes"], *around["roles"]}


def ledger() -> Script[None]:
    """Every yes and no there ever was, and the words that were on the screen; one at a time."""
    number = 0
    while True:
        around: Around = yield from look("around", LookAround(), live=True)
        lines: list[Agreement] = yield from look("ledger", LookLedger(), live=True)
        if number >= len(lines):
            return
        line = lines[number]
        more = [Option("more", _("See the one before"))] if number + 1 < len(lines) else []
        tap = yield from confirm(
            "ledger",
            [agreement(line, around["zone"]), Verbatim(line["words"][-PAGE:])],
            *more,
            Option("back", _("Back to the list")),
            back=False,
            live=True,
        )
        if tap != "more":
            return
        number += 1


def keep() -> Script[None]:
    """Think better of it, before the day."""
    yield from act("kept", EraseLater(None))
    yield from say(_("Good. Everything is kept as it was."))


def erase() -> Script[Ending]:
    """Erase everything: now, or in seven days with a way back. First what that means, and what it cannot reach."""
    around: Around = yield from look("around", LookAround())
    own: Own = yield from look("own", LookOwn())
    reach: Reach = yield from look("reach", LookReach())
    later = Option("keep", _("Keep it after all")) if own["erase_at"] else Option("later", _("Erase in seven days"))
    tap = yield from confirm(
        "erase",
        [*day_of_erasing(own, around["zone"]), *meaning(reach, around["zone"])],
        later,
        Option("now", _("Erase now")),
        Option("no", _("Go back")),
        back=False,
    )
    if tap == "keep":
        yield from keep()
    elif tap == "later":
        at = around["now"] + DAYS_TO_THINK * DAY
        yield from act("later", EraseLater(at))
        day = moment(at, around["zone"])
        yield from say(_("Everything is erased on %(day)s. Until then you can take it back here.", day=day))
    elif tap == "now":
        sure = yield from confirm(
            "sure",
            [
                _("Erase everything now? Nobody can bring it back, not even we."),
                _("A file that stands in this chat goes too. Save it outside Telegram first, if you want it."),
            ],
            Option("yes", _("Yes, erase now")),
            Option("no", _("No, keep it")),
            back=False,
        )
        if sure == "yes":
            yield from act("erased", Erase())
            return Then("gone")
    return None if own["left"] else Then("mine")


def day_of_erasing(own: Own, zone: str) -> list[Words]:
    """When everything is erased, if that is set."""
    if not own["erase_at"]:
        return []
    return [_("Everything is erased on %(day)s, as you wished.", day=moment(own["erase_at"], zone))]


def meaning(reach: Reach, zone: str) -> list[Words]:
    """What goes, what may be needed one day, and what cannot be reached from here."""
    lines: list[Words] = [
        _("Everything about you here is destroyed: answers, words, voice, wishes, and the key that opens them."),
        _("You lose no help and no money by this. To use this chat again you need a new link."),
    ]
    if reach["paid"]:
        lines.append(_("What was paid to you stays in the office's books: amount and day, without your name."))
    if reach["wish"]:
        lines.append(_("The contact you asked for is taken back with it."))
    lines.append(_("Your words may be proof one day, for unpaid wages. You can save them as a file first."))
    lines.append(_("What I cannot reach: pictures of a screen, what people remember, and Telegram's own servers."))
    if reach["names"]:
        names = Verbatim(", ".join(reach["names"]))
        lines.append(_("These people here know something of yours: %(names)s.", names=names))
    files = [copy for copy in reach["copies"] if copy[0] == "export"]
    if files:
        last = moment(files[0][2], zone, "day")
        lines.append(
            n_(
                "The office has made %(number)s file of answers by code, on %(day)s. I cannot reach it.",
                "The office has made %(number)s files of answers by code, the last on %(day)s. I cannot reach them.",
                len(files),
                day=last,
            )
        )
        if any(copy[1] for copy in files):
            lines.append(_("Some of these files hold what people wrote themselves."))
    if any(copy[0] == "backup" for copy in reach["copies"]):
        lines.append(_("Older safety copies hold your part, locked. With the next copy their key is gone for good."))
    return lines
