"""The life of a thread: active, idle after a silent half hour, put away after a week; any message renews it."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.lines import event_add
from conversations.models import (
    Conversation,
    ConversationStatus,
    Message,
    MessageState,
    ScheduledMessage,
    ScheduledState,
)
from conversations.realtime import publish_row, publish_state, publish_unread
from conversations.upkeep import conversation_lock, conversation_save, row_show
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.work import service

_IDLE_AT_ONCE, _ARCHIVED_AT_ONCE = 1000, 200


def threads_age() -> tuple[int, int]:
    """How many threads became idle, and how many were put away. Those after the batch are the next run's."""
    return _become_idle(), _put_away()


def _become_idle() -> int:
    """In one statement and without a push: an idle thread looks like an active one. The revision stays, because there
    is nothing new to answer."""
    quiet = _silent(ConversationStatus.ACTIVE, now() - timedelta(seconds=settings.THREAD_IDLE_SECONDS))
    with transaction.atomic():
        rows = quiet.filter(awaiting_since=None).order_by("last_message_at").select_for_update(skip_locked=True)
        ids = list(rows.values_list("pk", flat=True)[:_IDLE_AT_ONCE])
        return Conversation.objects.filter(pk__in=ids).update(status=ConversationStatus.IDLE)


def _put_away() -> int:
    ids = list(_finished().order_by("last_message_at").values_list("pk", flat=True)[:_ARCHIVED_AT_ONCE])
    for conversation_id in ids:
        with suppress(NotFound):  # joined with another thread meanwhile
            _archive_finished(conversation_id=conversation_id)
    return len(ids)


@service
def _archive_finished(*, conversation_id: int) -> None:
    conversation = conversation_lock(conversation_id)
    if _finished().filter(pk=conversation_id).exists():
        _archive(conversation)


def _finished() -> QuerySet[Conversation]:
    """Idle for long, and nobody waits for anything in it: no reader, no client, no message that is still to leave."""
    silent = _silent(ConversationStatus.IDLE, now() - timedelta(days=settings.THREAD_ARCHIVE_DAYS))
    leaving = Message.objects.filter(conversation=OuterRef("pk"), state__in=[MessageState.QUEUED, MessageState.SENDING])
    planned = ScheduledMessage.objects.filter(conversation=OuterRef("pk"), state=ScheduledState.WAITING)
    return silent.filter(
        ~Exists(leaving), ~Exists(planned),
        unread_count=0, awaiting_since=None, snoozed_until=None, turn_failed_at=None,
    )  # fmt: skip


def _silent(status: ConversationStatus, since: datetime) -> QuerySet[Conversation]:
    """Threads without a row of any kind since then: notes and what people did to the thread renew it too."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-pk").values("created_at")[:1]
    threads = Conversation.objects.filter(status=status, last_message_at__lt=since)
    return threads.alias(newest_at=Subquery(newest)).filter(newest_at__lt=since)


@service
def conversation_archive(*, conversation_id: int) -> None:
    """Put a thread away by hand. Idempotent. Raises Conflict while messages wait to be read or to leave."""
    conversation = conversation_lock(conversation_id)
    if conversation.unread_count:
        raise Conflict(_("Read the new messages before archiving."), code="unread")
    if conversation.messages.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).exists():
        raise Conflict(_("A message is still on its way. Try again in a moment."), code="sending")
    if conversation.status != ConversationStatus.ARCHIVED:
        _archive(conversation)


def _archive(conversation: Conversation) -> None:
    conversation.status = ConversationStatus.ARCHIVED
    conversation.snoozed_until = conversation.snoozed_by = None
    conversation_save(conversation, "status", "snoozed_until", "snoozed_by")
    _show(conversation)


@service
def conversation_restore(*, conversation_id: int, user: User) -> None:
    """Back in the list. The line it leaves keeps the thread from being put away again at once. Idempotent."""
    conversation = conversation_lock(conversation_id)
    if conversation.status != ConversationStatus.ARCHIVED:
        return
    conversation.status = ConversationStatus.ACTIVE
    conversation_save(conversation, "status")
    event_add(conversation, gettext_noop("%(name)s brought the conversation back"), name=user.name)
    _show(conversation)


def _show(conversation: Conversation) -> None:
    publish_state(conversation)
    publish_row(conversation)


@service
def conversation_mark_unread(*, conversation_id: int) -> None:
    """As if the client's last message had not been read here; the client's ticks stay as they are. Idempotent."""
    conversation = conversation_lock(conversation_id)
    if conversation.unread_count:
        return
    conversation.unread_count = 1
    conversation.read_upto_id = max(min(conversation.read_upto_id, conversation.last_inbound_id - 1), 0)
    conversation_save(conversation, "unread_count", "read_upto_id")
    publish_unread(conversation)
    row_show(conversation, "")
