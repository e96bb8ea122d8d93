"""The Bot API's methods about the bot itself: who it is, its commands and names, its updates and its webhook.

https://core.telegram.org/bots/api#getting-updates, #getme, #setmycommands, #setmyname.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple

from bot.demo.chats import Chats
from bot.demo.params import Json, Params
from bot.demo.refusals import CONFLICT_SET_WEBHOOK, bad
from bot.demo.webhook import Webhook

WORD_LIMITS = {"name": 64, "description": 512, "short_description": 120}


class Told(NamedTuple):
    """A result that Telegram adds a sentence to."""

    result: bool
    description: str


class Account:
    """Methods by lower-case name: ``table`` maps each to its function; some are coroutines.

    ``execute(method, values)`` carries out a method that a webhook's answer names.
    """

    def __init__(self, chats: Chats, execute: Callable[[str, Json], Awaitable[object]], webhook_delay: float) -> None:
        self.webhook: Webhook | None = None
        self._chats = chats
        self._updates = chats.updates
        self._execute = execute
        self._webhook_delay = webhook_delay
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._words: dict[tuple[str, str], str] = {}
        self.table: dict[str, Callable[[Params], object]] = {
            "getme": self.get_me,
            "getupdates": self.get_updates,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "setmycommands": self.set_my_commands,
            "getmycommands": self.get_my_commands,
            "deletemycommands": self.delete_my_commands,
            "getchat": self.get_chat,
            "logout": self.leave,
            "close": self.leave,
        }
        for field in WORD_LIMITS:
            name = field.replace("_", "")
            self.table[f"setmy{name}"] = partial(self._set_words, field)
            self.table[f"getmy{name}"] = partial(self._get_words, field)

    def get_me(self, _params: Params) -> Json:
        return {
            **self._chats.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def get_updates(self, params: Params) -> list[Json]:
        if params.has("allowed_updates"):
            self._updates.allow(params.array("allowed_updates"))
        limit = params.integer("limit", 100)
        return await self._updates.poll(params.integer("offset"), limit, params.integer("timeout"))

    # Webhook

    async def set_webhook(self, params: Params) -> Told:
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return await self.delete_webhook(params)
        # Plain http is for this machine: real Telegram takes https only.
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad("secret token contains unallowed characters")
        self._allow_and_drop(params)
        same = self.webhook is not None and (self.webhook.url, self.webhook.secret) == (url, secret)
        connections = min(max(params.integer("max_connections", 40), 1), 100)
        await self._stop_webhook()
        self._updates.end_poll(CONFLICT_SET_WEBHOOK)
        self.webhook = Webhook(
            url, secret, connections, self._updates, self._execute, self._chats.clock, self._webhook_delay
        )
        self._updates.forward = self.webhook.take
        return Told(True, "Webhook is already set" if same else "Webhook was set")

    async def delete_webhook(self, params: Params) -> Told:
        self._allow_and_drop(params)
        was_set = self.webhook is not None
        await self._stop_webhook()
        return Told(True, "Webhook was deleted" if was_set else "Webhook is already deleted")

    def get_webhook_info(self, _params: Params) -> Json:
        hook = self.webhook
        info: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if hook:
            info["max_connections"] = hook.max_connections
            info["ip_address"] = "127.0.0.1"
            if hook.error:
                info |= {"last_error_date": int(hook.error_at), "last_error_message": hook.error}
        if self._updates.allowed:
            info["allowed_updates"] = sorted(self._updates.allowed)
        return info

    async def close(self) -> None:
        """Send nothing any more, and let the waiting poller go."""
        await self._stop_webhook()
        self._updates.end_poll("")

    def _allow_and_drop(self, params: Params) -> None:
        if params.has("allowed_updates"):
            self._updates.allow(params.array("allowed_updates"))
        if params.flag("drop_pending_updates"):
            self._updates.clear()

    async def _stop_webhook(self) -> None:
        self._updates.forward = None
        if self.webhook:
            webhook, self.webhook = self.webhook, None
            await webhook.stop()

    # Commands and names

    def set_my_commands(self, params: Params) -> bool:
        commands = params.array("commands")
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[self._scope(params)] = [
            {"command": command["command"], "description": command["description"]} for command in commands
        ]
        return True

    def get_my_commands(self, params: Params) -> list[Json]:
        return self._commands.get(self._scope(params), [])

    def delete_my_commands(self, params: Params) -> bool:
        self._commands.pop(self._scope(params), None)
        return True

    def _scope(self, params: Params) -> tuple[str, str]:
        scope = params.mapping("scope") or {"type": "default"}
        if "chat_id" in scope:
            phone = self._chats.phones.get(Params(scope).integer("chat_id"))
            if phone is None or not phone.opened:
                raise bad("chat not found")
            scope = {**scope, "chat_id": phone.chat_id}
        return json.dumps(scope, sort_keys=True), self._language(params)

    def _language(self, params: Params) -> str:
        language = params.text("language_code")
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise bad("invalid language code specified")
        return language

    def _set_words(self, field: str, params: Params) -> bool:
        words = params.text(field)
        if len(words) > WORD_LIMITS[field]:
            raise bad(f"bot {field.replace('_', ' ')} is too long")
        self._words[field, self._language(params)] = words
        return True

    def _get_words(self, field: str, params: Params) -> Json:
        default = self._words.get((field, "")) or (self._chats.bot["first_name"] if field == "name" else "")
        return {field: self._words.get((field, self._language(params))) or default}

    # The rest

    def get_chat(self, params: Params) -> Json:
        phone = self._chats.phones.get(params.integer("chat_id"))
        if phone is None or not phone.opened:
            raise bad("chat not found")
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        return {
            **phone.chat,
            "accent_color_id": phone.chat_id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, True),
        }

    def leave(self, _params: Params) -> bool:
        """``logOut`` and ``close`` concern a move between servers; here there is only one."""
        return True
