"""Leads a second through `POST /api/leads` on the production server, beside the same rows by plain SQL.

The product: gunicorn with two workers; JSON is validated, the lead classified and assigned in turn, its cards, totals
and notification rendered in both languages, numbered and stored. The floor: as many psycopg threads writing the same
rows in one transaction each.
"""

import argparse
from collections import Counter
from itertools import count

from bench import ground, machine, report
from bench.fanout import Peer, peer

CLIENTS = (16, 32)
LEADS = 600
ROUNDS = 5
CONSULTANTS = 10
TOKEN = "a-token-for-the-benchmark"
FLOORS = {"in-turn": "same rows in turn", "told": "same rows, owner told", "row": "one row"}
INTRO = (
    f"{LEADS:,} leads posted by parallel clients, {CONSULTANTS} consultants in the rotation. The product: gunicorn "
    "with 2 workers of 16 threads. The floors: as many psycopg threads. “Same rows in turn” writes the same rows "
    "(lead, interaction, turn, notification, room counters, events) in one transaction each and finds whose turn it "
    "is under a lock, as the product must, but has the HTML ready; “owner told” is told whose turn it is; “one row” "
    "writes the lead alone. After each round of the product: none lost, no consultant more than one lead ahead."
)


class Round:
    """One series of phones, never used again."""

    starts = count(1, LEADS)

    def __init__(self, leads: int) -> None:
        self.leads, self.first = leads, next(self.starts)

    def check(self) -> None:
        """Raises AssertionError when a lead is missing or the rotation limps."""
        from bench.posters import phone
        from leads.models import Lead

        phones = [phone(number) for number in range(self.first, self.first + self.leads)]
        owners = Counter(Lead.objects.filter(phone__in=phones).values_list("consultant_id", flat=True))
        assert owners.total() == self.leads, f"{self.leads - owners.total()} leads are lost"
        assert len(owners) == CONSULTANTS and max(owners.values()) - min(owners.values()) <= 1, owners


def consultants_hire() -> None:
    from crm.accounts.models import User
    from leads.models import Consultant

    for number in range(CONSULTANTS):
        user = User.objects.create_user(f"consultant{number}@example.com", name=f"Consultora {number}")
        Consultant.objects.create(user=user)


def ask(helper: Peer, *words: object) -> float:
    helper.tell(" ".join(map(str, words)))
    return float(helper.hear())


def measure(posters: Peer, raw: Peer, clients: int, leads: int, rounds: int) -> list[report.Measured]:
    rows = {kind: report.Measured(f"{clients} clients, {floor}") for kind, floor in FLOORS.items()}
    for number in range(rounds + 1):  # the first is the warm-up
        ours = Round(leads)
        product = leads / ask(posters, clients, leads, ours.first)
        ours.check()
        floors = {kind: leads / ask(raw, kind, clients, leads, Round(leads).first) for kind in FLOORS}
        print(f"{clients} clients: {product:.0f} a second; {floors}", flush=True)
        for kind, row in rows.items():
            if number:
                row.product.append(product)
                row.floor.append(floors[kind])
    return list(rows.values())


def main() -> None:
    parser = argparse.ArgumentParser(description="Leads a second, beside plain SQL.")
    parser.add_argument("clients", nargs="*", type=int, default=CLIENTS, help="numbers of parallel clients")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION, LEADS_API_TOKEN=TOKEN) as base:
        consultants_hire()
        with (
            ground.gunicorn(base) as port,
            peer("bench.posters", port, TOKEN) as posters,
            peer("bench.rawleads") as raw,
        ):
            rows = [row for clients in options.clients for row in measure(posters, raw, clients, LEADS, options.rounds)]
    report.write("lead_post", title="Posting leads", intro=INTRO, unit="leads a second", rows=rows, where=where)


if __name__ == "__main__":
    main()
