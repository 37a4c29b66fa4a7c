"""Units of work: one transaction per service call, with hooks that run just before its commit.

Row locks are taken in the order business rows first, shared counters last. What must come last (numbering
realtime events) registers a hook here; it runs once per outermost service, however many it called.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction
from django.db.models import Model

P = ParamSpec("P")
R = TypeVar("R")
Hook = Callable[[], None]
H = TypeVar("H", bound=Hook)
M = TypeVar("M", bound=Model)
Held = Mapping[tuple[type[Model], Any], Model]

_hooks: ContextVar[dict[Hashable, Hook] | None] = ContextVar("unit_hooks", default=None)
_held: ContextVar[Held] = ContextVar("rows_held", default=MappingProxyType({}))


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


@contextmanager
def holding(*rows: Model) -> Iterator[None]:
    """Inside, whoever locks one of these rows is given this very object: no second look at a row that nobody else can
    change, and one state of it in memory.

    Only for rows locked in the current unit of work, and around services that write them under their lock alone.
    """
    if _hooks.get() is None:
        raise RuntimeError("holding() needs a unit of work: decorate the caller with @service.")
    token = _held.set({**_held.get(), **{(type(row), row.pk): row for row in rows}})
    try:
        yield
    finally:
        _held.reset(token)


def held(model: type[M], pk: Any) -> M | None:
    """The row, if it is being held. For functions that lock rows."""
    return cast(M | None, _held.get().get((model, pk)))


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a service: `entity_verb`, keyword-only, all or nothing."""

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit():
            return function(*args, **kwargs)

    return wrapper
