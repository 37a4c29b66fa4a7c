"""One event to many sockets: from the call of `publish` until the last client has it.

The product's way holds all of it: the transaction, its commit, Redis, the hub, Daphne's WebSocket. The floor writes
the same bytes from a bare asyncio server to the same number of TCP connections of the same client program.
"""

import argparse
import json
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bench import machine, report
from bench.ground import ROOT, free_port, product

if TYPE_CHECKING:
    from crm.accounts.models import User

SIZES = (100, 500, 2000)
ROUNDS = 21
EVENT_BYTES = 1024
PATIENCE_SECONDS = 600.0
HTML = f'<div id="bench">{"x" * (EVENT_BYTES - 100)}</div>'
INTRO = (
    "One event of 1 KB to every socket of a room, from the call until the last client has it. The product: one Daphne; "
    "a transaction, its commit, Redis, the hub, WebSocket. The floor: a bare asyncio server that writes a ready-made "
    "WebSocket frame of the same size to as many TCP connections, and does nothing else. Both have the same client "
    "program, one process each, which parses every frame. Rounds alternate."
)


class Peer:
    """A helper process that answers lines with lines."""

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Its next line; a helper that says nothing for long is ended."""
        patience = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        patience.start()
        line = self.process.stdout.readline().strip()
        patience.cancel()
        if not line or line.startswith("lost"):
            raise RuntimeError(f"{self.process.args[2]}: {line or 'it ended'}")
        return line

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def peer(module: str, *arguments: object, first: object = None) -> Iterator[Peer]:
    helper = Peer(module, *arguments)
    try:
        if first is not None:
            helper.tell(json.dumps(first))
        if (word := helper.hear()) != "ready":
            raise RuntimeError(f"{module}: {word}")
        yield helper
    finally:
        helper.close()


@contextmanager
def reader() -> Iterator["User"]:
    """Somebody who may join a room; gone afterwards."""
    from crm.accounts.models import User

    user = User.objects.create_user(f"bench-{secrets.token_hex(6)}@example.com", name="Ana")
    try:
        yield user
    finally:
        user.delete()


def session_cookie(user: "User") -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def publish_event(room: str) -> float:
    """Publish a frame of about EVENT_BYTES; the monotonic clock just before."""
    from crm.core.work import unit
    from crm.realtime.publish import publish

    start = time.monotonic()
    with unit():
        publish([room], kind="bench", object_id="bench", render=lambda: HTML)
    return start


def event_size(room: str, seq: int) -> int:
    """The bytes of an event's text as the product sends it."""
    from crm.realtime.frames import Frame

    return len(Frame(room, seq, "bench", "bench", {"en": HTML}).text("en"))


def floor_event(server: Peer) -> float:
    server.tell("go")
    return float(server.hear())


def measure(port: int, sockets: int, rounds: int, user: "User") -> report.Measured:
    from crm.realtime.rooms import snapshot

    measured = report.Measured(f"{sockets:,} sockets")
    raw, room = free_port(), f"user.{user.pk}"
    wish = {"cookie": session_cookie(user), "rooms": snapshot(user)}
    with ExitStack() as stack:
        server = stack.enter_context(peer("bench.rawserver", raw, event_size(room, wish["rooms"][room] + 1)))
        bare = stack.enter_context(peer("bench.sockets", raw, sockets, first={"cookie": None, "rooms": {}}))
        followers = stack.enter_context(peer("bench.sockets", port, sockets, first=wish))
        for number in range(rounds + 1):  # the first is the warm-up
            product_start = publish_event(room)
            product_ms = (float(followers.hear()) - product_start) * 1000
            floor_start = floor_event(server)
            floor_ms = (float(bare.hear()) - floor_start) * 1000
            if number:
                measured.product.append(product_ms)
                measured.floor.append(floor_ms)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description="One event to many sockets, beside a bare asyncio server.")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of sockets")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    where = machine.describe()
    with product() as port, reader() as user:
        rows = [measure(port, sockets, options.rounds, user) for sockets in options.sizes]
    report.write("fanout", title="One event to many sockets", intro=INTRO, unit="milliseconds", rows=rows, where=where)


if __name__ == "__main__":
    main()
