"""The report as one HTML file that needs nothing else: the drawing, and the same figures as tables to be read aloud."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Final, TypeAlias

from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont

from bot.report import wording
from bot.report.canvas import INK, NAMESPACE, PAPER, RULE, SOFT
from bot.report.chart import draw_svg
from bot.report.figures import Report
from bot.report.raster import FAMILIES, font_files
from conversations.text import Words, _
from translations.wording import word

Say: TypeAlias = Callable[[Words], str]

STYLE: Final = f"""
body {{ margin: 0 auto; max-width: 50rem; padding: 1rem; background: {PAPER}; color: {INK}; line-height: 1.6; }}
svg {{ display: block; width: 100%; height: auto; }}
table {{ width: 100%; margin: 1rem 0 2rem; border-collapse: collapse; font-variant-numeric: tabular-nums; }}
caption {{ padding: 0.5rem 0; text-align: left; font-weight: 700; }}
th, td {{ padding: 0.3rem 0.5rem; border-top: 1px solid {RULE}; text-align: right; font-weight: 400; }}
th:first-child {{ text-align: left; }}
thead th, .within {{ color: {SOFT}; }}
.within th {{ padding-left: 2rem; }}
details {{ overflow-x: auto; }}
summary {{ cursor: pointer; padding: 1rem 0; }}
"""


def draw_page(report: Report, language: str) -> str:
    """The whole page. Its fonts are in it, cut down to the signs that it uses."""

    def say(words: Words) -> str:
        return escape(word(words, language))

    drawing = draw_svg(report, language).replace(NAMESPACE, ' role="img"')
    tables = _tables(report, say) if report.clients is not None else ""
    body = f"<main>{drawing}{tables}</main>"
    title = f"{say(wording.TITLE)} · {escape(report.organisation)}"
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
        ' font-src data:">\n'
        f"<title>{title}</title>\n<style>{_faces(body)}{STYLE}body {{ font-family: {families}, sans-serif; }}</style>\n"
        f"</head>\n<body>{body}</body>\n</html>\n"
    )


def _tables(report: Report, say: Say) -> str:
    tables = "".join(_table(table, say) for table in wording.tables(report))
    summary = say(_("The same as tables"))
    return f"<details><summary>{summary}</summary>{tables}</details>"


def _table(table: wording.Table, say: Say) -> str:
    heads = "".join(f"<th>{say(head)}</th>" for head in (wording.EMPTY, *table.heads))
    rows = "".join(_row(row, say) for row in table.rows)
    return f"<table><caption>{say(table.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: wording.Row, say: Say) -> str:
    label = f"{row.place} {say(row.label)}" if row.place else say(row.label)
    cells = "".join(f"<td>{say(cell)}</td>" for cell in row.cells)
    kind = ' class="within"' if row.within else ""
    return f'<tr{kind}><th scope="row">{label}</th>{cells}</tr>'


def _faces(text: str) -> str:
    """The fonts that the page needs, each with no more signs than are in the text, as CSS."""
    missing, faces = {ord(sign) for sign in text}, []
    for family, file in zip(FAMILIES, font_files(), strict=True):
        options = Options(flavor="woff", layout_features=["*"])
        with load_font(file, options) as font:
            held = missing & font.getBestCmap().keys()
            if held:
                source = b64encode(_cut(font, held, options)).decode()
                face = f"font-family: '{family}'; font-weight: 100 900; src: url(data:font/woff;base64,{source});"
                faces.append(f"@font-face {{ {face} }}\n")
        missing -= held
    return "".join(faces)


def _cut(font: TTFont, held: set[int], options: Options) -> bytes:
    """A font with these signs alone, and with what shapes them."""
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=held)
    subsetter.subset(font)
    cut = BytesIO()
    save_font(font, cut, options)
    return cut.getvalue()
