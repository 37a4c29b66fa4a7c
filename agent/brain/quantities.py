"""Numbers as they were written: a quantity with its unit, digits in Brazilian style, ranges."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from agent.brain.number_words import TERM_UNITS

Kind = Literal["money", "bare", "term", "percent"]
_RANGE_WORDS = {"a", "ate", "ou", "-", "~", "/", "e"}


@dataclass(frozen=True)
class Quantity:
    """`value` in reais, months or percent; `low` is the lower end where the client gave a range."""

    kind: Kind
    value: Decimal
    start: int
    end: int
    scale: Decimal = Decimal(1)
    wordy: bool = False
    currency: bool = False
    low: Decimal | None = None
    unit: str = ""

    @property
    def cents(self) -> int:
        return int((self.value * 100).to_integral_value())


def parse_digits(word: str) -> Decimal | None:
    """ "300.000", "1.234,56", "1,8", "2.5", "300,000" as Brazilians write them."""
    word = word.replace(" ", "")
    if len(word) > 18:
        return None
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+", word):
        if re.fullmatch(r"[1-9]\d{0,2},000", word):
            return Decimal(word.replace(",", ""))
        return Decimal(word.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+\.\d\d", word):  # "50.000.00"
        return Decimal(word.replace(".", "")) / 100
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", word):
        return Decimal(word.replace(",", ""))
    if re.fullmatch(r"\d+\.\d{1,2}|\d+\.\d{4,}", word):
        return Decimal(word)
    return None


def join_ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """ "entre 40 e 60 mil", "5 a 8 anos", "40-60 mil": one quantity, the lower end carried."""
    joined: list[Quantity] = []
    for quantity in found:
        if joined and (pair := _range(joined[-1], quantity, text)):
            joined[-1] = pair
        else:
            joined.append(quantity)
    return joined


def _range(a: Quantity, b: Quantity, text: str) -> Quantity | None:
    link = text[a.end : b.start].strip()
    if link not in _RANGE_WORDS or b.kind == "percent" or a.low is not None:
        return None
    if link == "e" and not re.search(r"\bentre(?: o?s|uns|umas)? *$", text[: a.start]):
        return None
    low = a.value
    if a.kind == "bare" and a.scale == 1:
        low *= b.scale if b.kind != "term" else TERM_UNITS.get(b.unit, 1)
    elif a.kind != b.kind:
        return None
    if link == "/" or low > b.value:
        return None
    return replace(b, start=a.start, low=low, currency=a.currency or b.currency)
