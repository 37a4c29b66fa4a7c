"""Nothing leaves before what came in is on disk.

The library confirms a message to WhatsApp before our handler has run: a process killed in between would lose it, for
WhatsApp does not send it again. So the library's connection goes through this relay, inside the same process. It
passes on what WhatsApp sends at once, and holds back what we send (the confirmations among it, encrypted and not told
apart) for a moment, and for as long as a handler is at work. A killed process takes its unsent confirmations with it.
"""

import base64
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import structlog

log = structlog.get_logger(__name__)

HOLD_SECONDS = 0.01  # a message is in our handler's hands well within this
STEP_SECONDS = 0.002
DIAL_SECONDS = 20.0
ACCEPT_PAUSE_SECONDS = 1.0
HEAD_LIMIT, CHUNK = 8192, 65536
ALLOWED = (".whatsapp.com", ".whatsapp.net")  # nobody else on this machine may dial out through us


class Relay:
    """A proxy (HTTP CONNECT) on this machine. `busy` says whether something that came in is not on disk yet; it is told
    for how many seconds we have been holding back."""

    def __init__(self, busy: Callable[[float], bool]) -> None:
        self.busy = busy
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, name="relay", daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                ours, _ = self.listener.accept()
            except OSError:
                if self.listener.fileno() < 0:
                    return
                time.sleep(ACCEPT_PAUSE_SECONDS)  # too many open files, for example
                continue
            threading.Thread(target=self._serve, args=[ours], name="relay-out", daemon=True).start()

    def _serve(self, ours: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(ours):
            host, port = _asked(ours)
            if not host.endswith(ALLOWED):
                ours.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            try:
                theirs = _dial(host, port)
            except OSError as error:
                log.info("relay_dial_failed", error=type(error).__name__)
                ours.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
                return
            with contextlib.closing(theirs):
                ours.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                threading.Thread(target=_pass, args=(theirs, ours), name="relay-in", daemon=True).start()
                _pass(ours, theirs, before=self._hold)

    def _hold(self) -> None:
        since = time.monotonic()
        time.sleep(HOLD_SECONDS)
        while self.busy(time.monotonic() - since):
            time.sleep(STEP_SECONDS)


def _pass(source: socket.socket, target: socket.socket, before: Callable[[], None] | None = None) -> None:
    """Everything, until one side hangs up; then the other is told."""
    try:
        while chunk := source.recv(CHUNK):
            if before:
                before()
            target.sendall(chunk)
    except OSError:
        pass
    finally:
        for side in (source, target):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


def _asked(ours: socket.socket) -> tuple[str, int]:
    """Where `CONNECT host:port` wants to go. Raises OSError."""
    ours.settimeout(DIAL_SECONDS)
    words = _head(ours).decode("latin1").split()
    host, _, port = (words[1] if len(words) > 1 else "").rpartition(":")
    if words[:1] != ["CONNECT"] or not port.isdigit():
        raise ConnectionError("not a request to connect")
    ours.settimeout(None)
    return host, int(port)


def _head(sock: socket.socket) -> bytes:
    """An HTTP head, byte by byte: what follows it belongs to somebody else. Raises OSError."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = sock.recv(1)
        if not byte or len(head) > HEAD_LIMIT:
            raise ConnectionError("no HTTP head")
        head += byte
    return head


def _dial(host: str, port: int) -> socket.socket:
    """To the host, or through the proxy that the environment names. Raises OSError."""
    proxy = upstream()
    if proxy is None:
        return _nodelay(socket.create_connection((host, port), DIAL_SECONDS))
    parts = urlsplit(proxy)
    theirs = socket.create_connection((parts.hostname or "", parts.port or 80), DIAL_SECONDS)
    request = f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request += f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"
    theirs.sendall(f"{request}\r\n".encode())
    if b" 200" not in _head(theirs).split(b"\r\n", 1)[0]:
        theirs.close()
        raise ConnectionError("the proxy refused")
    return _nodelay(theirs)


def _nodelay(sock: socket.socket) -> socket.socket:
    sock.settimeout(None)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def upstream() -> str | None:
    """The proxy all connections of this host go through, if there is one."""
    return os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or None


def relay_for(busy: Callable[[float], bool]) -> Relay | None:
    """None where this host's proxy is of a kind that cannot be dialled through."""
    proxy = upstream()
    if proxy is None or urlsplit(proxy).scheme == "http":
        return Relay(busy)
    log.error("no_relay", hint="a message may be lost if the process is killed", proxy=urlsplit(proxy).scheme)
    return None
