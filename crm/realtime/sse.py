"""Lines by server-sent events, for networks that let no WebSocket through: the same frames, `data:` by `data:`.

    GET /events/?rooms={"board":4711}

What a socket's browser says later, a stream's says by opening it anew, and by small posts (presence_views.py).

    data: {"line": "…"}              what those posts call it
    data: {"pong": 1}                all that was missed has come; and again as long as the stream lives
    event: end  data: {"code": 4401} what the close code of a socket would say
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

from crm.realtime import frames
from crm.realtime.asked import rooms_asked_in
from crm.realtime.hub import hub
from crm.realtime.lines import NOT_UNDERSTOOD, SIGN_IN_AGAIN, TOO_SLOW, Line
from crm.realtime.outlets import cut, stream_outlet
from crm.realtime.rooms import shows_presence

BEAT_SECONDS = 25.0  # proxies give up on what is silent for longer
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def event_stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application behind `/events/`."""
    if scope["method"] == "GET":
        await EventStream(send).serve(scope, receive)
        return
    await send({"type": "http.response.start", "status": 405, "headers": [(b"allow", b"GET")]})
    await send({"type": "http.response.body"})


class EventStream(Line):
    transport = "stream"

    def __init__(self, send: Send) -> None:
        super().__init__()
        self.send = send

    async def serve(self, scope: dict[str, Any], receive: Receive) -> None:
        user = await self.identify(scope)
        rooms = rooms_asked_in(parse_qs(scope["query_string"].decode("latin-1")).get("rooms", [""])[0])
        await self.send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self.send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
        self.serve_by(stream_outlet(self.send, settings.REALTIME_SOCKET_QUEUE))
        try:
            if user is None or rooms is None:
                await self.end(SIGN_IN_AGAIN if user is None else NOT_UNDERSTOOD)
                return
            hub().presence.open(self)
            self.push(frames.line(self.name))
            await self.guarded(self.join(rooms))
            hub().presence.expect(self, {room for room in self.joined if shows_presence(room)})
            await self._beat(receive)
        finally:
            self.stop()

    async def _beat(self, receive: Receive) -> None:
        """Until the browser leaves, or the line was ended, which the server tells as if the browser had."""
        while self.outlet is not None:
            self.push(frames.PONG)
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    return
            except TimeoutError:
                continue

    async def hang_up(self, code: int) -> None:
        if code == TOO_SLOW and cut(self.send):
            return  # it does not read: a last word would wait as the others do
        last = b'event: end\ndata: {"code": %d}\n\n' % code
        await self.send({"type": "http.response.body", "body": last})
