"""How a session looks on its page: the same card for the page, an answer and a push."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.models import Message
from crm.core.clock import now
from whatsapp import pairing
from whatsapp.models import Session, SessionHistory
from whatsapp.states import LIVE, State, remedy, sentence

HISTORY_SHOWN = 20


@dataclass(frozen=True)
class Card:
    session: Session
    sentence: str
    remedy: str
    qr_url: str | None
    code: str = field(repr=False)
    code_url: str | None
    pairing_deadline: datetime | None
    actions: list[tuple[str, str]]
    history: list[SessionHistory]
    outbox_waiting: int


def card_of(session: Session) -> Card:
    state = State(session.state)
    pairing_now = state in (State.AWAITING_QR, State.AWAITING_CODE)
    return Card(
        session=session,
        sentence=sentence(state, until=_moment(session.state_until)),
        remedy=remedy(state),
        qr_url=_qr_url(session) if state is State.AWAITING_QR else None,
        code=pairing.code_get(session.pk) if state is State.AWAITING_CODE else "",
        code_url=reverse("whatsapp:code", args=[session.pk]) if pairing_now else None,
        pairing_deadline=session.state_until if pairing_now else None,
        actions=_actions(session),
        history=list(session.history.all()[:HISTORY_SHOWN]),
        outbox_waiting=_outbox_waiting(session),
    )


def card_render(session_id: int) -> str:
    """The card as pushed."""
    session = Session.objects.select_related("inbox__owner").get(pk=session_id)
    return render_to_string("whatsapp/_session.html", {"card": card_of(session)})


def _qr_url(session: Session) -> str:
    """A new address with every code, so that the picture changes."""
    return f"{reverse('whatsapp:qr', args=[session.pk])}?n={session.qr_total}"


def _actions(session: Session) -> list[tuple[str, str]]:
    """What a manager may press now, as (label, address)."""
    state, actions = State(session.state), []
    banned = state is State.TEMP_BANNED and session.state_until and session.state_until > now()
    if (state not in LIVE or not session.wanted) and not banned:
        actions.append((_("Connect"), "connect"))
    if session.wanted:
        actions.append((_("Disconnect"), "disconnect"))
    if state is State.ONLINE:
        actions.append((pgettext("WhatsApp session", "Log out"), "logout"))
    return [(label, reverse(f"whatsapp:{name}", args=[session.pk])) for label, name in actions]


def _moment(value: datetime | None) -> Any:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else ""


def _outbox_waiting(session: Session) -> int:
    return Message.objects.filter(conversation__inbox_id=session.inbox_id, state="queued").count()
