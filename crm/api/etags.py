"""Which state of a record a client knows (RFC 9110, sections 8.8.3, 13.1): `ETag` out, `If-None-Match`, `If-Match`
in. A record's state is what is told of it, names of others with it: its own revision would miss those."""

from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.errors import DomainError


class Stale(DomainError):
    status = 412
    default_code = "stale"


def etag_of(pk: Any, data: Any) -> str:
    """A strong tag of an answer about the record `pk`."""
    return f'"{pk}.{sha256(JSONRenderer().render(data)).hexdigest()[:16]}"'


def tagged(request: Request, pk: Any, data: Any) -> Response:
    """The answer with its tag; 304 without a body for who has it already."""
    tag = etag_of(pk, data)
    if request.method in ("GET", "HEAD") and _named(request.headers.get("If-None-Match", ""), tag, weak=True):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, headers={"ETag": tag})


def expect_state(request: Request, pk: Any, data: Any) -> None:
    """Raises Stale (412) if the request was made for another state than `data`, told of the row that its unit of work
    has locked. Without If-Match the latest wins."""
    given = request.headers.get("If-Match")
    if given is not None and not _named(given, etag_of(pk, data), weak=False):
        raise Stale(_("This was changed meanwhile. Read it again, and send your change once more."))


def _named(header: str, tag: str, *, weak: bool) -> bool:
    tags = [part.strip() for part in header.split(",")]
    if weak:  # If-None-Match compares weakly, If-Match does not
        tags = [part.removeprefix("W/") for part in tags]
    return "*" in tags or tag in tags
