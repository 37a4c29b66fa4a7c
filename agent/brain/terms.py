"""The wished term of a message: months, never an age, a tenure or instalments still owed elsewhere."""

import re
from collections.abc import Mapping
from typing import Any

from agent.brain import cues, term_cues
from agent.brain.contrast import is_taken_back
from agent.brain.number_words import TERM_UNITS
from agent.brain.quantities import Quantity

MAX_MONTHS = 600
_MONTHS_CUT_SHORT = re.compile(r"(\d{1,3}) ?m")
_LONGEST = 420  # months anybody lends for; more years than that are somebody's age
_MOST_PARCELS = 120  # more would be the price of one
_LONG = frozenset({"home_equity", "real_estate_financing", "consorcio"})


def read_term(
    text: str, quantities: list[Quantity], asked: str | None, known: Mapping[str, Any]
) -> tuple[int | None, bool]:
    found: list[int] = []
    for quantity in quantities:
        if quantity.kind != "term" or _trapped(text, quantity, asked) or _an_age(text, quantity, quantities, asked):
            continue
        months = int(quantity.value)
        denied = found and (cues.DENIED.search(text[: quantity.start]) or is_taken_back(text, quantity))
        if 2 <= months <= MAX_MONTHS and quantity.value == months and not denied:
            found.append(months)
    if asked == "term_months":
        found += _carried_years(text, quantities) or ([] if found else _bare_term(text, quantities, known))
    elif not found:
        found = _labelled(text, quantities)
    if not found:
        return None, False
    return found[-1], len(found) > 1 or bool(cues.CORRECTION.search(text))


def _trapped(text: str, quantity: Quantity, asked: str | None) -> bool:
    before, after = text[: quantity.start], text[quantity.end :]
    if term_cues.TERM_TRAP_AFTER.match(after):
        return True
    if asked == "term_months" and term_cues.TERM_STATED.search(before):
        return False
    if term_cues.TERM_TRAP_BEFORE.search(before) or term_cues.TERM_TRAP_TENURE.search(before):
        return True
    return asked != "term_months" and quantity.unit != "x" and not term_cues.TERM_OPEN.search(_bare_of(before))


def _bare_of(before: str) -> str:
    """`before` without the "uns", "no máximo" … right before the term."""
    return term_cues.APPROX_AT_END.sub("", before)


def _an_age(text: str, quantity: Quantity, quantities: list[Quantity], asked: str | None) -> bool:
    """ "Maria, 38 anos, quero 50 mil": years of a grown person, told before any amount and without a cue."""
    if asked == "term_months" or TERM_UNITS.get(quantity.unit) != 12:
        return False
    before, after = text[: quantity.start], text[quantity.end :]
    return quantity.value > _LONGEST or (
        quantity.low is None
        and quantity.value >= 18 * 12
        and bool(term_cues.AGE_BEFORE.search(before) or (not before.strip() and term_cues.AGE_AFTER.match(after)))
        and not any(q.kind == "money" and q.end <= quantity.start for q in quantities)
    )


def _carried_years(text: str, quantities: list[Quantity]) -> list[int]:
    """ "30 anos é muito, faz em 20": years again."""
    for earlier, later in zip(quantities, quantities[1:], strict=False):
        if (
            TERM_UNITS.get(earlier.unit) == 12
            and later.kind == "bare"
            and later.value == int(later.value)
            and 2 <= later.value <= MAX_MONTHS // 12
            and term_cues.TERM_GIVEN.search(text[: later.start])
            and cues.AFTER_SHORT.match(text[later.end :])
        ):
            return [int(later.value) * 12]
    return []


def _bare_term(text: str, quantities: list[Quantity], known: Mapping[str, Any]) -> list[int]:
    """A number without its unit in answer to the term: months, or years where months make no sense."""
    numbers = [
        (months, is_taken_back(text, quantity))
        for quantity in quantities
        if (months := _plain_number(text, quantity))
        and cues.AFTER_SHORT.match(text[quantity.end :])
        and not term_cues.TERM_TRAP_AFTER.match(text[quantity.end :])
    ]
    bare = [months for months, back in numbers if not back] or [months for months, _ in numbers]
    if not bare:
        return []
    if known.get("product") in _LONG and bare[-1] <= 35:
        return [bare[-1] * 12]
    return bare[-1:] if bare[-1] >= 6 else []


def _labelled(text: str, quantities: list[Quantity]) -> list[int]:
    """ "prazo 60", "parcelas: 24"."""
    labelled = (
        q
        for q in quantities
        if term_cues.TERM_LABEL.search(text[: q.start])
        or (q.value <= _MOST_PARCELS and term_cues.PARCELS_LABEL.search(text[: q.start]))
    )
    return [months for q in labelled if (months := _plain_number(text, q)) >= 6][:1]


def _plain_number(text: str, quantity: Quantity) -> int:
    """0 if it is none; "180m" are months here."""
    months = _MONTHS_CUT_SHORT.fullmatch(text[quantity.start : quantity.end])
    if months:
        return int(months[1])
    plain = quantity.kind == "bare" and quantity.value == int(quantity.value) and 2 <= quantity.value <= MAX_MONTHS
    return int(quantity.value) if plain else 0
