"""What the views of a thread share at their door."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from conversations.models import Message
from conversations.selectors import conversation_get
from crm.core.errors import Invalid


def message_of(request: HttpRequest, conversation_id: int, message_id: int) -> Message:
    """A message of a thread this person may see, else 404."""
    conversation = conversation_get(request.user, conversation_id)
    message = get_object_or_404(conversation.messages.select_related("sender"), pk=message_id)
    message.conversation = conversation
    return message


def token_of(text: str) -> UUID | None:
    """The page's name for what it sends. Raises Invalid."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(_("This message could not be read.")) from error
