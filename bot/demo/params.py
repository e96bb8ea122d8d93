"""Reading the parameters of a method: JSON, a form, or a query, with Telegram's leniency.

https://core.telegram.org/bots/api#making-requests: in a form every value is a string, and what is not a plain string or
number is JSON in that string.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from bot.demo.refusals import bad

Json = dict[str, Any]


class Upload(NamedTuple):
    """A file that came with the request as multipart/form-data."""

    name: str
    mime: str
    content: bytes


class Params:
    """``values`` as they came, and ``uploads`` by field name."""

    def __init__(self, values: Json, uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Telegram reads what is not a number as zero; a number as a string is as good as a number."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            return 0

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value.lower() in ("true", "1", "yes") if isinstance(value, str) else bool(value)

    def mapping(self, name: str) -> Json:
        """A JSON object; empty when it is missing."""
        value = self._decode(name, {})
        if not isinstance(value, dict):
            raise bad(f"{name} must be a JSON object")
        return value

    def array(self, name: str) -> list[Any]:
        """A JSON array; empty when it is missing."""
        value = self._decode(name, [])
        if not isinstance(value, list):
            raise bad(f"{name} must be a JSON array")
        return value

    def file(self, name: str) -> Upload | str:
        """A new file (sent under this name, or pointed to with ``attach://``), or a file id."""
        if name in self.uploads:
            return self.uploads[name]
        value = self.text(name)
        if value.startswith("attach://"):
            attached = self.uploads.get(value.removeprefix("attach://"))
            if attached is None:
                raise bad(f"there is no {name} in the request")
            return attached
        return value

    def _decode(self, name: str, missing: Any) -> Any:
        value = self.values.get(name)
        if value is None or value == "":
            return missing
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None
