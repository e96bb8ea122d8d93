"""Catalogs made for one test, in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translations import catalogs
from translations.catalogs import Catalog

HEAD = """# {status}
{flag}msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plurals}\\n"

"""

MakeCatalog = Callable[..., Catalog]


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCatalog:
    """Put a catalog with these entries in place of a language's own, and return it."""

    def make(
        entries: str,
        language: str = "my",
        *,
        plurals: str = "nplurals=1; plural=0;",
        status: str = catalogs.NEEDS_READER,
        flag: str = "",
    ) -> Catalog:
        path = catalogs.locate(language, tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        head = HEAD.format(status=status, flag=flag, language=language, plurals=plurals)
        path.write_text(head + entries, "utf-8")
        catalog = catalogs.read(path, language)
        monkeypatch.setitem(catalogs.LOADED, language, catalog)
        return catalog

    return make
