"""Locks by name, held until the commit, for what no row stands for yet."""

from collections.abc import Sequence
from typing import Any

from django.db import connection


def lock_then(name: str, query: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """Take the lock `name`, then run one statement; its first row.

    Both travel in one round trip, yet the statement begins after the wait and sees what the lock's last holder wrote;
    within one statement it would not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)); {query}", [name, *params])
        cursor.nextset()
        return cursor.fetchone()
