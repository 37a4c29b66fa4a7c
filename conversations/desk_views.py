"""What a consultant does in a thread besides writing to the client: notes, reactions, messages for later."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations import notes, reactions, scheduled
from conversations.canned import canned_for
from conversations.desk_forms import ScheduleForm, TaskForm, shortcuts, tomorrow_morning
from conversations.doors import message_of, token_of
from conversations.models import Conversation, Message, MessageKind, ScheduledMessage, ScheduledState
from conversations.selectors import conversation_get
from conversations.texts import preview
from crm.accounts.permissions import member_required
from crm.core.answers import closing
from crm.core.errors import DomainError
from leads.actors import person
from leads.agenda import task_create


@member_required
@require_POST
def note(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """A private note; the push shows it."""
    conversation = conversation_get(request.user, conversation_id)
    token = token_of(request.POST.get("client_token", ""))
    text = request.POST.get("text", "")
    notes.note_add(conversation_id=conversation.pk, text=text, user=request.user, client_token=token)
    return HttpResponse(status=204)


@member_required
@require_http_methods(["GET", "POST"])
def note_edit(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """One's own note in a dialog."""
    message = _own_note(request, conversation_id, message_id)
    context: dict[str, Any] = {"message": message, "text": request.POST.get("text", message.text)}
    if request.method == "POST":
        try:
            notes.note_edit(message_id=message.pk, text=context["text"], user=request.user)
        except DomainError as error:
            return render(request, "conversations/_note_form.html", {**context, "error": error.message}, status=422)
        return closing()
    return render(request, "conversations/_note_form.html", context)


@member_required
@require_POST
def note_delete(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    notes.note_delete(message_id=_own_note(request, conversation_id, message_id).pk, user=request.user)
    return HttpResponse(status=204)


def _own_note(request: HttpRequest, conversation_id: int, message_id: int) -> Message:
    rows = conversation_get(request.user, conversation_id).messages
    return get_object_or_404(rows, pk=message_id, kind=MessageKind.NOTE, sender=request.user)


@member_required
@require_POST
def react(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """One emoji on a message; the same again takes it back."""
    message = message_of(request, conversation_id, message_id)
    emoji = request.POST.get("emoji", "")
    reactions.reaction_send(
        conversation_id=message.conversation_id, message_id=message.pk, emoji=emoji, user=request.user
    )
    return HttpResponse(status=204)


@member_required
@require_GET
def details(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """When a message was written, sent and seen."""
    message = message_of(request, conversation_id, message_id)
    return render(request, "conversations/_message_details.html", {"message": message})


@member_required
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """A task for the lead, out of what a message says."""
    message = message_of(request, conversation_id, message_id)
    initial = {"title": preview(message)[:120], "due_at": tomorrow_morning()}
    form = TaskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        task_create(lead_id=message.conversation.lead_id, **values, actor=person(request.user))
        return closing(_("Task added."))
    context = {"form": form, "message": message, "shortcuts": shortcuts()}
    return render(request, "conversations/_task_form.html", context, status=422 if form.errors else 200)


@member_required
@require_GET
def answers(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The ready answers, filled in for this thread."""
    conversation = conversation_get(request.user, conversation_id)
    rows = [
        {"shortcut": filled.reply.shortcut, "text": filled.text, "missing": filled.missing}
        for filled in canned_for(conversation, request.user)
    ]
    return JsonResponse({"answers": rows})


@member_required
@require_http_methods(["GET", "POST"])
def schedule(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """A message for later, in a dialog."""
    conversation = conversation_get(request.user, conversation_id)

    def save(form: ScheduleForm) -> None:
        scheduled.scheduled_create(conversation_id=conversation.pk, user=request.user, **form.cleaned_data)

    return _schedule(request, conversation, save, {"send_at": tomorrow_morning(), "cancel_on_reply": True})


@member_required
@require_http_methods(["GET", "POST"])
def scheduled_edit(request: HttpRequest, conversation_id: int, scheduled_id: int) -> HttpResponse:
    row = _scheduled(request, conversation_id, scheduled_id)

    def save(form: ScheduleForm) -> None:
        scheduled.scheduled_update(scheduled_id=row.pk, user=request.user, **form.cleaned_data)

    known = {"text": row.text, "send_at": timezone.localtime(row.send_at), "cancel_on_reply": row.cancel_on_reply}
    return _schedule(request, row.conversation, save, known, row=row)


def _schedule(
    request: HttpRequest, conversation: Conversation, save: Any, initial: dict[str, Any], **context: Any
) -> HttpResponse:
    form = ScheduleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except DomainError as error:
            fields = {name: text for name, text in error.fields.items() if name in form.fields}
            form.add_error(None, error.message) if not fields else form.add_error(None, fields)
        else:
            return closing(event="scheduled:saved")
    context = {"form": form, "conversation": conversation, "shortcuts": shortcuts(), "now": timezone.now(), **context}
    return render(request, "conversations/_schedule_form.html", context, status=422 if form.errors else 200)


@member_required
@require_POST
def scheduled_cancel(request: HttpRequest, conversation_id: int, scheduled_id: int) -> HttpResponse:
    scheduled.scheduled_cancel(scheduled_id=_scheduled(request, conversation_id, scheduled_id).pk)
    return HttpResponse(status=204)


@member_required
@require_POST
def scheduled_now(request: HttpRequest, conversation_id: int, scheduled_id: int) -> HttpResponse:
    row = _scheduled(request, conversation_id, scheduled_id)
    scheduled.scheduled_send_now(scheduled_id=row.pk, user=request.user)
    return HttpResponse(status=204)


def _scheduled(request: HttpRequest, conversation_id: int, scheduled_id: int) -> ScheduledMessage:
    conversation = conversation_get(request.user, conversation_id)
    row = get_object_or_404(conversation.scheduled, pk=scheduled_id, state=ScheduledState.WAITING)
    row.conversation = conversation
    return row
