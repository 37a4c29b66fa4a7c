"""What changes about notifications, and rights that changed."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.work import service
from crm.realtime.frames import RECHECK
from crm.realtime.models import Event, Notification
from crm.realtime.publish import publish, publish_bell, publish_toast_gone

_TOASTS_LIMIT = 20  # that may still stand on a page


@service
def notifications_mark_read(*, user_id: int) -> int:
    """Mark all of a person's notifications read; how many were not."""
    changed = Notification.objects.filter(user_id=user_id, read_at=None).update(read_at=now())
    if changed:
        publish_bell(user_id)
    return changed


@service
def notification_mark_read(*, user_id: int, notification_id: int) -> bool:
    """Mark one of a person's own notifications read. Raises NotFound for anybody else's."""
    own = Notification.objects.filter(pk=notification_id, user_id=user_id)
    if own.filter(read_at=None).update(read_at=now()):
        _tell_read(user_id, [notification_id])
        return True
    if not own.exists():
        raise NotFound
    return False


@service
def notifications_visit(*, user_id: int, path: str) -> int:
    """A person looks at a page: what only led there is read. How many notifications that were."""
    leading = Q(url=path) | Q(url__startswith=f"{path}#")
    unread = Notification.objects.filter(leading, user_id=user_id, read_at=None)
    ids = list(unread.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if ids:
        Notification.objects.filter(pk__in=ids).update(read_at=now())
        _tell_read(user_id, ids)
    return len(ids)


def _tell_read(user_id: int, ids: list[int]) -> None:
    """The number goes down and the toasts go away, on every page and device of the reader."""
    for notification_id in ids[-_TOASTS_LIMIT:]:
        publish_toast_gone(user_id, notification_id)
    publish_bell(user_id)


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
