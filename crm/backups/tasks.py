"""The daily backup. Beat looks each hour, so that a backup that failed or was missed is made up for."""

import structlog
from celery import shared_task
from django.conf import settings
from django.db.models import Q

from crm.backups.errors import FAULTS
from crm.backups.making import Busy, back_up
from crm.backups.selectors import backup_due, due_since
from crm.backups.services import backup_failure_tell
from whatsapp import backup as numbers
from whatsapp.models import Session

log = structlog.get_logger(__name__)


@shared_task(name="backups.run")
def run() -> None:
    if not settings.BACKUP_DAILY or not backup_due():
        return
    # Those copied since are left out when it is tried again: else their older copies would be gone in half a day.
    waiting = Session.objects.filter(Q(backed_up_at=None) | Q(backed_up_at__lt=due_since())).select_related("inbox")
    try:
        failed = back_up(sessions=list(waiting))
    except Busy:
        return
    except FAULTS as error:
        log.error("backup_failed", error=str(error))
        backup_failure_tell()
        return
    if failed:
        numbers.backup_failure_tell(names=[str(copy.session) for copy in failed])
    else:
        numbers.backup_failure_over()
