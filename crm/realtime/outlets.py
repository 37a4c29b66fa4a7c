"""A line's way out: nothing waits for a reader, and a reader that falls behind is told so and dropped.

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
from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol as Daphne
from twisted.internet.interfaces import IPullProducer, IPushProducer
from twisted.internet.tcp import Connection
from twisted.web.http import Request
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


def socket_outlet(send: Send, limit: int) -> Outlet:
    """The way out of a socket that was accepted; at most `limit` frames wait for its reader."""
    protocol = _served(send)
    # Daphne's own TLS has another kind of transport; so has a socket that is gone already.
    if isinstance(protocol, Daphne) and protocol.state == Autobahn.STATE_OPEN and _is_tcp(protocol.transport):
        return _SocketOutlet(protocol, limit)

    async def write(message: Message) -> None:
        for text in message.texts:
            await send({"type": "websocket.send", "text": text})

    return _TaskOutlet(write, limit)


def stream_outlet(send: Send, limit: int) -> Outlet:
    """The way out of a stream whose answer has begun; at most `limit` frames wait for its reader."""
    request = _served(send)
    if isinstance(request, WebRequest) and _channel(request):
        return _StreamOutlet(request, limit)

    async def write(message: Message) -> None:
        await send({"type": "http.response.body", "body": message.events, "more_body": True})

    return _TaskOutlet(write, limit)


def cut(send: Send) -> bool:
    """End the connection of a stream at once, with what it still has to send; False where the server does not let."""
    request = _served(send)
    if not isinstance(request, WebRequest):
        return False
    if channel := _channel(request):
        channel.transport.abortConnection()
    return True


def _served(send: Send) -> object:
    """Daphne's `send` is partial(handle_reply, protocol)."""
    return next(iter(getattr(send, "args", ())), None)


def _channel(request: WebRequest) -> Any:
    """The connection of a request that is still being answered."""
    return None if request.finished else getattr(request, "channel", None)


def _is_tcp(transport: object) -> bool:
    return isinstance(transport, Connection) and not transport.TLS


class _Waiting:
    """What waits for a reader, counted in frames."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.frames = 0
        self.messages: deque[Message] = deque()

    def add(self, message: Message) -> bool:
        """False: it would be too much."""
        if self.messages and self.frames + len(message.texts) > self.limit:
            return False
        self.frames += len(message.texts)
        self.messages.append(message)
        return True

    def take(self) -> list[Message]:
        taken = list(self.messages)
        self.messages.clear()
        self.frames = 0
        return taken


@implementer(IPullProducer)
class _SocketOutlet:
    def __init__(self, protocol: Daphne, limit: int) -> None:
        self.protocol = protocol
        self.waiting = _Waiting(limit)
        self.busy = self.closed = False
        protocol.transport.unregisterProducer()  # the HTTP channel of before the upgrade
        protocol.transport.registerProducer(self, streaming=False)

    def push(self, message: Message) -> bool:
        if self.closed or self.protocol.state != Autobahn.STATE_OPEN:
            return True  # it is leaving already
        if not self.busy:
            self._write(message.wire)
        elif not self.waiting.add(message):
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
        self.waiting.take()

    def resumeProducing(self) -> None:  # noqa: N802
        """The transport has sent everything."""
        self.busy = False
        if self.waiting.messages and self.protocol.state == Autobahn.STATE_OPEN:
            self._write(b"".join(message.wire for message in self.waiting.take()))

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone."""
        self.close()


@implementer(IPushProducer)
class _StreamOutlet:
    """Twisted says when a request's connection has taken as much as it will for now, and when it has sent it."""

    def __init__(self, request: WebRequest, limit: int) -> None:
        self.request = request
        self.waiting = _Waiting(limit)
        self.busy = self.closed = False
        request.registerProducer(self, True)

    def push(self, message: Message) -> bool:
        if self.closed or not _channel(self.request):
            return True  # it is leaving already
        if not self.busy:
            Request.write(self.request, message.events)
        elif not self.waiting.add(message):
            self.close()
            return False
        return True

    def close(self) -> None:
        if not self.closed and _channel(self.request):
            self.request.unregisterProducer()
        self.closed = True
        self.waiting.take()

    def pauseProducing(self) -> None:  # noqa: N802
        self.busy = True

    def resumeProducing(self) -> None:  # noqa: N802
        self.busy = False
        if self.waiting.messages and _channel(self.request):
            Request.write(self.request, b"".join(message.events for message in self.waiting.take()))

    def stopProducing(self) -> None:  # noqa: N802
        """The connection is gone."""
        self.closed = True
        self.waiting.take()


class _TaskOutlet:
    def __init__(self, write: Callable[[Message], Awaitable[None]], limit: int) -> None:
        self.write = write
        self.waiting = _Waiting(limit)
        self.filled = asyncio.Event()
        self.task = asyncio.create_task(self._write_all())

    def push(self, message: Message) -> bool:
        if self.task.done():
            return True
        if not self.waiting.add(message):
            self.close()
            return False
        self.filled.set()
        return True

    def close(self) -> None:
        self.task.cancel()

    async def _write_all(self) -> None:
        try:
            while True:
                await self.filled.wait()
                self.filled.clear()
                for message in self.waiting.take():
                    await self.write(message)
        except Exception as error:  # servers differ in what they raise when the client has gone
            log.debug("line_gone", error=type(error).__name__)
