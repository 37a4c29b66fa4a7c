"""What the session's sender takes from the outbox, and what it puts back until later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conversations.models import Author, Contact, Direction, Message, MessageKind, MessageState
from conversations.outbox import outbox_settle
from conversations.states import ASIDE
from conversations.texts import quote_line
from conversations.upkeep import conversation_lock
from crm.core.clock import now
from crm.core.work import service

DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuotedMessage:
    """The message a reply answers to."""

    provider_id: str
    text: str
    from_me: bool


@dataclass(frozen=True)
class OutgoingMessage:
    """What a gateway needs to send one message.

    `chat` is the WhatsApp address, `typing_ms` how long we still seem to type before it leaves. `cold` means that the
    client never wrote to this inbox. `jid` is what WhatsApp answered when it was asked for the contact's `phone`: ""
    for a number it does not know, None where it was not asked lately.
    """

    message_id: int
    conversation_id: int
    contact_id: int
    chat: str
    phone: str
    author: str
    kind: str
    text: str
    typing_ms: int
    media: dict[str, Any] | None
    quoted: QuotedMessage | None
    cold: bool
    jid: str | None
    trace_id: str


# A person's message does not wait behind what Lívia wrote to others.
_CLAIM = """
UPDATE conversations_message SET state = 'sending', state_changed_at = now(), attempts = attempts + 1
WHERE id = (
    SELECT m.id FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE c.inbox_id = %s AND m.state = 'queued' AND (m.not_before IS NULL OR m.not_before <= now())
    AND NOT EXISTS (
        SELECT 1 FROM conversations_message e
        WHERE e.conversation_id = m.conversation_id AND e.state IN ('queued', 'sending') AND e.id < m.id)
    ORDER BY (m.author <> 'consultant'), m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED)
RETURNING id
"""


@service
def outbox_claim(*, inbox_id: int) -> OutgoingMessage | None:
    """Take the next due message of an inbox, first in first out within each chat: queued → sending."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [inbox_id])
        row = cursor.fetchone()
    if row is None:
        return None
    rows = Message.objects.select_related("conversation__contact").annotate(cold=~Exists(_spoken()))
    message = rows.get(pk=row[0])
    conversation, contact = message.conversation, message.conversation.contact
    return OutgoingMessage(
        message_id=message.pk,
        conversation_id=conversation.pk,
        contact_id=contact.pk,
        chat=conversation.chat,
        phone=contact.phone.lstrip("+"),
        author=message.author,
        kind=message.kind,
        text=message.text,
        typing_ms=_typing_left(message),
        media=message.media,
        quoted=_quoted(message),
        cold=message.cold,
        jid=_known_jid(contact),
        trace_id=message.trace_id,
    )


def _spoken() -> QuerySet[Message]:
    """What a client must have written to us for nobody to be strange to them: words, not signs."""
    rows = Message.objects.filter(conversation=OuterRef("conversation"), direction=Direction.IN)
    return rows.exclude(kind__in=[*ASIDE, MessageKind.PENDING])


def _typing_left(message: Message) -> int:
    """Waiting in the outbox counts as typing."""
    waited = int((now() - message.created_at).total_seconds() * 1000)
    return max(message.typing_ms - waited, 0)


def _quoted(message: Message) -> QuotedMessage | None:
    provider_id = message.quoted_provider_id
    if not provider_id:
        return None
    target = Message.objects.filter(conversation_id=message.conversation_id, provider_id=provider_id).first()
    if target is None:
        return QuotedMessage(provider_id, "", from_me=False)
    return QuotedMessage(provider_id, quote_line(target), from_me=target.direction == Direction.OUT)


def _known_jid(contact: Contact) -> str | None:
    believed = timedelta(days=settings.WHATSAPP_CHECK_DAYS)
    asked = contact.whatsapp_checked_at
    return contact.whatsapp_jid if asked and asked > now() - believed else None


def outbox_still_wanted(*, message_id: int) -> bool:
    """Asked right before a claimed message leaves: a takeover or an opt-out meanwhile has cancelled it. After an
    opt-out only what was written since may leave, which is its confirmation."""
    agreed = Q(conversation__contact__opted_out_at=None)
    since = Q(sent_at__gte=F("conversation__contact__opted_out_at"))
    return Message.objects.filter(agreed | since, pk=message_id, state=MessageState.SENDING).exists()


@service
def outbox_hold(*, message_id: int, until: datetime, code: str) -> None:
    """Put a claimed message back until later; `code` says why. That was no attempt to send it."""
    outbox_settle(
        message_id, MessageState.QUEUED, not_before=until, error_code=code, error_detail="", attempts=F("attempts") - 1
    )


def outbox_held(*, inbox_id: int, code: str, author: str) -> int:
    """How many messages wait for the same reason and go before a new one of this author."""
    held = Message.objects.filter(
        conversation__inbox_id=inbox_id, state=MessageState.QUEUED, error_code=code, not_before__gt=now()
    )
    return held.filter(author=author).count() if author == Author.CONSULTANT else held.count()


# ---- what was sent lately, for a process that starts
def _sent_since(inbox_id: int, since: datetime) -> QuerySet[Message]:
    """What left by us, surely or perhaps. What was typed on the phone is not ours."""
    surely = Q(state__in=[MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.PLAYED])
    perhaps = Q(state__in=[MessageState.SENDING, MessageState.UNKNOWN])
    rows = Message.objects.filter(conversation__inbox_id=inbox_id, direction=Direction.OUT)
    rows = rows.filter(surely & Q(sent_at__gt=since) | perhaps & Q(state_changed_at__gt=since))
    return rows.exclude(author=Author.PHONE).exclude(kind=MessageKind.EVENT)


def _moments(rows: QuerySet[Message]) -> Iterator[datetime]:
    for state, sent_at, changed_at in rows.values_list("state", "sent_at", "state_changed_at"):
        yield changed_at if state in (MessageState.SENDING, MessageState.UNKNOWN) else sent_at


def outbox_sent_since(*, inbox_id: int, since: datetime) -> list[datetime]:
    """When messages left this inbox, oldest first."""
    return sorted(_moments(_sent_since(inbox_id, since)))


def outbox_cold_since(*, inbox_id: int, since: datetime) -> list[datetime]:
    """The same of messages to people who had not written before."""
    earlier = _spoken().filter(created_at__lt=OuterRef("sent_at"))
    return sorted(_moments(_sent_since(inbox_id, since).filter(~Exists(earlier))))


# ---- is the number on WhatsApp?
@service
def contact_checked(*, conversation_id: int, jid: str | None) -> None:
    """WhatsApp answered for the contact's number. What waited for it leaves, or fails where nobody is there."""
    conversation = conversation_lock(conversation_id)
    if conversation.contact.erased_at:
        return
    Contact.objects.filter(pk=conversation.contact_id).update(whatsapp_jid=jid or "", whatsapp_checked_at=now())
    waiting = Message.objects.filter(conversation=conversation, state=MessageState.QUEUED, error_code=CHECKING)
    if jid:
        chat_settle(conversation_id=conversation_id, chat=jid)
        waiting.update(not_before=None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [f"outbox_{conversation.inbox_id}"])
        return
    for message_id in waiting.order_by("pk").values_list("pk", flat=True):
        outbox_settle(message_id, MessageState.FAILED, error_code=NOT_ON_WHATSAPP, error_detail="", not_before=None)


@service
def chat_settle(*, conversation_id: int, chat: str) -> None:
    """Until the client writes, the address is the one WhatsApp named: with or without Brazil's ninth digit."""
    conversation = conversation_lock(conversation_id)
    erased = conversation.contact.erased_at is not None
    if not erased and not conversation.last_inbound_id and not conversation.chat.endswith("@lid"):
        conversation.chat = chat[:80]
        conversation.save(update_fields=["chat"])


CHECKING, NOT_ON_WHATSAPP, PACED, BLOCKED = "checking", "not_on_whatsapp", "paced", "cold_blocked"
