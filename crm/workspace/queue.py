"""What needs a person: answers Lívia gave up on, messages that did not leave, and messages that could not be stored;
and for whoever runs the shift, how the work flows now."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Avg, Count, Q, QuerySet

from agent.models import Turn
from conversations.models import Conversation, ConversationStatus, Message, MessageKind, MessageState
from conversations.outbox import message_resend
from conversations.selectors import conversations_visible_to
from conversations.services import conversation_hand_back
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.monitoring.processes import processes_alive, tasks_waiting, workers_of
from whatsapp.setaside import record_retry, records_waiting

T = TypeVar("T")

MOST = 100
RECENT = timedelta(days=30)
_HOUR = timedelta(hours=1)


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
    went without the model though it was asked; `waiting_tasks` None when Redis is away; `busy` of `threads` are the
    workers' load, but for those of WhatsApp, whose threads are numbers."""

    total: int
    active: int
    waiting: int
    turns: int
    seconds: float | None
    error_percent: int
    outbox: int
    waiting_tasks: int | None
    busy: int
    threads: int

    @property
    def load_percent(self) -> int | None:
        return round(100 * self.busy / self.threads) if self.threads else None


def flow() -> Flow:
    hour = now() - _HOUR
    threads = Conversation.objects.aggregate(
        total=Count("pk", filter=~Q(status=ConversationStatus.ARCHIVED)),
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
        **_load(),
    )


def _load() -> dict[str, Any]:
    """What waits for the workers, and the threads they have."""
    workers = workers_of(processes_alive())
    return {
        "waiting_tasks": tasks_waiting(workers),
        "busy": sum(row.data.get("busy", 0) for row in workers),
        "threads": sum(row.data.get("threads", 0) for row in workers),
    }


# ---- all of it again
def again_given_up(user: User) -> int:
    """Lívia tries every thread she gave up, as far as `user` sees them; how many she took."""
    return _each(given_up(user), lambda thread: conversation_hand_back(conversation_id=thread.pk, user=user))


def again_unsent(user: User) -> int:
    """Every message that failed goes out again. Not those that may have arrived: that takes a look at each."""
    failed = [message for message in unsent(user) if message.state == MessageState.FAILED]
    return _each(failed, lambda message: message_resend(message_id=message.pk))


def again_records(user: User) -> int:
    """Everything that could not be stored is tried again. Managers only."""
    if not user.is_manager:
        raise NotFound
    return _each(records_waiting(), lambda waiting: record_retry(record_id=waiting.record.pk))


def _each(things: Iterable[T], act: Callable[[T], object]) -> int:
    done = 0
    for thing in things:
        with suppress(Conflict, NotFound):  # that one stays in the list
            act(thing)
            done += 1
    return done


AGAIN: dict[str, Callable[[User], int]] = {
    "given-up": again_given_up, "unsent": again_unsent, "records": again_records,
}  # fmt: skip
