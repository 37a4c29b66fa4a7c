"""Several counts in one question to the database."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def counts(*several: QuerySet[Any]) -> list[int]:
    """How many rows each of these holds; a slice counts no further than it reaches."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in several:
        query = rows.values("pk").query
        query.clear_ordering(force=False)
        try:
            sql, its_params = query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        params += its_params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)  # noqa: S608 - Django's own SQL
        return list(cursor.fetchone())
