"""What a programme decides: the tables of `firstsay.toml` as frozen models.

Every setting has a description (the help text that the README must carry) and an example, which is what an error
shows. `bot.settings` reads the file and says in one line what is wrong with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from bot.errors import SettingError
from bot.hours import WEEKDAYS, Hours, parse_span

FILE_NAME: Final = "firstsay.toml"

INSTRUMENTS: Final = "instruments"
"""The folder beside it, with what the programme asks by questions of its own."""

Urgency = Literal["urgent", "dated", "normal"]

VERIFIED_FOR: Final = timedelta(days=90)
"""After this a crisis number has to be called again."""


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


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"names {value} twice")
    return values


Text = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_text)]
Place = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_text)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
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

    country: Country = Field(
        description="Country in which the number works (ISO 3166, two letters).", examples=['"MM"']
    )
    language: Language = Field(description="Language in which they answer.", examples=['"my"'])
    label: Text = Field(description="Whose number it is, as a client reads it.", examples=['"The shelter"'])
    number: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()\-]{1,24}$")] = Field(
        description="The number as one dials it there.", examples=['"the number, in digits"']
    )
    verified_by: Text = Field(description="Who called it and was answered.", examples=['"Daw Khin"'])
    verified_on: date = Field(description="The day on which they did.", examples=["2026-11-02"])

    def is_verified(self, today: date) -> bool:
        """Whether it was called lately enough to be relied on; a day that is still to come is a slip of the pen."""
        return timedelta(0) <= today - self.verified_on <= VERIFIED_FOR


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


class Asking(Part):
    """`[asking]`: how often clients are asked anything, whatever it is. Who asked to be asked less is asked half as
    often."""

    days_between: Annotated[int, Field(ge=1, le=90)] = Field(
        default=7, description="Days between two things that a client is asked.", examples=["7"]
    )
    checkin_days: Annotated[int, Field(ge=7, le=365)] = Field(
        default=28, description="Days between two check-ins of one client.", examples=["28"]
    )
    reminder_days: Annotated[int, Field(ge=1, le=30)] = Field(
        default=3, description="Days after which somebody who has not opened it is reminded, once.", examples=["3"]
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
    languages: Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(_once)] = Field(
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
    countries: Annotated[tuple[Country, ...], Field(min_length=1), AfterValidator(_once)] = Field(
        default=("MM",),
        description="Countries where clients are (ISO 3166, two letters): each has a crisis number in every language.",
        examples=['["MM", "TH"]'],
    )
    places: Annotated[tuple[Place, ...], Field(max_length=30), AfterValidator(_once)] = Field(
        default=(),
        description="Places that an invitation can carry, such as your offices; they tell the figures apart.",
        examples=['["North", "South"]'],
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
    asking: Asking = Field(default=Asking(), description="How often clients are asked anything.")
    invitations: Invitations = Field(default=Invitations(), description="Invitations.")
    sending: Sending = Field(default=Sending(), description="How fast messages leave.")
    retention: Retention = Field(default=Retention(), description="How long things are kept.")

    _home: Path | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _speaks_its_default(self) -> Programme:
        if self.default_language not in self.languages:
            raise ValueError("default_language is not one of languages; add it there, or choose one of them")
        return self

    def at_home(self, home: Path) -> Programme:
        """The same programme, knowing the folder that its firstsay.toml stands in."""
        settled = self.model_copy()
        settled._home = home
        return settled

    @property
    def instruments(self) -> Path | None:
        """Where the programme's own instruments are; None for a programme that was not read from a file."""
        return None if self._home is None else self._home / INSTRUMENTS

    @cached_property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def answering_hours(self) -> Hours:
        """The answering hours, ready to be asked; made once, since every turn asks."""
        days = (getattr(self.hours, day) for day in WEEKDAYS)
        week = tuple(tuple(parse_span(span) for span in day) for day in days)
        return Hours(self.zone, week, frozenset(self.hours.closed_on))

    def check_languages(self, offered: Collection[str]) -> None:
        """Every language must be one that this version speaks. Raises SettingError."""
        for language in self.languages:
            if language not in offered:
                known = ", ".join(offered)
                raise SettingError(f"{FILE_NAME}: languages: {language} is not spoken yet; choose from {known}")

    def check_needs(self, codes: Collection[str]) -> None:
        """Every need in `urgent` must be an item of the instrument. Raises SettingError."""
        for need in self.urgent:
            if need not in codes:
                raise SettingError(f"{FILE_NAME}: urgent.{need}: no such need{meant(need, codes)}")


def meant(name: str, known: Collection[str]) -> str:
    """What whoever wrote `name` was about to write, as the end of a sentence; empty where nothing is near."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else ""
