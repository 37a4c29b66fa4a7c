"""Lines by WebSocket: the consumer checks rooms, forwards frames, and writes nothing."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from crm.realtime import frames
from crm.realtime.asked import asked
from crm.realtime.hub import hub
from crm.realtime.lines import NOT_UNDERSTOOD, SIGN_IN_AGAIN, Line
from crm.realtime.outlets import socket_outlet


class RealtimeConsumer(Line, AsyncWebsocketConsumer):
    """`{"rooms": {"board": 4711}}` joins or heals; `{"here": {…}}` says where its person is; `{"ping": 1}` is
    answered."""

    transport = "socket"
    channel_layer_alias = "none"  # the hub subscribes for the whole process, a socket for itself never does

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable], send: Callable) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # also when the server cancels the socket without a word
            self.stop()

    async def connect(self) -> None:
        user = await self.identify(self.scope)
        await self.accept()
        if user is None:
            await self.close(code=SIGN_IN_AGAIN)
            return
        self.serve_by(socket_outlet(self.base_send, settings.REALTIME_SOCKET_QUEUE))
        hub().presence.open(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.outlet is None:
            return  # closing already: what still comes was sent before the client knew
        message = asked(text_data)
        if message is None:
            await self.end(NOT_UNDERSTOOD)
            return
        hub().presence.hear(self)
        if message.rooms is not None:
            await self.guarded(self.join(message.rooms))
        if message.here is not None:
            self.announce(message.here)
        if message.ping:
            self.push(frames.PONG)

    async def hang_up(self, code: int) -> None:
        await self.close(code=code)
