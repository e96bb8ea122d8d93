"""A question as a Telegram message: text, its bold title, and buttons whose data fits in 64 bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from conversations.script import Amount, Ask, Choice, Day, Jotting, Json, Kind, Option, OwnWords, Several
from conversations.text import Money, Verbatim, Words, _
from translations import currencies
from translations.wording import word

TEXT_LIMIT: Final = 4096
"""Characters of a message after entities (https://core.telegram.org/bots/api#sendmessage)."""

CAPTION_LIMIT: Final = 1024
"""Characters under a picture, a document or a voice note (https://core.telegram.org/bots/api#sendphoto)."""

ONE_COLUMN: Final = 8
"""Buttons of a list under one another; more of them stand two in a row."""

BACK, SKIP, DECLINE, STOP, DONE, USE, DROP = "~b", "~s", "~p", "~x", "~d", "~u", "~n"
"""What the buttons under a question say, beside the options' own codes."""

ADD: Final = "+"
"""Before the minor units that a tap adds to an amount."""

Payload: TypeAlias = dict[str, Any]


def prefix(session: int, number: int) -> str:
    """The beginning of every button's data on one screen: session and number in base 36, at most 13 + 1 + 6 + 1
    bytes; the code of the button follows (at most 24)."""
    return f"{_base36(session)}.{_base36(number)}."


def read_token(data: str) -> tuple[int, int, str] | None:
    """Session, number and code of a button's data; None for anything else."""
    parts = data.split(".", 2)
    if len(parts) != 3 or not (0 < len(parts[0]) <= 13 and 0 < len(parts[1]) <= 8):
        return None
    try:
        return int(parts[0], 36), int(parts[1], 36), parts[2]
    except ValueError:
        return None


def describe(kind: Kind) -> Json:
    """What is needed to read an answer to a question of this kind later, as plain JSON."""
    match kind:
        case Choice(options):
            return {"is": "choice", "codes": [option.code for option in options]}
        case Several(options, most):
            return {"is": "several", "codes": [option.code for option in options], "most": most}
        case OwnWords(options, voice):
            return {"is": "words", "codes": [option.code for option in options], "voice": voice}
        case Amount(currency, options):
            added = [f"{ADD}{step}" for step in currencies.steps_of(currency)]
            return {"is": "amount", "currency": currency, "codes": [*added, *(option.code for option in options)]}
        case Jotting(currency, options):
            codes = [option.code for option in options]
            return {"is": "jotting", "currency": currency, "codes": codes, "voice": True}
        case Day():
            return {"is": "day", "codes": []}


def taps(ask: Ask, *, can_go_back: bool) -> list[str]:
    """The codes of the buttons under a question, beside its options."""
    offered = {
        DONE: isinstance(ask.kind, Several | Amount),
        DECLINE: ask.decline,
        BACK: can_go_back,
        SKIP: ask.skip,
        STOP: ask.stop,
        USE: isinstance(ask.kind, OwnWords | Jotting),
        DROP: isinstance(ask.kind, OwnWords | Jotting | Amount),
    }
    return [code for code, there in offered.items() if there]


def draw(
    ask: Ask,
    session: int,
    shown: Mapping[str, Json],
    language: str,
    notes: Iterable[Words] = (),
    *,
    can_go_back: bool = False,
) -> Payload:
    """The message for a question: parameters of sendMessage or editMessageText, but for the chat."""
    draft = shown.get("draft")
    if isinstance(draft, dict):
        return _draw_early(draft.get("original") or draft["text"], prefix(session, shown["number"]), language)
    title = word(ask.title, language) if ask.title is not None else ""
    above = [word(note, language) for note in notes]
    body = [word(line, language) for line in ask.lines]
    if isinstance(ask.kind, Amount) and draft is not None:
        body.append(word(_("So far: %(amount)s", amount=Money(draft, ask.kind.currency)), language))
    if ask.place:
        body.append(word(_("%(number)s of %(total)s", number=ask.place[0], total=ask.place[1]), language))
    text = _fit("\n\n".join(filter(None, ["\n".join(above), "\n".join(filter(None, [title, *body]))])))
    before = prefix(session, shown["number"])
    rows = _picker(ask.kind, before, language, draft) if isinstance(ask.kind, Amount) else []
    rows += _in_columns([_button(option, before, shown, language) for option in _options(ask.kind)], ask.kind)
    rows += _navigation(ask, before, language, can_go_back)
    payload = message(text, rows)
    start = text.find(title) if title else -1
    if start >= 0:
        offset, length = _utf16(text[:start]), _utf16(title)
        payload["entities"] = [{"type": "bold", "offset": offset, "length": length}]
    return payload


def message(text: str, rows: list[list[Payload]]) -> Payload:
    """A message that shows no preview of links."""
    return {
        "text": _fit(text),
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": rows},
    }


def caption(text: str, rows: list[list[Payload]]) -> Payload:
    """What stands under a picture, a document or a voice note."""
    return {"caption": _fit(text, CAPTION_LIMIT), "reply_markup": {"inline_keyboard": rows}}


def button(label: Words, data: str, language: str) -> Payload:
    """One inline button."""
    return {"text": word(label, language), "callback_data": data}


def _draw_early(text: str, before: str, language: str) -> Payload:
    """Words that came before their question was seen are asked about, never assumed."""
    question = word(_("You wrote this before the question was here. Is it your answer?"), language)
    rows = [
        [button(_("Yes, use it"), before + USE, language)],
        [button(_("No, leave it out"), before + DROP, language)],
    ]
    return message(f"{question}\n\n“{text[:1000]}”", rows)


def _in_columns(buttons: list[Payload], kind: Kind) -> list[list[Payload]]:
    """One button in a row; a long list to tick in two columns, so that it fits on a phone."""
    wide = 2 if isinstance(kind, Several) and len(buttons) > ONE_COLUMN else 1
    return [buttons[first : first + wide] for first in range(0, len(buttons), wide)]


def _picker(amount: Amount, before: str, language: str, draft: Json) -> list[list[Payload]]:
    """Taps that put an amount together, for who does not type."""
    steps = [
        button(Verbatim(f"{ADD}{currencies.figures(step, amount.currency)}"), f"{before}{ADD}{step}", language)
        for step in currencies.steps_of(amount.currency)
    ]
    if draft is None:
        return [steps]
    return [steps, [button(_("Start again"), before + DROP, language), button(_("Done"), before + DONE, language)]]


def _options(kind: Kind) -> tuple[Option, ...]:
    return () if isinstance(kind, Day) else kind.options


def _button(option: Option, before: str, shown: Mapping[str, Json], language: str) -> Payload:
    made = button(option.label, before + option.code, language)
    if shown["kind"]["is"] == "several":
        made["text"] = ("☑ " if option.code in (shown.get("draft") or []) else "☐ ") + made["text"]
    return made


def _navigation(ask: Ask, before: str, language: str, can_go_back: bool) -> list[list[Payload]]:
    def made(label: Words, code: str) -> Payload:
        return button(label, before + code, language)

    rows = []
    if isinstance(ask.kind, Several):
        rows.append([made(_("Done"), DONE)])
    if ask.decline:
        rows.append([made(_("I'd rather not say"), DECLINE)])
    beside = [made(_("‹ Back"), BACK)] if can_go_back else []
    beside += [made(_("Skip"), SKIP)] if ask.skip else []
    beside += [made(_("Stop for now"), STOP)] if ask.stop else []
    return [*rows, *([beside] if beside else [])]


def _fit(text: str, limit: int = TEXT_LIMIT) -> str:
    """Telegram counts UTF-16 units; what is longer is cut here, never refused there."""
    if _utf16(text) <= limit:
        return text or "·"
    cut = text.encode("utf-16-le")[: (limit - 1) * 2].decode("utf-16-le", "ignore")
    return cut + "…"


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
        if not number:
            return digits
