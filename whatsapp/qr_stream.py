"""The codes that pair a phone as server-sent events: the one that stands is sent at once, its successors without haste.

They open the account to whoever has them, so they go from Redis to those who may see them and are stored nowhere: a
card, which is pushed and kept, only names this stream. It is of the kind the session waits for when it is opened.

Every viewer polls Redis by itself. Nothing is subscribed to, so nothing stays behind when a browser vanishes: what a
viewer holds is one connection to Redis, and `gauge.open` counts those.

    event: qr    {"src": the picture as a data address, "next": milliseconds until the next code}
    event: code  {"code": what is typed on the phone, "next": milliseconds until it ends}
    event: end   {"why": "left" (not waiting for this kind any more), "timeout" or "refused" (not a manager any more)}
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

from crm.core import metrics
from crm.realtime.sessions import user_of_session
from whatsapp.models import Session
from whatsapp.pairing import code_key, qr_key
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
    metrics.line_opened("qr")
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
        metrics.LINES.labels("qr").dec()
        log.info("qr_stream_closed", session=session_id, open=gauge.open, why=why)
        await connection.aclose()


class _Stream:
    def __init__(self, session_id: int, session_key: str, connection: redis.Redis) -> None:
        self.session_id, self.session_key, self.connection = session_id, session_key, connection
        self.pace = Pace()
        self.why = ""
        self.kind = ""  # the state whose codes these are

    async def frames(self) -> AsyncIterator[bytes]:
        """Codes and heartbeats, until `why` says why there are no more."""
        start = asked = beaten = time.monotonic()
        self.why = await self._refusal()
        while not self.why:
            at = time.monotonic()
            code, left = await self._code()
            if self.pace.is_due(code, at):
                beaten = at
                yield _shown(self.kind, code, max(left, 0))
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
        name = (qr_key if self.kind == State.AWAITING_QR else code_key)(self.session_id)
        async with self.connection.pipeline(transaction=False) as pipe:
            pipe.get(name)
            pipe.pttl(name)
            code, left = await pipe.execute()
        return (code or b"").decode(), left

    async def _refusal(self) -> str:
        state, why = await database_sync_to_async(_look)(self.session_id, self.session_key)
        self.kind = self.kind or state
        return why or ("" if state == self.kind else "left")


def _look(session_id: int, session_key: str) -> tuple[str, str]:
    """What the session waits for, and why this viewer is shown nothing, empty if they are. Gives the database
    connection back."""
    user = user_of_session(session_key)
    if user is None or not user.is_manager:
        return "", "refused"
    waiting = Session.objects.filter(pk=session_id, state__in=(State.AWAITING_QR, State.AWAITING_CODE))
    state = waiting.values_list("state", flat=True).first() or ""
    return state, "" if state else "left"


def _shown(kind: str, code: str, left: int) -> bytes:
    if kind == State.AWAITING_QR:
        return _frame("qr", {"src": _picture(code), "next": left})
    return _frame("code", {"code": _grouped(code), "next": left})


def _grouped(code: str) -> str:
    """ABCD-EFGH, as the phone asks for it."""
    return f"{code[:4]}-{code[4:]}" if len(code) == 8 else code


def _picture(code: str) -> str:
    return segno.make(code, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")


def _frame(event: str, data: dict[str, object]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
