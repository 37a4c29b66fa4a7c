"""What changes about notifications, and rights that changed."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings

from crm.core.clock import now
from crm.core.work import service
from crm.realtime.frames import RECHECK
from crm.realtime.models import Event, Notification
from crm.realtime.publish import publish, publish_bell


@service
def notifications_mark_read(*, user_id: int) -> int:
    """Mark all of a person's notifications read; how many were not."""
    changed = Notification.objects.filter(user_id=user_id, read_at=None).update(read_at=now())
    if changed:
        publish_bell(user_id)
    return changed


@service
def notifications_readdress(*, user_ids: Iterable[int], old: str, new: str) -> None:
    """Lead people who open an old notification to where its page is now."""
    Notification.objects.filter(user_id__in=list(user_ids), url=old).update(url=new)


@service
def rooms_recheck(rooms: Iterable[str]) -> None:
    """Have every socket in these rooms prove again that it may follow them.

    It is an event like any other, so that a lost ring delays it by a moment at most.
    """
    publish(rooms, kind=RECHECK, object_id=RECHECK, render=lambda: "")


def events_prune() -> int:
    """Forget events older than the kept hours; a browser that still asks for them refreshes its region."""
    oldest = now() - timedelta(hours=settings.REALTIME_KEEP_HOURS)
    return Event.objects.filter(created_at__lt=oldest).delete()[0]
