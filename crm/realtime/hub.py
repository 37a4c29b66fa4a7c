"""One hub a process: it hears every ring once and writes to that process's sockets.

The hub keeps the events of every followed room in order and without gaps: rings come from the channel layer, and a
patrol compares its numbers with the database, so a lost ring, or Redis being away, only costs a moment.

Writing to thousands of sockets costs by the write, hardly by the byte. So a room's next write waits as long as its last
one took: at rest every event leaves at once, in a burst several leave together, and the process stays answerable.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol

import structlog
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from crm.accounts.models import User
from crm.realtime import bell, frames
from crm.realtime.frames import FORGOTTEN, RECHECK, Frame, Message
from crm.realtime.selectors import events_between, room_numbers
from crm.realtime.whereabouts import Whereabouts

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 1.0
_REST_SECONDS = 0.25


class Socket(Protocol):
    name: str
    user: User
    language: str

    def push(self, message: Message) -> None: ...
    def recheck(self) -> None: ...


class _Followed:
    """A room as this process knows it: its last number, its latest frames, its sockets."""

    def __init__(self) -> None:
        self.seq: int | None = None  # not read yet
        self.recent: deque[Frame] = deque(maxlen=settings.REALTIME_DELTA_LIMIT)
        self.sockets: set[Socket] = set()
        self.due: list[Frame] = []  # numbered, and not yet written to the sockets
        self.writing: asyncio.TimerHandle | None = None
        self.rested = 0.0  # when the next write may be
        self.joining = 0
        self.lock = asyncio.Lock()  # held while numbers move, so that every socket sees them in order

    def since(self, seq: int) -> list[Frame] | None:
        """The frames after `seq`, or None if this memory does not reach back so far."""
        if self.seq - seq > len(self.recent):
            return None
        return [frame for frame in self.recent if frame.seq > seq]

    def push(self, frame: Frame) -> None:
        self.seq = frame.seq
        if frame.kind == FORGOTTEN:
            self.recent.clear()
        self.recent.append(frame)
        self.due.append(frame)
        if frame.kind == RECHECK:
            self.recheck()
        if self.writing is None:
            loop = asyncio.get_running_loop()
            self.writing = loop.call_at(max(self.rested, loop.time()), self.write)

    def write(self) -> None:
        """What is due, in one piece for each language."""
        if self.writing is not None:
            self.writing.cancel()
            self.writing = None
        if not self.due:
            return
        due, self.due = self.due, []
        began = time.monotonic()
        messages: dict[str, Message] = {}
        for socket in list(self.sockets):
            message = messages.get(socket.language)
            if message is None:
                message = messages[socket.language] = Message(*(frame.text(socket.language) for frame in due))
            _push(socket, message)
        took = time.monotonic() - began
        self.rested = asyncio.get_running_loop().time() + min(took, _REST_SECONDS)
        for frame in due:
            log.debug("pushed", room=frame.room, seq=frame.seq, sockets=len(self.sockets), trace=frame.trace)

    def skip(self, room: str, seq: int) -> None:
        """Events up to `seq` are not passed on one by one; rights may have changed among them."""
        self.write()
        self.seq = seq
        self.recent.clear()
        for socket in list(self.sockets):
            socket.push(frames.refresh(room, seq))
        self.recheck()

    def recheck(self) -> None:
        for socket in list(self.sockets):
            socket.recheck()


def _push(socket: Socket, message: Message) -> None:
    """A connection that breaks in an unforeseen way must not keep the frame from the others."""
    try:
        socket.push(message)
    except Exception as error:
        log.warning("line_broken", error=type(error).__name__)


class Hub:
    def __init__(self) -> None:
        self.rooms: dict[str, _Followed] = {}
        self.rechecks = 0  # how often somebody's rights may have changed
        self.tasks: list[asyncio.Task[None]] = []
        self.presence = Whereabouts(self.followers)

    def followers(self, room: str) -> set[Socket]:
        followed = self.rooms.get(room)
        return followed.sockets if followed else set()

    async def join(self, socket: Socket, room: str, seq: int) -> None:
        """Follow a room for a socket that has seen events up to `seq`: what it missed, then every push."""
        if not self.tasks:
            self.tasks = [asyncio.create_task(run()) for run in (self._listen, self._patrol, self.presence.run)]
        followed = self.rooms.setdefault(room, _Followed())
        followed.joining += 1
        try:
            async with followed.lock:
                followed.sockets.discard(socket)  # who heals gets the delta, not what is caught up for the others
                await self._read(room, followed, seq)
                missed = await self._missed(room, followed, seq)
                followed.write()  # to those who were here before
                followed.sockets.add(socket)
                _answer(socket, room, followed.seq, missed)
        finally:
            followed.joining -= 1

    def leave(self, socket: Socket, rooms: Iterable[str]) -> None:
        for room in rooms:
            if followed := self.rooms.get(room):
                followed.sockets.discard(socket)

    async def _read(self, room: str, followed: _Followed, seq: int) -> None:
        """Know the room's number; a page that was read from the database may be ahead of this memory."""
        if followed.seq is None:
            followed.seq = (await _numbers([room])).get(room, 0)
        elif seq > followed.seq:
            await self._catch_up(room, followed, (await _numbers([room])).get(room, 0))

    async def _missed(self, room: str, followed: _Followed, seq: int) -> list[Frame] | None:
        """The frames after `seq`; None if they are too many, pruned, or `seq` is a number this room never had."""
        if not 0 <= followed.seq - seq <= settings.REALTIME_DELTA_LIMIT:
            return None
        recent = followed.since(seq)
        return recent if recent is not None else await _load(room, seq, followed.seq)

    async def _listen(self) -> None:
        """Hear the rings. Once subscribed, the layer subscribes again by itself after Redis was away."""
        layer, channel, subscribed = get_channel_layer(), "", False
        while True:
            try:
                channel = channel or await layer.new_channel("hub")
                if not subscribed:
                    await layer.group_add(bell.GROUP, channel)
                    subscribed = True
                await self._take(await layer.receive(channel))
            except Exception as error:
                log.warning("realtime_listen_failed", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "rooms.presence":
            self.presence.rung(message["rooms"])
            return
        for row in message["rows"]:
            frame = Frame(*row, message.get("trace", ""))  # a server of an earlier version names none
            if frame.kind == RECHECK:
                self.rechecks += 1
            followed = self.rooms.get(frame.room)
            if followed is None:
                continue
            async with followed.lock:
                if followed.seq is None:
                    continue  # its first socket is about to read the number
                if frame.seq == followed.seq + 1:
                    followed.push(frame)
                else:
                    await self._catch_up(frame.room, followed, frame.seq)

    async def _patrol(self) -> None:
        """Compare every followed room with the database; forget rooms nobody follows any more."""
        while True:
            await asyncio.sleep(settings.REALTIME_PATROL_SECONDS)
            try:
                await self._patrol_once()
            except Exception as error:
                log.warning("realtime_patrol_failed", error=type(error).__name__)

    async def _patrol_once(self) -> None:
        self.rooms = {room: known for room, known in self.rooms.items() if known.sockets or known.joining}
        if not self.rooms:
            return
        for room, seq in (await _numbers(self.rooms)).items():
            followed = self.rooms.get(room)
            if followed and followed.seq is not None and seq > followed.seq:
                async with followed.lock:
                    await self._catch_up(room, followed, seq)

    async def _catch_up(self, room: str, followed: _Followed, upto: int) -> None:
        if upto <= followed.seq:
            return
        loaded = None
        if upto - followed.seq <= settings.REALTIME_DELTA_LIMIT:
            loaded = await _load(room, followed.seq, upto)
        if loaded is None:
            self.rechecks += 1
            followed.skip(room, upto)
            return
        for frame in loaded:
            self.rechecks += frame.kind == RECHECK
            followed.push(frame)


def _answer(socket: Socket, room: str, seq: int, missed: list[Frame] | None) -> None:
    if missed is None:
        socket.push(frames.refresh(room, seq))
    for frame in newest_of_each(missed or []):
        socket.push(frame.message(socket.language))
    if missed is None or any(frame.kind == RECHECK for frame in missed):
        socket.recheck()  # it may have been let in by rights that changed while it joined


async def _numbers(rooms: Iterable[str]) -> dict[str, int]:
    return await database_sync_to_async(room_numbers)(list(rooms))


async def _load(room: str, after: int, upto: int) -> list[Frame] | None:
    """Frames from the database, or None where pruning left a hole."""
    events = await database_sync_to_async(events_between)(room, after, upto)
    if len(events) != upto - after:
        return None
    return [Frame(event.room, event.seq, event.kind, event.object_id, event.html, event.trace_id) for event in events]


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


def lines_open() -> list[Any]:
    """The pages this process serves, sockets and streams."""
    return [line for known in list(_hubs.values()) for line in list(known.presence.lines)]
