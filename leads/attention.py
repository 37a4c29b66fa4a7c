"""Which leads ask for somebody: the conditions behind the board's chips. Figures: `ATTENTION_UNANSWERED_SECONDS`, and
the red marks of `leads.expectations`."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from leads.expectations import ageing
from leads.models import Attendance
from leads.pipeline import CLOSED


class Chip(models.TextChoices):
    ATTENTION = "attention", _("Need attention")
    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Due today")
    NO_NEXT_STEP = "no_next_step", _("No next step")


def chip_q(chip: str, at: datetime | None = None, *, status: str = "") -> Q:
    """The leads a chip stands for, at a moment (now). Raises KeyError for one that is none. Of closed leads chips speak
    only while something is planned for them; with the `status` all leads asked for have, that is an index's condition.
    """
    planned = Q(next_task_at__isnull=False)
    anywhere = planned | ~Q(status__in=CLOSED)
    within = {"": anywhere} | dict.fromkeys(CLOSED, planned)
    return within.get(status, Q()) & Q(erased_at=None) & _CONDITIONS[Chip(chip)](at or now())


def _attention(at: datetime) -> Q:
    """A client waits for a person, a task is late, or the lead has been in its column for too long."""
    return _unanswered(at) | _overdue(at) | _aged(at)


def _unanswered(at: datetime) -> Q:
    since = at - timedelta(seconds=settings.ATTENTION_UNANSWERED_SECONDS)
    waits = Q(unread_count__gt=0, last_message_direction="in", last_message_at__lte=since)
    return waits & ~Q(attended_by=Attendance.LIVIA)


def _overdue(at: datetime) -> Q:
    return Q(next_task_at__lt=at)


def _aged(at: datetime) -> Q:
    marks = [(status, red) for status, (_amber, red) in ageing().items() if red]
    aged = (Q(status=status, status_changed_at__lte=at - timedelta(seconds=red)) for status, red in marks)
    return reduce(or_, aged, Q(pk__in=()))


def _today(at: datetime) -> Q:
    """Due by the calendar of TIME_ZONE, whether its hour has passed or not."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(next_task_at__gte=midnight, next_task_at__lt=midnight + timedelta(days=1))


def _no_next_step(at: datetime) -> Q:
    return Q(next_task_at=None, consultant__isnull=False) & ~Q(status__in=CLOSED)


_CONDITIONS = {
    Chip.ATTENTION: _attention,
    Chip.OVERDUE: _overdue,
    Chip.TODAY: _today,
    Chip.NO_NEXT_STEP: _no_next_step,
}
