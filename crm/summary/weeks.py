"""Which week is told of, and when: on Monday at WEEKLY_SUMMARY_HOUR, the seven days before it."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from crm.analytics.period import Period

_LATE = timedelta(hours=48)  # after this it is no news any more


def week_before(moment: datetime) -> date:
    """The Monday of the last week that is over."""
    day = timezone.localdate(moment)
    return day - timedelta(days=day.weekday() + 7)


def week_due(moment: datetime) -> date | None:
    """The week to be told of at this moment, if it is the time for it."""
    week = week_before(moment)
    begins = timezone.make_aware(datetime.combine(week + timedelta(days=7), time(settings.WEEKLY_SUMMARY_HOUR)))
    return week if begins <= moment < begins + _LATE else None


def period_of(week: date) -> Period:
    return Period(week, week + timedelta(days=6))
