"""The days a figure is about."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Invalid

LONGEST = 366 * 5  # days
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Period:
    """Local days from `first` to `last`, both included. Raises Invalid for days in the wrong order or far away."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            text = _("The first day lies after the last.")
            raise Invalid(text, code="period_reversed", fields={"first": text})
        if self.first < _EARLIEST or self.last > _LATEST:
            raise Invalid(_("Choose days from 2000 to 2099."), code="period_far")
        if self.days > LONGEST:
            raise Invalid(_("Choose at most five years."), code="period_long")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> "Period":
        """As many days, up to the day before the first. Raises Invalid where the calendar begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def begins(self) -> datetime:
        """Local midnight before the first day."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """Local midnight after the last day: the first moment that is no longer in the period."""
        return _midnight(self.last + timedelta(days=1))


def today() -> date:
    """The local date."""
    return timezone.localtime(now()).date()


def last_days(days: int) -> Period:
    """So many days up to and with today."""
    last = today()
    return Period(last - timedelta(days=days - 1), last)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
