"""Asking for an export, and every change of its state. Writing it is `running.py`'s."""

import uuid
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Forbidden, Invalid, NotFound, TooSoon
from crm.core.facts import publish
from crm.core.locks import lock_then
from crm.core.work import service
from crm.exports.events import ExportRequested
from crm.exports.models import Export, ExportFormat, ExportKind, ExportState
from crm.exports.selectors import kinds_for
from crm.realtime.publish import notify

MOST_RUNNING = 3
MOST_ATTEMPTS = 3
SILENT_SECONDS = 120  # a worker that gave no sign of life for so long is gone
_QUERY_LENGTH = 2000
_IDS_LENGTH = 100_000
_BUSY = [ExportState.WAITING, ExportState.RUNNING]
_COUNT = "SELECT count(*) FROM exports_export WHERE requester_id = %s AND state IN ('waiting', 'running')"

READY = gettext_noop("Your export is ready")
FAILED = gettext_noop("Your export did not work")
NOT_ALLOWED = gettext_noop("You may no longer export this list.")
BROKEN = gettext_noop("Something went wrong while it was written. Try it again; if it fails again, tell a manager.")


@service
def export_request(*, user_id: int, kind: str, params: dict[str, str], format: str = ExportFormat.CSV) -> Export:  # noqa: A002
    """Have a list written in the background. Raises Invalid, Forbidden, TooSoon while three are being written."""
    user = User.objects.get(pk=user_id)
    if kind not in ExportKind.values or format not in ExportFormat.values:
        raise Invalid(_("There is no such export."), code="unknown_export")
    if kind not in kinds_for(user):
        raise Forbidden(_("Only managers export this list."))
    kept = {name: params[name].replace("\0", "") for name in ("query", "ids", "first", "last") if name in params}
    if len(kept.get("query", "")) > _QUERY_LENGTH or len(kept.get("ids", "")) > _IDS_LENGTH:
        raise Invalid(_("Choose fewer rows at once."), code="too_many")
    busy = lock_then(f"exports of {user_id}", _COUNT, [user_id])
    if busy and busy[0] >= MOST_RUNNING:
        text = _("Three of your exports are being written. Ask again when one of them is ready.")
        raise TooSoon(text, retry_after=30)
    export = Export.objects.create(requester=user, kind=kind, format=format, params=kept)
    publish(ExportRequested(export.pk))
    return export


def exports_due() -> QuerySet[Export]:
    """What waits, and what a worker left behind."""
    gone = Q(state=ExportState.RUNNING, claimed_at__lt=now() - timedelta(seconds=SILENT_SECONDS))
    return Export.objects.filter(Q(state=ExportState.WAITING) | gone).order_by("pk")


@service
def export_claim(*, export_id: int) -> Export | None:
    """Take an export to write it from its beginning; None if it is not due. One that was tried too often fails."""
    export = exports_due().select_for_update(of=("self",), skip_locked=True).filter(pk=export_id).first()
    if export is None:
        return None
    export_file_remove(export)
    if export.attempts >= MOST_ATTEMPTS:
        _fail(export, BROKEN)
        return None
    export.state, export.claim, export.claimed_at = ExportState.RUNNING, uuid.uuid4(), now()
    export.path = str(PurePosixPath("exports", f"{export.claim}.{export.format}"))
    export.attempts, export.rows_done, export.rows_total = export.attempts + 1, 0, 0
    export.save()
    return export


def export_progress(export: Export, *, rows_done: int) -> bool:
    """A sign of life. False once somebody else has it, or it is no longer wanted."""
    mine = Export.objects.filter(pk=export.pk, claim=export.claim, state=ExportState.RUNNING)
    return bool(mine.update(rows_done=rows_done, rows_total=export.rows_total, claimed_at=now()))


@service
def export_finish(*, export_id: int, claim: uuid.UUID | None, rows: int, size: int) -> bool:
    """The file is complete. False, and nothing is written, if the claim was lost."""
    export = _claimed(export_id, claim)
    if export is None:
        return False
    moment = now()
    export.state, export.rows_done, export.rows_total, export.size = ExportState.READY, rows, rows, size
    export.finished_at, export.expires_at = moment, moment + timedelta(days=settings.EXPORT_KEEP_DAYS)
    export.save()
    _tell(export, "export_ready", READY)
    return True


@service
def export_fail(*, export_id: int, claim: uuid.UUID | None, error: str) -> bool:
    """It cannot be written; `error` is a message id."""
    export = _claimed(export_id, claim)
    if export is None:
        return False
    _fail(export, error)
    return True


def _claimed(export_id: int, claim: uuid.UUID | None) -> Export | None:
    mine = Export.objects.select_for_update(of=("self",)).filter(pk=export_id, claim=claim, state=ExportState.RUNNING)
    return mine.first()


def _fail(export: Export, error: str) -> None:
    export.state, export.error, export.finished_at, export.path = ExportState.FAILED, error, now(), ""
    export.save()
    _tell(export, "export_failed", FAILED, error)


def _tell(export: Export, kind: str, title: str, body: str = "") -> None:
    url = f"{reverse('exports:list')}#export-{export.pk}"
    notify([export.requester_id], kind=kind, title=title, body=body, url=url, once=f"export-{export.pk}")


@service
def export_drop(*, export_id: int, user: User) -> None:
    """Cancel it, or delete its file before its time. Raises NotFound for what is somebody else's."""
    mine = Export.objects.select_for_update(of=("self",)).filter(pk=export_id)
    export = (mine if user.is_manager else mine.filter(requester=user)).first()
    if export is None:
        raise NotFound
    _expire(export)


@service
def exports_expire(*, before: datetime | None = None) -> int:
    """Delete the files whose time is over, or all files and orders of before a moment; how many there were."""
    if before is None:
        due = Export.objects.filter(state=ExportState.READY, expires_at__lte=now())
    else:
        due = Export.objects.filter(created_at__lt=before).exclude(state=ExportState.EXPIRED)
    exports = list(due.select_for_update(of=("self",)).order_by("pk"))
    for export in exports:
        _expire(export)
    return len(exports)


def _expire(export: Export) -> None:
    export_file_remove(export)
    if export.state != ExportState.FAILED:
        export.state = ExportState.EXPIRED
    export.params, export.path, export.claim = {}, "", None
    export.save(update_fields=["state", "params", "path", "claim"])


def export_file_remove(export: Export) -> None:
    """With the commit; what a crash leaves is removed by the sweeper."""
    path = export.path
    if path:
        transaction.on_commit(lambda: default_storage.delete(path), robust=True)
