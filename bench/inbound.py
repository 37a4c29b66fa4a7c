"""Inbound messages a second through spool and drainer, beside a raw append and a raw insert.

The product: a message as the gateway reports it is appended to the spool, read, checked for repeats, stored under its
thread's lock with the lead's card and every list it is on rendered in both languages, and the spool's offset moves.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import psycopg

from bench import ground, machine, report

MESSAGES, CHATS, ROUNDS = 2000, 50, 5
SHAPES = {
    "a backlog of 40 messages a chat": 40,
    "bursts of 4 messages a chat": 4,
    "one message a chat": 1,
}
COLUMNS = (
    "conversation_id direction author kind text media provider_id quoted_provider_id state error_code error_detail "
    "attempts typing_ms sent_at state_changed_at created_at revision media_state media_attempts original_text "
    "transcript transcript_state"
).split()
INTRO = (
    f"{MESSAGES:,} messages of {CHATS} people, none of whom is new. The product: each is appended to the spool, then "
    "the drainer stores them all, in the order the shape names: a backlog as after an hour without PostgreSQL, short "
    "bursts, or people taking turns. The floor: one thread appends the same bytes to a file and inserts a copy of the "
    "message's row with its indexes, one transaction a message, and nothing else: no look for repeats, no thread, no "
    "lead, no page."
)


class Numbers:
    """Provider ids, never used again."""

    fresh = count(1)


def records(inbox_people: Sequence[str], together: int) -> Iterator[bytes]:
    """Messages of all people, `together` of one before the next one's, until there are enough."""
    from crm.core.clock import now
    from whatsapp.gateways.base import MessageArrived, to_bytes

    for number in range(MESSAGES):
        phone = inbox_people[(number // together) % CHATS]
        yield to_bytes(
            MessageArrived(
                provider_id=f"3EB0{next(Numbers.fresh):018d}",
                chat=f"{phone}@s.whatsapp.net",
                phone=phone,
                push_name=f"Cliente {phone[-4:]}",
                text=f"Quero saber mais sobre o consórcio, mensagem {number}",
                sent_at=now(),
            )
        )


def through_product(inbox_id: int, rows: Sequence[bytes]) -> float:
    from whatsapp.drainer import Drainer
    from whatsapp.spool import Spool

    with tempfile.TemporaryDirectory() as folder, Spool(Path(folder) / "spool") as spool:
        drainer = Drainer(spool=spool, inbox_id=inbox_id, quarantine=Path(folder) / "quarantine")
        start = time.monotonic()
        for row in rows:
            spool.append(row)
        while drainer.drain():
            pass
        seconds = time.monotonic() - start
        assert not drainer.quarantined and not spool.pending
    return len(rows) / seconds


def through_floor(rows: Sequence[bytes]) -> float:
    insert = (
        f"INSERT INTO raw_message (id, {', '.join(COLUMNS)}) SELECT %s, {', '.join(COLUMNS)} "
        "FROM (SELECT * FROM conversations_message ORDER BY id DESC LIMIT 1) newest"
    )
    with (
        tempfile.TemporaryFile() as file,
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
    ):
        values = connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM conversations_message ORDER BY id DESC LIMIT 1"
        ).fetchone()
        assert values
        insert = f"INSERT INTO raw_message ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
        place = COLUMNS.index("provider_id")
        start = time.monotonic()
        for row in rows:
            os.write(file.fileno(), row)
            own = [*values]
            own[place] = f"RAW{next(Numbers.fresh)}"
            connection.execute(insert, own)
        return len(rows) / (time.monotonic() - start)


def prepare() -> tuple[int, list[str]]:
    """An inbox and people who have written before."""
    from django.db import connection

    from conversations.models import Inbox, InboxRole

    inbox = Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA)
    people = [f"55119981{number:05d}" for number in range(CHATS)]
    through_product(inbox.pk, list(records(people, 1))[:CHATS])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_message (LIKE conversations_message INCLUDING ALL)")
    return inbox.pk, people


def main() -> None:
    parser = argparse.ArgumentParser(description="Inbound messages a second, beside a raw append and insert.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--profile", action="store_true", help="show where one round spends its time, measure nothing")
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION):
        inbox_id, people = prepare()
        if options.profile:
            profile(lambda: through_product(inbox_id, list(records(people, 40))))
            return
        rows = []
        for case, together in SHAPES.items():
            row = report.Measured(case)
            for number in range(options.rounds + 1):  # the first is the warm-up
                product = through_product(inbox_id, list(records(people, together)))
                floor = through_floor(list(records(people, together)))
                print(f"{case}: {product:.0f} a second; floor {floor:.0f}", flush=True)
                if number:
                    row.product.append(product)
                    row.floor.append(floor)
            rows.append(row)
    report.write("inbound", title="Inbound messages", intro=INTRO, unit="messages a second", rows=rows, where=where)


def profile(call: Callable[[], float]) -> None:
    import cProfile
    import pstats

    call()
    with cProfile.Profile() as profiler:
        print(f"{call():.0f} a second")
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
