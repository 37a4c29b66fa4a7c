"""Deliveries on their way: claimed, posted outside any transaction, settled.

A worker that ends in between leaves a claim that runs out; the delivery is then sent again under the same id, so that
it arrives at least once. One endpoint is spoken to at most `AT_ONCE` at a time and all of them together at most
`TOGETHER`: however slow some are, the workers have other work.
"""

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from redis.exceptions import RedisError

from crm.core import outward
from crm.core.clock import now
from crm.core.redis import brief, key
from crm.core.text import clean_text
from crm.core.work import service
from crm.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from crm.webhooks.payloads import Data, body_of
from crm.webhooks.signing import signature_header
from crm.webhooks.switching import ENDED, FAILING, endpoint_disable, endpoint_recovered

AT_ONCE, TOGETHER = 2, 12
DRAIN_SECONDS = 20.0
AGENT = "Livia-Webhooks/1"
BACKOFF = (10, 30, 120, 600, 1800, 3600, 7200, 14400)  # seconds; the last one again and again
_JITTER = 0.1
_LATEST_SECONDS = 3600  # whoever asks for more patience than this is not waited for longer
_GONE = 410
_RESTS_FROM, _FIRST_REST, _LONGEST_REST = 3, 10, 300
_EXCERPT = 500
ERASED, EXPIRED = "erased", "expired"


@dataclass(frozen=True)
class Result:
    """How an attempt went. `status` is None where there was no answer."""

    ms: int
    status: int | None = None
    error: str = ""
    excerpt: str = ""
    retry_after: int = 0
    at: datetime = field(default_factory=now)

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


# ---- one endpoint after the other
def endpoints_due() -> list[int]:
    """Endpoints for which something waits: of a lost doorbell, of a worker that ended, or to be tried again."""
    rows = Delivery.objects.filter(_left() | _waiting(), endpoint__active=True).order_by()
    return list(rows.values_list("endpoint_id", flat=True).distinct()[:500])


def endpoint_drain(endpoint_id: int, seconds: float = DRAIN_SECONDS) -> bool:
    """Send what waits for an endpoint, the oldest first; True if it stopped because of the time it took."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        delivery = delivery_claim(endpoint_id=endpoint_id)
        if delivery is None or delivery.claimed_at is None:
            return False
        result = delivery_post(delivery.endpoint, delivery.event, str(delivery.pk), delivery.payload or {})
        delivery_settle(delivery_id=delivery.pk, claimed_at=delivery.claimed_at, result=result)
    return True


def _lease() -> timedelta:
    return timedelta(seconds=settings.WEBHOOK_SECONDS + 60)  # a name server takes its own time


def _left() -> Q:
    """What a worker that ended left."""
    return Q(state=DeliveryState.SENDING, claimed_at__lte=now() - _lease())


def _waiting() -> Q:
    return Q(state=DeliveryState.WAITING, due_at__lte=now())


def _oldest(endpoint_id: int) -> Delivery | None:
    """Asked for one after the other: for both in one question PostgreSQL walks through all that was ever sent."""
    for due in (_left(), _waiting()):
        rows = Delivery.objects.filter(due, endpoint=endpoint_id).order_by("created_at", "pk")
        if found := rows.select_for_update(skip_locked=True, of=("self",)).first():
            return found
    return None


@service
def delivery_claim(*, endpoint_id: int) -> Delivery | None:
    """Take the oldest delivery that is due; None if there is none, or if others speak to this endpoint already."""
    endpoint = _lock(endpoint_id)
    if endpoint is None or not endpoint.active or _rests(endpoint_id):
        return None
    moment = now()
    busy = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__gt=moment - _lease())
    if busy.filter(endpoint=endpoint).count() >= AT_ONCE or busy.count() >= TOGETHER:
        return None
    delivery = _oldest(endpoint_id)
    if delivery is None:
        return None
    delivery.endpoint, delivery.state, delivery.claimed_at = endpoint, DeliveryState.SENDING, moment
    delivery.tries += 1
    delivery.save(update_fields=["state", "claimed_at", "tries"])
    return delivery


def _lock(endpoint_id: int) -> Endpoint | None:
    """Whoever claims or settles for an endpoint does so one after the other; new deliveries do not wait for it."""
    return Endpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id).first()


# ---- over the network
def delivery_post(endpoint: Endpoint, event: str, number: str, payload: Data) -> Result:
    """Speak to the endpoint once; every way this can go is a result."""
    body, at, began = body_of(payload), now(), time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Livia-Event": event,
        "Livia-Delivery": number,
        "Livia-Signature": signature_header(endpoint, at, body),
    }
    private = settings.WEBHOOK_ALLOW_PRIVATE
    try:
        answer = outward.post(
            endpoint.url, body=body, headers=headers, seconds=settings.WEBHOOK_SECONDS, private=private
        )
    except (outward.Refused, outward.Failed) as error:
        return Result(_ms(began), error=str(error)[:200], at=at)
    excerpt = clean_text(answer.body.decode("utf-8", "replace"), limit=_EXCERPT)
    later = _seconds_asked(answer.headers.get("retry-after", ""))
    return Result(_ms(began), answer.status, excerpt=excerpt, retry_after=later, at=at)


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _seconds_asked(text: str) -> int:
    """What a Retry-After says, in seconds or as a moment, within reason."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), _LATEST_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return 0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0, min(int((at - now()).total_seconds()), _LATEST_SECONDS))


# ---- afterwards
@service
def delivery_settle(*, delivery_id: UUID, claimed_at: datetime, result: Result) -> Delivery | None:
    """Write down how an attempt went; None if the claim was lost meanwhile, and somebody else's attempt counts."""
    mine = Delivery.objects.filter(pk=delivery_id, claimed_at=claimed_at)
    endpoint_id = mine.values_list("endpoint_id", flat=True).first()
    endpoint = _lock(endpoint_id) if endpoint_id else None
    delivery = mine.select_for_update(of=("self",)).first() if endpoint else None
    if endpoint is None or delivery is None:
        return None
    delivery.claimed_at, delivery.status, delivery.error = None, result.status, result.error
    erased = delivery.payload is None
    Attempt.objects.create(
        delivery=delivery, at=result.at, ms=result.ms, status=result.status, error=result.error,
        excerpt="" if erased else result.excerpt,
    )  # fmt: skip
    if result.is_taken:
        _settled(delivery, DeliveryState.DELIVERED)
    elif erased:
        _settled(delivery, DeliveryState.DEAD, ERASED)
    else:
        _again(delivery, result)
    delivery.save()
    _judge(endpoint, result)
    return delivery


def _settled(delivery: Delivery, state: DeliveryState, error: str = "") -> None:
    delivery.state, delivery.settled_at, delivery.error = state, now(), error or delivery.error


def _again(delivery: Delivery, result: Result) -> None:
    """Later, or never again: what is resent after that is tried once."""
    wait = BACKOFF[min(delivery.tries, len(BACKOFF)) - 1] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
    due = now() + timedelta(seconds=max(wait, result.retry_after))
    if result.status == _GONE or due > delivery.created_at + timedelta(hours=settings.WEBHOOK_RETRY_HOURS):
        _settled(delivery, DeliveryState.DEAD)
    else:
        delivery.state, delivery.due_at = DeliveryState.WAITING, due


def _judge(endpoint: Endpoint, result: Result) -> None:
    if result.is_taken:
        if endpoint.failures:
            endpoint_recovered(endpoint)
        return
    endpoint.failures += 1
    endpoint.save(update_fields=["failures"])
    if result.status == _GONE:
        endpoint_disable(endpoint, ENDED)
    elif endpoint.failures >= settings.WEBHOOK_DISABLE_AFTER:
        endpoint_disable(endpoint, FAILING)
    else:
        _rest(endpoint, result.retry_after)


# An endpoint that fails again and again is left alone for a while, whatever waits for it: else a hundred waiting
# deliveries would use up its chances within seconds. Lost with Redis, it is asked a little too often.
def _rest(endpoint: Endpoint, retry_after: int) -> None:
    doublings = min(endpoint.failures - _RESTS_FROM, 10)
    own = _FIRST_REST * 2**doublings if doublings >= 0 else 0
    seconds = min(max(own, retry_after), _LONGEST_REST)
    if seconds:
        try:
            brief().set(key("webhook-rests", endpoint.pk), 1, ex=seconds)
        except RedisError:
            return


def _rests(endpoint_id: int) -> bool:
    try:
        return bool(brief().exists(key("webhook-rests", endpoint_id)))
    except RedisError:
        return False


def rest_end(endpoint_id: int) -> None:
    try:
        brief().delete(key("webhook-rests", endpoint_id))
    except RedisError:
        return


# ---- upkeep
@service
def deliveries_expire() -> int:
    """What waited for a whole retry time while its endpoint was switched off is given up, and so is what a worker left
    there; how many."""
    since = now() - timedelta(hours=settings.WEBHOOK_RETRY_HOURS)
    long_ago = Q(due_at__lt=since) & (Q(state=DeliveryState.WAITING) | _left())
    rows = Delivery.objects.filter(long_ago, endpoint__active=False)
    return rows.update(state=DeliveryState.DEAD, error=EXPIRED, settled_at=now(), claimed_at=None)


@service
def deliveries_prune() -> int:
    """Forget what is older than WEBHOOK_KEEP_DAYS; how many."""
    since = now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    settled = [DeliveryState.DELIVERED, DeliveryState.DEAD]
    old = Delivery.objects.filter(created_at__lt=since, state__in=settled).order_by().values("pk")[:5000]
    return Delivery.objects.filter(pk__in=old).delete()[1].get("webhooks.Delivery", 0)
