"""When the business is open, as stretches of time that SQL can measure waits by."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Max, Min
from django.utils import timezone

from agent.brain.opening import OpeningHours
from agent.catalogue import opening
from crm.analytics.models import OpenSpan
from crm.core.clock import now
from leads.models import Lead

_AHEAD = timedelta(days=400)
_SOON = timedelta(days=30)
_ONE_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


def hours_key() -> str:
    """Names the opening hours in force and how far back they are needed: another text, other figures."""
    hours = opening()
    parts = (sorted(hours.week.items()), hours.holidays_uf, sorted(hours.closed_on), _first_day().isoformat())
    return sha256(repr((parts, str(timezone.get_default_timezone()))).encode()).hexdigest()


def hours_end_soon() -> bool:
    last = OpenSpan.objects.aggregate(last=Max("ends_at"))["last"]
    return last is None or last < now() + _SOON


def hours_write() -> None:
    """Every opening from the year before the first lead to a year from now; always open where none is set."""
    first, last = _first_day(), timezone.localtime(now() + _AHEAD).date()
    spans = list(_joined(_spans(opening(), first, last))) or [(_midnight(first), _midnight(last))]
    rows, before = [], 0
    for begins, ends in spans:
        rows.append(OpenSpan(begins_at=begins, ends_at=ends, before_s=before))
        before += int((ends - begins).total_seconds())
    OpenSpan.objects.all().delete()
    OpenSpan.objects.bulk_create(rows, batch_size=2000)


def _first_day() -> date:
    earliest = Lead.objects.aggregate(first=Min("created_at"))["first"] or now()
    return date(timezone.localtime(earliest).year - 1, 1, 1)


def _spans(hours: OpeningHours, first: date, last: date) -> Iterator[Span]:
    for number in range((last - first).days):
        for begins, ends in hours.spans(_midnight(first + number * _ONE_DAY)):
            yield begins.astimezone(UTC), ends.astimezone(UTC)


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Stretches that meet or overlap as one, so that none is counted twice."""
    current: Span | None = None
    for begins, ends in spans:
        if current and begins <= current[1]:
            current = (current[0], max(current[1], ends))
            continue
        if current:
            yield current
        current = (begins, ends)
    if current:
        yield current


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
