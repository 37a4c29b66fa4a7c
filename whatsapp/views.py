"""The page of WhatsApp numbers. Managers only; whatever changes is pushed to it."""

import io

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import manager_required
from crm.realtime.rooms import snapshot_json
from whatsapp import pairing, services
from whatsapp.cards import card_of
from whatsapp.models import Session
from whatsapp.rooms import room_of
from whatsapp.selectors import sessions_all
from whatsapp.states import State


@manager_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    rooms_json = snapshot_json(request.user, [room_of(pk) for pk in sessions_all().values_list("pk", flat=True)])
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
@never_cache
def qr(request: HttpRequest, session_id: int) -> HttpResponse:
    """The QR code now waiting, as a picture. It opens the account to whoever scans it: never stored, never logged."""
    session = get_object_or_404(Session, pk=session_id)
    content = pairing.qr_get(session_id) if session.state == State.AWAITING_QR else ""
    if not content:
        raise Http404
    picture = io.BytesIO()
    segno.make(content, error="m").save(picture, kind="svg", scale=4, border=2, light="#fff", svgclass=None)
    response = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "no-store, private"
    return response


def _answer(request: HttpRequest, session_id: int) -> HttpResponse:
    """The card as it stands; the push brings everything after it."""
    session = get_object_or_404(sessions_all(), pk=session_id)
    return render(request, "whatsapp/_session.html", {"card": card_of(session)})
