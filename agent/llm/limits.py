"""What Groq says of its limits with each answer, kept for pages. A lost note does no harm."""

import json
import re
from collections.abc import Mapping
from typing import Any

import redis

from crm.core.clock import now
from crm.core.redis import brief, key

_NAMES = ("limit-requests", "limit-tokens", "remaining-requests", "remaining-tokens", "reset-requests", "reset-tokens")
_KEEP_SECONDS = 24 * 3600
_PART = r"(\d+(?:\.\d+)?)(ms|s|m|h)"
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def remember(model: str, headers: Mapping[str, str]) -> None:
    """Keep the `x-ratelimit-*` and `retry-after` headers of an answer, if it has any."""
    told = {name.replace("-", "_"): _figure(headers.get(f"x-ratelimit-{name}")) for name in _NAMES}
    told["retry_after"] = _figure(headers.get("retry-after"))
    if all(value is None for value in told.values()):
        return
    note = json.dumps({**told, "at": now().isoformat()})
    try:
        pipe = brief().pipeline(transaction=False)
        pipe.hset(key("groq", "limits"), model, note)
        pipe.expire(key("groq", "limits"), _KEEP_SECONDS)
        pipe.execute()
    except redis.RedisError:
        pass


def snapshot() -> dict[str, dict[str, Any]]:
    """The last note of each model: counts, seconds until they are full again, and `at`."""
    try:
        notes: Any = brief().hgetall(key("groq", "limits"))
    except redis.RedisError:
        return {}
    return {model.decode(): json.loads(note) for model, note in sorted(notes.items())}


def _figure(told: str | None) -> float | None:
    """A count, or a duration such as "2m59.56s" in seconds."""
    if told is None:
        return None
    if re.fullmatch(f"(?:{_PART})+", told):
        return round(sum(float(figure) * _SECONDS[unit] for figure, unit in re.findall(_PART, told)), 3)
    try:
        return round(float(told), 3)
    except ValueError:
        return None
