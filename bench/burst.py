"""A burst: thousands of sockets in one room, fifty changes a second for a minute, everything to everyone in order.

    .venv/bin/python -m bench.burst [SOCKETS] [--rate 50] [--seconds 60] [--server daphne]

Each change is a transaction of its own that publishes an event of 1 KB, stamped just before. The followers, a process,
check that every socket gets every byte of one and the same stream in order, and note when. The floor is a bare asyncio
server that writes one ready-made frame of the same size to as many connections at the same rate.
"""

import argparse
import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bench import machine
from bench.fanout import EVENT_BYTES, Peer, event_size, peer, reader, session_cookie
from bench.ground import free_port, realtime, servers
from bench.report import RESULTS

if TYPE_CHECKING:
    from crm.accounts.models import User

SOCKETS, RATE, SECONDS = 5000, 50, 60
FILLER = "x" * (EVENT_BYTES - 130)
INTRO = (
    "Fifty changes a second for a minute in one room, 1 KB each, every change a transaction of its own, to every "
    "socket of the room. Delay: from just before the change is published until a socket has its last byte, over all "
    "sockets and changes. The followers, the publisher, the web server, PostgreSQL and Valkey share the machine. The "
    "floor is a bare asyncio server that writes a ready-made frame of the same size at the same rate to as many "
    "connections."
)


def publish_all(room: str, rate: int, seconds: float) -> tuple[int, float]:
    """Publish at the rate, as far as the machine keeps up; how many, and within how many seconds."""
    from crm.core.work import unit
    from crm.realtime.publish import publish

    began, number = time.monotonic(), 0
    while number < rate * seconds:
        wait = began + number / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        html = f'<div data-at="{time.monotonic():.6f}">{FILLER}</div>'
        with unit():
            publish([room], kind="bench", object_id=f"bench-{number}", render=lambda html=html: html)
        number += 1
    return number, time.monotonic() - began


def tick_all(server: Peer, rate: int, seconds: float) -> tuple[int, float]:
    """The same by the bare server, which stamps its frames itself."""
    began, number = time.monotonic(), 0
    while number < rate * seconds:
        wait = began + number / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        server.tell("go")
        server.hear()
        number += 1
    return number, time.monotonic() - began


def heard(followers: Peer, events: int, seconds: float) -> dict[str, Any]:
    """The followers' account once all of them have all events."""
    followers.tell(json.dumps({"events": events, "patience": seconds + 60}))
    return json.loads(followers.hear())


def measure(port: int, options: argparse.Namespace, user: "User") -> dict[str, Any]:
    from crm.realtime.rooms import snapshot

    room = f"user.{user.pk}"
    wish = {"cookie": session_cookie(user), "rooms": snapshot(user)}
    with peer("bench.burstsockets", port, options.sockets, first=wish) as followers:
        warm_up, _took = publish_all(room, options.rate, 2)
        heard(followers, warm_up, 2)
        before = cpu(options.process)
        events, took = publish_all(room, options.rate, options.seconds)
        account = heard(followers, events, options.seconds)
        return {**account, "rate": events / took, "cpu": (cpu(options.process) - before) / took}


def measure_floor(options: argparse.Namespace, size: int) -> dict[str, Any]:
    raw = free_port()
    with ExitStack() as stack:
        server = stack.enter_context(peer("bench.rawserver", raw, size, "stamped"))
        bare = stack.enter_context(
            peer("bench.burstsockets", raw, options.sockets, first={"cookie": None, "rooms": {}})
        )
        warm_up, _took = tick_all(server, options.rate, 2)
        heard(bare, warm_up, 2)
        before = cpu(server.process.pid)
        events, took = tick_all(server, options.rate, options.seconds)
        account = heard(bare, events, options.seconds)
        return {**account, "rate": events / took, "cpu": (cpu(server.process.pid) - before) / took}


def cpu(pid: int) -> float:
    """Seconds of processor time a process has used."""
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def row(name: str, sockets: int, result: dict[str, Any]) -> str:
    delays = " | ".join(f"{result[key]:.0f}" for key in ("p50", "p99", "max"))
    lost = "none" if not result["missing"] else f"{result['missing']:,}"
    rate, core = f"{result['rate']:.0f}", f"{result['cpu']:.0%}"
    return f"| {name} | {sockets:,} | {rate} | {result['frames']:,} | {lost} | {delays} | {core} |"


def report(rows: list[str], where: str) -> None:
    lines = [
        "# A burst", "", INTRO, "", f"Measured {time.strftime('%Y-%m-%d')} on: {where}.", "",
        "| server | sockets | changes/s | frames | lost or out of order | p50 ms | p99 ms | max ms | its core |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|", *rows, "",
    ]  # fmt: skip
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "burst.md").write_text("\n".join(lines))
    print("\n".join(lines))


def main() -> None:
    parser = argparse.ArgumentParser(description="Thousands of sockets, fifty changes a second.")
    parser.add_argument("sockets", nargs="?", type=int, default=SOCKETS)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--server", action="append", choices=("daphne", "uvicorn"), help="may be given twice")
    parser.add_argument("--no-floor", action="store_true")
    options = parser.parse_args()
    where, rows = machine.describe(), []
    with servers() as base, reader() as user:
        for name in options.server or ["daphne"]:
            with realtime(base, name) as (port, options.process):
                rows.append(row(name, options.sockets, measure(port, options, user)))
    if not options.no_floor:
        rows.append(row("floor", options.sockets, measure_floor(options, event_size("user.1", 1000))))
    report(rows, where)


if __name__ == "__main__":
    main()
