"""What an operator can set: the environment (`FIRSTSAY_…`) and the programme's `firstsay.toml`.

Every setting is a field of a frozen model, with a description (the help text that the README must carry;
`list_settings` reads it) and an example, which is what an error shows. Whatever is wrong becomes one `SettingError`
in one line: where, which key, what is wrong, how to mend it. The value of a variable is never part of that line:
it may be the token.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingError

FILE_NAME: Final = "firstsay.toml"
KEY_FILE_NAME: Final = "firstsay.key"
PREFIX: Final = "FIRSTSAY_"
TELEGRAM: Final = "https://api.telegram.org"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Urgency = Literal["urgent", "dated", "normal"]

_LOOK_AHEAD: Final = 92
"""Days in which the next opening is sought: longer than any holiday."""

_SECOND: Final = timedelta(seconds=1)
_SPAN: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-4]):([0-5]\d)")


# Answering hours: standard library only, no I/O.


class Span(NamedTuple):
    """Minutes since midnight on the wall clock; the end is not part of it and may be 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When the programme answers, on the wall clock of its time zone. `week` starts on Monday."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closed_on: frozenset[date] = frozenset()

    def open_at(self, now: datetime) -> bool:
        """Is someone there at this moment (aware)? An hour that daylight saving repeats counts both times."""
        local = _aware(now).astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return any(span.start <= minute < span.end for span in self._spans(local.date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """The first moment after `now` (aware) at which answering begins, in UTC.

        While it is open, that is the opening after this one. None: there are no hours, or they never end.
        """
        first = _aware(now).astimezone(self.zone).date()
        for day in (first + timedelta(days=n) for n in range(_LOOK_AHEAD)):
            for moment in sorted(self._candidates(day)):
                if moment > now and self.open_at(moment) and not self.open_at(moment - _SECOND):
                    return moment
        return None

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed_on else self.week[day.weekday()]

    def _candidates(self, day: date) -> Iterator[datetime]:
        """Where this day could open: each start, in both readings of the clock, and where the clock is changed.

        A start that the clock jumps over yields moments at which nothing begins; `next_opening` drops them.
        """
        spans = self._spans(day)
        for span in spans:
            for fold in (0, 1):
                yield _wall(day, span.start, self.zone, fold)
        if spans:
            yield from self._changes(day)

    def _changes(self, day: date) -> Iterator[datetime]:
        """The second at which the zone's offset changes on this day, if it does."""
        low, high = _wall(day, 0, self.zone), _wall(day + timedelta(days=1), 0, self.zone)
        before = low.astimezone(self.zone).utcoffset()
        if high.astimezone(self.zone).utcoffset() == before:
            return
        while high - low > _SECOND:
            middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
            low, high = (middle, high) if middle.astimezone(self.zone).utcoffset() == before else (low, middle)
        yield high


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment


def _wall(day: date, minute: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """A reading of the wall clock as UTC; `fold` as in datetime."""
    return datetime.combine(day, time(*divmod(minute, 60), fold=fold), zone).astimezone(UTC)


def parse_span(text: str) -> Span:
    """`09:00-17:00` → Span(540, 1020). Raises ValueError; a span over midnight is written as two."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a time span")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    span = Span(hour * 60 + minute, end_hour * 60 + end_minute)
    if not span.start < span.end <= 1440:
        raise ValueError(f"{text!r} does not end after it starts, on the same day")
    return span


# What the fields hold.


def _text(value: str) -> str:
    if not value.isprintable():
        raise ValueError("holds a line break or another character that cannot be shown")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # OSError: "Asia" is a folder
        raise ValueError(f"{value!r} is not a time zone of the IANA list") from None
    return value


def _currency(value: str) -> str:
    from babel.numbers import is_currency

    if not is_currency(value):
        raise ValueError(f"{value!r} is not a currency code of ISO 4217")
    return value


def _spans(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        parse_span(value)
    return values


def _languages(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("names a language twice")
    return values


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


Text = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_text)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
Spans = Annotated[tuple[str, ...], AfterValidator(_spans)]
Days = Annotated[int, Field(ge=1, le=3660)]


# The models.


class Part(BaseModel):
    """A table of firstsay.toml: nothing in it that is not known, nothing changed after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _day(name: str, default: tuple[str, ...]) -> Any:
    examples = ['["09:00-12:00", "13:00-17:00"]']
    return Field(default=default, description=f"Answering hours on a {name}; [] = closed.", examples=examples)


_NINE_TO_FIVE: Final = ("09:00-17:00",)


class Week(Part):
    """`[hours]`"""

    monday: Spans = _day("Monday", _NINE_TO_FIVE)
    tuesday: Spans = _day("Tuesday", _NINE_TO_FIVE)
    wednesday: Spans = _day("Wednesday", _NINE_TO_FIVE)
    thursday: Spans = _day("Thursday", _NINE_TO_FIVE)
    friday: Spans = _day("Friday", _NINE_TO_FIVE)
    saturday: Spans = _day("Saturday", ())
    sunday: Spans = _day("Sunday", ())
    closed_on: tuple[date, ...] = Field(
        default=(),
        description="Days on which nobody answers, such as public holidays.",
        examples=["[2027-01-04, 2027-04-13]"],
    )


class CrisisNumber(Part):
    """`[[crisis]]`: a number that someone called before it was written here."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(
        description="Country in which the number works (ISO 3166, two letters).", examples=['"MM"']
    )
    language: Language = Field(description="Language in which they answer.", examples=['"my"'])
    label: Text = Field(description="Whose number it is, as a client reads it.", examples=['"The shelter"'])
    number: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()\-]{1,24}$")] = Field(
        description="The number as one dials it there.", examples=['"the number, in digits"']
    )
    verified_by: Text = Field(description="Who called it and was answered.", examples=['"Daw Khin"'])
    verified_on: date = Field(description="The day on which they did.", examples=["2026-11-02"])


class Alerts(Part):
    """`[alerts]`"""

    today_minutes: int = Field(
        default=60,
        ge=5,
        le=24 * 60,
        description="Minutes of answering time in which someone must take up a wish for contact today.",
        examples=["60"],
    )
    read_days: Annotated[int, Field(ge=1, le=30)] = Field(
        default=3,
        description="Days in which a caseworker reads what a client answered; clients are told this.",
        examples=["3"],
    )


class Invitations(Part):
    """`[invitations]`"""

    valid_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=14, description="Days in which an invitation can be used.", examples=["14"]
    )


class Sending(Part):
    """`[sending]`: how fast Telegram lets this bot send (https://core.telegram.org/bots/faq#broadcasting-to-users)."""

    per_second: Annotated[float, Field(gt=0, le=100_000)] = Field(
        default=30, description="Messages a second over all chats; more only where Telegram allows it.", examples=["30"]
    )
    per_chat_second: Annotated[float, Field(gt=0, le=100_000)] = Field(
        default=1, description="Messages a second in one chat, after a short burst.", examples=["1"]
    )


class Retention(Part):
    """`[retention]`; figures without words or names stay."""

    words_days: Days = Field(
        default=90,
        description="Days for which a client's own words and voice are kept after their support has ended.",
        examples=["90"],
    )
    identity_days: Days = Field(
        default=365,
        description="Days for which a client's way to be reached is kept after their support has ended.",
        examples=["365"],
    )
    unread_days: Days = Field(
        default=14,
        description="Days for which a message that could not be handled is kept, encrypted, for a person.",
        examples=["14"],
    )


class Programme(Part):
    """`firstsay.toml`: what the programme decides."""

    organisation: Text = Field(
        default="Our organisation", description="The name that clients read.", examples=['"Our organisation"']
    )
    languages: Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_languages)] = Field(
        default=("en", "my"),
        description="Languages that a client can choose, in the order shown.",
        examples=['["en", "my"]'],
    )
    default_language: Language = Field(
        default="en", description="Language for who has not chosen one yet.", examples=['"en"']
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Asia/Yangon", description="Time zone of the answering hours.", examples=['"Asia/Yangon"']
    )
    currency: Annotated[str, AfterValidator(_currency)] = Field(
        default="MMK", description="Currency of cash transfers (ISO 4217).", examples=['"MMK"']
    )
    hours: Week = Field(default=Week(), description="Answering hours, day by day.")
    crisis: tuple[CrisisNumber, ...] = Field(
        default=(), description="Numbers that a client can call at any time; none is shipped."
    )
    urgent: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Urgency] = Field(
        default={},
        description='Needs that are "urgent", "dated" or "normal" here, where the instrument says otherwise.',
        examples=['{ debt = "urgent" }'],
    )
    alerts: Alerts = Field(default=Alerts(), description="How long an alert may wait.")
    invitations: Invitations = Field(default=Invitations(), description="Invitations.")
    sending: Sending = Field(default=Sending(), description="How fast messages leave.")
    retention: Retention = Field(default=Retention(), description="How long things are kept.")

    @model_validator(mode="after")
    def _speaks_its_default(self) -> Programme:
        if self.default_language not in self.languages:
            raise ValueError("default_language is not one of languages; add it there, or choose one of them")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def answering_hours(self) -> Hours:
        """The answering hours, ready to be asked; keep it, rather than make it again for each question."""
        days = (getattr(self.hours, day) for day in WEEKDAYS)
        week = tuple(tuple(parse_span(span) for span in day) for day in days)
        return Hours(self.zone, week, frozenset(self.hours.closed_on))

    def check_needs(self, codes: Collection[str]) -> None:
        """Every need in `urgent` must be an item of the instrument. Raises SettingError."""
        for need in self.urgent:
            if need not in codes:
                raise SettingError(f"{FILE_NAME}: urgent.{need}: no such need{_meant(need, codes)}")


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
        if name.startswith(PREFIX) and name not in ours and (meant := _meant(name, ours)):
            raise SettingError(f"{name}: is not a setting{meant}")
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
        return parse_programme(text)
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
        name = f"{prefix}{key.upper() if prefix == PREFIX else key}"
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
        return f"{shown}: is not a setting{_meant(shown, known) or '; take it out'}"
    what = _PLAIN.get(first["type"], what[:1].lower() + what[1:])
    rest = f" ({len(more)} more to mend after this)" if more else ""
    return f"{shown}: {what}{_like(shown, model)}{rest}"


def _like(name: str, model: type[BaseModel]) -> str:
    for setting in list_settings(model):
        if name == setting.name or name.startswith(f"{setting.name}."):
            equals = "=" if model is Environment else " = "
            return f"; write it like {setting.name.rpartition('.')[2]}{equals}{setting.example}"
        if setting.name.startswith(f"{name}."):
            return f"; write it as [[{name}]]" if name == "crisis" else f"; write it as [{name}]"
    return ""


def _meant(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else ""
