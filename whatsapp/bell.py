"""Hears PostgreSQL say that a message waits in the outbox. A lost ring is made good by polling."""

import threading
from collections.abc import Iterable

import psycopg
import structlog
from django.db import connection

log = structlog.get_logger(__name__)

WAIT_SECONDS = 1.0


class OutboxBell(threading.Thread):
    """A connection of its own that only listens, outside the pool, because it is never given back."""

    def __init__(self, *, inbox_id: int, wake: Iterable[threading.Event], stop: threading.Event) -> None:
        super().__init__(name="outbox-bell", daemon=True)
        self.channel = f"outbox_{int(inbox_id)}"
        self.wake, self.stop = tuple(wake), stop

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("outbox_bell_lost", error=type(error).__name__)
                self.stop.wait(WAIT_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(**_parameters(), autocommit=True, connect_timeout=5) as listening:
            listening.execute(f'LISTEN "{self.channel}"')
            self._ring()
            while not self.stop.is_set():
                for _ring in listening.notifies(timeout=WAIT_SECONDS, stop_after=1):
                    self._ring()

    def _ring(self) -> None:
        for event in self.wake:
            event.set()


def _parameters() -> dict[str, object]:
    """Where Django's connections go, without what belongs to Django."""
    ours = {"pool", "cursor_factory", "context", "prepare_threshold", "server_side_binding"}
    return {name: value for name, value in connection.get_connection_params().items() if name not in ours}
