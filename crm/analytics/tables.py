"""A block's figures as a table: the same cells for the page and for a spreadsheet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.analytics import words
from crm.core.cells import safe

Cell = Any  # str, int, float, Decimal, or None where there is nothing to say


@dataclass(frozen=True)
class Kind:
    """How a value is written on the page and in a file, and what the column's name says beside in a file."""

    shown: Callable[[Any], str]
    filed: Callable[[Any], str]
    unit: str = ""


def _comma(value: Any, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")


TEXT = Kind(str, lambda value: str(safe(str(value))))
COUNT = Kind(words.count, str)
PERCENT = Kind(words.percent, lambda value: _comma(float(value) * 100, 1) + "%")
MONEY = Kind(words.money, lambda value: _comma(Decimal(value) / 100, 2), "R$")
DOLLARS = Kind(words.dollars, lambda value: _comma(value, 4), "US$")
DURATION = Kind(words.duration, lambda value: _comma(value / 60, 1), "min")


@dataclass(frozen=True)
class Column:
    label: Any
    kind: Kind = COUNT

    @property
    def is_text(self) -> bool:
        return self.kind is TEXT

    @property
    def heading(self) -> str:
        """As a file names it."""
        return f"{self.label} ({self.kind.unit})" if self.kind.unit else str(self.label)


@dataclass(frozen=True)
class Table:
    """`rows` have a cell for each column; the first one names the row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def shown(self) -> list[list[tuple[Column, str]]]:
        """Each row's cells as the page writes them, each with its column."""
        return [
            [
                (column, words.NOTHING if value is None else column.kind.shown(value))
                for column, value in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        ]

    def filed(self) -> Iterable[list[str]]:
        """Names of columns, then rows, as a Brazilian spreadsheet reads them."""
        yield [str(safe(column.heading)) for column in self.columns]
        for row in self.rows:
            yield [
                "" if value is None else column.kind.filed(value)
                for column, value in zip(self.columns, row, strict=True)
            ]
