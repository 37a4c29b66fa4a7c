"""Requests that may be sent twice: a POST with an `Idempotency-Key` is done once, and answered alike each time.

The header is that of draft-ietf-httpapi-idempotency-key-header: the same key with another request is refused (422).
"""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.models import Repeatable
from crm.core.clock import now
from crm.core.errors import DomainError, Invalid
from crm.core.work import unit

P = ParamSpec("P")
Handler = Callable[Concatenate[Any, Request, P], Response]

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT = ("ETag", "Location")


class OtherRequest(DomainError):
    status = 422
    default_code = "idempotency_mismatch"


def once(handler: Handler[P]) -> Handler[P]:
    """Marks a method of an API view. What it does and that it was done are one transaction: of two requests at once the
    second waits for the first; a refused one leaves nothing and may be sent again."""

    @wraps(handler)
    def wrapper(view: Any, request: Request, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            raise Invalid(_("An Idempotency-Key is 1 to 200 visible ASCII characters."), code="idempotency_key")
        with unit():
            return _once(key, request, lambda: handler(view, request, *args, **kwargs))

    wrapper.is_once = True  # type: ignore[attr-defined]  # the API's description says so
    return wrapper


def about_lead(response: Response, lead_id: int) -> Response:
    """Mark an answer as holding a client's data: a kept copy is erased with that lead."""
    response.about_lead = lead_id  # type: ignore[attr-defined]
    return response


def _once(key: str, request: Request, do: Callable[[], Response]) -> Response:
    fingerprint = _fingerprint(request)
    owner = str(request.auth)
    Repeatable.objects.bulk_create(
        [Repeatable(owner=owner, key=key, fingerprint=fingerprint)], ignore_conflicts=True
    )  # waits for one that is just being done
    row = Repeatable.objects.select_for_update().get(owner=owner, key=key)
    if row.fingerprint != fingerprint:
        raise OtherRequest(_("This Idempotency-Key was used for another request."))
    if row.status:
        return Response(row.body, status=row.status, headers={**row.headers, "Idempotency-Replayed": "true"})
    response = do()
    row.status, row.body = response.status_code, json.loads(JSONRenderer().render(response.data) or b"null")
    row.headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    row.lead_id = getattr(response, "about_lead", None)
    row.save(update_fields=["status", "headers", "body", "lead_id"])
    return response


def _fingerprint(request: Request) -> str:
    told = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    files = getattr(request, "FILES", None) or {}
    plain = {name: request.data[name] for name in request.data if name not in files} if files else request.data
    told.update(json.dumps(plain, sort_keys=True, default=str).encode())
    for name in sorted(files):
        told.update(f"\n{name} {files[name].name}\n".encode())
        for chunk in files[name].chunks():
            told.update(chunk)
        files[name].seek(0)
    return told.hexdigest()


def forget_old() -> int:
    """Delete what is older than `IDEMPOTENCY_KEEP_HOURS`; how many were."""
    before = now() - timedelta(hours=settings.IDEMPOTENCY_KEEP_HOURS)
    return Repeatable.objects.filter(created_at__lt=before).delete()[0]
