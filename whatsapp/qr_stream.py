"""The QR code as server-sent events: the code that stands is sent at once, its successors without haste.

Every viewer polls Redis by itself. Nothing is subscribed to, so nothing stays behind when a browser vanishes: what a
viewer holds is one connection to Redis, and `gauge.open` counts those.

    event: qr    {"src": the picture as a data address, "next": milliseconds until the next code}
    event: end   {"why": "left" (not waiting for a QR code any more), "timeout" or "refused" (not a manager any more)}
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import redis.asyncio as redis
import segno
import structlog
from channels.db import database_sync_to_async
from django.conf import settings

from crm.realtime.sessions import user_of_session
from whatsapp.models import Session
from whatsapp.pairing import qr_key
from whatsapp.states import State

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.4
ASK_SECONDS = 5.0  # how often rights and state are asked for; at once while there is no code
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2000  # a browser that lost the stream comes back after this


class Gauge:
    """Streams this process serves now."""

    open = 0


gauge = Gauge()


class Pace:
    """Which code to send when: the first at once, a change once it stood for a while, and never two in a hurry."""

    def __init__(self) -> None:
        self.seen, self.seen_at = "", 0.0
        self.sent, self.sent_at = "", 0.0

    def is_due(self, code: str, at: float) -> bool:
        """True, once, when `code` is to be sent at `at` (seconds of any clock)."""
        if code != self.seen:
            self.seen, self.seen_at = code, at
        if not code or code == self.sent:
            return False
        hasty = (
            at - self.seen_at < settings.WHATSAPP_QR_DEBOUNCE_SECONDS
            or at - self.sent_at < settings.WHATSAPP_QR_GAP_SECONDS
        )
        if self.sent and hasty:
            return False
        self.sent, self.sent_at = code, at
        return True


async def qr_events(session_id: int, session_key: str) -> AsyncIterator[bytes]:
    """The stream for one viewer, signed in by `session_key`. Ends by itself, or with the viewer's connection."""
    connection = redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5)
    gauge.open += 1
    log.info("qr_stream_opened", session=session_id, open=gauge.open)
    why = "broken"
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        stream = _Stream(session_id, session_key, connection)
        async for frame in stream.frames():
            yield frame
        why = stream.why
        yield _frame("end", {"why": why})
    except redis.RedisError as error:  # the browser comes back
        log.warning("redis_away", error=type(error).__name__)
    finally:
        gauge.open -= 1
        log.info("qr_stream_closed", session=session_id, open=gauge.open, why=why)
        await connection.aclose()


class _Stream:
    def __init__(self, session_id: int, session_key: str, connection: redis.Redis) -> None:
        self.session_id, self.session_key, self.connection = session_id, session_key, connection
        self.pace = Pace()
        self.why = ""

    async def frames(self) -> AsyncIterator[bytes]:
        """Codes and heartbeats, until `why` says why there are no more."""
        start = asked = beaten = time.monotonic()
        self.why = await self._refusal()
        while not self.why:
            at = time.monotonic()
            code, left = await self._code()
            if self.pace.is_due(code, at):
                beaten = at
                yield _frame("qr", {"src": _picture(code), "next": max(left, 0)})
            elif at - beaten > HEARTBEAT_SECONDS:
                beaten = at
                yield b": still here\n\n"
            if at - start > settings.WHATSAPP_QR_STREAM_SECONDS:
                self.why = "timeout"
            elif not code or at - asked > ASK_SECONDS:
                asked = at
                self.why = await self._refusal()
            await asyncio.sleep(0 if self.why else POLL_SECONDS)

    async def _code(self) -> tuple[str, int]:
        """The code that stands, empty for none, and for how many milliseconds it will."""
        async with self.connection.pipeline(transaction=False) as pipe:
            pipe.get(qr_key(self.session_id))
            pipe.pttl(qr_key(self.session_id))
            code, left = await pipe.execute()
        return (code or b"").decode(), left

    async def _refusal(self) -> str:
        return await database_sync_to_async(_refusal)(self.session_id, self.session_key)


def _refusal(session_id: int, session_key: str) -> str:
    """Why this viewer is not shown a code, empty if it is. Gives the database connection back."""
    user = user_of_session(session_key)
    if user is None or not user.is_manager:
        return "refused"
    waits = Session.objects.filter(pk=session_id, state=State.AWAITING_QR).exists()
    return "" if waits else "left"


def _picture(code: str) -> str:
    return segno.make(code, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")


def _frame(event: str, data: dict[str, object]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
