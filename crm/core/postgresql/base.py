"""Django's PostgreSQL backend, with pooled connections proved alive before a request gets one.

The pool's own check waits a second, then two, after each dead connection it meets: when the server restarts, requests
would give up before the dead ones are used up. Here the first dead one found clears all of them at once.
"""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import Error
from psycopg_pool import ConnectionPool

from crm.core import metrics
from crm.core.postgresql import measured

_TRIES = 3


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.execute_wrappers.append(measured.timed)
        metrics.POOL_LIMIT.set(settings.DB_POOL_MAX)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.pool:
            return super().get_new_connection(conn_params)
        with measured.taking():
            return self._proved(conn_params)

    def _close(self) -> None:
        pooled = self.connection is not None and self.pool
        super()._close()  # type: ignore[misc]  # the stubs leave it out
        if pooled:
            measured.given_back()

    def _proved(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for _try in range(_TRIES):
            try:
                ConnectionPool.check_connection(connection)
                break
            except Error:
                self.pool.putconn(connection)  # closed, so the pool drops it
                self.pool.check()
                connection = super().get_new_connection(conn_params)
        return connection
