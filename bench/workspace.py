"""The consultants' pages at full size: 100,000 leads, 10,000 chats, 1,000,000 messages.

The product: the whole request inside the web process, from the session to the last byte. The floor: one `SELECT 1`
through the same stack of middleware, the health page: what any request costs before it does anything.
"""

import argparse
import os
from collections.abc import Sequence
from functools import partial
from statistics import median, quantiles

import psycopg

from bench import board, ground, machine, report

LEADS, CHATS, MESSAGES = 100_000, 10_000, 1_000_000
ROUNDS = 31
AIM_MS, AIM_QUERIES = 100.0, 20
INTRO = (
    f"{LEADS:,} leads, {CHATS:,} chats, {MESSAGES:,} messages, {board.CONSULTANTS} consultants. Product: the request "
    "within the web process, cards cached as after a first visit. Floor: the liveness page, that is a request that "
    "does nothing. In brackets after each case: 95 % of the requests took less, database queries, size of the answer. "
    f"Aim: {AIM_MS:.0f} ms for 95 %, {AIM_QUERIES} queries."
)
WORDS = (
    "quero simular garantia imóvel casa apartamento carro parcela juros taxa prazo meses renda entrada obrigado bom "
    "dia tarde noite valor proposta contrato documento banco crédito simulação consórcio Ribeirão São José amanhã"
).split()

CONTACTS = """
INSERT INTO conversations_contact (name, push_name, phone, phone_key, whatsapp_jid, created_at)
SELECT name, name, phone, phone, '', now() FROM leads_lead WHERE id %% 10 = 0 ORDER BY id LIMIT %(chats)s
RETURNING id
"""
THREADS = """
INSERT INTO conversations_conversation (inbox_id, contact_id, lead_id, chat, status, attended_by, last_inbound_id,
    answered_upto_id, read_upto_id, receipted_upto_id, last_message_at, last_message_text, last_message_author,
    last_message_state, unread_count, revision, created_at, turn_failures, turn_error)
SELECT %(inbox)s, c.id, l.id, c.id || '@s.whatsapp.net', 'active', CASE c.id %% 3 WHEN 0 THEN 'livia' ELSE 'person' END,
    0, 0, 0, 0, now() - c.id * interval '30 seconds', 'Quero quitar dívidas.', 'client', 'received', c.id %% 4, 1,
    now() - interval '30 days', 0, ''
FROM conversations_contact c JOIN leads_lead l ON l.phone_key = c.phone_key
"""
SAID = """
INSERT INTO conversations_message (conversation_id, direction, author, kind, text, media_state, media_attempts,
    transcript, transcript_state, original_text, provider_id, quoted_provider_id, state, error_code, error_detail,
    attempts, typing_ms, sent_at, state_changed_at, created_at, revision)
SELECT t.id, CASE n %% 2 WHEN 0 THEN 'in' ELSE 'out' END,
    CASE n %% 2 WHEN 0 THEN 'client' ELSE 'consultant' END, 'text',
    w[1 + (h & 1023) %% 30] || ' ' || w[1 + ((h >> 10) & 1023) %% 30] || ' ' || w[1 + ((h >> 20) & 1023) %% 30]
        || ' nº ' || n, '', 0, '', '', '', 'M' || t.id || '-' || n, '',
    CASE n %% 2 WHEN 0 THEN 'received' ELSE 'read' END, '', '', 0, 0, at, at, at, 1
FROM conversations_conversation t
CROSS JOIN generate_series(1, %(each)s::int) AS n
CROSS JOIN (SELECT %(words)s::text[] AS w) AS vocabulary
CROSS JOIN LATERAL (SELECT hashint4(t.id::int * 131 + n) & 2147483647 AS h,
    t.last_message_at - (%(each)s - n) * interval '20 minutes' AS at) AS made
"""
TASKS = """
INSERT INTO leads_task (lead_id, kind, title, note, due_at, state, owner_id, made_by, rule, snoozed_count, revision,
    created_at)
SELECT id, 'call', 'Ligar para ' || name, '', now() + (id %% 200 - 60) * interval '1 hour', 'open', consultant_id,
    'person', '', 0, 1, now()
FROM leads_lead WHERE consultant_id IS NOT NULL AND status NOT IN ('WON', 'LOST') AND id %% 3 = 0
"""
NEXT_TASKS = """
UPDATE leads_lead l SET next_task_at = t.due_at, next_task_title = t.title FROM leads_task t WHERE t.lead_id = l.id
"""
LAST = """
UPDATE conversations_conversation AS t SET last_inbound_id = m.id
FROM (SELECT conversation_id, max(id) AS id FROM conversations_message WHERE direction = 'in' GROUP BY 1) AS m
WHERE m.conversation_id = t.id
"""


def fill(raw: psycopg.Connection, owners: list[int], leads: int, chats: int, messages: int) -> None:
    from conversations.models import Inbox, InboxRole

    board.grow(raw, owners, 1, leads)
    inbox = Inbox.objects.create(name="Bench", role=InboxRole.LIVIA)
    raw.execute(CONTACTS, {"chats": chats})
    raw.execute(THREADS, {"inbox": inbox.pk})
    raw.execute(SAID, {"each": messages // chats, "words": WORDS})
    raw.execute(TASKS, {})
    raw.execute(NEXT_TASKS)
    raw.execute(LAST)
    raw.execute("VACUUM ANALYZE")


def pages_of(person: board.Person, thread_id: int, lead_id: int) -> Sequence[tuple[str, str]]:
    return (
        ("board", "/board/"),
        ("board, filtered", "/board/?temperature=HOT&product=home_equity"),
        ("board, one name", "/board/?q=maria+souza+7777"),
        ("board, what needs attention", "/board/?chip=attention"),
        ("chips of the board", "/board/chips/"),
        ("leads", "/leads/"),
        ("lead", f"/leads/{lead_id}/"),
        ("my day", "/tasks/"),
        ("conversations, all", "/conversations/?tab=all"),
        ("conversations, mine", "/conversations/?tab=mine"),
        ("conversations, unread", "/conversations/?tab=all&pill=unread"),
        ("conversations, searched", "/conversations/?tab=all&q=ribeirao+consorcio"),
        ("thread", f"/conversations/{thread_id}/"),
        ("older messages", f"/conversations/{thread_id}/older/?before={_middle(thread_id)}"),
        ("palette", "/palette/?q=maria+souza+7777"),
        ("notifications", "/notifications/all/"),
        ("failures", "/queue/"),
    )


def _middle(thread_id: int) -> int:
    from conversations.models import Message

    ids = list(Message.objects.filter(conversation=thread_id).order_by("pk").values_list("pk", flat=True))
    return ids[len(ids) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description="The consultants' pages at full size.")
    parser.add_argument("--leads", type=int, default=LEADS)
    parser.add_argument("--chats", type=int, default=CHATS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where, rows, late = machine.describe(), [], []
    with ground.servers(**ground.PRODUCTION, ALLOWED_HOSTS="testserver"):
        seen, owners = board.people()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            fill(raw, owners, options.leads, options.chats, options.messages)
        for person in seen:
            thread_id, lead_id = _of(person)
            for name, path in pages_of(person, thread_id, lead_id):
                rows.append(row := _measure(person, name, path, options.rounds))
                if quantiles(row.product, n=20)[-1] > AIM_MS:
                    late.append(row.case)
                print(f"{row.case}: {median(row.product):.1f} ms", flush=True)
    report.write("workspace", title="The workspace", intro=INTRO, unit="milliseconds", rows=rows, where=where)
    print("Past the aim:", late or "none")


def _measure(person: board.Person, name: str, path: str, rounds: int) -> report.Measured:
    nothing = partial(board.get, person, "/health/live")
    return board.measure(f"{person.name}: {name}", partial(board.get, person, path), nothing, rounds)


def _of(person: board.Person) -> tuple[int, int]:
    """A thread and a lead this person may see."""
    from conversations.models import Conversation

    threads = Conversation.objects.order_by("-last_message_at")
    if person.name == "consultant":
        threads = threads.filter(lead__consultant_id=person.pk)
    return threads.values_list("pk", "lead_id")[10]


if __name__ == "__main__":
    main()
