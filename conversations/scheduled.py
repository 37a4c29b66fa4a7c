"""Messages for later. A row waits; due, it becomes a row of the outbox in one transaction, once, or says why not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from conversations.canned import refuse_unfilled
from conversations.models import Conversation, Direction, Message, ScheduledMessage, ScheduledState
from conversations.outbox import MAX_TEXT, message_send, refuse_unwanted
from conversations.realtime import chat_room
from conversations.selectors import conversations_visible_to
from conversations.states import ASIDE
from conversations.upkeep import conversation_lock
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, DomainError, Invalid, NotFound
from crm.core.text import text_within
from crm.core.work import service
from crm.realtime.publish import notify, publish

log = structlog.get_logger(__name__)

MOST_WAITING = 20  # a thread
_MINUTE = timedelta(minutes=1)
LATEST = timedelta(days=366)
_BATCH = 500

# Reason → what the author and whoever serves the client are told.
REASONS = {
    "opted_out": gettext_noop("The message for %(name)s was not sent: they asked for no more messages"),
    "client_wrote": gettext_noop("The message for %(name)s was not sent: they wrote to you first"),
    "author_gone": gettext_noop("The message for %(name)s was not sent: whoever wrote it no longer serves them"),
    "refused": gettext_noop("The message for %(name)s was not sent"),
}


@service
def scheduled_create(
    *, conversation_id: int, text: str, send_at: datetime, user: User, cancel_on_reply: bool = True
) -> ScheduledMessage:
    """Have a text sent later; the same one for the same minute again is the one that waits already.

    Raises Invalid (empty, too long, not in the future) and Conflict (opted out, too many).
    """
    conversation = conversation_lock(conversation_id)
    refuse_unwanted(conversation)
    text, send_at = _text_of(text), _moment_of(send_at)
    near = (send_at - _MINUTE, send_at + _MINUTE)
    if (known := waiting_in(conversation).filter(author=user, text=text, send_at__range=near).first()) is not None:
        return known
    if waiting_in(conversation).count() >= MOST_WAITING:
        raise Conflict(_("Many messages wait in this conversation already."), code="too_many")
    row = ScheduledMessage.objects.create(
        conversation=conversation, author=user, text=text, send_at=send_at, cancel_on_reply=cancel_on_reply
    )
    scheduled_publish(conversation)
    return row


@service
def scheduled_update(
    *, scheduled_id: int, text: str, send_at: datetime, user: User, cancel_on_reply: bool = True
) -> ScheduledMessage:
    """Change what waits; it is then the person's who changed it. Raises as `scheduled_create`, and NotFound."""
    conversation, row = _waiting(scheduled_id)
    refuse_unwanted(conversation)
    row.text, row.send_at, row.author, row.cancel_on_reply = _text_of(text), _moment_of(send_at), user, cancel_on_reply
    row.created_at = now()  # what the client wrote before is known to whoever changes it
    row.save(update_fields=["text", "send_at", "author", "cancel_on_reply", "created_at"])
    scheduled_publish(conversation)
    return row


@service
def scheduled_cancel(*, scheduled_id: int) -> None:
    conversation, row = _waiting(scheduled_id)
    _end(conversation, row, ScheduledState.CANCELLED)


@service
def scheduled_send_now(*, scheduled_id: int, user: User) -> Message:
    """It does not wait any longer: the person who says so sends it. Raises NotFound and Conflict."""
    conversation, row = _waiting(scheduled_id)
    message = message_send(conversation_id=conversation.pk, text=row.text, user=user)
    _end(conversation, row, ScheduledState.SENT, message=message)
    return message


def scheduled_run() -> None:
    """Send whatever is due, each in a transaction of its own."""
    due = ScheduledMessage.objects.filter(state=ScheduledState.WAITING, send_at__lte=now())
    for scheduled_id in list(due.order_by("send_at", "pk").values_list("pk", flat=True)[:_BATCH]):
        try:
            scheduled_settle(scheduled_id=scheduled_id)
        except NotFound:  # cancelled or sent by somebody else meanwhile
            continue
        except DomainError:  # what waits is checked before: a rule that came later
            scheduled_refuse(scheduled_id=scheduled_id)
        except Exception:  # one that breaks must not keep the others waiting; it is tried again
            log.exception("scheduled_not_sent", scheduled=scheduled_id)


@service
def scheduled_settle(*, scheduled_id: int) -> None:
    """A due message is sent, or its author told why not. Raises NotFound where it does not wait any more."""
    conversation, row = _waiting(scheduled_id)
    if row.send_at > now():
        return
    reason = next((reason for reason, holds in _AGAINST.items() if holds(conversation, row)), "")
    if not reason:
        message = message_send(conversation_id=conversation.pk, text=row.text, user=row.author)
        _end(conversation, row, ScheduledState.SENT, message=message)
        return
    state = ScheduledState.CANCELLED if reason == "client_wrote" else ScheduledState.REFUSED
    _end(conversation, row, state, reason=reason)
    _tell(conversation, row)


@service
def scheduled_refuse(*, scheduled_id: int) -> None:
    """It cannot be sent, and never will be. Raises NotFound."""
    conversation, row = _waiting(scheduled_id)
    _end(conversation, row, ScheduledState.REFUSED, reason="refused")
    _tell(conversation, row)


def _author_gone(conversation: Conversation, row: ScheduledMessage) -> bool:
    visible = conversations_visible_to(row.author).filter(pk=conversation.pk)
    return not row.author.is_active or not visible.exists()


def _client_wrote(conversation: Conversation, row: ScheduledMessage) -> bool:
    theirs = conversation.messages.filter(direction=Direction.IN, created_at__gt=row.created_at)
    return row.cancel_on_reply and theirs.exclude(kind__in=ASIDE).exists()


_AGAINST: dict[str, Callable[[Conversation, ScheduledMessage], bool]] = {
    "opted_out": lambda conversation, _row: conversation.contact.opted_out_at is not None,
    "author_gone": _author_gone,
    "client_wrote": _client_wrote,
}


def _tell(conversation: Conversation, row: ScheduledMessage) -> None:
    people = {conversation.lead.consultant_id, row.author_id if row.author.is_active else None} - {None}
    notify(
        people,
        kind="message_not_sent",
        title=REASONS[row.reason],
        data={"name": conversation.lead.display_name},
        url=f"/conversations/{conversation.pk}/",
    )


def waiting_in(conversation: Conversation) -> QuerySet[ScheduledMessage]:
    """What waits in a thread, the next one first."""
    rows = ScheduledMessage.objects.filter(conversation=conversation, state=ScheduledState.WAITING)
    return rows.select_related("author").order_by("send_at", "pk")


def scheduled_publish(conversation: Conversation) -> None:
    """Show what waits, above the composer of the open thread."""

    def render() -> str:
        context = {"conversation": conversation, "scheduled": waiting_in(conversation)}
        return render_to_string("conversations/_scheduled.html", context)

    publish([chat_room(conversation.pk)], kind="scheduled", object_id=f"scheduled-{conversation.pk}", render=render)


def _waiting(scheduled_id: int) -> tuple[Conversation, ScheduledMessage]:
    """What waits, and its thread, both locked: whoever comes second finds nothing waiting. Raises NotFound."""
    rows = ScheduledMessage.objects.filter(pk=scheduled_id, state=ScheduledState.WAITING)
    conversation_id = rows.values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        raise NotFound
    conversation = conversation_lock(conversation_id)
    row = rows.select_related("author").select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound
    return conversation, row


def _end(
    conversation: Conversation,
    row: ScheduledMessage,
    state: ScheduledState,
    *,
    reason: str = "",
    message: Message | None = None,
) -> None:
    row.state, row.reason, row.message = state, reason, message
    row.save(update_fields=["state", "reason", "message"])
    scheduled_publish(conversation)


def _moment_of(send_at: datetime) -> datetime:
    if send_at <= now():
        sentence = _("Choose a time in the future.")
    elif send_at > now() + LATEST:
        sentence = _("Choose a time within a year.")
    else:
        return send_at
    raise Invalid(sentence, fields={"send_at": sentence})


def _text_of(raw: str) -> str:
    sentence = _("Write a message, in 4,096 characters at most.")
    text = text_within(raw, limit=MAX_TEXT, empty=sentence, too_long=sentence)
    refuse_unfilled(text)
    return text
