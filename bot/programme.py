"""What a programme decides: `firstsay.toml` as a frozen model of its tables.

`bot.settings` reads the file and says in one line what is wrong with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from bot.errors import SettingError
from bot.hours import WEEKDAYS, Hours, parse_span
from bot.tables import (
    Alerts,
    Asking,
    Cash,
    Country,
    CrisisNumber,
    Currency,
    Invitations,
    Language,
    Part,
    Place,
    Rate,
    Retention,
    Safeguarding,
    Sending,
    Text,
    Week,
    Zone,
    once,
)

FILE_NAME: Final = "firstsay.toml"

INSTRUMENTS: Final = "instruments"
"""The folder beside it, with what the programme asks by questions of its own."""

Urgency = Literal["urgent", "dated", "normal"]


class Programme(Part):
    """`firstsay.toml`: what the programme decides."""

    organisation: Text = Field(
        default="Our organisation", description="The name that clients read.", examples=['"Our organisation"']
    )
    languages: Annotated[tuple[Language, ...], Field(min_length=1), AfterValidator(once)] = Field(
        default=("en", "my"),
        description="Languages that a client can choose, in the order shown.",
        examples=['["en", "my"]'],
    )
    default_language: Language = Field(
        default="en", description="Language for who has not chosen one yet.", examples=['"en"']
    )
    time_zone: Zone = Field(
        default="Asia/Yangon", description="Time zone of the answering hours.", examples=['"Asia/Yangon"']
    )
    currency: Currency = Field(default="MMK", description="Currency of cash transfers (ISO 4217).", examples=['"MMK"'])
    countries: Annotated[tuple[Country, ...], Field(min_length=1), AfterValidator(once)] = Field(
        default=("MM",),
        description="Countries where clients are (ISO 3166, two letters): each has a crisis number in every language.",
        examples=['["MM", "TH"]'],
    )
    places: Annotated[tuple[Place, ...], Field(max_length=30), AfterValidator(once)] = Field(
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
    rates: tuple[Rate, ...] = Field(
        default=(), alias="rate", description="What one transfer is, by country and from which day on."
    )
    cash: Cash = Field(default=Cash(), description="Cash transfers.")
    safeguarding: Safeguarding = Field(default=Safeguarding(), description="Who hears of trouble with money.")
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

    @model_validator(mode="after")
    def _has_one_rate_at_a_time(self) -> Programme:
        begun = [(rate.country, rate.valid_from) for rate in self.rates]
        for country, day in begun:
            if begun.count((country, day)) > 1:
                raise ValueError(f"rate: there are two for {country} from {day}; take one of them out")
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

    def rate(self, country: str, day: date) -> Rate | None:
        """What one transfer is in a country on a local day, if anything is in force there."""
        begun = [rate for rate in self.rates if rate.country == country and rate.valid_from <= day]
        return max(begun, key=lambda rate: rate.valid_from, default=None)

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
