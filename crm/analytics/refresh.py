"""What changed since the figures were last brought up to date."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.analytics.models import Progress
from crm.core.clock import now

# No transaction takes longer from drawing an id, or writing a time, to its commit.
SLOWEST = timedelta(minutes=5)
_LOCK = "analytics"


@dataclass(frozen=True)
class Mark:
    """A moment, and the ids below which nothing was left to be committed then."""

    at: datetime
    interactions: int
    messages: int
    turns: int


def progress_hold() -> Progress | None:
    """The row, with the figures held until the commit; None while somebody else writes them."""
    return _progress() if _lock("pg_try_advisory_xact_lock") else None


def progress_wait() -> Progress:
    """The row, with the figures held until the commit, after whoever writes them now."""
    _lock("pg_advisory_xact_lock")
    return _progress()


def _lock(function: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [_LOCK])
        return bool(cursor.fetchone()[0])


def _progress() -> Progress:
    return Progress.objects.get_or_create(pk=1)[0]


def mark() -> Mark:
    """Where a look at what changed begins the next time. Ask before looking."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, {"before": at - SLOWEST})
        return Mark(at, *cursor.fetchone())


def changed(progress: Progress) -> list[int]:
    """The leads that anything happened to since, merged ones too; some to which nothing did."""
    if progress.as_of is None:
        raise ValueError("The figures were never made: rebuild them.")
    params: dict[str, Any] = {
        "since": progress.as_of - SLOWEST,
        "interactions": progress.interactions_upto,
        "messages": progress.messages_upto,
        "turns": progress.turns_upto,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, params)
        return [lead_id for (lead_id,) in cursor.fetchall()]


def progress_note(progress: Progress, upto: Mark) -> None:
    progress.as_of = upto.at
    progress.interactions_upto, progress.messages_upto = upto.interactions, upto.messages
    progress.turns_upto = upto.turns
    progress.save()


# From the end of each primary key: a few rows are passed over.
_SETTLED = """
SELECT coalesce((SELECT id FROM leads_interaction WHERE created_at < %(before)s ORDER BY id DESC LIMIT 1), 0),
       coalesce((SELECT id FROM conversations_message WHERE created_at < %(before)s ORDER BY id DESC LIMIT 1), 0),
       coalesce((SELECT id FROM agent_turn WHERE created_at < %(before)s ORDER BY id DESC LIMIT 1), 0)
"""
_CHANGED = """
SELECT id FROM leads_lead WHERE updated_at >= %(since)s
UNION SELECT lead_id FROM leads_interaction WHERE id > %(interactions)s
UNION SELECT t.lead_id FROM conversations_message m JOIN conversations_conversation t ON t.id = m.conversation_id
      WHERE m.id > %(messages)s
UNION SELECT t.lead_id FROM conversations_message m JOIN conversations_conversation t ON t.id = m.conversation_id
      WHERE m.state IN ('queued', 'sending')
UNION SELECT t.lead_id FROM agent_turn turn JOIN conversations_conversation t ON t.id = turn.conversation_id
      WHERE turn.id > %(turns)s
UNION SELECT lead_id FROM analytics_leadfact WHERE unsettled
ORDER BY 1
"""
