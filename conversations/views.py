"""The conversations page: the list, the open thread, the client; and the ways through a thread."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.doors import serves
from conversations.list_views import inbox_context, list_context
from conversations.models import Conversation
from conversations.realtime import chat_room, side_context, side_room
from conversations.search import messages_find
from conversations.selectors import (
    conversation_find,
    conversation_get,
    first_unread,
    inbox_rooms,
    messages_after,
    messages_page,
    messages_window,
    unread_rooms,
)
from conversations.services import conversation_hand_back, conversation_read, conversation_take
from crm.accounts.access import What, access_note
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json, snapshots_json


@member_required
@require_GET
def conversations(request: HttpRequest, conversation_id: int | None = None) -> HttpResponse:
    """Three panes: the list, the open thread, the client. With HTMX only the part that was asked for.

    `?around=` is a message the thread is to be opened at, `?latest=1` opens it at its end; without either it opens
    where reading goes on. Which rows the list shows: `list_selectors.Wanted`.
    """
    target = request.htmx.target if request.htmx else None
    if target in ("inbox", "list-body"):
        part = "_inbox.html" if target == "inbox" else "_inbox_list.html"
        return render(request, f"conversations/{part}", inbox_context(request))
    conversation = conversation_find(request.user, conversation_id) if conversation_id else None
    if conversation is not None and conversation.pk != conversation_id:
        return redirect("conversations:detail", conversation.pk)
    numbers = _numbers(request, conversation)
    if conversation is not None and target == "thread-pane":
        return render(request, "conversations/_panes.html", {**numbers, **_thread(request, conversation)})
    context = {**numbers, **list_context(request), "conversation": conversation}
    if conversation is not None:
        context |= _thread(request, conversation)
    return render(request, "conversations/list.html", context)


def _numbers(request: HttpRequest, conversation: Conversation | None) -> dict[str, str]:
    """Where each region of the page begins to follow its rooms. To be read before what the regions show."""
    rooms = {"rooms_json": inbox_rooms(request.user), "unread_rooms_json": unread_rooms(request.user)}
    if conversation is not None:
        rooms["thread_rooms_json"] = [chat_room(conversation.pk)]
        rooms["side_rooms_json"] = [side_room(conversation.pk)]
    return dict(zip(rooms, snapshots_json(request.user, *rooms.values()), strict=True))


def _thread(request: HttpRequest, conversation: Conversation) -> dict[str, object]:
    """The thread as read from now on."""
    _seen(request, conversation)
    unread_id = first_unread(conversation)
    around = whole(request.GET.get("around")) or (None if request.GET.get("latest") else unread_id)
    window = messages_window(conversation, around, is_known=around == unread_id)
    return {
        "messages_list": window.messages,
        "has_older": window.has_older,
        "has_newer": window.has_newer,
        "first_unread_id": unread_id,
        "serves": serves(request.user, conversation),
        **side_context(conversation),
    }


def _seen(request: HttpRequest, conversation: Conversation) -> None:
    """For every part that shows what was said: none is read unnoticed by its own address."""
    access_note(user=request.user, what=What.CONVERSATION, object_id=conversation.pk, lead_id=conversation.lead_id)


@member_required
@require_GET
def side(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The panel beside a thread, fetched anew when what it shows has changed."""
    conversation = conversation_get(request.user, conversation_id)
    _seen(request, conversation)
    side_rooms_json = snapshot_json(request.user, [side_room(conversation.pk)])
    context = {"side_rooms_json": side_rooms_json, **side_context(conversation)}
    return render(request, "conversations/_side.html", context)


@member_required
@require_GET
def older(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Messages before an id."""
    conversation = conversation_get(request.user, conversation_id)
    _seen(request, conversation)
    messages, has_older = messages_page(conversation, before=_asked(request, "before"))
    context = {"conversation": conversation, "messages_list": messages, "has_older": has_older}
    return render(request, "conversations/_messages_page.html", context)


@member_required
@require_GET
def newer(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Messages after an id."""
    conversation = conversation_get(request.user, conversation_id)
    _seen(request, conversation)
    messages, has_newer = messages_after(conversation, _asked(request, "after"))
    context = {"conversation": conversation, "messages_list": messages, "has_newer": has_newer}
    return render(request, "conversations/_newer_page.html", context)


def _asked(request: HttpRequest, name: str) -> int:
    message_id = whole(request.GET.get(name))
    if message_id is None:
        raise Invalid(_("This page of the conversation does not exist."))
    return message_id


@member_required
@require_GET
def find(request: HttpRequest, conversation_id: int) -> JsonResponse:
    """The thread's messages that hold the words of `?q=`, newest first."""
    conversation = conversation_get(request.user, conversation_id)
    return JsonResponse({"ids": messages_find(conversation, request.GET.get("q", "").replace("\x00", "")[:80].strip())})


@member_required
@require_POST
def takeover(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation_take(conversation_id=conversation_get(request.user, conversation_id).pk, user=request.user)
    return _after(request, conversation_id)


@member_required
@require_POST
def handback(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation_hand_back(conversation_id=conversation_get(request.user, conversation_id).pk, user=request.user)
    return _after(request, conversation_id)


@member_required
@require_POST
def read(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Somebody has the thread before their eyes, down to the message `upto`."""
    conversation = conversation_get(request.user, conversation_id)
    if serves(request.user, conversation):
        conversation_read(conversation_id=conversation.pk, upto_id=whole(request.POST.get("upto")))
    return HttpResponse(status=204)


def _after(request: HttpRequest, conversation_id: int) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("conversations:detail", conversation_id)
