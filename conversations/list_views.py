"""The list of conversations beside every thread: its pages, its search, its counts, and the unread ones of the rail."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conversations.list_selectors import Wanted, labels_all, tab_counts, threads_page
from conversations.search import search
from conversations.selectors import inbox_rooms, unread_conversations, unread_rooms
from crm.accounts.permissions import member_required
from crm.realtime.rooms import snapshot_json


def inbox_context(request: HttpRequest) -> dict[str, object]:
    """What `_inbox.html` wants: numbers first, then the data they stand for."""
    return {"rooms_json": snapshot_json(request.user, inbox_rooms(request.user)), **list_context(request)}


def list_context(request: HttpRequest) -> dict[str, object]:
    """The same for a page that has read the numbers already."""
    wanted = Wanted.read(request.GET)
    if wanted.query:
        return {"wanted": wanted, "found": search(request.user, wanted.query)}
    labels = labels_all()
    return {
        "wanted": wanted,
        "page": threads_page(request.user, wanted),
        "counts": tab_counts(request.user),
        "team_labels": labels,
        "chosen_label": next((label for label in labels if label.pk == wanted.label), None),
    }


@member_required
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The page of the list after a cursor."""
    wanted = Wanted.read(request.GET)
    page = threads_page(request.user, wanted, after=request.GET.get("after", ""))
    return render(request, "conversations/_inbox_rows.html", {"page": page, "wanted": wanted})


@member_required
@require_GET
def counts(request: HttpRequest) -> JsonResponse:
    """How many threads each tab holds."""
    return JsonResponse(tab_counts(request.user))


@member_required
@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """The rail's badge, as it is now."""
    context = {
        "unread_rooms_json": snapshot_json(request.user, unread_rooms(request.user)),
        "unread_conversations": unread_conversations(request.user),
    }
    return render(request, "conversations/_inbox_unread.html", context)
