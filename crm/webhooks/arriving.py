"""What a source sends becomes a lead, once: the row stands for the event, however often it is sent."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.phones import phone_identity
from crm.core.work import service
from crm.webhooks.mapping import Reading, read
from crm.webhooks.models import Arrival, ArrivalState, Source
from crm.webhooks.paths import find
from leads.actors import SYSTEM, Actor
from leads.consents import consent_add
from leads.models import ConsentSource, Purpose
from leads.models import Source as LeadSource
from leads.services import lead_create, lead_of_phone


@dataclass(frozen=True)
class Sent:
    """A body as it came. `raw` and `given` (the Idempotency-Key) are only for telling it from others."""

    body: Any
    raw: bytes = b""
    given: str = ""


# Locks the row, whoever wrote it, and waits for who is just about to.
_TAKE = """
INSERT INTO webhooks_arrival AS known (source_id, key, state, body, errors, lead_id, times, at)
VALUES (%s, %s, 'refused', NULL, '{}', NULL, 1, %s)
ON CONFLICT (source_id, key) DO UPDATE SET times = known.times + 1 RETURNING id
"""


@service
def arrival_take(*, source: Source, sent: Sent) -> Arrival:
    """What became of it; sent again, what became of it then. One that was refused is read anew, as it comes now."""
    reading = read(sent.body, source.mapping)
    _hold_phone(reading)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [source.pk, arrival_key(source, sent), now()])
        (pk,) = cursor.fetchone()
    arrival = Arrival.objects.select_for_update().get(pk=pk)
    if arrival.state == ArrivalState.REFUSED:
        arrival.body = sent.body
        _settle(arrival, reading)
    return arrival


@service
def arrival_again(*, arrival_id: int, actor: Actor) -> Arrival:
    """Read a refused one with the mapping of today. Raises NotFound, and Conflict where there is nothing to do."""
    rows = Arrival.objects.filter(pk=arrival_id, body__isnull=False)
    seen = rows.select_related("source").first()
    if seen is None:
        raise NotFound
    reading = read(seen.body, seen.source.mapping)
    _hold_phone(reading)
    arrival = rows.select_for_update().first()
    if arrival is None:
        raise NotFound
    if arrival.state != ArrivalState.REFUSED:
        raise Conflict(_("This one is a lead already."), code="taken")
    _settle(arrival, reading, actor)
    return arrival


def _hold_phone(reading: Reading) -> None:
    """A phone is held before any row, here as in an erasure, which ends at the rows of arrivals."""
    if phone := reading.values.get("phone"):
        lead_of_phone(phone_identity(phone))


def arrival_key(source: Source, sent: Sent) -> str:
    """By which the same event is known again: its own number, or the sender's Idempotency-Key, or the body itself.

    Kept as a digest: a number may be a phone, and it outlives an erasure so that the erased does not come back. Where
    bodies are signed the header does not count, since nobody signs it.
    """
    number = find(sent.body, source.id_path) if source.id_path else None
    if number is not None and not isinstance(number, dict) and str(number).strip():
        told = f"number:{number}".encode()
    elif sent.given and not source.signing_secret:
        told = f"header:{sent.given}".encode()
    else:
        told = b"body:" + sent.raw
    return hmac.new(settings.SECRET_KEY.encode(), b"webhook-arrival:" + told, sha256).hexdigest()


def _settle(arrival: Arrival, reading: Reading, actor: Actor = SYSTEM) -> None:
    arrival.errors = reading.errors
    if not reading.refused:
        arrival.lead_id, created = _lead(arrival, reading, actor)
        arrival.state = ArrivalState.TAKEN if created else ArrivalState.KNOWN
    arrival.save(update_fields=["state", "body", "errors", "lead_id"])


def _lead(arrival: Arrival, reading: Reading, actor: Actor) -> tuple[int, bool]:
    lead, created = lead_create(values=reading.values, source=LeadSource.API, actor=actor, tracking=reading.tracking)
    if reading.consent:
        consent_add(
            lead_id=lead.pk, purpose=Purpose.WHATSAPP, given=True, source=ConsentSource.API, actor=actor,
            evidence={"webhook": arrival.source_id, "arrival": arrival.pk}, at=reading.consented_on,
        )  # fmt: skip
    return lead.pk, created


def arrivals_forget() -> int:
    """Delete what is older than `WEBHOOK_KEEP_DAYS`; how many were."""
    before = now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    return Arrival.objects.filter(at__lt=before).delete()[0]
