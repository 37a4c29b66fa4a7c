"""Somebody at a browser, and many of them, as bin/proof.py needs them."""

import http.client
import re
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from functools import cache
from http.cookies import SimpleCookie

from containers import wait_for

FORM = "application/x-www-form-urlencoded"
UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}  # fmt: skip
# Before, a form whose first container took no connection lost its body on the way to the next.
KEEPS_BODIES = (2, 11, 2)
Answer = tuple[int, Message, bytes]


class Browser:
    """It keeps cookies, and opens a connection for each request, as many browsers would."""

    def __init__(self, address: str, host: str) -> None:
        self.address, self.host, self.cookies = address, host, SimpleCookie()

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, body: str) -> Answer:
        return self._ask("POST", path, body.encode(), {"Content-Type": FORM, "Referer": f"http://{self.host}/"})

    def knock(self, path: str) -> Answer:
        """A POST without a body."""
        headers = {"X-CSRFToken": self.cookies["csrftoken"].value, "Referer": f"http://{self.host}/"}
        return self._ask("POST", path, None, headers | {"Content-Length": "0"})

    def token(self) -> str:
        return f"csrfmiddlewaretoken={self.cookies['csrftoken'].value}"

    def beginning(self, path: str, until: bytes, headers: Mapping[str, str]) -> bytes:
        """The first bytes of an answer that may have no end."""
        lines = {"Host": self.host, "Cookie": self._cookies(), "Origin": f"http://{self.host}", **headers}
        asked = "".join(
            [f"GET {path} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in lines.items()), "\r\n"]
        )
        got = b""
        with socket.create_connection((self.address, 80), timeout=20) as line:
            line.sendall(asked.encode())
            while until not in got and (part := line.recv(4096)):
                got += part
        return got

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        with suppress(BrokenPipeError, ConnectionResetError):  # too large: the answer comes before all was sent
            connection.request(method, path, body, {"Host": self.host, "Cookie": self._cookies(), **headers})
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)
        data = answer.read()
        connection.close()
        return answer.status, answer.headers, data

    def _cookies(self) -> str:
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())


@cache
def caddy_version() -> tuple[int, ...]:
    told = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:3])


class Load:
    """Six visitors who ask without a pause until told to end: half of them send forms, unless `posts` is false."""

    def __init__(self, browser: Browser, *, posts: bool = True) -> None:
        self.browser, self.posts, self.done, self.slowest = browser, posts, 0, 0.0
        self.failed: list[str] = []
        self.cut = 0  # answers that had begun when their container was killed: nobody can begin them again
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._visit, args=(number,)) for number in range(6)]
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.done > 20, "the first answers")

    def end(self) -> str:
        """Raises AssertionError unless every request was answered as it should."""
        self._ending.set()
        for thread in self._threads:
            thread.join()
        assert not self.failed, f"{len(self.failed)} of {self.done} failed: {self.failed[:5]}"
        assert not self.posts or not self.cut, f"{self.cut} answers were cut off"
        kind = "pages and forms" if self.posts else "pages"
        cut = f", {self.cut} cut off" if self.cut else ""
        return f"{self.done} {kind} asked for meanwhile, 0 failed{cut}, the slowest took {self.slowest:.2f} s"

    def write(self) -> Answer:
        if caddy_version() < KEEPS_BODIES:
            return self.browser.knock("/logout/")
        return self.browser.post("/language/", self.browser.token() + "&language=pt-br")

    def _visit(self, number: int) -> None:
        while not self._ending.is_set():
            began = time.monotonic()
            try:
                if self.posts and number % 2:
                    status, _headers, page = self.write()
                else:
                    status, _headers, page = self.browser.get("/login/")
                if status not in (200, 302):
                    self.failed.append(f"{status} {page[:80]!r}")
            except http.client.IncompleteRead:
                self.cut += 1
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
            self.done += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
