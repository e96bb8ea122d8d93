"""The home that a demo lives in: made new each time, gone when the demo ends, and marked as what it is."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.hours import WEEKDAYS, Hours
from bot.init import create_home, initialise, read_master_key
from bot.settings import PREFIX, Environment, parse_programme
from storage.keys import Keyring, WrongKeyError

MARKER: Final = "demo"
"""A file of this name says that a home was made for play: only there may the store be shown decrypted. What it holds
is sealed with the home's own key, so that a file of this name put into another home says nothing."""

_ZONES: Final = "/zoneinfo/"


def create_demo_home(home: Path, zone: str, today: date) -> None:
    """Make a demo's home: key, firstsay.toml and the mark, which is there before anybody can come."""
    text = write_demo_programme(zone, today)
    parse_programme(text)
    create_home(home)
    # Not read from the environment: the operator's own variables are about another home.
    environment = Environment.model_construct(home=home)
    environment.programme_file.write_text(text, "utf-8")
    initialise(environment)
    (home / MARKER).write_text(Keyring(read_master_key(home)).prove(), "utf-8")


def is_demo_home(home: Path) -> bool:
    """Whether this home was made by `create_demo_home`. Raises KeyFileError where it has no key to be read."""
    try:
        Keyring(read_master_key(home)).check((home / MARKER).read_text("utf-8"))
    except (OSError, ValueError, WrongKeyError):
        return False
    return True


def write_demo_programme(zone: str, today: date) -> str:
    """The text of a demo's firstsay.toml. There is a night on every day, and a morning after it."""
    hours = "\n".join(f'{day} = ["09:00-17:00"]' for day in WEEKDAYS)
    return _PROGRAMME.format(zone=json.dumps(zone), hours=hours, today=today.isoformat())


def demo_hours(zone: str) -> Hours:
    """When somebody answers in a demo."""
    return parse_programme(write_demo_programme(zone, date.min)).answering_hours


def demo_environment(home: Path, token: str, api_url: str) -> dict[str, str]:
    """Variables for a process of the demo: this machine's, but none of the operator's own for First Say."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    ours = {"HOME": str(home), "TOKEN": token, "API_URL": api_url}
    return kept | {f"{PREFIX}{name}": value for name, value in ours.items()}


def local_zone(link: Path = Path("/etc/localtime")) -> str:
    """The IANA name of this machine's time zone, so that the bot's times agree with the clock on the wall; or UTC."""
    for name in (os.environ.get("TZ", ""), os.path.realpath(link).rpartition(_ZONES)[2]):
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            continue
    return "UTC"


_PROGRAMME: Final = """\
# A demonstration: made by `firstsay demo`, and gone when it ends.

organisation = "Harbour House (demo)"
languages = ["en", "my"]
default_language = "en"
time_zone = {zone}
countries = ["XX"]
currency = "MMK"
places = ["Harbour House", "Hill Road"]

[hours]
{hours}

# So that a round can be played again soon; a programme asks less often.
[asking]
days_between = 1
checkin_days = 7
reminder_days = 1

# The stand-in has no limits; neither a quick tapper nor two dozen others should have to wait for Telegram's.
[sending]
per_second = 1000
per_chat_second = 10

# Nobody answers these. A programme calls each of its numbers before it writes them down.
[[crisis]]
country = "XX"
language = "en"
label = "Example line (not a real number)"
number = "000 000 001"
verified_by = "demo"
verified_on = {today}

[[crisis]]
country = "XX"
language = "my"
label = "နမူနာ ဖုန်းလိုင်း (နံပါတ်အစစ် မဟုတ်ပါ)"
number = "000 000 002"
verified_by = "demo"
verified_on = {today}

# What one transfer is in a demo. A programme writes down its country's minimum wage, and from when it holds.
[[rate]]
country = "XX"
currency = "MMK"
amount = 300000
valid_from = {today}
"""
