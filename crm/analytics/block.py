"""A block of the page: what it is called, how it is counted, its charts and its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.analytics.charts import Bars, Heat, Pillars, Whole
from crm.analytics.tables import Column, Kind, Table

BEFORE = _("before")  # the mark of the period one compares with


@dataclass(frozen=True)
class Block:
    """`facts` are names and values in words; `empty` is said instead of charts and table where nothing is counted."""

    code: str
    title: Any
    how: Any
    table: Table
    charts: tuple[Bars | Pillars | Whole | Heat, ...] = ()
    facts: tuple[tuple[Any, str], ...] = ()
    notes: tuple[Any, ...] = ()
    empty: Any = ""
    empty_link: tuple[str, Any] | None = None  # address and name of what may help
    is_empty: bool = False
    is_wide: bool = False


def compared(
    columns: Iterable[Column], rows: Iterable[tuple[Any, ...]], *, name: Any, kind: Kind, before: dict[str, Any] | None
) -> Table:
    """A table of rows that begin with their key, which is not shown. Where one compares, a last column called `name`
    says what stood there before; a key that was not there before has none."""
    columns, rows = tuple(columns), list(rows)
    if before is None:
        return Table(columns, tuple(row[1:] for row in rows))
    return Table((*columns, Column(name, kind)), tuple((*row[1:], before.get(row[0])) for row in rows))
