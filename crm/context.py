"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from conversations.selectors import MOST_COUNTED, unread_rooms, unread_threads
from crm.accounts.models import User
from crm.alerts.models import Alert
from crm.core.counting import counts
from crm.realtime.rooms import snapshot_json
from crm.realtime.selectors import notifications_matching
from crm.realtime.webpush import public_key
from leads.agenda_selectors import tasks_due


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; counts are asked for only if a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"simulator_enabled": False}
    figures = SimpleLazyObject(lambda: _figures(user))
    return {
        "simulator_enabled": settings.SIMULATOR_ENABLED,
        "unread_rooms_json": SimpleLazyObject(lambda: snapshot_json(user, unread_rooms(user))),
        "push_key": SimpleLazyObject(public_key),
        "unread_conversations": SimpleLazyObject(lambda: figures["unread_conversations"]),
        "tasks_due": SimpleLazyObject(lambda: figures["tasks_due"]),
        "unread_notifications": SimpleLazyObject(lambda: figures["unread_notifications"]),
        "open_alerts": SimpleLazyObject(lambda: figures.get("open_alerts", 0)),
    }


def _figures(user: User) -> dict[str, int]:
    """The numbers on the frame, in one query."""
    rows = {
        "unread_conversations": unread_threads(user),
        "tasks_due": tasks_due([user.pk]),
        "unread_notifications": notifications_matching(user, unread=True),
    }
    if user.is_manager:
        rows["open_alerts"] = Alert.objects.filter(cleared_at=None)[: MOST_COUNTED + 1]
    return dict(zip(rows, counts(*rows.values()), strict=True))
