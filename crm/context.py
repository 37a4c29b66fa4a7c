"""What the frame around every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from conversations.selectors import unread_conversations
from crm.realtime.selectors import unread_notifications


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context processor; counts are asked for only if a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"simulator_enabled": False}
    return {
        "simulator_enabled": settings.SIMULATOR_ENABLED,
        "unread_conversations": SimpleLazyObject(lambda: unread_conversations(user)),
        "unread_notifications": SimpleLazyObject(lambda: unread_notifications(user)),
    }
