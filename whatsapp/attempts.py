"""One attempt to run a session, as the runner and the child write it down. All need the lease's token."""

from datetime import datetime

from django.db.models import F

from crm.core.clock import now
from crm.core.work import service
from whatsapp import policy
from whatsapp.models import Session
from whatsapp.selectors import runnable
from whatsapp.services import session_lock, session_move
from whatsapp.states import ENDED, State


@service
def attempt_begin(*, session_id: int, token: str) -> bool:
    """Count an attempt and show it. False if the session may not run now."""
    session = session_lock(session_id)
    if session.lease_token != token or not Session.objects.filter(runnable(), pk=session_id).exists():
        return False
    Session.objects.filter(pk=session_id).update(last_attempt_at=now(), attempts_total=F("attempts_total") + 1)
    if session.state in (State.ONLINE, State.RECONNECTING):
        return session_move(session_id=session_id, to=State.RECONNECTING, reason="process started again", token=token)
    return session_move(session_id=session_id, to=State.STARTING, token=token)


@service
def attempt_ended(*, session_id: int, token: str, reason: str) -> float | None:
    """The process ended by itself. Returns the seconds to wait before the next one, None to leave the session."""
    session = session_lock(session_id)
    if session.lease_token != token:
        return None
    if not session.wanted:
        session_move(session_id=session_id, to=State.STOPPED, reason="asked", token=token)
        return None
    if session.state in ENDED or session.state == State.STOPPED:
        return None
    failures = session.failures + 1
    Session.objects.filter(pk=session_id).update(failures=failures, failures_total=F("failures_total") + 1)
    if session.state == State.FAILED:
        return None
    reason = session.state_reason if session.state == State.RECONNECTING and session.state_reason else reason
    if policy.gave_up(failures):
        session_move(session_id=session_id, to=State.FAILED, reason=reason, token=token)
        return None
    session_move(session_id=session_id, to=State.RECONNECTING, reason=reason, token=token)
    return policy.next_delay(failures)


@service
def pairing_shown(*, session_id: int, token: str, until: datetime, by: str) -> None:
    """A new QR code (or phone code) is there; `until` is when pairing gives up."""
    session = session_lock(session_id)
    if by == State.AWAITING_QR and session.lease_token == token:
        Session.objects.filter(pk=session_id).update(qr_total=F("qr_total") + 1)
        if session.state == by:
            return  # pages hear of the next code by their own stream
    session_move(session_id=session_id, to=by, until=until, token=token)


@service
def pairing_given_up(*, session_id: int, token: str) -> None:
    """Nobody paired in time: the session is not wanted any more until a person asks again."""
    Session.objects.filter(pk=session_id, lease_token=token).update(wanted=False)
    session_move(session_id=session_id, to=State.STOPPED, reason="pairing timed out", token=token)


@service
def session_online(*, session_id: int, token: str, jid: str, phone: str) -> None:
    changed = {name: value for name, value in (("jid", jid), ("phone", phone)) if value}
    Session.objects.filter(pk=session_id, lease_token=token).update(last_event_at=now(), **changed)
    session_move(session_id=session_id, to=State.ONLINE, token=token)
