"""Reactions of ours. They travel through the outbox like messages, but are no answer: Lívia goes on attending, nothing
counts as read, and the last line of the thread stays."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState
from conversations.outbox import outbox_ring, refuse_unwanted
from conversations.quoting import message_pointed_at
from conversations.upkeep import UNSAID, conversation_lock, message_save
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.work import service

if TYPE_CHECKING:
    from crm.accounts.models import User

QUICK = ("👍", "❤️", "😂", "😮", "😢", "🙏")
_LONGEST = 16  # a family of four with skin tones; what people see is one sign


@service
def reaction_send(*, conversation_id: int, message_id: int, emoji: str, user: "User") -> Message:
    """Put one emoji on a message; the same one again takes it back. Raises Invalid and Conflict (opted out)."""
    conversation = conversation_lock(conversation_id)
    target = message_pointed_at(conversation, message_id)
    refuse_unwanted(conversation)
    emoji = emoji.strip()
    if not _is_emoji(emoji):
        raise Invalid(_("Choose one emoji."), fields={"emoji": _("Choose one emoji.")})
    taken_back = reaction_ours(conversation, target) == emoji
    row = Message.objects.create(
        conversation=conversation, direction=Direction.OUT, author=Author.CONSULTANT, sender=user,
        kind=MessageKind.REACTION, text="" if taken_back else emoji, quoted_provider_id=target.provider_id,
        state=MessageState.QUEUED, sent_at=now(),
    )  # fmt: skip
    message_save(target)
    outbox_ring(conversation, row)
    return row


def reaction_ours(conversation: Conversation, target: Message) -> str:
    """The emoji our side has on a message now, from here or from the paired phone."""
    rows = conversation.messages.filter(kind=MessageKind.REACTION, quoted_provider_id=target.provider_id)
    rows = rows.filter(direction=Direction.OUT).exclude(state__in=UNSAID).order_by("-sent_at", "-pk")
    return rows.values_list("text", flat=True).first() or ""


def _is_emoji(text: str) -> bool:
    """One sign as people see it: no letters and no blanks, and something beyond plain characters."""
    if not text or len(text) > _LONGEST or any(char.isalpha() or char.isspace() for char in text):
        return False
    return any(ord(char) > 0xFF for char in text)
