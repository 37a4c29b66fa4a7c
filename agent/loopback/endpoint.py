"""The HTTP server of the loopback Groq: a thread for each connection, all of them gone when it stops."""

import json
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from agent.loopback.rules import Call, Played, Rules, rules_of
from agent.loopback.talker import Talker


class Endpoint:
    """Plays rules (a Talker unless told otherwise, or the dictionary of a Fault) at `url`.

    `calls` are the requests so far; `heard` is called with each as it arrives, before the response.
    """

    def __init__(
        self,
        rules: Rules | Mapping[str, Any] | None = None,
        *,
        port: int = 0,
        heard: Callable[[Call], None] | None = None,
    ) -> None:
        self.rules: Rules = Talker() if rules is None else rules_of(rules)
        self.calls: list[Call] = []
        self._heard = heard
        self._lock = threading.Lock()
        self._port = port
        self._server: _Server | None = None

    def start(self) -> str:
        """Serve in a daemon thread; returns `url`."""
        self._server = _Server(self, self._port)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True, name="loopback-groq").start()
        return self.url

    def stop(self) -> None:
        """Hang up on everybody. The port stays this endpoint's, so that it can come back."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.hang_up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def models(self) -> list[str]:
        """Of the calls so far, in order."""
        return [call.model for call in self.calls]

    @property
    def connections(self) -> int:
        """Sockets open right now."""
        return len(self._server.sockets) if self._server else 0

    def answer(self, path: str, headers: Mapping[str, str], content: bytes) -> Played:
        with self._lock:
            call = Call(len(self.calls) + 1, path, headers, content, _json(content))
            self.calls.append(call)
        if self._heard:
            self._heard(call)
        return self.rules(call)

    def __enter__(self) -> "Endpoint":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, endpoint: Endpoint, port: int) -> None:
        self.endpoint = endpoint
        self.stopping = threading.Event()
        self.sockets: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.sockets.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        self.stopping.set()
        for open_socket in list(self.sockets):
            _shut(open_socket)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            self._play(self.server.endpoint.answer(self.path, headers, content))
        except OSError:
            self.close_connection = True

    def _play(self, played: Played) -> None:
        if self._stopped_while(played.delay_s):
            return
        self.send_response(played.status)
        for name, value in {"content-length": str(len(played.body)), **played.headers}.items():
            self.send_header(name, value)
        if played.trickle_headers:
            self._drip_headers(played.trickle_s)
        self.end_headers()
        if played.abort_after_bytes is not None:
            self.wfile.write(played.body[: played.abort_after_bytes])
            _shut(self.connection)
            self.close_connection = True
        elif played.trickle_s:
            self._drip(played.body, played.trickle_s)
        else:
            self.wfile.write(played.body)

    def _drip_headers(self, seconds: float) -> None:
        self.flush_headers()
        while not self._stopped_while(seconds):
            self.wfile.write(b"x-drip: 1\r\n")

    def _drip(self, body: bytes, seconds: float) -> None:
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self._stopped_while(seconds):
                return

    def _stopped_while(self, seconds: float) -> bool:
        """Wait so long, or until the endpoint stops or the client hangs up."""
        if not seconds:
            return False
        self.close_connection = self.server.stopping.wait(seconds)
        return self.close_connection

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: calls hold what clients wrote."""


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _json(content: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(content)
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}
