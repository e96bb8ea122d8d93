"""The languages First Say knows: how each is called, written, counted and dated."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "en"
"""The language of the message ids; what has no words in another language is said in this one."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language that a person can be written to in."""

    code: str
    """ISO 639-1 code, or 639-3 where there is no shorter one."""
    name: str
    """Its name in itself, as it stands on the first screen."""
    locale: str
    """The Babel locale that names days and months. Not always the language's own: see `shn` and `ksw`."""
    digits: str
    """Its own digits from 0 to 9. Latin digits stay the default; see `numbers.digits`."""
    plurals: str = "nplurals=1; plural=0;"
    """The Plural-Forms line of its catalog."""
    direction: str = "ltr"
    """`ltr` or `rtl`."""
    day: str = "%(weekday)s %(day)s %(month)s"
    """The order of a day, after CLDR's full date without the year."""
    dated: str = "%(text)s %(year)s"
    """Where the year goes."""
    era: int = 0
    """Years to add for the calendar that people also write, such as 543 for the Buddhist era."""


MYANMAR_DIGITS = "၀၁၂၃၄၅၆၇၈၉"

KNOWN: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", "en", "0123456789", plurals="nplurals=2; plural=(n != 1);"),
        Language(
            "my",
            "မြန်မာ",
            "my",
            MYANMAR_DIGITS,
            day="%(month)s %(day)s %(weekday)s",
            dated="%(year)s %(text)s",
        ),
        Language("th", "ไทย", "th", "๐๑๒๓๔๕๖๗๘๙", day="%(weekday)sที่ %(day)s %(month)s", era=543),
        Language("km", "ខ្មែរ", "km", "០១២៣៤៥៦៧៨៩"),
        Language("lo", "ລາວ", "lo", "໐໑໒໓໔໕໖໗໘໙"),
        # Babel accepts `shn` but holds no names for it ("Mon", "M11"), and does not know `ksw` at all
        # (UnknownLocaleError). English stands in for both: choosing Burmese for someone who did not
        # ask for Burmese is not ours to do.
        Language("shn", "တႆး", "en", "႐႑႒႓႔႕႖႗႘႙"),
        Language("ksw", "ကညီကျိာ်", "en", MYANMAR_DIGITS),
    )
}
"""Every language we have data for, by code, offered or not."""

LANGUAGES: dict[str, Language] = {code: KNOWN[code] for code in ("en", "my")}
"""The languages a person is offered, in the order they are shown."""


def known(code: str) -> Language:
    """Return the language of this code, or English for a code we do not know; never raises."""
    return KNOWN.get(code) or KNOWN[SOURCE]


def suggest(language_code: str | None) -> str | None:
    """Return the offered language that Telegram's `language_code` points to, or None.

    The tag (IETF, such as `my` or `en-GB`) is optional and names the language of the app, which is often
    English on a Burmese reader's phone: a suggestion to show first, never a choice made for the person.
    Source: https://core.telegram.org/bots/api#user
    """
    if not language_code:
        return None
    primary = language_code.replace("_", "-").partition("-")[0].strip().lower()
    return primary if primary in LANGUAGES else None
