"""Rate limits of the API: figures are settings, a window may be any number of seconds, minutes, hours or days."""

import re
import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from crm.core import redis

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
    """A sliding window of two counters: exact under concurrency, one round trip whatever the rate.

    The window before counts with the part of it that is less than one duration ago. Refused requests do not count.
    Redis being away never refuses anybody, nor keeps anybody waiting.
    """

    num_requests: int
    duration: int
    seconds: float

    def parse_rate(self, rate: str) -> tuple[int, int]:  # type: ignore[override]
        return parse_rate(rate)

    def allow_request(self, request: Request, view: "APIView | None") -> bool:
        ident = self.get_cache_key(request, view)  # type: ignore[arg-type]
        if ident is None:
            return True
        try:
            return self._count(ident)
        except RedisError:
            return True

    def _count(self, ident: str) -> bool:
        window, passed = divmod(time.time(), self.duration)
        now, last = (redis.key("throttle", ident, self.duration, int(window) - ago) for ago in (0, 1))
        client = redis.brief()
        with client.pipeline(transaction=False) as pipe:
            pipe.incr(now)
            pipe.expire(now, 2 * self.duration)
            pipe.get(last)
            count, _set, text = pipe.execute()
        before, left = int(text or 0), self.duration - passed
        if count + before * left / self.duration <= self.num_requests:
            return True
        client.decr(now)
        self.seconds = self._seconds_until_room(count - 1, before, left)
        return False

    def _seconds_until_room(self, count: int, before: int, left: float) -> float:
        """`left` seconds of this window remain; until its end what weighs is the window before, then this one."""
        room = self.num_requests - count - 1
        if room >= 0:
            return left - room * self.duration / before
        return left + self.duration * (1 - (self.num_requests - 1) / max(count, 1))

    def wait(self) -> float:
        """Seconds until the next request would be allowed."""
        return self.seconds


class UserThrottle(_Throttle):
    """A window per signed-in user, or per key."""

    scope = "user"

    def get_rate(self) -> str:
        return settings.THROTTLE_USER

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        ident = request.user.pk if request.user.is_authenticated else getattr(request, "auth", None)
        return f"{self.scope}:{ident}" if ident else None


class AnonymousThrottle(_Throttle):
    """A window per network address."""

    scope = "anonymous"

    def get_rate(self) -> str:
        return settings.THROTTLE_ANONYMOUS

    def get_cache_key(self, request: Request, view: "APIView | None") -> str | None:
        if request.user.is_authenticated or getattr(request, "auth", None):
            return None
        return f"{self.scope}:{self.get_ident(request)}"


def too_many(request: HttpRequest) -> bool:
    """Count a request to a public page against its address's window."""
    return not AnonymousThrottle().allow_request(Request(request), None)
