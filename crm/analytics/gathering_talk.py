"""What was written with a lead's client, hour by hour."""

# What clients and we said to each other, sent or received: no notes, events or reactions, nothing unsent.
SAID = """
SELECT t.lead_id, m.id, m.sent_at, m.direction, m.author, m.kind, m.transcript_state
FROM conversations_conversation t JOIN conversations_message m ON m.conversation_id = t.id
WHERE t.lead_id = ANY(%(ids)s) AND m.kind NOT IN ('note', 'event', 'reaction')
  AND (m.direction = 'in' OR m.state NOT IN ('queued', 'sending', 'failed', 'cancelled'))
"""
# A wait begins with the first message of the client after one of ours, and ends with our next.
_WRITE_HOURS = f"""
WITH said AS ({SAID}),
placed AS (
    SELECT *, lag(direction) OVER (PARTITION BY lead_id ORDER BY sent_at, id) AS previous,
           min(sent_at) FILTER (WHERE direction = 'out') OVER (
               PARTITION BY lead_id ORDER BY sent_at DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS answered_at,
           sent_at AT TIME ZONE %(zone)s AS local
    FROM said
),
timed AS (
    SELECT *, CASE WHEN direction = 'in' AND previous IS DISTINCT FROM 'in'
                   THEN extract(epoch FROM answered_at - sent_at)::bigint END AS waited
    FROM placed
)
INSERT INTO analytics_talkhour (lead_id, day, hour, client, livia, person, system, waits, waited_s, waits_5m,
    waits_60m, heard, unheard)
SELECT lead_id, local::date, extract(hour FROM local)::int,
       count(*) FILTER (WHERE direction = 'in'),
       count(*) FILTER (WHERE author = 'livia'),
       count(*) FILTER (WHERE author IN ('consultant', 'phone')),
       count(*) FILTER (WHERE direction = 'out' AND author NOT IN ('livia', 'consultant', 'phone')),
       count(waited), coalesce(sum(waited), 0),
       count(*) FILTER (WHERE waited <= 300), count(*) FILTER (WHERE waited <= 3600),
       count(*) FILTER (WHERE kind = 'audio' AND direction = 'in' AND transcript_state = 'done'),
       count(*) FILTER (WHERE kind = 'audio' AND direction = 'in' AND transcript_state = 'failed')
FROM timed GROUP BY 1, 2, 3
"""  # noqa: S608 - no value from outside
TALK = ("DELETE FROM analytics_talkhour WHERE lead_id = ANY(%(ids)s)", _WRITE_HOURS)
