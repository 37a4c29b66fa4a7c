"""Who is on duty: available, inside the working hours, and not away for the day.

Hours and days are those of TIME_ZONE. Who has no working hours works at all hours. A stretch ends before its "until";
one until 23:59 lasts to the end of the day, so that a night is two stretches: until 23:59, and from 00:00.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.clock import now

# Conditions on rows of `leads_consultant AS consultant` joined with accounts_user, at `asked` (day, clock, weekday).
PRESENT = """NOT EXISTS (
    SELECT FROM leads_absence AS away
    WHERE away.consultant_id = consultant.user_id AND asked.day BETWEEN away.first_day AND away.last_day
)"""
INSIDE_HOURS = """coalesce((
    SELECT bool_or(
        asked.weekday = hours.weekday AND asked.clock >= hours.begins
        AND (asked.clock < hours.ends OR hours.ends >= '23:59')
    ) FROM leads_workinghours AS hours WHERE hours.consultant_id = consultant.user_id
), true)"""
ON_DUTY = f"(available AND {PRESENT} AND {INSIDE_HOURS})"

_DUTIES = f"""
WITH asked AS (SELECT %s::date AS day, %s::time AS clock, %s::int AS weekday)
SELECT consultant.user_id, is_active, in_rotation, available, {PRESENT}, {INSIDE_HOURS}
FROM leads_consultant AS consultant JOIN accounts_user AS person ON person.id = consultant.user_id CROSS JOIN asked
"""


@dataclass(frozen=True)
class Duty:
    """Why a consultant receives leads now, or does not."""

    is_active: bool
    in_rotation: bool
    available: bool
    present: bool
    inside_hours: bool

    @property
    def on_duty(self) -> bool:
        return self.available and self.present and self.inside_hours

    @property
    def in_line(self) -> bool:
        """Leads come to those in line, first to those of them on duty."""
        return self.is_active and self.in_rotation


def moment(at: datetime | None = None) -> tuple[date, time, int]:
    """Day, time and weekday by the calendar of TIME_ZONE."""
    local = timezone.localtime(at or now(), timezone.get_default_timezone())
    return local.date(), local.time(), local.weekday()


def duties(at: datetime | None = None) -> dict[int, Duty]:
    """The duty of every consultant at a moment; the switches are always those of now."""
    asked: list[Any] = [*moment(at)]
    with connection.cursor() as cursor:
        cursor.execute(_DUTIES, asked)
        return {pk: Duty(*rest) for pk, *rest in cursor.fetchall()}


def on_duty(at: datetime | None = None) -> set[int]:
    """The consultants in the rotation who are on duty."""
    return {pk for pk, duty in duties(at).items() if duty.in_line and duty.on_duty}
