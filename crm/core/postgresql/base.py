"""Django's PostgreSQL backend, with pooled connections proved alive before a request gets one.

The pool's own check waits a second, then two, after each dead connection it meets: when the server restarts, requests
would give up before the dead ones are used up. Here the first dead one found clears all of them at once.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Error
from psycopg_pool import ConnectionPool

_TRIES = 3


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for _try in range(_TRIES) if self.pool else ():
            try:
                ConnectionPool.check_connection(connection)
                break
            except Error:
                self.pool.putconn(connection)  # closed, so the pool drops it
                self.pool.check()
                connection = super().get_new_connection(conn_params)
        return connection
