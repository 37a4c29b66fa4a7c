"""When something is due, said briefly: "in an hour", "tomorrow at 9". Always in the product's time zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Invalid

CHOOSE = "choose"  # a date and time of one's own


@dataclass(frozen=True)
class When:
    """A time to choose with one click; `at` is None where the moment to offer it has passed."""

    code: str
    label: Any
    moment: Callable[[datetime], datetime]

    @property
    def at(self) -> datetime | None:
        """The moment now, in the product's time zone."""
        local = timezone.localtime(now())
        moment = self.moment(local)
        return moment if moment > local else None


def at_hour(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _next_monday(local: datetime) -> datetime:
    return at_hour(local.date() + timedelta(days=7 - local.weekday()), 9)


_HOUR = When("hour", _("In 1 hour"), lambda local: (local + timedelta(hours=1)).replace(second=0, microsecond=0))
_TOMORROW = When("tomorrow", _("Tomorrow 9:00"), lambda local: at_hour(local.date() + timedelta(days=1), 9))
_MONDAY = When("monday", _("Monday 9:00"), _next_monday)

PLAN = (_HOUR, When("today", _("Today 17:00"), lambda local: at_hour(local.date(), 17)), _TOMORROW, _MONDAY)
SNOOZE = (
    _HOUR,
    When("afternoon", _("This afternoon, 15:00"), lambda local: at_hour(local.date(), 15)),
    _TOMORROW,
    _MONDAY,
)
_ALL = {when.code: when for when in (*PLAN, *SNOOZE)}


def offered(choices: tuple[When, ...]) -> list[When]:
    """Those still ahead; on a Sunday "tomorrow" is the Monday already."""
    ahead = [when for when in choices if when.at is not None]
    seen: set[datetime | None] = set()
    return [when for when in ahead if not (when.at in seen or seen.add(when.at))]  # type: ignore[func-returns-value]


def due_from(code: str, text: str) -> datetime:
    """What a form says: the code of a choice, or `text` such as "2026-11-20T15:00". Raises Invalid."""
    if code in _ALL:
        if moment := _ALL[code].at:
            return moment
        raise _refused(_("This time has passed. Choose another one."))
    try:
        value = parse_datetime(text.strip())
        if value is None or not 1970 <= value.year <= 9000:
            raise _refused(_("Choose a date and a time."))
        return value if timezone.is_aware(value) else timezone.make_aware(value)
    except (ValueError, OverflowError) as error:
        raise _refused(_("Choose a date and a time.")) from error


def _refused(text: Any) -> Invalid:
    return Invalid(text, code="task_due", fields={"due_at": text})
