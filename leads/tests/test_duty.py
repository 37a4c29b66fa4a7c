"""Who is on duty: the switch, working hours and days off, by the calendar of TIME_ZONE."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from crm.accounts.services import availability_set
from leads.duty import on_duty
from leads.models import Absence, Consultant, Source, WorkingHours
from leads.rotation import line, next_in_turn
from leads.services import lead_create

HERE = ZoneInfo("America/Sao_Paulo")


def at(text: str) -> datetime:
    """A moment of the week of Monday, 23 November 2026, by the clock of São Paulo."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def works(user, *stretches: tuple[int, str, str]) -> None:
    for weekday, begins, ends in stretches:
        WorkingHours.objects.create(
            consultant_id=user.pk, weekday=weekday, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends)
        )


def off(user, first: date, last: date) -> None:
    Absence.objects.create(consultant_id=user.pk, first_day=first, last_day=last)


@pytest.fixture
def clock(monkeypatch):
    """Sets the time of the product."""

    def set_to(text: str) -> None:
        monkeypatch.setattr("leads.duty.now", lambda: at(text))

    return set_to


def owner_of_next() -> int | None:
    owner_of_next.n += 1
    phone = f"+551191111{owner_of_next.n:04d}"
    return lead_create(values={"name": "Maria", "phone": phone}, source=Source.API)[0].consultant_id


owner_of_next.n = 0


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T12:00", False),  # lunch
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-11-24T10:00", False),  # Tuesday has no hours
    ],
)
def test_a_stretch_begins_with_its_first_moment_and_ends_before_its_last(ana, moment, on):
    works(ana, (0, "09:00", "12:00"), (0, "13:00", "18:00"))
    assert on_duty(at(moment)) == ({ana.pk} if on else set())


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-11-23T21:59", False),
        ("2026-11-23T23:59:30", True),
        ("2026-11-24T00:00", True),
        ("2026-11-24T02:00", False),
        ("2026-11-30T00:30", False),  # the Monday after has no stretch of its own before midnight
    ],
)
def test_a_night_is_two_stretches_that_meet_at_midnight(ana, moment, on):
    works(ana, (0, "22:00", "23:59"), (1, "00:00", "02:00"))
    assert on_duty(at(moment)) == ({ana.pk} if on else set())


def test_who_has_no_hours_works_at_all_hours(ana):
    assert on_duty(at("2026-11-29T03:00")) == {ana.pk}


def test_days_off_count_from_the_first_to_the_last_by_local_date(ana):
    off(ana, date(2026, 11, 24), date(2026, 11, 25))
    days = ["2026-11-23T23:59", "2026-11-24T00:00", "2026-11-25T23:59", "2026-11-26T00:00"]  # UTC is hours ahead
    assert [bool(on_duty(at(day))) for day in days] == [True, False, False, True]


def test_leads_go_to_who_is_on_duty_and_to_the_others_in_turn_when_nobody_is(ana, caio, clock):
    works(ana, (0, "09:00", "18:00"))
    off(caio, date(2026, 11, 24), date(2026, 11, 24))
    clock("2026-11-23T20:00")
    assert {owner_of_next() for _ in range(2)} == {caio.pk}
    clock("2026-11-24T10:00")  # Ana does not work on Tuesdays and Caio is off
    assert {owner_of_next() for _ in range(2)} == {ana.pk, caio.pk}
    clock("2026-11-23T10:00")
    assert next_in_turn().pk in {ana.pk, caio.pk}
    assert {owner_of_next() for _ in range(2)} == {ana.pk, caio.pk}


def test_the_switch_counts_inside_working_hours_too(ana, caio, clock):
    works(ana, (0, "09:00", "18:00"))
    availability_set(user_id=ana.pk, available=False)
    clock("2026-11-23T10:00")
    assert [place.consultant_id for place in line() if place.on_duty] == [caio.pk]


def test_who_comes_back_from_days_off_is_not_flooded(ana, caio, clock):
    off(ana, date(2026, 11, 23), date(2026, 11, 23))
    clock("2026-11-23T10:00")
    for _ in range(5):
        owner_of_next()
    clock("2026-11-24T10:00")
    assert [owner_of_next() for _ in range(4)] == [ana.pk, caio.pk, ana.pk, caio.pk]
    assert Consultant.objects.get(pk=ana.pk).assigned_count == 2
