"""Records of the spool that could not be stored: kept where a person sees them and tries them again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from conversations.inbound import InboundMessage
from conversations.outbox import receipt_apply
from conversations.services import message_receive
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.tracing import span, traced
from crm.core.work import service, unit
from whatsapp.gateways.base import MessageArrived, Spooled, from_bytes
from whatsapp.models import Session, SetAside
from whatsapp.patience import AWAY
from whatsapp.rooms import publish_card

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Waiting:
    """What is known of a record without storing it. `said` is the beginning of a message's text."""

    record: SetAside
    who: str
    said: str
    kind: str
    sent_at: datetime | None


def records_waiting(limit: int = 100) -> list[Waiting]:
    rows = SetAside.objects.select_related("session__inbox").order_by("pk")[:limit]
    return [_waiting(row) for row in rows]


def _waiting(record: SetAside) -> Waiting:
    try:
        event = from_bytes(bytes(record.raw))
    except ValueError:
        return Waiting(record, "", "", "unreadable", None)
    if not isinstance(event, MessageArrived):
        return Waiting(record, "", "", "receipt", event.at)
    return Waiting(record, event.push_name or event.phone or "", event.text[:120], event.kind, event.sent_at)


def event_store(inbox_id: int, event: Spooled) -> None:
    """One event into the database; harmless when repeated. What an earlier version spooled gets its trace here."""
    if isinstance(event, MessageArrived):
        with traced(event.trace_id), span("whatsapp.receive", kind=event.kind):
            message = message_receive(inbox_id=inbox_id, inbound=InboundMessage(**vars(event)))
            log.info("message_received", inbox=inbox_id, message=message.pk if message else None, kind=event.kind)
        return
    with traced(event.trace_id), span("whatsapp.receipt", state=event.state):
        receipt_apply(
            inbox_id=inbox_id,
            chat=event.chat,
            provider_ids=list(event.provider_ids),
            state=event.state,
            at=event.at,
        )


@service
def record_keep(*, inbox_id: int, raw: bytes, error: str) -> None:
    """Set a record aside. Raises whatever the database raises: then it belongs into a file."""
    session_id = Session.objects.values_list("pk", flat=True).get(inbox=inbox_id)
    SetAside.objects.create(session_id=session_id, raw=raw, error=error[:80])


def record_retry(*, record_id: int) -> None:
    """Store a record after all. Raises Conflict, with the error, where it still cannot be, and NotFound."""
    record = _record(record_id)
    try:
        event = from_bytes(bytes(record.raw))
        with unit():
            event_store(record.session.inbox_id, event)
            _settle(record)
    except AWAY:
        raise
    except Exception as error:
        name = type(error).__name__
        log.warning("record_refused_again", record=record_id, error=name)
        SetAside.objects.filter(pk=record_id).update(attempts=F("attempts") + 1, tried_at=now(), error=name[:80])
        message = _("It still cannot be stored (%(error)s).") % {"error": name}
        raise Conflict(message, code="still_refused") from error


@service
def record_drop(*, record_id: int, user_id: int) -> None:
    """A manager decides that a record is not worth keeping."""
    log.warning("record_dropped", record=record_id, user=user_id)
    _settle(_record(record_id))


@service
def records_forget(ids: Collection[int]) -> int:
    """Nobody will store these any more: they are too old, or name somebody who was erased. How many there were."""
    records = SetAside.objects.filter(pk__in=ids).defer("raw").order_by("pk")
    return sum(_settle(record) for record in records)


def _record(record_id: int) -> SetAside:
    record = SetAside.objects.select_related("session").filter(pk=record_id).first()
    if record is None:
        raise NotFound
    return record


def _settle(record: SetAside) -> int:
    gone, _rows = SetAside.objects.filter(pk=record.pk).delete()
    if gone:
        left = Greatest(F("quarantined_total") - 1, 0)
        Session.objects.filter(pk=record.session_id).update(quarantined_total=left)
        publish_card(record.session_id)
    return gone
