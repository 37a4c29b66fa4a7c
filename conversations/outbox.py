"""The outbox: `queued → sending → sent → delivered → read → played`, `failed`, `unknown`, `cancelled`.

A message row is committed before anything leaves; `sending` is committed before the network call and the provider's
id right after it. A row found `sending` after a crash is `unknown`: it is shown to a person, never resent blindly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from conversations.events import MessageQueued, MessageSettled
from conversations.models import (
    Author,
    Conversation,
    Direction,
    Message,
    MessageKind,
    MessageState,
    OrphanReceipt,
)
from conversations.realtime import publish_message, publish_row
from conversations.services import conversation_lock, conversation_take, message_show
from conversations.states import before
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.text import clean_text
from crm.core.work import service

MAX_TEXT = 4096
MAX_ATTEMPTS = 5
_BACKOFF_SECONDS = (2, 5, 15, 60, 300)


@dataclass(frozen=True)
class OutgoingMessage:
    """What a gateway needs to send one message; `chat` is the WhatsApp address, `typing_ms` how long we still seem to
    type before it leaves."""

    message_id: int
    conversation_id: int
    chat: str
    kind: str
    text: str
    typing_ms: int
    quoted_provider_id: str
    media: dict[str, Any] | None


@service
def message_queue(
    *, conversation_id: int, text: str, author: Author, user=None, typing_ms: int = 0, client_token: UUID | None = None
) -> Message:
    """Write a message into the outbox. The same `client_token` again returns the message it already is.

    Raises Invalid (empty, too long) and Conflict (the client opted out).
    """
    conversation = conversation_lock(conversation_id)
    if client_token is not None:
        known = Message.objects.filter(client_token=client_token, conversation=conversation).first()
        if known is not None:
            return known
    clean = clean_text(text, limit=MAX_TEXT + 1).strip()
    if not clean or len(clean) > MAX_TEXT:
        message = _("Write a message.") if not clean else _("A message may have 4,096 characters at most.")
        raise Invalid(message, fields={"text": message})
    if conversation.contact.opted_out_at and author != Author.SYSTEM:
        raise Conflict(_("This client asked for no more messages."), code="opted_out")
    row = Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        author=Author.LIVIA if author == Author.SYSTEM else author,
        sender=user,
        kind=MessageKind.TEXT,
        text=clean,
        state=MessageState.QUEUED,
        sent_at=now(),
        typing_ms=typing_ms,
        client_token=client_token,
    )
    if user is not None:
        conversation.unread_count = 0
    message_show(conversation, row)
    _ring(conversation, row)
    return row


@service
def message_send(*, conversation_id: int, text: str, user, client_token: UUID | None = None) -> Message:
    """A consultant answers: that takes the conversation from Lívia."""
    conversation_take(conversation_id=conversation_id, user=user)
    return message_queue(
        conversation_id=conversation_id, text=text, author=Author.CONSULTANT, user=user, client_token=client_token
    )


def _ring(conversation: Conversation, message: Message) -> None:
    """Wake the session's sender with the commit; it also looks each second by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [f"outbox_{conversation.inbox_id}"])
    publish_fact(MessageQueued(conversation_id=conversation.pk, inbox_id=conversation.inbox_id, message_id=message.pk))


_CLAIM = """
UPDATE conversations_message SET state = 'sending', state_changed_at = now(), attempts = attempts + 1
WHERE id = (
    SELECT m.id FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE c.inbox_id = %s AND m.state = 'queued' AND (m.not_before IS NULL OR m.not_before <= now())
    AND NOT EXISTS (
        SELECT 1 FROM conversations_message e
        WHERE e.conversation_id = m.conversation_id AND e.state IN ('queued', 'sending') AND e.id < m.id)
    ORDER BY m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED)
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
    message = Message.objects.select_related("conversation").get(pk=row[0])
    return OutgoingMessage(
        message_id=message.pk,
        conversation_id=message.conversation_id,
        chat=message.conversation.chat,
        kind=message.kind,
        text=message.text,
        typing_ms=_typing_left(message),
        quoted_provider_id=message.quoted_provider_id,
        media=message.media,
    )


def _typing_left(message: Message) -> int:
    """Waiting in the outbox counts as typing."""
    waited = int((now() - message.created_at).total_seconds() * 1000)
    return max(message.typing_ms - waited, 0)


def outbox_still_wanted(*, message_id: int) -> bool:
    """Asked right before a claimed message leaves: a takeover or an opt-out meanwhile has cancelled it."""
    return Message.objects.filter(pk=message_id, state=MessageState.SENDING).exists()


@service
def outbox_sent(*, message_id: int, provider_id: str, sent_at: datetime) -> None:
    """The provider took the message under this id. Receipts that came first are applied now."""
    _hold([provider_id])
    message = _settle(message_id, MessageState.SENT, provider_id=provider_id, sent_at=sent_at)
    if message is None:
        return
    orphans = OrphanReceipt.objects.filter(inbox=message.conversation.inbox_id, provider_id=provider_id)
    for orphan in orphans.order_by("at"):
        _settle(message_id, MessageState(orphan.state))
    orphans.delete()


@service
def outbox_failed(*, message_id: int, code: str, detail: str = "", retry: bool = False) -> None:
    """The message surely did not leave: queued again with a pause if `retry`, at most five times, else failed."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    again = retry and message.attempts < MAX_ATTEMPTS
    pause = _BACKOFF_SECONDS[min(max(message.attempts, 1), len(_BACKOFF_SECONDS)) - 1]
    _settle(
        message_id,
        MessageState.QUEUED if again else MessageState.FAILED,
        error_code=code[:40],
        error_detail=detail[:300],
        not_before=now() + timedelta(seconds=pause) if again else None,
    )


@service
def outbox_unknown(*, message_id: int, code: str, detail: str = "") -> None:
    """It may or may not have left: a person decides, or a receipt does."""
    _settle(message_id, MessageState.UNKNOWN, error_code=code[:40], error_detail=detail[:300])


@service
def outbox_recover(*, inbox_id: int) -> int:
    """Rows a dead process left in `sending` become `unknown`; how many."""
    stuck = Message.objects.filter(conversation__inbox_id=inbox_id, state=MessageState.SENDING)
    ids = list(stuck.order_by("conversation_id", "pk").values_list("pk", flat=True))
    for message_id in ids:
        outbox_unknown(message_id=message_id, code="crashed")
    return len(ids)


@service
def message_resend(*, message_id: int) -> Message:
    """A person decided that an unconfirmed or failed message goes out again."""
    message = _settle(message_id, MessageState.QUEUED, error_code="", error_detail="", not_before=None, attempts=0)
    if message is None:
        raise Conflict(_("This message cannot be sent again."), code="not_resendable")
    _ring(message.conversation, message)
    return message


@service
def message_confirm(*, message_id: int) -> Message:
    """A person saw that an unconfirmed message arrived."""
    message = Message.objects.filter(pk=message_id, state=MessageState.UNKNOWN).first()
    settled = message and _settle(message_id, MessageState.SENT, error_code="", error_detail="")
    if settled is None:
        raise Conflict(_("This message is not waiting for a decision."), code="not_unknown")
    return settled


@service
def receipt_apply(*, inbox_id: int, chat: str, provider_ids: list[str], state: str, at: datetime) -> int:
    """Delivered, read or played: how many messages it settled. Receipts nobody knows yet are kept."""
    wanted = MessageState(state)
    _hold(provider_ids)
    known = dict(
        Message.objects.filter(
            conversation__inbox_id=inbox_id, direction=Direction.OUT, provider_id__in=provider_ids
        ).values_list("provider_id", "pk")
    )
    settled = 0
    for provider_id in provider_ids:
        message_id = known.get(provider_id) or _reconcile(inbox_id, chat, provider_id)
        if message_id is None:
            OrphanReceipt.objects.get_or_create(
                inbox_id=inbox_id, provider_id=provider_id[:80], state=wanted, defaults={"chat": chat[:80], "at": at}
            )
        elif _settle(message_id, wanted) is not None:
            settled += 1
    return settled


def _hold(provider_ids: list[str]) -> None:
    """One transaction at a time per provider id: else a receipt and the record of its send, each not yet committed,
    miss one another, and the receipt stays an orphan for ever. Taken before row locks, in one order."""
    with connection.cursor() as cursor:
        for provider_id in sorted(set(provider_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [provider_id])


def _reconcile(inbox_id: int, chat: str, provider_id: str) -> int | None:
    """A receipt for an id we never recorded proves that the chat's one unconfirmed message arrived."""
    waiting = Message.objects.filter(
        conversation__inbox_id=inbox_id,
        conversation__chat=chat,
        state__in=[MessageState.UNKNOWN, MessageState.SENDING],
    )
    rows = list(waiting.values_list("pk", "state")[:2])
    if len(rows) != 1 or rows[0][1] != MessageState.UNKNOWN:
        return None
    Message.objects.filter(pk=rows[0][0]).update(provider_id=provider_id[:80])
    return rows[0][0]


def _settle(message_id: int, state: MessageState, **fields: Any) -> Message | None:
    """Move a message on by conditional update under its thread's lock; None if that step is not allowed."""
    conversation_id = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise NotFound
    conversation = conversation_lock(conversation_id)
    changed = Message.objects.filter(pk=message_id, state__in=before(state)).update(
        state=state, state_changed_at=now(), revision=F("revision") + 1, **fields
    )
    if not changed:
        return None
    message = Message.objects.select_related("sender").get(pk=message_id)
    message.conversation = conversation
    publish_message(message)
    if not conversation.messages.filter(pk__gt=message.pk).exclude(kind=MessageKind.EVENT).exists():
        conversation.last_message_state = state
        conversation.revision += 1
        conversation.save(update_fields=["last_message_state", "revision"])
        publish_row(conversation)
    publish_fact(MessageSettled(conversation_id=conversation_id, message_id=message_id, state=state))
    return message
