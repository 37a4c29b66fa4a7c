"""Keeps the product's processes running, and ends every one of them within two seconds."""

import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from stack.console import Relay, say
from stack.places import ROOT
from stack.process import descendants, kill_group, reap_adopted, spawn
from stack.programs import Program
from stack.servers import Servers, alive

FIRST_DELAY, LONGEST_DELAY = 0.3, 10.0  # seconds before a dead process starts again; doubles
STEADY_SECONDS = 20.0  # one that lived this long is forgiven
POLITE_SECONDS = 1.2  # for the processes to end by themselves
SERVER_SECONDS = 0.6  # for the servers after them


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    relay: Relay | None = None
    born: float = 0.0
    due: float = 0.0  # when to start it (again)
    delay: float = FIRST_DELAY


class Supervisor:
    def __init__(self, servers: Servers, environment: dict[str, str], logs: Path) -> None:
        self.servers, self.environment, self.logs = servers, environment, logs
        self.children: list[Child] = []
        self.stopping = threading.Event()
        self.server_due, self.server_delay = 0.0, FIRST_DELAY

    def catch_signals(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, lambda *_: self.stopping.set())

    def run(self, program: Program) -> Child:
        child = Child(program)
        self.children.append(child)
        self._start(child)
        return child

    def run_once(self, program: Program) -> int | None:
        """Run a process to its end; its exit code, or None when the stop came first."""
        child = self.run(program)
        self.children.remove(child)
        assert child.process is not None and child.relay is not None
        while child.process.poll() is None:
            if self.stopping.wait(0.02):
                return None
        child.relay.join(1)
        return child.process.returncode

    def tend(self) -> None:
        """One round: start again what has died. Call it often, from the main thread."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._mourn(child, now)
            if child.process is None and now >= child.due:
                self._start(child)
        self._tend_servers(now)
        reap_adopted({child.process.pid for child in self.children if child.process} | set(self.servers.pids))

    def _start(self, child: Child) -> None:
        program = child.program
        child.process = spawn(
            program.argv,
            cwd=ROOT,
            env=self.environment | program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        child.born = time.monotonic()
        assert child.process.stdout is not None
        child.relay = Relay(program.name, child.process.stdout, self.logs / f"{program.name}.log")
        child.relay.start()

    def _mourn(self, child: Child, now: float) -> None:
        assert child.process is not None
        kill_group(child.process.pid)
        child.delay = FIRST_DELAY if now - child.born > STEADY_SECONDS else min(child.delay * 2, LONGEST_DELAY)
        child.due = now + child.delay
        say(f"{child.program.name} ended ({child.process.returncode}); starting it again")
        child.process = None

    def _tend_servers(self, now: float) -> None:
        if all(alive(server) for server in self.servers.own) or now < self.server_due:
            return
        # A killed PostgreSQL refuses to start until its last backends have noticed: try again, ever slower.
        self.server_delay = FIRST_DELAY if now - self.server_due > STEADY_SECONDS else min(self.server_delay * 2, 5.0)
        self.server_due = now + self.server_delay
        for name in self.servers.revive():
            say(f"{name} ended; starting it again")

    def stop(self) -> None:
        """Ask, wait a little, kill what is left; the processes first, their servers last."""
        deadline = time.monotonic() + POLITE_SECONDS
        for process in descendants(without=self.servers.pids):
            _send(process, signal.SIGTERM)
        while (left := descendants(without=self.servers.pids)) and time.monotonic() < deadline:
            psutil.wait_procs(left, timeout=0.05)
        for process in left:
            _send(process, signal.SIGKILL)
        psutil.wait_procs(left, timeout=0.3)
        self.servers.stop(SERVER_SECONDS)


def _send(process: psutil.Process, signum: int) -> None:
    try:
        process.send_signal(signum)
    except psutil.NoSuchProcess:
        return
