"""Figures of Lívia's turns, counted by the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from agent.models import Turn
from agent.words import GUARD, KINDS, said
from crm.core.clock import now

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_RECENT = 12


@dataclass(frozen=True)
class Share:
    """`percent` of the whole, 0 to 100."""

    code: str
    label: str
    count: int
    percent: int


@dataclass(frozen=True)
class Period:
    """What happened since a moment. Times in ms; None where there was nothing to measure."""

    turns: int
    shares: tuple[Share, ...]
    refusals: tuple[Share, ...]
    errors: tuple[Share, ...]
    model_p50: int | None
    model_p95: int | None
    own_p50: int | None
    own_p95: int | None
    tokens_in: int
    tokens_out: int
    tokens_reasoning: int
    tokens_cached: int
    heard: int
    unheard: int
    reminded: int
    reminded_answered: int


@dataclass(frozen=True)
class Overview:
    day: Period
    week: Period
    problems: list[Turn]


def overview() -> Overview:
    return Overview(period(now() - _DAY), period(now() - _WEEK), list(problems()[:_RECENT]))


def problems() -> QuerySet[Turn]:
    """Turns in which something did not go as it should, the latest first."""
    odd = ~Q(model_error__in=["", "off"]) | ~Q(guard_hits=[]) | ~Q(validation_errors=[]) | Q(path__contains=["default"])
    turns = Turn.objects.filter(odd)
    return turns.select_related("conversation__lead").order_by("-id")


def period(since: datetime) -> Period:
    turns = _row(_TURNS, since)
    counts = {code: turns[code] for code in KINDS}
    return Period(
        turns=turns["turns"],
        shares=_shares(counts, KINDS),
        refusals=_shares(dict(_rows(_REFUSALS, since)), GUARD),
        errors=_shares(dict(_rows(_ERRORS, since)), {}),
        **{name: turns[name] for name in _MEASURES},
        **_row(_HEARD, since),
        **_row(_REMINDED, since),
    )


def answers_since(since: datetime) -> dict[str, int]:
    """`turns`, and `without_model`: the percent of them that rules or the default reply worded."""
    row = _row(_ANSWERS, since)
    return {"turns": row["turns"], "without_model": round(100 * row["fallen"] / row["turns"]) if row["turns"] else 0}


def _shares(counts: dict[str, int], words: dict[str, Any]) -> tuple[Share, ...]:
    whole = sum(counts.values()) or 1
    return tuple(Share(code, said(words, code), count, round(100 * count / whole)) for code, count in counts.items())


def _rows(query: str, since: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"since": since})
        return cursor.fetchall()


def _row(query: str, since: datetime) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"since": since})
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchone() or (), strict=True))


_MEASURES = (
    "model_p50", "model_p95", "own_p50", "own_p95", "tokens_in", "tokens_out", "tokens_reasoning", "tokens_cached",
)  # fmt: skip
# A turn counts once: by what it ended with.
KIND_SQL = """
CASE WHEN path ? 'default' THEN 'default' WHEN path ? 'repaired' AND NOT path ? 'template' THEN 'repaired'
     WHEN path ? 'model' AND NOT path ? 'template' THEN 'model' ELSE 'rules' END
"""
_TURNS = f"""
WITH turns AS (SELECT *, {KIND_SQL} AS kind FROM agent_turn WHERE created_at >= %(since)s AND outcome <> 'silent')
SELECT count(*) AS turns,
       count(*) FILTER (WHERE kind = 'model') AS model,
       count(*) FILTER (WHERE kind = 'repaired') AS repaired,
       count(*) FILTER (WHERE kind = 'rules') AS rules,
       count(*) FILTER (WHERE kind = 'default') AS "default",
       percentile_disc(0.5) WITHIN GROUP (ORDER BY model_ms) FILTER (WHERE model_ms > 0) AS model_p50,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY model_ms) FILTER (WHERE model_ms > 0) AS model_p95,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY own_ms) FILTER (WHERE own_ms > 0) AS own_p50,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY own_ms) FILTER (WHERE own_ms > 0) AS own_p95,
       coalesce(sum(tokens_in), 0)::bigint AS tokens_in,
       coalesce(sum(tokens_out), 0)::bigint AS tokens_out,
       coalesce(sum(tokens_reasoning), 0)::bigint AS tokens_reasoning,
       coalesce(sum(tokens_cached), 0)::bigint AS tokens_cached
FROM turns
"""  # noqa: S608 - no value from outside
_ANSWERS = f"""
SELECT count(*) AS turns, count(*) FILTER (WHERE {KIND_SQL} IN ('rules', 'default')) AS fallen
FROM agent_turn WHERE created_at >= %(since)s AND outcome <> 'silent'
"""  # noqa: S608 - no value from outside
_REFUSALS = """
SELECT hit ->> 'code', count(*) FROM agent_turn, jsonb_array_elements(guard_hits) AS hit
WHERE created_at >= %(since)s GROUP BY 1 ORDER BY 2 DESC, 1
"""
# Each failed call of a model, also where the next model answered; a turn that did not call says why in its own error.
_ERRORS = """
SELECT code, count(*) FROM (
    SELECT attempt ->> 'error' AS code FROM agent_turn, jsonb_array_elements(attempts) AS attempt
    WHERE created_at >= %(since)s
    UNION ALL
    SELECT model_error FROM agent_turn WHERE created_at >= %(since)s AND attempts = '[]'
) AS failures
WHERE code NOT IN ('', 'off') GROUP BY 1 ORDER BY 2 DESC, 1
"""
_HEARD = """
SELECT count(*) FILTER (WHERE transcript_state = 'done') AS heard,
       count(*) FILTER (WHERE transcript_state = 'failed') AS unheard
FROM conversations_message WHERE kind = 'audio' AND created_at >= %(since)s
"""
_REMINDED = """
SELECT count(*) AS reminded,
       count(*) FILTER (WHERE EXISTS (
           SELECT 1 FROM conversations_message AS answer
           WHERE answer.conversation_id = reminder.conversation_id AND answer.direction = 'in'
             AND answer.id > reminder.message_id
       )) AS reminded_answered
FROM agent_followup AS reminder
JOIN conversations_message AS sent ON sent.id = reminder.message_id
WHERE reminder.state = 'sent' AND sent.created_at >= %(since)s
"""
