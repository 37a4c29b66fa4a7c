"""The outbox: `queued → sending → sent → delivered → read → played`, `failed`, `unknown`, `cancelled`.

A message row is committed before anything leaves; `sending` is committed before the network call and the provider's
id right after it. A row found `sending` after a crash is `unknown`: it is shown to a person, never resent blindly.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from conversations.echoes import echo_remove
from conversations.events import MessageQueued, MessageSettled
from conversations.models import (
    Author,
    Conversation,
    Direction,
    MediaState,
    Message,
    MessageKind,
    MessageState,
    OrphanReceipt,
)
from conversations.quoting import message_pointed_at
from conversations.realtime import publish_message, publish_row
from conversations.services import conversation_take, messages_show
from conversations.states import ASIDE, before
from conversations.upkeep import conversation_lock, session_wake, thread_retell
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.text import text_within
from crm.core.tracing import current
from crm.core.work import service

MAX_TEXT = 4096
MAX_ATTEMPTS = 5
_BACKOFF_SECONDS = (2, 5, 15, 60, 300)
_ORPHANS_KEPT = timedelta(days=7)
_NO_ERROR: dict[str, Any] = {"error_code": "", "error_detail": "", "not_before": None}


@service
def message_queue(
    *, conversation_id: int, text: str, author: Author, user=None, typing_ms: int = 0,
    client_token: UUID | None = None, kind: MessageKind = MessageKind.TEXT, media: dict[str, Any] | None = None,
    quoted_id: int | None = None,
) -> Message:  # fmt: skip
    """Write a message into the outbox. The same `client_token` again returns the message it already is.

    `media` says where the file lies that `text` is the caption of: path, mime, name, size; perhaps voice and seconds.
    `quoted_id` is the message of this thread that it answers. Raises Invalid (empty, too long, nothing to quote) and
    Conflict (the client opted out).
    """
    conversation = conversation_lock(conversation_id)
    if (known := message_by_token(conversation_id, client_token)) is not None:
        return known
    clean = _text_of(text, wanted=media is None)
    if author != Author.SYSTEM:
        refuse_unwanted(conversation)
    quoted = message_pointed_at(conversation, quoted_id).provider_id if quoted_id else ""
    row = Message.objects.create(
        conversation=conversation, direction=Direction.OUT, sender=user, kind=kind, text=clean,
        author=Author.LIVIA if author == Author.SYSTEM else author,
        media=media, media_state=MediaState.STORED if media else MediaState.NONE,
        state=MessageState.QUEUED, sent_at=now(), typing_ms=typing_ms, client_token=client_token,
        quoted_provider_id=quoted, trace_id=current(),
    )  # fmt: skip
    if user is not None:
        conversation.unread_count = 0
    messages_show(conversation, [row])
    outbox_ring(conversation, row)
    return row


@service
def replies_queue(*, conversation_id: int, replies: Sequence[tuple[str, int]]) -> list[Message]:
    """What Lívia says in one breath: a text and how long she types it (ms), one message each. Raises as
    `message_queue`."""
    conversation = conversation_lock(conversation_id)
    refuse_unwanted(conversation)
    rows = [
        Message.objects.create(
            conversation=conversation, direction=Direction.OUT, author=Author.LIVIA, text=_text_of(text),
            state=MessageState.QUEUED, sent_at=now(), typing_ms=typing_ms, trace_id=current(),
        )
        for text, typing_ms in replies
    ]  # fmt: skip
    if rows:
        messages_show(conversation, rows)
        outbox_ring(conversation, *rows)
    return rows


def refuse_unwanted(conversation: Conversation) -> None:
    """Raises Conflict where the client asked for no more messages."""
    if conversation.contact.erased_at:
        raise Conflict(_("This client's data was erased."), code="erased")
    if conversation.contact.opted_out_at:
        raise Conflict(_("This client asked for no more messages."), code="opted_out")


def message_by_token(conversation_id: int, client_token: UUID | None) -> Message | None:
    """The message a page has already sent under this token."""
    rows = Message.objects.filter(conversation=conversation_id, client_token=client_token)
    return rows.first() if client_token else None


def _text_of(raw: str, *, wanted: bool = True) -> str:
    too_long = _("A message may have 4,096 characters at most.")
    return text_within(raw, limit=MAX_TEXT, empty=_("Write a message.") if wanted else None, too_long=too_long)


@service
def message_send(
    *, conversation_id: int, text: str, user, client_token: UUID | None = None, quoted_id: int | None = None
) -> Message:
    """A consultant answers: that takes the conversation from Lívia."""
    conversation_take(conversation_id=conversation_id, user=user)
    return message_queue(
        conversation_id=conversation_id, text=text, author=Author.CONSULTANT, user=user, client_token=client_token,
        quoted_id=quoted_id,
    )  # fmt: skip


def outbox_ring(conversation: Conversation, *messages: Message) -> None:
    """Tell whoever sends that new rows wait."""
    inbox_id = conversation.inbox_id
    session_wake(inbox_id)
    for message in messages:
        publish_fact(MessageQueued(conversation_id=conversation.pk, inbox_id=inbox_id, message_id=message.pk))


@service
def outbox_sent(*, message_id: int, provider_id: str, sent_at: datetime) -> None:
    """The provider took the message under this id. Receipts that came first are applied now."""
    _hold([provider_id])
    conversation = _thread_of(message_id)
    if not Message.objects.filter(pk=message_id, state__in=before(MessageState.SENT)).exists():
        return
    came = echo_remove(conversation, provider_id)
    sent = {"provider_id": provider_id, "sent_at": sent_at, **_NO_ERROR}
    _settle(conversation, message_id, MessageState.SENT, **sent)
    orphans = OrphanReceipt.objects.filter(inbox=conversation.inbox_id, provider_id=provider_id)
    for state in [*([came] if came else []), *orphans.order_by("at").values_list("state", flat=True)]:
        _settle(conversation, message_id, MessageState(state))
    if came:
        thread_retell(conversation)
    orphans.delete()


@service
def outbox_failed(*, message_id: int, code: str, detail: str = "", retry: bool = False) -> None:
    """The message surely did not leave: queued again with a pause if `retry`, at most five times, else failed."""
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    again = retry and message.attempts < MAX_ATTEMPTS
    pause = _BACKOFF_SECONDS[min(max(message.attempts, 1), len(_BACKOFF_SECONDS)) - 1]
    outbox_settle(
        message_id,
        MessageState.QUEUED if again else MessageState.FAILED,
        error_code=code[:40],
        error_detail=detail[:300],
        not_before=now() + timedelta(seconds=pause) if again else None,
    )


@service
def outbox_unknown(*, message_id: int, code: str, detail: str = "") -> None:
    """It may or may not have left: a person decides, or a receipt does."""
    outbox_settle(message_id, MessageState.UNKNOWN, error_code=code[:40], error_detail=detail[:300])


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
    """A person decided that an unconfirmed or failed message goes out again. Raises Conflict."""
    refuse_unwanted(_thread_of(message_id))
    message = outbox_settle(message_id, MessageState.QUEUED, attempts=0, **_NO_ERROR)
    if message is None:
        raise Conflict(_("This message cannot be sent again."), code="not_resendable")
    outbox_ring(message.conversation, message)
    return message


@service
def message_confirm(*, message_id: int) -> Message:
    """A person saw that an unconfirmed message arrived."""
    message = Message.objects.filter(pk=message_id, state=MessageState.UNKNOWN).first()
    settled = message and outbox_settle(message_id, MessageState.SENT, **_NO_ERROR)
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
        elif outbox_settle(message_id, wanted) is not None:
            settled += 1
    return settled


@service
def receipts_forget() -> int:
    """Receipts of messages that never came, such as those to groups; how many went."""
    return OrphanReceipt.objects.filter(created_at__lt=now() - _ORPHANS_KEPT).delete()[0]


def _hold(provider_ids: list[str]) -> None:
    """One transaction at a time per provider id: else a receipt and the record of its send, each not yet committed,
    miss one another, and the receipt stays an orphan for ever. Taken before row locks, in one order."""
    with connection.cursor() as cursor:
        for provider_id in sorted(set(provider_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [provider_id])


def _reconcile(inbox_id: int, chat: str, provider_id: str) -> int | None:
    """A receipt for an id we never recorded proves that the chat's one unconfirmed message arrived, unless the phone
    says otherwise (`echo_mismatches`)."""
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


def outbox_settle(message_id: int, state: MessageState, **fields: Any) -> Message | None:
    """Move a message on by conditional update under its thread's lock; None if that step is not allowed."""
    return _settle(_thread_of(message_id), message_id, state, **fields)


def _settle(conversation: Conversation, message_id: int, state: MessageState, **fields: Any) -> Message | None:
    changed = Message.objects.filter(pk=message_id, state__in=before(state)).update(
        state=state, state_changed_at=now(), revision=F("revision") + 1, **fields
    )
    if not changed:
        return None
    message = Message.objects.select_related("sender").get(pk=message_id)
    message.conversation = conversation
    publish_message(message)
    later = conversation.messages.filter(pk__gt=message.pk).exclude(kind__in=ASIDE)
    if message.kind not in ASIDE and not later.exists():
        conversation.last_message_state = state
        conversation.revision += 1
        conversation.save(update_fields=["last_message_state", "revision"])
        publish_row(conversation)
    publish_fact(MessageSettled(conversation_id=conversation.pk, message_id=message_id, state=state))
    return message


def _thread_of(message_id: int) -> Conversation:
    """The message's thread, locked, also when it was joined with another while we waited for it. Raises NotFound."""
    while conversation_id := Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first():
        with suppress(NotFound):
            return conversation_lock(conversation_id)
    raise NotFound
