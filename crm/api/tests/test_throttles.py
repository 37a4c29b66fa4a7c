"""Rate limits: a window slides, concurrent requests are all counted, refused ones are not."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.test import RequestFactory

from crm.api.throttles import AnonymousThrottle


@pytest.fixture
def ask(settings):
    """Ask as one address: None when allowed, else the seconds to wait."""
    settings.THROTTLE_ANONYMOUS = "4/min"

    def ask() -> float | None:
        request = RequestFactory().get("/")
        request.user = type("Nobody", (), {"is_authenticated": False})()
        throttle = AnonymousThrottle()
        return None if throttle.allow_request(request, None) else throttle.wait()

    return ask


@pytest.fixture
def clock():
    """Ten seconds into a minute, far from now: other tests count in other windows."""
    with time_machine.travel(2_000_000_010 - 2_000_000_000 % 60, tick=False) as clock:
        yield clock


def test_told_seconds_later_one_more_request_is_allowed(ask, clock):
    assert [ask() for _ in range(4)] == [None] * 4
    wait = ask()
    assert 0 < wait <= 120
    clock.shift(wait - 1)
    assert ask() is not None
    clock.shift(1.1)
    assert ask() is None
    assert ask() is not None


def test_the_window_slides_instead_of_starting_afresh(ask, clock):
    clock.shift(49)
    assert [ask() for _ in range(4)] == [None] * 4
    clock.shift(2)  # a new minute, with the last four a moment ago
    assert ask() is not None


def test_requests_at_once_are_all_counted(ask, clock):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _number: ask(), range(40)))
    assert answers.count(None) == 4
