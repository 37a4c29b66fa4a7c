"""Pages of a list by cursor: no count, no offset, and what is added meanwhile moves nothing.

A cursor is the place of a row: the value it is ordered by, and its key. The next page is what lies beyond both, which
PostgreSQL finds in an index of the two, however many rows share the value.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from crm.core.errors import Invalid
from crm.core.text import clean_text

PARAMETERS = ("limit", "cursor", "ordering")
_MOST_DIGITS = 9


@dataclass(frozen=True)
class Place:
    """Of a row in an ordering; `back` asks for what lies before it."""

    ordering: str
    value: Any
    pk: int
    back: bool = False

    def encode(self) -> str:
        told = [self.ordering, self.value, self.pk, int(self.back)]
        return urlsafe_b64encode(json.dumps(told, default=str).encode()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the addresses of the pages beside it."""

    rows: list[Any]
    next: str | None
    previous: str | None


def page_of(queryset: QuerySet[Any], request: Request, view: Any) -> Page:
    """`?limit=` rows (API_PAGE_SIZE, at most API_PAGE_MOST), `?ordering=` one of the view's `orderings` (columns of the
    model), the first of which counts without a wish. Rows without a value come last, either way; a view that
    lists none of them names the column in `filled`, and its index is used.

    Rows may be objects or dictionaries (`values()`, with "id").
    """
    limit, ordering = _limit(request), _ordering(request, view)
    place = _place(request, queryset, ordering)
    back = place is not None and place.back
    empties = _may_be_empty(queryset, ordering, view)
    if place is not None:
        queryset = queryset.filter(_beyond(queryset, place, empties=empties))
    rows = list(queryset.order_by(*_order(queryset, ordering, back=back, empties=empties))[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit][::-1] if back else rows[:limit]
    after = _link(request, ordering, rows[-1:], back=False) if more or back else None
    before = _link(request, ordering, rows[:1], back=True) if place is not None and (more or not back) else None
    return Page(rows, after, before)


def _link(request: Request, ordering: str, rows: list[Any], *, back: bool) -> str | None:
    """The address of what lies beyond this row, if there is one."""
    name = ordering.removeprefix("-")
    for row in rows:
        value, pk = (row[name], row["id"]) if isinstance(row, dict) else (getattr(row, name, row.pk), row.pk)
        cursor = Place(ordering, value, pk, back).encode()
        return replace_query_param(request.build_absolute_uri(), "cursor", cursor)
    return None


def _limit(request: Request) -> int:
    text = request.query_params.get("limit")
    if text is None:
        return settings.API_PAGE_SIZE
    limit = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
    if not 1 <= limit <= settings.API_PAGE_MOST:
        message = _("Ask for 1 to %(most)d rows.") % {"most": settings.API_PAGE_MOST}
        raise Invalid(message, fields={"limit": message})
    return limit


def _ordering(request: Request, view: Any) -> str:
    wish = request.query_params.get("ordering", view.orderings[0])
    if wish not in view.orderings:
        message = _("Order by one of: %(names)s.") % {"names": ", ".join(view.orderings)}
        raise Invalid(message, fields={"ordering": message})
    return str(wish)


def _place(request: Request, queryset: QuerySet[Any], ordering: str) -> Place | None:
    text = request.query_params.get("cursor")
    if text is None:
        return None
    try:
        told, value, pk, back = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=="))
        if told != ordering or type(pk) is not int or abs(pk) >= 2**63 or not _storable(value):
            raise ValueError
        return Place(ordering, _value(_field(queryset, ordering).to_python(value)), pk, bool(back))
    except (ValueError, TypeError, RecursionError, OverflowError, ValidationError) as error:
        message = _("This cursor is not valid.")
        raise Invalid(message, code="invalid_cursor", fields={"cursor": message}) from error


def _value(value: Any) -> Any:
    """Moments in UTC: PostgreSQL takes no offset of 16 hours or more. Raises ValueError, OverflowError."""
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError
    return value.astimezone(UTC)


def _storable(value: Any) -> bool:
    """Whether a column may hold it."""
    if isinstance(value, str):
        return value == clean_text(value, limit=len(value))  # no NUL, no half of a character
    return value is None or isinstance(value, int)


def _field(queryset: QuerySet[Any], ordering: str) -> Any:
    """`id` is the key, whatever the model calls it."""
    name, options = ordering.removeprefix("-"), queryset.model._meta
    return options.pk if name == "id" else options.get_field(name)


def _may_be_empty(queryset: QuerySet[Any], ordering: str, view: Any) -> bool:
    return _field(queryset, ordering).null and ordering.removeprefix("-") not in getattr(view, "filled", ())


def _order(queryset: QuerySet[Any], ordering: str, *, back: bool, empties: bool) -> list[Any]:
    """In the words of the index, where the column always has a value."""
    field = _field(queryset, ordering)
    down = ordering.startswith("-") != back
    names = [field.name] if field.primary_key else [field.name, "pk"]
    if not empties:
        return [f"-{name}" if down else name for name in names]
    empty_last = {"nulls_first" if back else "nulls_last": True}
    first = F(field.name).desc(**empty_last) if down else F(field.name).asc(**empty_last)
    return [first, "-pk" if down else "pk"]


def _beyond(queryset: QuerySet[Any], place: Place, *, empties: bool) -> Any:
    """The condition for what lies beyond a place. Empty values lie beyond all others."""
    field = _field(queryset, place.ordering)
    name, down = field.name, place.ordering.startswith("-") != place.back
    key = Q(pk__lt=place.pk) if down else Q(pk__gt=place.pk)
    if field.primary_key:
        return key
    if place.value is None:
        empty = Q(**{f"{name}__isnull": True}) & key
        return empty | Q(**{f"{name}__isnull": False}) if place.back else empty
    here = Func(F(name), F("pk"), function="ROW")
    there = Func(Value(place.value, output_field=field), Value(place.pk), function="ROW")
    beyond = Func(here, there, template="(%(expressions)s)", arg_joiner=" < " if down else " > ",
                  output_field=BooleanField())  # fmt: skip
    return Q(beyond) | Q(**{f"{name}__isnull": True}) if empties and not place.back else Q(beyond)
