"""Ringing the other processes after a commit, without making the request wait for it.

A thread of its own keeps one event loop and one Redis connection: the channel layer binds both to a loop, and a
loop per call would leak connections. A lost ring is harmless: hubs compare numbers with the database.
"""

import asyncio
import os
import threading
from functools import lru_cache
from typing import Any

import structlog
from channels.layers import get_channel_layer

log = structlog.get_logger(__name__)

Message = dict[str, Any]
Row = tuple[str, int, str, str, dict[str, str]]  # room, number, kind, object id, html by language
_QUEUE_LIMIT = 10_000


def group(room: str) -> str:
    """The channel layer's group of a room."""
    return f"room.{room}"


def ring(rows: list[Row]) -> None:
    """Hand events that are committed to the hubs of every process."""
    _ringer(os.getpid()).put([_event(row) for row in rows])


def recheck(rooms: list[str]) -> None:
    """Have the hubs ask the sockets of these rooms whether they may still follow them."""
    _ringer(os.getpid()).put([{"type": "room.recheck", "room": room} for room in rooms])


def _event(row: Row) -> Message:
    room, seq, kind, object_id, html = row
    return {"type": "room.event", "room": room, "seq": seq, "kind": kind, "object": object_id, "html": html}


@lru_cache(maxsize=1)
def _ringer(_pid: int) -> "_Ringer":
    return _Ringer()


class _Ringer:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.queue: asyncio.Queue[list[Message]] = asyncio.Queue(maxsize=_QUEUE_LIMIT)
        threading.Thread(target=self._run, name="realtime-bell", daemon=True).start()

    def put(self, messages: list[Message]) -> None:
        self.loop.call_soon_threadsafe(self._put, messages)

    def _put(self, messages: list[Message]) -> None:
        if not self.queue.full():  # full: Redis has been away for long; the hubs' patrol finds the events
            self.queue.put_nowait(messages)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._send_all())

    async def _send_all(self) -> None:
        while True:
            for message in await self.queue.get():
                await self._send(message)

    async def _send(self, message: Message) -> None:
        try:
            await asyncio.wait_for(get_channel_layer().group_send(group(message["room"]), message), 5)
        except Exception as error:
            log.warning("bell_not_rung", room=message["room"], error=type(error).__name__)
