"""The drawing: shaped as readers of Burmese expect, the same everywhere, and nothing in it that is hidden."""

from __future__ import annotations

import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from bot.report.canvas import NAMESPACE, WIDTH, broken
from bot.report.chart import draw_png, draw_svg
from bot.report.figures import Figure, Line, Report
from bot.report.page import draw_page
from bot.report.raster import FAMILIES, ZOOM, font_files, rasterise
from conversations.instruments import NEEDS
from tests.report.house import House
from tests.report.paper import FIRST, invent
from translations.catalogs import load
from translations.languages import LANGUAGES

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def report() -> Report:
    """The paper, by place."""
    house = House()
    for number, firsts in enumerate(invent()):
        house.join(firsts, language="my" if number % 4 else "en", place=("Mae Sot", None)[number % 2])
    return house.report("place")


def end_of(text: str, family: str = FAMILIES[0]) -> bytes:
    """A picture of where a text ends: a little less than one sign is wide."""
    return rasterise(
        f'<svg{NAMESPACE} width="24" height="90" viewBox="176 0 24 90">'
        f'<text x="200" y="60" font-size="50" text-anchor="end" font-family="\'{family}\'">{text}</text></svg>'
    )


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert png.startswith(SIGNATURE)
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


@pytest.mark.parametrize(
    ("written", "last"),
    [("ကေ", "က"), ("ခြေ", "ခြ"), ("နှေ", "နှ")],
)
def test_burmese_is_shaped(written: str, last: str) -> None:
    """What is written last is drawn before its consonant: unshaped, it would stand at the end."""
    assert end_of(written) == end_of(last)
    assert end_of(written) != end_of("")


def test_signs_that_belong_together_are_not_drawn_apart() -> None:
    """A medial or a stacked consonant that was not shaped stands on a dotted circle, or as a sign of its own."""
    circle = "\u25cc"
    for shaped, apart in (("ခြ", f"ခ{circle}ြ"), ("န္ဒ", f"န{circle}္ဒ"), ("မှု", f"မ{circle}ှ{circle}ု")):
        assert end_of(shaped) != end_of(apart)


def test_every_sign_that_we_draw_is_in_a_font(report: Report) -> None:
    held = set[int]().union(*(TTFont(file).getBestCmap() for file in font_files()))
    for language in LANGUAGES:
        load(language)
        drawn = set("".join(re.findall(r">([^<]*)<", draw_svg(report, language))))
        drawn |= {sign for item in NEEDS.items for sign in item.label.wordings.get(language, "")}
        assert {sign for sign in drawn if sign.isprintable() and ord(sign) not in held} == set(), language


@pytest.mark.parametrize("family", FAMILIES[1:])
def test_the_other_scripts_have_their_fonts(family: str) -> None:
    sign = {"Noto Sans Thai": "ก", "Noto Sans Khmer": "ក", "Noto Sans Lao": "ກ"}[family]
    assert end_of(sign, FAMILIES[0]) == end_of(sign, family) != end_of("\U00012000", FAMILIES[0])


def test_a_picture_is_one_that_telegram_takes(report: Report) -> None:
    """10 MB, sides of 10000 together, at most 20 times as long as wide (core.telegram.org/bots/api#sendphoto)."""
    for language in LANGUAGES:
        png = draw_png(report, language)
        width, height = size_of(png)
        assert width == WIDTH * ZOOM
        assert width + height <= 10_000
        assert max(width, height) <= 20 * min(width, height)
        assert len(png) < 10_000_000


def test_others_are_answered_while_it_draws(report: Report) -> None:
    """Drawn within the process it would hold Python's lock, and the bot's loop with it, for as long as it takes."""
    gaps = []
    with ThreadPoolExecutor() as pool:
        drawn = pool.submit(draw_png, report, "my")
        looks = [time.perf_counter()]
        while not drawn.done():
            time.sleep(0.001)
            looks.append(time.perf_counter())
        gaps = [after - before for before, after in pairwise(looks)]
    assert drawn.result().startswith(SIGNATURE)
    assert len(gaps) > 20
    assert max(gaps) < 0.8 * sum(gaps)


def test_it_draws_the_same_in_every_thread(report: Report) -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _turn: draw_png(report, "my"), range(4)))
    assert len(drawn) == 1


def test_bars_are_as_long_as_their_shares(report: Report) -> None:
    drawn = draw_svg(report, "en")
    bars = [float(width) for width in re.findall(r'width="([\d.]+)" height="22" rx="3" fill="#1d5a55"', drawn)]
    lines = [line.figure for line in report.needs if 0 < line.place <= 10] + [line.figure for line in report.categories]
    shares = [figure.yes / figure.clients for figure in lines if figure is not None]
    assert bars == [pytest.approx(240 * share, abs=0.06) for share in shares]


def test_a_hidden_need_has_no_figure_in_drawing_or_page() -> None:
    """The page and the drawing are made of the report alone, and that does not hold it."""
    house = House()
    for firsts in invent():
        house.join(firsts)
    report = house.report()
    hidden = next(line for line in report.needs if line.code == "culture_religion")
    assert hidden == Line("culture_religion")
    label = NEEDS.item("culture_religion").label.wordings["en"]
    drawn = draw_svg(report, "en")
    assert re.search(rf">{label}</text><rect[^>]*url\(#hidden\)[^>]*/><text[^>]*>not shown</text>", drawn)
    assert table_of(draw_page(report, "en"))[label] == ["not shown", ""]


def test_long_sentences_are_broken_between_words() -> None:
    sentence = "one two three " * 20
    lines = list(broken(sentence.strip(), 15, 300))
    assert len(lines) > 3
    assert " ".join(lines) == sentence.strip()
    assert list(broken("အရမ်းရှည်တဲ့စာကြောင်း" * 9, 15, 300)) == ["အရမ်းရှည်တဲ့စာကြောင်း" * 9]


# --- the page -----------------------------------------------------------------------------------------------------


class Reading(HTMLParser):
    """What is in a page: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self._cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.cells.append([])
        self._cell = tag in ("td", "th")
        if self._cell:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.cells[-1][-1] += data


def table_of(page: str) -> dict[str, list[str]]:
    """The cells of each row by its label, without the place before it."""
    return {re.sub(r"^=?\d+\. ", "", row[0]): row[1:] for row in Reading(page).cells if row}


def test_a_page_needs_nothing_else(report: Report) -> None:
    page = draw_page(report, "my")
    read = Reading(page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _attributes in read.tags}
    assert "//" not in re.sub(r"base64,[^)]*", "", page), "no address of anything"
    assert not any(name in ("src", "href", "style") for _tag, attributes in read.tags for name in attributes)
    policy = next(
        attributes["content"] for tag, attributes in read.tags if "http-equiv" in attributes and tag == "meta"
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
    assert page.count("@font-face") == 1, "only the font that it needs"
    assert len(page) < 400_000


def test_a_page_tells_what_the_drawing_tells(report: Report) -> None:
    table = table_of(draw_page(report, "en"))
    for item in NEEDS.items:
        if item.code != "culture_religion":
            assert table[item.label.wordings["en"]][0] == str(FIRST[item.code])
    assert table["Mae Sot"]
    assert table["not said"]


def test_what_others_named_cannot_become_markup() -> None:
    bad = "<script>alert(1)</script> & \"'"
    figure = Figure(12, 24)
    line = Line("debt", figure, 1, 1, groups=(Figure(6, 12, bad), Figure(6, 12, "")))
    report = Report(bad, "UTC", "needs", 1, "place", 24, 1, needs=(line,))
    for drawn in (draw_svg(report, "en"), draw_page(report, "en")):
        assert "<script" not in drawn
        assert "&lt;script&gt;" in drawn
    assert size_of(draw_png(report, "en"))[0] == WIDTH * ZOOM


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_few_are_told_so(language: str) -> None:
    report = House().report()
    assert "url(#hidden)" not in draw_svg(report, language).replace('id="hidden"', "")
    assert not table_of(draw_page(report, language))
