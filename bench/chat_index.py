"""The chat index with 10,000 chats: one chat, many chats, the latest of an inbox, a change.

The product: the function a page calls, from the call to its answer. The floors: a bare GET or MGET of the same bytes on
a client of its own, and the query that answers the same from the database.
"""

import argparse
import os
import random
import time
from collections.abc import Callable

import psycopg
import redis

from bench import ground, machine, report

CHATS = 10_000
ROUNDS = 1_001
LATEST = 50
INTRO = (
    f"{CHATS:,} chats of one inbox. Product: the function's call until its answer. Floors: a bare Redis command with "
    "the same bytes on an idle connection, and plain SQL for the same rows on a plain connection."
)
_LEADS = """
INSERT INTO leads_lead (name, phone, phone_key, email, city, uf, status, rank, version, revision, status_changed_at,
    lost_reason, lost_note, awaits_consultant, attended_by, product, occupation, purpose, ai_score, ai_temperature,
    ai_reasons, transfer_summary, source, tracking, message, last_message_text, last_message_direction, unread_count,
    next_task_title, created_at, updated_at)
SELECT 'Maria Souza ' || n, '+55119' || lpad(n::text, 8, '0'), '+55119' || lpad(n::text, 8, '0'), '', '', '', 'NEW', n,
    1, 1, now(), '', '', false, '', '', '', '', 0, '', '[]', '', 'whatsapp', '{}', '', '', '', 0, '', now(), now()
FROM generate_series(1, %(chats)s::int) AS n RETURNING id
"""
_SQL = """
SELECT c.id, l.name, c.last_message_text, c.last_message_at, c.unread_count
FROM conversations_conversation c JOIN leads_lead l ON l.id = c.lead_id
"""


def fill(raw: psycopg.Connection, chats: int) -> int:
    """An inbox with so many chats, the last message of each a while after the one before. Its id."""
    from datetime import timedelta

    from conversations.models import Contact, Conversation, Inbox, InboxRole
    from crm.core.clock import now

    inbox = Inbox.objects.create(name="Bench", role=InboxRole.LIVIA)
    leads = [row[0] for row in raw.execute(_LEADS, {"chats": chats})]
    people = Contact.objects.bulk_create([Contact(name=f"Maria {n}", phone_key=f"+55119{n:08d}") for n in range(chats)])
    text = "Quero quitar dívidas com a garantia da minha casa."
    Conversation.objects.bulk_create(
        Conversation(
            inbox=inbox, contact=person, lead_id=lead, chat=f"{n}@s.whatsapp.net", last_message_text=text,
            last_message_at=now() - timedelta(minutes=n), unread_count=n % 4,
        )
        for n, (person, lead) in enumerate(zip(people, leads, strict=True))
    )  # fmt: skip
    raw.execute("VACUUM ANALYZE conversations_conversation, leads_lead")
    return inbox.pk


def measure(case: str, ask: Callable[[], object], floor: Callable[[], object], rounds: int) -> report.Measured:
    """Alternating; the first tenth is the warm-up. In microseconds."""
    row = report.Measured(case)
    for number in range(-rounds // 10, rounds):
        ours, plain = _microseconds(ask), _microseconds(floor)
        if number >= 0:
            row.product.append(ours)
            row.floor.append(plain)
    return row


def _microseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e6


def cases(raw: psycopg.Connection, inbox_id: int, rounds: int) -> list[report.Measured]:
    from conversations import index
    from conversations.models import Conversation

    plain = redis.Redis.from_url(os.environ["REDIS_URL"])
    ids = list(Conversation.objects.values_list("pk", flat=True))
    assert index.rebuild() == len(ids)
    packed = dict(zip(ids, plain.hmget(index._keys()[0], ids), strict=True))
    plain.mset({f"bench:{pk}": row for pk, row in packed.items()})
    latest = [chat.conversation_id for chat in index.chats_latest(inbox_id, LATEST)]
    thread = index._threads().get(pk=latest[0])
    one, some = random.choice, random.sample
    by_latest = _SQL + "WHERE c.inbox_id = %s ORDER BY c.last_message_at DESC, c.id DESC LIMIT %s"
    return [
        measure(
            "one chat, beside GET", lambda: index.chat_get(one(ids)), lambda: plain.get(f"bench:{one(ids)}"), rounds
        ),
        measure(
            "one chat, beside SQL",
            lambda: index.chat_get(one(ids)),
            lambda: raw.execute(_SQL + "WHERE c.id = %s", [one(ids)]).fetchall(),
            rounds,
        ),
        measure(
            f"{LATEST} chats by id, beside MGET",
            lambda: index.chats_get(some(ids, LATEST)),
            lambda: plain.mget([f"bench:{pk}" for pk in some(ids, LATEST)]),
            rounds,
        ),
        measure(
            f"latest {LATEST}, beside MGET",
            lambda: index.chats_latest(inbox_id, LATEST),
            lambda: plain.mget([f"bench:{pk}" for pk in latest]),
            rounds,
        ),
        measure(
            f"latest {LATEST}, beside SQL",
            lambda: index.chats_latest(inbox_id, LATEST),
            lambda: raw.execute(by_latest, [inbox_id, LATEST]).fetchall(),
            rounds,
        ),
        measure(
            "a change, beside SET",
            lambda: index._write([index._row(thread)]),
            lambda: plain.set(f"bench:{thread.pk}", packed[thread.pk]),
            rounds,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="The chat index, beside bare Redis commands and SQL.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION, ALLOWED_HOSTS="testserver"):
        from conversations import index

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            inbox_id = fill(raw, CHATS)
            rows = cases(raw, inbox_id, options.rounds)
            start = time.perf_counter()
            index.rebuild()
            print(f"rebuilt in {time.perf_counter() - start:.2f} s")
    report.write("chat_index", title="The chat index", intro=INTRO, unit="microseconds", rows=rows, where=where)


if __name__ == "__main__":
    main()
