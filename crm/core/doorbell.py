"""Ringing for a task without making a request wait for the broker.

The row is the queue, the ring only saves it the sweeper's delay: so one that is lost, because Redis is away or the
process ends, costs a moment. One thread a process rings in order.
"""

import os
import queue
import threading
from collections.abc import Callable
from typing import Any

import structlog

from crm.core.tracing import carried, traced

log = structlog.get_logger(__name__)

Ring = Callable[[], Any]
_LIMIT = 1000


def ring(publish: Ring) -> None:
    """Have `publish`, such as a task's `delay`, called soon."""
    try:
        _bell().rings.put_nowait((publish, carried()))
    except queue.Full:  # Redis has been away for long; the sweepers find the rows
        log.warning("task_not_rung", error="Full")


class _Bell:
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.rings: queue.Queue[tuple[Ring, str]] = queue.Queue(maxsize=_LIMIT)
        threading.Thread(target=self._run, name="doorbell", daemon=True).start()

    def _run(self) -> None:
        while True:
            publish, carrier = self.rings.get()
            with traced(carrier):
                try:
                    publish()
                except Exception as error:
                    log.warning("task_not_rung", error=type(error).__name__)


_lock = threading.Lock()
_current: _Bell | None = None


def _bell() -> _Bell:
    """This process's own; a thread does not survive a fork."""
    global _current
    with _lock:
        if _current is None or _current.pid != os.getpid():
            _current = _Bell()
        return _current
