"""Whether Lívia may speak here, and when the client has finished."""

from datetime import datetime, timedelta

from django.conf import settings

from conversations.models import Conversation, Message
from crm.core.clock import now
from leads.models import Attendance


def attends(conversation: Conversation) -> bool:
    """On globally, in this inbox and in this chat; not a person's."""
    return settings.LIVIA_ENABLED and conversation.inbox.livia_enabled and conversation.attended_by == Attendance.LIVIA


def may_answer(conversation: Conversation) -> bool:
    """She attends, and something waits.

    A client who opted out is read all the same: silence is the brain's to keep, and the way back the client's to take.
    """
    return attends(conversation) and conversation.awaits_livia


def burst_ends_at(conversation: Conversation, latest: Message) -> datetime:
    """After 4 s of silence, but 20 s after the first unanswered message at the latest."""
    quiet = latest.created_at + timedelta(seconds=settings.BURST_WINDOW_SECONDS)
    cap = (conversation.awaiting_since or latest.created_at) + timedelta(seconds=settings.BURST_CAP_SECONDS)
    return min(quiet, cap)


def seconds_to_wait(conversation: Conversation, latest: Message) -> float:
    """How long from now until the burst ends; 0 if it has."""
    return max((burst_ends_at(conversation, latest) - now()).total_seconds(), 0.0)
