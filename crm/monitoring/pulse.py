"""The pulse: a thread that says every few seconds that its process is there, and how it does.

Nothing here may harm the process: with the database away the thread waits and tries again, and says so once.
"""

import atexit
import os
import socket
import threading
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from crm.core.draining import is_draining, on_drain
from crm.core.tally import tally_flush
from crm.monitoring.machine import Meter
from crm.monitoring.models import ProcessKind
from crm.monitoring.processes import predecessors_forget, process_gone, process_seen
from crm.monitoring.watching import minute_watch

log = structlog.get_logger(__name__)

_LAST_WORD_SECONDS = 1.0
Told = Callable[[], dict[str, Any]]


class Pulse:
    def __init__(self, kind: ProcessKind, told: Told) -> None:
        self.kind, self._told = kind, told
        self._meter = Meter()
        self._self: dict[str, Any] = {
            "host": socket.gethostname()[:120],
            "pid": os.getpid(),
            "started_at": self._meter.started_at,
        }
        self._wake = threading.Event()
        self._over = self._silent = False
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    @property
    def is_here(self) -> bool:
        """Whether it is this process's, and not one from before a fork."""
        return self._self["pid"] == os.getpid()

    def start(self) -> None:
        self._thread.start()
        on_drain(self._wake.set)

    def stop(self) -> None:
        """The process ends: say so, but do not keep it."""
        self._over = True
        self._wake.set()
        self._thread.join(_LAST_WORD_SECONDS)

    def _run(self) -> None:
        is_known = False
        while not self._over:
            if is_known:
                self._try(self._beat)
                self._try(lambda: minute_watch(stands_in=True))
            elif is_known := self._try(_need_tables):
                self._try(lambda: predecessors_forget(kind=self.kind, **self._self))
                continue
            self._wake.wait(settings.PULSE_SECONDS)
            self._wake.clear()
        self._try(lambda: process_gone(**self._self))

    def _beat(self) -> None:
        tally_flush()
        measured = self._meter.measure()
        data = {**self._told(), "pool": pool_figures()}
        process_seen(kind=self.kind, **self._self, stopping=is_draining(), measured=measured, data=data)

    def _try(self, act: Callable[[], Any]) -> bool:
        try:
            act()
            self._silent = False
        except Exception as error:  # whatever it is, the process has better things to do than to end of it
            if not self._silent and not isinstance(error, NoTables):
                log.warning("pulse_missed", error=type(error).__name__)
            self._silent = True
        finally:
            connection.close()  # back into the pool
        return not self._silent


class NoTables(Exception):
    """The database is new: its migrations are still to come."""


def _need_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('monitoring_process')")
        if cursor.fetchone() == (None,):
            raise NoTables


def pool_figures() -> dict[str, int]:
    """This process's connections to the database: open ones, idle ones, and requests that wait for one."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        return {}
    stats = pool.get_stats()
    names = {"pool_size": "open", "pool_available": "idle", "requests_waiting": "waiting"}
    return {ours: int(stats.get(theirs, 0)) for theirs, ours in names.items()}


_lock = threading.Lock()
_current: Pulse | None = None


def pulse_start(kind: ProcessKind | None, told: Told = dict) -> None:
    """Once a process; `told` is asked at each beat for what only this kind knows. Nothing for a kind of None, or where
    PULSE_SECONDS is 0."""
    global _current
    with _lock:
        if kind is None or not settings.PULSE_SECONDS or (_current and _current.is_here):
            return
        _current = Pulse(kind, told)
        _current.start()
        atexit.register(_current.stop)
