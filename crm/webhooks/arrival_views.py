"""`POST /hooks/leads/<prefix>`: leads from systems that call an address, in whatever form they have."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.authentication import bearer
from crm.api.idempotency import HEADER
from crm.api.throttles import AnonymousThrottle, UserThrottle
from crm.core.errors import DomainError, TooLarge
from crm.webhooks.arriving import Sent, arrival_take
from crm.webhooks.mapping import worded
from crm.webhooks.models import Arrival, ArrivalState, Source
from crm.webhooks.paths import read_json, tidy
from crm.webhooks.sources import signature_fits, source_of, source_used

MOST_BYTES = 1024 * 1024
_MOST_FIELDS = 500


class SourceAuthentication(BaseAuthentication):
    """The source's key as `Authorization: Bearer`, `X-Api-Key`, or the last part of the address."""

    def authenticate(self, request: Request) -> tuple[None, Source]:
        kwargs = request.parser_context["kwargs"]
        key = request.META.get("HTTP_X_API_KEY") or bearer(request) or kwargs.get("key", "")
        source = source_of(kwargs["prefix"], key)
        if source is None:
            _count_failure(request._request)
            raise exceptions.AuthenticationFailed(_("This key is not valid, or not any more."))
        return None, source

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _count_failure(request: HttpRequest) -> None:
    """Keys are not guessed: wrong ones count against the address they come from."""
    throttle = AnonymousThrottle()
    if not throttle.allow_request(Request(request), None):
        raise exceptions.Throttled(wait=throttle.wait())


class SourceThrottle(UserThrottle):
    """A window per source, as wide as a key's."""

    def get_cache_key(self, request: Request, view: APIView | None) -> str | None:
        return f"source:{request.auth.pk}" if request.auth else None


class ArrivalView(APIView):
    """201 for what became a lead, 200 for what was sent before, 422 with the fields for what cannot become one: that is
    kept too, and a manager can have it read again."""

    authentication_classes = (SourceAuthentication,)
    permission_classes = ()
    throttle_classes = (SourceThrottle,)

    def post(self, request: Request, prefix: str, key: str = "") -> Response:
        source: Source = request.auth
        plain = request._request
        _check_size(plain)
        raw = plain.body
        if source.signing_secret and not signature_fits(source, raw, plain.headers):
            raise exceptions.AuthenticationFailed(_("The signature does not fit."), "signature")
        if not source.active:
            raise exceptions.PermissionDenied(_("This webhook is paused."), "paused")
        given = plain.headers.get(HEADER, "")
        arrival = arrival_take(source=source, sent=Sent(_body(plain, raw), raw, given))
        source_used(source)
        return _answer(arrival)


def _check_size(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise TooLarge(_("The request is larger than this server accepts."))


def _body(request: HttpRequest, raw: bytes) -> Any:
    if len(raw) > MOST_BYTES:  # it came without saying how long it is
        raise TooLarge(_("The request is larger than this server accepts."))
    kind = (request.content_type or "").lower()
    if kind == "application/x-www-form-urlencoded":
        return tidy(_form(raw))
    if kind == "application/json" or kind.endswith("+json"):
        return read_json(raw)
    raise exceptions.UnsupportedMediaType(kind[:80])


def _form(raw: bytes) -> dict[str, Any]:
    if raw.count(b"&") >= _MOST_FIELDS:
        raise TooLarge(_("The form has too many fields."))
    fields = QueryDict(raw, encoding="utf-8")
    return {name: values if len(values) > 1 else values[0] for name, values in fields.lists()}


class NotUnderstood(DomainError):
    status = 422
    default_code = "not_understood"


def _answer(arrival: Arrival) -> Response:
    """It says nothing of who is a client here: whether the lead was known stays with us."""
    if arrival.state == ArrivalState.REFUSED:
        error = NotUnderstood(
            _("This cannot become a lead. It was kept, and can be read again with another mapping."),
            fields=worded(arrival.errors),
        )
        return Response({"id": arrival.pk, "times": arrival.times, **error.as_dict()}, status=error.status)
    body = {"id": arrival.pk, "state": "taken", "times": arrival.times, "left_out": worded(arrival.errors)}
    return Response(body, status=201 if arrival.times == 1 else 200)
