"""What is known of backups without asking the storage."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.timezone import localtime

from crm.backups.models import Backup
from crm.core.clock import now

DATABASE = "database"


def last_good_backup() -> datetime | None:
    """When the database was last copied and read back without an error; None if it never was."""
    good = Backup.objects.filter(error="", checked_at__isnull=False, parts__has_key=DATABASE)
    return good.aggregate(last=Max("finished_at"))["last"]


def due_since() -> datetime:
    """The last BACKUP_HOUR that has passed."""
    moment = localtime(now())
    hour = moment.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    return hour if hour <= moment else hour - timedelta(days=1)


def backup_due() -> bool:
    """Whether there is no good backup since the last BACKUP_HOUR."""
    last = last_good_backup()
    return last is None or last < due_since()
