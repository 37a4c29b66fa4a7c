"""Reading reports and measurements: for managers, and without anything of clients."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from crm.alerts.models import Alert
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.monitoring.models import Report
from crm.monitoring.reports import HOUR

SPANS = ("day", "week")
Series = dict[str, list[tuple[datetime, float | None]]]


@dataclass(frozen=True)
class Span:
    """The last 24 hours or seven days, cut into steps on the hour."""

    code: str = "day"

    @classmethod
    def read(cls, said: str) -> "Span":
        """What the address says badly counts as not said."""
        return cls(said if said in SPANS else "day")

    @property
    def steps(self) -> int:
        return 24 if self.code == "day" else 56

    @property
    def step(self) -> timedelta:
        return HOUR if self.code == "day" else 3 * HOUR

    @property
    def begins(self) -> datetime:
        this_hour = now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return this_hour + HOUR - self.step * self.steps

    @property
    def asked(self) -> dict[str, Any]:
        return {"step": self.step, "begins": self.begins}


def reports_of(span: Span) -> QuerySet[Report]:
    """The latest first."""
    return Report.objects.filter(hour__gte=span.begins)


def report_get(report_id: int) -> Report:
    """Raises NotFound."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise NotFound
    return report


def neighbours(report: Report) -> tuple[Report | None, Report | None]:
    """The reports before and after it."""
    before = Report.objects.filter(hour__lt=report.hour).order_by("-hour").first()
    return before, Report.objects.filter(hour__gt=report.hour).order_by("hour").first()


def alerts_of(report: Report) -> QuerySet[Alert]:
    """What stood at any time of the hour."""
    stood = Q(cleared_at=None) | Q(cleared_at__gte=report.hour)
    return Alert.objects.filter(stood, raised_at__lt=report.hour + HOUR).order_by("raised_at", "pk")


def series(span: Span) -> Series:
    """What was measured, by step: means, those of answers weighed by how many there were, and the most that waited."""
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, span.asked)
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    return {name: [(row[0], row[place]) for row in rows] for place, name in enumerate(names) if place}


_WAITS = "coalesce((data ->> 'waits')::int, 0)"
_SERIES = f"""
SELECT date_bin(%(step)s, at, %(begins)s) AS bin,
       sum(response_s * {_WAITS}) / nullif(sum({_WAITS}) FILTER (WHERE response_s IS NOT NULL), 0) AS response_s,
       avg(error_percent) AS error_percent, avg(cpu_percent) AS cpu_percent, avg(memory_percent) AS memory_percent,
       max(queue) AS queue
FROM monitoring_sample WHERE at >= %(begins)s GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - no value from outside


def scores(span: Span) -> list[tuple[datetime, float | None]]:
    """The mean of the hours of each step."""
    with connection.cursor() as cursor:
        cursor.execute(_SCORES, span.asked)
        return cursor.fetchall()


_SCORES = """
SELECT date_bin(%(step)s, hour, %(begins)s), avg(score)::float
FROM monitoring_report WHERE hour >= %(begins)s GROUP BY 1 ORDER BY 1
"""
