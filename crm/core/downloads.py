"""A stored file of any size as a download: read in pieces, whichever server asks."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _

from crm.core.files import file_headers

PIECE = 256 * 1024


def file_download(request: HttpRequest, path: str, name: str, *, mime: str = "") -> StreamingHttpResponse:
    """Raises Http404 where there is no file (any more)."""
    try:
        file = default_storage.open(path)
        size = file.size
    except OSError as error:
        raise Http404(_("This file is no longer there.")) from error
    pieces: Any = _pieces_async(file) if isinstance(request, ASGIRequest) else _pieces(file)
    response = StreamingHttpResponse(pieces, headers=file_headers(name, mime))
    response["Content-Length"] = str(size)
    response["Cache-Control"] = "private, no-store"
    return response


def _pieces(file: File) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


async def _pieces_async(file: File) -> AsyncIterator[bytes]:
    """An ASGI server would gather what a plain iterator yields in memory first."""
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        while piece := await read(PIECE):
            yield piece
    finally:
        await sync_to_async(file.close, thread_sensitive=False)()
