"""PostgreSQL and Valkey together: those named by DATABASE_URL and REDIS_URL, else our own."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from stack.postgres import Postgres
from stack.valkey import Valkey

START_SECONDS = 60.0
POLL_SECONDS = 0.02
RETRY_SECONDS, RETRY_PAUSE = 5.0, 0.2


class Servers:
    """The servers of one start. `urls` is what the product's processes get as their environment."""

    def __init__(self, base: Path, *, durable: bool = True) -> None:
        logs = base / "log"
        logs.mkdir(parents=True, exist_ok=True)
        self.own: list[Postgres | Valkey] = []
        self.urls: dict[str, str] = {}
        for variable, kind in (("REDIS_URL", Valkey), ("DATABASE_URL", Postgres)):
            if given := os.environ.get(variable):
                self.urls[variable] = given
                continue
            server = kind(base, logs / f"{kind.name}.log", durable=durable)
            self.own.append(server)
            self.urls[variable] = server.url

    def start(self) -> None:
        """Start all at once; from the main thread, which they die with."""
        for server in self.own:
            server.start()

    def wait(self, *, stopping: Callable[[], bool] = lambda: False) -> None:
        """Return when all answer. Raises RuntimeError with the end of its log when one cannot start.

        A server that ends at once is tried again for a while: after a kill -9 its predecessor may still be leaving.
        """
        began = time.monotonic()
        for server in self.own:
            while not (answering := server.ready()) and not stopping():
                waited = time.monotonic() - began
                if waited > (START_SECONDS if alive(server) else RETRY_SECONDS):
                    break
                time.sleep(POLL_SECONDS)
                if not alive(server):
                    time.sleep(RETRY_PAUSE)
                    server.start()
            if not answering and not stopping():
                raise RuntimeError(f"{server.name} did not start:\n{tail(server.log)}")

    def revive(self) -> list[str]:
        """Start again what has died; returns the names. One that dies again at once is met at the next call."""
        dead = [server for server in self.own if not alive(server)]
        for server in dead:
            server.start()
        return [server.name for server in dead]

    def stop(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for server in reversed(self.own):
            server.stop(max(deadline - time.monotonic(), 0.1))

    @property
    def pids(self) -> list[int]:
        return [server.process.pid for server in self.own if server.process is not None]


def alive(server: Postgres | Valkey) -> bool:
    return server.process is not None and server.process.poll() is None


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
