"""What Telegram answers when it will not do something, word for word.

The sentences were taken from https://core.telegram.org/bots/api, from the source of the official Bot API server
(github.com/tdlib/telegram-bot-api) and from answers seen in the field. Bots decide by these words, so a stand-in that
words them differently would test nothing.
"""

from __future__ import annotations

CONFLICT_POLLING = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_SET_WEBHOOK = "Conflict: terminated by setWebhook request"
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TOO_OLD_TO_DELETE = "message can't be deleted for everyone"

STATUS = {
    401: "Unauthorized",
    403: BLOCKED,
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Refusal(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """An answer with ``ok: false``: HTTP status, description, and for 429 the seconds to wait."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(reason: str) -> Refusal:
    """A 400 as Telegram words it: ``Bad Request: `` and the reason."""
    return Refusal(400, f"Bad Request: {reason}")


def flood(retry_after: int) -> Refusal:
    """A 429 with the seconds to wait, in words and in ``parameters``."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)
