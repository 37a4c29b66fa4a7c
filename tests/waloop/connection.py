"""One client that is connected: a thread reads its stanzas, another writes ours, so nobody waits for a slow client."""

import contextlib
import queue
import threading
from typing import Any

from .binary_xml import Node
from .noise import SecureChannel
from .people import Phone

# A client needs a moment to act on a last word; one that finds the line dead before it did may ignore the word.
LINGER_SECONDS = 0.5


class Connection:
    def __init__(self, channel: SecureChannel) -> None:
        self.channel = channel
        self.alive = True
        self.phone: Phone | None = None  # whose companion this is, once it logged in
        self.device = 0
        self.muted = False  # the server reads and never answers
        self.refs: list[str] = []  # what its QR codes show
        self.link: dict[str, Any] = {}  # pairing by code: what was agreed so far
        self._hung_up = threading.Event()
        self._outgoing: queue.SimpleQueue[Node | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, name="waloop-write", daemon=True).start()

    @property
    def login(self) -> Any:
        return self.channel.login

    def send(self, node: Node) -> None:
        """Send after everything sent before; never blocks."""
        if not self.muted:
            self._outgoing.put(node)

    def close(self) -> None:
        """Say goodbye after everything sent before, unless the client hangs up first."""
        self.alive = False
        self._outgoing.put(None)

    def abort(self) -> None:
        """Hang up without a word."""
        self.alive = False
        self._hung_up.set()
        self.channel.websocket.abort()
        self._outgoing.put(None)

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            while (node := self._outgoing.get()) is not None:
                self.channel.send(node)
        self.alive = False
        self._hung_up.wait(LINGER_SECONDS)
        self.channel.websocket.close()

    def __str__(self) -> str:
        return f"{self.phone.number}:{self.device}" if self.phone else "unpaired"
