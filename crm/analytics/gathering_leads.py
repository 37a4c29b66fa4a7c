"""A lead's way through the pipeline, and its row."""

from crm.analytics.gathering_talk import SAID
from crm.analytics.stages import REACHED

_WANTED = "SELECT * FROM leads_lead WHERE id = ANY(%(ids)s) AND merged_into_id IS NULL"

# The moves of the record. A lead that stands elsewhere than its last move says came there in a merger: that counts
# as a move at the time the lead gives. One that moved on from where no move had brought it came there in the merger
# between the two.
_WRITE_STAYS = f"""
WITH wanted AS ({_WANTED}),
moves AS (
    SELECT i.lead_id, i.id, i.data ->> 'origin' AS origin, i.data ->> 'to' AS stage,
           greatest(i.created_at, l.created_at) AS at
    FROM leads_interaction i JOIN wanted l ON l.id = i.lead_id
    WHERE i.kind = 'moved' AND i.data ->> 'origin' IS NOT NULL AND i.data ->> 'to' IS NOT NULL
),
last AS (SELECT DISTINCT ON (lead_id) lead_id, stage, at FROM moves ORDER BY lead_id, id DESC),
steps AS (
    SELECT * FROM moves
    UNION ALL
    SELECT l.id, {2**63 - 1}, coalesce(last.stage, '{REACHED[0]}'), l.status,
           greatest(l.status_changed_at, last.at, l.created_at)
    FROM wanted l LEFT JOIN last ON last.lead_id = l.id
    WHERE l.status <> coalesce(last.stage, '{REACHED[0]}')
),
ordered AS (
    SELECT *, lag(id) OVER way AS previous_id, lag(stage) OVER way AS previous FROM steps
    WINDOW way AS (PARTITION BY lead_id ORDER BY id)
),
taken AS (
    SELECT o.lead_id, o.id, o.origin AS stage, greatest(merger.at, l.created_at) AS at
    FROM ordered o JOIN wanted l ON l.id = o.lead_id CROSS JOIN LATERAL (
        SELECT max(i.created_at) AS at FROM leads_interaction i
        WHERE i.lead_id = o.lead_id AND i.kind = 'merged' AND i.id < o.id AND i.id > coalesce(o.previous_id, 0)
    ) AS merger
    WHERE o.origin <> coalesce(o.previous, '{REACHED[0]}') AND merger.at IS NOT NULL
),
first AS (
    SELECT o.lead_id, CASE WHEN taken.id IS NULL THEN o.origin ELSE '{REACHED[0]}' END AS origin
    FROM ordered o LEFT JOIN taken ON taken.lead_id = o.lead_id AND taken.id = o.id WHERE o.previous_id IS NULL
),
entered AS (
    SELECT l.id AS lead_id, 0::bigint AS id, 1 AS place, coalesce(first.origin, l.status) AS stage, l.created_at AS at
    FROM wanted l LEFT JOIN first ON first.lead_id = l.id
    UNION ALL
    SELECT lead_id, id, 0, stage, at FROM taken
    UNION ALL
    SELECT lead_id, id, 1, stage, at FROM steps
)
INSERT INTO analytics_stay (lead_id, number, stage, entered_at, left_at, seconds)
SELECT lead_id, row_number() OVER way, stage, at, lead(at) OVER way,
       CASE WHEN lead(at) OVER way IS NOT NULL THEN greatest(0, extract(epoch FROM lead(at) OVER way - at))::bigint END
FROM entered WINDOW way AS (PARTITION BY lead_id ORDER BY id, place)
"""  # noqa: S608 - no value from outside
STAYS = ("DELETE FROM analytics_stay WHERE lead_id = ANY(%(ids)s)", _WRITE_STAYS)

_OPEN_UNTIL = """
coalesce((SELECT s.before_s + extract(epoch FROM least({at}, s.ends_at) - s.begins_at)
          FROM analytics_openspan s WHERE s.begins_at <= {at} ORDER BY s.begins_at DESC LIMIT 1), 0)
"""
_WRITE_FACTS = f"""
WITH wanted AS ({_WANTED}),
spoken AS (
    SELECT said.lead_id,
           min(sent_at) FILTER (WHERE direction = 'in') AS client_at,
           min(sent_at) FILTER (WHERE author IN ('consultant', 'phone')) AS person_at,
           min(sent_at) FILTER (WHERE author = 'livia') AS livia_at
    FROM ({SAID}) AS said GROUP BY said.lead_id
),
unsettled AS (
    SELECT DISTINCT t.lead_id FROM conversations_conversation t JOIN conversations_message m ON m.conversation_id = t.id
    WHERE t.lead_id = ANY(%(ids)s) AND (m.state IN ('queued', 'sending') OR m.transcript_state = 'awaited')
),
way AS (
    SELECT lead_id, max(array_position('{{{",".join(REACHED)}}}'::text[], stage::text)) AS furthest,
           max(number) AS number
    FROM analytics_stay WHERE lead_id = ANY(%(ids)s) GROUP BY lead_id
),
handed AS (  -- the record of a lead merged into another stays its own
    SELECT coalesce(l.merged_into_id, l.id) AS lead_id, min(i.created_at) AS at
    FROM leads_lead l JOIN leads_interaction i ON i.lead_id = l.id AND i.kind = 'handed_over'
    WHERE l.id = ANY(%(ids)s) OR l.merged_into_id = ANY(%(ids)s) GROUP BY 1
),
clocks AS (
    SELECT l.id AS lead_id, spoken.person_at, spoken.livia_at,
           CASE WHEN l.source IN ('form', 'api', 'import') THEN least(l.created_at, spoken.client_at)
                WHEN l.source = 'whatsapp' THEN coalesce(spoken.client_at, l.created_at)
                ELSE spoken.client_at END AS at
    FROM wanted l LEFT JOIN spoken ON spoken.lead_id = l.id
),
answers AS (
    SELECT lead_id, person_at, livia_at, CASE WHEN person_at < at THEN NULL ELSE at END AS clock_at FROM clocks
)
INSERT INTO analytics_leadfact (lead_id, source, product, uf, consultant_id, created_at, status, furthest, won_at,
    won_cents, lost_at, lost_from, lost_reason, clock_at, person_at, wall_s, response_s, livia_at, handed_over_at,
    with_livia, unsettled)
SELECT l.id, l.source, l.product, l.uf, l.consultant_id, l.created_at, l.status,
       CASE WHEN l.status = 'WON' THEN {len(REACHED)} ELSE least(coalesce(way.furthest, 1), {len(REACHED) - 1}) END,
       CASE WHEN l.status = 'WON' THEN here.entered_at END, CASE WHEN l.status = 'WON' THEN l.won_amount END,
       CASE WHEN l.status = 'LOST' THEN here.entered_at END,
       CASE WHEN l.status = 'LOST' THEN coalesce(before.stage, 'NEW') ELSE '' END,
       CASE WHEN l.status = 'LOST' THEN l.lost_reason ELSE '' END,
       answers.clock_at, answers.person_at, extract(epoch FROM answers.person_at - answers.clock_at)::bigint,
       CASE WHEN answers.person_at IS NOT NULL AND answers.clock_at IS NOT NULL THEN
           ({_OPEN_UNTIL.format(at="answers.person_at")} - {_OPEN_UNTIL.format(at="answers.clock_at")})::bigint END,
       answers.livia_at, handed.at, l.attended_by = 'livia', unsettled.lead_id IS NOT NULL
FROM wanted l
JOIN answers ON answers.lead_id = l.id
JOIN way ON way.lead_id = l.id
JOIN analytics_stay here ON here.lead_id = l.id AND here.number = way.number
LEFT JOIN analytics_stay before ON before.lead_id = l.id AND before.number = way.number - 1
LEFT JOIN handed ON handed.lead_id = l.id
LEFT JOIN unsettled ON unsettled.lead_id = l.id
"""  # noqa: S608 - no value from outside
FACTS = ("DELETE FROM analytics_leadfact WHERE lead_id = ANY(%(ids)s)", _WRITE_FACTS)
