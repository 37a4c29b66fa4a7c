"""The cache: whatever is in it can be found elsewhere, so Redis being away is a miss and never an error."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from crm.core import metrics
from crm.core.redis import brief_options
from crm.core.tally import tally

_MISSED = object()


class _BriefClient(RedisCacheClient):
    """Waits a moment for Redis, and after a failure not at all for a while."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **{**brief_options(), **options})


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache: with Redis away, reads find nothing and writes are dropped."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _BriefClient

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = _or(_MISSED, super().get, key, _MISSED, version)
        _count(found is not _MISSED, 1)
        return default if found is _MISSED else found

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        wanted = list(keys)
        found = _or({}, super().get_many, wanted, version)
        _count(True, len(found))
        _count(False, len(wanted) - len(found))
        return found

    def has_key(self, key: str, version: int | None = None) -> bool:
        return _or(False, super().has_key, key, version)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return _or(False, super().add, key, value, *args, **options)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        return _or(None, super().set, key, value, *args, **options)

    def set_many(self, data: dict[str, Any], *args: Any, **options: Any) -> list[str]:
        return _or(list(data), super().set_many, data, *args, **options)

    def touch(self, key: str, *args: Any, **options: Any) -> bool:
        return _or(False, super().touch, key, *args, **options)

    def delete(self, key: str, version: int | None = None) -> bool:
        return _or(False, super().delete, key, version)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        return _or(None, super().delete_many, keys, version)


def _count(hit: bool, number: int) -> None:
    if number:
        metrics.CACHE.labels("hit" if hit else "miss").inc(number)
        tally("cache_hits" if hit else "cache_misses", number)


def _or(fallback: Any, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    try:
        return call(*args, **options)
    except RedisError:
        return fallback
