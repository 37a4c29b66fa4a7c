"""What a person does with a whole thread: put it off, label it, leave it unread, put it away."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.labels import conversation_label
from conversations.life import conversation_archive, conversation_mark_unread, conversation_restore
from conversations.list_selectors import labels_all
from conversations.models import LabelColor
from conversations.selectors import conversation_get
from conversations.snooze import conversation_snooze, conversation_unsnooze, snooze_choices
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.numbers import whole


@member_required
@require_GET
def menu(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What may be done with the thread as it is now."""
    return render(
        request, "conversations/_thread_menu.html", {"conversation": conversation_get(request.user, conversation_id)}
    )


@member_required
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The moments to choose from; POST `until`, an ISO moment, or nothing to end the snooze."""
    conversation = conversation_get(request.user, conversation_id)
    if request.method == "GET":
        context = {"conversation": conversation, "choices": snooze_choices()}
        return render(request, "conversations/_snooze_form.html", context)
    until = request.POST.get("until", "")
    if until:
        conversation_snooze(conversation_id=conversation.pk, until=_moment(until), user=request.user)
    else:
        conversation_unsnooze(conversation_id=conversation.pk)
    return _done()


def _moment(text: str) -> datetime:
    """A moment without a zone, as a date field sends it, is the person's."""
    try:
        moment = parse_datetime(text)
        if moment is not None:
            return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError):
        pass
    raise Invalid(_("This is not a date and time."))


@member_required
@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The team's labels to tick; POST `label` for each that stays, and perhaps `new` with its `color`."""
    conversation = conversation_get(request.user, conversation_id)
    if request.method == "GET":
        context = {"conversation": conversation, "team_labels": labels_all(), "colors": LabelColor.choices}
        context["given"] = {label.pk for label in conversation.labels.all()}
        return render(request, "conversations/_labels_form.html", context)
    chosen = [pk for pk in map(whole, request.POST.getlist("label")[:200]) if pk is not None]
    conversation_label(
        conversation_id=conversation.pk,
        label_ids=chosen,
        new=request.POST.get("new", ""),
        color=request.POST.get("color", ""),
    )
    return _done()


@member_required
@require_POST
def mark_unread(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation_mark_unread(conversation_id=conversation_get(request.user, conversation_id).pk)
    return _done("thread:leave")


@member_required
@require_POST
def archive(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation_archive(conversation_id=conversation_get(request.user, conversation_id).pk)
    return _done()


@member_required
@require_POST
def restore(request: HttpRequest, conversation_id: int) -> HttpResponse:
    conversation_restore(conversation_id=conversation_get(request.user, conversation_id).pk, user=request.user)
    return _done()


def _done(event: str = "modal:close") -> HttpResponse:
    """The pushes show what changed."""
    return HttpResponse(status=204, headers={"HX-Trigger": event})
