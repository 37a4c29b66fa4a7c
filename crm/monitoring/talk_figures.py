"""How clients are served over a stretch of time, from the rows of turns and messages themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from conversations.models import Message
from crm.core.clock import now

_COMMITTED_LATE = timedelta(minutes=1)  # ids are given out before their rows are seen
_STEP = 1024


@dataclass(frozen=True)
class Talk:
    """`response_s` is the mean of `waits` answers: from when the client had finished (a burst's pause is meant) until
    the answer left, without the time Lívia types on purpose. `waited_s` is the same as the client sees it, from the
    first message on. Who still waits beyond the limit counts with the wait so far; `longest_s` is the longest of those.
    None where nothing was there to measure. `turns` and `messages` are (failed, all)."""

    received: int
    answered: int
    waits: int
    response_s: float | None
    waited_s: float | None
    longest_s: float
    asked: int
    model_s: float | None
    turns: tuple[int, int]
    messages: tuple[int, int]
    awaiting: int


def talk(begins: datetime, ends: datetime | None = None) -> Talk:
    """What happened since `begins`; with `ends` of a stretch that is over, in which nobody waits any more."""
    limits = {
        "begins": begins,
        "ends": ends or now(),
        "present": ends is None,
        "from_id": _id_before(begins - _COMMITTED_LATE),
        "from_day": _id_before(begins - timedelta(days=1)),
        "window": (ends or now()) - begins,
        "burst": timedelta(seconds=settings.BURST_WINDOW_SECONDS),
        "cap": timedelta(seconds=settings.BURST_CAP_SECONDS),
        "limit": timedelta(seconds=settings.ALERT_RESPONSE_SECONDS),
        "is_on": settings.LIVIA_ENABLED,
    }
    waits, turns, said, waiting = (_one(query, limits) for query in (_WAITS, _TURNS, _MESSAGES, _WAITING))
    return Talk(
        received=said["received"], answered=waits["answered"], waits=waits["waits"], response_s=waits["response_s"],
        waited_s=waits["waited_s"], longest_s=waits["longest_s"], asked=turns["asked"], model_s=turns["model_s"],
        turns=(turns["failed"] + waiting["failing"], turns["turns"] + waiting["failing"]),
        messages=(said["failed"], said["settled"] + said["failed"]), awaiting=waiting["awaiting"],
    )  # fmt: skip


def _id_before(moment: datetime) -> int:
    """An id below those of all messages since then. Messages have no index by time, but their ids grow with it."""
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    step = _STEP
    while step < last:
        at = Message.objects.filter(pk__lte=last - step).order_by("-pk").values_list("created_at", flat=True).first()
        if at is None or at < moment:
            return last - step
        step *= 2
    return 0


def _one(query: str, limits: dict[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, limits)
        return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))


_LEFT = "('sent', 'delivered', 'read', 'played')"
_LIVIAS = "c.attended_by = 'livia' AND i.livia_enabled AND %(is_on)s"
# What took longer than the whole stretch was counted while it lasted, or was a person's thread before it was Lívia's.
_WAITS = f"""
WITH turns AS (
    SELECT message_ids, (reply_ids ->> 0)::bigint AS reply_id FROM agent_turn
    WHERE created_at >= %(begins)s AND created_at < %(ends)s AND reply_ids <> '[]'
),
answers AS (
    SELECT r.state IN {_LEFT} AS has_left, heard.began,
           CASE WHEN r.state IN {_LEFT} THEN r.sent_at ELSE %(ends)s END AS ended,
           least(heard.last + %(burst)s, heard.began + %(cap)s) + r.typing_ms * interval '1 ms' AS due
    FROM turns JOIN conversations_message r ON r.id = turns.reply_id AND r.id > %(from_id)s
    CROSS JOIN LATERAL (
        SELECT min(m.created_at) AS began, max(m.created_at) AS last FROM conversations_message m
        WHERE m.id IN (SELECT jsonb_array_elements_text(turns.message_ids)::bigint)
    ) AS heard
    WHERE r.state IN ('queued', 'sending', 'sent', 'delivered', 'read', 'played')
),
waiting AS (
    SELECT c.awaiting_since AS began, greatest(
        c.awaiting_since, least(coalesce(m.created_at, c.awaiting_since) + %(burst)s, c.awaiting_since + %(cap)s)
    ) AS due
    FROM conversations_conversation c JOIN conversations_inbox i ON i.id = c.inbox_id
    LEFT JOIN conversations_message m ON m.id = c.last_inbound_id
    WHERE c.awaiting_since IS NOT NULL AND %(present)s AND {_LIVIAS}
),
waits AS (
    SELECT has_left, greatest(ended - due, interval '0') AS response, ended - began AS waited FROM answers
    WHERE ended - began <= %(window)s AND (has_left OR %(present)s AND ended - due > %(limit)s)
    UNION ALL
    SELECT false, least(%(ends)s - due, %(window)s), least(%(ends)s - began, %(window)s) FROM waiting
    WHERE %(ends)s - due > %(limit)s
)
SELECT count(*) FILTER (WHERE has_left) AS answered, count(*) AS waits,
       extract(epoch FROM avg(response))::float AS response_s, extract(epoch FROM avg(waited))::float AS waited_s,
       coalesce(extract(epoch FROM max(response) FILTER (WHERE NOT has_left)), 0)::float AS longest_s
FROM waits
"""  # noqa: S608 - no value from outside
# A turn that was to ask the model and went by rules alone has failed, as on the page of failures.
_TURNS = """
SELECT count(*) AS turns, count(*) FILTER (WHERE model_error NOT IN ('', 'off')) AS failed,
       count(*) FILTER (WHERE attempts <> '[]') AS asked,
       (avg(model_ms) FILTER (WHERE attempts <> '[]'))::float / 1000 AS model_s
FROM agent_turn WHERE created_at >= %(begins)s AND created_at < %(ends)s
"""
_MESSAGES = f"""
SELECT lately.received, lately.settled, failed.failed FROM (
    SELECT count(*) FILTER (WHERE direction = 'in' AND created_at >= %(begins)s AND created_at < %(ends)s) AS received,
           count(*) FILTER (WHERE direction = 'out' AND author <> 'phone' AND state IN {_LEFT}
                            AND sent_at >= %(begins)s AND sent_at < %(ends)s) AS settled
    FROM conversations_message WHERE id > %(from_id)s AND kind NOT IN ('event', 'note', 'reaction')
) AS lately, (
    SELECT count(*) AS failed FROM conversations_message
    WHERE id > %(from_day)s AND state = 'failed'
      AND state_changed_at >= %(begins)s AND state_changed_at < %(ends)s
) AS failed
"""  # noqa: S608 - no value from outside
_WAITING = f"""
SELECT count(*) FILTER (WHERE c.awaiting_since IS NOT NULL AND {_LIVIAS}) AS awaiting,
       count(*) FILTER (WHERE c.turn_failed_at >= %(begins)s AND c.turn_failed_at < %(ends)s
                        OR c.turn_not_before IS NOT NULL AND %(present)s) AS failing
FROM conversations_conversation c JOIN conversations_inbox i ON i.id = c.inbox_id
WHERE c.awaiting_since IS NOT NULL OR c.turn_failed_at IS NOT NULL
"""  # noqa: S608 - no value from outside
