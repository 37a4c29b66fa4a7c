"""When the business is open, and what Lívia says of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.brain.guard import AllowedFigures, check
from agent.brain.opening import OpeningHours

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
WEEK = {str(day): [["09:00", "18:00"]] for day in range(5)}
HOURS = OpeningHours(WEEK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-18 09:00", True), ("2026-11-18 17:59", True), ("2026-11-18 18:00", False),
        ("2026-11-18 08:59", False), ("2026-11-21 10:00", False), ("2026-11-22 10:00", False),
    ],
)  # fmt: skip
def test_the_week_says_when_it_is_open(moment, is_open):
    assert HOURS.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-04-03", "2026-04-21", "2026-05-01", "2026-06-04",
        "2026-09-07", "2026-10-12", "2026-11-02", "2026-11-20", "2026-12-25", "2027-02-08", "2027-02-09", "2027-05-27",
    ],
)  # fmt: skip
def test_nobody_works_on_a_national_holiday_or_on_carnival(day):
    assert not HOURS.is_open(at(f"{day} 10:00"))


def test_the_public_servants_day_is_a_working_day():
    assert HOURS.is_open(at("2026-10-28 10:00"))


def test_a_state_has_holidays_of_its_own():
    assert HOURS.is_open(at("2026-07-09 10:00"))
    assert not OpeningHours(WEEK, "SP").is_open(at("2026-07-09 10:00"))
    assert OpeningHours(WEEK, "RJ").is_open(at("2026-07-09 10:00"))


def test_days_the_business_names_are_closed():
    assert not OpeningHours(WEEK, closed_on=["2026-11-18"]).is_open(at("2026-11-18 10:00"))


@pytest.mark.parametrize(
    ("moment", "opens", "words"),
    [
        ("2026-11-18 10:00", "2026-11-18 10:00", ""),
        ("2026-11-18 07:12", "2026-11-18 09:00", "hoje às 9h"),
        ("2026-11-18 19:00", "2026-11-19 09:00", "amanhã às 9h"),
        ("2026-11-19 19:00", "2026-11-23 09:00", "segunda-feira às 9h"),  # the 20th is a holiday
        ("2026-11-21 11:00", "2026-11-23 09:00", "segunda-feira às 9h"),
    ],
)
def test_it_says_when_it_opens_next(moment, opens, words):
    assert HOURS.next_open(at(moment)) == at(opens)
    assert HOURS.next_open_text(at(moment)) == words


def test_lunch_half_hours_and_long_holidays():
    hours = OpeningHours({"0": [["13:30", "24:00"], ["01:00", "12:00"]]}, closed_on=["2026-11-23"])
    assert hours.next_open_text(at("2026-11-22 12:00")) == "dia 30 de novembro à 1h"
    assert hours.next_open_text(at("2026-11-30 12:00")) == "hoje às 13h30"
    assert hours.is_open(at("2026-11-30 23:59"))


@pytest.mark.parametrize(
    "week", [{}, {"0": [["18:00", "09:00"]]}, {"0": ["x", ["a", "b"], ["9:00"], ["25:00", "26:00"], 3]}]
)
def test_a_week_without_a_usable_span_is_never_open(week):
    hours = OpeningHours(week, "XX", ["never"])
    assert not hours.is_open(at("2026-11-23 10:00"))
    assert hours.next_open(at("2026-11-23 10:00")) is None
    assert hours.next_open_text(at("2026-11-23 10:00")) == ""


@pytest.mark.parametrize("moment", ["2026-11-18 07:12", "2026-11-18 19:00", "2026-11-19 19:00", "2026-12-23 19:00"])
def test_the_guard_lets_the_hour_pass(moment):
    assert check(f"Um consultor responde {HOURS.next_open_text(at(moment))}, tá?", AllowedFigures()) == []
