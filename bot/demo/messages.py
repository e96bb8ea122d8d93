"""What is in a chat and what is seen of it: messages, files, and the events on a phone.

Messages are kept as the JSON that the Bot API shows (https://core.telegram.org/bots/api#message). That JSON is never
changed in place: an edit makes a new one, so that what was handed out before stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Json = dict[str, Any]
EventKind = Literal["message", "edit", "delete", "typing", "toast", "clear"]
Row = list[tuple[str, str | None]]


class PhoneError(RuntimeError):
    """A person cannot do this on a real phone (a test asked for the impossible)."""


@dataclass(slots=True, eq=False)
class Stored:
    """One message. ``raw`` is its newest form; ``keyboards`` are all rows of buttons that it ever had."""

    raw: Json
    kind: str
    out: bool
    silent: bool = False
    deleted: bool = False
    hidden: bool = False
    keyboards: list[list[list[Json]]] = field(default_factory=list)

    @property
    def message_id(self) -> int:
        return int(self.raw["message_id"])


class File(NamedTuple):
    """A file at Telegram: who may fetch it knows ``path`` (``/file/bot<token>/<path>``)."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it is seen on the phone. ``entities`` and ``keyboard`` are as in the Bot API."""

    message_id: int
    at: int
    from_bot: bool
    kind: str
    text: str
    entities: list[Json]
    keyboard: list[list[Json]]
    edited: bool
    silent: bool
    protected: bool
    file_id: str | None
    raw: Json

    @property
    def buttons(self) -> list[Row]:
        """Rows of (label, callback data); data is None for a button that opens or copies something."""
        return [[(button["text"], button.get("callback_data")) for button in row] for row in self.keyboard]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]


def show(raw: Json, stored: Stored) -> Shown:
    """One form of a message (``raw``: the newest or an earlier one) as the phone shows it."""
    media = raw.get(stored.kind)
    if isinstance(media, list):
        media = media[-1]
    return Shown(
        message_id=raw["message_id"],
        at=raw["date"],
        from_bot=not stored.out,
        kind=stored.kind,
        text=raw.get("text") or raw.get("caption") or "",
        entities=raw.get("entities") or raw.get("caption_entities") or [],
        keyboard=raw.get("reply_markup", {}).get("inline_keyboard", []),
        edited="edit_date" in raw,
        silent=stored.silent,
        protected=raw.get("has_protected_content", False),
        file_id=media["file_id"] if isinstance(media, dict) and "file_id" in media else None,
        raw=raw,
    )


class Event(NamedTuple):
    """Something that happened on a phone. ``number`` grows by one from 1; ``at`` is seconds since 1970.

    ``text``: what a toast says, or which chat action a ``typing`` is. ``alert``: the toast has to be tapped away.
    """

    number: int
    kind: EventKind
    at: float
    message_ids: tuple[int, ...] = ()
    text: str = ""
    alert: bool = False
    raw: Json | None = None
    stored: Stored | None = None

    @property
    def message(self) -> Shown:
        """The message in the form that it had then."""
        if self.raw is None or self.stored is None:
            raise PhoneError(f"a {self.kind} event has no message")
        return show(self.raw, self.stored)


class Toast(NamedTuple):
    """What the bot answered to a tap: small text, or an alert; an empty text shows nothing."""

    text: str
    alert: bool


def describe(kept: File) -> Json:
    """The fields that every kind of file has in a message."""
    return {"file_id": kept.file_id, "file_unique_id": kept.unique_id, "file_size": len(kept.content)}
