"""`python -m bot.report.raster`: an SVG from standard input, a PNG to standard output.

A process of its own: resvg keeps Python's lock for as long as it draws, almost half a second, in which the bot could
answer nobody. It shapes Burmese, Thai, Khmer and Lao as their readers expect; the fonts are Noto's (SIL Open Font
License), from a package, so that a drawing is the same on every machine.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from typing import Final

FAMILIES: Final = ("Noto Sans Myanmar", "Noto Sans Thai", "Noto Sans Khmer", "Noto Sans Lao")
"""In the order in which a sign is looked for; the first has Latin as well."""

ZOOM: Final = 2
"""Pixels for each unit of the drawing."""

PATIENCE: Final = 60.0
"""Seconds after which a drawing is given up; it takes one, and more only on a machine that is busy."""


def font_files() -> list[str]:
    """The fonts, one file for each family."""
    folder = files("justmytype_intl_sea") / "fonts" / "ofl"
    names = [family.replace(" ", "") for family in FAMILIES]
    return [str(folder / name.lower() / f"{name}[wdth,wght].ttf") for name in names]


def rasterise(svg: str) -> bytes:
    """The SVG as a PNG, drawn in another process; blocks, and may be called in a thread."""
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, input=svg.encode(), stdout=subprocess.PIPE, timeout=PATIENCE, check=True)  # noqa: S603
    return done.stdout


def main() -> None:
    """Draw what comes in."""
    import resvg_py

    svg = sys.stdin.buffer.read().decode()
    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=font_files(), zoom=ZOOM)
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
