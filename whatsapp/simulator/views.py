"""A phone on the screen: play any client against the product. Development only."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.phones import phone_normalise
from crm.core.text import clean_line, clean_text
from crm.realtime.rooms import snapshot_json
from whatsapp.gateways.base import Media
from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.simulator.keys import Ticks
from whatsapp.simulator.network import Network
from whatsapp.states import Gateway

MAX_TEXT = 65_536
MAX_FILE = 16 * 1024 * 1024
MAX_BAN_SECONDS = 24 * 3600
NEWCOMER = ("5511998123340", "Maria Aparecida")

View = Callable[..., HttpResponse]


def simulator_view(view: View) -> View:
    """Signed-in people, where the simulator is switched on; 404 elsewhere."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.SIMULATOR_ENABLED:
            raise Http404
        return member_required(view)(request, *args, **kwargs)

    return wrapper


@simulator_view
@require_GET
def phone(request: HttpRequest, session_id: int | None = None) -> HttpResponse:
    """The page: choose a number of ours and a client, and talk."""
    sessions = list(_sessions())
    session = _session(session_id) if session_id else next(iter(sessions), None)
    context: dict[str, Any] = {"rooms_json": snapshot_json(request.user), "sessions": sessions, "session": session}
    if session is not None:
        context |= _screen(request, session) | {"people": Network(session.pk).chats(), "ticks_modes": list(Ticks)}
    return render(request, "simulator/phone.html", context)


@simulator_view
@require_GET
def screen(request: HttpRequest, session_id: int) -> HttpResponse:
    """What the phone shows now; the page asks for it every second."""
    return render(request, "simulator/_screen.html", _screen(request, _session(session_id)))


@simulator_view
@require_POST
def say(request: HttpRequest, session_id: int) -> HttpResponse:
    """The client writes, or sends a file; with `own=1` somebody types on our paired phone instead."""
    session = _session(session_id)
    number, name = _client(request)
    text = clean_text(request.POST.get("text", ""), limit=MAX_TEXT).strip()
    media = _media(request)
    if not text and media is None:
        raise Invalid(_("Write a message."), fields={"text": _("Write a message.")})
    network = Network(session.pk)
    if request.POST.get("own") == "1":
        network.say_own_phone(number, text)
    else:
        network.say(number, name, text, media=media, lid=_lid(request))
    return render(request, "simulator/_screen.html", _screen(request, session))


@simulator_view
@require_POST
def control(request: HttpRequest, session_id: int, action: str) -> HttpResponse:
    """Turn one of the network's switches: pairing, line, ban, ticks."""
    session = _session(session_id)
    act = _CONTROLS.get(action)
    if act is None:
        raise Http404
    act(Network(session.pk), request)
    return render(request, "simulator/_screen.html", _screen(request, session))


def _ban(network: Network, request: HttpRequest) -> None:
    seconds = request.POST.get("seconds", "60")
    if not seconds.isdecimal() or not 0 < int(seconds) <= MAX_BAN_SECONDS:
        raise Invalid(_("Give the seconds of the block, up to a day."), fields={"seconds": _("Up to a day.")})
    network.ban(int(seconds))


def _ticks(network: Network, request: HttpRequest) -> None:
    mode = request.POST.get("mode", "")
    if mode not in list(Ticks):
        raise Invalid(_("There is no such mode."), fields={"mode": _("There is no such mode.")})
    network.set_ticks(mode)


_CONTROLS: dict[str, Callable[[Network, HttpRequest], None]] = {
    "scan": lambda network, request: network.scan(),
    "code": lambda network, request: network.enter_code(request.POST.get("code", "").strip().upper()),
    "drop": lambda network, request: network.drop(),
    "restore": lambda network, request: network.restore(),
    "logout": lambda network, request: network.logout(),
    "outdate": lambda network, request: network.outdate(),
    "conflict": lambda network, request: network.conflict(),
    "read": lambda network, request: network.read(_client(request)[0]),
    "ban": _ban,
    "ticks": _ticks,
}


def _sessions():  # noqa: ANN202 - a QuerySet of Session
    return sessions_all().filter(gateway=Gateway.SIMULATOR)


def _session(session_id: int) -> Session:
    return get_object_or_404(_sessions(), pk=session_id)


def _client(request: HttpRequest) -> tuple[str, str]:
    """The client in hand, as (digits, name)."""
    values = request.POST if request.method == "POST" else request.GET
    raw = values.get("phone", "")
    number = phone_normalise(raw).lstrip("+") if raw else NEWCOMER[0]
    name = clean_line(values.get("name", ""), limit=120)
    return number, name or ("" if raw else NEWCOMER[1])


def _lid(request: HttpRequest) -> str | None:
    return re.sub(r"\D", "", request.POST.get("lid", ""))[:20] or None


def _media(request: HttpRequest) -> Media | None:
    file = request.FILES.get("file")
    if file is None:
        return None
    if file.size > MAX_FILE:
        raise Invalid(_("A file may have 16 MB at most."), fields={"file": _("16 MB at most.")})
    mime = file.content_type or "application/octet-stream"
    family = mime.split("/")[0]
    kind = family if family in ("image", "audio", "video") else "document"
    return Media(content=file.read(), kind=kind, mime=mime, name=clean_line(file.name or "", limit=120))


def _screen(request: HttpRequest, session: Session) -> dict[str, Any]:
    network = Network(session.pk)
    number, name = _client(request)
    known = network.person(number)
    return {
        "session": session,
        "phone": number,
        "name": name or (known.name if known else ""),
        "lines": network.transcript(number),
        "typing": network.is_typing(number),
        "network": network.status(),
    }
