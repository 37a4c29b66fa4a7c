"""Edges of every request: security policy on the way out, errors as sentences."""

from collections.abc import Callable

import structlog
from csp.constants import NONCE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, TooSoon, error_body
from crm.core.limits import limit_headers
from crm.core.tracing import SHORT, current

log = structlog.get_logger(__name__)

# One address answers with a page, or with the part of it that was asked for. A browser that goes back must not take the
# part it remembers for the page.
_PARTS = ("HX-Request", "HX-Target")
_OWN = "private, no-cache"

View = Callable[..., HttpResponseBase]
_FORM_BYTES = 1024 * 1024  # what a form holds beside its file

# The admin theme builds on Alpine.js, which evaluates expressions and sets style attributes; scripts stay our own.
_ADMIN_POLICY = {"script-src": [SELF, UNSAFE_EVAL, NONCE], "style-src": [SELF, UNSAFE_INLINE]}

# What pages may ask a browser for: the microphone, for voice messages, and writing to the clipboard. Nothing else.
_FORBIDDEN = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer", "midi", "payment",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
)  # fmt: skip
_PERMISSIONS = ", ".join([*(f"{name}=()" for name in _FORBIDDEN), "microphone=(self)", "clipboard-write=(self)"])


class PolicyMiddleware(CSPMiddleware):
    """The content security policy, with the admin's exception, a limit on the size of a request body, how much of a
    rate limit is left, and what a browser may take for the same answer."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        super().process_request(request)
        if _has_no_end(request):
            return error_response(request, 411, "length_required", _("Send the request with a Content-Length."))
        length = _declared_length(request)
        if length > settings.BODY_LIMIT_BYTES and length > _body_limit(request):
            return error_response(request, 413, "too_large", _("The request is larger than this server accepts."))
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(reverse("admin:index")):
            response._csp_update = _ADMIN_POLICY  # type: ignore[attr-defined]  # django-csp's own way
        response.headers["Permissions-Policy"] = _PERMISSIONS
        for name, value in limit_headers(request).items():
            response.headers[name] = value
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = _OWN  # pages are somebody's, and kept for nobody else
        patch_vary_headers(response, _PARTS)
        return super().process_response(request, response)


def _has_no_end(request: HttpRequest) -> bool:
    """A body in chunks, of which WSGI hands nothing over: its sender would be told that fields are missing. Under ASGI
    it is counted while it comes (crm.core.bodies)."""
    return isinstance(request, WSGIRequest) and "HTTP_TRANSFER_ENCODING" in request.META


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def takes_file(view: View) -> View:
    """Marks a view that a file is sent to: its body may be as large as `WHATSAPP_MEDIA_LIMIT_BYTES` allows."""
    return takes_file_of("WHATSAPP_MEDIA_LIMIT_BYTES")(view)


def takes_file_of(limit: str) -> Callable[[View], View]:
    """As `takes_file`, for a file as large as another setting allows."""

    def mark(view: View) -> View:
        view.file_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


def _body_limit(request: HttpRequest) -> int:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return 0
    limit = getattr(view, "file_limit", "") if request.content_type == "multipart/form-data" else ""
    return getattr(settings, limit) + _FORM_BYTES if limit else 0


class ErrorMiddleware:
    """A DomainError raised in a page becomes its status and sentence: JSON for scripts, a page for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None and request.path.startswith("/api/"):
            # Django's own page for it, shown while developing, is nothing a program reads.
            message = _("There is no such address. Addresses of the API do not end in a slash.")
            return error_response(request, 404, "not_found", message)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        # Django's own page for it, shown while developing, tells of code.
        if isinstance(error, Http404) or _asks_for_nul(request, error):
            message = _("This page does not exist, or is not yours to see.")
            return error_response(request, 404, "not_found", message)
        if _is_forged_key(request, error):
            return error_response(request, 400, "bad_request", _("The request could not be understood."))
        if isinstance(error, OperationalError | InterfaceError):
            return unavailable(request, error)
        if not isinstance(error, DomainError):
            return None
        response = error_response(request, error.status, error.code, str(error.message), error.fields)
        if isinstance(error, TooSoon):
            response["Retry-After"] = str(error.retry_after)
        return response


def _asks_for_nul(request: HttpRequest, error: Exception) -> bool:
    """The admin's lists look for whatever their address names; no row holds a NUL."""
    return isinstance(error, DataError) and "%00" in request.META.get("QUERY_STRING", "")


def _is_forged_key(request: HttpRequest, error: Exception) -> bool:
    """Django's admin looks up the keys of a forged form as they came, to show them again."""
    match = request.resolver_match
    in_admin = match is not None and match.namespace == "admin"
    return in_admin and isinstance(error, ValueError) and "expected a number but got" in str(error)


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The database is away: says so, and when to come back."""
    log.error("database_unavailable", path=request.path, error=str(error).splitlines()[:1])
    message = _("The database does not answer just now. Nothing is lost: try again in a moment.")
    response = error_response(request, 503, "unavailable", message)
    response["Retry-After"] = "5"
    return response


def error_response(
    request: HttpRequest, status: int, code: str, message: str, fields: dict | None = None
) -> HttpResponse:
    """One answer for one refusal, in the form the asker reads."""
    wants_json = request.path.startswith("/api/") or request.headers.get("HX-Request") or _prefers_json(request)
    if wants_json:
        return JsonResponse(error_body(code, message, fields), status=status)
    name = f"errors/{status}.html" if status in (400, 403, 404, 500, 503) else "errors/400.html"
    context = {"message": message, "status": status}
    if status >= 500:  # without the frame, which would ask what has just failed
        return HttpResponse(render_to_string(name, context | {"quote": current()[:SHORT]}), status=status)
    return render(request, name, context, status=status)


def _prefers_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
