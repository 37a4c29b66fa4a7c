"""Capacity: the highest rate of messages in at which nobody waits too long, and the memory meanwhile."""

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import ground
from bench.crew import crew, memory, number_online

if TYPE_CHECKING:
    from crm.rehearsal.counting import Verdict

WAIT_SECONDS = 5.0
WARM_UP_RATE, WARM_UP_SECONDS = 2.0, 6.0
ANSWERED_RATES = (10.0, 20.0, 30.0, 40.0, 60.0)
DEFAULT_RATES = (15.0,)
STORED_RATES = (100.0, 200.0, 400.0)
# The pace of one number is a choice, not a limit of the machine.
PACE = {"WHATSAPP_SEND_PER_MINUTE": "60000", "WHATSAPP_SEND_BURST": "1000", "WHATSAPP_COLD_PER_DAY": "1000000"}
AT_ONCE = {"BURST_WINDOW_SECONDS": "0", "TYPING_BASE_MS": "0", "TYPING_PER_CHAR_MS": "0", "TYPING_MAX_MS": "0"}


@dataclass(frozen=True)
class Mode:
    """`answers`: seconds a client may wait for Lívia; None where she is off. Storing may always take WAIT_SECONDS."""

    name: str
    settings: dict[str, str]
    answers: float | None
    rates: tuple[float, ...] = ANSWERED_RATES


def modes() -> list[Mode]:
    from django.conf import settings

    own = settings.BURST_WINDOW_SECONDS + settings.TYPING_MAX_MS / 1000
    return [
        Mode("answered by rules at once", AT_ONCE, WAIT_SECONDS),
        Mode(
            f"answered as by default (she listens and types for up to {own:g} s)", {}, WAIT_SECONDS + own, DEFAULT_RATES
        ),
        # The last, since nobody must answer these.
        Mode("stored, Lívia switched off", {"LIVIA_ENABLED": "0"}, None, STORED_RATES),
    ]


@dataclass
class Step:
    rate: float
    sent: float = 0.0  # a second, as it came out
    stored_s: float = 0.0  # the longest wait seen
    answered_s: float = 0.0
    verdict: "Verdict | None" = None
    memory: dict[str, float] = field(default_factory=dict)

    def on_time(self, mode: Mode) -> bool:
        return self.stored_s <= WAIT_SECONDS and (mode.answers is None or self.answered_s <= mode.answers)

    def holds(self, mode: Mode) -> bool:
        return self.on_time(mode) and self.sent > 0.85 * self.rate


def rates(base: Path, inbox_id: int, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """The table of steps, and that of memory."""
    lines = [
        "| clients' messages are | wanted/s | sent/s | longest until stored, s | longest until answered, s | lost | "
        "doubled | holds |",
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    idle: dict[str, float] = {}
    loaded: dict[float, dict[str, float]] = {}
    for mode in modes():
        with product(base, inbox_id, mode.settings) as session_id:
            climb(session_id, WARM_UP_RATE, mode, WARM_UP_SECONDS)  # imports, pools, first pages
            idle = idle or memory()
            for rate in options.rates or mode.rates:
                step = climb(session_id, rate, mode, options.seconds)
                lines.append(row(mode, step))
                print(lines[-1], flush=True)
                if not step.holds(mode):
                    break
                if mode.answers is not None:
                    loaded[rate] = step.memory
    return lines, memory_table(idle, loaded.get(max(loaded, default=0.0), {}))


@contextmanager
def product(base: Path, inbox_id: int, settings: dict[str, str]) -> Iterator[int]:
    """Everything as deployed, with these settings; the number's key."""
    with ExitStack() as stack:
        stack.enter_context(environment(PACE | settings))
        stack.enter_context(ground.gunicorn(base))
        stack.enter_context(ground.realtime(base, "daphne"))
        others = stack.enter_context(crew(base))
        others.background()
        session = stack.enter_context(number_online(inbox_id))
        yield session.pk


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Of processes that start here; what stood there before comes back."""
    import os

    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def climb(session_id: int, rate: float, mode: Mode, seconds: float) -> Step:
    """So many messages a second for so long; ended early when somebody waits longer than allowed."""
    from crm.rehearsal.load import Load

    step = Step(rate)
    load = Load(
        session_id, chats=max(round(rate * 40), 50), rate=rate, think=(3, 15), fresh=0.4,
        answers=mode.answers is not None,
    )  # fmt: skip
    began = time.monotonic()
    load.start()
    while (elapsed := time.monotonic() - began) < seconds:
        time.sleep(0.5)
        standing = load.progress()
        step.stored_s = max(step.stored_s, standing.oldest_unstored_s)
        if mode.answers is not None:
            step.answered_s = max(step.answered_s, standing.oldest_wait_s)
        if not step.memory and elapsed > seconds * 0.7:
            step.memory = memory()
        if not step.on_time(mode):
            break
    step.sent = load.progress().sent / (time.monotonic() - began)
    load.stop()
    load.settle(180)
    step.verdict = load.verdict()
    return step


def row(mode: Mode, step: Step) -> str:
    assert step.verdict is not None
    answered = "–" if mode.answers is None else f"{step.answered_s:.1f}"
    return (
        f"| {mode.name} | {step.rate:g} | {step.sent:.1f} | {step.stored_s:.1f} | {answered} | {step.verdict.lost} | "
        f"{step.verdict.doubled} | {'yes' if step.holds(mode) else 'no'} |"
    )


def memory_table(idle: dict[str, float], loaded: dict[str, float]) -> list[str]:
    lines = ["| process | idle, MB | loaded, MB |", "|---|---:|---:|"]
    for name in sorted(idle | loaded):
        lines.append(f"| {name} | {idle.get(name, 0):.0f} | {loaded.get(name, 0):.0f} |")
    return [*lines, f"| all | {sum(idle.values()):.0f} | {sum(loaded.values()):.0f} |"]
