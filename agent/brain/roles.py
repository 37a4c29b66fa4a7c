"""Which slot each amount and term of a message belongs to: the nearest cue decides, else the slot just asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agent.brain import cues
from agent.brain.grammar import Quantity
from agent.brain.masks import mask
from agent.brain.numbers import read_quantities
from agent.brain.terms import read_term

MONEY_SLOTS = (
    "credit_amount",
    "property_value",
    "vehicle_value",
    "monthly_income",
    "down_payment",
    "max_installment",
)
_SLOT = {
    "income": "monthly_income",
    "credit": "credit_amount",
    "down": "down_payment",
    "installment": "max_installment",
}
_BIG = {"credit_amount", "property_value", "vehicle_value", "down_payment"}
_UPPER = {
    "credit_amount",
    "max_installment",
    "down_payment",
}  # of a range the upper end, otherwise the lower
_SENTENCE = re.compile(r"[!?;\n]|\.(?!\d)")
LAST_FILLED = "last_filled"  # key of `known`: the money slot the client filled last
MAX_CENTS = 10**13
MAX_FIGURES = 60  # of one message; nobody means more


@dataclass(frozen=True)
class Reading:
    """What the figures of one message mean."""

    slots: Mapping[str, int]
    corrected: frozenset[str]


def read_figures(text: str, asked: str | None, known: Mapping[str, Any]) -> Reading:
    """`text` normalised. Money in cents, terms in months."""
    masked = mask(text)
    quantities = read_quantities(masked)[:MAX_FIGURES]
    slots: dict[str, int] = {}
    corrected: set[str] = set()
    _read_amounts(
        masked,
        [q for q in quantities if q.kind in {"money", "bare"} and not _looks_like_year(text, q)],
        quantities,
        asked,
        known,
        slots,
        corrected,
    )
    term, fixed = read_term(masked, quantities, asked, known)
    if term is not None:
        slots["term_months"] = term
        corrected |= {"term_months"} if fixed else set()
    return Reading(slots, frozenset(corrected))


def _read_amounts(
    text: str,
    amounts: list[Quantity],
    quantities: list[Quantity],
    asked: str | None,
    known: Mapping[str, Any],
    slots: dict[str, int],
    corrected: set[str],
) -> None:
    previous: str | None = None
    for index, amount in enumerate(amounts):
        begin = amounts[index - 1].end if index else 0
        slot = _slot_of(text, amount, begin, quantities, asked, known, previous)
        previous = slot
        if slot is None or slot == "other":
            continue
        cents = _cents(text, amount, slot, asked, known)
        if cents is None or (slot in slots and _denied(text, amount)):
            continue
        if slot in slots or cues.CORRECTION.search(text[: amount.start]):
            corrected.add(slot)
        slots[slot] = cents


def _slot_of(
    text: str,
    amount: Quantity,
    begin: int,
    quantities: list[Quantity],
    asked: str | None,
    known: Mapping[str, Any],
    previous: str | None,
) -> str | None:
    role = _role(text, amount, begin, quantities)
    if role == "collateral":
        return _collateral_slot(text, amount, asked, known)
    if role is not None:
        return _SLOT.get(role, role)
    corrects = cues.CORRECTION.search(text[begin : amount.start])
    if previous is not None and corrects:
        return previous
    if previous is None and (earlier := _retaken(amount, asked, bool(corrects), known)):
        return earlier
    if asked in MONEY_SLOTS:
        return asked
    first = asked is None and previous is None
    return "credit_amount" if first and (_alone(text, amount) or _over_term(text, amount, quantities)) else None


def _retaken(amount: Quantity, asked: str | None, corrects: bool, known: Mapping[str, Any]) -> str | None:
    """The slot given before that an amount without a cue takes up again."""
    if asked is not None and not corrects:
        return None
    last = [known[LAST_FILLED]] if LAST_FILLED in known else []
    order = [*last, "credit_amount"] if corrects else ["credit_amount"]
    return next((slot for slot in order if _near(amount, known.get(slot))), None)


def _near(amount: Quantity, cents: Any) -> bool:
    """True if the amount can be another take on a value given before."""
    if not isinstance(cents, int) or cents <= 0:
        return False
    value = amount.cents * (1000 if amount.kind == "bare" and amount.value < 1000 else 1)
    return cents <= value * 10 and value <= cents * 10


def _role(text: str, amount: Quantity, begin: int, quantities: list[Quantity]) -> str | None:
    after = text[amount.end : amount.end + 60]
    right = next((role for role, pattern in cues.RIGHT if pattern.match(after)), None)
    segment = _segment(text, begin, amount.start)
    left = _left(text, segment, amount, quantities)
    if right == "installment" and re.search(r"\bpag(?:o|amos|ava)\b", segment):
        return "other"
    if right == "monthly":
        return left if left in {"installment", "other", "income", "down"} else _monthly(segment)
    if right == "income_word":
        return "other" if re.search(rf"\b{cues.RELATIVE}\b", segment) else "income"
    if right is not None:
        return right
    if left == "income" and re.search(rf"\b{cues.RELATIVE}\b", segment):
        return "other"
    if left is None and cues.RIGHT_NOUN.match(after):
        return "collateral"
    return left


def _monthly(segment: str) -> str:
    return "installment" if re.search(r"\b(?:pag|cab|maximo|parcel|prestac)", segment) else "income"


def _segment(text: str, begin: int, end: int) -> str:
    """The words before an amount, back to the last amount or the sentence's start. A line that begins with the
    amount leans on the line before."""
    part = text[begin:end]
    stops = [m.end() for m in _SENTENCE.finditer(part)]
    while stops and part[stops[-1] - 1] == "\n" and len(part[stops[-1] :].split()) <= 1 and not _closed(part, stops):
        stops.pop()
    return part[stops[-1] :] if stops else part


def _closed(part: str, stops: list[int]) -> bool:
    line = part[: stops[-1] - 1]
    return line.rstrip()[-1:] in {".", "!", "?", ";", ""}


def _left(text: str, segment: str, amount: Quantity, quantities: list[Quantity]) -> str | None:
    term_before = [q for q in quantities if q.kind == "term" and q.end <= amount.start]
    if term_before and re.fullmatch(
        r" (?:de|a|por)(?: uns| ate| no maximo)? ?",
        text[term_before[-1].end : amount.start],
    ):
        return "installment"
    best: tuple[int, str] | None = None
    for role, pattern in cues.LEFT:
        if role == "noun":
            position = _noun(segment, pattern)
        else:
            position = max((m.end() for m in pattern.finditer(segment)), default=-1)
        if position >= 0 and (best is None or position > best[0]):
            best = (position, role)
    if best is None:
        return None
    if best[1] == "noun":
        return "credit" if cues.PLAN.search(segment) else "collateral"
    return best[1]


def _noun(segment: str, pattern: re.Pattern[str]) -> int:
    trimmed = segment.rstrip() + " " if segment.endswith(" ") else segment
    hidden = cues.GUARANTEE_NOUN.sub(lambda m: "#" * len(m.group()), trimmed)
    return max((m.end() for m in pattern.finditer(hidden)), default=-1)


def _collateral_slot(text: str, amount: Quantity, asked: str | None, known: Mapping[str, Any]) -> str:
    for part in (text[: amount.start], text[amount.end :]):
        places = [(m.start(), "property_value") for m in re.finditer(rf"\b{cues.PROPERTY}\b", part)]
        places += [(m.start(), "vehicle_value") for m in re.finditer(rf"\b{cues.VEHICLE}\b|\bfipe\b", part)]
        if places:
            return (max if part == text[: amount.start] else min)(places)[1]
    if asked in {"property_value", "vehicle_value"}:
        return asked
    return "vehicle_value" if known.get("product") == "auto_equity" else "property_value"


def _over_term(text: str, amount: Quantity, quantities: list[Quantity]) -> bool:
    """ "60 mil em 60x": what is paid back over a term is a credit."""
    after = next((q for q in quantities if q.start >= amount.end), None)
    return (
        amount.kind == "money"
        and after is not None
        and after.kind == "term"
        and (text[amount.end : after.start].strip() in {"em", "por", "em ate"})
    )


def _alone(text: str, amount: Quantity) -> bool:
    if amount.kind != "money":
        return False
    rest = text[: amount.start] + " " + text[amount.end :]
    filler = re.sub(
        rf"\b(?:{cues.APPROX}|oi|ola|boa|bom|dia|tarde|noite|beleza|seria|acho que|tudo bem)\b",
        " ",
        rest,
    )
    return not re.search(r"[a-z0-9]", filler)


def _cents(text: str, amount: Quantity, slot: str, asked: str | None, known: Mapping[str, Any]) -> int | None:
    value = amount.low if amount.low is not None and slot not in _UPPER else amount.value
    if amount.scale == 1 and not amount.currency:
        if value < 1000 and not cues.AFTER_SHORT.match(text[amount.end :]):
            return None
        factor = _left_out(value, slot, known)
        if factor is None:
            return None
        value *= factor
    if slot in {"property_value", "vehicle_value", "credit_amount"} and amount.currency and value < 100:
        value *= 1000  # "50 conto"
    if slot in {"property_value", "vehicle_value"} and value < 1000:
        return None
    cents = int((value * 100).to_integral_value())
    return cents if 0 < cents <= MAX_CENTS else None


def _left_out(value: Decimal, slot: str, known: Mapping[str, Any]) -> int | None:
    """The thousands a client leaves out: "preciso de 350" for a house of 900 mil, "ganho 8"."""
    if slot in _BIG:
        small_loan = slot == "credit_amount" and known.get("product") in {
            "personal_loan",
            "payroll_loan",
        }
        if value >= 1000 or (small_loan and value >= 100):
            return 1
        return 1000 if value >= (2 if small_loan else 10) else None
    if slot == "monthly_income":
        return 1000 if 1 <= value < 100 else 1
    return 1 if value >= 50 else None


def _looks_like_year(text: str, amount: Quantity) -> bool:
    digits = text[amount.start : amount.end]
    if not (len(digits) == 4 and digits.isdigit() and 1980 <= amount.value <= 2035):
        return False
    return bool(
        re.search(
            rf"\b(?:{cues.VEHICLE}|{cues.PROPERTY}|ano|modelo)(?: [a-z]+)? $",
            text[: amount.start],
        )
    )


def _denied(text: str, amount: Quantity) -> bool:
    return bool(cues.DENIED.search(text[: amount.start]))
