"""Workbooks (.xlsx) as rows of cells. What would unpack into far more than it seems is refused before."""

import datetime
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from crm.core.errors import Invalid

# A number stays a number, so that 1.234 in a cell is not taken for "1.234" as a person writes a thousand.
Cell = str | int | float | bool | None
UNPACKED_MOST = 300 * 1024 * 1024
STRINGS_MOST = 80 * 1024 * 1024  # held in memory at once
_STRINGS = "xl/sharedStrings.xml"


def is_workbook(data: bytes) -> bool:
    """Raises Invalid for one that would unpack into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    if sum(sizes.values()) > UNPACKED_MOST or sizes.get(_STRINGS, 0) > STRINGS_MOST:
        raise Invalid(_("This workbook is too large once unpacked. Save its sheet as CSV."), code="too_large")
    return "xl/workbook.xml" in sizes


def sheets_of(data: bytes) -> list[str]:
    """The names of the sheets that hold cells. Raises Invalid."""
    book = _opened(data)
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    book.close()
    if not names:
        raise Invalid(_("This workbook has no sheet with cells."), code="empty_file")
    return names


def sheet_rows(data: bytes, name: str) -> Iterator[list[Cell]]:
    """Every row from line 1 on; a formula counts as the value it was saved with, one without a value as its text."""
    try:
        values = _rows(data, name, computed=True)
        if not _has_formulas(data):
            yield from ([_plain(cell) for cell in row] for row in values)
            return
        written = _rows(data, name, computed=False)
        for row, texts in zip_longest(values, written, fillvalue=()):
            pairs = zip_longest(row, texts)
            yield [
                _plain(text if value is None and str(text or "").startswith("=") else value) for value, text in pairs
            ]
    except _BROKEN as error:
        raise _unreadable() from error


def _rows(data: bytes, name: str, *, computed: bool) -> Iterator[tuple[Any, ...]]:
    sheet = _opened(data, computed=computed)[name]
    sheet.reset_dimensions()  # what a workbook says about its own size is not always so
    yield from sheet.iter_rows(values_only=True)


# What openpyxl raises for a file that is damaged, or made to damage.
_BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, EOFError, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip


def _opened(data: bytes, *, computed: bool = True) -> Any:
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=computed, keep_links=False)
    except _BROKEN as error:
        raise _unreadable() from error


def _unreadable() -> Invalid:
    return Invalid(_("This workbook is damaged. Open it, save it anew, and try again."), code="damaged")


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
        return any(_holds(archive, name) for name in sheets)


def _holds(archive: zipfile.ZipFile, name: str, mark: bytes = b"<f") -> bool:
    last = b""
    with archive.open(name) as sheet:
        while block := sheet.read(1 << 20):
            if re.search(mark + rb"[ >/]", last + block):
                return True
            last = block[-8:]
    return False


def _plain(value: Any) -> Cell:
    """What JSON holds as well; dates in ISO form."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value if math.isfinite(value) else str(value)
    if isinstance(value, datetime.datetime) and not any((value.hour, value.minute, value.second)):
        value = value.date()
    with suppress(AttributeError):
        return str(value.isoformat())
    return str(value)
