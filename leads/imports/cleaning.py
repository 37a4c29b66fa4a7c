"""Cells become values of a lead, or say in a code why they cannot. Nothing here raises, whatever a cell holds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.phones import phone_identity
from crm.core.text import clean_line, clean_text
from leads.forms import cents_from_text
from leads.imports.fields import AMOUNTS, FIELDS, MESSAGE, TRACKED, folded, words_of
from leads.imports.phones import Unreadable, phone_of
from leads.imports.words import NO, NOTHING, PRODUCTS, STATES, YES
from leads.imports.workbook import Cell
from leads.models import MAX_CENTS

SENTENCES = {
    "phone_missing": _("There is no phone in this row."),
    "phone_invalid": _("This is not a valid phone number."),
    "phone_no_area": _("The area code is missing."),
    "phone_scientific": _("The spreadsheet has shortened this number. Format the column as text and export it again."),
    "phone_placeholder": _("This number looks made up."),
    "formula": _("This is a formula without its result. Copy the column and paste it as values."),
    "email": _("This is not an e-mail address."),
    "uf": _("This is not a Brazilian state."),
    "product": _("There is no product with this name."),
    "amount": _("This is not an amount such as 150.000,00."),
    "term": _("This is not a number of months from 1 to 480."),
    "date": _("This is not a date such as 20/11/2026, or it is in the future."),
    "yes_no": _("Write yes or no."),
    "ragged": _("This row has more cells than the headings: perhaps there is a separator inside a text."),
    "repeated": _("The same phone appears further up in the file."),
}
WHOLE_ROW = "row"


@dataclass
class Cleaned:
    """`values` are those of a lead, with `phone_key`; `raw` what the file says, by field; `errors` field → code."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    consent: bool | None = None
    consented_on: datetime | None = None
    raw: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.values.get("phone_key", ""))


def row_clean(row: Sequence[Any], mapping: Mapping[str, str], columns: Sequence[str]) -> Cleaned:
    """A row with its line number in front."""
    cleaned, cells = Cleaned(line=row[0]), row[1:]
    notes: list[str] = []
    for number, name in mapping.items():
        cell = cells[int(number)] if int(number) < len(cells) else None
        cell = _unwrapped(cell)
        text = _text(cell)
        if name == MESSAGE:
            notes += [text if text == "" else _noted(columns[int(number)], text)] if text else []
            continue
        cleaned.raw[name] = text[:300]
        _take(cleaned, name, cell)
    if notes:
        message = notes[0].partition(": ")[2] if len(notes) == 1 else "\n".join(notes)
        cleaned.values[MESSAGE] = cleaned.raw[MESSAGE] = clean_text(message, limit=4000)
    if any(_text(cell) for cell in cells[len(columns) :]):
        cleaned.errors[WHOLE_ROW] = "ragged"
    _state_from_city(cleaned.values)
    return cleaned


def _noted(heading: str, text: str) -> str:
    return f"{heading or '–'}: {text}"


def _take(cleaned: Cleaned, name: str, cell: Cell) -> None:
    text = _text(cell)
    if name != "phone" and folded(text) in NOTHING:
        return
    if text.startswith("="):
        cleaned.errors[name] = "formula"
        return
    try:
        _READ[name](cleaned, name, cell)
    except Unreadable as error:
        cleaned.errors[name] = str(error)


def _unwrapped(cell: Cell) -> Cell:
    """`="11998123340"` is how CSV keeps Excel from counting; `'=…` how a text is kept from being a formula."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if match := re.fullmatch(r'="([^"]*)"', text):
        return match[1]
    return text[1:] if re.match(r"'[=+\-@\t\r]", text) else text


def _text(cell: Cell) -> str:
    return "" if cell is None else clean_text(str(cell), limit=8000).strip()


def _phone(cleaned: Cleaned, name: str, cell: Cell) -> None:
    cleaned.values["phone"] = phone_of(cell)
    cleaned.values["phone_key"] = phone_identity(cleaned.values["phone"])


def _line(limit: int) -> "Reader":
    def read(cleaned: Cleaned, name: str, cell: Cell) -> None:
        cleaned.values[name] = clean_line(_text(cell), limit=limit)

    return read


def _email(cleaned: Cleaned, name: str, cell: Cell) -> None:
    text = re.split(r"[;,/\s]+", _text(cell))[0].lower()  # of several the first
    try:
        validate_email(text)
    except ValidationError as error:
        raise Unreadable("email") from error
    if len(text) > 254:
        raise Unreadable("email")
    cleaned.values["email"] = text


def _uf(cleaned: Cleaned, name: str, cell: Cell) -> None:
    code = STATES.get(words_of(_text(cell)))
    if code is None:
        raise Unreadable("uf")
    cleaned.values["uf"] = code


def _state_from_city(values: dict[str, Any]) -> None:
    """`"Campinas - SP"` says both."""
    match = re.fullmatch(r"(.+?)\s*[-/,(]\s*([A-Za-z]{2})\)?", values.get("city", ""))
    if match and (code := STATES.get(match[2].lower())):
        values["city"] = match[1].strip()
        values.setdefault("uf", code)


def _product(cleaned: Cleaned, name: str, cell: Cell) -> None:
    product = PRODUCTS.get(words_of(_text(cell)))
    if product is None:
        raise Unreadable("product")
    cleaned.values["product"] = product


def _amount(cleaned: Cleaned, name: str, cell: Cell) -> None:
    cents = amount_of(cell)
    if not 0 <= cents <= MAX_CENTS:
        raise Unreadable("amount")
    cleaned.values[name] = cents


def amount_of(cell: Cell) -> int:
    """Cents of a number cell, or of `"R$ 1.234,56"`, `"1,234.56"`, `"150 mil"`. Raises Unreadable."""
    if isinstance(cell, bool):
        raise Unreadable("amount")
    if isinstance(cell, int | float):
        return round(cell * 100) if abs(cell) < MAX_CENTS else MAX_CENTS + 1
    text = re.sub(
        r"(?<=[\d.,])[\s\u00a0\u202f]+(?=\d)", "", folded(_text(cell)).replace("reais", "").replace("brl", "")
    )
    if re.fullmatch(r"(r\$)?\s*\d{1,3}(,\d{3})+", text):  # money has two decimals or none
        text = text.replace(",", "")
    try:
        return cents_from_text(text)
    except (ValueError, ArithmeticError) as error:
        raise Unreadable("amount") from error


def _term(cleaned: Cleaned, name: str, cell: Cell) -> None:
    match = re.fullmatch(
        r"(\d{1,3})(?:[.,]0+)?\s*(x|m|mes|meses|months?|vezes|parcelas|a|anos?|years?)?", folded(_text(cell))
    )
    months = int(match[1]) * (12 if (match[2] or "")[:1] in ("a", "y") else 1) if match else 0
    if not 1 <= months <= 480:
        raise Unreadable("term")
    cleaned.values["term_months"] = months


def _consent(cleaned: Cleaned, name: str, cell: Cell) -> None:
    words = words_of(_text(cell))
    if words not in YES and words not in NO:
        raise Unreadable("yes_no")
    cleaned.consent = words in YES


_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")


def _consented_on(cleaned: Cleaned, name: str, cell: Cell) -> None:
    cleaned.consented_on = date_of(_text(cell))


def date_of(text: str) -> datetime:
    """Noon, UTC, of a day not in the future: the same date everywhere in Brazil. Raises Unreadable."""
    head = re.split(r"[T\s]", text.strip())[0]
    for form in _DATES:
        try:
            day = datetime.strptime(head, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if date(1970, 1, 1) <= day <= now().date():
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            return min(noon, now())
    raise Unreadable("date")


def _tracked(cleaned: Cleaned, name: str, cell: Cell) -> None:
    cleaned.tracking[name] = clean_line(_text(cell), limit=300)


Reader = Callable[[Cleaned, str, Cell], None]
_READ: dict[str, Reader] = {
    "phone": _phone, "name": _line(200), "email": _email, "city": _line(80), "uf": _uf, "product": _product,
    "term_months": _term, "purpose": _line(80), "consent": _consent, "consented_on": _consented_on,
    **dict.fromkeys(AMOUNTS, _amount), **dict.fromkeys(TRACKED, _tracked),
}  # fmt: skip
assert set(_READ) | {MESSAGE} == set(FIELDS)
