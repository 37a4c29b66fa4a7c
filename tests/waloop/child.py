"""Runs client.py as a test drives it."""

import json
import os
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path
from typing import Any

from .log import Log
from .people import Phone
from .server import Loopback

CLIENT = Path(__file__).with_name("client.py")


class Client:
    """A neonize client in a process of its own, on a store that outlives it."""

    def __init__(self, loopback: Loopback, store: Path) -> None:
        self.loopback, self.store = loopback, store
        self.numbers = count(1)
        self.lines: Log[str] = Log()  # what the library logs, in all runs
        self.start()

    def start(self) -> "Client":
        self.events: Log[dict[str, Any]] = Log()
        self.process = subprocess.Popen(
            [sys.executable, str(CLIENT), str(self.store)],
            env=os.environ | self.loopback.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.readers = [
            threading.Thread(target=read, args=(stream,), daemon=True)
            for read, stream in ((self._read_events, self.process.stdout), (self._read_lines, self.process.stderr))
        ]
        for reader in self.readers:
            reader.start()
        return self

    def _read_events(self, stream: Any) -> None:
        for line in stream:
            if line.startswith("{"):  # the library writes lines of its own
                self.events.append(json.loads(line))

    def _read_lines(self, stream: Any) -> None:
        for line in stream:
            self.lines.append(line.rstrip())

    def wait(self, event: str, seconds: float = 20, **fields: object) -> dict[str, Any]:
        """The first event of this name with these fields."""
        wanted = {"event": event, **fields}.items()
        return self.events.wait(lambda one: all(one.get(name) == value for name, value in wanted), seconds)

    def do(self, verb: str, **fields: object) -> dict[str, Any]:
        """Give a command and wait for its result."""
        tag = next(self.numbers)
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": verb, "tag": tag, **fields}) + "\n")
        self.process.stdin.flush()
        result = self.events.wait(lambda one: one.get("tag") == tag)
        assert result["event"] == "Done", result
        return result

    def arrived(self) -> list[str]:
        """The ids of all messages that any run of this client was handed, in order."""
        kept = self.store.with_suffix(".messages")
        return kept.read_text().split() if kept.exists() else []

    def pair(self, phone: Phone) -> "Client":
        self.loopback.scan(self.wait("QR")["data"], phone)
        self.wait("Connected")
        return self

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join()
