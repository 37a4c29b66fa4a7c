"""One hub a process: it follows each room once and writes to that process's sockets.

The hub keeps the events of every room in order and without gaps: rings come from the channel layer, and a patrol
compares its numbers with the database, so a lost ring, or Redis being away, only costs a moment.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Protocol

import structlog
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from crm.realtime import frames
from crm.realtime.bell import group
from crm.realtime.frames import Frame
from crm.realtime.selectors import events_between, room_numbers

log = structlog.get_logger(__name__)


class Socket(Protocol):
    language: str

    def push(self, text: str) -> None: ...
    def recheck(self) -> None: ...


class _Followed:
    """A room as this process knows it: its last number, its latest frames, its sockets."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.recent: deque[Frame] = deque(maxlen=settings.REALTIME_DELTA_LIMIT)
        self.sockets: set[Socket] = set()
        self.lock = asyncio.Lock()

    def since(self, seq: int) -> list[Frame] | None:
        """The frames after `seq`, or None if this memory does not reach back so far."""
        missing = self.seq - seq
        if missing > len(self.recent):
            return None
        return [frame for frame in self.recent if frame.seq > seq]


class Hub:
    def __init__(self) -> None:
        self.rooms: dict[str, _Followed] = {}
        self.layer = get_channel_layer()
        self.channel = ""
        self.opening = asyncio.Lock()
        self.tasks: list[asyncio.Task[None]] = []

    async def join(self, socket: Socket, room: str, seq: int) -> None:
        """Follow a room for a socket that has seen events up to `seq`: what it missed, then every push."""
        followed = await self._follow(room)
        async with followed.lock:
            if seq > followed.seq:  # the page was read from the database, which may be ahead of this memory
                numbers = await sync_to_async(room_numbers)([room])
                await self._catch_up(room, followed, numbers.get(room, 0))
            missed = await self._missed(room, followed, seq)
            followed.sockets.add(socket)
            if missed is None:
                socket.push(frames.refresh(room, followed.seq))
            for frame in newest_of_each(missed or []):
                socket.push(frame.text(socket.language))

    async def _missed(self, room: str, followed: _Followed, seq: int) -> list[Frame] | None:
        """The frames after `seq`; None if they are too many, pruned, or `seq` is a number this room never had."""
        missing = followed.seq - seq
        if not 0 <= missing <= settings.REALTIME_DELTA_LIMIT:
            return None
        recent = followed.since(seq)
        return recent if recent is not None else await _load(room, seq, followed.seq)

    def leave(self, socket: Socket, rooms: Iterable[str]) -> None:
        for room in rooms:
            followed = self.rooms.get(room)
            if followed:
                followed.sockets.discard(socket)

    async def _follow(self, room: str) -> _Followed:
        async with self.opening:
            if not self.channel:
                await self._open()
            followed = self.rooms.get(room)
            if followed is None:
                await self._quietly(self.layer.group_add(group(room), self.channel))
                numbers = await sync_to_async(room_numbers)([room])
                followed = self.rooms.setdefault(room, _Followed(numbers.get(room, 0)))
            return followed

    async def _open(self) -> None:
        self.channel = await self.layer.new_channel("hub")
        self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._patrol())]

    async def _quietly(self, awaitable) -> None:
        try:
            await asyncio.wait_for(awaitable, 3)
        except Exception as error:
            log.warning("realtime_layer_unreachable", error=type(error).__name__)

    async def _listen(self) -> None:
        while True:
            try:
                message = await self.layer.receive(self.channel)
                await self._take(message)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("realtime_listen_failed", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _take(self, message: dict) -> None:
        followed = self.rooms.get(message["room"])
        if followed is None:
            return
        if message["type"] == "room.recheck":
            for socket in list(followed.sockets):
                socket.recheck()
            return
        frame = Frame(message["room"], message["seq"], message["kind"], message["object"], message["html"])
        async with followed.lock:
            if frame.seq == followed.seq + 1:
                self._deliver(followed, frame)
            elif frame.seq > followed.seq:
                await self._catch_up(frame.room, followed, frame.seq)

    async def _patrol(self) -> None:
        """Compare every followed room with the database; forget rooms nobody follows any more."""
        while True:
            await asyncio.sleep(settings.REALTIME_PATROL_SECONDS)
            try:
                await self._patrol_once()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("realtime_patrol_failed", error=type(error).__name__)

    async def _patrol_once(self) -> None:
        for room in [room for room, followed in self.rooms.items() if not followed.sockets]:
            del self.rooms[room]
            await self._quietly(self.layer.group_discard(group(room), self.channel))
        if not self.rooms:
            return
        for room, seq in (await sync_to_async(room_numbers)(list(self.rooms))).items():
            followed = self.rooms.get(room)
            if followed and seq > followed.seq:
                async with followed.lock:
                    await self._catch_up(room, followed, seq)

    async def _catch_up(self, room: str, followed: _Followed, upto: int) -> None:
        if upto <= followed.seq:
            return
        loaded = None
        if upto - followed.seq <= settings.REALTIME_DELTA_LIMIT:
            loaded = await _load(room, followed.seq, upto)
        if loaded is None:
            followed.seq = upto
            followed.recent.clear()
            for socket in followed.sockets:
                socket.push(frames.refresh(room, upto))
            return
        for frame in loaded:
            self._deliver(followed, frame)

    def _deliver(self, followed: _Followed, frame: Frame) -> None:
        followed.seq = frame.seq
        followed.recent.append(frame)
        for socket in followed.sockets:
            socket.push(frame.text(socket.language))


async def _load(room: str, after: int, upto: int) -> list[Frame] | None:
    """Frames from the database, or None where pruning left a hole."""
    events = await sync_to_async(events_between)(room, after, upto)
    if len(events) != upto - after:
        return None
    return [Frame(event.room, event.seq, event.kind, event.object_id, event.html) for event in events]


def newest_of_each(missed: list[Frame]) -> list[Frame]:
    """Of several changes of one object only the last; the room's own last frame always stays last."""
    newest = {frame.object_id: frame for frame in missed}
    return sorted(newest.values(), key=lambda frame: frame.seq)


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """This event loop's hub: one a server process."""
    loop = asyncio.get_running_loop()
    for old in [known for known in _hubs if known.is_closed()]:
        del _hubs[old]
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
