"""Asking the tables of figures: rows as dictionaries, and which leads count."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.analytics.period import Period
from crm.analytics.shapes import NOBODY, NONE, Filters
from leads.models import Product, Source

# Leads that came in the period.
CAME = "f.created_at >= %(begins)s AND f.created_at < %(ends)s"


def ask(query: str, period: Period, filters: Filters, **more: Any) -> list[dict[str, Any]]:
    params = {
        "begins": period.begins, "ends": period.ends, "first": period.first, "last": period.last,
        "source": filters.source, "product": _value(filters.product), "uf": _value(filters.uf),
        "consultant": filters.consultant_id, **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"{_READING}; {query}", params)
        while cursor.nextset():
            pass
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# For this statement alone, in the same round trip: compiling it takes longer than running it, and sorts fit in memory.
_READING = "SET LOCAL jit = off; SET LOCAL work_mem = '32MB'"


def chosen(filters: Filters) -> str:
    """The condition on a fact `f` that its lead is among those asked for."""
    parts = ["TRUE"]
    parts += [f"f.{name} = %({name})s" for name in ("source", "product", "uf") if getattr(filters, name)]
    if filters.consultant_id == NOBODY:
        parts.append("f.consultant_id IS NULL")
    elif filters.consultant_id is not None:
        parts.append("f.consultant_id = %(consultant)s")
    return " AND ".join(parts)


def of_chosen(filters: Filters, column: str = "lead_id") -> str:
    """The same condition on a row that tells of a lead."""
    if not filters.any:
        return "TRUE"
    return f"{column} IN (SELECT f.lead_id FROM analytics_leadfact f WHERE {chosen(filters)})"  # noqa: S608


def _value(filtered: str) -> str:
    return "" if filtered == NONE else filtered


def names_of(consultant_ids: set[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=consultant_ids).only("name", "email")}


def label_of(dimension: str, key: str, names: dict[int, str]) -> str:
    """What a source, product, state or consultant is called; the key where nobody knows it any more."""
    if not key:
        return {"product": _("No product"), "uf": _("Unknown state"), "consultant": _("Nobody")}.get(dimension, "–")
    if dimension == "consultant":
        return names.get(int(key), f"#{key}")
    words: Any = {"source": Source, "product": Product}.get(dimension)
    return str(dict(words.choices).get(key, key)) if words else key


def rounded(value: Any) -> int | None:
    """Of what PostgreSQL computes between two values."""
    return None if value is None else round(value)
