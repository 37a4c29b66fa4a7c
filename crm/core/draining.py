"""Whether this process is on its way out: it finishes what it has, and asks not to be given more.

Whoever sends traffic reads it in `/health/ready`; the process's last pulse writes it down.
"""

import os
import threading
from collections.abc import Callable

_draining = threading.Event()
_listeners: list[Callable[[], None]] = []


def is_draining() -> bool:
    return _draining.is_set()


def drain_begin() -> None:
    """Called from signal handlers: it takes no lock, and what listens must not wait."""
    if not _draining.is_set():
        _draining.set()
        for listener in _listeners:
            listener()


def on_drain(listener: Callable[[], None]) -> None:
    _listeners.append(listener)


def _stay() -> None:
    """A child made by a process that is on its way out is not."""
    _draining.clear()


os.register_at_fork(after_in_child=_stay)
