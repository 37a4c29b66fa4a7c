"""Writing rows into a file: CSV as Excel in Brazil opens it with a double click, and XLSX with numbers and dates. Both
write as they go and keep nothing."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from crm.core.cells import safe
from crm.exports.models import ExportFormat

MOST_ROWS = 1_048_575  # of a sheet, beside its headings
_WIDTH = 18
_DAY, _MOMENT, _MONEY = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "#,##0.00"


class Writer(Protocol):
    def __enter__(self) -> "Writer": ...
    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None: ...
    def write(self, rows: Iterable[Sequence[Any]]) -> None: ...


def writer_of(format_: str, path: Path, headings: Sequence[str]) -> Writer:
    """A writer for the file at `path`, which is complete once its block was left without an error."""
    return XlsxWriter(path, headings) if format_ == ExportFormat.XLSX else CsvWriter(path, headings)


class CsvWriter:
    """UTF-8 with its mark, semicolons, decimal commas, days as dd/mm/yyyy."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._path, self._headings = path, headings

    def __enter__(self) -> "CsvWriter":
        self._file = self._path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._csv.writerow([safe(heading) for heading in self._headings])
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._file.close()

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        self._csv.writerows([[csv_cell(value) for value in row] for row in rows])


def csv_cell(value: Any) -> str:
    """A value as text, the Brazilian way in every language: it is read by a spreadsheet set to Brazil."""
    if isinstance(value, str):
        return safe(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value)


class XlsxWriter:
    """A workbook; what does not fit on a sheet goes on on the next one."""

    def __init__(self, path: Path, headings: Sequence[str]) -> None:
        self._path, self._headings = path, headings
        self._book = Workbook(write_only=True)

    def __enter__(self) -> "XlsxWriter":
        self._turn()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None = None, trace: TracebackType | None = None
    ) -> None:
        if kind is None:
            self._book.save(self._path)
        else:
            for sheet in self._book.worksheets:  # each keeps a file in the folder for such, which goes with it
                sheet.close()

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            if self._n == MOST_ROWS:
                self._turn()
            self._sheet.append([self._cell(value) for value in row])
            self._n += 1

    def _turn(self) -> None:
        self._sheet, self._n = self._book.create_sheet(), 0
        self._sheet.freeze_panes = "A2"
        for n in range(len(self._headings)):
            self._sheet.column_dimensions[_letters(n)].width = _WIDTH
        self._sheet.append([self._heading(text) for text in self._headings])

    def _heading(self, text: str) -> Any:
        cell = WriteOnlyCell(self._sheet, safe(text))
        cell.font = Font(bold=True)
        return cell

    def _cell(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._formatted(timezone.localtime(value).replace(tzinfo=None), _MOMENT)
        if isinstance(value, date):
            return self._formatted(value, _DAY)
        if isinstance(value, Decimal):
            return self._formatted(value, _MONEY)
        return safe(value) if isinstance(value, str) else value

    def _formatted(self, value: Any, number_format: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value)
        cell.number_format = number_format
        return cell


def _letters(n: int) -> str:
    """0 → A, 26 → AA."""
    before, letter = divmod(n, 26)
    return (_letters(before - 1) if before else "") + chr(65 + letter)
