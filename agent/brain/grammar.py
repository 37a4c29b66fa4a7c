"""The grammar itself: tokens of one masked text to quantities."""

import re
from dataclasses import replace
from decimal import Decimal

from agent.brain.number_words import (
    HALVES,
    HUNDREDS,
    MONEY_WORDS,
    SCALES,
    SLANG,
    SMALL,
    TENS,
    TERM_UNITS,
    VAGUE,
)
from agent.brain.quantities import Kind, Quantity, parse_digits
from agent.brain.spelling import Token, respelled

_SPACED = r"(?<![\d.,])\d{1,3}(?: \d{3})* 000\b(?! ?(?:mil|k)\b)|(?<![\d.,])[1-9] [1-9]00\b(?! ?(?:mil|k)\b)"
_TOKEN = re.compile(
    rf"r\$|(?!rs)[a-z]{{1,2}}\d{{1,3}}s?(?![\w.,])|{_SPACED}|\d+(?:[.,]\d+)*|mil(?=reais|contos?|pilas?)|[a-z]+|%|"
    rf"\n|\S",
    re.ASCII,
)
_MILLION = Decimal(1_000_000)
_MOST_UNITS = 600  # of months, instalments or years; "renda de 22000 parcela de 500" is no term
_TAIL_STARTS_ANEW = re.compile(r"^ (?:a|ate|de (?:parcela|prestac|entrada|aluguel|condominio|taxa|juros))")


class Reader:
    """Reads one masked, normalised text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = respelled([Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)])

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
            return self._year_and_a_half(i)
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

    def _year_and_a_half(self, i: int) -> tuple[Quantity, int] | None:
        if (self.word(i), self.word(i + 1), self.word(i + 2)) != ("ano", "e", "meio"):
            return None
        made = Quantity("term", Decimal(18), self.tokens[i].start, self.tokens[i + 2].end, wordy=True, unit="ano")
        return made, i + 3

    def _with_unit(self, made: Quantity, j: int) -> tuple[Quantity, int]:
        if self.word(j) == "%" or (self.word(j) == "por" and self.word(j + 1) == "cento"):
            j += 1 if self.word(j) == "%" else 2
            return replace(made, kind="percent", end=self.tokens[j - 1].end), j
        if self.word(j) in TERM_UNITS and not made.currency and made.scale == 1 and made.value <= _MOST_UNITS:
            return self._term(made, j)
        j += made.scale > 1 and self.word(j) == "de" and self.word(j + 1) in MONEY_WORDS  # "um milhão de reais"
        if self.word(j) in MONEY_WORDS:
            slang = self.word(j) in SLANG
            made, j = replace(made, currency=True, end=self.tokens[j].end), j + 1
            if slang and (short := self._thousands_left_out(made.value, j)):
                made, j = replace(made, value=short[0], end=self.tokens[short[1] - 1].end), short[1]
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
        head = self._half(i) or self._dozens(i) or self._scaled(i)
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

    def _dozens(self, i: int) -> tuple[Decimal, Decimal, bool, int] | None:
        """ "meia dúzia de vezes", "duas dúzias de parcelas"."""
        count = {"meia": Decimal("0.5"), "uma": Decimal(1)}.get(self.word(i))
        j = i + 1
        if count is None and (more := self._simple(i)):
            count, j = more[0], more[2]
        if count is None or self.word(j) not in {"duzia", "duzias"}:
            return None
        j += 1 + (self.word(j + 1) == "de" and self.word(j + 2) in TERM_UNITS)
        return count * 12, Decimal(1), True, j

    def _scaled(self, i: int) -> tuple[Decimal, Decimal, bool, int] | None:
        if self.word(i) in {"mil", "milhao"}:
            alone = SCALES[self.word(i)]
            return alone, alone, True, i + 1
        simple = self._simple(i)
        if simple is None:
            return None
        value, wordy, j = simple
        linked = self.word(j) == "e"
        if linked and self.word(j + 1) in HALVES and self.word(j + 2) not in TERM_UNITS:
            value, j = value + Decimal("0.5"), j + 2
        elif linked and self.word(j + 1) in VAGUE and self.word(j + 2) in SCALES:
            j += 2
        scale = self._scale(j, value)
        if scale is None:
            return value, Decimal(1), wordy, j
        after = j + 2 if self.word(j + 1) == "mil" == self.word(j) else j + 1
        said_twice = scale == 1000 and value >= 10_000  # "15.000 mil"
        return value if said_twice else value * scale, scale, wordy, after

    def _scale(self, j: int, value: Decimal) -> Decimal | None:
        """Nobody asks for hundreds of millions: "300 mi" and "150m" are thousands cut short."""
        word = self.word(j)
        if word == "m" and (self.word(j + 1) == "2" or (self.word(j + 1) == "." and value >= 10)):
            return None
        cut_short = (word in {"m", "mi"} and value >= 100) or (word == "mio" and value >= 10)
        return Decimal(1000) if cut_short else SCALES.get(word)

    def _tail(self, j: int, scale: Decimal) -> tuple[Decimal, Decimal, int] | None:
        """What follows a scaled number and belongs to it: "e meio", "e duzentos mil", "e 300"."""
        linked = self.word(j) == "e"
        k = j + (linked or self._pause(j))
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
        if inner == 1 and not wordy and _TAIL_STARTS_ANEW.match(self.text[self.tokens[after - 1].end :]):
            return None
        return value, inner, after

    def _pause(self, j: int) -> bool:
        """ "setenta mil, seiscentos e cinquenta": one number, read out."""
        if self.word(j) != "," or self.word(j + 1) not in HUNDREDS or not self._words(j - 2):
            return False
        more = self._words(j + 1)
        return more is not None and self.word(more[2]) in {"", ".", ",", ";", "\n", "reais"}

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
            if total and value == 1 and self._begins_a_phrase(k):
                break
            total, j = total + value, k + 1
        if not total or (j == i + 1 and self.word(i) in {"um", "uma"} and not self._counts(j)):
            return None
        return Decimal(total), True, j

    def _begins_a_phrase(self, k: int) -> bool:
        """ "dois mil e oitocentos e um gol 2014": the article, not the number."""
        after = self.word(k + 1)
        return after.isalpha() and after not in {*SCALES, *TERM_UNITS, *MONEY_WORDS, "por", "e", "ou", "a", "ate"}

    def _counts(self, j: int) -> bool:
        """True if "um" before token j is a number and not the article."""
        word = self.word(j)
        return (
            word in SCALES
            or word in {"%", "ano", "decada", *MONEY_WORDS}
            or (word, self.word(j + 1)) in {("por", "cento"), ("e", "meio")}
        )
