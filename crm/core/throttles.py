"""Rate limits of the API: figures are settings, a window may be any number of seconds, minutes, hours or days."""

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # DRF's views read this module's classes while they load
    from rest_framework.views import APIView

_RATE = re.compile(r"^(\d+)/(\d*)\s*(s|sec|m|min|h|hour|d|day)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_rate(rate: str) -> tuple[int, int]:
    """`"100/15min"` → (100 requests, 900 seconds). Raises ValueError."""
    match = _RATE.match(rate.strip())
    if not match:
        raise ValueError(f"A rate must look like 200/min or 100/15min, not {rate!r}.")
    return int(match[1]), int(match[2] or 1) * _SECONDS[match[3][0]]


class _Throttle(SimpleRateThrottle):
    """Redis being away never refuses anybody."""

    def parse_rate(self, rate: str) -> tuple[int, int]:  # type: ignore[override]
        return parse_rate(rate)

    def allow_request(self, request: Request, view: "APIView | None") -> bool:
        try:
            return super().allow_request(request, view)  # type: ignore[arg-type]
        except RedisError:
            return True


class UserThrottle(_Throttle):
    """A window per signed-in user, or per key."""

    scope = "user"

    def get_rate(self) -> str:
        return settings.THROTTLE_USER

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        ident = request.user.pk if request.user.is_authenticated else getattr(request, "auth", None)
        return self.cache_format % {"scope": self.scope, "ident": ident} if ident else None


class AnonymousThrottle(_Throttle):
    """A window per network address."""

    scope = "anonymous"

    def get_rate(self) -> str:
        return settings.THROTTLE_ANONYMOUS

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        if request.user.is_authenticated or getattr(request, "auth", None):
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def too_many(request: HttpRequest) -> bool:
    """Count a request to a public page against its address's window."""
    return not AnonymousThrottle().allow_request(Request(request), None)
