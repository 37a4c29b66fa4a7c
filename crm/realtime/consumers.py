"""The one consumer: it checks rooms, forwards frames, and writes nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from crm.accounts.models import User
from crm.realtime import frames
from crm.realtime.frames import Message
from crm.realtime.hub import hub
from crm.realtime.outlets import Outlet, outlet
from crm.realtime.rooms import may_join
from crm.realtime.sessions import Handshake, user_of_session

log = structlog.get_logger(__name__)

NOT_UNDERSTOOD, SIGN_IN_AGAIN, ACCESS_CHANGED, TOO_SLOW, TRY_AGAIN = 4400, 4401, 4403, 4408, 4503
MAX_ROOMS = 20
MAX_FRAME_CHARS = 4096


class RealtimeConsumer(AsyncWebsocketConsumer):
    """`{"rooms": {"board": 4711}}` joins or heals; `{"ping": 1}` is answered. Answers come in order."""

    channel_layer_alias = "none"  # the hub subscribes for the whole process, a socket for itself never does

    def __init__(self) -> None:
        super().__init__()
        self.joined: set[str] = set()
        self.outlet: Outlet | None = None  # while the socket is served
        self.tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Awaitable], send: Callable) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # also when the server cancels the socket without a word
            self._stop()

    async def connect(self) -> None:
        handshake = Handshake(self.scope)
        self.session_key, self.language = handshake.session_key, handshake.language
        user = await database_sync_to_async(user_of_session)(self.session_key)
        await self.accept()
        if user is None:
            await self.close(code=SIGN_IN_AGAIN)
            return
        self.user = user
        self.outlet = outlet(self.base_send, settings.REALTIME_SOCKET_QUEUE)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.outlet is None:
            return  # closing already: what still comes was sent before the client knew
        message = _parse(text_data)
        if message is None:
            await self._end(NOT_UNDERSTOOD)
            return
        if "rooms" in message:
            await self._guarded(self._join(message["rooms"]))
        if "ping" in message:
            self.push(frames.PONG)

    async def _join(self, rooms: dict[str, int]) -> None:
        asked = hub().rechecks
        allowed = await database_sync_to_async(_allowed)(self.user, list(rooms))
        hub().leave(self, self.joined - allowed)
        self.joined = allowed
        for room in sorted(allowed):
            await hub().join(self, room, rooms[room])
        if refused := sorted(set(rooms) - allowed):
            self.push(frames.denied(refused))
        if self.outlet is None:
            self._stop()  # ended meanwhile
        elif hub().rechecks != asked:
            self.recheck()  # rights changed while this socket was not yet among those who are asked again

    def push(self, message: Message) -> None:
        """Send a frame. A reader that falls behind is dropped and catches up by delta; the others never wait."""
        if self.outlet and not self.outlet.push(message):
            self._soon(self._end(TOO_SLOW))

    def recheck(self) -> None:
        """Rights may have changed: the socket of somebody who signed out, or lost a room, is closed."""
        self._soon(self._recheck())

    async def _recheck(self) -> None:
        user = await database_sync_to_async(user_of_session)(self.session_key)
        if user is None:
            await self._end(SIGN_IN_AGAIN)
            return
        self.user = user
        joined = set(self.joined)
        if joined - await database_sync_to_async(_allowed)(user, list(joined)):
            await self._end(ACCESS_CHANGED)

    async def _end(self, code: int) -> None:
        if self.outlet is None:
            return
        self._stop()
        await self.close(code=code)

    def _stop(self) -> None:
        if self.joined:
            hub().leave(self, self.joined)
        if self.outlet:
            self.outlet.close()
            self.outlet = None

    async def _guarded(self, work: Awaitable[None]) -> None:
        """What cannot be checked or read now is not served: the client comes back later."""
        try:
            await work
        except Exception as error:
            log.warning("socket_failed", error=type(error).__name__)
            await self._end(TRY_AGAIN)

    def _soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self.tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self.tasks.discard)


def _allowed(user: User, rooms: list[str]) -> set[str]:
    return {room for room in rooms if may_join(user, room)}


def _parse(text: str | None) -> dict[str, Any] | None:
    """The message, or None if it is not one of the two this consumer knows."""
    if not text or len(text) > MAX_FRAME_CHARS:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    rooms = message.get("rooms", {})
    if not isinstance(rooms, dict) or len(rooms) > MAX_ROOMS or not all(type(seq) is int for seq in rooms.values()):
        return None
    return message if {"ping", "rooms"} & message.keys() else None
