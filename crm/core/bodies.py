"""The limit on request bodies where nobody says how long they are: under ASGI a body may come in chunks without end,
and Django stores it before any middleware is asked."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from crm.core.errors import error_body

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_FORM_BYTES = 1024 * 1024


class _TooLarge(Exception):
    pass


class BodyLimit:
    """An ASGI application that hands on at most BODY_LIMIT_BYTES of a body of unknown length, and of one that says its
    length as much as the largest file; the view's own limit is PolicyMiddleware's to hold."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        left = _limit(scope)

        async def counted() -> Any:
            nonlocal left
            message = await receive()
            left -= len(message.get("body") or b"")
            if left < 0:
                raise _TooLarge
            return message

        try:
            await self.app(scope, counted, send)
        except _TooLarge:  # Django reads the whole body first: nothing has been answered yet
            await _refuse(send)


def _limit(scope: Scope) -> int:
    declared = dict(scope.get("headers", [])).get(b"content-length", b"").decode("latin-1")
    files = max(settings.WHATSAPP_MEDIA_LIMIT_BYTES, settings.IMPORT_LIMIT_BYTES) + _FORM_BYTES
    return max(files, settings.BODY_LIMIT_BYTES) if declared.isdecimal() else settings.BODY_LIMIT_BYTES


async def _refuse(send: Send) -> None:
    body = json.dumps(error_body("too_large", _("The request is larger than this server accepts."))).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
