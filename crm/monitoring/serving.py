"""Web processes: their pulse, and how they leave.

Told to stop (SIGTERM), a process says so in `/health/ready` at once, goes on serving for DRAIN_SECONDS, so that whoever
sends it traffic has seen it, and then ends as its server does: gunicorn with the requests in hand answered. Daphne
knows no such end. For it requests are counted here, and pages that listen are told to come back, before it stops.
"""

import asyncio
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

from django.conf import settings

from crm.core.draining import drain_begin
from crm.monitoring.kinds import program_name, server_kind
from crm.monitoring.pulse import pulse_start
from crm.realtime.hub import lines_open
from crm.realtime.lines import TRY_AGAIN

_ANSWER_SECONDS = 10.0  # longer than this no request in hand is waited for
_LOOK_SECONDS = 0.05

Asgi = Callable[[dict[str, Any], Callable[..., Awaitable[Any]], Callable[..., Awaitable[Any]]], Awaitable[None]]


def web_begin() -> None:
    """Called by the WSGI entry in each process that serves pages."""
    pulse_start(server_kind())
    if program_name() == "gunicorn" and threading.current_thread() is threading.main_thread():
        _leave_late()


def _leave_late() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def leave(signum: int, frame: FrameType | None) -> None:
        drain_begin()
        if not callable(before):
            return
        if not settings.DRAIN_SECONDS:
            before(signum, frame)
            return
        timer = threading.Timer(settings.DRAIN_SECONDS, before, (signum, frame))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, leave)


class InHand:
    """Counts the requests an ASGI application is answering."""

    def __init__(self, application: Asgi) -> None:
        self.application, self.count = application, 0

    async def __call__(
        self, scope: dict[str, Any], receive: Callable[..., Awaitable[Any]], send: Callable[..., Awaitable[Any]]
    ) -> None:
        self.count += 1
        try:
            await self.application(scope, receive, send)
        finally:
            self.count -= 1


def realtime_begin(pages: InHand) -> None:
    """Called by the ASGI entry."""
    pulse_start(server_kind(), lambda: {"lines": len(lines_open())})
    reactor = sys.modules.get("twisted.internet.reactor")
    if program_name() == "daphne" and reactor is not None:
        reactor.callWhenRunning(_leave_in_order, reactor, pages)  # Daphne takes the signal when it starts


def _leave_in_order(reactor: Any, pages: InHand) -> None:
    def leave(_signum: int, _frame: FrameType | None) -> None:
        drain_begin()
        reactor.callFromThread(lambda: asyncio.ensure_future(_leave(reactor, pages)))

    signal.signal(signal.SIGTERM, leave)


async def _leave(reactor: Any, pages: InHand) -> None:
    await asyncio.sleep(settings.DRAIN_SECONDS)
    for reader in reactor.getReaders():
        if hasattr(reader, "stopListening"):
            reader.stopListening()
    for line in lines_open():
        await line.end(TRY_AGAIN)
    await asyncio.sleep(_LOOK_SECONDS)  # what was just accepted is read
    until = time.monotonic() + _ANSWER_SECONDS
    while pages.count and time.monotonic() < until:
        await asyncio.sleep(_LOOK_SECONDS)
    await asyncio.sleep(_LOOK_SECONDS)  # the last bytes leave
    if reactor.running:
        reactor.stop()
