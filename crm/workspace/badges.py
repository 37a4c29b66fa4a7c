"""What waits for a manager, as numbers beside the pages that say more."""

from django.http import HttpRequest

from conversations.models import Conversation, Message, MessageKind, MessageState
from crm.alerts.models import Alert
from crm.core.clock import now
from crm.core.counting import counts
from crm.workspace.queue import RECENT
from whatsapp.models import SetAside

MOST = 99


def badges(request: HttpRequest) -> dict[str, int]:
    """Counts by name, asked for once a request: open alerts, and failures nobody has looked after. Counted as far as
    one beyond `MOST`."""
    known: dict[str, int] | None = getattr(request, "manager_badges", None)
    if known is None:
        known = _count()
        request.manager_badges = known  # type: ignore[attr-defined]
    return known


def _count() -> dict[str, int]:
    unsent = Message.objects.filter(
        state__in=[MessageState.FAILED, MessageState.UNKNOWN], created_at__gte=now() - RECENT
    ).exclude(kind=MessageKind.REACTION)
    alerts, given_up, unsent_count, aside = counts(
        Alert.objects.filter(cleared_at=None)[: MOST + 1],
        Conversation.objects.exclude(turn_failed_at=None)[: MOST + 1],
        unsent[: MOST + 1],
        SetAside.objects.all()[: MOST + 1],
    )
    return {
        "alerts": alerts,
        "failures": given_up + unsent_count + aside,
        "given_up": given_up,
        "unsent": unsent_count,
        "aside": aside,
    }
