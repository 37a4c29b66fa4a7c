"""The figures of the analytics page at full size: 100,000 leads, 1,000,000 messages, 200,000 turns in thirteen months.

Each block as the page asks for it, and all of them together, for a month and for a year, and how long it takes to make
the figures and to keep them up to date. Beside them, what the hours of messages take straight from the messages.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

import psutil
import psycopg

from bench import board, ground, machine, report

LEADS, MESSAGES, TURNS = 100_000, 1_000_000, 200_000
ROUNDS = 15
AIM_MS = 300
INTRO = (
    "{leads:,} leads of 20 consultants, {messages:,} messages, {turns:,} turns, spread over thirteen months. "
    "Milliseconds within the web process, medians with the lowest and highest of {rounds} rounds. “Filtered” is one "
    "product. Aim: all blocks together within {aim} ms."
)
_H = "(hashint4(n) & 2147483647)"
_CAME = "now() - (%(leads)s - n) * interval '395 days' / %(leads)s"

GROWN = f"""
INSERT INTO leads_lead (name, phone, phone_key, email, city, uf, status, rank, version, revision, status_changed_at,
    lost_reason, lost_note, won_amount, awaits_consultant, attended_by, product, credit_amount, term_months, occupation,
    purpose, ai_score, ai_temperature, ai_reasons, transfer_summary, source, tracking, message, last_message_text,
    last_message_direction, unread_count, next_task_title, created_at, updated_at, consultant_id)
SELECT 'Maria Souza ' || n, '+55119' || lpad(n::text, 8, '0'), '+55119' || lpad(n::text, 8, '0'), '', 'Natal',
    (ARRAY['SP','SP','SP','RJ','RJ','MG','PR','RS','BA',''])[1 + {_H} / 7 %% 10], status,
    -1e15 + n * 1e5, 1, 1, {_CAME}, CASE status WHEN 'LOST' THEN
    (ARRAY['rate','denied','competitor','no_answer','postponed'])[1 + {_H} / 11 %% 5] ELSE '' END, '',
    CASE status WHEN 'WON' THEN 1000000 + {_H} %% 50000000 END, false, CASE {_H} %% 5 WHEN 0 THEN 'livia' ELSE '' END,
    (ARRAY['home_equity','real_estate_financing','auto_equity','consorcio','personal_loan',''])[1 + {_H} / 13 %% 6],
    n * 1000, 180, '', '', n %% 100, 'WARM', '[]', '',
    (ARRAY['whatsapp','whatsapp','whatsapp','form','api','import','manual'])[1 + {_H} / 17 %% 7], '{{}}', '', 'Olá',
    'in', 0, '', {_CAME}, {_CAME},
    CASE WHEN {_H} / 100 %% 100 < 97 THEN (%(owners)s::bigint[])[1 + {_H} / 10000 %% 20] END
FROM generate_series(1, %(leads)s::int) AS n
CROSS JOIN LATERAL (SELECT (%(statuses)s::text[])[1 + {_H} %% 100] AS status) AS placed
"""
MOVED = """
INSERT INTO leads_interaction (lead_id, kind, actor_kind, data, created_at)
SELECT l.id, 'moved', 'person', jsonb_build_object('origin', way[step - 1], 'to', way[step]),
    l.created_at + (step - 1) * (1 + (hashint4(l.id::int) & 1023) %% 90) * interval '1 hour'
FROM leads_lead l CROSS JOIN LATERAL (SELECT CASE l.status
    WHEN 'CONTACTED' THEN ARRAY['NEW','CONTACTED'] WHEN 'QUALIFIED' THEN ARRAY['NEW','CONTACTED','QUALIFIED']
    WHEN 'PROPOSAL' THEN ARRAY['NEW','CONTACTED','QUALIFIED','PROPOSAL']
    WHEN 'WON' THEN ARRAY['NEW','CONTACTED','QUALIFIED','PROPOSAL','WON']
    WHEN 'LOST' THEN (ARRAY['NEW','CONTACTED','QUALIFIED','PROPOSAL'])[1 : 1 + l.id::int %% 4] || 'LOST'::text
    ELSE ARRAY['NEW'] END AS way) AS ways
CROSS JOIN LATERAL generate_series(2, cardinality(way)) AS step
"""
CONTACTS = """
INSERT INTO conversations_contact (name, push_name, phone, phone_key, whatsapp_jid, created_at)
SELECT name, name, phone, phone, '', created_at FROM leads_lead ORDER BY id
"""
THREADS = """
INSERT INTO conversations_conversation (inbox_id, contact_id, lead_id, chat, status, attended_by, last_inbound_id,
    answered_upto_id, read_upto_id, receipted_upto_id, last_message_at, last_message_text, last_message_author,
    last_message_state, unread_count, revision, created_at, turn_failures, turn_error)
SELECT %(inbox)s, c.id, l.id, c.id || '@s.whatsapp.net', 'active', 'person', 0, 0, 0, 0, l.created_at, 'Olá', 'client',
    'received', 0, 1, l.created_at, 0, ''
FROM conversations_contact c JOIN leads_lead l ON l.phone_key = c.phone_key
"""
# A day with Lívia, the next with a consultant, and a word a week later.
SAID = """
INSERT INTO conversations_message (conversation_id, direction, author, kind, text, media_state, media_attempts,
    transcript, transcript_state, original_text, provider_id, quoted_provider_id, state, error_code, error_detail,
    attempts, typing_ms, sent_at, state_changed_at, created_at, revision)
SELECT t.id, CASE n %% 2 WHEN 0 THEN 'in' ELSE 'out' END,
    CASE WHEN n %% 2 = 0 THEN 'client' WHEN n < %(each)s / 2 THEN 'livia' ELSE 'consultant' END, 'text',
    'Quero simular com garantia do meu imóvel nº ' || n, '', 0, '', '', '', 'M' || t.id || '-' || n, '',
    CASE n %% 2 WHEN 0 THEN 'received' ELSE 'read' END, '', '', 0, 0, at, at, at, 1
FROM conversations_conversation t CROSS JOIN generate_series(0, %(each)s::int - 1) AS n
CROSS JOIN LATERAL (SELECT t.created_at + n * interval '2 minutes' + CASE WHEN n < %(each)s / 2 THEN interval '0'
    WHEN n < %(each)s * 9 / 10 THEN (hashint4(t.id::int) & 31) * interval '1 hour' ELSE interval '7 days' END AS at
) AS made WHERE at < now() ORDER BY at
"""
TURNED = """
INSERT INTO agent_turn (conversation_id, message_ids, reply_ids, outcome, reason, intent, path, stage_before,
    stage_after, slots_before, slots_after, slot_sources, state_before, replies, wall_ms, created_at, context_version,
    context, prompt_hash, products, model, attempts, model_error, request_id, breaker, tokens_in, tokens_out,
    tokens_reasoning, tokens_cached, queue_ms, model_ms, own_ms, raw_output, validation_errors, guard_hits, rejected,
    figures)
SELECT t.id, '[]', '[]', 'continue', '', '', CASE h %% 10 WHEN 0 THEN '["rules"]'::jsonb ELSE '["model"]' END, 'INTRO',
    'INTRO', '{}', '{}', '{}', '{}', '[]', 900, t.created_at + n * interval '2 minutes', 1, '{}', '', '{}',
    CASE h %% 10 WHEN 0 THEN '' WHEN 1 THEN 'small' ELSE 'large' END, '[]', '', '', '', 2000, 150, 40, 1200, 0, 800, 30,
    '', '[]', CASE h %% 50 WHEN 0 THEN '[{"code": "figure", "text": ""}]'::jsonb ELSE '[]' END, '[]', '[]'
FROM conversations_conversation t CROSS JOIN generate_series(1, %(each)s::int) AS n
CROSS JOIN LATERAL (SELECT hashint4(t.id::int * 7 + n) & 2147483647 AS h) AS made ORDER BY t.created_at
"""
RAW_HOURS = """
SELECT extract(isodow FROM local), extract(hour FROM local), author, count(*)
FROM (SELECT sent_at AT TIME ZONE 'America/Sao_Paulo' AS local, author FROM conversations_message
      WHERE sent_at >= %s AND sent_at < %s AND kind NOT IN ('note', 'event', 'reaction')) AS said
GROUP BY 1, 2, 3
"""


def fill(raw: psycopg.Connection, owners: list[int], options: argparse.Namespace) -> None:
    from agent.models import ModelPrice
    from conversations.models import Inbox, InboxRole

    statuses = [status for status, part in board.SHARES.items() for _ in range(part)]
    raw.execute(GROWN, {"leads": options.leads, "owners": owners, "statuses": statuses})
    raw.execute(MOVED, {})
    raw.execute(CONTACTS)
    raw.execute(THREADS, {"inbox": Inbox.objects.create(name="Bench", role=InboxRole.LIVIA).pk})
    raw.execute(SAID, {"each": options.messages // options.leads})
    raw.execute(TURNED, {"each": options.turns // options.leads})
    raw.execute(board_tasks(), {})
    for name in ("small", "large"):
        ModelPrice.objects.create(
            model=name, input_usd="0.15", cached_usd="0.075", output_usd="0.60", effective_from=date(2020, 1, 1)
        )
    raw.execute("VACUUM ANALYZE")


def board_tasks() -> str:
    from bench.workspace import TASKS

    return TASKS


def blocks() -> Sequence[tuple[str, Callable[..., Any]]]:
    from crm.analytics import figures

    names = [name for name in figures.__all__ if name != "everything"]
    return [*((name.replace("_", " "), getattr(figures, name)) for name in names), ("all", figures.everything)]


def main() -> None:
    parser = argparse.ArgumentParser(description="The figures at full size.")
    parser.add_argument("--leads", type=int, default=LEADS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION):
        _seen, owners = board.people()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            fill(raw, owners, options)
            kept = keeping(raw)
            lines = table(raw, options.rounds)
    write(options, where, kept, lines)


def keeping(raw: psycopg.Connection) -> list[tuple[str, float]]:
    """How long the figures take to make, and to bring up to date after nothing and after a busy minute."""
    from crm.analytics.services import figures_rebuild, figures_refresh

    rows = [("everything anew (seconds)", _seconds(figures_rebuild))]
    raw.execute("VACUUM ANALYZE")
    rows.append(("nothing changed (seconds)", _seconds(figures_refresh)))
    raw.execute("UPDATE leads_lead SET updated_at = now() WHERE id %% 1000 = 0", {})
    rows.append(("100 leads changed (seconds)", _seconds(figures_refresh)))
    return rows


def table(raw: psycopg.Connection, rounds: int) -> list[str]:
    from crm.analytics.period import last_days
    from crm.analytics.shapes import Filters

    cases = [
        (last_days(days), filters) for days in (30, 365) for filters in (Filters(), Filters(product="home_equity"))
    ]
    lines = []
    for name, ask in blocks():
        cells = [_spread([_ms(ask, *case) for _ in range(rounds)]) for case in cases]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    everything = blocks()[-1][1]
    spent = " | ".join(f"{_processor_ms(everything, *case):.0f}" for case in cases)
    lines.append(f"| all, processor time | {spent} |")
    plain = []
    for period, _filters in cases[::2]:
        span = (period.begins, period.ends)
        plain.append(_spread([_ms(lambda span=span: raw.execute(RAW_HOURS, span).fetchall()) for _ in range(3)]))
    lines.append(f"| hours, straight from the messages | {plain[0]} | – | {plain[1]} | – |")
    return lines


def write(options: argparse.Namespace, where: str, kept: list[tuple[str, float]], lines: list[str]) -> None:
    sizes = {name: getattr(options, name) for name in ("leads", "messages", "turns", "rounds")}
    text = [
        "# Analytics", "", INTRO.format(aim=AIM_MS, **sizes), "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on: {where}.", "",
        "| keeping the figures | |", "|---|---:|", *(f"| {name} | {seconds:.2f} |" for name, seconds in kept), "",
        "| block | 30 days | 30 days, filtered | 365 days | 365 days, filtered |", "|---|---:|---:|---:|---:|", *lines,
        "",
    ]  # fmt: skip
    report.RESULTS.mkdir(exist_ok=True)
    (report.RESULTS / "analytics.md").write_text("\n".join(text))
    print("\n".join(text))


def _seconds(act: Callable[[], object]) -> float:
    return _ms(act) / 1000


def _ms(act: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    act(*arguments)
    return (time.perf_counter() - start) * 1000


def _processor_ms(act: Callable[..., object], *arguments: object, times: int = 10) -> float:
    """Of this process and of its PostgreSQL, which others on the machine do not lengthen."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])

        def spent() -> float:
            return time.process_time() + sum(server.cpu_times()[:2])

        before = spent()
        for _time in range(times):
            act(*arguments)
        return (spent() - before) * 1000 / times


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.0f} ({min(values):.0f}–{max(values):.0f})"


if __name__ == "__main__":
    main()
