from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.errors import SettingError
from bot.hours import Hours, parse_span
from bot.programme import Programme
from bot.settings import (
    BLOCKS,
    Environment,
    list_settings,
    load_environment,
    load_programme,
    load_settings,
    parse_programme,
)

TOKEN = "12345678:AAF-marker_marker_marker_marker_mar"
NUMBER = """
[[crisis]]
country = "MM"
language = "my"
label = "Example"
number = "000 000"
verified_by = "Nobody"
verified_on = 2026-11-01
"""
RATE = """
[[rate]]
country = "TH"
currency = "THB"
amount = "10400.50"
valid_from = 2026-10-01
"""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("FIRSTSAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRSTSAY_HOME", str(tmp_path))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(zone: str, *spans: str, closed_on: tuple[date, ...] = ()) -> Hours:
    """The same spans on every day of the week."""
    day = tuple(parse_span(span) for span in spans)
    return Hours(ZoneInfo(zone), (day,) * 7, frozenset(closed_on))


# Answering hours


def test_hours_are_read_on_the_wall_clock_of_yangon() -> None:
    office = Programme().answering_hours  # Monday to Friday, 09:00 to 17:00, at +06:30
    assert not office.open_at(utc("2026-11-02 02:29:59"))
    assert office.open_at(utc("2026-11-02 02:30"))
    assert office.open_at(utc("2026-11-02 10:29:59"))
    assert not office.open_at(utc("2026-11-02 10:30"))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-02 00:00", "2026-11-02 02:30"),  # before opening, on the same day
        ("2026-11-02 10:30", "2026-11-03 02:30"),  # as it closes
        ("2026-11-06 18:00", "2026-11-09 02:30"),  # Saturday there already: Monday
        ("2026-11-02 02:30", "2026-11-03 02:30"),  # open at this moment: the one after this
    ],
)
def test_the_next_opening_in_yangon(now: str, opening: str) -> None:
    assert Programme().answering_hours.next_opening(utc(now)) == utc(opening)


def test_a_holiday_moves_the_next_opening() -> None:
    office = hours("Asia/Yangon", "09:00-17:00", closed_on=(date(2027, 4, 13), date(2027, 4, 14)))
    assert office.next_opening(utc("2027-04-12 11:00")) == utc("2027-04-15 02:30")
    assert not office.open_at(utc("2027-04-13 05:00"))


def test_clocks_go_forward_over_an_opening() -> None:
    # New York, 14 March 2027: 02:00 EST is 03:00 EDT, at 07:00 UTC.
    office = hours("America/New_York", "02:30-10:00")
    assert office.next_opening(utc("2027-03-14 06:00")) == utc("2027-03-14 07:00")
    assert office.next_opening(utc("2027-03-14 20:00")) == utc("2027-03-15 06:30")


def test_hours_that_the_clock_jumps_over_do_not_happen() -> None:
    office = hours("America/New_York", "02:10-02:40")
    assert office.next_opening(utc("2027-03-14 06:00")) == utc("2027-03-15 06:10")


def test_clocks_go_back_within_the_hours() -> None:
    # New York, 1 November 2026: 02:00 EDT is 01:00 EST again, at 06:00 UTC.
    office = hours("America/New_York", "00:30-01:15")
    assert office.next_opening(utc("2026-11-01 00:00")) == utc("2026-11-01 04:30")
    assert office.next_opening(utc("2026-11-01 05:15")) == utc("2026-11-01 06:00")
    assert office.open_at(utc("2026-11-01 06:14"))
    assert not office.open_at(utc("2026-11-01 06:15"))


def test_nothing_opens_that_never_opens_or_never_closes() -> None:
    assert hours("Asia/Yangon").next_opening(utc("2026-11-02 00:00")) is None
    always = hours("Asia/Yangon", "00:00-24:00")
    assert always.open_at(utc("2026-11-02 17:30"))
    assert always.next_opening(utc("2026-11-02 00:00")) is None


def test_a_time_without_a_zone_is_a_bug() -> None:
    naive = utc("2026-11-02 00:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        Programme().answering_hours.open_at(naive)


ZONES = st.sampled_from(
    ["Asia/Yangon", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
DAYS = st.lists(st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda pair: pair[0] < pair[1]), max_size=2)


@given(
    zone=ZONES,
    week=st.lists(DAYS, min_size=7, max_size=7),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_next_opening_is_the_first_minute_that_is_open_after_one_that_is_not(
    zone: str, week: list[list[tuple[int, int]]], now: datetime
) -> None:
    def clock(quarter: int) -> str:
        return f"{quarter // 4:02}:{quarter % 4 * 15:02}"

    days = tuple(tuple(parse_span(f"{clock(a)}-{clock(b)}") for a, b in day) for day in week)
    office = Hours(ZoneInfo(zone), days)
    quarter = timedelta(minutes=15)
    first = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    expected = None
    was_open = office.open_at(first)
    for step in range(1, 4 * 24 * 9):
        moment = first + step * quarter
        is_open = office.open_at(moment)
        if is_open and not was_open:
            expected = moment
            break
        was_open = is_open
    found = office.next_opening(now)
    if expected is not None:
        assert found == expected
    elif found is not None:
        assert found > first + timedelta(days=8)


@pytest.mark.parametrize("text", ["9-17", "09:00", "17:00-09:00", "09:00-09:00", "09:00-24:30", "25:00-26:00", ""])
def test_what_is_not_a_span(text: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_span(text)


# firstsay.toml


def test_an_empty_file_has_the_defaults() -> None:
    programme = parse_programme("")
    assert programme.languages == ("en", "my")
    assert programme.alerts.today_minutes == 60
    assert programme.crisis == ()
    assert programme.zone == ZoneInfo("Asia/Yangon")


def test_a_whole_file() -> None:
    programme = parse_programme(
        """
        organisation = "အဖွဲ့"
        languages = ["my", "en"]
        default_language = "my"
        countries = ["MM", "TH"]
        places = ["မြောက်", "South"]
        """
        f"{NUMBER}"
        """
        [urgent]
        debt = "urgent"
        """
    )
    assert programme.crisis[0].verified_on == date(2026, 11, 1)
    assert (programme.countries, programme.places) == (("MM", "TH"), ("မြောက်", "South"))
    assert programme.urgent == {"debt": "urgent"}
    programme.check_needs({"debt", "housing"})


@pytest.mark.parametrize(("age", "verified"), [(-1, False), (0, True), (1, True), (90, True), (91, False)])
def test_how_long_a_number_counts_as_called(age: int, verified: bool) -> None:
    (number,) = parse_programme(NUMBER).crisis
    assert number.is_verified(date(2026, 11, 1) + timedelta(days=age)) is verified


@pytest.mark.parametrize(
    ("country", "day", "minor"),
    [
        ("TH", date(2025, 12, 31), None),
        ("TH", date(2026, 9, 30), 1_000_000),
        ("TH", date(2026, 10, 1), 1_040_050),
        ("TH", date(2027, 1, 1), 1_040_050),
        ("TH", date(2027, 1, 2), 1_100_000),
        ("MM", date(2027, 1, 2), 300_000),  # in kyat nobody counts decimals
        ("KH", date(2027, 1, 2), None),
    ],
)
def test_the_newest_rate_that_has_begun_is_in_force(country: str, day: date, minor: int | None) -> None:
    later = RATE.replace('"10400.50"', "11000").replace("2026-10-01", "2027-01-02")
    there = RATE.replace("THB", "MMK").replace("TH", "MM").replace('"10400.50"', "300000")
    older = RATE.replace('"10400.50"', "10000").replace("2026-10-01", "2026-01-01")
    rate = parse_programme(RATE + later + older + there).rate(country, day)
    assert (None if rate is None else rate.minor) == minor


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Programme().currency = "USD"
    with pytest.raises(ValidationError, match="frozen"):
        Environment().listen = ""


@pytest.mark.parametrize(
    ("text", "what", "how"),
    [
        ("x", "is not TOML", "toml.io"),
        ('curency = "MMK"', "curency: is not a setting", "did you mean currency?"),
        ("zebra = 1", "zebra: is not a setting", "take it out"),
        ('currency = "MKM"', "'MKM' is not a currency", 'currency = "MMK"'),
        ('time_zone = "Asia"', "'Asia' is not a time zone", 'time_zone = "Asia/Yangon"'),
        ('time_zone = "../etc/passwd"', "is not a time zone", "Asia/Yangon"),
        ('organisation = ""', "organisation: is empty", 'organisation = "'),
        ('organisation = "a\\u0007"', "cannot be shown", 'organisation = "'),
        ('default_language = "th"', "default_language is not one of languages", "choose one"),
        ('languages = ["en", "en"]', "languages: names en twice", "languages = ["),
        ('countries = ["Myanmar"]', "countries: is not written as it must be", 'countries = ["MM", "TH"]'),
        ('countries = ["MM", "TH", "MM"]', "countries: names MM twice", 'countries = ["MM", "TH"]'),
        ("countries = []", "countries: is empty", 'countries = ["MM", "TH"]'),
        ('places = ["North", " North "]', "places: names North twice", 'places = ["North", "South"]'),
        ('places = ["a\\nb"]', "places: holds a line break", 'places = ["North", "South"]'),
        ('places = [" "]', "places: is empty", 'places = ["North", "South"]'),
        (f'places = ["{"n" * 41}"]', "places: string should have at most 40 characters", "places = ["),
        ("languages = []", "languages: is empty", "languages = ["),
        ("[hours]\nmonday = '9'", "hours.monday: is not a list", 'monday = ["09:00-12:00"'),
        ("[hours]\nmonday = ['9-17']", "'9-17' is not a time span", 'monday = ["09:00-12:00"'),
        ("[hours]\nsunday = ['19:00-07:00']", "on the same day", 'sunday = ["09:00-12:00"'),
        ("hours = 3", "hours: is not a table", "[hours]"),
        ("crisis = 3", "crisis: is not a list", "[[crisis]]"),
        ('[[crisis]]\ncountry = "MM"', "crisis.language: is missing", 'language = "my"'),
        (NUMBER.replace("Nobody", " "), "crisis.verified_by: is empty", 'verified_by = "Daw Khin"'),
        ("[urgent]\nhousing = 'high'", "urgent.housing", 'urgent = { debt = "urgent" }'),
        ("rate = 3", "rate: is not a list", "[[rate]]"),
        (RATE.replace("THB", "BHT"), "rate.currency: 'BHT' is not a currency", 'currency = "MMK"'),
        (RATE.replace('"10400.50"', "10400.5"), "rate.amount: is neither a whole number", "amount = 300000"),
        (RATE.replace("10400.50", "1.005"), "rate.amount: is finer than THB is paid in", "amount = 300000"),
        (RATE.replace("10400.50", "1e5"), "rate.amount: is neither a whole number", "amount = 300000"),
        (RATE.replace("10400.50", "-5"), "rate.amount: is neither a whole number", "amount = 300000"),
        (RATE.replace("10400.50", "0"), "rate.amount: input should be greater than 0", "amount = 300000"),
        (RATE.replace("2026-10-01", '"soon"'), "rate.valid_from", "valid_from = 2026-10-01"),
        (RATE + RATE, "rate: there are two for TH from 2026-10-01", "take one of them out"),
        ("[cash]\ntimes = 0", "cash.times", "times = 3"),
        ("[safeguarding]\npeople = ['Daw Khin']", "safeguarding.people", 'people = ["L-311", "W-204"]'),
        ("[safeguarding]\npeople = ['L-311', 'L-311']", "names L-311 twice", "people = ["),
        ("[alerts]\ntoday_minutes = 'soon'", "alerts.today_minutes: is not a whole number", "= 60"),
        ("[retention]\nwords_days = 0", "greater than or equal to 1", "= 90"),
    ],
)
def test_a_wrong_file_is_one_line_with_key_fault_and_remedy(tmp_path: Path, text: str, what: str, how: str) -> None:
    file = tmp_path / "firstsay.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingError) as caught:
        load_programme(file)
    line = str(caught.value)
    assert line.startswith(f"{file}: ")
    assert what in line
    assert how in line
    assert "\n" not in line


def test_a_need_that_no_instrument_has() -> None:
    programme = parse_programme("[urgent]\nhousin = 'urgent'")
    with pytest.raises(SettingError, match=r"urgent\.housin: no such need; did you mean housing"):
        programme.check_needs(("employment", "housing"))


def _make_folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize(
    ("prepare", "what"),
    [
        (lambda file: None, "is not there; make it with: firstsay init"),
        (lambda file: file.write_bytes(b"organisation = '\xff'"), "is not UTF-8"),
        (_make_folder, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, prepare: Callable[[Path], object], what: str) -> None:
    prepare(tmp_path / "firstsay.toml")
    with pytest.raises(SettingError, match=what):
        load_settings()


# The environment


def test_the_environment_and_the_file_it_points_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "firstsay.toml").write_text('currency = "THB"')
    monkeypatch.setenv("FIRSTSAY_TOKEN", f" {TOKEN}\n")
    monkeypatch.setenv("FIRSTSAY_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("FIRSTSAY_LISTEN", "[::1]:80")
    settings = load_settings()
    assert settings.programme.currency == "THB"
    assert settings.environment.require_token() == TOKEN
    assert settings.environment.api_url == "http://127.0.0.1:8081"
    assert settings.environment.listen_address == ("::1", 80)
    assert settings.environment.database_file == tmp_path / "firstsay.db"


def test_a_home_is_absolute_and_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIRSTSAY_HOME", "")
    monkeypatch.setenv("FIRSTSAY_TOKEN", "")
    environment = load_environment()
    assert environment.home == tmp_path / ".firstsay"
    with pytest.raises(SettingError, match="FIRSTSAY_TOKEN: is not set"):
        environment.require_token()


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("FIRSTSAY_TOKEN", "marker", "is not a bot token"),
        ("FIRSTSAY_API_URL", "http://marker.example.org", "https://"),
        ("FIRSTSAY_API_URL", "marker", "is not the address"),
        ("FIRSTSAY_DATABASE", "postgresql://user:marker@host/db", "PostgreSQL"),
        ("FIRSTSAY_DATABASE", "mysql://marker", "is not the path of a file"),
        ("FIRSTSAY_WEBHOOK_URL", "marker", "is not an address"),
        ("FIRSTSAY_WEBHOOK_URL", "https://marker.example.org", "needs FIRSTSAY_WEBHOOK_SECRET"),
        ("FIRSTSAY_WEBHOOK_SECRET", "marker", "16 to 256"),
        ("FIRSTSAY_LISTEN", "marker:99999", "is not host:port"),
        ("FIRSTSAY_TOKN", "marker", "did you mean FIRSTSAY_TOKEN?"),
    ],
)
def test_a_wrong_variable_is_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as caught:
        load_environment()
    line = str(caught.value)
    assert line.startswith(name)
    assert what in line
    assert "marker" not in line
    assert "\n" not in line
    assert caught.value.__context__ is None


def test_telegram_itself_calls_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTSAY_WEBHOOK_SECRET", "0123456789abcdef")
    monkeypatch.setenv("FIRSTSAY_WEBHOOK_URL", "http://10.0.0.1/hook")
    with pytest.raises(SettingError, match="https"):
        load_environment()
    monkeypatch.setenv("FIRSTSAY_API_URL", "http://bot-api:8081")
    assert load_environment().webhook_url == "http://10.0.0.1/hook"


def test_a_name_of_somebody_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTSAY_SOMETHING_OF_OURS_FOR_A_TEST", "1")
    load_environment()


def test_the_token_is_not_shown() -> None:
    environment = Environment(token=SecretStr(TOKEN))
    assert TOKEN not in f"{environment!r}{environment}{environment.model_dump()}{environment.model_dump_json()}"


# The table


def test_every_setting_has_a_help_text_and_an_example() -> None:
    settings = list_settings()
    names = [setting.name for setting in settings]
    assert len(set(names)) == len(names)
    assert {"FIRSTSAY_TOKEN", "FIRSTSAY_LISTEN", "hours.monday", "crisis.number", "urgent"} <= set(names)
    for setting in settings:
        assert setting.help.endswith("."), setting.name
        assert setting.example, setting.name


def test_the_examples_are_right() -> None:
    lines = {setting.name: setting.example for setting in list_settings(Programme)}
    for name, example in lines.items():
        table, _, key = name.rpartition(".")
        if table not in BLOCKS:
            parse_programme(f"{f'[{table}]' if table else ''}\n{key} = {example}")
    rate = [f"{name.removeprefix('rate.')} = {example}" for name, example in lines.items() if name.startswith("rate.")]
    assert parse_programme("\n".join(["[[rate]]", *rate])).rates
