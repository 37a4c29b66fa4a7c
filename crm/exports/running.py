"""Writing an export: page after page by primary key, so that a million rows need no more memory, no longer transaction
and no older snapshot than a thousand. Killed at any moment, it starts over: the row is the queue."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.db.models import QuerySet
from django.utils import translation

from crm.accounts.models import User
from crm.core.clock import now
from crm.exports.columns import columns_of
from crm.exports.models import Export, ExportState
from crm.exports.selectors import kinds_for, rows_of
from crm.exports.services import (
    BROKEN,
    NOT_ALLOWED,
    SILENT_SECONDS,
    export_claim,
    export_fail,
    export_finish,
    export_progress,
)
from crm.exports.writing import writer_of

log = structlog.get_logger(__name__)

PAGE = 2000
FOLDER = "exports"


class _Lost(Exception):
    """Somebody else writes it now, or nobody wants it any more."""


def export_run(export_id: int) -> bool:
    """Write an export that is due; True once it is ready."""
    export = export_claim(export_id=export_id)
    if export is None:
        return False
    path = Path(settings.MEDIA_ROOT) / export.path
    try:
        return _run(export, path)
    except _Lost:
        log.info("export_lost", export=export_id)
    except (OperationalError, InterfaceError) as error:
        log.warning("export_interrupted", export=export_id, error=type(error).__name__)  # the sweeper begins it anew
        close_old_connections()
    except Exception:
        log.exception("export_failed", export=export_id)
        export_fail(export_id=export_id, claim=export.claim, error=BROKEN)
    path.unlink(missing_ok=True)
    return False


def _run(export: Export, path: Path) -> bool:
    user = User.objects.get(pk=export.requester_id)
    if not user.is_active or export.kind not in kinds_for(user):
        export_fail(export_id=export.pk, claim=export.claim, error=NOT_ALLOWED)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        rows = _write(export, path, user)
    if not export_finish(export_id=export.pk, claim=export.claim, rows=rows, size=path.stat().st_size):
        raise _Lost
    return True


def _write(export: Export, path: Path, user: User) -> int:
    """How many rows there were."""
    rows, columns, done = rows_of(export.kind, export.params, user), columns_of(export.kind), 0
    export.rows_total = rows.count()
    with writer_of(export.format, path, [str(column.label) for column in columns]) as writer:
        for page in _pages(rows):
            writer.write([column.value(row) for column in columns] for row in page)
            done += len(page)
            if not export_progress(export, rows_done=done):
                raise _Lost
    return done


def _pages(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The newest first."""
    rows = rows.order_by("-pk")
    page = list(rows[:PAGE])
    while page:
        yield page
        page = list(rows.filter(pk__lt=page[-1].pk)[:PAGE]) if len(page) == PAGE else []


def leftovers_remove() -> int:
    """Delete files no export knows: a worker was killed between its last page and its last word."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    if not folder.is_dir():
        return 0
    kept = Export.objects.filter(state__in=[ExportState.RUNNING, ExportState.READY])
    known = set(kept.values_list("path", flat=True))
    oldest, removed = now().timestamp() - SILENT_SECONDS, 0
    for file in folder.iterdir():
        if f"{FOLDER}/{file.name}" not in known and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
            removed += 1
    return removed
