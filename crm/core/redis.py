"""The process's Redis client. Redis holds nothing that cannot be lost: broker, bells, cache, presence."""

import os
from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import ExponentialBackoff
from redis.retry import Retry


def client() -> redis.Redis:
    """Bytes in, bytes out; one pool a process, made anew after a fork."""
    return _client(os.getpid())


@lru_cache(maxsize=2)
def _client(_pid: int) -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=2,
        socket_timeout=10,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
    )


def key(*parts: object) -> str:
    """A key under the deployment's prefix, so that several may share a server."""
    return ":".join([settings.REDIS_PREFIX, *map(str, parts)])
