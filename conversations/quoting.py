"""Pointing at a message of a thread: to answer it, or to react to it."""

from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Message
from conversations.states import ASIDE
from crm.core.errors import Invalid


def message_pointed_at(conversation: Conversation, message_id: int) -> Message:
    """A message of this thread that WhatsApp knows too. Raises Invalid: one that was taken back, never left, or is a
    line of our own cannot be pointed at."""
    rows = conversation.messages.filter(pk=message_id, revoked_at=None).exclude(provider_id="")
    message = rows.exclude(kind__in=ASIDE).select_related("sender").first()
    if message is None:
        raise Invalid(_("This message cannot be answered."), code="not_quotable")
    message.conversation = conversation
    return message
