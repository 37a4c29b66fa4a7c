"""Clients that post leads: many connections in one process, each with one request under way.

    python -m bench.posters PORT TOKEN

Each line on standard input, `CLIENTS LEADS FIRST`, posts that many leads with phones numbered from FIRST; the answer
is the seconds it took.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

from bench.ground import HOST


def lead(number: int) -> dict[str, object]:
    """What a form on another site sends; both the product and its floor write this."""
    return {
        "name": f"Maria Souza {number}",
        "phone": phone(number),
        "email": f"maria{number}@example.com",
        "city": "Natal",
        "uf": "RN",
        "product": "home_equity",
        "credit_amount": 25_000_000,
        "property_value": 80_000_000,
        "monthly_income": 1_500_000,
        "term_months": 180,
        "message": "Quero quitar dívidas com a garantia da minha casa.",
        "consent": True,
        "utm_source": "google",
        "utm_campaign": "home-equity",
    }


def phone(number: int) -> str:
    return f"+55849{number:08d}"


class Poster(asyncio.Protocol):
    """One connection; `bodies` is shared by all. Without a head they are whole requests."""

    expected = b" 201 "

    def __init__(self, bodies: Iterator[bytes], head: bytes = b"") -> None:
        self.bodies, self.head = bodies, head
        self.buffer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._next()

    def _next(self) -> None:
        body = next(self.bodies, None)
        if body is None:
            self.transport.close()
            self.done.set_result(None)
        else:
            head = self.head and self.head + b"Content-Length: %d\r\n\r\n" % len(body)
            self.transport.write(head + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        if self.expected not in head.split(b"\r\n", 1)[0]:
            self.connection_lost(ConnectionError(f"{head.decode()}\n{body[:500].decode()}"))
        self.buffer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))


def _length(head: bytes) -> int:
    return next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))


async def post(port: int, token: str, clients: int, leads: int, first: int) -> float:
    bodies = iter([json.dumps(lead(number)).encode() for number in range(first, first + leads)])
    head = (
        f"POST /api/leads HTTP/1.1\r\nHost: {HOST}:{port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    start = time.monotonic()
    posters = [await loop.create_connection(lambda: Poster(bodies, head), HOST, port) for _ in range(clients)]
    await asyncio.gather(*(poster.done for _transport, poster in posters))
    return time.monotonic() - start


def main() -> None:
    port, token = int(sys.argv[1]), sys.argv[2]
    print("ready", flush=True)
    for line in sys.stdin:
        clients, leads, first = map(int, line.split())
        try:
            print(asyncio.run(post(port, token, clients, leads, first)), flush=True)
        except (ConnectionError, OSError) as error:
            print("lost", " ".join(str(error).split()), flush=True)


if __name__ == "__main__":
    main()
