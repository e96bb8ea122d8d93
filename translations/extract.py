"""Extract: bring the catalogs in line with what the sources say (`python -m translations.extract`).

What is written depends on the sources and the translations alone: no dates, no line numbers, no tool version, so
that a difference in review is a difference in words. Translators' names are not carried over from editors that
add them; who wants to be named writes so in the comment at the head of the file.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from translations.catalogs import FOLDER, HAS_READER, NEEDS_READER, TEMPLATE, CatalogError, locate, parse
from translations.languages import KNOWN, LANGUAGES, SOURCE

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog as Po

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "conversations", "translations")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "n_": (1, 2)}
"""The functions whose words are translated, with the arguments that hold them (see `conversations/text.py`)."""
NOTES = ("Translators:",)
"""How a comment above a sentence begins that the translator should see."""


def collect(root: Path = ROOT) -> Po:
    """Return a template of every sentence in the sources under `root`, in the order of files and lines."""
    from babel.messages.catalog import Catalog as Po
    from babel.messages.extract import extract_from_file

    template = Po(charset="utf-8")
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        found = extract_from_file("python", path, keywords=KEYWORDS, comment_tags=NOTES, strip_comment_tags=True)
        for line, message, comments, _context in found:
            template.add(message, locations=[(name, line)], auto_comments=comments)
    return template


def unwritten(root: Path = ROOT) -> list[str]:
    """Return `file:line` of each call whose words are not written out in it, and so can reach no translator."""
    found = []
    for path in _sources(root):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
                words = node.args[: len(KEYWORDS[node.func.id] or (1,))]
                if not words or not all(isinstance(each, ast.Constant) for each in words):
                    found.append(f"{path.relative_to(root).as_posix()}:{node.lineno}")
    return found


def _sources(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((root / room).rglob("*.py"))


def render(po: Po, language: str | None) -> str:
    """Return the text of a catalog, or of the template if `language` is None."""
    from babel.messages.pofile import generate_po

    body = "".join(generate_po(po, omit_header=True, include_lineno=False, ignore_obsolete=True, width=0))
    head = [] if language is None else [f'"Language: {language}\\n"']
    head += [
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
    ]
    if language is not None:
        head.append(f'"Plural-Forms: {KNOWN[language].plurals}\\n"')
    lines = [_comment(po, language), 'msgid ""', 'msgstr ""', *head, "", body.rstrip("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


def _comment(po: Po, language: str | None) -> str:
    """Return the comment at the head: what the translator left there, with the status line it must have."""
    if language is None:
        return "# The sentences of First Say. Written by `python -m translations.extract`; do not edit."
    kept: str = po.header_comment
    if HAS_READER in kept or NEEDS_READER in kept:
        return kept
    return f"{kept}\n# {NEEDS_READER}"


def merge(template: Po, language: str, folder: Path = FOLDER) -> str:
    """Return the text of a language's catalog after the template, its translations kept.

    A sentence that changed a little keeps its translation, marked fuzzy (English is said until someone has looked
    at it); one that is gone is dropped; a new one is empty. Raises `CatalogError` for a damaged file.
    """
    from babel.messages.catalog import Catalog as Po

    path = locate(language, folder)
    if path.exists():
        po = parse(path, language)
    else:
        title = f"# First Say in {KNOWN[language].name} ({language})."
        po = Po(locale=language, charset="utf-8", header_comment=title)
    # Babel knows few plural rules of its own (not Burmese's); the registry's count
    po.mime_headers = [("Plural-Forms", KNOWN[language].plurals)]
    po.update(template)
    return render(po, language)


def files(root: Path, folder: Path, new: str | None = None) -> dict[Path, str]:
    """Return the text that each catalog file should have: the template, and each language that has or needs one."""
    template = collect(root)
    texts = {folder / TEMPLATE: render(template, None)}
    for language in KNOWN:
        wanted = language in LANGUAGES or language == new or locate(language, folder).exists()
        if wanted and language != SOURCE:
            texts[locate(language, folder)] = merge(template, language, folder)
    return texts


def main(arguments: list[str] | None = None, root: Path = ROOT, folder: Path = FOLDER) -> int:
    """Write the catalogs, or with `--check` only compare them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m translations.extract", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a catalog is behind")
    parser.add_argument("--new", choices=sorted(set(KNOWN) - {SOURCE}), help="begin the catalog of a language")
    options = parser.parse_args(arguments)
    try:
        lost = unwritten(root)
        if lost:
            return _fail(f"the words of a sentence must be written out in the call: {', '.join(lost)}")
        wanted = files(root, folder, options.new)
    except (CatalogError, SyntaxError) as error:
        return _fail(str(error))
    behind = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if options.check and behind:
        names = ", ".join(path.relative_to(folder).as_posix() for path in behind)
        return _fail(f"catalogs behind the sources: {names}; run `python -m translations.extract`")
    for path in behind:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8", newline="\n")
    return 0


def _fail(line: str) -> int:
    sys.stderr.write(line + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
