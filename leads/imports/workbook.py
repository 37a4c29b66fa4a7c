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
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from crm.core.errors import Invalid

# A number stays a number, so that 1.234 in a cell is not taken for "1.234" as a person writes a thousand.
Cell = str | int | float | bool | None
UNPACKED_MOST = 300 * 1024 * 1024
STRINGS_MOST = 80 * 1024 * 1024  # held in memory at once
LINES_MOST = 1_048_576  # of any spreadsheet
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
    names = [sheet.title for sheet in _opened(data).wb._sheets if sheet.sheet_state == "visible"]
    if not names:
        raise Invalid(_("This workbook has no sheet with cells."), code="empty_file")
    return names


def sheet_rows(data: bytes, name: str) -> Iterator[list[Cell]]:
    """Every row from line 1 on; a formula counts as the value it was saved with, one without a value as its text."""
    try:
        book = _opened(data)
        values = _rows(book.wb[name])
        if not _has_formulas(data):
            yield from ([_plain(cell) for cell in row] for row in values)
            return
        written = _rows(_opened(data, computed=False, strings=book.shared_strings).wb[name])
        for row, texts in zip_longest(values, written, fillvalue=()):
            pairs = zip_longest(row, texts)
            yield [
                _plain(text if value is None and str(text or "").startswith("=") else value) for value, text in pairs
            ]
    except _BROKEN as error:
        raise _unreadable() from error


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if line > LINES_MOST:  # rows may be numbered at will, and those between are made up on the way
            raise _unreadable()
        yield row


# What openpyxl raises for a file that is damaged, or made to damage.
_BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, EOFError, ArithmeticError,
    RuntimeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """What a sheet says about its size is not always so; where it says nothing, all of it would be read for it."""


class _Strings:
    """The texts cells refer to, read as far as one does: they are numbered as they come up, and of a long list reading
    all of them takes longest."""

    def __init__(self, source: Any) -> None:
        self._nodes = (node for _event, node in iterparse(source) if node.tag == f"{{{SHEET_MAIN_NS}}}si")
        self._texts: list[str] = []

    def __getitem__(self, number: int) -> str:
        while number >= len(self._texts):
            if (node := next(self._nodes, None)) is None:
                raise IndexError(number)
            self._texts.append(Text.from_tree(node).content.replace("x005F_", ""))
            node.clear()
        return self._texts[number]


class _Reader(ExcelReader):
    """`strings`: those of the same workbook opened before."""

    def __init__(self, data: bytes, *, computed: bool, strings: Any) -> None:
        super().__init__(io.BytesIO(data), read_only=True, data_only=computed, keep_links=False)
        self._strings = strings

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if self._strings is None and part is not None:
            self._strings = _Strings(self.archive.open(part.PartName[1:]))
        self.shared_strings = self._strings or []

    def read_worksheets(self) -> None:
        for sheet, part in self.parser.find_sheets():
            if part.target in self.valid_files and "chartsheet" not in part.Type:
                page = _Sheet(self.wb, sheet.name, part.target, self.shared_strings)
                page.sheet_state = sheet.state
                self.wb._sheets.append(page)


def _opened(data: bytes, *, computed: bool = True, strings: Any = None) -> _Reader:
    try:
        reader = _Reader(data, computed=computed, strings=strings)
        reader.read()
    except _BROKEN as error:
        raise _unreadable() from error
    return reader


def _unreadable() -> Invalid:
    return Invalid(_("This workbook is damaged. Open it, save it again, and try once more."), code="damaged")


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
