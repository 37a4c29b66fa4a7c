"""What one machine carries: all of the product at once, with a full database.

    .venv/bin/python -m bench.capacity [--parts pages,inbound,scaling] [--leads 100000] [--chats 10000]

`pages`: 5,000 sockets with a stream of changes, and every page meanwhile. `inbound`: the rate of messages in, raised
until somebody waits too long, and the memory of each process. `scaling`: a second process of a kind beside one. The
simulated phones, the clients and the servers share the machine.
"""

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg

from bench import board, capacity_inbound, capacity_pages, capacity_scaling, ground, inbound, machine, report, workspace

PARTS = ("pages", "inbound", "scaling")
NAMES = {
    "pages": "Sockets and pages",
    "inbound": "Messages in",
    "memory": "Memory by process",
    "scaling": "A second process",
}
NOTES = {
    "pages": "Every socket is in one room with ten changes a second of 1 KB; pages are asked for one after the other.",
    "inbound": (
        "New and known clients write at a rate (Poisson) for {seconds:g} s, or until somebody waits too long; the next "
        "step follows once all is settled. "
        "A rate holds while nobody waits longer than 5 s to be stored, and for an answer no longer than 5 s beyond "
        "what Lívia takes on purpose. A number's pace of sending, 20 a minute by default, is lifted: it is a choice, "
        "not a limit of the machine. The floor, a bare append and insert of such a row by one thread: {floor:.0f}/s."
    ),
    "memory": (
        "PSS: pages shared by several processes count once, in equal parts. Loaded: at the highest rate held with "
        "answers."
    ),
    "scaling": (
        "The same backlog or requests for one process and for two, alternating. PostgreSQL, Valkey and the clients "
        "run on the same cores: where processes compute, two can only share what the cores have left."
    ),
}


def main() -> None:
    options = arguments()
    where, found = machine.describe(), {}
    settings = {"ALLOWED_HOSTS": "testserver,127.0.0.1,localhost", "GROQ_API_KEY": ""}
    with ground.servers(**ground.PRODUCTION, **settings, MANAGERS_NEED_SECOND_FACTOR="0") as base:
        people, owners = board.people()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            began = time.monotonic()
            workspace.fill(raw, owners, options.leads, options.chats, options.messages)
            print(f"The database was filled in {time.monotonic() - began:.0f} s.", flush=True)
        inbox_id = inbox()
        if "pages" in options.parts:
            found["pages"] = capacity_pages.sockets_and_pages(base, people, options)
            write(options, where, found)
        if "inbound" in options.parts:
            options.floor = floor()
            found["inbound"], found["memory"] = capacity_inbound.rates(base, inbox_id, options)
            write(options, where, found)
        if "scaling" in options.parts:
            found["scaling"] = capacity_scaling.table(base, inbox_id, options)
            write(options, where, found)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What one machine carries.")
    parser.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--sockets", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7, help="times each page is asked for")
    parser.add_argument("--seconds", type=float, default=20, help="at each rate")
    parser.add_argument("--rates", type=lambda text: [float(rate) for rate in text.split(",")], help="own for all")
    parser.add_argument("--turns", type=int, default=80)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=2, help="of one process and two, by turns")
    parser.add_argument("--out", type=Path, default=report.RESULTS / "capacity.md", help="elsewhere for a rehearsal")
    return parser.parse_args()


def inbox() -> int:
    from conversations.models import Inbox

    return Inbox.objects.get(name="Bench").pk


def floor() -> float:
    """Rows like those of a message, a second."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_message (LIKE conversations_message INCLUDING ALL)")
    rows = list(inbound.records(["5511998100000"] * inbound.CHATS, 1))
    return median(inbound.through_floor(rows) for _ in range(3))


def write(options: argparse.Namespace, where: str, found: dict[str, list[str]]) -> None:
    text = ["# What one machine carries", "", *(__doc__ or "").strip().splitlines()[4:], ""]
    text += [f"{options.leads:,} leads, {options.chats:,} chats, {options.messages:,} messages in one database.", ""]
    text += [f"Measured {datetime.now(UTC):%Y-%m-%d} on: {where}.", ""]
    for part, lines in found.items():
        note = NOTES[part].format(seconds=options.seconds, floor=getattr(options, "floor", 0))
        text += [f"## {NAMES[part]}", "", note, "", *lines, ""]
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text("\n".join(text))
    print("\n".join(text))


if __name__ == "__main__":
    main()
