"""The order of the list of leads: by one of its columns, either way, and the newest first where that leaves a tie."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.core.folding import Fold
from leads.models import Lead
from leads.pipeline import Status

_PIPELINE = Case(
    *(When(status=status, then=Value(place)) for place, status in enumerate(Status)), output_field=IntegerField()
)
_COLUMNS: dict[str, tuple[Any, Any]] = {
    "name": (_("Lead"), Fold("name")),
    "status": (_("Status"), _PIPELINE),
    "amount": (_("Amount"), Coalesce("won_amount", "credit_amount")),
    "temperature": (_("Temperature"), F("ai_score")),
    "consultant": (_("Consultant"), Fold("consultant__user__name")),
    "last": (_("Last message"), F("last_message_at")),
    "created": (_("Created"), F("created_at")),
}
_DOWN_FIRST = frozenset({"amount", "temperature", "last", "created"})
_DEFAULT = "-created"


@dataclass(frozen=True)
class Head:
    """A column's head: its name, how it is sorted (aria-sort, or "") and the query string of the next click."""

    name: str
    label: str | Promise
    sorted: str
    query: str


@dataclass(frozen=True)
class Sort:
    column: str
    down: bool

    @classmethod
    def read(cls, text: str) -> "Sort":
        """`-created`; what is unknown is the default, the newest first."""
        name = text.removeprefix("-")
        return cls(name, text.startswith("-")) if name in _COLUMNS else cls("created", True)

    def __str__(self) -> str:
        return f"-{self.column}" if self.down else self.column

    @property
    def is_default(self) -> bool:
        return str(self) == _DEFAULT

    def apply(self, rows: QuerySet[Lead]) -> QuerySet[Lead]:
        """Those without a value come last either way."""
        _label, value = _COLUMNS[self.column]
        if self.column == "created":  # the index's own order
            return rows.order_by("-created_at", "-pk") if self.down else rows.order_by("created_at", "pk")
        return rows.order_by(value.desc(nulls_last=True) if self.down else value.asc(nulls_last=True), "-pk")

    def columns(self, filter_query: str) -> list[Head]:
        return [self._head(name, filter_query) for name in _COLUMNS]

    def _head(self, name: str, filter_query: str) -> Head:
        here = name == self.column
        following = Sort(name, not self.down if here else name in _DOWN_FIRST)
        query = "&".join(part for part in (filter_query, urlencode({"sort": str(following)})) if part)
        return Head(name, _COLUMNS[name][0], ("descending" if self.down else "ascending") if here else "", query)
