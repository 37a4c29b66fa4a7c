"""The server's side of one websocket over a blocking socket (RFC 6455)."""

import base64
import contextlib
import hashlib
import socket
import struct

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
BINARY, CLOSE, PING, PONG = 2, 8, 9, 10


class Reader:
    """Exactly so many bytes, or up to a mark, from a socket; EOFError when it ends."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket, self.buffer = sock, b""

    def _fill(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError
        self.buffer += data

    def until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self._fill()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def exactly(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._fill()
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found


class WebSocket:
    """Binary messages; one thread reads, one writes."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket, self.reader = sock, Reader(sock)
        lines = self.reader.until(b"\r\n\r\n").decode("latin1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        digest = hashlib.sha1((headers["sec-websocket-key"] + GUID).encode()).digest()
        self.socket.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )

    def receive(self) -> bytes:
        """The next whole message; EOFError when the peer closes."""
        message = b""
        while True:
            first, second = self.reader.exactly(2)
            data = self._payload(second)
            if first & 15 == CLOSE:
                raise EOFError
            if first & 15 == PING:
                self._send(PONG, data)
            elif first & 15 != PONG:
                message += data
                if first & 128:
                    return message

    def _payload(self, second: int) -> bytes:
        size = second & 127
        if size == 126:
            (size,) = struct.unpack(">H", self.reader.exactly(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.reader.exactly(8))
        mask = self.reader.exactly(4) if second & 128 else b"\0" * 4
        data = self.reader.exactly(size)
        key = (mask * (size // 4 + 1))[:size]
        return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")

    def send(self, data: bytes) -> None:
        self._send(BINARY, data)

    def _send(self, opcode: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            header = bytes([128 | opcode, size])
        elif size < 65536:
            header = bytes([128 | opcode, 126]) + struct.pack(">H", size)
        else:
            header = bytes([128 | opcode, 127]) + struct.pack(">Q", size)
        self.socket.sendall(header + data)

    def close(self) -> None:
        """Say goodbye (1000, normal), then hang up."""
        with contextlib.suppress(OSError):
            self._send(CLOSE, b"\x03\xe8")
        self.abort()

    def abort(self) -> None:
        """Hang up without a word, as a lost network does."""
        for end in (lambda: self.socket.shutdown(socket.SHUT_RDWR), self.socket.close):
            with contextlib.suppress(OSError):
                end()
