"""Working on while PostgreSQL is away, or WhatsApp does not answer.

Threads here live long: each unit gives its connection back to the pool.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

T = TypeVar("T")
PAUSE_SECONDS = 1.0
AWAY = (OperationalError, InterfaceError)
_OUTAGES = ("08", "53", "57P", "58")  # SQLSTATEs: of the line, of resources such as a full disk, of a server that stops


class Interrupted(Exception):
    """The wait for the database was given up because the process is to end."""


def once(call: Callable[[], T]) -> T:
    """One unit of work on the database."""
    try:
        return call()
    finally:
        connection.close()


def answers(error: Exception) -> bool:
    """Whether the database is there after all, although a call failed as if it were away."""
    if str(getattr(error.__cause__, "sqlstate", None) or "").startswith(_OUTAGES):
        return False
    try:
        once(_ask)
    except AWAY:
        return False
    return True


def _ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def patiently(call: Callable[[], T], *, stop: threading.Event) -> T:
    """`call` until the database answers. Raises Interrupted if `stop` is set before."""
    while True:
        try:
            return once(call)
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            if stop.wait(PAUSE_SECONDS):
                raise Interrupted from error


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises. Raises TimeoutError, and leaves the call to itself, if it takes longer."""
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["value"] = call()
        except Exception as error:
            outcome["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if "error" in outcome:
        raise outcome["error"]
    if "value" not in outcome:
        raise TimeoutError
    return outcome["value"]
