"""What changes a message that is already there: reactions, edits, messages taken back, and content that comes late.

Call everything with the thread locked.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from conversations.events import MessageReceived
from conversations.files import media_clean
from conversations.inbound import InboundMessage
from conversations.models import Author, Conversation, Direction, MediaState, Message, MessageKind, MessageState
from conversations.realtime import chat_room, publish_message
from conversations.upkeep import (
    NOTED,
    WOKEN,
    conversation_save,
    message_save,
    row_show,
    thread_calm,
    thread_note,
    thread_retell,
    thread_wake,
)
from crm.core.clock import now
from crm.core.facts import publish as publish_fact
from crm.core.text import clean_line, clean_text
from crm.core.tracing import current
from crm.realtime.publish import publish_gone

MAX_TEXT = 65_536
MAX_EMOJI = 40
ID_LENGTH = 80


def message_build(conversation: Conversation, inbound: InboundMessage) -> Message:
    """What arrived, as a row not yet stored."""
    kind = inbound.kind if inbound.kind in _KINDS else MessageKind.UNKNOWN
    media, media_state = media_clean(kind, inbound.media)
    outgoing = inbound.from_me
    return Message(
        conversation=conversation,
        direction=Direction.OUT if outgoing else Direction.IN,
        author=Author.PHONE if outgoing else Author.CLIENT,
        kind=kind,
        text=clean_text(inbound.text, limit=MAX_TEXT),
        media=media,
        media_state=media_state,
        provider_id=provider_key(inbound.provider_id) or _made_up_key(inbound),
        quoted_provider_id=provider_key(inbound.quoted_provider_id),
        state=MessageState.SENT if outgoing else MessageState.RECEIVED,
        sent_at=min(inbound.sent_at, now()),
        trace_id=inbound.trace_id or current(),
    )


_KINDS = frozenset(MessageKind.values) - {MessageKind.EVENT, MessageKind.NOTE}


def provider_key(raw: str) -> str:
    """WhatsApp's id of a message as it is stored: itself, or its digest where it is too strange to be one."""
    if len(raw) <= ID_LENGTH and clean_line(raw, limit=ID_LENGTH) == raw:
        return raw
    return f"digest-{_digest(raw)}"


def _made_up_key(inbound: InboundMessage) -> str:
    """For a message without an id: the same each time it comes again."""
    return f"none-{_digest(f'{inbound.sent_at.isoformat()} {inbound.kind} {inbound.text}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def message_known(conversation: Conversation, direction: str, provider_id: str) -> Message | None:
    """The message of that id in this thread."""
    if not provider_id:
        return None
    rows = Message.objects.raw(_KNOWN, [conversation.pk, direction, provider_key(provider_id)])
    return _of(conversation, next(iter(rows), None))


_KNOWN = "SELECT * FROM conversations_message WHERE conversation_id = %s AND direction = %s AND provider_id = %s"


def _of(conversation: Conversation, message: Message | None) -> Message | None:
    if message is not None:
        message.conversation = conversation
    return message


def _side(inbound: InboundMessage) -> Direction:
    return Direction.OUT if inbound.from_me else Direction.IN


# ---- content that comes late
def message_fill(conversation: Conversation, message: Message, inbound: InboundMessage) -> None:
    """A message that could not be read yet becomes what it is, in its place."""
    made = message_build(conversation, inbound)
    for name in _FILLED:
        setattr(message, name, getattr(made, name))
    _come_anew(message)
    if message.revoked_at:
        _forget_file(message)
    message_save(message, *_FILLED, "state_changed_at")
    if message.revoked_at:
        return
    if message.direction == Direction.IN:
        conversation.unread_count = max(conversation.unread_count, 1)
        thread_wake(conversation, message)
        conversation_save(conversation, *WOKEN, "unread_count")
        publish_fact(MessageReceived(conversation_id=conversation.pk, message_id=message.pk))
    _retell_if_last(conversation, message)


_FILLED = ("kind", "text", "media", "media_state", "quoted_provider_id")


def pending_drop(conversation: Conversation, inbound: InboundMessage) -> None:
    """What could not be read turns out to change another message: its place in the thread goes."""
    waiting = message_known(conversation, _side(inbound), inbound.provider_id)
    if waiting is None or waiting.kind != MessageKind.PENDING:
        return
    publish_gone([chat_room(conversation.pk)], object_id=f"msg-{waiting.pk}", revision=waiting.revision + 1)
    waiting.delete()
    if waiting.direction == Direction.IN:
        conversation.unread_count = max(conversation.unread_count - 1, 0)
    conversation_save(conversation, "unread_count")
    thread_retell(conversation)


_OURS = (MessageKind.EVENT, MessageKind.NOTE)


def _retell_if_last(conversation: Conversation, message: Message) -> None:
    if conversation.messages.filter(pk__gt=message.pk).exclude(kind__in=_OURS).exists():
        row_show(conversation, "")
    else:
        thread_retell(conversation)


# ---- reactions
def reaction_receive(conversation: Conversation, inbound: InboundMessage) -> Message | None:
    """A reaction is a row of its own that shows on its target; without an emoji it takes the side's last one back."""
    emoji = clean_line(inbound.text, limit=MAX_EMOJI)
    message = message_build(conversation, replace(inbound, text=emoji, quoted_provider_id=inbound.target_provider_id))
    if message_known(conversation, message.direction, message.provider_id) is not None:
        return None
    message.save(force_insert=True)
    target = _reacted_to(conversation, message.quoted_provider_id)
    if target is not None:
        message_save(target)
    if not emoji:
        thread_retell(conversation)
        return message
    thread_note(conversation, message)
    conversation_save(conversation, *NOTED)
    row_show(conversation, message.direction)
    return message


def _reacted_to(conversation: Conversation, provider_id: str) -> Message | None:
    if not provider_id:
        return None
    rows = conversation.messages.select_related("sender").filter(provider_id=provider_id)
    return _of(conversation, rows.exclude(kind=MessageKind.REACTION).first())


# ---- edits
def edit_or_text(conversation: Conversation, inbound: InboundMessage) -> InboundMessage:
    """An edit of a message that never came is a message: nothing is lost."""
    if inbound.kind != "edit" or message_known(conversation, _side(inbound), inbound.target_provider_id):
        return inbound
    return replace(inbound, kind=MessageKind.TEXT)


def edit_receive(conversation: Conversation, inbound: InboundMessage) -> Message | None:
    """The writer corrected a message. None if that is known already, or a later correction is."""
    target = message_known(conversation, _side(inbound), inbound.target_provider_id)
    text = clean_text(inbound.text, limit=MAX_TEXT)
    at = min(inbound.sent_at, now())
    if target is None or target.revoked_at or target.text == text or _is_old(inbound, at, target):
        return None
    if target.kind == MessageKind.PENDING:
        target.kind = MessageKind.TEXT
    elif target.edited_at is None:
        target.original_text = target.text
    _note_edit(target, inbound, at)
    target.text = text
    message_save(target, "kind", "text", "original_text", "edited_at", "media", "state_changed_at")
    if target.direction == Direction.IN:
        thread_wake(conversation, target)
        conversation_save(conversation, *WOKEN)
        publish_fact(MessageReceived(conversation_id=conversation.pk, message_id=target.pk))
    _retell_if_last(conversation, target)
    return target


def _is_old(inbound: InboundMessage, at: datetime, target: Message) -> bool:
    """Older than the last edit, or one of those of its very second (WhatsApp counts no finer), come again."""
    if target.edited_at is None or at > target.edited_at:
        return False
    return at < target.edited_at or provider_key(inbound.provider_id) in (target.media or {}).get(_EDITS, [])


def _note_edit(target: Message, inbound: InboundMessage, at: datetime) -> None:
    facts = target.media or {}
    earlier = facts.get(_EDITS, []) if at == target.edited_at else []
    target.media = {**facts, _EDITS: [*earlier, provider_key(inbound.provider_id)]}
    target.edited_at = at
    _come_anew(target)


def _come_anew(message: Message) -> None:
    """As if the client's message had come now: whoever read it before reads it again."""
    if message.direction == Direction.IN:
        message.state_changed_at = now()


_EDITS = "edits"


# ---- taken back
def revoke_receive(conversation: Conversation, inbound: InboundMessage) -> Message | None:
    """The writer took a message back. It stays for us to see; Lívia reads it no more."""
    if not inbound.target_provider_id:
        return None
    target = message_known(conversation, _side(inbound), inbound.target_provider_id)
    if target is None:
        return _place_hold(conversation, inbound)
    if target.revoked_at:
        return None
    target.revoked_at = min(inbound.sent_at, now())
    _forget_file(target)
    message_save(target, "revoked_at", "media_state")
    thread_calm(conversation)
    conversation_save(conversation, *WOKEN)
    _retell_if_last(conversation, target)
    return target


def _place_hold(conversation: Conversation, inbound: InboundMessage) -> Message:
    """Taken back before it came: a place that its content fills if it comes after all, as on a phone."""
    message = message_build(
        conversation, replace(inbound, kind=MessageKind.PENDING, provider_id=inbound.target_provider_id)
    )
    message.revoked_at = message.sent_at
    message.save(force_insert=True)
    publish_message(message)
    thread_retell(conversation)
    return message


def _forget_file(message: Message) -> None:
    if message.media_state == MediaState.AWAITED:
        message.media_state = MediaState.GONE


CHANGES: dict[str, Callable[[Conversation, InboundMessage], Message | None]] = {
    "reaction": reaction_receive,
    "edit": edit_receive,
    "revoke": revoke_receive,
}
