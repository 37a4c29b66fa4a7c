"""Phones as lists hold them. Stricter than a form, where a person sees what was understood."""

import re

from crm.core.errors import Invalid
from crm.core.phones import phone_normalise
from leads.imports.workbook import Cell


class Unreadable(ValueError):
    """A cell that cannot be read; the text is the code of the sentence that says why."""


_SCIENTIFIC = re.compile(r"[-+]?\d(?:[.,]\d+)?e[+]?\d{1,3}", re.IGNORECASE)
_NUMBER = re.compile(r"\+?(?:[\s().\-–/]*\d){8,16}")
_BRAZILIAN = re.compile(r"[1-9][1-9](?:9\d{8}|[2-9]\d{7})")
_TRUNK = re.compile(r"0(?:\d\d)?(?=[1-9][1-9](?:9\d{8}|[2-9]\d{7})$)")  # 0 11 …, and 0 15 11 … with a carrier
_SEVERAL = re.compile(r"[;,|\n]|\s/\s|\s(?:e|ou|or|and)\s|(?<=\d{8})/(?=[\d(+])")


def phone_of(cell: Cell) -> str:
    """E.164 of a cell; of several phones the first. Raises Unreadable."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell if cell is not None else "")
    text = text.strip()
    if not re.search(r"\d", text):
        raise Unreadable("phone_invalid" if re.search(r"[^\W_]{3,}", text) else "phone_missing")
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("phone_scientific")
    problem = ""
    for part in _SEVERAL.split(text):
        try:
            return _one(part.strip())
        except Unreadable as error:
            problem = problem or str(error)
    raise Unreadable(problem)


def _one(text: str) -> str:
    text = re.sub(r"[.,]0$", "", text)  # a number that went through a float
    runs = _NUMBER.findall(text)
    if len(runs) != 1 or re.search(r"\d[^\W\d_]|[^\W\d_]\d", text):  # none, two in one, or letters among the digits
        raise Unreadable("phone_invalid")
    return _e164(runs[0].strip())


def _e164(run: str) -> str:
    digits = re.sub(r"\D", "", run)
    if run.startswith("+") or digits.startswith("00"):
        return _abroad("+" + digits.removeprefix("00"))
    if digits.startswith("55") and len(digits) in (12, 13):
        return _brazilian(digits[2:])
    national = _TRUNK.sub("", digits, count=1)
    if len(national) in (8, 9):
        raise Unreadable("phone_no_area")
    return _brazilian(national)


def _abroad(number: str) -> str:
    if number.startswith("+55"):
        return _brazilian(number[3:].removeprefix("0"))
    try:
        return phone_normalise(number)
    except Invalid as error:
        raise Unreadable("phone_invalid") from error


def _brazilian(national: str) -> str:
    if len(national) in (8, 9):
        raise Unreadable("phone_no_area")
    if not _BRAZILIAN.fullmatch(national):
        raise Unreadable("phone_invalid")
    if len(set(national[3:])) == 1:  # (11) 99999-9999
        raise Unreadable("phone_placeholder")
    return f"+55{national}"
