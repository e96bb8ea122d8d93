"""What is kept about me: see it, take it along, who has read it, change what I agreed to, erase it."""

from __future__ import annotations

from conversations.acts import Consent, Erase, EraseLater, SendMine, SetTidy
from conversations.client.enrolment import PURPOSES, ROLES, may_be_told
from conversations.client.kept import Entry, Section, agreement, sections
from conversations.looks import (
    Agreement,
    Around,
    Kept,
    LookAround,
    LookKept,
    LookLedger,
    LookOwn,
    LookReach,
    Own,
    Reach,
    moment,
)
from conversations.questions import act, confirm, look, record, say
from conversations.script import Ending, Option, Script, Then
from conversations.text import Text, Verbatim, Words, _, n_

PAGE = 2_400
"""Characters on one screen; the longest line stands there whole."""

ENTRY = 1_200
"""Characters of one line on a screen; the file has all of it."""

DAY = 86_400
DAYS_TO_THINK = 7


def mine() -> Script[Ending]:
    """The way to everything that is a client's own."""
    around: Around = yield from look("around", LookAround(), live=True)
    own: Own = yield from look("own", LookOwn(), live=True)
    options = [
        Option("see", _("See what is kept")),
        Option("file", _("Take it as a file")),
        *([Option("agree", _("What I agreed to"))] if around["adult"] else []),
        Option("tidy", _("Stop tidying this chat") if own["tidy"] else _("Tidy this chat")),
        Option("erase", _("Keep it after all") if own["erase_at"] else _("Erase everything")),
        Option("close", _("Close")),
    ]
    tap = yield from confirm("mine", introduction(own, around["zone"]), *options, back=False, live=True)
    if tap == "see":
        yield from see()
    elif tap == "file":
        yield from take_along()
    elif tap == "tidy":
        yield from record("tidied", SetTidy(not own["tidy"]))
    elif tap in ("agree", "erase"):
        return Then(tap)
    else:
        return None
    return Then("mine")


def introduction(own: Own, zone: str) -> list[Words]:
    """What one can do here, and what stands now."""
    lines: list[Words] = [_("What is kept here is yours. You can see it, take it along, or erase it.")]
    if own["erase_at"]:
        lines.append(_("Everything is erased on %(day)s, as you wished.", day=moment(own["erase_at"], zone)))
    if own["tidy"]:
        lines.append(_("What you write disappears from this chat once it is kept."))
    else:
        lines.append(_("What you write stays in this chat until you clear it."))
    return lines


def see() -> Script[None]:
    """Part by part, as much as fits on a screen."""
    while True:
        around: Around = yield from look("around", LookAround(), live=True)
        kept: Kept = yield from look("kept", LookKept(), live=True)
        found = sections(kept, around["zone"])
        options = [Option(section.code, section.title) for section in found]
        tap = yield from confirm(
            "parts", _("Which part?"), *options, Option("back", _("Back to the start")), back=False, live=True
        )
        chosen = next((section for section in found if section.code == tap), None)
        if chosen is None:
            return
        yield from leaf(chosen)


def leaf(section: Section) -> Script[None]:
    """One part, page by page. What stands on them is looked up anew each time, and kept in no log."""
    number = 0
    while True:
        around: Around = yield from look("around", LookAround(), live=True)
        kept: Kept = yield from look("kept", LookKept(), live=True)
        again = next((each for each in sections(kept, around["zone"]) if each.code == section.code), None)
        shown = pages(again.lines if again else [])
        lines = shown[min(number, len(shown) - 1)]
        more = [Option("more", _("Next page"))] if number + 1 < len(shown) else []
        tap = yield from confirm(
            "page",
            [line.words for line in lines] or [_("There is nothing here.")],
            *more,
            Option("back", _("Back to the parts")),
            title=section.title,
            back=False,
            live=True,
        )
        if tap != "more":
            return
        number += 1


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
            _("The file can stay on this phone, also when this chat is cleared."),
            _("Whoever holds the phone can open it. It has your words and your voice."),
        ],
        Option("yes", _("Yes, make the file")),
        Option("no", _("Not now")),
        back=False,
    )
    if tap == "yes":
        yield from act("file", SendMine())
        yield from say(_("The file is on its way. Clearing this chat takes it away again here."))


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
            Option("words", _("In which words?")),
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
        tap = yield from confirm(
            "roles",
            [*note, _("Who may be told when you say that something is urgent and want contact?")],
            *(Option(f"tell:{role}", ticked(f"tell:{role}" in granted, name)) for role, name in ROLES.items()),
            Option("back", _("Back to the list")),
            back=False,
            live=True,
        )
        if tap == "back":
            return
        note = yield from change("roles.line", tap, granted)


def granted_now() -> Script[set[str]]:
    """The purposes and roles that count now."""
    around: Around = yield from look("around", LookAround(), live=True)
    return {*around["purposes"], *around["roles"]}


def change(key: str, purpose: str, granted: set[str]) -> Script[list[Words]]:
    """Turn one around, and say what that means."""
    result = yield from act(key, Consent(purpose, purpose not in granted, sentence_of(purpose)))
    return changed(purpose, result["granted"], over=result["over"]) if result else []


def ticked(granted: bool, label: Words) -> Text:
    """A purpose or role as a button that says how it stands."""
    return _("☑ %(what)s", what=label) if granted else _("☐ %(what)s", what=label)


def sentence_of(purpose: str) -> tuple[Words, ...]:
    """What somebody agrees to, in the words that they saw when they came."""
    if purpose.startswith("tell:"):
        return may_be_told(ROLES[purpose.removeprefix("tell:")])
    return (PURPOSES[purpose][0],)


STOPS: dict[str, Text] = {
    "plan": _(
        "From now on nobody here reads your answers. They are still kept, locked. “Erase everything” destroys them."
    ),
    "checkins": _("From now on you are not asked how things are."),
    "partners": _("From now on nothing of yours is shared with another organisation."),
    "figures": _("From now on your answers are not counted in reports."),
    "first": _("From now on nobody writes to you first. What waits is not sent."),
}
"""What a No stops, at once."""


def changed(purpose: str, granted: bool, *, over: bool) -> list[Words]:
    """What a tap has changed. `over`: nobody is left who may be told of an open wish."""
    if granted:
        return [_("Yes: this counts from now on.")]
    stopped = STOPS.get(purpose, _("From now on they are not told. What they had of yours here is taken from them."))
    return [stopped, *([_("Nobody is left who may be told. The contact you asked for is taken back.")] if over else [])]


def ledger() -> Script[None]:
    """Every yes and no there ever was, and the words that were on the screen; one at a time."""
    number = 0
    while True:
        around: Around = yield from look("around", LookAround(), live=True)
        lines: list[Agreement] = yield from look("ledger", LookLedger(), live=True)
        if number >= len(lines):
            return
        line = lines[number]
        more = [Option("more", _("The one before"))] if number + 1 < len(lines) else []
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


def erase() -> Script[Ending]:
    """Erase everything: now, or in seven days with a way back. First what that means, and what it cannot reach."""
    around: Around = yield from look("around", LookAround())
    own: Own = yield from look("own", LookOwn())
    if own["erase_at"]:
        yield from act("kept", EraseLater(None))
        yield from say(_("Good. Everything is kept as it was."))
        return Then("mine")
    reach: Reach = yield from look("reach", LookReach())
    tap = yield from confirm(
        "erase",
        meaning(reach, around["zone"]),
        Option("later", _("In seven days")),
        Option("now", _("Now")),
        Option("no", _("No, keep it")),
        back=False,
    )
    if tap == "later":
        at = around["now"] + DAYS_TO_THINK * DAY
        yield from act("later", EraseLater(at))
        day = moment(at, around["zone"])
        yield from say(_("Everything is erased on %(day)s. Until then you can take it back here.", day=day))
        return Then("mine")
    if tap == "now":
        sure = yield from confirm(
            "sure",
            [_("Erase everything now? Nobody can bring it back, not even we.")],
            Option("yes", _("Yes, erase now")),
            Option("no", _("No, keep it")),
            back=False,
        )
        if sure == "yes":
            yield from act("erased", Erase())
            return Then("gone")
    return Then("mine")


def meaning(reach: Reach, zone: str) -> list[Words]:
    """What goes, what may be needed one day, and what cannot be reached from here."""
    lines: list[Words] = [
        _("Everything about you here is destroyed: answers, words, voice, wishes, and the key that opens them."),
        _("You lose no help and no money by this. To use this chat again you need a new link."),
    ]
    if reach["wish"]:
        lines.append(_("The contact you asked for is taken back with it."))
    lines.append(_("Your words may be proof one day, for unpaid wages. You can take them along as a file first."))
    lines.append(_("What I cannot reach: pictures of a screen, what people remember, and Telegram's own servers."))
    if reach["names"]:
        names = Verbatim(", ".join(reach["names"]))
        lines.append(_("These people here have read or heard something of yours: %(names)s.", names=names))
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
            lines.append(_("Own words are in some of them."))
    if any(copy[0] == "backup" for copy in reach["copies"]):
        lines.append(_("Safety copies stay locked for ever: their key is destroyed with the next one."))
    return lines
