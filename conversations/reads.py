"""What was read here and is not yet shown to clients as read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from conversations.models import Conversation, Direction, Message, MessageKind

_AT_ONCE = 200  # of what was read before that, nobody waits for a tick


@dataclass(frozen=True)
class ReadChat:
    conversation_id: int
    chat: str
    provider_ids: list[str]
    upto_id: int


def reads_due(inbox_id: int, *, but: Iterable[int] = (), limit: int = 20) -> list[ReadChat]:
    """Chats of an inbox (`but` some) with messages read since the last tick, each with the ids of those messages."""
    rows = Conversation.objects.filter(inbox_id=inbox_id, read_upto_id__gt=F("receipted_upto_id"))
    return [_read_chat(conversation) for conversation in rows.exclude(pk__in=list(but)).order_by("pk")[:limit]]


def _read_chat(conversation: Conversation) -> ReadChat:
    read = Message.objects.filter(
        conversation=conversation,
        direction=Direction.IN,
        pk__gt=conversation.receipted_upto_id,
        pk__lte=conversation.read_upto_id,
    ).exclude(provider_id="")
    ids = read.exclude(kind=MessageKind.EVENT).order_by("-pk").values_list("provider_id", flat=True)[:_AT_ONCE]
    return ReadChat(conversation.pk, conversation.chat, list(ids)[::-1], conversation.read_upto_id)


def reads_told(*, conversation_id: int, upto_id: int) -> None:
    """The client was shown that everything up to here is read."""
    rows = Conversation.objects.filter(pk=conversation_id, receipted_upto_id__lt=upto_id)
    rows.update(receipted_upto_id=upto_id)
