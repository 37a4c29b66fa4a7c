"""The process's Redis clients. Redis holds nothing that cannot be lost: broker, bells, cache, presence."""

import os
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import ExponentialBackoff, NoBackoff
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


def brief() -> redis.Redis:
    """For what a request can do without: it waits a moment, and after a failure not at all for a while."""
    return _brief(os.getpid())


@lru_cache(maxsize=2)
def _brief(_pid: int) -> redis.Redis:
    return redis.Redis(connection_pool=redis.ConnectionPool.from_url(settings.REDIS_URL, **brief_options()))


class BriefConnection(redis.Connection):
    """Does not try to connect again right after it could not: each try costs the request its timeout."""

    PAUSE_SECONDS = 2.0
    _away_until = 0.0

    def connect(self) -> None:
        if time.monotonic() < BriefConnection._away_until:
            raise redis.ConnectionError("Redis was away a moment ago.")
        try:
            super().connect()
        except (redis.ConnectionError, redis.TimeoutError):
            BriefConnection._away_until = time.monotonic() + self.PAUSE_SECONDS
            raise


def brief_options() -> dict[str, Any]:
    """Options of a pool whose connections give up soon."""
    return {
        "connection_class": BriefConnection,
        "socket_connect_timeout": settings.REDIS_BRIEF_SECONDS,
        "socket_timeout": settings.REDIS_BRIEF_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def key(*parts: object) -> str:
    """A key under the deployment's prefix, so that several may share a server."""
    return ":".join([settings.REDIS_PREFIX, *map(str, parts)])
