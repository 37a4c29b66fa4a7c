"""Watching the numbers: figures of the last hour against limits, told to managers when a limit is crossed.

`Session.watched` keeps `points` ([seconds since 1970, attempts, failures, QR codes] of every few minutes for an hour),
the `alerts` that are raised, and `shown`, what the card looked like when it was last pushed from here.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from crm.alerts.models import Level
from crm.core.clock import now
from crm.core.work import service
from whatsapp.alerts import BEGINS, CRITICAL, ENDS, Alert
from whatsapp.figures import Outbox, outbox_of
from whatsapp.models import Session
from whatsapp.rooms import publish_card
from whatsapp.services import session_lock, trouble_begins, trouble_ends
from whatsapp.states import LIVE

HOUR_SECONDS = 3600
POINT_SECONDS = 300
LEAST_ATTEMPTS = 5


@service
def session_watch(*, session_id: int) -> set[str]:
    """Compare a session with the limits, tell managers what began and what ended. Returns the alerts now raised."""
    session = session_lock(session_id)
    outbox = outbox_of(session)
    raised = set(session.watched.get("alerts", []))
    points = _points(session)
    now_raised = _alerts(session, outbox, points[0], raised)
    for alert in Alert:
        if (alert in now_raised) != (alert in raised):
            _tell(session, alert, begins=alert in now_raised)
    shown = _shown(session, outbox)
    changed = now_raised != raised or shown != session.watched.get("shown")
    session.watched = {"points": points, "alerts": sorted(now_raised), "shown": shown}
    session.save(update_fields=["watched"])
    if changed:
        publish_card(session_id)
    return now_raised


def _alerts(session: Session, outbox: Outbox, base: list[int], raised: set[str]) -> set[str]:
    late = timedelta(seconds=settings.WHATSAPP_ALERT_OUTBOX_SECONDS)
    attempts, failures = session.attempts_total - base[1], session.failures_total - base[2]
    found = {
        Alert.FAILURES: _mostly_fails(attempts, failures, again=Alert.FAILURES in raised),
        Alert.QR: session.qr_total - base[3] > settings.WHATSAPP_ALERT_QR_PER_HOUR,
        Alert.MEMORY: session.state in LIVE and (session.memory_mb or 0) > settings.WHATSAPP_ALERT_MEMORY_MB,
        Alert.OUTBOX: session.wanted and outbox.is_stuck(late),
        Alert.DISK: session.disk_full_since is not None,
        Alert.SPOOL: _is_older(session.spool_waiting_since, settings.WHATSAPP_ALERT_SPOOL_SECONDS),
        Alert.SET_ASIDE: session.quarantined_total > 0,
    }
    return {alert.value for alert, is_raised in found.items() if is_raised}


def _is_older(moment: datetime | None, seconds: float) -> bool:
    return moment is not None and moment < now() - timedelta(seconds=seconds)


def _mostly_fails(attempts: int, failures: int, *, again: bool) -> bool:
    """It begins with enough attempts to tell; it lasts while the few cautious ones fail too."""
    if attempts < (1 if again else LEAST_ATTEMPTS):
        return False
    return failures / attempts * 100 > settings.WHATSAPP_ALERT_FAILURE_PERCENT


def _points(session: Session) -> list[list[int]]:
    """The hour's points, the first of which is what the present is compared with."""
    at = int(now().timestamp())
    points = session.watched.get("points", [])
    if not points or at - points[-1][0] >= POINT_SECONDS:
        points = [*points, [at, session.attempts_total, session.failures_total, session.qr_total]]
    while len(points) > 1 and points[1][0] <= at - HOUR_SECONDS:
        points = points[1:]
    return points


def _tell(session: Session, alert: Alert, *, begins: bool) -> None:
    code = f"session_{alert.value}"
    if begins:
        trouble_begins(session, code, BEGINS[alert], Level.CRITICAL if alert in CRITICAL else Level.WARNING)
    else:
        trouble_ends(session, code, ENDS[alert])


def _shown(session: Session, outbox: Outbox) -> list[Any]:
    """What moves on a card without a change of state."""
    minute = session.last_event_at.replace(second=0, microsecond=0).isoformat() if session.last_event_at else ""
    due = outbox.due_since
    return [
        outbox.waiting,
        outbox.unconfirmed,
        due.isoformat() if due else "",
        session.ignored_total,
        session.quarantined_total,
        session.memory_mb,
        session.qr_total,
        minute,
    ]
