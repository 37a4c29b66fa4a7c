"""Errors of the product: a code for machines, a sentence for people, an HTTP status for the edges."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """What a service refuses. `message` is a translatable sentence, `fields` maps a field to its sentences."""

    status = 400
    default_code = "error"

    def __init__(self, message: Any, *, code: str = "", fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.fields = dict(fields or {})

    def as_dict(self) -> dict[str, Any]:
        """The body every machine edge answers with."""
        return error_body(self.code, self.message, self.fields)


class Invalid(DomainError):
    default_code = "invalid"


class Forbidden(DomainError):
    status = 403
    default_code = "forbidden"


class NotFound(DomainError):
    status = 404
    default_code = "not_found"

    def __init__(self, message: Any = None, **kwargs: Any) -> None:
        super().__init__(message or _("Not found."), **kwargs)


class Conflict(DomainError):
    status = 409
    default_code = "conflict"


class TooLarge(DomainError):
    status = 413
    default_code = "too_large"


class TooSoon(DomainError):
    """`retry_after` is in whole seconds."""

    status = 429
    default_code = "too_soon"

    def __init__(self, message: Any, *, retry_after: int, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


def error_body(code: str, message: Any, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": str(message), "fields": _plain(fields or {})}}


def _plain(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    return {_sendable(name): [_sendable(text) for text in _listed(value)] for name, value in fields.items()}


def _sendable(text: Any) -> str:
    """What repeats somebody's input may hold half of a character, which has no bytes."""
    return str(text).encode(errors="replace").decode()


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
