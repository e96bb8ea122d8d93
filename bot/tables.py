"""The tables of `firstsay.toml` as frozen models, and what their fields hold.

Every setting has a description (the help text that the README must carry) and an example, which is what an error
shows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from bot.hours import parse_span
from translations.currencies import to_minor

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


def _exact(value: object) -> Decimal:
    """An amount as it stands in the file. A number with a point has gone through binary, so it stands in quotes."""
    if isinstance(value, Decimal):
        return value
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,6})?", text.strip()):
        raise ValueError("is neither a whole number nor one with a point in quotes")
    return Decimal(text.strip())


def _spans(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        parse_span(value)
    return values


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    """A list in which nothing stands twice."""
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"names {value} twice")
    return values


Text = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_text)]
Place = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_text)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")]
Currency = Annotated[str, AfterValidator(_currency)]
Exact = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0)]
Code = Annotated[str, Field(pattern=r"^[A-Z]-[0-9]{1,9}$")]
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


class Rate(Part):
    """`[[rate]]`: what one transfer is in a country, from a day until the next such block for it."""

    country: Country = Field(description="Country of the transfer (ISO 3166, two letters).", examples=['"MM"'])
    currency: Currency = Field(description="Currency it is paid in there (ISO 4217).", examples=['"MMK"'])
    amount: Exact = Field(
        description='What one transfer is there: a whole number, or "10.50" in quotes.', examples=["300000"]
    )
    valid_from: date = Field(
        description="The day from which that is so; the rate before it holds until then.", examples=["2026-10-01"]
    )

    @field_validator("amount")
    @classmethod
    def _is_payable(cls, amount: Decimal, info: ValidationInfo) -> Decimal:
        currency = info.data.get("currency")
        if currency is not None and to_minor(amount, currency) is None:
            raise ValueError(f"is finer than {currency} is paid in")
        return amount

    @property
    def minor(self) -> int:
        """The amount in minor units of the currency."""
        minor = to_minor(self.amount, self.currency)
        assert minor is not None
        return minor


class Cash(Part):
    """`[cash]`"""

    times: Annotated[int, Field(ge=1, le=36)] = Field(
        default=3,
        description="Monthly transfers that are planned for a client unless another number is said.",
        examples=["3"],
    )


class Safeguarding(Part):
    """`[safeguarding]`"""

    people: Annotated[tuple[Code, ...], AfterValidator(once)] = Field(
        default=(),
        description="Codes of who hears of trouble with money where its client allows it, in order; none: the leads.",
        examples=['["L-311", "W-204"]'],
    )


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
