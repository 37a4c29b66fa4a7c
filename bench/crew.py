"""The product's processes beside a benchmark, each under a name, and what memory they hold."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench import ground
from bench.sessions import pss
from stack.process import spawn
from stack.programs import programs

if TYPE_CHECKING:
    from whatsapp.models import Session

ONLINE_SECONDS = 120.0


class Crew:
    """Started processes by name. Those of one name count together, with what they started themselves."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.processes: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, name: str, argv: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            process = spawn(
                list(argv), cwd=ground.ROOT, env={**os.environ, **(environment or {})}, stdout=log, stderr=log
            )
        self.processes.append((name, process))

    def program(self, name: str, environment: Mapping[str, str] | None = None, **replaced: str) -> None:
        """A process of the one-command start; `replaced` changes the values of its short options: c="4"."""
        argv = list(next(program.argv for program in programs(ground.HOST, 0) if program.name == name))
        for option, value in replaced.items():
            argv[argv.index(f"-{option}") + 1] = value
        self.start(name, argv, environment)

    def background(self) -> None:
        """All but the web, as the one-command start has them."""
        for program in programs(ground.HOST, 0):
            if program.name != "web":
                self.program(program.name)

    def stop(self) -> None:
        for _name, process in self.processes:
            process.terminate()
        for _name, process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
        self.processes = []


@contextmanager
def crew(base: Path) -> Iterator[Crew]:
    people = Crew(base / "log")
    try:
        yield people
    finally:
        people.stop()


def memory() -> dict[str, float]:
    """MB by kind of process, of all this benchmark started; shared pages count once, in equal parts."""
    found: dict[str, float] = {}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error, OSError, StopIteration):
            name = kind_of(" ".join(process.cmdline()))
            if name:
                found[name] = found.get(name, 0.0) + pss(process.pid)
    return found


KINDS = {
    "gunicorn": "web (pages and API)",
    "daphne": "realtime (sockets)",
    "worker@": "worker",
    "whatsapp@": "WhatsApp worker",
    "whatsapp_session": "session child",
    "beat": "beat",
    "postgres": "PostgreSQL",
    "valkey-server": "Valkey",
    "redis-server": "Valkey",
}


def kind_of(command: str) -> str:
    return next((kind for sign, kind in KINDS.items() if sign in command), "")


@contextmanager
def number_online(inbox_id: int) -> Iterator["Session"]:
    """A paired number on the simulated network, in a child process of its own.

    This process takes the lease and starts it: a worker would do so only where the simulator is switched on, which a
    production start refuses.
    """
    from whatsapp import lease, runner
    from whatsapp.gateways.simulator import SimulatorGateway
    from whatsapp.models import Session
    from whatsapp.states import Gateway, State

    wish = {"gateway": Gateway.SIMULATOR, "wanted": True, "state": State.STARTING}
    session, _new = Session.objects.update_or_create(inbox_id=inbox_id, defaults=wish)  # an inbox has one number
    session.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    SimulatorGateway(session.pk, session.folder, lambda event: None).adopt()
    token = lease.lease_take(session.pk, "bench") or ""
    child = runner.spawn(session.pk, token)
    try:
        until = time.monotonic() + ONLINE_SECONDS
        while not Session.objects.filter(pk=session.pk, state=State.ONLINE).exists():
            if time.monotonic() > until:
                raise RuntimeError("no number came online")
            time.sleep(0.2)
        yield session
    finally:
        runner.end(child)
        lease.lease_release(session.pk, token)
        Session.objects.filter(pk=session.pk).update(wanted=False)


def loopback_groq(people: Crew, delay: float) -> dict[str, str]:
    """A model that thinks so long, in a process of its own; the settings that lead there."""
    port = ground.free_port()
    people.start("groq", (sys.executable, "-m", "agent.loopback", "--port", str(port), "--delay", str(delay)))
    return {"GROQ_BASE_URL": f"http://{ground.HOST}:{port}", "GROQ_API_KEY": "loopback", "GROQ_ENABLED": "1"}
