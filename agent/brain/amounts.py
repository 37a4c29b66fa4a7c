"""The cents behind an amount: the thousands clients leave out, and numbers that are no amounts at all."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from agent.brain import cues
from agent.brain.number_words import SLANG
from agent.brain.quantities import Quantity

MAX_CENTS = 10**13
_ASSETS = frozenset({"property_value", "vehicle_value"})
_BIG = _ASSETS | {"credit_amount", "down_payment"}
_UPPER = frozenset({"credit_amount", "max_installment", "down_payment"})  # of a range the upper end, else the lower
_SMALL_LOANS = frozenset({"personal_loan", "payroll_loan"})
_OWNER_OF_YEAR = re.compile(
    rf"\b(?:{cues.VEHICLE}|{cues.PROPERTY}|ano|modelo)(?: (?!(?:vale|por|de|fipe|custa|e)\b)[a-z0-9]+){{0,3}}[\x1f ]* $"
)


def cents_of(text: str, amount: Quantity, slot: str, known: Mapping[str, Any]) -> int | None:
    """None if the number can be no amount for that slot."""
    value = amount.low if amount.low is not None and slot not in _UPPER else amount.value
    if amount.scale == 1:
        factor = _factor(text, amount, value, slot, known)
        if factor is None:
            return None
        value *= factor
    if slot in _ASSETS and value < 1000:
        return None
    cents = int((value * 100).to_integral_value())
    return cents if 0 < cents <= MAX_CENTS else None


def _factor(text: str, amount: Quantity, value: Decimal, slot: str, known: Mapping[str, Any]) -> int | None:
    if amount.currency and value < 5 and slot in _BIG:
        return None
    if amount.currency:
        slang = text[amount.start : amount.end].split()[-1] in SLANG
        if slang and slot in _ASSETS and value < 1000:
            return 1000
        short = value < 100 and (slot in _BIG - {"down_payment"} or (slot == "monthly_income" and slang))
        return 1000 if short else 1  # "50 conto"
    if value < 1000 and not cues.AFTER_SHORT.match(text[amount.end :]):
        return None
    if slot in _ASSETS and _written_as_year(text, amount):
        return None
    return _left_out(value, slot, known)


def _left_out(value: Decimal, slot: str, known: Mapping[str, Any]) -> int | None:
    """The thousands a client leaves out: "preciso de 350" for a house of 900 mil, "ganho 8"."""
    if slot == "property_value" and value < 10_000:
        return _for_a_house(value)
    if slot in _BIG:
        small_loan = slot == "credit_amount" and known.get("product") in _SMALL_LOANS
        if value >= 1000 or (small_loan and value >= 100):
            return 1
        return 1000 if value >= (2 if small_loan else 10) else None
    if slot == "monthly_income":
        if value < 1:
            return None
        return 1000 if value < 100 else 1
    return 1 if value >= 50 else None


def _for_a_house(value: Decimal) -> int | None:
    """ "vale 1,2" is in millions; "350" and "1.200" are in thousands."""
    if value < 10:
        return 1_000_000 if value >= 1 and value != int(value) else None
    return 1000


def is_no_amount(text: str, amount: Quantity) -> bool:
    """The year or the model number of a car: "gol 2015", "fusca 78", "biz 125"."""
    before = text[: amount.start]
    if amount.kind == "bare" and amount.scale == 1 and amount.value < 1000 and cues.MODEL_BEFORE.search(before):
        return True
    return _written_as_year(text, amount) and bool(_OWNER_OF_YEAR.search(before))


def _written_as_year(text: str, amount: Quantity) -> bool:
    digits = text[amount.start : amount.end]
    return len(digits) == 4 and digits.isdigit() and 1980 <= amount.value <= 2035
