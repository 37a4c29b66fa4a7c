"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from conversations.selectors import unread_conversations, unread_rooms
from crm.realtime.rooms import snapshot_json
from crm.realtime.selectors import unread_notifications
from crm.realtime.webpush import public_key
from leads.agenda_selectors import tasks_due_count


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; counts are asked for only if a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"simulator_enabled": False}
    return {
        "simulator_enabled": settings.SIMULATOR_ENABLED,
        "unread_rooms_json": SimpleLazyObject(lambda: snapshot_json(user, unread_rooms(user))),
        "push_key": SimpleLazyObject(public_key),
        "unread_conversations": SimpleLazyObject(lambda: unread_conversations(user)),
        "tasks_due": SimpleLazyObject(lambda: tasks_due_count(user)),
        "unread_notifications": SimpleLazyObject(lambda: unread_notifications(user)),
    }
