"""Which line of a file holds the headings, and what each column is."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.text import clean_line
from leads.imports.fields import FIELDS, MESSAGE, likeness, words_of
from leads.imports.reading import Rows, Table
from leads.imports.workbook import Cell

HEADING_WITHIN = 20  # lines: a title and a logo may stand above the headings
_HEADING_MOST = 200  # characters: looking for addresses in longer texts takes time by their square
SAMPLE_ROWS = 5
_AT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Head:
    """How a file begins: the line of its headings (0: it has none), them, and the first rows below."""

    def __init__(self, table: Table) -> None:
        first = list(islice(table.rows(), HEADING_WITHIN + 200))
        self.line = heading_line(first)
        below = [row for row in first[self.line :] if any(text_of(cell) for cell in row)]
        headings = first[self.line - 1] if self.line else []
        width = max([len(headings), *(len(row) for row in below)], default=0)
        if not below:
            raise Invalid(_("There are no rows below the headings of this file."), code="empty_file")
        named = [*headings, *[""] * (width - len(headings))]
        self.columns = [clean_line(text_of(cell), limit=80) for cell in named]
        self.sample = [[clean_line(text_of(cell), limit=60) for cell in row] for row in below[:SAMPLE_ROWS]]

    @property
    def mapping(self) -> dict[str, str]:
        return mapping_guess(self.columns, self.sample)


def text_of(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def heading_line(rows: Sequence[Sequence[Cell]]) -> int:
    """The line in which most cells are words we know; else the first with text; 0 if that holds values already."""
    scores = [0 if _is_client(row) else sum(1 for cell in row if _is_known(cell)) for row in rows[:HEADING_WITHIN]]
    if scores and max(scores) > 0:
        return scores.index(max(scores)) + 1
    for number, row in enumerate(rows[:HEADING_WITHIN], start=1):
        texts = [text_of(cell) for cell in row if text_of(cell)]
        if texts:
            return 0 if any(_is_value(text) for text in texts) else number
    return 0


def _is_client(row: Sequence[Cell]) -> bool:
    """Words we know stand in rows too, such as "crédito imobiliário"; a phone or an address stands in no heading."""
    texts = [text_of(cell)[:_HEADING_MOST] for cell in row]
    return any(looks.fullmatch(text) for text in texts for looks in (_looks_phone, _looks_email))


def _is_known(cell: Cell) -> bool:
    text = text_of(cell)
    if _is_value(text):
        return False
    words = words_of(text)
    return any(likeness(field, words) for field in FIELDS.values())


def _is_value(text: str) -> bool:
    """A phone, an amount, an address, a long text: no heading."""
    return len(text) > _HEADING_MOST or sum(sign.isdigit() for sign in text) > 3 or bool(_AT.search(text))


def mapping_guess(columns: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, str]:
    """Column number as text → field. Each field goes to the column most like it, and by its values where no heading
    says so."""
    likes = sorted(
        (
            (-likeness(field, words_of(heading)), number, name)
            for number, heading in enumerate(columns)
            for name, field in FIELDS.items()
            if likeness(field, words_of(heading))
        ),
    )
    guess: dict[str, str] = {}
    for _score, number, name in likes:
        if str(number) not in guess and name not in guess.values():
            guess[str(number)] = name
    for name, looks in (("email", _looks_email), ("phone", _looks_phone)):
        if name not in guess.values():
            found = (n for n in range(len(columns)) if str(n) not in guess and _mostly(sample, n, looks))
            if (number := next(found, None)) is not None:
                guess[str(number)] = name
    return guess


def _mostly(sample: Sequence[Sequence[str]], number: int, looks: re.Pattern[str]) -> bool:
    texts = [row[number] for row in sample if number < len(row) and row[number]]
    return bool(texts) and sum(1 for text in texts if looks.fullmatch(text)) * 2 > len(texts)


_looks_email = _AT
_looks_phone = re.compile(r"\+?[\d\s().-]{10,20}")


def mapping_clean(raw: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """What a person chose. Raises Invalid without a phone, and for two columns that are the same field; several may
    go into the note."""
    chosen: dict[str, str] = {}
    for number in range(len(columns)):
        name = raw.get(str(number), "")
        if not name:
            continue
        if name not in FIELDS:
            raise Invalid(_("There is no such field."), code="unknown_field")
        if name != MESSAGE and name in chosen.values():
            text = _("Two columns are “%(field)s”. Choose one of them.")
            raise Invalid(text % {"field": FIELDS[name].label}, code="field_twice")
        chosen[str(number)] = name
    if "phone" not in chosen.values():
        raise Invalid(_("Say which column holds the phone: it tells who is known already."), code="phone_required")
    return chosen


def data_rows(rows: Rows, heading: int) -> "Rows":
    """Rows below the headings that hold anything, each with its line number in front."""
    for line, row in enumerate(rows, start=1):
        if line > heading and any(text_of(cell) for cell in row):
            yield [line, *row]
