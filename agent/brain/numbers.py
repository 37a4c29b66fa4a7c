"""The one number grammar of Brazilian Portuguese, for reading clients and for guarding replies.

Quantities are amounts ("1,8 milhão", "quatro mil e trezentos", "55k"), terms ("72x", "3 anos e meio") and
percents. Money is integer cents, terms integer months, percents a Decimal (1.19 means 1.19 %).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.brain.grammar import Reader
from agent.brain.masks import mask
from agent.brain.quantities import Quantity, join_ranges
from agent.brain.text import normalise

FigureKind = Literal["money", "percent", "term"]


@dataclass(frozen=True)
class Figure:
    """A figure found in a text: money in cents, term in months, percent as written."""

    kind: FigureKind
    value: Decimal
    start: int
    end: int
    text: str


def read_quantities(masked: str) -> list[Quantity]:
    """Every quantity in a normalised text whose look-alikes were masked."""
    return join_ranges(Reader(masked).read(), masked)


def figures_in(text: str) -> list[Figure]:
    """Money, percents and terms anywhere in `text`, in digits or in words; a range counts as two."""
    norm = normalise(text)
    figures = []
    for q in read_quantities(mask(norm.text)):
        if q.kind == "bare" and (q.value < 100 or _is_year(q, norm.text)):
            continue
        kind: FigureKind = q.kind if q.kind == "percent" or q.kind == "term" else "money"
        shown = norm.origin(q.start, q.end)
        for value in (q.low, q.value):
            if value is not None:
                figures.append(
                    Figure(
                        kind,
                        value * 100 if kind == "money" else value,
                        q.start,
                        q.end,
                        shown,
                    )
                )
    return figures


def _is_year(q: Quantity, text: str) -> bool:
    digits = text[q.start : q.end]
    return len(digits) == 4 and digits.isdigit() and 1950 <= q.value <= 2050 and not text[q.end :].startswith(" por ")
