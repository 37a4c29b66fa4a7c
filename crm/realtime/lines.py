"""A line: one open page, whatever carries it. Rights, order and slow readers are the same for every transport."""

import asyncio
import secrets
from collections.abc import Awaitable
from typing import Any

import structlog
from channels.db import database_sync_to_async

from crm.accounts.models import User
from crm.core import metrics
from crm.realtime import frames
from crm.realtime.asked import Here
from crm.realtime.frames import Message
from crm.realtime.hub import hub
from crm.realtime.outlets import Outlet
from crm.realtime.rooms import may_join, shows_presence
from crm.realtime.sessions import Handshake, user_of_session

log = structlog.get_logger(__name__)

NOT_UNDERSTOOD, SIGN_IN_AGAIN, ACCESS_CHANGED, TOO_SLOW, TRY_AGAIN = 4400, 4401, 4403, 4408, 4503


class Line:
    """Whose page it is, which rooms it follows and its way out. Answers come in the order of what was asked."""

    transport = ""  # for the metrics

    def __init__(self) -> None:
        super().__init__()
        self.name = secrets.token_urlsafe(9)
        self.joined: set[str] = set()
        self.outlet: Outlet | None = None  # while the line is served
        self.tasks: set[asyncio.Task[None]] = set()

    def serve_by(self, outlet: Outlet) -> None:
        """From here on the line is served, until `stop`."""
        self.outlet = outlet
        metrics.line_opened(self.transport)

    async def hang_up(self, code: int) -> None:
        """Close what carries the line."""
        raise NotImplementedError

    async def identify(self, scope: dict[str, Any]) -> User | None:
        """Who opened the line; None for somebody who is not signed in."""
        handshake = Handshake(scope)
        self.session_key, self.language = handshake.session_key, handshake.language
        user = await database_sync_to_async(user_of_session)(self.session_key)
        if user:
            self.user = user
        return user

    async def join(self, rooms: dict[str, int]) -> None:
        """Follow these rooms and no others, from these numbers."""
        asked = hub().rechecks
        allowed = await database_sync_to_async(_allowed)(self.user, list(rooms))
        hub().leave(self, self.joined - allowed)
        self.joined = allowed
        for room in sorted(allowed):
            await hub().join(self, room, rooms[room])
        if refused := sorted(set(rooms) - allowed):
            self.push(frames.denied(refused))
        if self.outlet is None:
            self.stop()  # ended meanwhile
        elif hub().rechecks != asked:
            self.recheck()  # rights changed while this line was not yet among those who are asked again

    def announce(self, here: Here) -> None:
        """The person is in these rooms: of those the page follows, which are those it may."""
        rooms = {room for room in here.rooms & self.joined if shows_presence(room)}
        hub().presence.announce(self, rooms, here.typing if here.typing in rooms else "")

    def push(self, message: Message) -> None:
        """Send a frame. A reader that falls behind is dropped and catches up by delta; the others never wait."""
        if self.outlet and not self.outlet.push(message):
            metrics.LINES_DROPPED.labels(self.transport).inc()
            self._soon(self.end(TOO_SLOW))

    def recheck(self) -> None:
        """Rights may have changed: the line of somebody who signed out, or lost a room, is closed."""
        self._soon(self._recheck())

    async def _recheck(self) -> None:
        user = await database_sync_to_async(user_of_session)(self.session_key)
        if user is None:
            await self.end(SIGN_IN_AGAIN)
            return
        self.user = user
        joined = set(self.joined)
        if joined - await database_sync_to_async(_allowed)(user, list(joined)):
            await self.end(ACCESS_CHANGED)

    async def end(self, code: int) -> None:
        if self.outlet is None:
            return
        self.stop()
        await self.hang_up(code)

    def stop(self) -> None:
        if self.joined:
            hub().leave(self, self.joined)
        hub().presence.leave(self)
        if self.outlet:
            self.outlet.close()
            self.outlet = None
            metrics.LINES.labels(self.transport).dec()

    async def guarded(self, work: Awaitable[None]) -> None:
        """What cannot be checked or read now is not served: the client comes back later."""
        try:
            await work
        except Exception as error:
            log.warning("line_failed", error=type(error).__name__)
            await self.end(TRY_AGAIN)

    def _soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self.guarded(work))
        self.tasks.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self.tasks.discard)


def _allowed(user: User, rooms: list[str]) -> set[str]:
    return {room for room in rooms if may_join(user, room)}
