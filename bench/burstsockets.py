"""The followers of `burst`: every socket must get one and the same stream of bytes, in order; each arrival is noted.

    python -m bench.burstsockets PORT COUNT < one JSON line {"cookie", "rooms"}; a null cookie means the bare server

Prints `ready` once every socket has joined. Each line {"events", "patience"} is answered, once all sockets have that
many events more, with their account. Comparing bytes with what another socket got costs little, so that it is the
server that is measured: whatever arrives first is taken apart once, and must be numbered without a gap.
"""

import asyncio
import json
import re
import sys
import time
from array import array
from bisect import bisect_right
from typing import Any

from bench.ground import HOST, raise_file_limit
from bench.sockets import AT_ONCE, PING, PONG, TEXT, masked, upgrade

_STAMP = re.compile(rb'data-at=\\?"([0-9.]+)')
_SEQ = re.compile(rb'"seq": ([0-9]+)')
_LONGEST_HEAD = 10


class Stream:
    """What all sockets must get, as far as any has got it: bytes, and where each frame ends."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.ends: list[int] = []
        self.arrivals = array("d")  # from, to, when
        self.wrong = 0

    def frames(self, first: int, last: int) -> list[bytes]:
        starts = [0, *self.ends]
        return [bytes(self.bytes[starts[n] : self.ends[n]]) for n in range(first, last)]


class Socket(asyncio.Protocol):
    def __init__(self, stream: Stream, request: bytes, hello: bytes) -> None:
        self.stream, self.request, self.hello = stream, request, hello
        self.offset = 0
        self.rest = b""
        self.is_open = False
        self.is_wrong = False
        self.joined = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        if self.request:
            transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.is_open:
            self._open(data)
            return
        before, stream = self.offset, self.stream
        after = before + len(data)
        if not self.rest and stream.bytes[before:after] == data:
            self.offset = after
        else:
            self._by_frame(self.rest + data)
        stream.arrivals.extend((before, self.offset, time.monotonic()))

    def _open(self, data: bytes) -> None:
        """Until the pong: from then on every socket gets the same."""
        self.rest += data
        if self.hello and b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                self.joined.set_exception(ConnectionError(head.split(b"\r\n")[0].decode()))
            self.transport.write(self.hello)
            self.hello = b""
        if b'"pong": 1}' in self.rest:
            self.is_open, self.rest = True, b""
            self.joined.set_result(None)

    def _by_frame(self, data: bytes) -> None:
        stream = self.stream
        while data and not self.is_wrong:
            known = bisect_right(stream.ends, self.offset)
            if not self.offset or (known and stream.ends[known - 1] == self.offset):  # a frame begins
                if len(data) < _LONGEST_HEAD:
                    break
                if data[0] & 0xF == PING:
                    data = self._pong(data)
                    continue
                if known == len(stream.ends):
                    stream.ends.append(self.offset + size_of(data))
            end = stream.ends[known]
            part = data[: end - self.offset]
            data = data[len(part) :]
            self._take(part)
        self.rest = data

    def _take(self, part: bytes) -> None:
        """Compare with what is known of the stream, and make known what is not."""
        after = self.offset + len(part)
        seen = bytes(self.stream.bytes[self.offset : after])
        if part[: len(seen)] != seen:
            self.is_wrong = True
            self.stream.wrong += 1
            return
        self.stream.bytes += part[len(seen) :]
        self.offset = after

    def _pong(self, data: bytes) -> bytes:
        size = 2 + data[1]
        self.transport.write(masked(PONG, data[2:size]))
        return data[size:]

    def connection_lost(self, error: Exception | None) -> None:
        self.is_wrong = True


def size_of(frame: bytes) -> int:
    """Of a whole unmasked frame that begins like this, RFC 6455 section 5.2."""
    length = frame[1] & 0x7F
    if length < 126:
        return 2 + length
    head = 4 if length == 126 else 10
    return head + int.from_bytes(frame[2:head], "big")


async def account(stream: Stream, sockets: list[Socket], first: int, last: int, patience: float) -> dict[str, Any]:
    """What became of the events numbered `first` to `last` - 1, once every socket has them or patience ends."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        behind = [one for one in sockets if not one.is_wrong and not reached(stream, one, last)]
        if not behind:
            break
        await asyncio.sleep(0.1)
    stamps = [stamp_of(frame) for frame in stream.frames(first, min(last, len(stream.ends)))]
    delays = delays_of(stream, stamps, first)
    frames = sum(delays.values())
    known = sorted(delays)
    return {
        "frames": frames,
        "missing": len(sockets) * (last - first) - frames + gaps(stream, first, last),
        "p50": percentile(delays, known, 0.5),
        "p99": percentile(delays, known, 0.99),
        "max": known[-1] if known else 0,
    }


def reached(stream: Stream, socket: Socket, number: int) -> bool:
    return len(stream.ends) >= number and socket.offset >= stream.ends[number - 1]


def stamp_of(frame: bytes) -> float:
    found = _STAMP.search(frame)
    return float(found[1]) if found else 0.0


def gaps(stream: Stream, first: int, last: int) -> int:
    """How often the numbers do not follow; the bare server has none."""
    found = [_SEQ.search(frame) for frame in stream.frames(first, min(last, len(stream.ends)))]
    numbers = [int(one[1]) for one in found if one]
    return sum(later != earlier + 1 for earlier, later in zip(numbers, numbers[1:], strict=False))


def delays_of(stream: Stream, stamps: list[float], first: int) -> dict[int, int]:
    """Milliseconds → how many frames took that long."""
    counts: dict[int, int] = {}
    rows, ends, last = stream.arrivals, stream.ends, first + len(stamps)
    for n in range(0, len(rows), 3):
        begin, end = bisect_right(ends, rows[n]), bisect_right(ends, rows[n + 1])
        for number in range(max(begin, first), min(end, last)):
            delay = int((rows[n + 2] - stamps[number - first]) * 1000)
            counts[delay] = counts.get(delay, 0) + 1
    return counts


def percentile(counts: dict[int, int], known: list[int], part: float) -> int:
    wanted, seen = part * sum(counts.values()), 0
    for delay in known:
        seen += counts[delay]
        if seen >= wanted:
            return delay
    return 0


async def follow(port: int, count: int, cookie: str | None, rooms: dict[str, int]) -> None:
    stream, gate, loop = Stream(), asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop()
    hello = masked(TEXT, json.dumps({"rooms": rooms}).encode()) + masked(TEXT, b'{"ping":1}')

    async def join() -> Socket:
        async with gate:
            request = upgrade(port, cookie) if cookie else b""
            _, socket = await loop.create_connection(
                lambda: Socket(stream, request, hello if cookie else b""), HOST, port
            )
            await socket.joined
            return socket

    sockets = await asyncio.gather(*(join() for _ in range(count)))
    print("ready", flush=True)
    told = 0
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        wish = json.loads(line)
        print(json.dumps(await account(stream, sockets, told, told + wish["events"], wish["patience"])), flush=True)
        told += wish["events"]
        del stream.arrivals[:]
    for socket in sockets:
        socket.transport.abort()


if __name__ == "__main__":
    raise_file_limit()
    first_line = json.loads(sys.stdin.readline())
    asyncio.run(follow(int(sys.argv[1]), int(sys.argv[2]), first_line["cookie"], first_line["rooms"]))
