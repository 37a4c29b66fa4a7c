"""Ringing the other processes after a commit, without making the request wait for it.

A thread of its own keeps one event loop and one Redis connection: the channel layer binds both to a loop, and a
loop per call would leak connections. A lost ring is harmless: hubs compare numbers with the database.
"""

import asyncio
import os
import threading
from collections.abc import Iterable
from typing import Any

import structlog
from channels.layers import get_channel_layer

log = structlog.get_logger(__name__)

Row = tuple[str, int, str, str, dict[str, str]]  # room, number, kind, object id, html by language
GROUP = "rooms"  # every process hears every ring: subscribing room by room would have to be healed room by room
_QUEUE_LIMIT = 1000
_PATIENCE_SECONDS = 5


def ring(rows: list[Row], trace: str = "") -> None:
    """Hand the events of a committed transaction to the hubs of every process."""
    _ringer().put({"type": "rooms.events", "rows": rows, "trace": trace})


def ring_presence(rooms: Iterable[str]) -> None:
    """Have the hubs look who is in these rooms."""
    _ringer().put({"type": "rooms.presence", "rooms": sorted(rooms)})


class _Ringer:
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=_QUEUE_LIMIT)
        threading.Thread(target=self._run, name="realtime-bell", daemon=True).start()

    def put(self, message: dict[str, Any]) -> None:
        self.loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: dict[str, Any]) -> None:
        if not self.queue.full():  # full: Redis has been away for long; the hubs' patrol finds the events
            self.queue.put_nowait(message)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._send_all())

    async def _send_all(self) -> None:
        while True:
            message = await self.queue.get()
            try:
                await asyncio.wait_for(get_channel_layer().group_send(GROUP, message), _PATIENCE_SECONDS)
            except Exception as error:
                log.warning("bell_not_rung", error=type(error).__name__)


_lock = threading.Lock()
_current: _Ringer | None = None


def _ringer() -> _Ringer:
    """This process's own; a thread does not survive a fork."""
    global _current
    with _lock:
        if _current is None or _current.pid != os.getpid():
            _current = _Ringer()
        return _current
