"""A message's file as an answer: whole, in parts for players, or "unchanged", and harmless whatever it holds."""

import re
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from conversations.looks import SMALL_MIME
from conversations.models import MediaState, Message
from crm.core.files import UNKNOWN_TYPE, file_headers

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# No browser shows a PDF inside the sandbox for pages; its viewer is one itself, and takes nothing else for a PDF.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
PDF = "application/pdf"


class Unsatisfiable(Exception):
    """The part asked for lies behind the end of the file, whose size is the argument."""


def file_response(request: HttpRequest, message: Message, *, small: bool = False, opened: bool = False) -> HttpResponse:
    """`small` asks for the little picture of it, and gets the file itself where a picture has none; `opened` shows a
    PDF instead of downloading it. Raises Http404 where there is no file (any more)."""
    facts = message.media or {}
    if message.media_state != MediaState.STORED or not isinstance(facts.get("path"), str):
        raise Http404
    if small:
        facts = _small_of(facts)
    facts = facts | {"opened": opened and facts.get("mime") == PDF}
    path = PurePosixPath(facts["path"])
    etag = f'"{path.stem}"'  # a file never changes: its name is its version
    if etag in request.headers.get("If-None-Match", ""):
        return _dressed(HttpResponse(status=304), facts, etag)
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    try:
        with default_storage.open(str(path)) as file:
            return _dressed(_part(file, part_of(asked, file.size)), facts, etag)
    except Unsatisfiable as error:
        return _dressed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{error}"}), facts, etag)
    except OSError as error:
        raise Http404(_("This file is no longer there.")) from error


def _small_of(facts: dict[str, Any]) -> dict[str, Any]:
    if isinstance(facts.get("small"), str):
        return {"path": facts["small"], "mime": SMALL_MIME}
    if str(facts.get("mime", "")).startswith("image/"):
        return facts
    raise Http404


def _part(file: File, part: tuple[int, int] | None) -> HttpResponse:
    """Read at once: files are small, and Daphne would gather what streams anyway."""
    if part is None:
        return HttpResponse(file.read())
    start, end = part
    file.seek(start)
    headers = {"Content-Range": f"bytes {start}-{end}/{file.size}"}
    return HttpResponse(file.read(end + 1 - start), status=206, headers=headers)


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a Range header; None for the whole, also for several ranges or another unit."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last or size), size - 1)
    if last and first and int(last) < int(first):
        return None  # by the standard no range at all
    if start >= size or start > end:
        raise Unsatisfiable(size)
    return start, end


def _dressed(response: HttpResponse, facts: dict, etag: str) -> HttpResponse:
    name = str(facts.get("name") or PurePosixPath(facts["path"]).name)
    headers = file_headers(name, str(facts.get("mime") or UNKNOWN_TYPE))
    if facts["opened"]:
        headers |= {
            "Content-Type": PDF,
            "Content-Disposition": content_disposition_header(False, name) or "inline",
            "Content-Security-Policy": _PDF_POLICY,
        }
    for header, value in {**headers, "Accept-Ranges": "bytes", "ETag": etag}.items():
        response[header] = value
    return response
