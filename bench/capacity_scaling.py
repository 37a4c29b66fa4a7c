"""Capacity: what a second process of a kind adds, where it may wait and where it must compute."""

import argparse
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

from bench import ground
from bench.api import key_make
from bench.capacity_inbound import AT_ONCE, environment
from bench.crew import crew, loopback_groq
from bench.fanout import peer

MODEL_SECONDS = 0.4
WAITING_THREADS, COMPUTING_THREADS = 4, 32
QUICKER = 3  # so many times the turns without a model: a backlog must outlast the start of the second worker
CLIENTS = 16
# Nothing that rules alone would answer.
QUESTION = "Vocês têm alguma parceria com cooperativas de produtores de café da minha região?"
_people, _phones = count(1), count(1, 1_000_000)
HEAD = ["| load | one process | two | two / one |", "|---|---:|---:|---:|"]


def table(base: Path, inbox_id: int, options: argparse.Namespace) -> list[str]:
    waits = f"Lívia's turns a second, {WAITING_THREADS} threads a worker, the model takes {MODEL_SECONDS:g} s"

    def of_turns(workers: int, *, model: bool) -> float:
        return turns(base, inbox_id, workers, options.turns * (1 if model else QUICKER), model=model)

    return [
        *HEAD,
        line(waits, *pair(partial(of_turns, model=True), options.repeats)),
        line(
            f"Lívia's turns a second by rules alone, {COMPUTING_THREADS} threads a worker",
            *pair(partial(of_turns, model=False), options.repeats),
        ),
        line(
            "lists of 50 leads a second by the API",
            *pair(lambda workers: lists(base, workers, options.requests), options.repeats),
        ),
    ]


def pair(measure: Callable[[int], float], repeats: int) -> tuple[list[float], list[float]]:
    """One and two by turns."""
    found: dict[int, list[float]] = {1: [], 2: []}
    for _round in range(repeats):
        for processes in (1, 2):
            found[processes].append(measure(processes))
            print(f"{processes}: {found[processes][-1]:.1f} a second", flush=True)
    return found[1], found[2]


def line(name: str, one: list[float], two: list[float]) -> str:
    cells = " | ".join(f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})" for values in (one, two))
    return f"| {name} | {cells} | {median(two) / median(one):.2f} × |"


def turns(base: Path, inbox_id: int, workers: int, number: int, *, model: bool) -> float:
    """Turns a second over the middle of a backlog of so many clients, when all workers run."""
    from agent.models import Turn

    with crew(base) as people, environment(AT_ONCE | (loopback_groq(people, MODEL_SECONDS) if model else {})):
        nobody_waits()
        last = Turn.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        backlog(inbox_id, number, QUESTION if model else "Quero simular 200 mil com garantia do meu imóvel")
        for place in range(workers):
            people.program("worker", n=f"worker@bench{place}", c=str(WAITING_THREADS if model else COMPUTING_THREADS))
        made = Turn.objects.filter(pk__gt=last)
        until = time.monotonic() + 300
        while made.count() < number:
            if time.monotonic() > until:
                raise RuntimeError(f"only {made.count()} of {number} turns were made")
            time.sleep(0.5)
        if model and made.filter(model="").count() > number / 20:
            raise RuntimeError("rules answered what was the model's")
        at = sorted(made.values_list("created_at", flat=True))
    low, high = number // 4, number * 9 // 10
    return (high - low) / (at[high] - at[low]).total_seconds()


def nobody_waits() -> None:
    """What an earlier load left undone must not be done in this one's time."""
    from conversations.models import Conversation
    from crm.celery import app

    Conversation.objects.exclude(awaiting_since=None).update(awaiting_since=None)
    app.control.purge()


def backlog(inbox_id: int, number: int, text: str) -> None:
    """So many new clients wait for an answer."""
    from conversations.inbound import InboundMessage
    from conversations.services import message_receive
    from crm.core.clock import now

    for _ in range(number):
        phone = f"55238{next(_people):08d}"
        inbound = InboundMessage(
            provider_id=f"B{phone}", chat=f"{phone}@s.whatsapp.net", phone=phone, lid=None, push_name="Maria",
            from_me=False, kind="text", text=text, sent_at=now(),
        )  # fmt: skip
        message_receive(inbox_id=inbox_id, inbound=inbound)


_key: list[str] = []


def lists(base: Path, workers: int, requests: int) -> float:
    if not _key:
        _key.append(key_make())
    with ground.gunicorn(base, workers=workers) as port, peer("bench.askers", port, _key[0]) as askers:
        for part in (requests // 4, requests):  # the first is the warm-up
            askers.tell(f"list {CLIENTS} {part} {next(_phones)}")
            seconds = float(askers.hear())
        return requests / seconds
