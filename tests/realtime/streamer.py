"""A browser's side of the event stream, as static/js/lib/transport-stream.js hears it."""

import json
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.realtime.follower import Frame

RECEIVE_BYTES = 4096  # of a browser that takes little


class Streamer:
    """One page by stream: joining, or healing, opens it anew."""

    def __init__(self, port: int, cookie: str, *, narrow: bool = False) -> None:
        self.port, self.cookie, self.narrow = port, cookie, narrow
        self.connection: HTTPConnection | None = None
        self.frames: Iterator[Frame] = iter(())
        self.name = ""
        self.code = 0
        self.kept: deque[Frame] = deque()

    def __enter__(self) -> "Streamer":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def open(self, query: str, *, seconds: float = 10) -> None:
        self.leave()
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        self.connection.connect()
        if self.narrow:
            self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        headers = {"Cookie": self.cookie, "Accept": "text/event-stream"}
        self.connection.request("GET", f"/events/?{query}", headers=headers)
        self.answer = self.connection.getresponse()
        self.frames = self._read()

    def join(self, rooms: dict[str, int]) -> list[Frame]:
        """Follow these rooms from these numbers; all that was answered."""
        self.open(urlencode({"rooms": json.dumps(rooms)}))
        self.name = self.hear()["line"]
        answers = []
        while (frame := self.hear()) != {"pong": 1}:
            answers.append(frame)
        return answers

    def hear(self) -> Frame:
        """The next frame."""
        return next(self.frames)

    def closed_with(self) -> int:
        """The code of the server's last word, 1006 without one; frames before it are skipped."""
        for _frame in self.frames:
            pass
        return self.code or 1006

    def leave(self) -> None:
        """As a closed tab."""
        if self.connection and self.connection.sock:
            with suppress(OSError):  # the server was first
                self.connection.sock.shutdown(socket.SHUT_RDWR)
            self.answer.close()
        if self.connection:
            self.connection.close()

    def _read(self) -> Iterator[Frame]:
        ends = False
        while line := self.answer.readline():
            text = line.decode().strip()
            if text == "event: end":
                ends = True
            elif text.startswith("data: "):
                data: dict[str, Any] = json.loads(text.removeprefix("data: "))
                if ends:
                    self.code = data["code"]
                    return
                yield data
