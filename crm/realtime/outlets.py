"""A socket's way out: nothing waits for a reader, and a reader that falls behind is told so and dropped.

Daphne accepts whatever it is given and keeps what the network does not take, without limit and without a word.
So where Daphne serves, frames go straight to its transport, which says when it has nothing left to send; meanwhile
they wait here, and only so many. It also spares each socket a task, a frame of its own and Daphne's bookkeeping.
Any other ASGI server gets messages from a task that waits as long as the server makes it wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from autobahn.websocket.protocol import WebSocketProtocol as Autobahn
from daphne.ws_protocol import WebSocketProtocol as Daphne
from twisted.internet.interfaces import IPullProducer
from twisted.internet.tcp import Connection
from zope.interface import implementer

from crm.realtime.frames import Message

log = structlog.get_logger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Outlet(Protocol):
    def push(self, message: Message) -> bool:
        """Send, or keep for later. False: too much waits already, and from now on nothing is sent."""
        ...

    def close(self) -> None:
        """Forget what waits and send nothing more."""
        ...


def outlet(send: Send, limit: int) -> Outlet:
    """The way out of a socket that was accepted; at most `limit` frames wait for its reader."""
    protocol = next(iter(getattr(send, "args", ())), None)  # Daphne's `send` is partial(handle_reply, protocol)
    # Daphne's own TLS has another kind of transport; so has a socket that is gone already.
    if isinstance(protocol, Daphne) and protocol.state == Autobahn.STATE_OPEN and _is_tcp(protocol.transport):
        return _TransportOutlet(protocol, limit)
    return _TaskOutlet(send, limit)


def _is_tcp(transport: object) -> bool:
    return isinstance(transport, Connection) and not transport.TLS


@implementer(IPullProducer)
class _TransportOutlet:
    def __init__(self, protocol: Daphne, limit: int) -> None:
        self.protocol = protocol
        self.limit = limit
        self.waiting: deque[Message] = deque()
        self.busy = self.closed = False
        protocol.transport.unregisterProducer()  # the HTTP channel of before the upgrade
        protocol.transport.registerProducer(self, streaming=False)

    def push(self, message: Message) -> bool:
        if self.closed or self.protocol.state != Autobahn.STATE_OPEN:
            return True  # it is leaving already
        if not self.busy:
            self._write(message.wire)
        elif len(self.waiting) < self.limit:
            self.waiting.append(message)
        else:
            self.close()
            return False
        return True

    def _write(self, data: bytes) -> None:
        """To the network at once: having the loop tell when a socket is writable costs five times as much."""
        transport = self.protocol.transport
        sent: int | Exception = 0
        if not transport.dataBuffer and not transport._tempDataLen:  # nothing of Daphne's own, such as a ping, waits
            sent = transport.writeSomeData(data)
        if isinstance(sent, Exception):
            self.close()  # gone; Daphne finds out by reading
        elif sent < len(data):
            self.busy = True
            transport.write(data[sent:])

    def close(self) -> None:
        self.closed = True
        self.waiting.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        """The transport has sent everything."""
        self.busy = False
        if self.waiting and self.protocol.state == Autobahn.STATE_OPEN:
            written = b"".join(message.wire for message in self.waiting)
            self.waiting.clear()
            self._write(written)

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone."""
        self.close()


class _TaskOutlet:
    def __init__(self, send: Send, limit: int) -> None:
        self.send = send
        self.queue: asyncio.Queue[Message] = asyncio.Queue(maxsize=limit)
        self.task = asyncio.create_task(self._write())

    def push(self, message: Message) -> bool:
        if self.task.done():
            return True
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.close()
            return False
        return True

    def close(self) -> None:
        self.task.cancel()

    async def _write(self) -> None:
        try:
            while True:
                message = await self.queue.get()
                await self.send({"type": "websocket.send", "text": message.text})
        except Exception as error:  # servers differ in what they raise when the client has gone
            log.debug("socket_gone", error=type(error).__name__)
