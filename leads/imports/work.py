"""How a worker holds an import: it claims the row, says now and then that it lives, and stops once it is not its own.

A worker that dies leaves a claim that grows old; the sweeper rings for it and another goes on.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from crm.core.clock import now
from crm.core.errors import DomainError
from crm.core.queues import under_pressure
from leads.models import Import, ImportState

log = structlog.get_logger(__name__)

AT_WORK = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)
SILENT = timedelta(seconds=60)  # no batch takes as long


class Lost(Exception):
    """Somebody stopped the import, or another worker took it for dead."""


def orphans() -> QuerySet[Import]:
    """Imports with work left that nobody is at."""
    silent = Q(claimed_at=None) | Q(claimed_at__lt=now() - SILENT)
    return Import.objects.filter(silent, state__in=AT_WORK)


def work(import_id: int, state: ImportState, do: Callable[[Import], None]) -> None:
    """Claim the import if it is in this state and nobody is at it, and do it; what goes wrong is written on it."""
    mine = {"pk": import_id, "state": state, "claimed_at": now()}
    if not orphans().filter(pk=import_id, state=state).update(claimed_at=mine["claimed_at"]):
        return
    batch = Import.objects.select_related("creator").filter(**mine).first()
    if batch is None:  # stopped in between
        return
    try:
        do(batch)
    except Lost:
        log.info("import_left", batch=import_id, state=state)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the sweeper finds the row
    except DomainError as error:
        _fail(batch, state, str(error.message))
    except Exception:
        log.exception("import_failed", batch=import_id, state=state)
        _fail(batch, state, gettext("Something went wrong on our side. What was done so far stays."))


def beat(batch: Import, **figures: Any) -> None:
    """A sign of life, with figures. Raises Lost."""
    values = {**figures, "claimed_at": now()}
    if not _mine(batch).update(**values):
        raise Lost
    for name, value in values.items():
        setattr(batch, name, value)


def give_way(batch: Import) -> None:
    """While clients wait for answers no rows are written; the sweeper comes back every few seconds. Raises Lost."""
    if under_pressure() and _mine(batch).update(claimed_at=None):
        raise Lost


def hold(batch: Import) -> None:
    """The import's row, locked before anything else of a batch. Raises Lost."""
    if not list(_mine(batch).select_for_update().values_list("pk")):
        raise Lost


def _mine(batch: Import) -> QuerySet[Import]:
    return Import.objects.filter(pk=batch.pk, state=batch.state, claimed_at=batch.claimed_at)


def _fail(batch: Import, state: ImportState, error: str) -> None:
    """`batch` may tell of a beat that was rolled back; the row tells whose it is."""
    Import.objects.filter(pk=batch.pk, state=state).update(
        state=ImportState.FAILED, error=error[:300], claimed_at=None, finished_at=now()
    )
