"""The API's translator of errors: every refusal is `{"error": {"code", "message", "fields"}}`."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from crm.core.errors import DomainError, TooSoon, error_body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. None lets an unknown error become a logged 500."""
    if isinstance(error, DomainError):
        set_rollback()
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooSoon) else {}
        return Response(error.as_dict(), status=error.status, headers=headers)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, SuspiciousOperation):  # a form of more fields or files than are counted
        error = exceptions.ParseError()
    if isinstance(error, OperationalError | InterfaceError):
        message = _("The database does not answer just now. Nothing is lost: try again in a moment.")
        return Response(error_body("unavailable", message), status=503, headers={"Retry-After": "5"})
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return Response(_body(error), status=error.status_code, headers=_headers(error))


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return error_body("invalid", _("Some fields are not valid."), _flat(fields))
    codes = error.get_codes()
    return error_body(codes if isinstance(codes, str) else error.default_code, error.detail)


def _flat(fields: dict[str, Any], within: str = "") -> dict[str, Any]:
    """What is wrong within an object of the body stands under both names: `tracking.utm_source`."""
    flat: dict[str, Any] = {}
    for name, told in fields.items():
        flat |= _flat(told, f"{within}{name}.") if isinstance(told, dict) else {f"{within}{name}": told}
    return flat


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
