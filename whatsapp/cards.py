"""How a session looks on its page: the same card for the page, an answer and a push."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.core.clock import now
from whatsapp.alerts import REMEDIES, Alert
from whatsapp.figures import Outbox, outbox_of
from whatsapp.models import Session, SessionHistory
from whatsapp.states import ENDED, LIVE, State
from whatsapp.words import remedy, sentence

HISTORY_SHOWN = 20


@dataclass(frozen=True)
class Notice:
    """Something that needs a look; `url` leads to where it can be dealt with."""

    level: str  # danger, warn or info
    text: Any
    remedy: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Card:
    """Holds no secret: it is pushed, and what is pushed is kept for a day."""

    session: Session
    sentence: str
    remedy: str
    notices: list[Notice]
    stream_url: str | None
    by_code: bool
    code_url: str | None
    pairing_deadline: datetime | None
    actions: list[tuple[str, str, str]]
    history: list[SessionHistory]
    outbox: Outbox


def card_of(session: Session) -> Card:
    state = State(session.state)
    pairing_now = state in (State.AWAITING_QR, State.AWAITING_CODE)
    outbox = outbox_of(session)
    return Card(
        session=session,
        sentence=sentence(state, until=_moment(session.state_until), reason=session.state_reason),
        remedy=remedy(state, reason=session.state_reason),
        notices=list(_notices(session, outbox)),
        stream_url=reverse("whatsapp_events:qr", args=[session.pk]) if pairing_now else None,
        by_code=state is State.AWAITING_CODE,
        code_url=reverse("whatsapp:code", args=[session.pk]) if pairing_now else None,
        pairing_deadline=session.state_until if pairing_now else None,
        actions=_actions(session),
        history=list(session.history.all()[:HISTORY_SHOWN]),
        outbox=outbox,
    )


def card_render(session_id: int) -> str:
    """The card as pushed."""
    session = Session.objects.select_related("inbox__owner").get(pk=session_id)
    return render_to_string("whatsapp/_session.html", {"card": card_of(session)})


def _actions(session: Session) -> list[tuple[str, str, str]]:
    """What a manager may press now, as (label, address, look)."""
    state, actions = State(session.state), []
    banned = state is State.TEMP_BANNED and session.state_until and session.state_until > now()
    if (state not in LIVE or not session.wanted) and not banned:
        actions.append((_("Connect"), "connect", "accent"))
    if session.wanted and state not in ENDED - {State.TEMP_BANNED}:  # the others end by a person's Connect only
        actions.append((_("Disconnect"), "disconnect", "quiet"))
    if state is State.ONLINE:
        actions.append((pgettext("WhatsApp session", "Log out"), "logout", "quiet danger"))
    return [(label, reverse(f"whatsapp:{name}", args=[session.pk]), look) for label, name, look in actions]


def _notices(session: Session, outbox: Outbox) -> Iterator[Notice]:
    raised = set(session.watched.get("alerts", []))
    if session.disk_full_since:
        yield Notice("danger", Alert.DISK.label, REMEDIES[Alert.DISK])
    if session.cold_blocked_until and session.cold_blocked_until > now():
        text = _("WhatsApp refuses messages to people who never wrote to this number. None is tried before %(until)s.")
        yield Notice("warn", text % {"until": _moment(session.cold_blocked_until)}, _("All other messages leave."))
    if session.quarantined_total:
        yield Notice("warn", Alert.SET_ASIDE.label, REMEDIES[Alert.SET_ASIDE])
    for alert in (Alert.SPOOL, Alert.OUTBOX, Alert.FAILURES, Alert.QR, Alert.MEMORY):
        if alert in raised:
            yield Notice("warn", alert.label, REMEDIES[alert])
    if outbox.unconfirmed:
        text = ngettext(
            "%(n)s message may or may not have left. Decide whether it goes out again.",
            "%(n)s messages may or may not have left. Decide whether they go out again.",
            outbox.unconfirmed,
        )
        url = reverse("conversations:detail", args=[outbox.first_unconfirmed])
        yield Notice("info", text % {"n": outbox.unconfirmed}, url=url)


def _moment(value: datetime | None) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT") if value else ""
