"""How much lies before the workers, and whether it is so much that what can wait should.

A task is in one of two places before a thread begins it: in the broker's list of its queue, or in the hands of a worker
that took it. The hands matter: tasks with a delay, such as answers after a burst, are all taken at once.
"""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from crm.core.redis import brief

log = structlog.get_logger(__name__)

# Each long task of `whatsapp` is a session: what waits there is a number without a thread, not work piling up.
QUEUES = ("agent", "default", "whatsapp")
_PILING = ("agent", "default")
_LOOK_SECONDS = 2.0

_in_hand: Callable[[], int] = int
_seen: tuple[float, bool] = (float("-inf"), False)


def in_hand_by(count: Callable[[], int]) -> None:
    """A worker says how it counts the tasks it took and no thread of its has begun."""
    global _in_hand
    _in_hand = count


def in_hand() -> int:
    return _in_hand()


def queues_length() -> dict[str, int] | None:
    """Tasks in the broker's lists, by queue; None while Redis is away."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    try:
        with brief().pipeline(transaction=False) as pipeline:
            for name in QUEUES:
                pipeline.llen(f"{prefix}{name}")
            return dict(zip(QUEUES, map(int, pipeline.execute()), strict=True))
    except RedisError as error:
        log.warning("queues_not_counted", error=type(error).__name__)
        return None


def under_pressure() -> bool:
    """More than PRESSURE_QUEUE tasks wait: what nobody waits for puts itself off. Looked up every other second; with
    Redis away there is no telling, and no pressure."""
    global _seen
    moment = time.monotonic()
    looked, pressed = _seen
    if moment - looked < _LOOK_SECONDS:
        return pressed
    lengths = queues_length() or {}
    pressed = in_hand() + sum(lengths.get(name, 0) for name in _PILING) > settings.PRESSURE_QUEUE
    _seen = moment, pressed
    return pressed
