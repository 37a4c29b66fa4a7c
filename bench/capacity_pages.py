"""Capacity: thousands of sockets and their events, and every page meanwhile, with the whole database in one product."""

import argparse
import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import board, burst, ground, workspace
from bench.crew import crew
from bench.fanout import peer, reader, session_cookie

SHOWN = (
    "board", "leads", "lead", "my day", "conversations, all", "conversations, mine", "thread", "palette",
    "notifications",
)  # fmt: skip
EVENT_RATE = 10
HEAD = (
    "| who | page | median ms | longest ms |\n|---|---|---:|---:|",
    "| sockets | changes/s | frames | lost or out of order | p50 ms | p99 ms | max ms |\n"
    "|---:|---:|---:|---:|---:|---:|---:|",
)


def sockets_and_pages(base: Path, people: Sequence[board.Person], options: argparse.Namespace) -> list[str]:
    """All sockets open and a stream of changes, while each page is asked for over HTTP."""
    with ExitStack() as stack:
        user = stack.enter_context(reader())
        web = stack.enter_context(ground.gunicorn(base))
        port, _pid = stack.enter_context(ground.realtime(base, "daphne"))
        others = stack.enter_context(crew(base))
        others.background()
        from crm.realtime.rooms import snapshot

        wish = {"cookie": session_cookie(user), "rooms": snapshot(user)}
        followers = stack.enter_context(peer("bench.burstsockets", port, options.sockets, first=wish))
        with publishing(f"user.{user.pk}") as publisher:
            rows = [row for person in people for row in pages(web, person, options.rounds)]
        followers.tell(json.dumps({"events": publisher.events, "patience": 120}))
        account = json.loads(followers.hear())
    delays = " | ".join(f"{account[key]:.0f}" for key in ("p50", "p99", "max"))
    lost = account["missing"] or "none"
    line = f"| {options.sockets:,} | {publisher.rate:.0f} | {account['frames']:,} | {lost} | {delays} |"
    return [HEAD[1], line, "", "Pages over HTTP in the same minute:", "", HEAD[0], *rows]


class Publisher(threading.Thread):
    """Changes in the sockets' room, as many a second as a busy team makes, until it is stopped."""

    def __init__(self, room: str) -> None:
        super().__init__(daemon=True)
        self.room, self.stopping = room, threading.Event()
        self.events, self.rate = 0, 0.0

    def run(self) -> None:
        from django.db import connection

        began = time.monotonic()
        while not self.stopping.is_set():
            events, _took = burst.publish_all(self.room, EVENT_RATE, 1)
            self.events += events
        self.rate = self.events / (time.monotonic() - began)
        connection.close()


@contextmanager
def publishing(room: str) -> Iterator[Publisher]:
    publisher = Publisher(room)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stopping.set()
        publisher.join(60)


def pages(port: int, person: board.Person, rounds: int) -> list[str]:
    from django.conf import settings

    from crm.rehearsal.summary import Waits

    thread_id, lead_id = workspace._of(person)
    cookie = f"{settings.SESSION_COOKIE_NAME}={person.client.cookies[settings.SESSION_COOKIE_NAME].value}"
    rows = []
    for name, path in workspace.pages_of(person, thread_id, lead_id):
        if name in SHOWN:
            seconds = Waits.of([ask(port, path, cookie) for _ in range(rounds + 1)][1:])
            cells = " | ".join(f"{(cut or 0) * 1000:.0f}" for cut in (seconds.p50, seconds.longest))
            rows.append(f"| {person.name} | {name} | {cells} |")
            print(rows[-1], flush=True)
    return rows


def ask(port: int, path: str, cookie: str) -> float:
    began = time.monotonic()
    connection = http.client.HTTPConnection(ground.HOST, port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return time.monotonic() - began
    finally:
        connection.close()
