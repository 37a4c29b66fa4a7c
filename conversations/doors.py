"""What the views of a thread share at their door."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from conversations.models import Conversation, Message
from conversations.selectors import conversation_get
from crm.accounts.models import User
from crm.core.errors import Conflict, Invalid
from leads.models import Attendance


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


def serves(user: User, conversation: Conversation) -> bool:
    """A manager looking in does not make the owner's messages read."""
    owner_id = conversation.lead.consultant_id
    return owner_id is None or owner_id == user.pk


def refuse_beside(user: User, conversation: Conversation, *, over: int | None = None) -> None:
    """Raises Conflict while a colleague attends, unless the writer has agreed to answer over them (`over`, who that
    is): two people answering one client is seldom meant."""
    colleague = conversation.taken_by if conversation.attended_by == Attendance.PERSON else None
    if colleague is None or colleague == user or over == colleague.pk:
        return
    sentence = _("%(name)s is attending this client. Answer anyway?") % {"name": colleague.get_short_name()}
    raise Conflict(sentence, code="attended", fields={"over": str(colleague.pk)})
