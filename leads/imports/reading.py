"""A file as rows of cells: text with whatever encoding and separator, or a workbook.

A row is what a spreadsheet would number, blank ones too, so that "line 17" is line 17 there.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from leads.imports.workbook import Cell, is_workbook, sheet_rows, sheets_of

Rows = Iterator[list[Cell]]
COLUMNS_MOST = 300
CELL_MOST = 32_767  # what a spreadsheet holds
_SEPARATORS = (";", ",", "\t", "|")
_LOOK = 60  # lines by which separators are judged
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEALED = "EncryptedPackage".encode("utf-16-le")  # what a password makes of a workbook
_BEGINNINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Table:
    """What a file was read as. `rows` begins anew with each call."""

    rows: Callable[[], Rows]
    encoding: str = ""
    separator: str = ""
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def table_of(data: bytes, *, sheet: str = "") -> Table:
    """Raises Invalid, in plain words, for what is no table."""
    if not data.strip(b"\0 \r\n\t"):
        raise Invalid(_("This file is empty."), code="empty_file")
    if data.startswith(b"PK"):
        return _workbook(data, sheet)
    if data.startswith(_OLD_WORKBOOK) and _SEALED in data:
        text = _("This workbook is protected by a password. Save it without one and try again.")
        raise Invalid(text, code="protected")
    if data.startswith(_OLD_WORKBOOK):
        raise Invalid(_("This is an old .xls workbook. Save it as .xlsx or as CSV and try again."), code="old_workbook")
    return _text_table(data)


def _workbook(data: bytes, sheet: str) -> Table:
    if not is_workbook(data):
        text = _("This workbook cannot be read here. Save it as .xlsx or as CSV and try again.")
        raise Invalid(text, code="wrong_type")
    sheets = sheets_of(data)
    chosen = sheet if sheet in sheets else sheets[0]
    return Table(lambda: _narrow(sheet_rows(data, chosen)), sheets=tuple(sheets), sheet=chosen)


def _narrow(rows: Rows) -> Rows:
    """Without empty cells at the end. Raises Invalid for more columns than anybody can map."""
    for row in rows:
        while row and row[-1] in ("", None):
            row.pop()
        if len(row) > COLUMNS_MOST:
            text = _("This file has more than %(n)s columns. Remove those that are not needed.")
            raise Invalid(text % {"n": COLUMNS_MOST}, code="too_many_columns")
        yield [cell if not isinstance(cell, str) else cell[:CELL_MOST] for cell in row]


def _text_table(data: bytes) -> Table:
    text, encoding = decoded(data)
    first, _newline, rest = text.partition("\n")
    said = re.fullmatch(r"\ufeff?sep=(.)\r?", first)  # Excel's own note
    separator = said[1] if said else separator_of(text)
    body = "\n" + rest if said else text  # the note is line 1
    if not _reads_well(body, separator):
        return Table(lambda: _narrow(_unquoted(body, separator)), encoding=encoding, separator=separator)
    return Table(lambda: _narrow(_quoted(body, separator)), encoding=encoding, separator=separator)


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was in. Raises Invalid for what is no text."""
    name = next((name for mark, name in _BEGINNINGS if data.startswith(mark)), "") or _without_mark(data)
    text = data.decode(name, errors="replace")
    if name == "utf-8" and not _is_utf8(text):
        name = "cp1252"  # what Excel in Brazil writes; the few bytes it does not know are Latin-1's
        text = "".join(_latin(part) for part in re.split(rb"([\x81\x8d\x8f\x90\x9d])", data))
    if text.count("\0") > len(text) // 1000:
        raise Invalid(_("This file is not a table. Choose a CSV or an .xlsx file."), code="wrong_type")
    text = text.replace("\0", "").removeprefix("\ufeff")
    return text, name.removesuffix("-sig")


def _latin(part: bytes) -> str:
    return part.decode("cp1252", errors="ignore") or part.decode("latin-1")


def _without_mark(data: bytes) -> str:
    """UTF-16 shows itself by its zeros: every other byte of Latin letters."""
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 5 and odd > even * 3:
        return "utf-16-le"
    if even > len(head) // 5 and even > odd * 3:
        return "utf-16-be"
    return "utf-8"


def _is_utf8(text: str) -> bool:
    """A cut character here and there does not make it another encoding."""
    broken = text.count("\ufffd")
    return not broken or broken * 11 < len(text) - len(text.encode("ascii", "ignore"))


def separator_of(text: str) -> str:
    """The separator by which most lines fall into the same number of cells, more than one; a comma if none does."""
    head = "\n".join(text[:200_000].splitlines()[:_LOOK])
    return max(_SEPARATORS, key=lambda separator: (_evenness(head, separator), separator == ","))


def _evenness(head: str, separator: str) -> int:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if row]
    except csv.Error:
        widths = [line.count(separator) + 1 for line in head.splitlines() if line]
    wide = [width for width in widths if width > 1]
    return max((wide.count(width) * min(width, 4) for width in set(wide)), default=0)


def _reads_well(text: str, separator: str) -> bool:
    """Whether quotes are quotes: a stray one would swallow what follows it."""
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(cell.count("\n") > 50 for cell in row):
                return False
    except csv.Error:
        return False
    return True


def _quoted(text: str, separator: str) -> Rows:
    yield from (list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _unquoted(text: str, separator: str) -> Rows:
    for line in text.splitlines():
        yield [cell.strip().strip('"') for cell in line.split(separator)]
