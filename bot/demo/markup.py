"""Text with entities, and inline keyboards: read and checked as Telegram does.

Sources: https://core.telegram.org/bots/api#html-style, #messageentity, #inlinekeyboardbutton. Offsets and lengths of
entities are UTF-16 code units.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

from bot.demo.refusals import Refusal, bad

Json = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 100

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
}
# Any other button action needs something that a private chat with this stand-in does not have.
ACTIONS = ("callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query", "pay")
STYLES = ("danger", "success", "primary")

_PIECE = re.compile(r"<[^<>]*>?|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot);")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\u104a\u104b]")
_OPAQUE = ("text_link", "code", "pre")


def measure(text: str) -> int:
    """Length in UTF-16 code units.

    Telegram says "characters" and means different things in different places; this is the strictest reading.
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_text(text: str, parse_mode: str, entities: Sequence[Json], limit: int = TEXT_LIMIT) -> tuple[str, list[Json]]:
    """The text as it is shown, and its entities; raises ``Refusal`` where Telegram refuses it."""
    _check_encoding(text)
    mode = parse_mode.lower()
    if mode == "html":
        text, found = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad(f"this stand-in does not parse {parse_mode}; use HTML or entities")
    elif mode:
        raise bad("unsupported parse_mode")
    else:
        found = [_check_entity(entity, text) for entity in entities]
    shown, found = _trim(text, found)
    if measure(shown) > limit:
        raise bad("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    if "/" in shown:
        opaque = [(one["offset"], one["offset"] + one["length"]) for one in found if one["type"] in _OPAQUE]
        links = [one for one in find_links(shown) if not any(start <= one["offset"] < end for start, end in opaque)]
        found = [*found, *find_commands(shown), *links]
    return shown, _in_order(found)


def find_commands(text: str) -> list[Json]:
    """The ``bot_command`` entities that Telegram marks by itself, in messages of either side."""
    if "/" not in text:
        return []
    return [
        {"type": "bot_command", "offset": measure(text[: m.start()]), "length": len(m[0])}
        for m in _COMMAND.finditer(text)
    ]


def find_links(text: str) -> list[Json]:
    """The ``url`` entities that Telegram marks by itself; here only those that begin with http."""
    return [{"type": "url", "offset": measure(text[: m.start()]), "length": len(m[0])} for m in _LINK.finditer(text)]


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Split Telegram's HTML into plain text and entities (https://core.telegram.org/bots/api#html-style)."""
    if "<" not in source and "&" not in source:
        return source, []
    return _HtmlReader(source).read()


class _HtmlReader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._text = ""
        self._open: list[tuple[str, int, Json]] = []
        self._entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        position = 0
        for piece in _PIECE.finditer(self._source):
            self._text += self._source[position : piece.start()]
            position = piece.end()
            if piece[0].startswith("&"):
                self._text += html.unescape(piece[0])
            elif piece[0].startswith("</"):
                self._close(piece[0], piece.start())
            else:
                self._start(piece[0], piece.start())
        self._text += self._source[position:]
        if self._open:
            raise _unparsed(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')
        return self._text, self._entities

    def _start(self, tag: str, position: int) -> None:
        where = len(self._source[:position].encode())
        if not tag.endswith(">"):
            raise _unparsed(f"Unclosed start tag at byte offset {where}")
        name, _, rest = tag[1:-1].strip().partition(" ")
        name = name.lower()
        if name not in TAGS:
            raise _unparsed(f'Unsupported start tag "{name}" at byte offset {where}')
        attributes = {key.lower(): html.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest)}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self._open.append((name, len(self._text), attributes))

    def _close(self, tag: str, position: int) -> None:
        where = len(self._source[:position].encode())
        name = tag[2:].rstrip(">").strip().lower()
        if not tag.endswith(">"):
            raise _unparsed(f"Unclosed end tag at byte offset {where}")
        if not self._open:
            raise _unparsed(f"Unexpected end tag at byte offset {where}")
        expected, start, attributes = self._open.pop()
        if name not in ("", expected):
            raise _unparsed(f'Unmatched end tag at byte offset {where}, expected "</{expected}>", found "</{name}>"')
        if len(self._text) > start:
            self._add(expected, start, attributes)

    def _add(self, name: str, start: int, attributes: Json) -> None:
        inside = self._text[start:]
        entity: Json = {"type": TAGS[name], "offset": measure(self._text[:start]), "length": measure(inside)}
        if name == "a":
            url = attributes.get("href") or inside
            if not re.match(r"(https?|tg)://|mailto:|tel:", url):
                return  # Telegram drops a link that it does not understand and keeps its text
            entity["url"] = url
        if name == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        language = attributes.get("class", "")
        if name == "code" and language.startswith("language-") and self._open and self._open[-1][0] == "pre":
            self._open[-1][2]["language"] = language.removeprefix("language-")
            return
        if name == "pre" and "language" in attributes:
            entity["language"] = attributes["language"]
        self._entities.append(entity)


def _unparsed(reason: str) -> Refusal:
    return bad(f"can't parse entities: {reason}")


def _check_encoding(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can carry and UTF-8 cannot
        raise bad("strings must be encoded in UTF-8") from None


def _check_entity(entity: Json, text: str) -> Json:
    try:
        offset, length = int(entity["offset"]), int(entity["length"])
        kind = str(entity["type"])
    except (KeyError, TypeError, ValueError):
        raise bad('can\'t parse MessageEntity: Can\'t find field "type", "offset" or "length"') from None
    if offset < 0 or length <= 0 or offset + length > measure(text):
        raise bad("ENTITY_BOUNDS_INVALID")
    return {**entity, "type": kind, "offset": offset, "length": length}


def _trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    shown = text.strip()
    if len(shown) == len(text) or not entities:
        return shown, entities
    lead, length = measure(text[: len(text) - len(text.lstrip())]), measure(shown)
    kept: list[Json] = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] - lead + entity["length"], length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return shown, kept


def _in_order(entities: list[Json]) -> list[Json]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def read_keyboard(markup: Json) -> list[list[Json]]:
    """The rows of an ``InlineKeyboardMarkup``, checked; no rows for any other kind of reply markup."""
    if "inline_keyboard" not in markup:
        if markup and not markup.keys() & {"keyboard", "remove_keyboard", "force_reply"}:
            raise bad("object expected as reply markup")
        return []
    try:
        rows = [[_read_button(button) for button in row] for row in markup["inline_keyboard"]]
    except (TypeError, AttributeError):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays') from None
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad("reply markup is too long")
    return [row for row in rows if row]


def _read_button(button: Json) -> Json:
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    _check_encoding(text)
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram takes the first it knows; its documentation asks for exactly one, so a second is a mistake.
        raise bad(f"can't parse inline keyboard button: exactly one action is allowed, found {actions}")
    checked: Json = {"text": text, actions[0]: _CHECKS.get(actions[0], _accept)(button[actions[0]])}
    style = button.get("style")
    if style is not None:
        if style not in STYLES:
            raise bad("can't parse inline keyboard button: unsupported button style")
        checked["style"] = style
    return checked


def _check_data(data: object) -> object:
    if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "replace")) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    return data


def _check_copy(copy: object) -> object:
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= measure(text) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _check_url(url: object) -> object:
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", str(url))
    if scheme and scheme[1] not in ("http", "https", "tg"):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if not re.match(r"(?:(?:https?)://)?[^\s/]+\.[^\s]+|(?:https?|tg)://\S+", str(url)):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return url


def _accept(value: object) -> object:
    return value


_CHECKS = {"callback_data": _check_data, "copy_text": _check_copy, "url": _check_url}
