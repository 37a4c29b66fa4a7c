"""Notifications on their way to people's devices.

The row is the queue: claimed, sent outside any transaction, settled. A device shows one notification a tag, so a
message sent again after a crash replaces itself.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.redis import brief, key
from crm.core.work import service
from crm.realtime import webpush
from crm.realtime.models import Notification, PushState, PushSubscription
from crm.realtime.topics import Topic, topic_of

log = structlog.get_logger(__name__)

DEVICES_LIMIT = 10
RETRY_SECONDS = (10, 60, 300, 1800)
ATTEMPTS = len(RETRY_SECONDS) + 1
LEASE_SECONDS = 180  # longer than every device of a person answering as late as it may
_LATEST_SECONDS = 3600  # a push service that asks for more patience than this is not waited for longer
_SWEEP_LIMIT = 500
_URGENT = (Topic.LEADS, Topic.MESSAGES, Topic.TASKS, Topic.SESSIONS)


@dataclass
class _Outcome:
    gone: list[int] = field(default_factory=list)
    failed: bool = False
    retry_after: int = 0


# ---- devices
@service
def device_subscribe(*, user_id: int, endpoint: str, p256dh: str, auth: str, language: str, device: str) -> int:
    """Send this person's notifications to a browser too; whoever had it before no longer. The oldest device goes when
    there are too many. Raises Invalid for an address or keys that are none."""
    if not settings.VAPID_PRIVATE_KEY:
        raise Invalid(_("Notifications on devices are switched off on this server."))
    try:
        if len(endpoint) > 500 or not endpoint.isprintable():
            raise webpush.Refused("no address")
        webpush.check_device(webpush.Device(endpoint, p256dh, auth))
    except webpush.Refused as error:
        raise Invalid(_("This browser's push service cannot be used.")) from error
    row, _created = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "user_id": user_id,
            "p256dh": p256dh,
            "auth": auth,
            "language": language,
            "device": "".join(letter for letter in device if letter.isprintable())[:80],
        },
    )
    older = PushSubscription.objects.filter(user_id=user_id).exclude(pk=row.pk).order_by("-pk")
    PushSubscription.objects.filter(pk__in=list(older.values_list("pk", flat=True)[DEVICES_LIMIT - 1 :])).delete()
    return row.pk


@service
def device_unsubscribe(*, user_id: int, endpoint: str = "", subscription_id: int | None = None) -> int:
    """Leave one of a person's own browsers in peace; how many that were."""
    if not endpoint.isprintable():
        return 0
    devices = PushSubscription.objects.filter(user_id=user_id)
    devices = devices.filter(endpoint=endpoint) if subscription_id is None else devices.filter(pk=subscription_id)
    return devices.delete()[0]


# ---- delivering
def push_due(limit: int = _SWEEP_LIMIT) -> list[int]:
    """Notifications whose time has come: those of a lost doorbell, or of a worker that ended."""
    due = Notification.objects.filter(push_state=PushState.DUE, push_not_before__lte=now())
    return list(due.order_by("pk").values_list("pk", flat=True)[:limit])


def push_deliver(notification_id: int) -> float | None:
    """Send a notification to its reader's devices. Seconds until it should be tried again, or None."""
    notification = push_claim(notification_id=notification_id)
    if notification is None:
        return None
    outcome = _Outcome()
    for subscription in PushSubscription.objects.filter(user_id=notification.user_id).order_by("pk"):
        _send(notification, subscription, outcome)
    return push_settle(
        notification_id=notification_id,
        attempt=notification.push_attempts,
        failed=outcome.failed,
        gone=outcome.gone,
        retry_after=outcome.retry_after,
    )


@service
def push_claim(*, notification_id: int) -> Notification | None:
    """Take a due notification for `LEASE_SECONDS`. None if it is not due, was read, or is another worker's."""
    due = Notification.objects.filter(pk=notification_id, push_state=PushState.DUE, push_not_before__lte=now())
    notification = due.select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
    if notification is None:
        return None
    old = notification.created_at < now() - timedelta(seconds=webpush.TTL_SECONDS)
    if notification.read_at or old or not notification.user.is_active or notification.push_attempts >= ATTEMPTS:
        due.update(push_state=PushState.DROPPED)
        return None
    notification.push_attempts += 1
    notification.push_not_before = now() + timedelta(seconds=LEASE_SECONDS)
    notification.save(update_fields=["push_attempts", "push_not_before"])
    return notification


@service
def push_settle(
    *, notification_id: int, attempt: int, failed: bool, gone: list[int], retry_after: int = 0
) -> float | None:
    """Write down how an attempt went, unless it is no longer the latest. Seconds until the next one, or None."""
    PushSubscription.objects.filter(pk__in=gone).delete()
    claimed = Notification.objects.filter(pk=notification_id, push_state=PushState.DUE, push_attempts=attempt)
    if not failed:
        claimed.update(push_state=PushState.SENT)
        return None
    if attempt >= ATTEMPTS:
        claimed.update(push_state=PushState.DROPPED)
        return None
    wait = max(RETRY_SECONDS[attempt - 1], min(retry_after, _LATEST_SECONDS))
    return wait if claimed.update(push_not_before=now() + timedelta(seconds=wait)) else None


@service
def push_seen(*, user_id: int, notification_id: int) -> bool:
    """It was shown to somebody who is at a page: no device needs to call them."""
    due = Notification.objects.filter(pk=notification_id, user_id=user_id, push_state=PushState.DUE, push_attempts=0)
    return bool(due.update(push_state=PushState.NONE))


def _send(notification: Notification, subscription: PushSubscription, outcome: _Outcome) -> None:
    if _has_it(notification, subscription):
        return
    device = webpush.Device(subscription.endpoint, subscription.p256dh, subscription.auth)
    urgency = "high" if topic_of(notification.kind) in _URGENT else "normal"
    try:
        webpush.send(device, _payload(notification, subscription), topic=f"n{notification.pk}", urgency=urgency)
    except webpush.Gone:
        outcome.gone.append(subscription.pk)
    except webpush.Refused as error:  # asking again would not help
        log.warning("push_refused", subscription=subscription.pk, reason=str(error))
    except webpush.NotNow as error:
        log.info("push_not_now", subscription=subscription.pk, reason=str(error))
        outcome.failed = True
        outcome.retry_after = max(outcome.retry_after, error.retry_after)
    else:
        _remember(notification, subscription)


def _payload(notification: Notification, subscription: PushSubscription) -> bytes:
    """What a lock screen may show: who and what about, never what a client wrote or what the sentence below says."""
    known = dict(settings.LANGUAGES)
    chosen = (subscription.language, notification.user.language, settings.LANGUAGE_CODE)
    with translation.override(next(code for code in chosen if code in known)):
        values = {
            "title": notification.title[:160],
            "body": str(topic_of(notification.kind).label),
            "url": notification.url or "/notifications/all/",
            "tag": f"n{notification.pk}",
        }
    return json.dumps(values, ensure_ascii=False).encode()


# Which devices have a notification while others are tried again. Lost with Redis, its tag still keeps it from showing
# beside itself.
def _has_it(notification: Notification, subscription: PushSubscription) -> bool:
    try:
        return bool(brief().sismember(key("pushed", notification.pk), str(subscription.pk)))
    except RedisError:
        return False


def _remember(notification: Notification, subscription: PushSubscription) -> None:
    name = key("pushed", notification.pk)
    try:
        brief().sadd(name, str(subscription.pk))
        brief().expire(name, webpush.TTL_SECONDS)
    except RedisError:
        log.info("push_not_remembered", notification=notification.pk)
