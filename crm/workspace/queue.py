"""What needs a person: answers Lívia gave up on, messages that did not leave, and messages that could not be stored;
and for whoever runs the shift, how the work flows now."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db.models import Avg, Count, Q, QuerySet
from redis.exceptions import RedisError

from agent.models import Turn
from conversations.models import Conversation, Message, MessageKind, MessageState
from conversations.selectors import conversations_visible_to
from crm.accounts.models import User
from crm.celery import app
from crm.core.clock import now
from crm.core.redis import brief

log = structlog.get_logger(__name__)

MOST = 100
RECENT = timedelta(days=30)
_HOUR = timedelta(hours=1)
QUEUES = ("default", "agent", "whatsapp")


def given_up(user: User) -> QuerySet[Conversation]:
    """Threads whose answer failed too often and that nobody has taken since, the longest waiting first."""
    threads = conversations_visible_to(user).exclude(turn_failed_at=None)
    return threads.select_related("lead__consultant__user", "inbox").order_by("turn_failed_at")[:MOST]


def unsent(user: User) -> QuerySet[Message]:
    """Messages of the last month that failed, or of which nobody knows whether they left; the newest first."""
    states = [MessageState.FAILED, MessageState.UNKNOWN]
    messages = Message.objects.filter(state__in=states, conversation__in=conversations_visible_to(user))
    messages = messages.filter(created_at__gte=now() - RECENT).exclude(kind=MessageKind.REACTION)
    return messages.select_related("conversation__lead", "sender").order_by("-pk")[:MOST]


@dataclass(frozen=True)
class Flow:
    """Right now, and over the last hour. `seconds` is the mean time of a turn, `error_percent` of those turns that
    went without the model though it was asked; `waiting_tasks` None when Redis is away."""

    active: int
    waiting: int
    turns: int
    seconds: float | None
    error_percent: int
    outbox: int
    waiting_tasks: int | None


def flow() -> Flow:
    hour = now() - _HOUR
    threads = Conversation.objects.aggregate(
        active=Count("pk", filter=Q(last_message_at__gte=hour)),
        waiting=Count("pk", filter=~Q(awaiting_since=None)),
    )
    failed = ~Q(model_error__in=["", "off"])
    turns = Turn.objects.filter(created_at__gte=hour).aggregate(
        turns=Count("pk"), wall_ms=Avg("wall_ms"), failed=Count("pk", filter=failed)
    )
    given = Conversation.objects.filter(turn_failed_at__gte=hour).count()
    whole = turns["turns"] + given
    return Flow(
        **threads,
        turns=turns["turns"],
        seconds=turns["wall_ms"] / 1000 if turns["wall_ms"] is not None else None,
        error_percent=round(100 * (turns["failed"] + given) / whole) if whole else 0,
        outbox=Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).count(),
        waiting_tasks=_waiting_tasks(),
    )


def _waiting_tasks() -> int | None:
    """Tasks no worker has begun. The broker keeps them in lists under its key prefix."""
    prefix = app.conf.broker_transport_options["global_keyprefix"]
    try:
        return sum(int(brief().llen(f"{prefix}{name}")) for name in QUEUES)
    except RedisError as error:
        log.warning("queues_not_counted", error=type(error).__name__)
        return None
