"""Facts: what happened, in the past tense, as frozen dataclasses that carry ids.

Lower layers publish, higher layers listen; nobody calls up. A listener runs after the commit of the change
(a lost one is found by a sweeper), or, with `inside=True`, at once within its transaction, so that what it
writes stands or falls with the change.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

F = TypeVar("F")
Listener = Callable[[Any], None]

_after: dict[type, list[Listener]] = defaultdict(list)
_inside: dict[type, list[Listener]] = defaultdict(list)


def on(fact_type: type[F], *, inside: bool = False) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Subscribe a function to facts of one type; registering it twice is harmless."""
    listeners = (_inside if inside else _after)[fact_type]

    def register(listener: Callable[[F], None]) -> Callable[[F], None]:
        if listener not in listeners:
            listeners.append(listener)
        return listener

    return register


def publish(fact: Any) -> None:
    """Tell who listens. Call it inside the transaction that makes the fact true."""
    for listener in _inside[type(fact)]:
        listener(fact)
    for listener in _after[type(fact)]:
        _after_commit(listener, fact)


def _after_commit(listener: Listener, fact: Any) -> None:
    # A lambda and not functools.partial: Django 5.2 logs a robust hook's failure by `__qualname__`.
    transaction.on_commit(lambda: listener(fact), robust=True)
