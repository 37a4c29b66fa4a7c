"""Sums of days over all leads, for whoever filters nothing."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from crm.analytics.models import Talk, Turns


def days_of(lead_ids: Collection[int]) -> set[date]:
    """The days on which anything was written with these leads, as the figures know it."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [list(lead_ids), list(lead_ids)])
        return {day for (day,) in cursor.fetchall()}


def totals_write(days: Collection[date] | None = None) -> None:
    """Sum these days anew; without any named, all."""
    with connection.cursor() as cursor:
        for query in _QUERIES:
            cursor.execute(query, {"days": None if days is None else list(days)})


_DAYS = """
SELECT day FROM analytics_talkhour WHERE lead_id = ANY(%s)
UNION SELECT day FROM analytics_turnday WHERE lead_id = ANY(%s)
"""
_TALK = [field.name for field in Talk._meta.fields]
_TURNS = [field.name for field in Turns._meta.fields if field.name != "model"]
_WANTED = "(%(days)s::date[] IS NULL OR day = ANY(%(days)s::date[]))"


def _queries(total: str, each: str, keys: str, sums: list[str]) -> tuple[str, str]:
    summed = ", ".join(f"sum({name})" for name in sums)
    return (
        f"DELETE FROM {total} WHERE {_WANTED}",  # noqa: S608 - no value from outside
        f"INSERT INTO {total} ({keys}, {', '.join(sums)}) SELECT {keys}, {summed} FROM {each} WHERE {_WANTED} "  # noqa: S608
        f"GROUP BY {keys}",
    )


_QUERIES = (
    *_queries("analytics_talktotal", "analytics_talkhour", "day, hour", _TALK),
    *_queries("analytics_turntotal", "analytics_turnday", "day, model", _TURNS),
)
