"""How long queries and the pool take. Added to every query, so it does next to nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from psycopg_pool import PoolTimeout

from crm.core import metrics


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's execute wrapper."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception:
        metrics.QUERY_ERRORS.inc()
        raise
    finally:
        metrics.QUERY.observe(perf_counter() - began)


@contextmanager
def taking() -> Iterator[None]:
    """While a thread waits for a connection; afterwards it has one, or the error is on its way."""
    began = perf_counter()
    metrics.POOL_WAITING.inc()
    try:
        yield
        metrics.POOL_USED.inc()
    except PoolTimeout:
        metrics.POOL_REFUSED.inc()
        raise
    finally:
        metrics.POOL_WAITING.dec()
        metrics.POOL_WAIT.observe(perf_counter() - began)


def given_back() -> None:
    metrics.POOL_USED.dec()
