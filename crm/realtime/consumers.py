"""The one consumer: it checks rooms, forwards frames, and writes nothing."""

import asyncio
import json
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from crm.accounts.models import User
from crm.realtime import frames
from crm.realtime.hub import hub
from crm.realtime.rooms import may_join

SIGN_IN_AGAIN, ACCESS_CHANGED, TOO_SLOW, NOT_UNDERSTOOD = 4401, 4403, 4408, 4400
MAX_ROOMS = 20
MAX_FRAME_CHARS = 4096


class RealtimeConsumer(AsyncWebsocketConsumer):
    """`{"rooms": {"board": 4711}}` joins or heals; `{"ping": 1}` is answered. Frames go out through a bounded queue."""

    channel_layer_alias = "none"  # the hub subscribes for the whole process, a socket for itself never does

    async def connect(self) -> None:
        self.user: User | None = self.scope.get("user")
        await self.accept()
        if self.user is None or not self.user.is_authenticated:
            await self.close(code=SIGN_IN_AGAIN)
            return
        self.language = _language(self.scope)
        self.joined: set[str] = set()
        self.queue: asyncio.Queue[str | int] = asyncio.Queue(maxsize=settings.REALTIME_SOCKET_QUEUE)
        self.writer = asyncio.create_task(self._write())

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "writer"):
            hub().leave(self, self.joined)
            self.writer.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = _parse(text_data)
        if message is None or not hasattr(self, "writer"):
            await self.close(code=NOT_UNDERSTOOD)
        elif "ping" in message:
            self.push(frames.PONG)
        elif "rooms" in message:
            await self._join(message["rooms"])

    async def _join(self, rooms: dict[str, int]) -> None:
        allowed = await sync_to_async(self._allowed)(list(rooms))
        refused = sorted(set(rooms) - allowed)
        hub().leave(self, self.joined - allowed)
        self.joined = allowed
        for room in sorted(allowed):
            await hub().join(self, room, rooms[room])
        if refused:
            self.push(frames.denied(refused))

    def _allowed(self, rooms: list[str]) -> set[str]:
        return {room for room in rooms if may_join(self.user, room)}

    def push(self, text: str) -> None:
        """Queue a frame. A reader that falls behind is dropped and catches up by delta; the others never wait."""
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            hub().leave(self, self.joined)
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(TOO_SLOW)

    def recheck(self) -> None:
        """Rights may have changed: leave what is no longer allowed."""
        asyncio.get_running_loop().create_task(self._recheck())

    async def _recheck(self) -> None:
        user = await User.objects.filter(pk=self.user.pk, is_active=True).afirst()
        if user is None:
            self.queue.put_nowait(SIGN_IN_AGAIN)
            return
        self.user = user
        if self.joined - await sync_to_async(self._allowed)(list(self.joined)):
            hub().leave(self, self.joined)
            self.queue.put_nowait(ACCESS_CHANGED)

    async def _write(self) -> None:
        while True:
            item = await self.queue.get()
            if isinstance(item, int):
                await self.close(code=item)
                return
            await self.send(text_data=item)


def _language(scope: dict[str, Any]) -> str:
    chosen = (scope.get("cookies") or {}).get(settings.LANGUAGE_COOKIE_NAME, "")
    known = dict(settings.LANGUAGES)
    if chosen in known:
        return chosen
    header = dict(scope.get("headers") or []).get(b"accept-language", b"").decode("latin-1")
    for code, _quality in translation.trans_real.parse_accept_lang_header(header):
        match = next((known_code for known_code in known if code.split("-")[0] == known_code.split("-")[0]), None)
        if match:
            return match
    return settings.LANGUAGE_CODE


def _parse(text: str | None) -> dict[str, Any] | None:
    """The message, or None if it is not one of the two this consumer knows."""
    if not text or len(text) > MAX_FRAME_CHARS:
        return None
    try:
        message = json.loads(text)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    rooms = message.get("rooms", {})
    if not isinstance(rooms, dict) or len(rooms) > MAX_ROOMS or not all(type(seq) is int for seq in rooms.values()):
        return None
    return message if {"ping", "rooms"} & message.keys() else None
