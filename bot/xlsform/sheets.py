"""The sheets of an XLSForm. pyxform reads them, and knows the many names of their columns."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from bot.errors import OperatorError
from translations.clusters import shorten

SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".csv")


class XlsformError(OperatorError):
    """The spreadsheet cannot be read, or nothing of it can be brought over."""


class Sheets(NamedTuple):
    """Rows by the names that pyxform gives their columns; `__row` is the number of a row as a spreadsheet counts it."""

    survey: Sequence[Mapping[str, Any]]
    choices: Sequence[Mapping[str, Any]]
    settings: Mapping[str, Any]


def read_sheets(path: Path) -> Sheets:
    """Read a spreadsheet. Raises XlsformError."""
    try:
        from pyxform import aliases, constants
        from pyxform.parsing.sheet_headers import dealias_and_group_headers
        from pyxform.question import MultipleChoiceQuestion, Option
        from pyxform.survey import Survey
        from pyxform.xls2json_backends import get_xlsform
    except ModuleNotFoundError as error:
        raise XlsformError(f"{error.name} is not installed; run: pip install -e '.[xlsform]'") from None
    if path.suffix.lower() not in SUFFIXES:
        raise XlsformError(f"{path}: is not one of {', '.join(SUFFIXES)}; save the form as .xlsx")
    if not path.is_file():
        raise XlsformError(f"{path}: is not there")
    known = {
        constants.SETTINGS: (aliases.settings_header, Survey),
        constants.CHOICES: (aliases.list_header, Option),
        constants.SURVEY: (aliases.survey_header, MultipleChoiceQuestion),
    }
    read: dict[str, Sequence[Mapping[str, Any]]] = {}
    language = constants.DEFAULT_LANGUAGE_VALUE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of looks and rules that it passes over
            book = get_xlsform(path, path.suffix.lower())
        for sheet, (names, columns) in known.items():
            read[sheet] = dealias_and_group_headers(
                sheet_name=sheet,
                sheet_data=getattr(book, sheet) or (),
                sheet_header=getattr(book, f"{sheet}_header") or (),
                header_aliases=names,
                header_columns=set(columns.get_slot_names()),
                default_language=language,
                add_row_number=True,
            ).data
            if sheet == constants.SETTINGS and read[sheet]:
                language = read[sheet][0].get(constants.DEFAULT_LANGUAGE_KEY, language)
    except Exception as error:  # the reader and what it stands on raise errors of many kinds for a damaged file
        raise XlsformError(f"{path}: cannot be read as an XLSForm ({_one_line(error)})") from None
    if not read[constants.SURVEY]:
        raise XlsformError(f"{path}: has no sheet survey with a row in it")
    return Sheets(read[constants.SURVEY], read[constants.CHOICES], (read[constants.SETTINGS] or ({},))[0])


def _one_line(error: Exception) -> str:
    return shorten(" ".join(str(error).split()) or type(error).__name__, 120)
