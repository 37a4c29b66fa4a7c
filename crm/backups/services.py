"""What is written down of backups, and who is told."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.backups.models import Backup
from crm.core.clock import now
from crm.core.work import service

_KIND = "backup_failed"
_FAILED = gettext_noop("The daily backup failed")
_FAILED_BODY = gettext_noop("It is tried again each hour. Ask whoever runs the server to look at its log.")
_SUCCEEDED = gettext_noop("Backups work again")
_ROWS_KEPT = 200


@service
def backup_begin(*, name: str, place: str) -> Backup:
    # Whoever asks holds the lock of backups: what has not ended by now was killed.
    Backup.objects.filter(finished_at=None).update(finished_at=now(), error="It was cut off.")
    return Backup.objects.create(name=name, place=place[:300], started_at=now())


@service
def backup_finish(*, backup_id: int, parts: Mapping[str, Any]) -> None:
    """It arrived, and was read back whole."""
    moment, size = now(), sum(part["stored"] for part in parts.values())
    row = Backup.objects.filter(pk=backup_id)
    row.update(finished_at=moment, checked_at=moment, parts=dict(parts), bytes=size, error="")
    kept = Backup.objects.order_by("-pk").values_list("pk", flat=True)[: max(_ROWS_KEPT, settings.BACKUP_KEEP)]
    Backup.objects.exclude(pk__in=list(kept)).delete()
    alert_clear(code=_KIND, key="data", title=_SUCCEEDED)


@service
def backup_fail(*, backup_id: int, error: str) -> None:
    Backup.objects.filter(pk=backup_id).update(finished_at=now(), error=error[:500])


@service
def backup_failure_tell() -> None:
    """Managers hear of it once, until a backup succeeds."""
    url, words = reverse("alerts:list"), {"title": _FAILED, "body": _FAILED_BODY}
    alert_raise(code=_KIND, key="data", level=Level.CRITICAL, data={}, url=url, kind=_KIND, **words)
