"""Writing in a thread, and its files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from conversations.models import Message
from conversations.outbox import message_confirm, message_resend, message_send
from conversations.selectors import (
    conversation_get,
)
from conversations.sending import message_send_file
from conversations.serving import file_response
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.middleware import takes_file


@takes_file
@member_required
@require_POST
def send(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Text, or a file with its caption, into the outbox; the push shows it. A double click sends once."""
    conversation = conversation_get(request.user, conversation_id)
    common = {"conversation_id": conversation.pk, "user": request.user}
    text, token = request.POST.get("text", ""), _token(request.POST.get("client_token", ""))
    if upload := request.FILES.get("file"):
        message_send_file(**common, upload=upload, caption=text, client_token=token)
    else:
        message_send(**common, text=text, client_token=token)
    return HttpResponse(status=204)


@member_required
@require_safe
def media(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """The file of a message, to whoever may see the thread; whole or in parts."""
    return file_response(request, _message(request, conversation_id, message_id))


def _token(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(_("This message could not be read.")) from error


@member_required
@require_POST
def resend(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """An unconfirmed or failed message goes out again."""
    message_resend(message_id=_message(request, conversation_id, message_id).pk)
    return HttpResponse(status=204)


@member_required
@require_POST
def arrived(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """An unconfirmed message did arrive."""
    message_confirm(message_id=_message(request, conversation_id, message_id).pk)
    return HttpResponse(status=204)


def _message(request: HttpRequest, conversation_id: int, message_id: int) -> Message:
    return get_object_or_404(conversation_get(request.user, conversation_id).messages, pk=message_id)
