"""Counting requests in sliding windows: exact under concurrency, one round trip whatever the rate.

The window before counts with the part of it that is less than one duration ago. Refused requests do not count. Redis
being away never refuses anybody, nor keeps anybody waiting.
"""

import math
import re
import time
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from crm.core import redis
from crm.core.errors import TooSoon

_RATE = re.compile(r"^(\d+)/(\d*)\s*(s|sec|m|min|h|hour|d|day)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NOTED = "limit_taken"


@dataclass(frozen=True)
class Taken:
    """How a window stands after a request: of `limit` requests in `duration` seconds `remaining` are left, `reset`
    seconds until it is another one's turn. `wait` is None for a request that was let through, else the seconds until
    one would be."""

    limit: int
    duration: int
    remaining: int
    reset: float
    wait: float | None = None


def parse_rate(rate: str) -> tuple[int, int]:
    """`"100/15min"` → (100 requests, 900 seconds). Raises ValueError."""
    match = _RATE.match(rate.strip())
    if not match:
        raise ValueError(f"A rate must look like 200/min or 100/15min, not {rate!r}.")
    return int(match[1]), int(match[2] or 1) * _SECONDS[match[3][0]]


def limit_take(ident: str, rate: str) -> Taken | None:
    """Count a request of `ident`; None while nobody counts."""
    limit, duration = parse_rate(rate)
    try:
        return _count(ident, limit, duration)
    except RedisError:
        return None


def limit_or_wait(request: Any, ident: str, rate: str) -> None:
    """As `limit_take`, for a page; the answer's headers tell of it. Raises TooSoon."""
    taken = limit_take(ident, rate)
    limit_note(request, taken)
    if taken and taken.wait is not None:
        message = _("Too many requests from your network. Try again in a few minutes.")
        raise TooSoon(message, retry_after=math.ceil(taken.wait))


def limit_note(request: Any, taken: Taken | None) -> None:
    """Keep it for the answer's headers; of several windows the tightest counts. `request` may be REST framework's."""
    request = getattr(request, "_request", request)
    known: Taken | None = getattr(request, _NOTED, None)
    if taken and (known is None or (known.wait is None and taken.remaining <= known.remaining)):
        setattr(request, _NOTED, taken)


def limit_headers(request: Any) -> dict[str, str]:
    """The fields of draft-ietf-httpapi-ratelimit-headers-06, for an answer to a request that was counted."""
    taken: Taken | None = getattr(request, _NOTED, None)
    if taken is None:
        return {}
    return {
        "RateLimit-Limit": str(taken.limit),
        "RateLimit-Remaining": str(taken.remaining),
        "RateLimit-Reset": str(math.ceil(taken.reset if taken.wait is None else taken.wait)),
        "RateLimit-Policy": f"{taken.limit};w={taken.duration}",
    }


def _count(ident: str, limit: int, duration: int) -> Taken:
    window, passed = divmod(time.time(), duration)
    now, last = (redis.key("throttle", ident, duration, int(window) - ago) for ago in (0, 1))
    client = redis.brief()
    with client.pipeline(transaction=False) as pipe:
        pipe.incr(now)
        pipe.expire(now, 2 * duration)
        pipe.get(last)
        count, _set, text = pipe.execute()
    before, left = int(text or 0), duration - passed
    used = count + before * left / duration
    if used <= limit:
        return Taken(limit, duration, int(limit - used), left)
    client.decr(now)
    return Taken(limit, duration, 0, left, _until_room(count - 1, before, left, limit, duration))


def _until_room(count: int, before: int, left: float, limit: int, duration: int) -> float:
    """`left` seconds of this window remain; until its end what weighs is the window before, then this one."""
    room = limit - count - 1
    if room >= 0:
        return left - room * duration / before
    return left + duration * (1 - (limit - 1) / max(count, 1))
