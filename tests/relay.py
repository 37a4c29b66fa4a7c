"""A door before PostgreSQL that can be held shut: connections stay, and nothing comes through."""

import os
import select
import socket
import threading
from urllib.parse import parse_qs, urlsplit

from tests.realtime.conftest import database_url


class Relay:
    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.knocked = threading.Event()  # somebody spoke while it was shut
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        found = urlsplit(database_url())
        port = self._listener.getsockname()[1]
        user = found.netloc.rpartition("@")[0]
        return f"postgresql://{user}@127.0.0.1:{port}{found.path}?sslmode=disable&gssencmode=disable"

    def shut(self) -> None:
        self.knocked.clear()
        self.open.clear()

    def close(self) -> None:
        self.open.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(visitor, _postgresql()), daemon=True).start()

    def _carry(self, visitor: socket.socket, server: socket.socket) -> None:
        other = {visitor: server, server: visitor}
        with visitor, server:
            while True:
                ready, _w, _x = select.select(list(other), [], [])
                if not self.open.is_set():
                    self.knocked.set()
                    self.open.wait()
                for one in ready:
                    try:
                        data = one.recv(65536)
                        other[one].sendall(data)
                    except OSError:
                        return
                    if not data:
                        return


def _postgresql() -> socket.socket:
    found = urlsplit(os.environ["DATABASE_URL"])
    folder = parse_qs(found.query).get("host", [""])[0]
    if not folder:
        return socket.create_connection((found.hostname or "127.0.0.1", found.port or 5432))
    server = socket.socket(socket.AF_UNIX)
    server.connect(f"{folder}/.s.PGSQL.{found.port or 5432}")
    return server
