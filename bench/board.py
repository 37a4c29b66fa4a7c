"""The board with a growing number of leads: its first page, one more page of a column, and a move.

The product: the whole request inside the web process, from the session to the last byte of HTML, as a manager and as a
consultant. The floor: the same rows by plain SQL on a plain connection.
"""

import argparse
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

import psycopg

from bench import ground, machine, report

if TYPE_CHECKING:
    from django.test import Client

SIZES = (1_000, 10_000, 100_000)
CONSULTANTS = 20
ROUNDS = 41
# Closed deals pile up, open ones do not: hundredths of all leads by column.
SHARES = {"NEW": 8, "CONTACTED": 14, "QUALIFIED": 10, "PROPOSAL": 8, "WON": 20, "LOST": 40}
INTRO = (
    f"{CONSULTANTS} consultants, 6 columns of 50 cards, 3 % of the leads nobody's. Product: the request within the web "
    "process. Floor: the same rows by plain SQL; of a move, the update of the lead's row alone. In brackets after each "
    "case: 95 % of the requests took less, database queries, size of the answer."
)

LEADS = """
INSERT INTO leads_lead (name, phone, phone_key, email, city, uf, status, rank, version, revision, status_changed_at,
    lost_reason, lost_note, awaits_consultant, attended_by, product, credit_amount, term_months, occupation, purpose,
    ai_score, ai_temperature, ai_reasons, transfer_summary, source, tracking, message, last_message_text,
    last_message_direction, unread_count, next_task_title, created_at, updated_at, consultant_id)
SELECT 'Maria Souza ' || n, '+55119' || lpad(n::text, 8, '0'), '+55119' || lpad(n::text, 8, '0'), '', 'Natal', 'RN',
    (%(statuses)s::text[])[1 + {n} %% 100], -1e15 + {n} * 1e5, 1, 1, now() - n * interval '1 minute',
    '', '', false, CASE n %% 3 WHEN 0 THEN 'livia' ELSE '' END, 'home_equity', n * 1000, 180, '', '',
    n %% 100, CASE n %% 3 WHEN 0 THEN 'HOT' WHEN 1 THEN 'WARM' ELSE 'COLD' END, '[]', '', 'form', '{}', '',
    'Quero quitar dívidas com a garantia da minha casa.', 'in', n %% 4, '', now(), now(),
    CASE WHEN {n} / 100 %% 100 < 97 THEN (%(owners)s::bigint[])[1 + {n} / 10000 %% 20] END
FROM generate_series(%(first)s::int, %(last)s::int) AS n
""".replace("{n}", "(hashint4(n) & 2147483647)")
PAGE = """
SELECT page.*, person.name FROM unnest(%(statuses)s::text[]) AS s(status) CROSS JOIN LATERAL ({rows}) AS page
LEFT JOIN accounts_user AS person ON person.id = page.consultant_id
"""
ALL = "SELECT * FROM leads_lead WHERE status = s.status {after} ORDER BY rank, id DESC LIMIT 51"
OWN = """
SELECT * FROM (
    (SELECT * FROM leads_lead WHERE status = s.status AND consultant_id = %(me)s {after}
        ORDER BY rank, id DESC LIMIT 51)
    UNION ALL
    (SELECT * FROM leads_lead WHERE status = s.status AND consultant_id IS NULL {after}
        ORDER BY rank, id DESC LIMIT 51)
) AS mine ORDER BY rank, id DESC LIMIT 51
"""
AFTER = "AND (rank > %(rank)s OR rank = %(rank)s AND id < %(id)s)"
TOTALS = "SELECT consultant_id, status, sum(leads), sum(amount) FROM leads_boarddelta GROUP BY 1, 2"
MOVED = "UPDATE leads_lead SET status = %s, rank = %s, version = version + 1, revision = revision + 1 WHERE id = %s"


@dataclass
class Person:
    name: str
    pk: int
    client: "Client"
    rows: str  # the floor's query for what this person sees of a column


def people() -> tuple[list[Person], list[int]]:
    """A manager and a consultant, signed in; and all consultants' keys."""
    from django.test import Client

    from crm.accounts.models import Role, User
    from leads.models import Consultant

    users = [User.objects.create_user(f"c{number}@example.com", name=f"Caio {number}") for number in range(CONSULTANTS)]
    Consultant.objects.bulk_create([Consultant(user=user) for user in users])
    manager = User.objects.create_user("bruno@example.com", name="Bruno", role=Role.MANAGER)
    seen = []
    for name, user, rows in (("manager", manager, ALL), ("consultant", users[0], OWN)):
        client = Client()
        client.force_login(user, "crm.accounts.backends.RoleBackend")
        seen.append(Person(name, user.pk, client, rows))
    return seen, [user.pk for user in users]


def grow(raw: psycopg.Connection, owners: list[int], first: int, last: int) -> None:
    """Leads number `first` to `last`, the ledger folded and the statistics fresh, as an evening leaves them."""
    from leads.totals import totals_compact

    statuses = [status for status, share in SHARES.items() for _ in range(share)]
    raw.execute(LEADS, {"statuses": statuses, "owners": owners, "first": first, "last": last})
    totals_compact()
    raw.execute("VACUUM ANALYZE leads_lead, leads_boarddelta")


def measure(case: str, ask: Callable[[], "object"], floor: Callable[[], object], rounds: int) -> report.Measured:
    """Alternating; the first tenth is the warm-up."""
    row = report.Measured(case)
    for number in range(-rounds // 10, rounds):
        ours, plain = _milliseconds(ask), _milliseconds(floor)
        if number >= 0:
            row.product.append(ours)
            row.floor.append(plain)
    p95 = quantiles(row.product, n=20)[-1]
    row.case += f" ({p95:.1f} ms, {_queries(ask)} queries, {len(ask().content) / 1024:.0f} KB)"  # type: ignore[attr-defined]
    return row


def _milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _queries(ask: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def pages(raw: psycopg.Connection, person: Person, size: int, rounds: int) -> list[report.Measured]:
    from crm.accounts.models import User
    from leads.selectors import board_columns

    statuses = list(SHARES)
    board_sql, column_sql = (
        PAGE.format(rows=person.rows.format(after="")),
        PAGE.format(rows=person.rows.format(after=AFTER)),
    )
    last = next(column for column in board_columns(User.objects.get(pk=person.pk)) if column.status == "LOST").last
    place = {"rank": last.rank, "id": last.pk, "me": person.pk, "statuses": ["LOST"]}

    def board_floor() -> None:
        raw.execute(board_sql, {"statuses": statuses, "me": person.pk}).fetchall()
        raw.execute(TOTALS).fetchall()

    return [
        measure(f"{size:,} leads, {person.name}: board", lambda: get(person, "/board/"), board_floor, rounds),
        measure(
            f"{size:,} leads, {person.name}: more of a column",
            lambda: get(person, f"/board/columns/LOST/?rank={last.rank}&id={last.pk}"),
            lambda: raw.execute(column_sql, place).fetchall(),
            rounds,
        ),
    ]


def moves(raw: psycopg.Connection, person: Person, size: int, rounds: int) -> report.Measured:
    """Cards of the open columns go down under a card of the next one."""
    from leads.models import Lead

    movable = list(Lead.objects.filter(status__in=["CONTACTED", "QUALIFIED"], consultant_id__gt=0)[: rounds * 4])
    targets = list(Lead.objects.filter(status="PROPOSAL").order_by("rank").values_list("pk", flat=True)[:50])

    def move() -> object:
        lead = movable.pop()
        data = {"to": "PROPOSAL", "version": lead.version, "after": random.choice(targets)}
        return _checked(person.client.post(f"/leads/{lead.pk}/move/", data), 204)

    def floor() -> None:
        lead = movable.pop()
        raw.execute(MOVED, ["PROPOSAL", lead.rank, lead.pk])

    return measure(f"{size:,} leads, {person.name}: move", move, floor, rounds)


def get(person: Person, path: str) -> object:
    return _checked(person.client.get(path), 200)


def _checked(answer, status: int):
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description="The board with many leads, beside plain SQL.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of leads, growing")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where, rows, grown = machine.describe(), [], 0
    with ground.servers(**ground.PRODUCTION, ALLOWED_HOSTS="testserver"):
        seen, owners = people()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            for size in options.sizes:
                grow(raw, owners, grown + 1, size)
                grown = size
                for person in seen:
                    rows += pages(raw, person, size, options.rounds)
                rows.append(moves(raw, seen[0], size, options.rounds))
    board = {row.case.partition(" (")[0]: median(row.product) for row in rows if ": board" in row.case}
    print("first pages:", {case: f"{figure:.1f} ms" for case, figure in board.items()})
    report.write("board", title="The board", intro=INTRO, unit="milliseconds", rows=rows, where=where)


if __name__ == "__main__":
    main()
