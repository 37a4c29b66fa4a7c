"""Memory of numbers connected to WhatsApp: ten sessions on one worker, and one session across a hundred reconnects.

The worker and the sessions' processes are the product's, the library is the real one; WhatsApp is the loopback of the
tests. Memory is PSS: pages shared by several processes count once, in equal parts.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil

from bench import ground, machine, report
from stack.process import spawn
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback

if TYPE_CHECKING:
    from whatsapp.models import Session

CONTACTS = 20


@dataclass
class Samples:
    """MB: of each session's process, of the worker, of all."""

    children: list[list[float]] = field(default_factory=list)
    worker: list[float] = field(default_factory=list)

    def take(self, worker: psutil.Process) -> None:
        children = [
            child for child in worker.children(recursive=True) if "whatsapp_session" in " ".join(child.cmdline())
        ]
        self.children.append([pss(child.pid) for child in children])
        self.worker.append(pss(worker.pid))

    def row(self, place: int) -> str:
        sizes = self.children[place]
        total = sum(sizes) + self.worker[place]
        return f"{median(sizes):.0f} ({min(sizes):.0f}–{max(sizes):.0f}) | {self.worker[place]:.0f} | {total:.0f}"


def pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) / 1024


@contextmanager
def worker(loopback: Loopback, base: Path) -> Iterator[psutil.Process]:
    argv = [sys.executable, "-m", "celery", "--quiet", "-A", "crm", "worker", "--queues=whatsapp", "--pool=threads"]
    argv += ["--concurrency=16", "--loglevel=WARNING"]
    with (base / "log" / "whatsapp.log").open("wb") as log:
        process = spawn(argv, cwd=ground.ROOT, env={**os.environ, **loopback.environment()}, stdout=log, stderr=log)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def connect(number: int, loopback: Loopback) -> tuple["Session", Phone]:
    """A number of its own, paired and online."""
    from conversations.models import Inbox, InboxRole
    from whatsapp.models import Session
    from whatsapp.pairing import qr_get
    from whatsapp.services import session_connect
    from whatsapp.states import Gateway
    from whatsapp.tasks import enqueue

    inbox = Inbox.objects.create(name=f"Number {number}", role=InboxRole.LIVIA)
    session = Session.objects.create(inbox=inbox, gateway=Gateway.NEONIZE)
    session_connect(session_id=session.pk)
    enqueue(session.pk)
    phone = Phone(f"55119400{number:05d}", f"Number {number}")
    loopback.scan(wait(lambda: qr_get(session.pk)), phone)
    wait(lambda: Session.objects.filter(pk=session.pk, state="online").exists())
    return session, phone


def wait(look, seconds: float = 120):  # type: ignore[no-untyped-def]
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.1)
    return found


def talk(
    loopback: Loopback, phones: list[Phone], people: list[Contact], process: psutil.Process, minutes: float
) -> str:
    """Every number gets a message each two seconds; memory is read each half minute."""
    samples, lines, sent = (
        Samples(),
        ["| minute | a session's process, MB | worker, MB | all, MB |", "|---:|---:|---:|---:|"],
        0,
    )
    start = time.monotonic()
    while (elapsed := time.monotonic() - start) < minutes * 60:
        if elapsed >= 30 * len(samples.worker):
            samples.take(process)
            lines.append(f"| {elapsed / 60:.1f} | {samples.row(-1)} |")
        for phone in phones:
            loopback.text(phone, people[sent % CONTACTS], f"Mensagem {sent} sobre um empréstimo")
            sent += 1
        time.sleep(2)
    samples.take(process)
    lines.append(f"| {minutes:.1f} | {samples.row(-1)} |")
    from conversations.models import Direction, Message

    wait(lambda: Message.objects.filter(direction=Direction.IN).count() == sent)
    return "\n".join([f"{sent:,} messages came in, all stored.", "", *lines])


def reconnect(loopback: Loopback, session: "Session", phone: Phone, times: int) -> str:
    from whatsapp.models import Session

    child = Session.objects.values_list("child_pid", flat=True).get(pk=session.pk)
    lines = ["| reconnects | MB | threads |", "|---:|---:|---:|"]
    for done in range(times + 1):
        if done % 10 == 0:
            lines.append(f"| {done} | {pss(child):.0f} | {psutil.Process(child).num_threads()} |")
        logins = loopback.logins
        loopback.drop(phone)
        wait(lambda logins=logins: loopback.logins > logins and loopback.connection_of(phone))
    same = Session.objects.values_list("child_pid", flat=True).get(pk=session.pk) == child
    return "\n".join([*lines, "", "The same process throughout." if same else "The process was replaced on the way."])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=10)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--reconnects", type=int, default=100)
    chosen = options.parse_args()
    where = machine.describe()
    with ground.servers(**ground.PRODUCTION) as base:
        folder = base / "loopback"
        folder.mkdir()
        with Loopback(folder) as loopback, worker(loopback, base) as process:
            people = [Contact(f"55119981{place:05d}", f"Cliente {place}") for place in range(CONTACTS)]
            pairs = [connect(number, loopback) for number in range(chosen.sessions)]
            talked = talk(loopback, [phone for _, phone in pairs], people, process, chosen.minutes)
            fallen = reconnect(loopback, *pairs[0], chosen.reconnects)
    text = "\n".join(
        [
            "# Memory of connected numbers",
            "",
            f"{__doc__.strip()}" if __doc__ else "",
            "",
            f"`python -m bench.sessions --sessions {chosen.sessions} --minutes {chosen.minutes:g} "
            f"--reconnects {chosen.reconnects}` on: {where}.",
            "",
            f"## {chosen.sessions} sessions on one worker",
            "",
            talked,
            "",
            "## One session, its line cut again and again",
            "",
            fallen,
            "",
        ]
    )
    (report.RESULTS / "sessions.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
