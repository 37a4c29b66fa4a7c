"""Units of work: one transaction per service call, with hooks that run just before its commit.

Row locks are taken in the order business rows first, shared counters last. What must come last (numbering
realtime events) registers a hook here; it runs once per outermost service, however many it called.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
Hook = Callable[[], None]
H = TypeVar("H", bound=Hook)

_hooks: ContextVar[dict[Hashable, Hook] | None] = ContextVar("unit_hooks", default=None)


@contextmanager
def unit() -> Iterator[None]:
    """A transaction. Inside another unit it joins it: an error then undoes the whole."""
    if _hooks.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    token = _hooks.set({})
    try:
        with transaction.atomic():
            yield
            _refuse_half()
            _run_hooks()
    finally:
        _hooks.reset(token)


def _refuse_half() -> None:
    if transaction.get_rollback():  # else Django would roll back without a word, and the caller believe it is done
        raise transaction.TransactionManagementError("A service failed inside this one: its error must not be caught.")


def _run_hooks() -> None:
    hooks = _hooks.get()
    while hooks:
        hooks.pop(next(iter(hooks)))()


def before_commit(key: Hashable, make: Callable[[], H]) -> H:
    """The current unit's hook under `key`, made on first use; it is called once, last before the commit.

    A hook may hold what its callers gathered; it is dropped with a unit that fails.
    """
    hooks = _hooks.get()
    if hooks is None:
        raise RuntimeError("before_commit() needs a unit of work: decorate the caller with @service.")
    if key not in hooks:
        hooks[key] = make()
    return hooks[key]  # type: ignore[return-value]


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a service: `entity_verb`, keyword-only, all or nothing."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit():
            return function(*args, **kwargs)

    return wrapper
