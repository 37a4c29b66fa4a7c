"""Locks by name, held until the commit, for what no row stands for yet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def lock_then(name: str, query: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Take the lock `name`, then run one statement; its first row."""
    rows = locks_then([name], query, params)
    return rows[0] if rows else None


def locks_then(names: Iterable[str], query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Take several locks, in the one order everybody takes them in, then run one statement; its rows.

    Both travel in one round trip, yet the statement begins after the wait and sees what the locks' last holders wrote;
    within one statement it would not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_TAKE}; {query}", [sorted(names), *params])
        cursor.nextset()
        return cursor.fetchall()


_TAKE = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS wanted(name)"
