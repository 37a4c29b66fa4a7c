"""The grammar itself: tokens of one masked text to quantities."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from agent.brain.number_words import (
    HALVES,
    HUNDREDS,
    MONEY_WORDS,
    SCALES,
    SMALL,
    TENS,
    TERM_UNITS,
)

Kind = Literal["money", "bare", "term", "percent"]
_TOKEN = re.compile(r"r\$|(?!rs)[a-z]{1,2}\d{1,3}s?(?![\w.,])|\d+(?:[.,]\d+)*|[a-z]+|%|\S", re.ASCII)
_MILLION = Decimal(1_000_000)
_RANGE_WORDS = {"a", "ate", "ou", "-", "/", "e"}


class Token(NamedTuple):
    text: str
    start: int
    end: int


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


class Reader:
    """Reads one masked, normalised text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]

    def word(self, i: int) -> str:
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        i = 0
        while i < len(self.tokens):
            taken = self._quantity(i)
            if taken is None:
                i += 1
                continue
            quantity, i = taken
            found.append(quantity)
        return found

    def _quantity(self, i: int) -> tuple[Quantity, int] | None:
        currency = self.word(i) in {"r$", "rs"}
        begin = i + currency
        number = self._number(begin)
        if number is None:
            return None
        value, scale, wordy, j = number
        made = Quantity(
            "bare",
            value,
            self.tokens[i].start,
            self.tokens[j - 1].end,
            scale,
            wordy,
            currency,
        )
        return self._with_unit(made, j)

    def _with_unit(self, made: Quantity, j: int) -> tuple[Quantity, int]:
        if self.word(j) == "%" or (self.word(j) == "por" and self.word(j + 1) == "cento"):
            j += 1 if self.word(j) == "%" else 2
            return replace(made, kind="percent", end=self.tokens[j - 1].end), j
        if self.word(j) in TERM_UNITS and not made.currency and made.scale == 1:
            return self._term(made, j)
        if self.word(j) in MONEY_WORDS:
            made, j = replace(made, currency=True, end=self.tokens[j].end), j + 1
            made, j = self._with_cents(made, j)
        kind: Kind = "money" if made.currency or made.scale > 1 else "bare"
        return replace(made, kind=kind), j

    def _with_cents(self, made: Quantity, j: int) -> tuple[Quantity, int]:
        if self.word(j) == "e" and (more := self._number(j + 1)) and self.word(more[3]).startswith("centavo"):
            end = self.tokens[more[3]].end
            return replace(made, value=made.value + more[0] / 100, end=end), more[3] + 1
        return made, j

    def _term(self, made: Quantity, j: int) -> tuple[Quantity, int]:
        unit = self.word(j)
        months = made.value * TERM_UNITS[unit]
        j += 1
        if TERM_UNITS[unit] == 12:
            if self.word(j) == "e" and self.word(j + 1) in HALVES:
                months, j = months + 6, j + 2
            elif self.word(j) == "e" and (more := self._simple(j + 1)) and TERM_UNITS.get(self.word(more[2])) == 1:
                months, j = months + more[0], more[2] + 1
        return replace(made, kind="term", value=months, end=self.tokens[j - 1].end, unit=unit), j

    def _number(self, i: int) -> tuple[Decimal, Decimal, bool, int] | None:
        """Value, largest scale, whether in words, next index."""
        head = self._half(i) or self._scaled(i)
        if head is None:
            return None
        value, scale, wordy, j = head
        if scale == 1 and (short := self._thousands_left_out(value, j)):
            return short[0], Decimal(1000), wordy, short[1]
        last = scale
        while last > 1 and (more := self._tail(j, last)):
            value, last, j = value + more[0], more[1], more[2]
        return value, scale, wordy, j

    def _thousands_left_out(self, value: Decimal, j: int) -> tuple[Decimal, int] | None:
        """ "dois e quinhentos" is 2,500."""
        if value >= 100 or value != int(value) or self.word(j) != "e":
            return None
        more = self._simple(j + 1)
        if (
            more is None
            or not 100 <= more[0] < 1000
            or more[0] % 50
            or self.word(more[2]) in {"%", *SCALES, *TERM_UNITS}
        ):
            return None
        return value * 1000 + more[0], more[2]

    def _half(self, i: int) -> tuple[Decimal, Decimal, bool, int] | None:
        """ "meio milhão", "meia" alone is nothing."""
        if self.word(i) in HALVES and self.word(i + 1) in SCALES:
            scale = SCALES[self.word(i + 1)]
            return scale / 2, scale, True, i + 2
        return None

    def _scaled(self, i: int) -> tuple[Decimal, Decimal, bool, int] | None:
        if self.word(i) == "mil" and self.word(i - 1) != "de":
            return Decimal(1000), Decimal(1000), True, i + 1
        simple = self._simple(i)
        if simple is None:
            return None
        value, wordy, j = simple
        half = self.word(j) == "e" and self.word(j + 1) in HALVES and self.word(j + 2) not in TERM_UNITS
        if half:
            value, j = value + Decimal("0.5"), j + 2
        scale = self._scale(j)
        if scale is None:
            return value, Decimal(1), wordy, j
        return value * scale, scale, wordy, j + 1

    def _scale(self, j: int) -> Decimal | None:
        scale = SCALES.get(self.word(j))
        if scale is not None and self.word(j) == "m" and self.word(j + 1) in {"2", "."}:
            return None
        return scale

    def _tail(self, j: int, scale: Decimal) -> tuple[Decimal, Decimal, int] | None:
        """What follows a scaled number and belongs to it: "e meio", "e duzentos mil", "e 300"."""
        linked = self.word(j) == "e"
        k = j + linked
        if linked and self.word(k) in HALVES and self.word(k + 1) not in TERM_UNITS:
            return scale / 2, Decimal(1), k + 1
        more = self._scaled(k)
        if more is None or not more[0] or more[1] >= scale or self.word(more[3]) in {"%", *TERM_UNITS}:
            return None
        value, inner, wordy, after = more
        if inner == 1 and scale == _MILLION and value >= 10:
            value, inner = value * 1000, Decimal(1000)
        if value >= scale or value != int(value) or not self._may_follow(k, linked, wordy, inner):
            return None
        if self.word(after) in {"de", "a", "ate"} and inner == 1 and not wordy:
            return None
        return value, inner, after

    def _may_follow(self, k: int, linked: bool, wordy: bool, inner: Decimal) -> bool:
        return linked or (wordy and self.word(k) not in {"um", "uma"}) or inner > 1 or len(self.word(k)) == 3

    def _simple(self, i: int) -> tuple[Decimal, bool, int] | None:
        """Digits, or words below one thousand."""
        word = self.word(i)
        if word[:1].isdigit():
            value = parse_digits(word)
            return None if value is None else (value, False, i + 1)
        return self._words(i)

    def _words(self, i: int) -> tuple[Decimal, bool, int] | None:
        total, j = 0, i
        for group in (HUNDREDS, TENS, SMALL):
            k = j + 1 if total and self.word(j) == "e" else j
            value = group.get(self.word(k))
            if value is None or (total % 100 and value > 9) or (total % 10):
                continue
            total, j = total + value, k + 1
        if not total or (j == i + 1 and self.word(i) in {"um", "uma"} and not self._counts(j)):
            return None
        return Decimal(total), True, j

    def _counts(self, j: int) -> bool:
        """True if "um" before token j is a number and not the article."""
        word = self.word(j)
        return (
            word in SCALES
            or word in {"%", "ano", "real"}
            or (word, self.word(j + 1)) in {("por", "cento"), ("e", "meio")}
        )


def parse_digits(word: str) -> Decimal | None:
    """ "300.000", "1.234,56", "1,8", "2.5", "300,000" as Brazilians write them."""
    if len(word) > 18:
        return None
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+", word):
        if re.fullmatch(r"[1-9]\d{0,2},000", word):
            return Decimal(word.replace(",", ""))
        return Decimal(word.replace(".", "").replace(",", "."))
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
