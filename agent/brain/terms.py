"""The wished term of a message: months, never an age, a tenure or instalments still owed elsewhere."""

from collections.abc import Mapping
from typing import Any

from agent.brain import cues
from agent.brain.grammar import Quantity

MAX_MONTHS = 600
_LONG = frozenset({"home_equity", "real_estate_financing", "consorcio"})


def read_term(
    text: str, quantities: list[Quantity], asked: str | None, known: Mapping[str, Any]
) -> tuple[int | None, bool]:
    found: list[int] = []
    for quantity in quantities:
        if (
            quantity.kind == "term"
            and not _trapped(text, quantity)
            and not (found and cues.DENIED.search(text[: quantity.start]))
        ):
            months = int(quantity.value)
            if 2 <= months <= MAX_MONTHS and quantity.value == months:
                found.append(months)
    if not found and asked == "term_months":
        found = _bare_term(text, quantities, known)
    if not found:
        return None, False
    return found[-1], len(found) > 1 or bool(cues.CORRECTION.search(text))


def _trapped(text: str, quantity: Quantity) -> bool:
    before, after = text[: quantity.start], text[quantity.end :]
    if cues.TERM_TRAP_AFTER.match(after):
        return True
    if cues.TERM_TRAP_BEFORE.search(before):
        return True
    return bool(cues.TERM_TRAP_TENURE.search(before))


def _bare_term(text: str, quantities: list[Quantity], known: Mapping[str, Any]) -> list[int]:
    """A number without its unit in answer to the term: months, or years where months make no sense."""
    bare = [q for q in quantities if q.kind == "bare" and q.value == int(q.value) and 2 <= q.value <= MAX_MONTHS]
    if not bare or not cues.AFTER_SHORT.match(text[bare[-1].end :]):
        return []
    months = int(bare[-1].value)
    long = known.get("product") in _LONG
    if long and months <= 35:
        return [months * 12]
    return [months] if months >= 6 else []
