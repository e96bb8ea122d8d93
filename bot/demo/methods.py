"""The Bot API's methods that send, edit and delete, over what the stand-in knows (https://core.telegram.org/bots/api).

Each method takes ``Params`` and gives the ``result``, or raises ``Refusal``. Methods about the bot itself are in
``account.py``.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable

from bot.demo.chats import Chats, Phone
from bot.demo.faults import Limits
from bot.demo.markup import CAPTION_LIMIT, TEXT_LIMIT, read_keyboard, read_text
from bot.demo.messages import File, Json, Stored, Toast, describe
from bot.demo.params import Params
from bot.demo.refusals import (
    BLOCKED,
    DEACTIVATED,
    NOT_MODIFIED,
    QUERY_TOO_OLD,
    TOO_OLD_TO_DELETE,
    Refusal,
    bad,
)

DELETABLE_SECONDS = 48 * 3600
DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
ACTIONS = frozenset(
    {
        *("typing", "choose_sticker", "find_location", "upload_document", "upload_photo"),
        *("record_voice", "upload_voice", "record_video", "upload_video"),
        *("record_video_note", "upload_video_note"),
    }
)


class Methods:
    """Methods by lower-case name: ``table`` maps each to its function. ``limits`` may be changed at any time."""

    def __init__(self, chats: Chats, limits: Limits | None, query_seconds: float) -> None:
        self.chats = chats
        self.limits = limits
        self._query_seconds = query_seconds
        self.table: dict[str, Callable[[Params], object]] = {
            "sendmessage": self.send_message,
            "sendvoice": self.send_voice,
            "sendphoto": self.send_photo,
            "senddocument": self.send_document,
            "sendchataction": self.send_chat_action,
            "editmessagetext": self.edit_message_text,
            "editmessagereplymarkup": self.edit_message_reply_markup,
            "deletemessage": self.delete_message,
            "deletemessages": self.delete_messages,
            "answercallbackquery": self.answer_callback_query,
            "getfile": self.get_file,
        }

    # Sending

    def send_message(self, params: Params) -> Json:
        phone = self._reach(params)
        text, entities = self._read_words(params, "text", "entities", TEXT_LIMIT)
        fields: Json = {"text": text}
        if entities:
            fields["entities"] = entities
        if preview := params.mapping("link_preview_options"):
            fields["link_preview_options"] = preview
        return self._send(phone, params, "text", fields)

    def send_voice(self, params: Params) -> Json:
        phone = self._reach(params)
        kept = self._take_file(params, "voice", "voice.oga")
        voice = {"duration": params.integer("duration"), "mime_type": kept.mime, **describe(kept)}
        return self._send(phone, params, "voice", {"voice": voice})

    def send_photo(self, params: Params) -> Json:
        phone = self._reach(params)
        kept = self._take_file(params, "photo", "photo.jpg")
        if len(kept.content) > PHOTO_LIMIT:
            raise bad("file is too big")
        if not kept.content.startswith(IMAGES):
            raise bad("IMAGE_PROCESS_FAILED")
        width, height = _size_of(kept.content)
        return self._send(phone, params, "photo", {"photo": [{**describe(kept), "width": width, "height": height}]})

    def send_document(self, params: Params) -> Json:
        phone = self._reach(params)
        kept = self._take_file(params, "document", "file")
        document = {"file_name": kept.name, "mime_type": kept.mime, **describe(kept)}
        return self._send(phone, params, "document", {"document": document})

    def send_chat_action(self, params: Params) -> bool:
        phone = self._reach(params, counts=False)
        action = params.text("action")
        if action not in ACTIONS:
            raise bad("wrong parameter action in request")
        phone.note("typing", text=action)
        return True

    def _send(self, phone: Phone, params: Params, kind: str, fields: Json) -> Json:
        if kind != "text" and params.has("caption"):
            caption, entities = self._read_words(params, "caption", "caption_entities", CAPTION_LIMIT)
            fields["caption"] = caption
            if entities:
                fields["caption_entities"] = entities
        rows = read_keyboard(params.mapping("reply_markup"))
        replied = self._find_replied(phone, params)
        raw: Json = {
            "message_id": self.chats.next_message_id(),
            "from": self.chats.bot,
            "chat": phone.chat,
            "date": int(self.chats.clock()),
            **fields,
        }
        if replied:
            raw["reply_to_message"] = {key: value for key, value in replied.raw.items() if key != "reply_to_message"}
        if params.flag("protect_content"):
            raw["has_protected_content"] = True
        if rows:
            raw["reply_markup"] = {"inline_keyboard": rows}
        phone.add(Stored(raw, kind, out=False, silent=params.flag("disable_notification")))
        return raw

    def _find_replied(self, phone: Phone, params: Params) -> Stored | None:
        asked = params.mapping("reply_parameters")
        if not asked and params.has("reply_to_message_id"):
            asked = {"message_id": params.integer("reply_to_message_id")}
        if not asked:
            return None
        found = phone.stored.get(Params(asked).integer("message_id"))
        if found and not found.deleted:
            return found
        if Params(asked).flag("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def _take_file(self, params: Params, name: str, default: str) -> File:
        given = params.file(name)
        if isinstance(given, str):
            if not given:
                raise bad(f"there is no {name} in the request")
            if given not in self.chats.files:
                raise bad("wrong file identifier/HTTP URL specified")
            return self.chats.files[given]
        if not given.content:
            raise bad("file must be non-empty")
        called = given.name or default
        mime = {"voice": "audio/ogg", "photo": "image/jpeg"}.get(name) or mimetypes.guess_type(called)[0] or given.mime
        folder = {"voice": "voice", "photo": "photos"}.get(name, "documents")
        return self.chats.keep(folder, called, mime, given.content)

    # Editing and deleting

    def edit_message_text(self, params: Params) -> Json:
        stored, phone = self._find(params, "edit")
        if stored.kind != "text":
            raise bad("there is no text in the message to edit")
        text, entities = self._read_words(params, "text", "entities", TEXT_LIMIT)
        raw = {key: value for key, value in stored.raw.items() if key not in ("entities", "link_preview_options")}
        raw["text"] = text
        if entities:
            raw["entities"] = entities
        if preview := params.mapping("link_preview_options"):
            raw["link_preview_options"] = preview
        return self._edit(phone, stored, raw, params)

    def edit_message_reply_markup(self, params: Params) -> Json:
        stored, phone = self._find(params, "edit")
        return self._edit(phone, stored, dict(stored.raw), params)

    def _edit(self, phone: Phone, stored: Stored, raw: Json, params: Params) -> Json:
        """An edit without a keyboard takes the old keyboard away, as at Telegram."""
        raw.pop("reply_markup", None)
        if rows := read_keyboard(params.mapping("reply_markup")):
            raw["reply_markup"] = {"inline_keyboard": rows}
        if all(raw.get(name) == stored.raw.get(name) for name in ("text", "entities", "reply_markup")):
            raise bad(NOT_MODIFIED)
        raw["edit_date"] = int(self.chats.clock())
        phone.change_message(stored, raw)
        return raw

    def delete_message(self, params: Params) -> bool:
        stored, phone = self._find(params, "delete")
        self._delete(phone, [stored])
        return True

    def delete_messages(self, params: Params) -> bool:
        """Unknown ids are passed over; one that is too old stops them all."""
        phone = self._find_phone(params)
        ids = params.array("message_ids")
        if not ids:
            raise bad("message identifiers are not specified")
        if len(ids) > 100:
            raise bad("too many message identifiers specified")
        if not all(str(one).isdecimal() for one in ids):
            raise bad("message identifier must be an integer")
        found = [phone.stored.get(one) for one in dict.fromkeys(map(int, ids))]
        self._delete(phone, [stored for stored in found if stored and not stored.deleted])
        return True

    def _delete(self, phone: Phone, gone: list[Stored]) -> None:
        """In private chats incoming messages can be deleted too; all only for 48 hours (deleteMessage)."""
        oldest = self.chats.clock() - DELETABLE_SECONDS
        if any(stored.raw["date"] < oldest for stored in gone):
            raise bad(TOO_OLD_TO_DELETE)
        phone.delete(gone)

    def _find(self, params: Params, purpose: str) -> tuple[Stored, Phone]:
        phone = self._find_phone(params)
        if not params.has("message_id"):
            raise bad("message identifier is not specified")
        if purpose == "edit":
            self._limit(phone, sends=False)
        stored = phone.stored.get(params.integer("message_id"))
        if stored is None or stored.deleted:
            raise bad(f"message to {purpose} not found")
        if purpose == "edit" and stored.out:
            raise bad("message can't be edited")
        return stored, phone

    # Taps and files

    def answer_callback_query(self, params: Params) -> bool:
        """A query is answered once, and in time."""
        query = self.chats.queries.pop(params.text("callback_query_id"), None)
        if query is None or self.chats.clock() - query.at > self._query_seconds:
            raise bad(QUERY_TOO_OLD)
        text = params.text("text")
        if len(text) > 200:
            self.chats.queries[query.query_id] = query
            raise bad("MESSAGE_TOO_LONG")
        query.toast = Toast(text, params.flag("show_alert"))
        query.phone.note("toast", text=text, alert=query.toast.alert)
        return True

    def get_file(self, params: Params) -> Json:
        kept = self.chats.files.get(params.text("file_id"))
        if kept is None:
            raise bad("invalid file_id")
        if len(kept.content) > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        return {**describe(kept), "file_path": kept.path}

    # What all share

    def _find_phone(self, params: Params) -> Phone:
        if not params.has("chat_id"):
            raise bad("chat_id is empty")
        phone = self.chats.phones.get(params.integer("chat_id"))
        if phone is None or not phone.opened:
            raise bad("chat not found")
        return phone

    def _reach(self, params: Params, counts: bool = True) -> Phone:
        """The phone to send to; refuses as Telegram does when nothing can be sent there."""
        phone = self._find_phone(params)
        if phone.deactivated:
            raise Refusal(403, DEACTIVATED)
        if phone.blocked:
            raise Refusal(403, BLOCKED)
        if counts:
            self._limit(phone, sends=True)
        return phone

    def _limit(self, phone: Phone, sends: bool) -> None:
        if self.limits:
            self.limits.check(phone.chat_id, sends, self.chats.clock())

    def _read_words(self, params: Params, name: str, entities: str, limit: int) -> tuple[str, list[Json]]:
        words = params.text(name)
        if not words and name == "text":
            raise bad("message text is empty")
        given = params.array(entities) if params.has(entities) else ()
        shown, found = read_text(words, params.text("parse_mode"), given, limit)
        if not shown and name == "text":
            raise bad("text must be non-empty")
        return shown, found


def _size_of(image: bytes) -> tuple[int, int]:
    """Width and height from a PNG's header; any other picture counts as 800 by 600."""
    if image.startswith(b"\x89PNG") and len(image) >= 24:
        return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    return 800, 600
