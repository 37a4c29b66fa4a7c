"""A browser's side of the socket, as static/js/realtime.js speaks it."""

import json
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Frame = dict[str, Any]


class Follower:
    """One open socket."""

    def __init__(self, port: int, cookie: str, *, language: str = "", origin: str = "", **options: Any) -> None:
        headers = {"Cookie": cookie} if cookie else {}
        if language:
            headers["Accept-Language"] = language
        self.stack = ExitStack()
        self.socket = self.stack.enter_context(
            connect(
                f"ws://127.0.0.1:{port}/ws/",
                origin=origin or f"http://127.0.0.1:{port}",
                additional_headers=headers,
                compression=None,
                max_size=None,
                close_timeout=1,
                **options,
            )
        )

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def say(self, message: object) -> None:
        """Send a message, or a text or bytes as they are."""
        self.socket.send(message if isinstance(message, str | bytes) else json.dumps(message))

    def join(self, rooms: dict[str, int]) -> list[Frame]:
        """Follow these rooms from these numbers; all that was answered."""
        self.say({"rooms": rooms})
        return self.until_pong()

    def until_pong(self) -> list[Frame]:
        """Ping, and everything that comes before the answer."""
        self.say({"ping": 1})
        answers = []
        while (frame := self.hear()) != {"pong": 1}:
            answers.append(frame)
        return answers

    def hear(self, seconds: float = 10) -> Frame:
        """The next frame."""
        return json.loads(self.socket.recv(timeout=seconds))

    def closed_with(self, seconds: float = 10) -> int:
        """The code the server closes with; frames before it are skipped."""
        try:
            while True:
                self.socket.recv(timeout=seconds)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
