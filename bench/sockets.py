"""Followers: many light sockets in one process, so that counting frames costs little beside serving them.

    python -m bench.sockets PORT COUNT < one JSON line {"cookie", "rooms"}; a null cookie means the bare server

Prints `ready` once every socket has joined, then for each round the monotonic clock (one for all processes of a
machine) at which the last socket had its frame; ends when its standard input closes.
"""

import asyncio
import base64
import json
import os
import sys
import time

from bench.ground import HOST, raise_file_limit

AT_ONCE = 50  # handshakes in flight
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Rounds:
    """Counts frames over all sockets; a round is over when each has one more."""

    def __init__(self, sockets: int) -> None:
        self.sockets = sockets
        self.frames = 0

    def frame(self) -> None:
        self.frames += 1
        if self.frames % self.sockets == 0:
            print(time.monotonic(), flush=True)


class Follower(asyncio.Protocol):
    """One socket. The bare server speaks the same frames without a handshake."""

    def __init__(self, rounds: Rounds, request: bytes, hello: bytes) -> None:
        self.rounds = rounds
        self.request = request
        self.hello = hello
        self.buffer = b""
        self.open = not request
        self.joined = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        if self.request:
            transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.open and b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.connection_lost(ConnectionError(head.split(b"\r\n")[0].decode()))
            self.open = True
            self.transport.write(self.hello)
        while self.open and (frame := self._next_frame()):
            self._take(*frame)

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Opcode and payload of an unmasked frame, RFC 6455 section 5.2."""
        if len(self.buffer) < 2:
            return None
        length, start = self.buffer[1] & 0x7F, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            length = int.from_bytes(self.buffer[2:start], "big")
        if len(self.buffer) < start + length:
            return None
        opcode, payload = self.buffer[0] & 0xF, self.buffer[start : start + length]
        self.buffer = self.buffer[start + length :]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.transport.write(masked(PONG, payload))
        elif opcode == CLOSE:
            self.connection_lost(ConnectionError(f"closed by the server: {payload!r}"))
        elif self.joined.done():
            self.rounds.frame()
        elif b'"pong"' in payload:
            self.joined.set_result(None)
        elif b'"denied"' in payload:
            self.connection_lost(PermissionError(payload.decode()))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.joined.done():
            self.joined.set_exception(error or ConnectionError("closed before it joined"))
        elif self.rounds.sockets:
            print(f"lost a socket: {error}", flush=True)  # the reader of our output stops at it


def masked(opcode: int, payload: bytes) -> bytes:
    """A short client frame; the all-zero mask leaves the bytes as they are."""
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + b"\0\0\0\0" + payload


def upgrade(port: int, cookie: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        "GET /ws/ HTTP/1.1",
        f"Host: {HOST}:{port}",
        f"Origin: http://{HOST}:{port}",
        f"Cookie: {cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "\r\n",
    )
    return "\r\n".join(lines).encode()


async def follow(port: int, count: int, cookie: str | None, rooms: dict[str, int]) -> None:
    rounds, gate = Rounds(count), asyncio.Semaphore(AT_ONCE)
    hello = masked(TEXT, json.dumps({"rooms": rooms}).encode()) + masked(TEXT, b'{"ping":1}')
    loop = asyncio.get_running_loop()

    async def join() -> Follower:
        async with gate:
            request = upgrade(port, cookie) if cookie else b""
            _, follower = await loop.create_connection(lambda: Follower(rounds, request, hello), HOST, port)
            await follower.joined
            return follower

    followers = await asyncio.gather(*(join() for _ in range(count)))
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    rounds.sockets = 0  # from here on closing is no loss
    for follower in followers:
        follower.transport.abort()


if __name__ == "__main__":
    raise_file_limit()
    wish = json.loads(sys.stdin.readline())
    asyncio.run(follow(int(sys.argv[1]), int(sys.argv[2]), wish["cookie"], wish["rooms"]))
