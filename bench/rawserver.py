"""The floor of `fanout` and `burst`: a bare asyncio server that writes one ready-made frame to every connection.

    python -m bench.rawserver PORT BYTES [stamped]

Each line on standard input writes a frame of BYTES payload to all; the answer is the monotonic clock just before. With
`stamped` the frame says it too.
"""

import asyncio
import sys
import time

from bench.ground import HOST, raise_file_limit

JOINED = b'{"pong": 1}'


def frame(payload: bytes) -> bytes:
    """An unmasked text frame, RFC 6455 section 5.2."""
    length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
    return b"\x81" + length + payload


class Connection(asyncio.Protocol):
    everyone: list[asyncio.Transport] = []

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.everyone.append(transport)
        transport.write(frame(JOINED))


async def serve(port: int, size: int, is_stamped: bool) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(Connection, HOST, port, backlog=1024)
    print("ready", flush=True)
    event = frame(b"x" * size)
    while await loop.run_in_executor(None, sys.stdin.readline):
        start = time.monotonic()
        if is_stamped:
            event = frame(f'data-at="{start:.6f}"'.encode().ljust(size, b"x"))
        for transport in Connection.everyone:
            transport.write(event)
        print(start, flush=True)


if __name__ == "__main__":
    raise_file_limit()
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), "stamped" in sys.argv[3:]))
