"""All we hold of one person, packed for them (LGPD, art. 18): asked for by a manager, put together in the background,
kept for a few days.

The row is the queue. A worker claims it and goes on giving signs of life; one that dies is followed by another, which
starts over under another name. The name is in the row before there is a file, so that no file is ever nobody's.
"""

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext_noop

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.facts import publish as publish_fact
from crm.core.handing_out import known, moment
from crm.core.privacy import Subject, gather
from crm.core.work import service
from crm.privacy.events import SubjectExportAsked
from crm.privacy.models import Review, SubjectExport, SubjectExportState
from crm.privacy.packing import archive_write
from crm.privacy.services import subject_of
from crm.realtime.publish import notify
from leads.actors import person
from leads.models import InteractionKind
from leads.services import interaction_add, lead_lock

log = structlog.get_logger(__name__)

State = SubjectExportState
UNDER_WAY = (State.WAITING, State.RUNNING)
STALE = timedelta(minutes=10)  # without a sign of life: the worker is gone
GIVE_UP = timedelta(days=1)
_SWEEP = timedelta(seconds=30)


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    """The client's own requests."""
    reviews = Review.objects.filter(lead__in=subject.lead_ids).order_by("pk")
    exports = SubjectExport.objects.filter(lead__in=subject.lead_ids).exclude(finished_at=None).order_by("pk")
    return {"reviews": [_review(row) for row in reviews], "data_exports": [_export(row) for row in exports]}


def _review(row: Review) -> dict[str, Any]:
    return known(
        at=moment(row.asked_at), channel=str(row.get_channel_display()), what=str(row.get_what_display()),
        state=str(row.get_state_display()), outcome=str(row.get_outcome_display()), explanation=row.explanation,
        reviewed_at=moment(row.reviewed_at),
    )  # fmt: skip


def _export(row: SubjectExport) -> dict[str, Any]:
    return known(at=moment(row.created_at), state=str(row.get_state_display()), finished_at=moment(row.finished_at))


@service
def export_ask(*, lead_id: int, requester: User) -> SubjectExport:
    """Have the archive of a lead's client put together; one that is under way is that one.

    Raises NotFound, also for an erased client.
    """
    lead = lead_lock(lead_id)
    current = SubjectExport.objects.filter(lead=lead, state__in=UNDER_WAY).first()
    if current is not None:
        return current
    export = SubjectExport.objects.create(lead=lead, requester=requester)
    publish_fact(SubjectExportAsked(export_id=export.pk))
    return export


def exports_due() -> list[int]:
    """Those whose bell was lost, and those whose worker is gone."""
    waiting = Q(state=State.WAITING, created_at__lt=now() - _SWEEP)
    left = Q(state=State.RUNNING, claimed_at__lt=now() - STALE)
    return list(SubjectExport.objects.filter(waiting | left).order_by("pk").values_list("pk", flat=True)[:50])


def export_run(export_id: int) -> None:
    """Put an archive together; nothing happens if somebody else does."""
    claim = _Claim.take(export_id)
    if claim is None:
        return
    try:
        size = claim.work()
    except Exception as error:
        log.exception("subject_export_failed", export=export_id, error=type(error).__name__)
        claim.give_up(type(error).__name__)
        return
    export_settle(export_id=export_id, path=claim.path, size=size)


class _Claim:
    """The right to write one archive, under a name of its own."""

    def __init__(self, export: SubjectExport) -> None:
        self.export = export
        self.path = export.path

    @classmethod
    def take(cls, export_id: int) -> "_Claim | None":
        """None if it is somebody else's, done, or has failed for a day."""
        free = Q(state=State.WAITING) | Q(state=State.RUNNING, claimed_at__lt=now() - STALE)
        export = SubjectExport.objects.filter(free, pk=export_id).select_related("lead").first()
        if export is None:
            return None
        before, path = export.path, f"privacy/{uuid4()}.zip"
        rows = SubjectExport.objects.filter(free, pk=export_id, path=before)
        if not rows.update(state=State.RUNNING, claimed_at=now(), path=path):
            return None
        if before:
            default_storage.delete(before)
        export.path = path
        claim = cls(export)
        if export.created_at < now() - GIVE_UP:
            claim.give_up("too_many_tries")
            return None
        return claim

    def work(self) -> int:
        """Write it; its size in bytes."""
        lead_id = self.export.lead_id
        assert lead_id is not None  # erasing takes the lead's name, not its row
        with TemporaryFile(dir=_workshop()) as archive:
            archive_write(archive, subject=subject_of(lead_id), number=self.export.pk, beat=self.beat)
            size = archive.tell()
            archive.seek(0)
            default_storage.save(self.path, File(archive))
        return size

    def beat(self) -> None:
        self._mine().update(claimed_at=now())

    def give_up(self, error: str) -> None:
        default_storage.delete(self.path)
        if self._mine().update(state=State.FAILED, error=error[:300], finished_at=now(), path=""):
            export_tell(export_id=self.export.pk, ready=False)

    def _mine(self) -> Any:
        return SubjectExport.objects.filter(pk=self.export.pk, state=State.RUNNING, path=self.path)


def _workshop() -> str:
    """Where there is room for large files."""
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    return str(settings.MEDIA_ROOT)


def export_settle(*, export_id: int, path: str, size: int) -> bool:
    """The archive is there; False, and it is gone, if it is not wanted any more: claimed anew, or its client erased."""
    kept = _settle(export_id=export_id, path=path, size=size)
    if not kept:
        default_storage.delete(path)
    return kept


@service
def _settle(*, export_id: int, path: str, size: int) -> bool:
    lead_id = SubjectExport.objects.filter(pk=export_id).values_list("lead_id", flat=True).first()
    lead = lead_lock(lead_id, erased_too=True) if lead_id else None
    export = SubjectExport.objects.select_for_update().filter(pk=export_id, state=State.RUNNING, path=path).first()
    if export is None:
        return False
    export.finished_at = now()
    if lead is None or lead.erased_at:
        export.state, export.path = State.EXPIRED, ""
        export.save(update_fields=["state", "path", "finished_at"])
        return False
    export.state, export.size = State.READY, size
    export.expires_at = export.finished_at + timedelta(days=settings.SUBJECT_EXPORT_KEEP_DAYS)
    export.save(update_fields=["state", "size", "finished_at", "expires_at"])
    interaction_add(lead, InteractionKind.EXPORTED, person(export.requester), export=export.pk)
    export_tell(export_id=export.pk, ready=True)
    return True


@service
def export_tell(*, export_id: int, ready: bool) -> None:
    """Tell who asked for it."""
    export = SubjectExport.objects.select_related("lead").get(pk=export_id)
    if export.lead is None:
        return
    title = (
        gettext_noop("The data of %(name)s is ready to be handed out")
        if ready
        else gettext_noop("The data of %(name)s could not be put together")
    )
    notify(
        [export.requester_id],
        kind="subject_export",
        title=title,
        data={"name": export.lead.display_name},
        url=f"/privacy/leads/{export.lead_id}/export/",
        once=f"subject_export:{export.pk}",
    )


def exports_expire(moment: datetime | None = None) -> int:
    """Delete the archives whose days are over; how many. The file goes first: a row without one is found again."""
    over = SubjectExport.objects.filter(state=State.READY, expires_at__lt=moment or now())
    count = 0
    for export in over.order_by("pk")[:500]:
        default_storage.delete(export.path)
        count += SubjectExport.objects.filter(pk=export.pk, path=export.path).update(state=State.EXPIRED, path="")
    return count
