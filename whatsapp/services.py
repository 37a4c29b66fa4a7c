"""What changes about sessions. Every change of state is checked against the table, kept, and shown."""

import math
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound, TooSoon
from crm.core.facts import publish as publish_fact
from crm.core.phones import phone_normalise
from crm.core.work import service
from whatsapp import pairing
from whatsapp.events import SessionMoved, SessionWanted
from whatsapp.gateways.registry import available
from whatsapp.lease import sessions_free
from whatsapp.models import Session, SessionHistory
from whatsapp.rooms import publish_card
from whatsapp.states import ENDED, LIVE, TROUBLE, State, may_move

log = structlog.get_logger(__name__)

_TITLES = {
    State.LOGGED_OUT: gettext_noop("%(name)s was logged out of WhatsApp"),
    State.TEMP_BANNED: gettext_noop("WhatsApp blocked %(name)s for a while"),
    State.OUTDATED: gettext_noop("%(name)s: WhatsApp asks for an update"),
    State.CONFLICT: gettext_noop("%(name)s was opened elsewhere"),
    State.FAILED: gettext_noop("%(name)s does not connect"),
}
_RECOVERED = gettext_noop("%(name)s is connected again")
TROUBLE_CODE = "session"  # of the alert that a number is out of order


def session_lock(session_id: int) -> Session:
    """The row, locked until the end of the unit of work. Raises NotFound."""
    session = Session.objects.select_for_update(of=("self",)).select_related("inbox").filter(pk=session_id).first()
    if session is None:
        raise NotFound
    return session


@service
def session_move(
    *, session_id: int, to: str, reason: str = "", until: datetime | None = None, token: str | None = None
) -> bool:
    """Take the session to another state. An illegal move, or one by a process that lost its lease, is refused and
    logged: False. Being there already is no move: True."""
    session = session_lock(session_id)
    if token is not None and session.lease_token != token:
        log.warning("session_move_without_lease", session=session_id, to=to)
        return False
    return _move(session, State(to), reason, until)


def _move(session: Session, to: State, reason: str, until: datetime | None) -> bool:
    origin = State(session.state)
    if origin is to:
        return _stay(session, until)
    if not may_move(origin, to):
        log.warning("session_move_refused", session=session.pk, origin=origin, to=to, reason=reason)
        return False
    session.state, session.state_reason, session.state_until = to, reason[:200], until
    session.state_changed_at = now()
    _count(session, origin, to)
    _tell_managers(session, to)
    session.save()
    SessionHistory.objects.create(session=session, from_state=origin, to_state=to, reason=reason[:200])
    publish_fact(SessionMoved(session.pk, origin, to))
    publish_card(session.pk)
    log.info("session_moved", session=session.pk, origin=origin, to=to, reason=reason)
    return True


def _stay(session: Session, until: datetime | None) -> bool:
    if until is not None:
        session.state_until = until
        session.save(update_fields=["state_until"])
    publish_card(session.pk)
    return True


def _count(session: Session, origin: State, to: State) -> None:
    if to is State.ONLINE:
        session.failures = 0
        session.successes_total += 1
        session.reconnects_total += origin is State.RECONNECTING


def _tell_managers(session: Session, to: State) -> None:
    """Trouble is told once; so is its end. A state only a person ends is always told."""
    if to in TROUBLE and (to in ENDED or not session.alarmed):
        session.alarmed = True
        trouble_begins(session, TROUBLE_CODE, _TITLES[to], Level.CRITICAL)
    elif to is State.ONLINE and session.alarmed:
        session.alarmed = False
        trouble_ends(session, TROUBLE_CODE, _RECOVERED)


def trouble_begins(session: Session, code: str, title: str, level: Level) -> None:
    """Raise an alert about a number. `title` is a message id with `%(name)s` for the number's name."""
    data, url = {"name": session.inbox.name}, reverse("whatsapp:sessions")
    alert_raise(code=code, key=str(session.pk), level=level, title=title, data=data, url=url, kind="session_trouble")


def trouble_ends(session: Session, code: str, title: str = "") -> None:
    """It is over; without a title a person has just ended it, and nobody needs to be told."""
    alert_clear(code=code, key=str(session.pk), title=title, kind="session_recovered", quietly=not title)


# ---- what a person asks for
@service
def session_connect(*, session_id: int) -> None:
    """Ask for the connection. Raises TooSoon within seconds of the last attempt, Conflict during a ban or where the
    session's gateway is not available."""
    session = session_lock(session_id)
    if session.gateway not in available():
        raise Conflict(_("This installation cannot connect this kind of number."), code="no_gateway")
    _refuse_hurry(session)
    if session.state == State.TEMP_BANNED and session.state_until and session.state_until > now():
        raise Conflict(_("WhatsApp blocks this number until then. Wait for the end of the block."), code="banned")
    session.wanted, session.failures, session.last_attempt_at = True, 0, now()
    session.save(update_fields=["wanted", "failures", "last_attempt_at"])
    if session.state in LIVE:
        publish_card(session.pk)
    else:
        _move(session, State.STARTING, "asked", None)
    publish_fact(SessionWanted(session.pk))


def _refuse_hurry(session: Session) -> None:
    if session.last_attempt_at is None:
        return
    ready = session.last_attempt_at + timedelta(seconds=settings.WHATSAPP_ATTEMPT_GAP_SECONDS)
    if ready > now():
        wait = max(math.ceil((ready - now()).total_seconds()), 1)
        raise TooSoon(_("It was tried a moment ago. Wait a few seconds."), retry_after=wait)


@service
def session_disconnect(*, session_id: int) -> None:
    """Ask for the end of the connection. The credentials stay: connecting again needs no pairing."""
    session = session_lock(session_id)
    session.wanted = session.alarmed = False
    session.save(update_fields=["wanted", "alarmed"])
    trouble_ends(session, TROUBLE_CODE)
    if sessions_free().filter(pk=session.pk).exists():
        _move(session, State.STOPPED, "asked", None)
    publish_card(session.pk)


@service
def session_logout(*, session_id: int) -> None:
    """Have WhatsApp forget this device. Raises Conflict unless the session is online."""
    session = session_lock(session_id)
    if session.state != State.ONLINE:
        raise Conflict(_("Only a connected number can be logged out. Connect it first."), code="not_online")
    transaction.on_commit(lambda: pairing.order_put(session_id, do="log_out"), robust=True)


@service
def session_ask_code(*, session_id: int, phone: str) -> None:
    """Pair by a code typed on the phone instead of the QR code. Raises Conflict unless pairing, Invalid."""
    digits = phone_normalise(phone).lstrip("+")
    session = session_lock(session_id)
    if session.state not in (State.AWAITING_QR, State.AWAITING_CODE):
        raise Conflict(_("This number is not waiting to be paired. Press Connect first."), code="not_pairing")
    transaction.on_commit(lambda: pairing.order_put(session_id, do="pair_code", phone=digits), robust=True)


@service
def session_requeued(*, session_id: int) -> None:
    """The messages set aside lie in the spool again: what is refused once more is counted anew."""
    session = session_lock(session_id)
    session.quarantined_total = 0
    session.save(update_fields=["quarantined_total"])
    publish_card(session_id)
