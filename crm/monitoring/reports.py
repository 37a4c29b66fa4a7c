"""A report for each hour that is over and was measured, also those that ended while nothing ran to write it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import TruncHour

from crm.core.clock import now
from crm.core.work import service
from crm.monitoring.advice import advice
from crm.monitoring.measuring import error_percent
from crm.monitoring.models import Report, Sample
from crm.monitoring.scoring import score
from crm.monitoring.talk_figures import talk

HOUR = timedelta(hours=1)
_SETTLED = timedelta(minutes=1)  # the hour's last minute may just be being measured


def reports_write() -> int:
    """Write what is missing; how many there were."""
    return sum(report_write(hour=hour) is not None for hour in _hours_missing())


def _hours_missing() -> list[datetime]:
    end = (now() - _SETTLED).replace(minute=0, second=0, microsecond=0)
    kept = now() - timedelta(days=settings.REPORT_KEEP_DAYS)
    hours = Sample.objects.filter(at__gte=kept, at__lt=end).annotate(hour=TruncHour("at", tzinfo=UTC)).order_by("hour")
    missing = hours.exclude(hour__in=Report.objects.filter(hour__gte=kept - HOUR).values("hour"))
    return list(missing.values_list("hour", flat=True).distinct())


@service
def report_write(*, hour: datetime) -> Report | None:
    """The report of the hour that began then; None where there is one, or nothing was measured."""
    samples = list(Sample.objects.filter(at__gte=hour, at__lt=hour + HOUR))
    if not samples:
        return None
    figures = hour_figures(samples, hour)
    scored = score(figures)
    said = {
        "figures": figures, "advice": advice(figures), "lost": scored.lost, "score": scored.points,
        "band": scored.band, "created_at": now(),
    }  # fmt: skip
    report, is_new = Report.objects.get_or_create(hour=hour, defaults=said)
    return report if is_new else None


def hour_figures(samples: list[Sample], hour: datetime) -> dict[str, Any]:
    """Messages are counted from their rows. The rest is of the minutes measured: means, those of answers weighed by
    how many there were, and the highest of what waited and was open."""
    talked = talk(hour, hour + HOUR)
    work = _work(samples)
    figures = {
        "minutes": len(samples),
        "received": talked.received,
        "answered": talked.answered,
        "response_s": _weighed((row.response_s, row.data.get("waits", 0)) for row in samples),
        "waited_s": _weighed((row.data.get("waited_s"), row.data.get("waits", 0)) for row in samples),
        "model_s": _weighed((row.model_s, row.data.get("asked", 0)) for row in samples),
        "error_percent": error_percent(work),
        "worst_errors": _worst(work),
        "cpu_percent": _mean(row.cpu_percent for row in samples),
        "memory_percent": _mean(row.memory_percent for row in samples),
        "cache_percent": _mean(row.cache_percent for row in samples),
        "cpu_highest": _highest(row.cpu_percent for row in samples),
        "memory_highest": _highest(row.memory_percent for row in samples),
        "disk_percent": _highest(row.data.get("disk_percent") for row in samples),
        "queue": _highest(row.queue for row in samples),
        "db_connections": _highest(row.db_connections for row in samples),
    }
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}


def _work(samples: list[Sample]) -> dict[str, tuple[int, int]]:
    """Failed and all, by kind. Each minute looks back over several: shares are right, sums are not."""
    found: dict[str, tuple[int, int]] = {}
    for row in samples:
        for kind, (failed, whole) in row.data.get("work", {}).items():
            before = found.get(kind, (0, 0))
            found[kind] = before[0] + failed, before[1] + whole
    return found


def _worst(work: dict[str, tuple[int, int]]) -> str:
    """The kind of which the largest share failed."""
    return max((kind for kind in work if work[kind][0]), key=lambda kind: work[kind][0] / work[kind][1], default="")


def _weighed(pairs: Iterable[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in pairs if value is not None and weight]
    return sum(value * weight for value, weight in known) / sum(weight for _v, weight in known) if known else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


@service
def reports_forget() -> int:
    """How many went, older than they are kept."""
    return Report.objects.filter(hour__lt=now() - timedelta(days=settings.REPORT_KEEP_DAYS) - HOUR).delete()[0]
