"""A browser's side of a stream of server-sent events."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any


@dataclass
class Event:
    name: str
    data: dict[str, Any]


class Viewer:
    """One open stream. Waits at most `patience` seconds for a line."""

    def __init__(self, port: int, path: str, cookie: str, *, patience: float = 15) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=patience)
        self.connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/event-stream"})
        self.answer = self.connection.getresponse()
        self.comments = 0

    def __enter__(self) -> "Viewer":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the connection as a closed tab does."""
        if self.connection.sock:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.answer.close()
        self.connection.close()

    def __iter__(self) -> Iterator[Event]:
        """Events until the server ends the stream."""
        name = ""
        while line := self.answer.readline():
            text = line.decode().strip()
            if text.startswith(":"):
                self.comments += 1
            elif text.startswith("event: "):
                name = text.removeprefix("event: ")
            elif text.startswith("data: "):
                yield Event(name, json.loads(text.removeprefix("data: ")))

    def next(self) -> Event:
        return next(iter(self))
