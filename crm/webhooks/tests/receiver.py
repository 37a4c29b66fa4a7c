"""Another system on loopback: it keeps what it is told and answers as a test wants."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import loads
from typing import Any

Headers = dict[str, str]


@dataclass
class Told:
    headers: Headers
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        return loads(self.body)


@dataclass
class Receiver:
    """`answers` (status, headers, body) are given in turn, the last one for ever. While `busy` is set, requests are
    held until it is cleared; `drips` has the body come a byte at a time. `on_told` is called before the answer."""

    url: str = ""
    told: list[Told] = field(default_factory=list)
    answers: list[tuple[int, Headers, bytes]] = field(default_factory=lambda: [(204, {}, b"")])
    free: threading.Event = field(default_factory=threading.Event)
    drips: bool = False
    on_told: Callable[[], None] = lambda: None

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.answers = [(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)]

    def take(self, told: Told) -> tuple[int, Headers, bytes]:
        self.told.append(told)
        self.on_told()
        self.free.wait(20)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.free.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, said = receiver.take(Told(dict(self.headers), body))
            try:
                self._answer(status, headers, said)
            except OSError:
                return  # it was not waited for

        def _answer(self, status: int, headers: Headers, said: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for byte in range(len(said)) if receiver.drips else ():
                self.wfile.write(said[byte : byte + 1])
                self.wfile.flush()
                time.sleep(0.05)  # the slowness that is tested
            if not receiver.drips:
                self.wfile.write(said)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/livia"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.free.set()
        server.shutdown()
        server.server_close()
