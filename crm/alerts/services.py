"""Raising alerts, clearing them, and what a manager does about one.

Whoever notices a matter calls `alert_raise` whenever it is noticed, and `alert_clear` when it is not there any more:
both know whether that is news. Managers are told when it begins, when it gets worse, and when it ends; what comes and
goes is not told again within ALERT_REPEAT_MINUTES, but it is told then if it still stands.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.accounts.models import Role, User
from crm.alerts.events import AlertCleared, AlertRaised
from crm.alerts.models import Alert, Level
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.facts import publish
from crm.core.locks import lock_then
from crm.core.text import clean_text
from crm.core.work import service
from crm.realtime.publish import notify

NOTE_LENGTH = 1000
OVER_KIND = "alert_over"
_OVER = gettext_noop("This is over.")
_ORDER = [Level.INFO, Level.WARNING, Level.CRITICAL]
_FIND = "SELECT id FROM alerts_alert WHERE code = %s AND key = %s AND cleared_at IS NULL FOR UPDATE"


@service
def alert_raise(
    *, code: str, key: str = "", level: Level, title: str, body: str = "", data: Mapping[str, Any], url: str = "",
    kind: str = "alert",
) -> Alert:  # fmt: skip
    """Say that something is the matter. `title` and `body` are message ids, filled from `data`; `kind` is that of the
    notification, which decides how it reaches people (crm.realtime.topics)."""
    said = {"level": level, "title_id": title, "body_id": body, "data": dict(data), "url": url, "kind": kind}
    moment = now()
    row = lock_then(f"alert {code} {key}", _FIND, [code, key])
    if row is None:
        alert = Alert.objects.create(code=code, key=key, raised_at=moment, last_at=moment, **said)
        is_news = False
    else:
        alert = Alert.objects.get(pk=row[0])
        is_news = _ORDER.index(level) > _ORDER.index(Level(alert.level)) or title != alert.title_id
        for name, value in said.items():
            setattr(alert, name, value)
        alert.last_at, alert.times = moment, alert.times + 1
        alert.save()
    if is_news or (alert.told_at is None and not _told_lately(alert)):
        _tell(alert)
    return alert


@service
def alert_clear(*, code: str, key: str = "", title: str = "", kind: str = OVER_KIND, quietly: bool = False) -> bool:
    """Say that a matter is over; True if it stood until now. Managers who heard of it are told, with `title` (a message
    id for the alert's own values) or the alert's own words; `quietly` where a person has just ended it."""
    row = lock_then(f"alert {code} {key}", _FIND, [code, key])
    if row is None:
        return False
    alert = Alert.objects.get(pk=row[0])
    alert.cleared_at = now()
    alert.save(update_fields=["cleared_at"])
    if alert.told_at and not quietly:
        body = "" if title else _OVER
        notify(_managers(), kind=kind, title=title or alert.title_id, body=body, data=dict(alert.data), url=alert.url)
        publish(AlertCleared(alert.pk))
    return True


@service
def alerts_drop(*, code_prefix: str, key: str) -> None:
    """What they are about is gone: nobody needs to be told."""
    Alert.objects.filter(code__startswith=code_prefix, key=key, cleared_at=None).update(cleared_at=now())


def _told_lately(alert: Alert) -> bool:
    """Whether managers heard of the same matter a moment ago, when it began before."""
    since = now() - timedelta(minutes=settings.ALERT_REPEAT_MINUTES)
    told = Alert.objects.filter(code=alert.code, key=alert.key).aggregate(last=Max("told_at"))["last"]
    return told is not None and told > since


def _tell(alert: Alert) -> None:
    alert.told_at = now()
    alert.save(update_fields=["told_at"])
    data, words = dict(alert.data), {"title": alert.title_id, "body": alert.body_id}
    notify(_managers(), kind=alert.kind, data=data, url=alert.url, **words)
    publish(AlertRaised(alert.pk))


def _managers() -> list[int]:
    people = User.objects.filter(is_active=True, role__in=(Role.MANAGER, Role.ADMIN))
    return list(people.values_list("pk", flat=True))


@service
def alerts_tell_late() -> int:
    """Tell what came back soon after it was over and has stood since; how many there were."""
    waiting = Alert.objects.select_for_update().filter(cleared_at=None, told_at=None).order_by("pk")
    late = [alert for alert in waiting if not _told_lately(alert)]
    for alert in late:
        _tell(alert)
    return len(late)


# ---- what a manager does
def alert_lock(alert_id: int) -> Alert:
    """The row, locked until the end of the unit of work. Raises NotFound."""
    alert = Alert.objects.select_for_update(of=("self",)).select_related("taken_by").filter(pk=alert_id).first()
    if alert is None:
        raise NotFound
    return alert


@service
def alert_take(*, alert_id: int, user: User) -> Alert:
    """Say that one looks after it. Raises Conflict if somebody else does already, or if it is over."""
    alert = _open(alert_id)
    if alert.taken_by_id and alert.taken_by_id != user.pk:
        raise Conflict(_("%(name)s looks after this already.") % {"name": alert.taken_by}, code="taken")
    alert.taken_by, alert.taken_at = user, now()
    alert.save(update_fields=["taken_by", "taken_at"])
    return alert


@service
def alert_release(*, alert_id: int) -> Alert:
    """Let somebody else look after it. Raises Conflict if it is over."""
    alert = _open(alert_id)
    alert.taken_by = alert.taken_at = None
    alert.save(update_fields=["taken_by", "taken_at"])
    return alert


@service
def alert_note(*, alert_id: int, text: str) -> Alert:
    """Keep what is known of it, also once it is over."""
    alert = alert_lock(alert_id)
    alert.note = clean_text(text, limit=NOTE_LENGTH).strip()
    alert.save(update_fields=["note"])
    return alert


@service
def alert_close(*, alert_id: int, user: User) -> Alert:
    """Close it by hand: it opens again if it is noticed again. Raises Conflict if it is over."""
    alert = _open(alert_id)
    alert.cleared_at, alert.cleared_by = now(), user
    alert.save(update_fields=["cleared_at", "cleared_by"])
    return alert


def _open(alert_id: int) -> Alert:
    alert = alert_lock(alert_id)
    if alert.cleared_at:
        raise Conflict(_("This alert is over."), code="over")
    return alert
