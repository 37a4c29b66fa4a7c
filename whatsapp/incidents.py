"""What a running session notices about itself and managers must know."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.core.clock import now
from crm.core.work import service
from whatsapp.models import Session
from whatsapp.rooms import publish_card
from whatsapp.services import trouble_begins

log = structlog.get_logger(__name__)

_COLD_REFUSED = gettext_noop("WhatsApp refuses first messages from %(name)s")


@service
def cold_refused(*, inbox_id: int) -> None:
    """WhatsApp refused a message to somebody new: none is tried for days. Managers are told once."""
    session = Session.objects.select_for_update(of=("self",)).select_related("inbox").filter(inbox_id=inbox_id).first()
    if session is None:
        return
    known = session.cold_blocked_until and session.cold_blocked_until > now()
    session.cold_blocked_until = now() + timedelta(hours=settings.WHATSAPP_COLD_BLOCK_HOURS)
    session.save(update_fields=["cold_blocked_until"])
    publish_card(session.pk)
    log.error("first_messages_refused", session=session.pk, until=session.cold_blocked_until.isoformat())
    if not known:
        trouble_begins(session, "session_cold", _COLD_REFUSED, Level.WARNING)


@service
def disk_noted(*, session_id: int, token: str, full: bool) -> None:
    """The disk under the spool is full, or has room again."""
    ours = Session.objects.filter(pk=session_id, lease_token=token, disk_full_since__isnull=full)
    if ours.update(disk_full_since=now() if full else None):
        publish_card(session_id)


def pulse_noted(
    *, session_id: int, token: str, heard: bool, ignored: int, quarantined: int, memory_mb: int,
    spool_waiting_since: datetime | None,
) -> None:  # fmt: skip
    """With each renewal of the lease."""
    changed = {"last_event_at": now()} if heard else {}
    Session.objects.filter(pk=session_id, lease_token=token).update(
        ignored_total=F("ignored_total") + ignored,
        quarantined_total=F("quarantined_total") + quarantined,
        memory_mb=memory_mb or None,
        spool_waiting_since=spool_waiting_since,
        **changed,
    )
