"""Lívia's turns with a lead's client, day by day."""

from agent.figures import KIND_SQL

_OF_LEADS = """
FROM agent_turn turn JOIN conversations_conversation t ON t.id = turn.conversation_id WHERE t.lead_id = ANY(%(ids)s)
"""
# A turn whose model answered without words names none, and cost its tokens all the same.
_MODEL = """
coalesce(nullif(turn.model, ''),
         CASE WHEN turn.tokens_in + turn.tokens_out > 0 THEN left(turn.attempts -> -1 ->> 'model', 80) END, '')
"""
_DAY = "(turn.created_at AT TIME ZONE %(zone)s)::date"

_WRITE_TURNS = f"""
WITH turns AS (
    SELECT t.lead_id, {_DAY} AS day, {_MODEL} AS model, {KIND_SQL} AS kind, turn.guard_hits <> '[]' AS refused,
           greatest(0, turn.tokens_in - turn.tokens_cached) AS read, turn.tokens_cached, turn.tokens_out
    {_OF_LEADS} AND turn.outcome <> 'silent'
)
INSERT INTO analytics_turnday (lead_id, day, model, turns, paid, by_model, repaired, by_rules, by_default, refused,
    tokens_in, tokens_cached, tokens_out)
SELECT lead_id, day, model, count(*), count(*) FILTER (WHERE read + tokens_cached + tokens_out > 0),
       count(*) FILTER (WHERE kind = 'model'),
       count(*) FILTER (WHERE kind = 'repaired'), count(*) FILTER (WHERE kind = 'rules'),
       count(*) FILTER (WHERE kind = 'default'), count(*) FILTER (WHERE refused), sum(read), sum(tokens_cached),
       sum(tokens_out)
FROM turns GROUP BY 1, 2, 3
"""  # noqa: S608 - no value from outside
_WRITE_REFUSALS = f"""
INSERT INTO analytics_refusalday (lead_id, day, code, times)
SELECT lead_id, day, code, count(*)
FROM (
    SELECT t.lead_id, {_DAY} AS day, left(hit ->> 'code', 40) AS code
    FROM agent_turn turn JOIN conversations_conversation t ON t.id = turn.conversation_id
    CROSS JOIN LATERAL jsonb_array_elements(turn.guard_hits) AS hit
    WHERE t.lead_id = ANY(%(ids)s) AND turn.outcome <> 'silent'
) AS hits WHERE code IS NOT NULL GROUP BY 1, 2, 3
"""  # noqa: S608 - no value from outside
TURNS = (
    "DELETE FROM analytics_turnday WHERE lead_id = ANY(%(ids)s)",
    _WRITE_TURNS,
    "DELETE FROM analytics_refusalday WHERE lead_id = ANY(%(ids)s)",
    _WRITE_REFUSALS,
)
