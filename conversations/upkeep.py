"""A thread under its lock: finding it, saving it, keeping its last line and its waiting in step, and showing it.

Locks are taken in the order conversation, lead, rotation, rooms.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, QuerySet

from conversations.models import (
    Author,
    Contact,
    Conversation,
    ConversationStatus,
    Direction,
    Message,
    MessageKind,
    MessageState,
)
from conversations.realtime import publish_message, publish_row
from conversations.states import ASIDE
from conversations.texts import preview
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.work import held
from leads.models import Attendance
from leads.services import lead_touch

NOTED = ("last_message_at", "last_message_text", "last_message_author", "last_message_state", "status")
WOKEN = ("last_inbound_id", "awaiting_since", "answered_upto_id")
# Words of ours that never reached the client.
UNSAID = (MessageState.CANCELLED, MessageState.FAILED)

_A_DAY = timedelta(days=1)


def conversation_lock(conversation_id: int, *, with_lead: bool = False) -> Conversation:
    """The row, locked until the end of the unit of work, and its contact with it: consent holds for all threads of a
    person, so what is read of it here is still true at the commit. Raises NotFound.

    `with_lead` locks that too, for threads that Lívia attends: the people beside them are read when asked for.
    """
    if (conversation := held(Conversation, conversation_id)) is not None:
        return conversation
    locked = ("self", "contact", "lead") if with_lead else ("self", "contact")
    beside = ("contact", "inbox", "lead") if with_lead else ("contact", "inbox", "lead__consultant__user", "taken_by")
    rows = Conversation.objects.select_for_update(of=locked).select_related(*beside)
    conversation = rows.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotFound
    return conversation


def thread_lock(inbox_id: int, contact: Contact) -> Conversation | None:
    """The contact's thread in an inbox, locked. What stands beside it is read when it is asked for."""
    conversation = next(iter(Conversation.objects.raw(_THREAD, [inbox_id, contact.pk])), None)
    if conversation is not None:
        conversation.contact = contact
    return conversation


_THREAD = "SELECT * FROM conversations_conversation WHERE inbox_id = %s AND contact_id = %s FOR UPDATE"


def conversation_save(conversation: Conversation, *fields: str) -> None:
    """Write fields of a locked conversation under a new revision. Whatever changes what there is to answer does so: an
    unchanged revision tells that nothing has."""
    conversation.revision += 1
    conversation.save(update_fields=[*fields, "revision"])


def message_save(message: Message, *fields: str) -> None:
    """Write fields of a message of a locked conversation under a new revision, and show it."""
    message.revision += 1
    message.save(update_fields=[*fields, "revision"])
    publish_message(message)


def thread_note(conversation: Conversation, message: Message) -> None:
    """Keep the thread's last line and life in step; the caller saves `NOTED`."""
    conversation.last_message_at = message.created_at
    conversation.last_message_text = preview(message)
    conversation.last_message_author, conversation.last_message_state = message.author, message.state
    conversation.status = ConversationStatus.ACTIVE


def thread_retell(conversation: Conversation) -> None:
    """Take the last line from the messages again, after the one it told of has changed."""
    last = conversation.messages.exclude(kind__in=ASIDE).order_by("-pk").first()
    if last is None:
        conversation.last_message_at, conversation.last_message_text = None, ""
        conversation.last_message_author = conversation.last_message_state = ""
    else:
        thread_note(conversation, last)
    conversation_save(conversation, *NOTED)
    row_show(conversation, last.direction if last else "")


def row_show(conversation: Conversation, direction: str) -> None:
    """Show the thread's row in every list, and on its lead's card the last line if it has a `direction`."""
    conversation.lead = lead_touch(
        lead_id=conversation.lead_id,
        attended_by=conversation.attended_by,
        unread_count=conversation.unread_count,
        text=conversation.last_message_text,
        direction=direction,
    )
    publish_row(conversation)


def thread_wake(conversation: Conversation, message: Message) -> None:
    """The client's message is there to be answered, again if need be; the caller saves `WOKEN`.

    What came too late to be answered, or not to Lívia, counts as answered.
    """
    waiting = conversation.awaits_livia
    conversation.last_inbound_id = max(conversation.last_inbound_id, message.pk)
    fresh = now() - message.sent_at <= timedelta(seconds=settings.HISTORY_GRACE_SECONDS)
    if conversation.attended_by == Attendance.LIVIA and fresh:
        conversation.answered_upto_id = min(conversation.answered_upto_id, message.pk - 1)
        conversation.awaiting_since = conversation.awaiting_since or now()
    elif not waiting or conversation.attended_by != Attendance.LIVIA:
        conversation.answered_upto_id = conversation.last_inbound_id


def thread_reopen(conversation: Conversation) -> None:
    """What the client wrote within a day and nobody on our side has answered waits for Lívia, as if written now; the
    caller saves `WOKEN`. Whoever has read it before said nothing of it that arrived."""
    ours = conversation.messages.filter(direction=Direction.OUT, revoked_at=None)
    last_word = ours.exclude(kind__in=ASIDE).exclude(state__in=UNSAID).aggregate(last=Max("pk"))["last"] or 0
    conversation.answered_upto_id = last_word
    waiting = [message.pk for message in messages_unanswered(conversation) if now() - message.created_at <= _A_DAY]
    if not waiting:
        conversation.answered_upto_id = conversation.last_inbound_id
        return
    Message.objects.filter(pk__in=waiting).update(state_changed_at=now())
    conversation.answered_upto_id, conversation.awaiting_since = waiting[0] - 1, now()


def thread_calm(conversation: Conversation) -> None:
    """Where nothing is left to be answered, nobody waits; the caller saves `WOKEN`."""
    if not messages_unanswered(conversation):
        conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None


def messages_unanswered(conversation: Conversation) -> list[Message]:
    """The client's messages no turn has read, oldest first: those that can be read and were not taken back."""
    rows = conversation.messages.filter(direction=Direction.IN, revoked_at=None)
    rows = rows.filter(pk__gt=conversation.answered_upto_id, pk__lte=conversation.last_inbound_id)
    return list(rows.exclude(kind__in=[*ASIDE, MessageKind.PENDING]).order_by("pk"))


def messages_cancel(waiting: QuerySet[Message]) -> None:
    """What has not left stays unsent. A claimed message is asked about once more before it leaves."""
    unsent = waiting.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    for message in unsent.select_for_update(of=("self",)).order_by("pk"):
        message.state = MessageState.CANCELLED
        message_save(message, "state")


def livia_hush(*threads: Conversation) -> None:
    """What Lívia has not yet said in one person's threads she says no more, but for the confirmation of an opt-out:
    that is all that waits of hers once a client has left."""
    if threads and not any(thread.contact.opted_out_at for thread in threads):
        messages_cancel(Message.objects.filter(conversation__in=threads, author=Author.LIVIA))


def session_wake(inbox_id: int) -> None:
    """Wake the inbox's session with the commit; it also looks each second by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [f"outbox_{inbox_id}"])
