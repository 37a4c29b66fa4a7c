"""From leads and all that belongs to them to rows of figures. Writing the same leads again gives the same rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from crm.analytics import gathering_leads, gathering_talk, gathering_turns
from crm.analytics.gathering_totals import days_of

# A lead's own row comes last: it reads the stays.
_STATEMENTS = (
    *gathering_leads.STAYS,
    *gathering_talk.TALK,
    *gathering_turns.TURNS,
    *gathering_leads.FACTS,
)
_PARTS = ("stay", "talkhour", "turnday", "refusalday")
_TABLES = ("leadfact", *_PARTS)
# A lead deleted while it is written gets no row of its own, by which `forget_gone` would find what stands of it.
_STRAYS = tuple(
    f"DELETE FROM analytics_{table} part WHERE lead_id = ANY(%(ids)s) "  # noqa: S608 - no value from outside
    "AND NOT EXISTS (SELECT FROM analytics_leadfact f WHERE f.lead_id = part.lead_id)"
    for table in _PARTS
)


def gather(lead_ids: Sequence[int]) -> set[date]:
    """Write what is known of these leads anew; those that are gone or merged into another lose their rows.

    The days whose sums (`totals_write`) no longer hold. Call it inside a service, holding the figures.
    """
    days = days_of(lead_ids)
    params: dict[str, Any] = {"ids": list(lead_ids), "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        for statement in (*_STATEMENTS, *_STRAYS):
            cursor.execute(statement, params)
    return days | days_of(lead_ids)


def forget_gone() -> set[date]:
    """Take the rows of leads that are deleted or merged into another out; the days whose sums no longer hold."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE)
        gone = [lead_id for (lead_id,) in cursor.fetchall()]
        days = days_of(gone) if gone else set()
        if gone:
            for table in _TABLES:
                cursor.execute(f"DELETE FROM analytics_{table} WHERE lead_id = ANY(%s)", [gone])  # noqa: S608
    return days


_GONE = """
SELECT f.lead_id FROM analytics_leadfact f
WHERE NOT EXISTS (SELECT FROM leads_lead l WHERE l.id = f.lead_id AND l.merged_into_id IS NULL)
"""
