"""Working on while PostgreSQL is away. Threads here live long: each unit gives its connection back to the pool."""

import threading
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

T = TypeVar("T")
PAUSE_SECONDS = 1.0
AWAY = (OperationalError, InterfaceError)
REFUSED = (DataError, IntegrityError)


class Interrupted(Exception):
    """The wait for the database was given up because the process is to end."""


def once(call: Callable[[], T]) -> T:
    """One unit of work on the database."""
    try:
        return call()
    finally:
        connection.close()


def patiently(call: Callable[[], T], *, stop: threading.Event) -> T:
    """`call` until the database answers. Raises Interrupted if `stop` is set before."""
    while True:
        try:
            return once(call)
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            if stop.wait(PAUSE_SECONDS):
                raise Interrupted from error
