"""Clients of `api`: many connections in one process, each with one request under way.

    python -m bench.askers PORT KEY

Each line on standard input, `KIND CLIENTS REQUESTS FIRST`, sends that many requests; the answer is the seconds it took.
KIND is `post`, `repeatable` (a post with an Idempotency-Key) or `list` for the API, `bare-post` or `bare-list` for the
floor. Posts have phones numbered from FIRST.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

from bench.ground import HOST
from bench.posters import Poster, lead

PAGE = 50


class Reader(Poster):
    expected = b" 200 "


def body(number: int) -> bytes:
    """A lead as version 1 takes it."""
    values = lead(number)
    values["tracking"] = {name: values.pop(name) for name in ("utm_source", "utm_campaign")}
    return json.dumps(values).encode()


def requests(kind: str, port: int, key: str, count: int, first: int) -> Iterator[bytes]:
    """Whole requests, which a `Poster` sends as they are."""
    path = "/bare/leads" if kind.startswith("bare") else "/api/v1/leads"
    head = f"Host: {HOST}:{port}\r\nAuthorization: Bearer {key}\r\n"
    if kind.endswith("list"):
        yield from [f"GET {path}?limit={PAGE} HTTP/1.1\r\n{head}\r\n".encode()] * count
        return
    head = f"POST {path} HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
    for number in range(first, first + count):
        content = body(number)
        own = f"Idempotency-Key: lead-{number}\r\n" if kind == "repeatable" else ""
        yield f"{head}{own}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def ask(kind: str, port: int, key: str, clients: int, count: int, first: int) -> float:
    waiting = iter(list(requests(kind, port, key, count, first)))
    loop = asyncio.get_running_loop()
    made = Reader if kind.endswith("list") else Poster
    start = time.monotonic()
    askers = [await loop.create_connection(lambda: made(waiting), HOST, port) for _ in range(clients)]
    await asyncio.gather(*(asker.done for _transport, asker in askers))
    return time.monotonic() - start


def main() -> None:
    port, key = int(sys.argv[1]), sys.argv[2]
    print("ready", flush=True)
    for line in sys.stdin:
        kind, *figures = line.split()
        clients, count, first = map(int, figures)
        try:
            print(asyncio.run(ask(kind, port, key, clients, count, first)), flush=True)
        except (ConnectionError, OSError) as error:
            print("lost", " ".join(str(error).split()), flush=True)


if __name__ == "__main__":
    main()
