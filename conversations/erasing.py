"""What of an erased client goes from conversations: names, addresses, words and files. That somebody wrote, and when,
stays for the figures."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from conversations.index import chat_forget
from conversations.models import (
    Contact,
    Conversation,
    ConversationStatus,
    MediaState,
    Message,
    MessageKind,
    MessageState,
    OrphanReceipt,
    ScheduledMessage,
    ScheduledState,
    TranscriptState,
)
from conversations.realtime import (
    chat_room,
    publish_attendance,
    publish_row,
    publish_side,
    publish_state,
    publish_unread,
)
from crm.core.clock import now
from crm.core.privacy import Subject, clear, erase
from crm.realtime.publish import publish_stale
from leads.models import Attendance

_FOLDER = "whatsapp/"  # where files of messages lie


@erase.plug
def conversations_erase(subject: Subject) -> dict[str, Any]:
    """Call it with the threads and their contacts locked."""
    messages = Message.objects.filter(conversation__in=subject.conversation_ids)
    paths = sorted(set(_paths(messages)))
    counts = {
        "contacts": Contact.objects.filter(pk__in=subject.contact_ids).update(**_nobody()),
        "conversations": len(subject.conversation_ids),
        "messages": _silence(messages),
        "scheduled": _scheduled(subject),
        "receipts": OrphanReceipt.objects.filter(chat__in=subject.addresses).delete()[0],
        "conversations_files": paths,
    }
    for thread in _threads(subject):
        _empty(thread)
        _show(thread)
    return counts


def _nobody() -> dict[str, Any]:
    """Nothing is sent to who asked for no messages, and nobody is asked about on WhatsApp."""
    return {
        "name": "", "push_name": "", "phone": "", "phone_key": None, "lid": None, "whatsapp_jid": "",
        "whatsapp_checked_at": None, "opted_out_at": Coalesce("opted_out_at", Value(now())), "erased_at": now(),
    }  # fmt: skip


def _paths(messages: QuerySet[Message]) -> Iterator[str]:
    """The file of a message and its small picture."""
    for media in messages.exclude(media=None).values_list("media", flat=True).iterator(chunk_size=1000):
        facts = media if isinstance(media, dict) else {}
        yield from (path for path in facts.values() if isinstance(path, str) and path.startswith(_FOLDER))


def _silence(messages: QuerySet[Message]) -> int:
    """What still waits is not sent; what was said is not there any more. Events are our own words, and stay."""
    messages.filter(state__in=[MessageState.QUEUED, MessageState.SENDING]).update(state=MessageState.CANCELLED)
    messages.filter(transcript_state=TranscriptState.AWAITED).update(transcript_state=TranscriptState.FAILED)
    said = messages.exclude(kind=MessageKind.EVENT)
    said.filter(media_state__in=[MediaState.AWAITED, MediaState.STORED]).update(media_state=MediaState.GONE)
    return said.update(
        text="", media=None, transcript="", original_text="", edited_at=None, provider_id="", quoted_provider_id="",
        client_token=None, mentions=None, keywords=None, error_detail="", revision=F("revision") + 1,
    )  # fmt: skip


def _scheduled(subject: Subject) -> int:
    rows = ScheduledMessage.objects.filter(conversation__in=subject.conversation_ids)
    rows.filter(state=ScheduledState.WAITING).update(state=ScheduledState.CANCELLED, reason="erased")
    return rows.update(text="")


def _threads(subject: Subject) -> QuerySet[Conversation]:
    threads = Conversation.objects.select_related("contact", "inbox", "lead__consultant__user", "taken_by")
    return threads.filter(pk__in=subject.conversation_ids).order_by("pk")


def _empty(thread: Conversation) -> None:
    """Nobody attends and nothing waits: a turn that Lívia is thinking about now finds nothing left to answer."""
    thread.chat = thread.last_message_text = thread.turn_error = ""
    thread.status, thread.attended_by = ConversationStatus.ARCHIVED, Attendance.NONE
    thread.attended_since = thread.taken_by = thread.awaiting_since = None
    thread.snoozed_until = thread.snoozed_by = thread.turn_not_before = thread.turn_failed_at = None
    thread.turn_failures = thread.unread_count = 0
    thread.answered_upto_id = thread.read_upto_id = thread.receipted_upto_id = thread.last_inbound_id
    thread.revision += 1
    thread.save()
    thread.labels.clear()


def _show(thread: Conversation) -> None:
    publish_row(thread)
    publish_attendance(thread)
    publish_state(thread)
    publish_side(thread)
    publish_unread(thread)
    publish_stale([chat_room(thread.pk)], object_id=f"thread-{thread.pk}")


@clear.plug
def index_clear(subject: Subject) -> dict[str, Any]:
    """Their rows in the chat index; what is asked for again is written anew, without a name."""
    chat_forget(*subject.conversation_ids)
    return {"chats": len(subject.conversation_ids)}
