"""Writing in a thread, and its files."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from conversations.canned import refuse_unfilled
from conversations.doors import message_of, refuse_beside, token_of
from conversations.outbox import message_confirm, message_resend, message_send
from conversations.selectors import conversation_get
from conversations.sending import message_send_file, message_send_voice
from conversations.serving import file_response
from crm.accounts.access import What, access_note
from crm.accounts.permissions import member_required
from crm.core.middleware import takes_file
from crm.core.numbers import whole


@takes_file
@member_required
@require_POST
def send(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Text, a file with its caption, or (`voice`) a recording into the outbox; the push shows it. A double click sends
    once."""
    conversation = conversation_get(request.user, conversation_id)
    text, token = request.POST.get("text", ""), token_of(request.POST.get("client_token", ""))
    if not request.POST.get("voice"):  # a recording is not thrown away for a question
        refuse_beside(request.user, conversation, over=whole(request.POST.get("over")))
    refuse_unfilled(text)
    quoted_id = whole(request.POST.get("quoted"))
    common = {
        "conversation_id": conversation.pk, "user": request.user, "client_token": token, "quoted_id": quoted_id
    }  # fmt: skip
    upload = request.FILES.get("file")
    if upload and request.POST.get("voice"):
        message_send_voice(**common, upload=upload)
    elif upload:
        message_send_file(**common, upload=upload, caption=text)
    else:
        message_send(**common, text=text)
    return HttpResponse(status=204)


@member_required
@require_safe
def media(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """The file of a message, to whoever may see the thread; whole or in parts. `?small=1` is a picture of it if there
    is one, `?open=1` a paper to be read in the browser."""
    message, small = message_of(request, conversation_id, message_id), "small" in request.GET
    answer = file_response(request, message, small=small, opened="open" in request.GET)
    if not small:  # the little pictures come with the thread, which is noted itself
        lead_id = message.conversation.lead_id
        access_note(user=request.user, what=What.MEDIA, object_id=message.pk, lead_id=lead_id)
    return answer


@member_required
@require_POST
def resend(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """An unconfirmed or failed message goes out again."""
    message_resend(message_id=message_of(request, conversation_id, message_id).pk)
    return HttpResponse(status=204)


@member_required
@require_POST
def arrived(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """An unconfirmed message did arrive."""
    message_confirm(message_id=message_of(request, conversation_id, message_id).pk)
    return HttpResponse(status=204)
