"""The floors of `lead_post`: the rows of a lead written by plain psycopg threads.

    python -m bench.rawleads

Each line on standard input, `KIND THREADS LEADS FIRST`, writes that many leads numbered from FIRST; the answer is the
seconds it took. KIND `in-turn` writes all rows of a lead in one transaction and finds whose turn it is, as the product
does; `told` knows whose turn it is and takes no lock for it; `row` writes the lead alone. The rows are copies of the
newest lead the product made, so both write the same bytes.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from bench.posters import phone

COPIED = (
    "email city uf status version revision status_changed_at lost_reason lost_note awaits_consultant attended_by "
    "product credit_amount property_value monthly_income term_months occupation purpose ai_score ai_temperature "
    "ai_reasons transfer_summary source tracking message consented_at last_message_text last_message_direction "
    "unread_count next_task_at next_task_title created_at updated_at"
).split()
COLUMNS = ["name", "phone", "phone_key", "rank", "consultant_id", *COPIED]
INSERT = f"INSERT INTO leads_lead ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"

LOCK = "SELECT pg_advisory_xact_lock(1)"
TURN = (
    "UPDATE leads_consultant SET turn = nextval('leads_rotation_turn'), assigned_count = assigned_count + 1, "
    "last_assigned_at = now() WHERE user_id = {} RETURNING user_id"
)
TOLD, NEXT = TURN.format("%s"), TURN.format("(SELECT user_id FROM leads_consultant ORDER BY turn, user_id LIMIT 1)")
INTERACTION = (
    "INSERT INTO leads_interaction (lead_id, kind, actor_kind, data, created_at) VALUES (%s, %s, %s, %s, now())"
)
NOTIFICATION = (
    "INSERT INTO realtime_notification (user_id, kind, title_id, body_id, url, data, once, push_state, push_attempts, "
    "created_at) VALUES (%s, %s, %s, %s, %s, %s, '', '', 0, now())"
)
ROOMS = (
    "INSERT INTO realtime_room (name, seq) SELECT * FROM unnest(%s::text[], %s::bigint[]) "
    "ON CONFLICT (name) DO UPDATE SET seq = realtime_room.seq + excluded.seq RETURNING name, seq"
)
EVENTS = (
    "INSERT INTO realtime_event (room, seq, kind, object_id, html, created_at) "
    "SELECT *, now() FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::jsonb[])"
)


NEWEST = (
    "SELECT room, kind, object_id, html FROM realtime_event "
    "WHERE created_at = (SELECT max(created_at) FROM realtime_event) ORDER BY room, seq"
)


class Specimen:
    """The rows of the newest lead."""

    def __init__(self, connection: psycopg.Connection) -> None:
        newest = "FROM {} ORDER BY id DESC LIMIT 1"
        fetch = connection.execute(f"SELECT id, consultant_id, {', '.join(COPIED)} {newest.format('leads_lead')}")
        lead_id, owner, *values = fetch.fetchone()
        self.lead = _plain(values)
        self.interaction = _row(connection, f"SELECT kind, actor_kind, data {newest.format('leads_interaction')}")
        self.note = _row(
            connection, f"SELECT kind, title_id, body_id, url, data {newest.format('realtime_notification')}"
        )
        self.events = [_plain(event) for event in connection.execute(NEWEST)]
        self.rooms = {
            f"lead.{lead_id}": "lead.{lead}",
            f"board.{owner}": "board.{owner}",
            f"user.{owner}": "user.{owner}",
        }
        self.consultants = [row[0] for row in connection.execute("SELECT user_id FROM leads_consultant ORDER BY 1")]


def _row(connection: psycopg.Connection, query: str) -> list[object]:
    return _plain(connection.execute(query).fetchone())


def _plain(values: Iterable[object]) -> list[object]:
    return [Jsonb(value) if isinstance(value, dict | list) else value for value in values]


def write_row(connection: psycopg.Connection, specimen: Specimen, number: int, owner: int | None = None) -> int:
    own = [f"Maria Souza {number}", phone(number), phone(number), -time.time_ns() // 1000, owner]
    return connection.execute(INSERT, own + specimen.lead).fetchone()[0]


def write_told(connection: psycopg.Connection, specimen: Specimen, number: int) -> None:
    owner = specimen.consultants[number % len(specimen.consultants)]
    connection.execute(TOLD, [owner])
    _write_rest(connection, specimen, number, owner)


def write_in_turn(connection: psycopg.Connection, specimen: Specimen, number: int) -> None:
    connection.execute(LOCK)
    (owner,) = connection.execute(NEXT).fetchone()
    _write_rest(connection, specimen, number, owner)


def _write_rest(connection: psycopg.Connection, specimen: Specimen, number: int, owner: int) -> None:
    lead_id = write_row(connection, specimen, number, owner)
    connection.execute(INTERACTION, [lead_id, *specimen.interaction])
    connection.execute(NOTIFICATION, [owner, *specimen.note])
    rooms, kinds, objects, html = (list(column) for column in zip(*specimen.events, strict=True))
    rooms = [specimen.rooms.get(room, room).format(lead=lead_id, owner=owner) for room in rooms]
    counts = {room: rooms.count(room) for room in sorted(set(rooms))}
    last = dict(connection.execute(ROOMS, [list(counts), list(counts.values())]).fetchall())
    seqs = [last[room] - rooms[place + 1 :].count(room) for place, room in enumerate(rooms)]
    connection.execute(EVENTS, [rooms, seqs, kinds, objects, html])


WRITE: dict[str, Callable[..., object]] = {"in-turn": write_in_turn, "told": write_told, "row": write_row}


def write(pool: ConnectionPool, specimen: Specimen, kind: str, threads: int, leads: int, first: int) -> float:
    numbers = iter(range(first, first + leads))
    lock, failed = threading.Lock(), []

    def work() -> None:
        while (number := _next(numbers, lock)) is not None:
            with pool.connection() as connection:
                WRITE[kind](connection, specimen, number)

    def watched() -> None:
        try:
            work()
        except Exception as error:
            failed.append(error)

    start = time.monotonic()
    workers = [threading.Thread(target=watched) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]
    return time.monotonic() - start


def _next(numbers: Iterator[int], lock: threading.Lock) -> int | None:
    with lock:
        return next(numbers, None)


def main() -> None:
    with ConnectionPool(os.environ["DATABASE_URL"], min_size=32, max_size=32) as pool:
        pool.wait()
        print("ready", flush=True)
        for line in sys.stdin:
            kind, *figures = line.split()
            with pool.connection() as connection:
                specimen = Specimen(connection)
            print(write(pool, specimen, kind, *map(int, figures)), flush=True)


if __name__ == "__main__":
    main()
