"""One turn at a time in a thread: while one thinks, another would only ask the model the same again.

What is lost with Redis, or with a worker that died, costs a second question and never a second answer: that is kept by
the thread's lock.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from django.conf import settings

from crm.core.redis import brief, key

_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


@contextmanager
def thinking_alone(conversation_id: int) -> Iterator[bool]:
    """True inside if nobody else thinks about this thread now."""
    name, mine = key("thinking", conversation_id), uuid.uuid4().hex
    alone = _take(name, mine)
    try:
        yield alone
    finally:
        if alone:
            _give_back(name, mine)


def _take(name: str, mine: str) -> bool:
    longest = int(settings.GROQ_TURN_SECONDS * 1000) + 5000
    try:
        return bool(brief().set(name, mine, nx=True, px=longest))
    except redis.RedisError:
        return True


def _give_back(name: str, mine: str) -> None:
    try:
        brief().eval(_GIVE_BACK, 1, name, mine)
    except redis.RedisError:
        return  # it goes by itself
