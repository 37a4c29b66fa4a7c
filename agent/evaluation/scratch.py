"""A database of a run's own beside the real one, and processes that play on copies of it.

Nothing of a run reaches real data: rows lie in the copy, Redis keys under a prefix of the run, tasks in a broker in
memory that no worker listens to.
"""

import logging
import multiprocessing
import os
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import override_settings

from agent.evaluation.cases import CaseError
from crm.celery import app as celery
from crm.core.redis import client

T = TypeVar("T")
Progress = Callable[[int, int], None]

_held = ExitStack()  # what a process keeps for its life
_MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"


def play_all(
    play: Callable[[Any], T], cases: Sequence[Any], *, workers: int, progress: Progress = lambda done, all_: None
) -> list[T]:
    """`play(case)` for every case, in order, each in one of so many processes. Raises CaseError where the database's
    role may not create databases."""
    workers = max(1, min(workers, len(cases)))
    with _scratch(workers) as names:
        context = multiprocessing.get_context("fork")
        free = context.SimpleQueue()
        for name in names:
            free.put(name)
        pool = ProcessPoolExecutor(workers, context, initializer=_settle_in, initargs=(free,))
        try:
            futures = {pool.submit(play, case): place for place, case in enumerate(cases)}
            return _gathered(futures, progress)
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _gathered(futures: dict[Future[T], int], progress: Progress) -> list[T]:
    results: dict[int, T] = {}
    for future in as_completed(futures):
        results[futures[future]] = future.result()
        progress(len(results), len(futures))
    return [results[place] for place in sorted(results)]


@contextmanager
def apart(prefix: str) -> Iterator[None]:
    """Settings under which nothing leaves this process but rows and keys under `prefix`."""
    celery.conf.update(broker_url="memory://", broker_transport_options={})
    memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    layers = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    with override_settings(REDIS_PREFIX=prefix, CACHES=memory, CHANNEL_LAYERS=layers):
        yield


@contextmanager
def _scratch(copies: int) -> Iterator[list[str]]:
    """The names of so many fresh databases, gone afterwards; no connection is open inside."""
    run = f"livia_evaluation_{os.getpid()}_{secrets.token_hex(3)}"
    real, names = connection.settings_dict["NAME"], [f"{run}_{number}" for number in range(copies)]
    _refuse_without_rights()
    try:
        with apart(run):
            _create(run)
            _use(run)
            call_command("migrate", verbosity=0, interactive=False)
            _hang_up()
            for name in names:
                _create(name, template=run)
            yield names
    finally:
        _use(real)
        for name in (*names, run):
            _do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _forget_keys(run)


def _settle_in(free: Any) -> None:
    """In a new process: its own database, its own keys, and no log of the troubles it plays."""
    logging.disable(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    name = free.get()
    _use(name)
    _held.enter_context(apart(name))


def _refuse_without_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MAY_CREATE)
        row = cursor.fetchone()
    if not row or not row[0]:
        role = connection.settings_dict["USER"]
        raise CaseError(
            f'The database role "{role}" may not create databases, and this suite plays in one of its own. '
            f'Allow it (ALTER ROLE "{role}" CREATEDB) or point DATABASE_URL at a server where it may.'
        )


def _create(name: str, template: str | None = None) -> None:
    source = f'TEMPLATE "{template}"' if template else "TEMPLATE template0 ENCODING 'UTF8'"
    _do(f'CREATE DATABASE "{name}" {source}')


def _do(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _use(name: str) -> None:
    """Connections made from now on are to this database."""
    _hang_up()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _hang_up() -> None:
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]


def _forget_keys(prefix: str) -> None:
    try:
        for name in client().scan_iter(match=f"{prefix}*", count=1000):
            client().delete(name)
    except redis.RedisError:
        return  # they go by themselves
