"""The loopback WhatsApp: an HTTP CONNECT proxy that answers for WhatsApp itself and opens no outgoing connection."""

import contextlib
import os
import socket
import ssl
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from . import protos
from .binary_xml import Codec, Node
from .connection import Connection
from .library import Library
from .noise import SecureChannel, ServerKeys
from .pairing import SERVER
from .people import Account, Phone
from .stanzas import Stanzas
from .tls import certificates
from .websocket import Reader, WebSocket

INJECT = Path(__file__).resolve().parent / "inject"
LOCAL = "localhost,127.0.0.1,::1"

# Where a mute server stops talking: before the proxy answers, before or after the websocket opens, or after the login.
Mute = Literal["proxy", "upgrade", "websocket", "login"]


@dataclass
class LoginFailure:
    attrs: dict[str, Any]
    phone: Phone | None  # None: everybody
    times: int | None  # None: until login is allowed again


class Loopback(Stanzas):
    """Start it, give `environment()` to a child process that runs neonize, and play the people it talks to."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.keys = ServerKeys()
        self.authority, self._tls = certificates(folder)
        self._codec = Codec(*Library(protos.library_path()).tokens())
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._sockets: set[socket.socket] = set()
        self.logins = 0  # how often a paired client was let in
        self.dials = 0  # how often somebody asked for web.whatsapp.com
        self._refused: int | None = None
        self._mute: Mute | None = None
        self._failures: list[LoginFailure] = []

    # --- life

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def environment(self, base: dict[str, str] | None = None) -> dict[str, str]:
        """What a child must START with (Go reads its environment once), on top of `base` or our own environment."""
        base = dict(os.environ) if base is None else base
        paths = [str(INJECT), *filter(None, [base.get("PYTHONPATH")])]
        return {
            "HTTPS_PROXY": self.proxy_url,
            "NO_PROXY": LOCAL,
            "SSL_CERT_FILE": str(self.authority),
            "NEONIZE_BOT_TAG": "off",
            "PYTHONPATH": os.pathsep.join(paths),
            "WALOOP_ROOT_KEY": self.keys.root.public.hex(),
        }

    def start(self) -> "Loopback":
        threading.Thread(target=self._accept, name="waloop", daemon=True).start()
        return self

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self.lock:
            open_sockets = list(self._sockets)
        for sock in open_sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def __enter__(self) -> "Loopback":
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    # --- endings

    def fail_login(
        self, reason: int | str, *, phone: Phone | None = None, times: int | None = None, **attrs: object
    ) -> None:
        """Refuse logins: 401 and 403 logged out, 402 banned (code=, expire=), 405 outdated, 500, 503, and any other."""
        self._failures.append(LoginFailure({"reason": reason, **attrs}, phone, times))

    def allow_login(self) -> None:
        self._failures.clear()

    def stream_error(self, phone: Phone, *children: Node, code: int | str | None = None, close: bool = True) -> None:
        """End a session as the server does: 503, 515 (please reconnect), 401 with a <conflict>, anything."""
        connection = self.connected(phone)
        connection.send(Node("stream:error", {"code": code}, list(children) or None))
        if close:
            connection.close()

    def remove_device(self, phone: Phone) -> None:
        """The owner unlinks the client on the phone."""
        self.unlink(self.connected(phone))

    def replace(self, phone: Phone) -> None:
        """Another program opens the same session."""
        self.stream_error(phone, Node("conflict", {"type": "replaced"}))

    def refuse_upgrade(self, status: int) -> None:
        """Answer every new websocket with this HTTP status."""
        self._refused = status

    def be_mute(self, stage: Mute) -> None:
        """Accept and say nothing more from this stage on; see `unmute`, and `deafen` for those already inside."""
        self._mute = stage

    def welcome(self) -> None:
        """New connections succeed again."""
        self._refused = self._mute = None
        self.allow_login()

    def deafen(self, phone: Phone) -> None:
        """Answer nothing to a connected client, not even its keep-alive pings."""
        self.connected(phone).muted = True

    def drop(self, phone: Phone, *, politely: bool = False) -> None:
        """Lose the connection; politely, with a websocket goodbye."""
        connection = self.connected(phone)
        connection.close() if politely else connection.abort()

    def withhold_acks(self) -> None:
        """Take messages without confirming them: the client's send blocks."""
        self.acks = lambda received: None

    def refuse_messages(self, error: int | str) -> None:
        """Confirm messages with an error: 463 (new chats refused), 479, 429."""
        self.acks = lambda received: {"error": str(error)}

    def acknowledge(self) -> None:
        self.acks = lambda received: {}

    # --- connections

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), name="waloop-read", daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with self.lock:
            self._sockets.add(sock)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            host = Reader(sock).until(b"\r\n\r\n").split()[1].decode().split(":")[0]
            web = host == "web.whatsapp.com"
            self.dials += web
            if web and self._mute == "proxy":
                return self._say_nothing(sock)
            sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with self._tls.wrap_socket(sock, server_side=True) as secure:
                with self.lock:
                    self._sockets.add(secure)
                serve = self._serve_web if web else self.media.serve
                serve(secure)
        except (OSError, EOFError) as error:
            self.note("--", f"hung up: {error!r}")
        except Exception:
            self.errors.append(traceback.format_exc())
        finally:
            sock.close()
            with self.lock:
                self._sockets = {one for one in self._sockets if one.fileno() >= 0}

    def _serve_web(self, sock: ssl.SSLSocket) -> None:
        if self._mute == "upgrade":
            return self._say_nothing(sock)
        if self._refused:
            Reader(sock).until(b"\r\n\r\n")
            sock.sendall(f"HTTP/1.1 {self._refused} No\r\nContent-Length: 0\r\n\r\n".encode())
            return sock.close()
        websocket = WebSocket(sock)
        if self._mute == "websocket":
            return self._say_nothing(sock)
        connection = Connection(SecureChannel(websocket, self._codec, self.keys))
        with self.lock:
            self.connections = [one for one in self.connections if one.alive] + [connection]
        try:
            self._open(connection)
            while True:
                node = connection.channel.receive()
                self.note("C>", node)
                self.handle(connection, node)
        finally:
            connection.abort()

    def _say_nothing(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while sock.recv(65536):
                pass

    def _open(self, connection: Connection) -> None:
        login = connection.login
        if self._mute == "login":
            connection.muted = True
        elif login.HasField("devicePairingData") and not login.username:
            self.offer_codes(connection)
        else:
            self._log_in(connection, str(login.username), login.device)

    def _log_in(self, connection: Connection, number: str, device: int) -> None:
        phone = self.people.get(number)
        failure = self._failure(phone)
        if failure is None and (not isinstance(phone, Phone) or device not in phone.companions):
            failure = {"reason": "401", "location": "loopback"}
        if failure is not None or not isinstance(phone, Phone):
            connection.send(Node("failure", failure or {}))
            return connection.close()
        with self.lock:
            for other in [one for one in self.connections if one.phone is phone and one.device == device and one.alive]:
                other.send(Node("stream:error", {}, [Node("conflict", {"type": "replaced"})]))
                other.close()
                other.alive = False
            connection.phone, connection.device = phone, device
            self.logins += 1
            self._welcome(connection, phone, device)

    def _failure(self, phone: Account | None) -> dict[str, Any] | None:
        for failure in list(self._failures):
            if failure.phone in (None, phone):
                if failure.times is not None:
                    failure.times -= 1
                    if not failure.times:
                        self._failures.remove(failure)
                return failure.attrs
        return None

    def _welcome(self, connection: Connection, phone: Phone, device: int) -> None:
        """Let a client in and hand it what it missed."""
        now = int(time.time())
        waiting = self.backlog(phone, device)
        messages = sum(node.tag == "message" for node in waiting)
        counts = {"count": len(waiting), "message": messages, "receipt": len(waiting) - messages}
        attrs = {"t": now, "lid": phone.lid_jid(device), "props": "27", "creation": now}
        connection.send(Node("success", attrs))
        preview = Node("offline_preview", {**counts, "appdata": 0, "notification": 0})
        connection.send(Node("ib", {"from": SERVER}, [preview]))
        for node in waiting:
            self.note("S>", node)
            connection.send(node)
        connection.send(Node("ib", {"from": SERVER}, [Node("offline", {"count": len(waiting)})]))
