"""Which state of a record a client knows (RFC 9110, sections 8.8.3, 13.1): `ETag` out, `If-None-Match`, `If-Match`
in. A record's state is its `revision`."""

from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.errors import DomainError


class Revised(Protocol):
    pk: Any
    revision: int


class Stale(DomainError):
    status = 412
    default_code = "stale"


def etag_of(row: Revised) -> str:
    """A strong tag: another number after every visible change."""
    return f'"{row.pk}.{row.revision}"'


def tagged(request: Request, row: Revised, data: Any) -> Response:
    """The record with its tag; 304 without a body for who knows this state already."""
    tag = etag_of(row)
    if request.method in ("GET", "HEAD") and _named(request.headers.get("If-None-Match", ""), tag, weak=True):
        return Response(status=304, headers={"ETag": tag})
    return Response(data, headers={"ETag": tag})


def expect_state(request: Request, row: Revised) -> None:
    """Raises Stale (412) if the request was made for another state than that of this row, which its unit of work has
    locked. Without If-Match the latest wins."""
    given = request.headers.get("If-Match")
    if given is not None and not _named(given, etag_of(row), weak=False):
        raise Stale(_("This was changed meanwhile. Read it again, and send your change once more."))


def _named(header: str, tag: str, *, weak: bool) -> bool:
    tags = [part.strip() for part in header.split(",")]
    if weak:  # If-None-Match compares weakly, If-Match does not
        tags = [part.removeprefix("W/") for part in tags]
    return "*" in tags or tag in tags
