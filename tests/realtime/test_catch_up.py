"""A page that was away is brought up to date, by the events it missed or by being told to fetch itself."""

from collections.abc import Callable

import pytest

from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.models import Event
from crm.realtime.publish import publish_stale
from crm.realtime.rooms import snapshot
from tests.realtime.conftest import tell
from tests.realtime.follower import Follower

Follow = Callable[..., Follower]


@pytest.fixture
def room(transactional_db: None, ana: User) -> str:
    return f"user.{ana.pk}"


def test_a_page_that_missed_nothing_hears_nothing(follow: Follow, ana: User, room: str) -> None:
    tell(room)
    assert follow(ana).join(snapshot(ana)) == []


def test_a_page_that_was_away_gets_the_newest_event_of_each_object_in_order(
    follow: Follow, ana: User, room: str
) -> None:
    for number, thing in enumerate("abacab", start=1):
        tell(room, object_id=thing, html=f"{thing}{number}")
    missed = follow(ana).join({room: 1})
    assert [(frame["seq"], frame["html"]) for frame in missed] == [(4, "c4"), (5, "a5"), (6, "b6")]
    assert {(frame["room"], frame["kind"]) for frame in missed} == {(room, "thing")}


def test_a_page_that_was_there_before_the_room_had_events_gets_them_all(follow: Follow, ana: User, room: str) -> None:
    page = follow(ana)
    assert page.join({room: 0}) == []
    tell(room)
    assert page.hear()["seq"] == 1
    assert [frame["seq"] for frame in page.join({room: 0})] == [1]


def test_an_open_socket_heals_by_joining_again(follow: Follow, ana: User, room: str) -> None:
    page = follow(ana)
    page.join({room: 0})
    for number in (1, 2, 3):
        tell(room, object_id=f"o{number}")
        assert page.hear()["seq"] == number
    assert [frame["seq"] for frame in page.join({room: 1})] == [2, 3]
    tell(room)
    assert page.hear()["seq"] == 4


def test_a_hundred_missed_events_are_sent_and_one_more_means_fetch_the_page(
    follow: Follow, ana: User, room: str
) -> None:
    for number in range(101):
        tell(room, object_id=f"o{number}")
    assert len(follow(ana).join({room: 1})) == 100
    assert follow(ana).join({room: 0}) == [{"room": room, "seq": 101, "refresh": True}]


def test_events_that_were_pruned_mean_fetch_the_page(follow: Follow, ana: User, room: str) -> None:
    for number in range(4):
        tell(room, object_id=f"o{number}")
    Event.objects.filter(room=room, seq__lte=2).delete()
    page = follow(ana)
    assert [frame["seq"] for frame in page.join({room: 2})] == [3, 4]
    assert page.join({room: 1}) == [{"room": room, "seq": 4, "refresh": True}]


@pytest.mark.parametrize("unknown", [7, 10**30, -1, -(10**30)])
def test_a_number_the_room_never_had_means_fetch_the_page(follow: Follow, ana: User, room: str, unknown: int) -> None:
    tell(room)
    assert follow(ana).join({room: unknown}) == [{"room": room, "seq": 1, "refresh": True}]


def test_a_page_read_after_the_server_last_looked_is_not_sent_to_fetch_itself(
    follow: Follow, ana: User, room: str
) -> None:
    follow(ana).join({room: 0})
    for number in range(10):
        tell(room, object_id=f"o{number}")
        assert follow(ana).join(snapshot(ana)) == []


def test_a_stale_region_is_told_to_fetch_itself(follow: Follow, ana: User, room: str) -> None:
    page = follow(ana)
    page.join({room: 0})
    with unit():
        publish_stale([room], object_id="page")
    assert page.hear() == {"room": room, "seq": 1, "refresh": True}


def test_many_pages_hear_every_event_once_and_in_order(follow: Follow, ana: User, room: str) -> None:
    pages = [follow(ana) for _ in range(10)]
    for page in pages:
        page.join({room: 0})
    for number in range(30):
        tell(room, object_id=f"o{number}")
    for page in pages:
        assert [page.hear()["seq"] for _ in range(30)] == list(range(1, 31))
        assert page.until_pong() == []
