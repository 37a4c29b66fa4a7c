"""The relay between the library and WhatsApp: what comes in passes, what goes out waits until nothing is at risk."""

import socket
import threading
from collections.abc import Iterator

import pytest

from whatsapp.gateways.neonize.relay import Relay
from whatsapp.tests.conftest import eventually


class Upstream:
    """The proxy of a host, and WhatsApp behind it: keeps what it gets, says what it is told to."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.got, self.asked, self.peer = b"", b"", None
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://ana:segredo@127.0.0.1:{self.listener.getsockname()[1]}"

    def _serve(self) -> None:
        self.peer, _ = self.listener.accept()
        while b"\r\n\r\n" not in self.asked:
            self.asked += self.peer.recv(1024)
        self.peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while chunk := self.peer.recv(1024):
            self.got += chunk


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    upstream = Upstream()
    monkeypatch.setenv("HTTPS_PROXY", upstream.url)
    yield upstream
    upstream.listener.close()


def asked(relay_url: str, host: str) -> tuple[socket.socket, bytes]:
    """A connection through the relay, and the first line of its answer."""
    port = int(relay_url.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection, connection.recv(1024).split(b"\r\n")[0]


def test_what_goes_out_waits_while_something_that_came_in_is_not_on_disk(upstream):
    at_work, asked_about = threading.Event(), []

    def busy(held: float) -> bool:
        asked_about.append(held)
        return at_work.is_set()

    at_work.set()
    connection, answer = asked(Relay(busy).url, "web.whatsapp.com")
    assert b" 200 " in answer
    connection.sendall(b"confirmation")
    upstream.peer.sendall(b"a message")
    assert connection.recv(1024) == b"a message"
    eventually(lambda: len(asked_about) > 5)
    assert upstream.got == b""
    at_work.clear()
    eventually(lambda: upstream.got == b"confirmation")
    assert asked_about == sorted(asked_about)
    assert b"Proxy-Authorization: Basic " in upstream.asked


def test_nobody_else_dials_out_through_it(upstream):
    _, answer = asked(Relay(lambda held: False).url, "example.com")
    assert b" 403 " in answer
    assert upstream.peer is None


def test_a_network_that_is_away_is_said_to_be_away(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    _, answer = asked(Relay(lambda held: False).url, "web.whatsapp.com")
    assert b" 502 " in answer
