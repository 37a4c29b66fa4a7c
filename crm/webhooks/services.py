"""What managers do with outgoing webhooks. Sending is `sending.py`'s."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.core import outward
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.facts import publish
from crm.core.text import clean_line
from crm.core.work import service
from crm.webhooks.events import DeliveriesDue
from crm.webhooks.models import Delivery, DeliveryState, Endpoint, Event
from crm.webhooks.payloads import PING, envelope
from crm.webhooks.sending import Result, delivery_post, rest_end
from crm.webhooks.signing import secret_new
from crm.webhooks.switching import alert_end
from crm.webhooks.telling import endpoints_changed

MOST_ENDPOINTS = 50
_DELETE = (
    "DELETE FROM webhooks_attempt WHERE delivery_id IN (SELECT id FROM webhooks_delivery WHERE endpoint_id = %s)",
    "DELETE FROM webhooks_delivery WHERE endpoint_id = %s",
)
OVERLAP = timedelta(hours=24)  # how long the secret before signs too


@service
def endpoint_create(*, name: str, url: str, events: Iterable[str], creator: User, request: Any = None) -> Endpoint:
    """A new endpoint; its `secret` is shown now and never again. Raises Invalid, and Conflict if there are too many."""
    if Endpoint.objects.count() >= MOST_ENDPOINTS:
        raise Conflict(_("There are too many webhooks. Delete one that is not needed any more."), code="too_many")
    values = _checked(name, url, events)
    endpoint = Endpoint.objects.create(**values, secret=secret_new(), creator=creator)
    _changed(endpoint, "created", creator, request)
    return endpoint


@service
def endpoint_update(
    *, endpoint_id: int, name: str, url: str, events: Iterable[str], by: User, request: Any = None
) -> Endpoint:
    """Raises Invalid and NotFound."""
    values = _checked(name, url, events)
    endpoint = endpoint_lock(endpoint_id)
    for field, value in values.items():
        setattr(endpoint, field, value)
    endpoint.save(update_fields=[*values])
    _changed(endpoint, "changed", by, request)
    return endpoint


def _checked(name: str, url: str, events: Iterable[str]) -> dict[str, Any]:
    name, url, wanted = clean_line(name, limit=80), url.strip(), set(events)
    if not name:
        raise Invalid(_("Give it a name."), fields={"name": _("This field may not be blank.")})
    if not wanted or not wanted <= set(Event.values):
        raise Invalid(_("Choose what it is told of."), fields={"events": _("Choose at least one.")})
    try:
        outward.target_of(url, private=settings.WEBHOOK_ALLOW_PRIVATE)
    except outward.Refused as error:
        text = _("This must be a public address that begins with https://, without a login in it.")
        raise Invalid(text, fields={"url": text}) from error
    if len(url) > 500:
        raise Invalid(_("This address is too long."), fields={"url": _("This address is too long.")})
    return {"name": name, "url": url, "events": [event for event in Event.values if event in wanted]}


def endpoint_lock(endpoint_id: int) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound
    return endpoint


@service
def endpoint_rotate(*, endpoint_id: int, by: User, request: Any = None) -> Endpoint:
    """A new secret; for a day the one before signs beside it."""
    endpoint = endpoint_lock(endpoint_id)
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, now() + OVERLAP
    endpoint.secret = secret_new()
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _changed(endpoint, "secret", by, request)
    return endpoint


@service
def endpoint_pause(*, endpoint_id: int, by: User, request: Any = None) -> Endpoint:
    """It hears of nothing new; what waits is kept."""
    endpoint = endpoint_lock(endpoint_id)
    if endpoint.active:
        endpoint.active, endpoint.disabled_why, endpoint.disabled_at = False, "", now()
        endpoint.save(update_fields=["active", "disabled_why", "disabled_at"])
        _changed(endpoint, "paused", by, request)
    return endpoint


@service
def endpoint_resume(*, endpoint_id: int, by: User, request: Any = None) -> Endpoint:
    """It is told again, of what waits first."""
    endpoint = endpoint_lock(endpoint_id)
    if not endpoint.active:
        endpoint.active, endpoint.disabled_why, endpoint.disabled_at, endpoint.failures = True, "", None, 0
        endpoint.save(update_fields=["active", "disabled_why", "disabled_at", "failures"])
        Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING, due_at__gt=now()).update(due_at=now())
        alert_end(endpoint)
        rest_end(endpoint.pk)
        _changed(endpoint, "resumed", by, request)
        publish(DeliveriesDue(endpoint_ids=(endpoint.pk,)))
    return endpoint


@service
def endpoint_delete(*, endpoint_id: int, by: User, request: Any = None) -> None:
    """With all its deliveries. Raises NotFound."""
    endpoint = endpoint_lock(endpoint_id)
    alert_end(endpoint)
    _changed(endpoint, "deleted", by, request)
    with connection.cursor() as cursor:  # there may be a hundred thousand, and a person waits
        for statement in _DELETE:
            cursor.execute(statement, [endpoint.pk])
    endpoint.delete()


def _changed(endpoint: Endpoint, change: str, by: User, request: Any) -> None:
    endpoints_changed()
    data = {"webhook": endpoint.pk, "name": endpoint.name, "change": change}
    security_event(kind=SecurityKind.WEBHOOK_CHANGED, user=by, by=by, request=request, **data)


def endpoint_test(endpoint: Endpoint) -> Result:
    """Send an event that says nothing, now and outside any transaction, and see what the endpoint answers. It is no
    delivery: nothing is kept, and the endpoint's failures are not counted."""
    number = uuid.uuid4()
    return delivery_post(endpoint, PING, str(number), envelope(number, PING, now(), {}))


# ---- again
@service
def delivery_resend(*, delivery_id: uuid.UUID) -> Delivery:
    """Send one again, now, under the same id. Raises NotFound, and Conflict for one under way or without content."""
    endpoint_id = Delivery.objects.filter(pk=delivery_id).values_list("endpoint_id", flat=True).first()
    if endpoint_id is None:
        raise NotFound
    endpoint = endpoint_lock(endpoint_id)
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if delivery.payload is None:
        raise Conflict(_("Its client was erased: there is nothing left to send."), code="erased")
    if delivery.state == DeliveryState.SENDING:
        raise Conflict(_("It is being sent right now."), code="sending")
    if not endpoint.active:
        raise Conflict(_("This webhook is switched off. Switch it on first."), code="inactive")
    Delivery.objects.filter(pk=delivery_id).update(**_anew())
    rest_end(endpoint_id)
    publish(DeliveriesDue(endpoint_ids=(endpoint_id,)))
    delivery.refresh_from_db()
    return delivery


@service
def deliveries_resend(*, endpoint_id: int, days: int) -> int:
    """Send again what was given up in the last so many days; how many. Raises NotFound and Conflict."""
    endpoint = endpoint_lock(endpoint_id)
    if not endpoint.active:
        raise Conflict(_("This webhook is switched off. Switch it on first."), code="inactive")
    since = now() - timedelta(days=max(1, min(days, 3650)))
    dead = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.DEAD, settled_at__gte=since)
    count = dead.filter(payload__isnull=False).update(**_anew())
    if count:
        rest_end(endpoint_id)
        publish(DeliveriesDue(endpoint_ids=(endpoint_id,)))
    return count


def _anew() -> dict[str, Any]:
    return {"state": DeliveryState.WAITING, "tries": 0, "due_at": now(), "settled_at": None}
