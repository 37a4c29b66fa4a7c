"""What every process counts and one place adds up: requests, errors, cache hits; minute by minute, in Redis.

Counting costs an addition in memory; the process's pulse (crm.monitoring.pulse) carries it to Redis every few seconds.
With Redis away the figures of that time are lost, and who reads them is told that there are none.
"""

import threading
from collections import Counter

from redis.exceptions import RedisError

from crm.core.clock import now
from crm.core.redis import brief, key

KEEP_SECONDS = 2 * 3600

_lock = threading.Lock()
_counted: Counter[str] = Counter()


def tally(name: str, number: int = 1) -> None:
    """Count. Names are few and fixed: `requests`, `request_ms`, `request_errors`, `cache_hits`, `cache_misses`."""
    with _lock:
        _counted[name] += number


def tally_flush() -> None:
    """Add what was counted since the last time to this minute's figures."""
    global _counted
    with _lock:
        counted, _counted = _counted, Counter()
    if not counted:
        return
    name = _key(int(now().timestamp()) // 60)
    try:
        with brief().pipeline(transaction=False) as pipeline:
            for field, number in counted.items():
                pipeline.hincrby(name, field, number)
            pipeline.expire(name, KEEP_SECONDS)
            pipeline.execute()
    except RedisError:
        return  # a figure, not a fact


def tallied(minutes: int) -> Counter[str] | None:
    """The sums over the last `minutes` minutes, this one included; None while Redis is away."""
    last = int(now().timestamp()) // 60
    try:
        with brief().pipeline(transaction=False) as pipeline:
            for minute in range(last - minutes + 1, last + 1):
                pipeline.hgetall(_key(minute))
            rows = pipeline.execute()
    except RedisError:
        return None
    found: Counter[str] = Counter()
    for row in rows:
        found.update({name.decode(): int(number) for name, number in row.items()})
    return found


def _key(minute: int) -> str:
    return key("tally", minute)
