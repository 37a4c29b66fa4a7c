"""The API beside bare Django views: leads posted and lists of 50, a second, on the same server in one run.

The product: a key, its limits, every field checked, what is not known refused, and the answer a lead as the document
says. The floor: a Django view that reads JSON, calls the same service or the same query, and answers with JSON; behind
the same middleware, for anybody.
"""

import argparse
import os
from itertools import count

from bench import ground, machine, report
from bench.fanout import Peer, peer
from bench.lead_post import consultants_hire

CLIENTS = 16
POSTS, LISTS = 200, 300
ROUNDS = 5
AIM = 0.6
CASES = (
    ("posting a lead", "post", "bare-post", POSTS),
    ("posting with an Idempotency-Key", "repeatable", "bare-post", POSTS),
    ("a list of 50 leads", "list", "bare-list", LISTS),
)
INTRO = (
    f"{CLIENTS} parallel clients, gunicorn with 2 workers of 16 threads, 10 consultants in the rotation. The product: "
    "`/api/v1/leads` with a key. The floor: a plain Django view on the same server, behind the same middleware, that "
    "checks nothing and nobody: JSON in, the same service or query, JSON out. The service is most of the work of a "
    "post: it classifies, assigns in turn, keeps the consent, tells boards and the consultant. "
    f"Aim: {AIM} of the floor."
)


def key_make() -> str:
    from crm.accounts.models import Role, User
    from crm.api.keys import key_create
    from crm.api.scopes import Scope

    user = User.objects.create_user("bench-api@example.com", name="Bruno", role=Role.MANAGER)
    return key_create(user=user, name="bench", scopes=[Scope.LEADS_READ, Scope.LEADS_WRITE])[1]


def measure(askers: Peer, rounds: int) -> list[report.Measured]:
    rows = {name: report.Measured(name) for name, *_rest in CASES}
    phones = count(1, POSTS)
    for number in range(rounds + 1):  # the first is the warm-up
        for name, ours, bare, requests in CASES:
            product = _rate(askers, ours, requests, next(phones))
            floor = _rate(askers, bare, requests, next(phones))
            print(f"{name}: {product:.0f} and {floor:.0f} a second, {product / floor:.2f} ×", flush=True)
            if number:
                rows[name].product.append(product)
                rows[name].floor.append(floor)
    return list(rows.values())


def _rate(askers: Peer, kind: str, requests: int, first: int) -> float:
    askers.tell(f"{kind} {CLIENTS} {requests} {first}")
    return requests / float(askers.hear())


def main() -> None:
    parser = argparse.ArgumentParser(description="The API, beside bare Django views.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION, MANAGERS_NEED_SECOND_FACTOR="0") as base:
        consultants_hire()
        key = key_make()
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"
        with ground.gunicorn(base) as port, peer("bench.askers", port, key) as askers:
            rows = measure(askers, options.rounds)
    report.write("api", title="The API", intro=INTRO, unit="requests a second", rows=rows, where=where)


if __name__ == "__main__":
    main()
