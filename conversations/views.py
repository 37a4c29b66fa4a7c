"""The conversations page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.models import Conversation
from conversations.realtime import chat_room, side_context, side_room
from conversations.selectors import (
    LIST_LIMIT,
    conversation_get,
    conversation_list,
    inbox_rooms,
    messages_around,
    messages_page,
)
from conversations.services import conversation_hand_back, conversation_read, conversation_take
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.realtime.rooms import snapshot_json

TABS = ("mine", "unassigned", "all")


@member_required
@require_GET
def conversations(request: HttpRequest, conversation_id: int | None = None) -> HttpResponse:
    """Three panes: the list, the open thread, the client. With HTMX only the part that was asked for.

    `?around=` is a message the thread is to be opened far enough back for.
    """
    conversation = conversation_get(request.user, conversation_id) if conversation_id else None
    if conversation is not None and request.htmx and request.htmx.target == "thread-pane":
        return _thread(request, conversation, "conversations/_panes.html", {})
    tab = request.GET.get("tab", "all")
    tab = tab if tab in TABS else "all"
    list_rooms_json = snapshot_json(request.user, inbox_rooms(request.user))
    threads = conversation_list(
        request.user, tab=tab, unread=request.GET.get("unread") == "1", query=request.GET.get("q", "")
    )
    rows = list(threads[: LIST_LIMIT + 1])
    context = {
        "rooms_json": list_rooms_json,
        "tab": tab,
        "conversations": rows[:LIST_LIMIT],
        "has_more": len(rows) > LIST_LIMIT,
        "conversation": conversation,
    }
    if conversation is None:
        return render(request, "conversations/list.html", context)
    return _thread(request, conversation, "conversations/list.html", context)


def _thread(
    request: HttpRequest, conversation: Conversation, template: str, context: dict[str, object]
) -> HttpResponse:
    """The thread as read from now on: numbers first, then the data they stand for."""
    thread_rooms_json = snapshot_json(request.user, [chat_room(conversation.pk)])
    side_rooms_json = snapshot_json(request.user, [side_room(conversation.pk)])
    if conversation.unread_count and _serves(request, conversation):
        conversation_read(conversation_id=conversation.pk)
    around = request.GET.get("around", "")
    messages, has_older = messages_around(conversation, int(around)) if _is_id(around) else messages_page(conversation)
    context = {
        **context,
        "thread_rooms_json": thread_rooms_json,
        "side_rooms_json": side_rooms_json,
        "messages_list": messages,
        "has_older": has_older,
        **side_context(conversation),
    }
    return render(request, template, context)


@member_required
@require_GET
def side(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The panel beside a thread, fetched anew when what it shows has changed."""
    conversation = conversation_get(request.user, conversation_id)
    side_rooms_json = snapshot_json(request.user, [side_room(conversation.pk)])
    context = {"side_rooms_json": side_rooms_json, **side_context(conversation)}
    return render(request, "conversations/_side.html", context)


def _serves(request: HttpRequest, conversation: Conversation) -> bool:
    """A manager looking in does not make the owner's messages read."""
    owner_id = conversation.lead.consultant_id
    return owner_id is None or owner_id == request.user.pk


@member_required
@require_GET
def older(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Messages before an id."""
    conversation = conversation_get(request.user, conversation_id)
    before = request.GET.get("before", "")
    if not _is_id(before):
        raise Invalid(_("This page of the conversation does not exist."))
    messages, has_older = messages_page(conversation, before=int(before))
    context = {"conversation": conversation, "messages_list": messages, "has_older": has_older}
    return render(request, "conversations/_messages_page.html", context)


def _is_id(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 18


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
    """The open page saw what just arrived."""
    conversation = conversation_get(request.user, conversation_id)
    if _serves(request, conversation):
        conversation_read(conversation_id=conversation.pk)
    return HttpResponse(status=204)


def _after(request: HttpRequest, conversation_id: int) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("conversations:detail", conversation_id)
