"""What an operator can set: the environment (`FIRSTSAY_…`) and the programme's `firstsay.toml`.

Every setting is a field of a frozen model, with a description (the help text that the README must carry;
`list_settings` reads it) and an example, which is what an error shows. Whatever is wrong becomes one `SettingError`
in one line: where, which key, what is wrong, how to mend it. The value of a variable is never part of that line:
it may be the token.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingError
from bot.programme import FILE_NAME, Programme, meant
from bot.tables import Part

KEY_FILE_NAME: Final = "firstsay.key"
PREFIX: Final = "FIRSTSAY_"
TELEGRAM: Final = "https://api.telegram.org"
BLOCKS: Final = ("crisis", "rate")
"""Tables of firstsay.toml that there can be several of."""


# What the variables hold.


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("is not a bot token as @BotFather gives it")
    return value


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not the address of a Bot API server")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError("would send the token and every word in the clear: it must begin with https://")
    return value.rstrip("/")


def _is_near(host: str) -> bool:
    """A host on this machine or in a private network: a bare name, a private address, a name made for it."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".internal", ".local", ".localhost", ".lan", ".home.arpa"))


def _database(value: str | None) -> str | None:
    if value is None:
        return None
    scheme = urlsplit(value).scheme if "://" in value else ""
    if scheme.startswith("postgres"):
        raise ValueError("names a PostgreSQL database, which this version cannot use yet; name a file")
    if scheme:
        raise ValueError("is not the path of a file")
    return value


def _webhook_url(value: str | None) -> str | None:
    if value is not None and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname):
        raise ValueError("is not an address that Telegram can call")
    return value


def _webhook_secret(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
        raise ValueError("must be 16 to 256 letters, digits, _ or -")
    return value


def _listen(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("is not host:port")
    return value


# The models.


class Environment(BaseSettings):
    """The variables `FIRSTSAY_…`: where things are, and the two secrets. An empty one counts as not set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", str_strip_whitespace=True
    )

    home: Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())] = Field(
        default=Path(".firstsay"),
        validate_default=True,
        description=f"Folder of the data, the key file and {FILE_NAME}.",
        examples=[".firstsay"],
    )
    token: Annotated[SecretStr | None, AfterValidator(_token)] = Field(
        default=None, description="The bot's token, from @BotFather.", examples=["<digits>:<letters>"]
    )
    api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        default=TELEGRAM,
        description="Bot API server; your own one sees no less, but is yours.",
        examples=["https://api.telegram.org"],
    )
    database: Annotated[str | None, AfterValidator(_database)] = Field(
        default=None,
        description="The SQLite file; without it, firstsay.db in the home. A relative path starts at the home.",
        examples=["firstsay.db"],
    )
    webhook_url: Annotated[str | None, AfterValidator(_webhook_url)] = Field(
        default=None,
        description="Address at which Telegram calls us; without it, we ask Telegram (polling).",
        examples=["https://bot.example.org/telegram"],
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_webhook_secret)] = Field(
        default=None,
        description="What Telegram must say to be let in by the webhook.",
        examples=["$(openssl rand -hex 32)"],
    )
    listen: Annotated[str, AfterValidator(_listen)] = Field(
        default="127.0.0.1:8443",
        description="Where the webhook listens, host:port, behind whatever ends TLS.",
        examples=["127.0.0.1:8443"],
    )

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Environment:
        if self.webhook_url is None:
            return self
        if self.webhook_secret is None:
            raise ValueError("FIRSTSAY_WEBHOOK_URL needs FIRSTSAY_WEBHOOK_SECRET; set it to a random text")
        if self.api_url == TELEGRAM and not self.webhook_url.startswith("https://"):
            raise ValueError("FIRSTSAY_WEBHOOK_URL must begin with https://; Telegram calls no other")
        return self

    @property
    def database_file(self) -> Path:
        """Where the SQLite file is or will be."""
        return self.home / (Path(self.database).expanduser() if self.database else "firstsay.db")

    @property
    def programme_file(self) -> Path:
        """Where firstsay.toml is or will be."""
        return self.home / FILE_NAME

    @property
    def listen_address(self) -> tuple[str, int]:
        """Host and port; an IPv6 host without its brackets."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    def require_token(self) -> str:
        """The token in the clear, for those who speak to Telegram. Raises SettingError where it is not set."""
        if self.token is None:
            raise SettingError("FIRSTSAY_TOKEN: is not set; ask @BotFather for a bot and set it to its token")
        return self.token.get_secret_value()


@dataclass(frozen=True, slots=True)
class Settings:
    """Both halves, as they stand when a command starts."""

    environment: Environment
    programme: Programme


# Reading them, and saying what is wrong.


def load_settings() -> Settings:
    """Read the environment, then the file that it points to. Raises SettingError."""
    environment = load_environment()
    return Settings(environment, load_programme(environment.programme_file))


def load_environment() -> Environment:
    """Read the variables. Raises SettingError; one that is nearly spelt like ours counts as a mistake."""
    ours = {setting.name for setting in list_settings(Environment)}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in ours and (near := meant(name, ours)):
            raise SettingError(f"{name}: is not a setting{near}")
    try:
        return Environment()
    except ValidationError as error:
        text = _explain(error, Environment)
    raise SettingError(text)


def load_programme(file: Path) -> Programme:
    """Read `firstsay.toml`. Raises SettingError."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise SettingError(f"{file}: is not there; make it with: firstsay init") from None
    except UnicodeDecodeError:
        raise SettingError(f"{file}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingError(f"{file}: cannot be read ({error.strerror}); look at its owner and mode") from None
    try:
        return parse_programme(text).at_home(file.parent)
    except SettingError as error:
        trouble = str(error)
    raise SettingError(f"{file}: {trouble}")


def parse_programme(text: str) -> Programme:
    """The text of a `firstsay.toml`. Raises SettingError."""
    try:
        return Programme.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        trouble = f"is not TOML: {str(error).splitlines()[0]}; https://toml.io shows how it is written"
    except ValidationError as error:
        trouble = _explain(error, Programme)
    raise SettingError(trouble)


class Setting(NamedTuple):
    """One line of the table of settings: `FIRSTSAY_TOKEN`, or a key of firstsay.toml such as `alerts.today_minutes`."""

    name: str
    default: str
    example: str
    help: str


def list_settings(model: type[BaseModel] | None = None) -> tuple[Setting, ...]:
    """Every setting there is, in order: those of one model, or the environment's and then the file's."""
    if model is None:
        return list_settings(Environment) + list_settings(Programme)
    return tuple(_list_fields(model, PREFIX if model is Environment else ""))


def _list_fields(model: type[BaseModel], prefix: str) -> Iterator[Setting]:
    for key, field in model.model_fields.items():
        name = f"{prefix}{key.upper() if prefix == PREFIX else field.alias or key}"
        table = _table(field.annotation)
        if table is not None:
            yield from _list_fields(table, f"{name}.")
            continue
        default = "" if field.is_required() or field.default in (None, {}) else field.default
        default = str(default) if prefix == PREFIX or default == "" else _as_toml(default)
        yield Setting(name, default, (field.examples or [""])[0], field.description or "")


def _table(annotation: Any) -> type[Part] | None:
    """The model behind a field: the field's own type, or that of the items of a tuple."""
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Part):
            return kind
    return None


def _as_toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_as_toml(item) for item in value)}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


_PLAIN: Final = {
    "missing": "is missing",
    "string_type": "is not a text in quotes",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "is not written as it must be",
    "int_type": "is not a whole number",
    "int_parsing": "is not a whole number",
    "tuple_type": "is not a list",
    "too_short": "is empty",
    "dict_type": "is not a table",
    "model_type": "is not a table",
}
"""What pydantic says for programmers, said for operators; the rest of its sentences can stay."""


def _explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first thing that is wrong, in one line: key, what, how to mend it."""
    first, *more = error.errors(include_url=False, include_input=False)
    what = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return what
    keys = [str(part) for part in first["loc"] if isinstance(part, str) and part != "[key]"]
    shown = f"{PREFIX}{keys[0].upper()}" if model is Environment else ".".join(keys)
    if first["type"] == "extra_forbidden":
        known = [setting.name for setting in list_settings(model)]
        return f"{shown}: is not a setting{meant(shown, known) or '; take it out'}"
    what = _PLAIN.get(first["type"], what[:1].lower() + what[1:])
    rest = f" ({len(more)} more to mend after this)" if more else ""
    return f"{shown}: {what}{_like(shown, model)}{rest}"


def _like(name: str, model: type[BaseModel]) -> str:
    for setting in list_settings(model):
        if name == setting.name or name.startswith(f"{setting.name}."):
            equals = "=" if model is Environment else " = "
            return f"; write it like {setting.name.rpartition('.')[2]}{equals}{setting.example}"
        if setting.name.startswith(f"{name}."):
            return f"; write it as [[{name}]]" if name in BLOCKS else f"; write it as [{name}]"
    return ""
