"""A phone on the screen: play any client against the product. Development only."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from conversations.files import INLINE, mime_of
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.middleware import takes_file
from crm.core.phones import phone_normalise
from crm.core.text import clean_line
from crm.realtime.rooms import snapshot_json
from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.simulator.keys import Person, Ticks
from whatsapp.simulator.line import SessionLine
from whatsapp.simulator.network import Network
from whatsapp.simulator.sayings import SAYINGS
from whatsapp.states import Gateway

MAX_BAN_SECONDS = 24 * 3600

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
def phone(request: HttpRequest) -> HttpResponse:
    """The page: choose a number of ours and a client, and talk."""
    sessions = list(_sessions())
    session = _session(request.GET["session"]) if "session" in request.GET else next(iter(sessions), None)
    context: dict[str, Any] = {"rooms_json": snapshot_json(request.user), "sessions": sessions, "session": session}
    if session is not None:
        network = Network(session.pk)
        chats = network.chats()
        person = _person(network, request.GET["phone"]) if request.GET.get("phone") else next(iter(chats), None)
        context |= {"chats": chats, "person": person} | _controls(session)
        context |= _screen(network, person.phone) if person else {}
    return render(request, "simulator/phone.html", context)


@simulator_view
@require_GET
def screen(request: HttpRequest) -> HttpResponse:
    """What the phone shows now; the page asks for it every second."""
    session = _session(request.GET.get("session"))
    context = {"session": session, **_screen(Network(session.pk), _digits(request.GET.get("phone", "")))}
    return render(request, "simulator/_screen.html", context)


@simulator_view
@require_GET
def controls(request: HttpRequest) -> HttpResponse:
    """The switches as they stand."""
    return render(request, "simulator/_controls.html", _controls(_session(request.GET.get("session"))))


@simulator_view
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    """A client's phone comes into play; without a number it gets one."""
    session = _session(request.POST.get("session"))
    raw = request.POST.get("phone", "").strip()
    number = _digits(raw) if raw else f"55119{secrets.randbelow(10**8):08d}"
    Network(session.pk).meet(number, clean_line(request.POST.get("name", ""), limit=120))
    return redirect(_page(session, number))


@takes_file
@simulator_view
@require_POST
def say(request: HttpRequest) -> HttpResponse:
    """The client writes, sends a file or changes an earlier line; with `own=1` somebody types on our paired phone."""
    session = _session(request.POST.get("session"))
    number = _digits(request.POST.get("phone", ""))
    act = SAYINGS.get(request.POST.get("kind", ""))
    if act is None:
        raise Invalid(_("There is no such message."), fields={"kind": _("There is no such message.")})
    act(Network(session.pk), number, request)
    return _done(request, session, number, event="said")


@simulator_view
@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """A file on a phone's screen."""
    session = _session(request.GET.get("session"))
    try:
        content = SessionLine(session.pk).media(request.GET.get("ref", "")[:80])
    except LookupError as error:
        raise Http404 from error
    mime = mime_of(content)
    shown = {"Content-Type": mime} if mime in INLINE else {"Content-Disposition": "attachment"}
    return HttpResponse(content, headers={**shown, "Content-Security-Policy": "sandbox; default-src 'none'"})


@simulator_view
@require_POST
def control(request: HttpRequest) -> HttpResponse:
    """Turn one of the network's switches: pairing, line, ban, ticks."""
    session = _session(request.POST.get("session"))
    act = _CONTROLS.get(request.POST.get("do", ""))
    if act is None:
        raise Invalid(_("There is no such switch."), fields={"do": _("There is no such switch.")})
    act(Network(session.pk), request)
    return _done(request, session, event="switched")


def _done(request: HttpRequest, session: Session, number: str = "", *, event: str) -> HttpResponse:
    if not request.htmx:
        return redirect(_page(session, number))
    response = HttpResponse(status=204)
    response["HX-Trigger"] = event
    return response


def _page(session: Session, number: str) -> str:
    query = {"session": session.pk} | ({"phone": number} if number else {})
    return f"{reverse('simulator:phone')}?{urlencode(query)}"


def _ban(network: Network, request: HttpRequest) -> None:
    seconds = request.POST.get("seconds", "60")
    if not seconds.isdecimal() or not 0 < int(seconds) <= MAX_BAN_SECONDS:
        raise Invalid(_("Give the seconds of the block, up to a day."), fields={"seconds": _("Up to a day.")})
    network.ban(int(seconds))


def _ticks(network: Network, request: HttpRequest) -> None:
    mode = request.POST.get("ticks", "")
    if mode not in list(Ticks):
        raise Invalid(_("There is no such mode."), fields={"ticks": _("There is no such mode.")})
    network.set_ticks(mode)


_CONTROLS: dict[str, Callable[[Network, HttpRequest], None]] = {
    "scan": lambda network, request: network.scan(),
    "code": lambda network, request: network.enter_code(request.POST.get("code", "").strip().upper()),
    "drop": lambda network, request: network.drop(),
    "restore": lambda network, request: network.restore(),
    "logout": lambda network, request: network.logout(),
    "outdate": lambda network, request: network.outdate(),
    "conflict": lambda network, request: network.conflict(),
    "read": lambda network, request: network.read(_digits(request.POST.get("phone", ""))),
    "ban": _ban,
    "ticks": _ticks,
}


def _sessions() -> QuerySet[Session]:
    return sessions_all().filter(gateway=Gateway.SIMULATOR)


def _session(raw: str | None) -> Session:
    if not raw or not raw.isdecimal() or len(raw) > 18:
        raise Http404
    return get_object_or_404(_sessions(), pk=int(raw))


def _digits(raw: str) -> str:
    """A phone as the network knows it. Raises Invalid."""
    return phone_normalise(raw).lstrip("+")


def _person(network: Network, raw: str) -> Person:
    number = _digits(raw)
    return network.person(number) or Person(chat=network.chat_of(number), phone=number, name="")


def _screen(network: Network, number: str) -> dict[str, Any]:
    lines = network.transcript(number)
    said = {line.id: line.text or line.kind for line in lines}
    return {"lines": [(line, said.get(line.quoted, "")) for line in lines], "is_typing": network.is_typing(number)}


def _controls(session: Session) -> dict[str, Any]:
    network = Network(session.pk)
    switches = network.server()
    return {
        "session": session,
        "ticks": switches.get("ticks", Ticks.READ),
        "qr_shown": network.qr_shown(),
        "line_down": switches.get("line") == "down",
    }
