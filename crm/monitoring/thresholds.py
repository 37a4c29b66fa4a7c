"""Limits: what is measured each minute against what it may be; managers are alerted when a limit is crossed, and told
when the figure is well below it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from babel.numbers import format_decimal
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Alert, Level
from crm.alerts.selectors import open_alerts
from crm.alerts.services import alert_clear, alert_raise
from crm.core.templatetags.ui import LOCALE
from crm.monitoring.models import Sample

# It is over below this part of the limit: a figure that swings around it is one alert.
CLEARS_AT = 0.9
_LEAST = 3  # answers, questions, failures: fewer are bad luck
_LONG = 12  # so many times the limit is too long for one client too
_BEFORE = timedelta(minutes=3)


def _twice(limit: float) -> float:
    return limit * 2


def _near_full(limit: float) -> float:
    """Three quarters of the way from a limit in percent to all there is: 80 → 95."""
    return limit + (100 - limit) * 0.75


def _fourfold(limit: float) -> float:
    return min(limit * 4, 100)


def _always(sample: Sample) -> bool:
    return True


def _many_wait(sample: Sample) -> bool:
    longest = sample.data.get("longest_s", 0)
    return sample.data.get("waits", 0) >= _LEAST or longest >= _LONG * settings.ALERT_RESPONSE_SECONDS


def _asked_often(sample: Sample) -> bool:
    return sample.data.get("asked", 0) >= _LEAST


def _failed_often(sample: Sample) -> bool:
    return sum(failed for failed, _all in sample.data.get("work", {}).values()) >= _LEAST


@dataclass(frozen=True)
class Limit:
    """`limit` is a setting's name; above `critical` of its value it is critical. `enough` says whether the figure rests
    on enough to alarm anybody; `minutes` measured in a row must be above it. `page` is where one looks."""

    code: str
    figure: str
    limit: str
    title: str
    body: str
    over: str
    page: str
    critical: Callable[[float], float] = _twice
    enough: Callable[[Sample], bool] = _always
    minutes: int = 1


LIMITS = (
    Limit(
        "load_response", "response_s", "ALERT_RESPONSE_SECONDS",
        gettext_noop("Clients wait too long for Lívia: %(value)s s (limit: %(limit)s s)"),
        gettext_noop("If many tasks wait, start another worker. If the model is slow, look at Lívia's page."),
        gettext_noop("Lívia answers in good time again"),
        "workspace:queue", enough=_many_wait,
    ),
    Limit(
        "load_model", "model_s", "ALERT_MODEL_SECONDS",
        gettext_noop("Lívia's language model is slow: %(value)s s (limit: %(limit)s s)"),
        gettext_noop("See Groq's status page. A faster model may stand first in GROQ_MODELS."),
        gettext_noop("Lívia's language model is quick again"),
        "agent:livia", enough=_asked_often,
    ),
    Limit(
        "load_errors", "error_percent", "ALERT_ERROR_PERCENT",
        gettext_noop("Too much fails: %(value)s %% (limit: %(limit)s %%)"),
        gettext_noop("Look at what failed: answers, messages that did not leave, or pages (in the log)."),
        gettext_noop("Little or nothing fails any more"),
        "workspace:queue", critical=_fourfold, enough=_failed_often,
    ),
    Limit(
        "load_cpu", "cpu_percent", "ALERT_CPU_PERCENT",
        gettext_noop("A machine's processor is busy: %(value)s %% (limit: %(limit)s %%)"),
        gettext_noop("See which process takes it. Move workers to another machine, or give this one more cores."),
        gettext_noop("The processor has room again"),
        "monitoring:health", critical=_near_full, minutes=2,
    ),
    Limit(
        "load_memory", "memory_percent", "ALERT_MEMORY_PERCENT",
        gettext_noop("A machine's memory is nearly full: %(value)s %% (limit: %(limit)s %%)"),
        gettext_noop("See which process takes it, and restart one that grew. Give the machine more memory."),
        gettext_noop("There is enough memory again"),
        "monitoring:health", critical=_near_full,
    ),
    Limit(
        "load_queue", "queue", "ALERT_QUEUE",
        gettext_noop("Too much work waits: %(value)s (limit: %(limit)s)"),
        gettext_noop("Look whether workers are running. If they are all busy, start another one."),
        gettext_noop("The work that waited is done"),
        "monitoring:health",
    ),
    Limit(
        "load_db", "db_connections", "ALERT_DB_CONNECTIONS",
        gettext_noop("Many connections to the database: %(value)s (limit: %(limit)s)"),
        gettext_noop("Each process keeps a pool. Lower DB_POOL_MAX, or raise max_connections of PostgreSQL."),
        gettext_noop("The database has connections to spare again"),
        "monitoring:health", critical=lambda limit: limit * 1.6,
    ),
    Limit(
        "disk_full", "disk_percent", "HEALTH_DISK_PERCENT",
        gettext_noop("A disk is nearly full: %(value)s %% (limit: %(limit)s %%)"),
        gettext_noop("Make room, or give it more. On a full disk files and messages cannot be stored."),
        gettext_noop("There is room on the disk again"),
        "monitoring:health", critical=lambda limit: limit + (100 - limit) / 2,
    ),
)  # fmt: skip


def thresholds_watch(sample: Sample) -> None:
    """Compare a minute with the limits. What could not be measured begins nothing and ends nothing."""
    standing = {alert.code: alert for alert in open_alerts().filter(code__in=[limit.code for limit in LIMITS])}
    for limit in LIMITS:
        value = sample.data.get(limit.figure) if limit.figure in sample.data else getattr(sample, limit.figure, None)
        if value is not None:
            _watch(limit, value, sample, standing.get(limit.code))


def _watch(limit: Limit, value: float, sample: Sample, standing: Alert | None) -> None:
    most = getattr(settings, limit.limit)
    if value <= most * CLEARS_AT:
        if standing:
            alert_clear(code=limit.code, title=limit.over)
        return
    begins = value > most and limit.enough(sample) and _lasts(limit, sample, most)
    if standing or begins:
        alert_raise(
            code=limit.code, level=_level(limit, value, most, standing), title=limit.title, body=limit.body,
            data={"value": in_words(value), "limit": in_words(most)}, url=reverse(limit.page),
        )  # fmt: skip


def _level(limit: Limit, value: float, most: float, standing: Alert | None) -> Level:
    """Once critical it stays so until it is well below: a swing is not told twice."""
    was = standing is not None and standing.level == Level.CRITICAL
    critical = limit.critical(most) * (CLEARS_AT if was else 1)
    return Level.CRITICAL if value > critical else Level.WARNING


def _lasts(limit: Limit, sample: Sample, most: float) -> bool:
    if limit.minutes == 1:
        return True
    rows = Sample.objects.filter(at__lt=sample.at, at__gte=sample.at - _BEFORE).order_by("-at")
    before = list(rows.values_list(limit.figure, flat=True)[: limit.minutes - 1])
    return len(before) == limit.minutes - 1 and all(value is not None and value > most for value in before)


def in_words(value: float) -> str:
    """With a decimal place where it says something: 3,45 but 120."""
    return format_decimal(value, "0.##" if abs(value) < 10 else "#,##0", locale=LOCALE)
