"""What one thread is when it stands for two, and which messages it keeps."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef

from conversations.models import Conversation, ConversationStatus, MediaState, Message, MessageKind
from conversations.realtime import publish_attendance
from conversations.upkeep import conversation_save, livia_hush, messages_unanswered, row_show
from crm.core.clock import now
from leads.models import Attendance

_LIVELIEST = (ConversationStatus.ACTIVE, ConversationStatus.IDLE, ConversationStatus.ARCHIVED)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NEWEST = ("chat", "last_message_at", "last_message_text", "last_message_author", "last_message_state")


def thread_combine(kept: Conversation, gone: Conversation) -> None:
    """Set the fields of `kept` to what holds for both, without saving. Both are locked, their messages not yet moved.

    A person attending goes before Lívia; a client who waits for her goes on waiting.
    """
    waits_from = [message.pk for thread in (kept, gone) for message in _waiting(thread)]
    waiting_since = [thread.awaiting_since for thread in (kept, gone) if thread.awaiting_since]
    _attend(kept, gone)
    newest = max(kept, gone, key=lambda thread: thread.last_message_at or _LONG_AGO)
    for name in _NEWEST:
        setattr(kept, name, getattr(newest, name))
    kept.status = min(kept.status, gone.status, key=lambda status: _LIVELIEST.index(ConversationStatus(status)))
    kept.unread_count += gone.unread_count
    for name in ("last_inbound_id", "read_upto_id", "receipted_upto_id", "revision"):
        setattr(kept, name, max(getattr(kept, name), getattr(gone, name)))
    kept.revision += 1
    if kept.attended_by == Attendance.LIVIA and waits_from:
        # What the other thread answered in between is no longer counted as answered: its turns say that it was.
        kept.answered_upto_id = min(waits_from) - 1
        kept.awaiting_since = min(waiting_since, default=None)
    else:
        kept.answered_upto_id, kept.awaiting_since = kept.last_inbound_id, None


def _waiting(thread: Conversation) -> list[Message]:
    return messages_unanswered(thread) if thread.attended_by == Attendance.LIVIA else []


def _attend(kept: Conversation, gone: Conversation) -> None:
    """A person before Lívia; and nobody before her where a consultant serves the client."""
    served = kept.lead.consultant_id or gone.lead.consultant_id
    last = [Attendance.NONE, Attendance.LIVIA] if served else [Attendance.LIVIA, Attendance.NONE]
    order = [Attendance.PERSON, *last]
    chosen = min(kept, gone, key=lambda thread: order.index(Attendance(thread.attended_by)))
    kept.attended_by, kept.attended_since = chosen.attended_by, chosen.attended_since
    kept.taken_by_id = chosen.taken_by_id


def livia_leave(thread_ids: Collection[int]) -> None:
    """Of these threads, in which nobody's client wrote, Lívia leaves those that a consultant's client now writes in.
    Call it with all of them locked."""
    threads = Conversation.objects.filter(pk__in=thread_ids, attended_by=Attendance.LIVIA)
    for thread in threads.exclude(lead__consultant=None).select_related("contact", "inbox", "taken_by").order_by("pk"):
        thread.attended_by, thread.attended_since = Attendance.NONE, now()
        thread.answered_upto_id, thread.awaiting_since = thread.last_inbound_id, None
        conversation_save(thread, "attended_by", "attended_since", "answered_upto_id", "awaiting_since")
        livia_hush(thread)
        row_show(thread, "")
        publish_attendance(thread)


def copies_settle(kept: Conversation, gone: Conversation) -> None:
    """Of a message that both threads have, the copy that holds more stays, taken back if either was."""
    same = {"direction": OuterRef("direction"), "provider_id": OuterRef("provider_id")}
    twice = gone.messages.exclude(provider_id="").filter(Exists(Message.objects.filter(conversation=kept, **same)))
    for other in twice:
        ours = kept.messages.get(direction=other.direction, provider_id=other.provider_id)
        less, more = sorted((other, ours), key=_held)
        less.delete()
        if less.revoked_at and not more.revoked_at:
            more.revoked_at = less.revoked_at
            more.save(update_fields=["revoked_at"])


def _held(copy: Message) -> tuple[bool, bool]:
    return copy.kind != MessageKind.PENDING, copy.media_state == MediaState.STORED
