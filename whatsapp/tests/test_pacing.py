"""The arithmetic of pacing: a bucket for each minute, a budget for each day."""

import time
from datetime import timedelta

import pytest

from crm.core.clock import now
from whatsapp.pacing import DAY, Bucket, DayBudget


def test_a_bucket_that_begins_is_empty_and_gives_one_at_a_time():
    bucket = Bucket(per_minute=60)
    assert bucket.wait() == pytest.approx(1, abs=0.1)


def test_after_a_quiet_time_a_burst_may_leave_and_then_the_rate_rules():
    bucket = Bucket(per_minute=60, burst=3)
    bucket.recall([])
    for _ in range(3):
        assert bucket.wait() == 0
        bucket.take()
    assert bucket.wait() == pytest.approx(1, abs=0.1)


def test_what_was_not_used_is_given_back():
    bucket = Bucket(per_minute=60)
    bucket.recall([])
    bucket.take()
    assert bucket.wait() > 0
    bucket.give_back()
    assert bucket.wait() == 0


def test_starting_over_gains_nothing():
    """However often the process starts, what left before counts."""
    bucket = Bucket(per_minute=20, burst=10)
    bucket.recall([3.0 * number for number in range(60)])  # at full pace for minutes
    assert bucket.wait() > 0
    bucket.recall([0.1] * 10)
    assert bucket.wait() == pytest.approx(3, abs=0.3)


def test_the_rate_holds_over_any_stretch_of_time():
    bucket = Bucket(per_minute=6000, burst=5)
    bucket.recall([])
    began, left = time.monotonic(), []
    while time.monotonic() - began < 0.5:
        if bucket.wait() == 0:
            bucket.take()
            left.append(time.monotonic())
    for first in range(len(left)):
        for last in range(first, len(left)):
            assert last - first + 1 <= 5 + (left[last] - left[first]) * 100 + 1


def test_a_day_has_so_many_and_the_next_goes_when_the_oldest_is_a_day_old():
    moment = now()
    budget = DayBudget(2, [moment - timedelta(hours=5), moment - timedelta(hours=1)])
    assert budget.frees_at(moment) == moment - timedelta(hours=5) + DAY
    assert budget.frees_at(moment, ahead=1) == moment - timedelta(hours=1) + DAY
    assert budget.frees_at(moment, ahead=2) == moment - timedelta(hours=5) + 2 * DAY
    assert budget.frees_at(moment + timedelta(hours=20)) is None


def test_what_is_on_its_way_counts_until_it_did_not_leave():
    budget = DayBudget(1, [])
    budget.leave(7)
    assert budget.frees_at(now()) is not None
    budget.settle(7, None)
    assert budget.frees_at(now()) is None
    budget.leave(8)
    budget.settle(8, now())
    assert budget.frees_at(now()) is not None


def test_a_budget_of_nothing_lets_nothing_go():
    moment = now()
    assert DayBudget(0, []).frees_at(moment) == moment + DAY
