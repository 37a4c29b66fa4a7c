"""Facts become deliveries, in the transaction of what happened: what other systems are told stands or falls with it.

A process knows for a few seconds which events anybody wants to hear of, so that what nobody listens to costs nothing;
an endpoint hears from then on, at the latest `KNOWN_SECONDS` after it was made.
"""

import time
import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from crm.core.clock import now
from crm.core.facts import publish
from crm.core.work import service
from crm.webhooks.events import DeliveriesDue
from crm.webhooks.models import Delivery, Endpoint, Event
from crm.webhooks.payloads import Data, envelope

KNOWN_SECONDS = 3.0
_BATCH = 500
# The share lock keeps an endpoint from being deleted under its delivery; it waits for nothing else.
_LISTENERS = "SELECT id FROM webhooks_endpoint WHERE active AND %s = ANY(events) ORDER BY id FOR KEY SHARE"


class _Known:
    """Which events are wanted, as of a moment ago."""

    def __init__(self) -> None:
        self.until, self.events = 0.0, frozenset[str]()

    def wants(self, event: str) -> bool:
        if time.monotonic() >= self.until:
            wanted = Endpoint.objects.filter(active=True).values_list("events", flat=True)
            self.events = frozenset(name for events in wanted for name in events)
            self.until = time.monotonic() + KNOWN_SECONDS
        return event in self.events

    def forget(self) -> None:
        self.until = 0.0


_known = _Known()


def endpoints_changed() -> None:
    """Call it where an endpoint changes: this process looks again, now and once others can see it."""
    _known.forget()
    transaction.on_commit(_known.forget, robust=True)


def is_wanted(event: Event) -> bool:
    """A hint: False is certain but for the last seconds."""
    return _known.wants(event)


@service
def deliveries_add(*, event: Event, said: Sequence[tuple[int | None, Data]]) -> int:
    """One delivery for each endpoint that listens and each thing that happened, which is a lead's id and what is said
    of it. How many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTENERS, [event])
        listeners = [row[0] for row in cursor.fetchall()]
    if not listeners:
        return 0
    at = now()
    rows = [_delivery(endpoint_id, event, at, *each) for each in said for endpoint_id in listeners]
    Delivery.objects.bulk_create(rows, batch_size=_BATCH)
    publish(DeliveriesDue(endpoint_ids=tuple(listeners)))
    return len(rows)


def _delivery(endpoint_id: int, event: Event, at: datetime, lead_id: int | None, data: Data) -> Delivery:
    number = uuid.uuid4()
    return Delivery(
        id=number, endpoint_id=endpoint_id, event=event, lead_id=lead_id, due_at=at, created_at=at,
        payload=envelope(number, event, at, data),
    )  # fmt: skip
