"""The page of WhatsApp numbers. Managers only; whatever changes is pushed to it."""

import json
from collections.abc import Callable

from django import forms
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import manager_required
from crm.core.errors import DomainError
from crm.core.middleware import error_response
from crm.realtime.rooms import snapshot_json
from whatsapp import creation, services
from whatsapp.cards import card_of
from whatsapp.forms import EditNumberForm, NewNumberForm
from whatsapp.models import Session
from whatsapp.qr_stream import qr_events
from whatsapp.rooms import ROOM
from whatsapp.selectors import sessions_all


@manager_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    rooms_json = snapshot_json(request.user, [ROOM])
    cards = [card_of(session) for session in sessions_all()]
    return render(request, "whatsapp/sessions.html", {"cards": cards, "rooms_json": rooms_json})


@manager_required
@require_POST
def connect(request: HttpRequest, session_id: int) -> HttpResponse:
    services.session_connect(session_id=session_id)
    return _answer(request, session_id)


@manager_required
@require_POST
def disconnect(request: HttpRequest, session_id: int) -> HttpResponse:
    services.session_disconnect(session_id=session_id)
    return _answer(request, session_id)


@manager_required
@require_POST
def logout(request: HttpRequest, session_id: int) -> HttpResponse:
    services.session_logout(session_id=session_id)
    return _answer(request, session_id)


@manager_required
@require_POST
def code(request: HttpRequest, session_id: int) -> HttpResponse:
    """Pair by a code typed on the phone whose number is posted."""
    services.session_ask_code(session_id=session_id, phone=request.POST.get("phone", ""))
    return _answer(request, session_id)


@manager_required
@require_GET
def qr(request: HttpRequest, session_id: int) -> HttpResponseBase:
    """The codes for pairing as they come. They open the account to whoever has them: never stored, never logged."""
    get_object_or_404(Session, pk=session_id)
    if not isinstance(request, ASGIRequest):  # a WSGI worker would be held by every viewer
        return error_response(request, 501, "no_streams", _("This server does not stream. Ask whoever runs it."))
    events = qr_events(session_id, request.session.session_key or "")
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = (
        "no-store, private, no-transform"  # no-transform: a proxy that compresses would hold events back
    )
    response["X-Accel-Buffering"] = "no"
    return response


@manager_required
def new(request: HttpRequest) -> HttpResponse:
    form = NewNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = _save(form, lambda: creation.session_create(**form.values()))
        if saved:
            return _done(request, _("The number was added. Press Connect to pair its phone."))
    context = {"form": form, "action": reverse("whatsapp:new")}
    return render(request, "whatsapp/_number_form.html", context, status=422 if form.errors else 200)


@manager_required
def edit(request: HttpRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(sessions_all(), pk=session_id)
    form = EditNumberForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        saved = _save(form, lambda: creation.session_edit(session_id=session_id, **form.values()))
        if saved:
            return _done(request, _("Saved."))
    context = {
        "form": form,
        "action": reverse("whatsapp:edit", args=[session_id]),
        "session": session,
        "removable": creation.is_unused(session),
    }
    return render(request, "whatsapp/_number_form.html", context, status=422 if form.errors else 200)


@manager_required
@require_POST
def delete(request: HttpRequest, session_id: int) -> HttpResponse:
    creation.session_delete(session_id=session_id)
    return _done(request, _("The number was removed."))


def _save(form: forms.Form, call: Callable[[], object]) -> bool:
    """Call a service; what it refuses stands on the form."""
    try:
        with transaction.atomic():
            call()
    except DomainError as error:
        field = next((name for name in error.fields if name in form.fields), None)
        form.add_error(field, str(error.message))
        return False
    return True


def _done(request: HttpRequest, text: str) -> HttpResponse:
    """The dialog closes; the push brings the card."""
    if not request.htmx:
        return redirect("whatsapp:sessions")
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"modal:close": True, "toast": {"level": "ok", "text": text}})
    return response


def _answer(request: HttpRequest, session_id: int) -> HttpResponse:
    """The card as it stands; the push brings everything after it."""
    session = get_object_or_404(sessions_all(), pk=session_id)
    return render(request, "whatsapp/_session.html", {"card": card_of(session)})
