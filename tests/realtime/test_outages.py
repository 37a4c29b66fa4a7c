"""A lost ring costs a moment, and a Redis that goes away costs nobody the socket."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.models import Room
from crm.realtime.publish import publish
from crm.realtime.rooms import snapshot
from crm.realtime.services import rooms_recheck
from leads.models import Lead
from stack.valkey import Valkey
from tests.realtime.conftest import Served, daphne, tell
from tests.realtime.follower import Follower
from tests.realtime.waiting import eventually

FAR = 3600.0  # a patrol that does not come


@pytest.fixture
def apart(own_valkey: Valkey, tmp_path: Path, transactional_db: None) -> Iterator[Served]:
    """A server at the test's own Valkey."""
    with daphne(tmp_path / "web.log", REDIS_URL=own_valkey.url) as served:
        yield served


def test_a_lost_ring_is_noticed_within_a_second(apart: Served, followers: Callable[..., Follower], ana: User) -> None:
    page = followers(apart, ana)
    page.join(snapshot(ana))
    tell(f"user.{ana.pk}")  # rung at another Valkey than the server's: it never hears of it
    began = time.monotonic()
    assert page.hear()["seq"] == 1
    assert time.monotonic() - began < 1


def test_rights_that_changed_are_noticed_although_the_ring_is_lost(
    apart: Served, followers: Callable[..., Follower], ana: User, caio: User, new_lead
) -> None:
    lead = new_lead(owner=ana)
    page = followers(apart, ana)
    page.join({f"lead.{lead.pk}": 0})
    Lead.objects.filter(pk=lead.pk).update(consultant_id=caio.pk)
    rooms_recheck([f"lead.{lead.pk}"])
    assert page.closed_with() == 4403


def test_more_lost_rings_than_are_kept_mean_fetch_the_page(
    apart: Served, followers: Callable[..., Follower], ana: User
) -> None:
    page = followers(apart, ana)
    page.join(snapshot(ana))
    with unit():
        for number in range(150):
            publish([f"user.{ana.pk}"], kind="thing", object_id=f"o{number}", render=lambda: "")
    assert page.hear() == {"room": f"user.{ana.pk}", "seq": 150, "refresh": True}
    tell(f"user.{ana.pk}")
    assert page.hear()["seq"] == 151


def test_sockets_outlive_a_restart_of_valkey_and_hear_its_rings_again(
    own_valkey: Valkey,
    rings_at_own: None,
    tmp_path: Path,
    followers: Callable[..., Follower],
    ana: User,
    transactional_db,
) -> None:
    room = f"user.{ana.pk}"
    # Without a patrol: what arrives was rung.
    with daphne(tmp_path / "web.log", REDIS_URL=own_valkey.url, REALTIME_PATROL_SECONDS=str(FAR)) as served:
        page = followers(served, ana)
        page.join(snapshot(ana))
        rung(page, room)
        own_valkey.stop(3)
        assert page.until_pong() == []
        tell(room)  # lost
        own_valkey.start()
        eventually(own_valkey.ready)
        seq = rung(page, room)
        newcomer = followers(served, ana)
        assert newcomer.join({room: seq}) == []
        tell(room)
        assert page.hear()["seq"] == newcomer.hear()["seq"] == seq + 1


def rung(page: Follower, room: str) -> int:
    """Ring until the server hears, and until the page has all of it; the room's number."""

    def heard() -> list[int]:
        tell(room)
        return [frame["seq"] for frame in page.until_pong()]

    seq = eventually(heard, seconds=20)[-1]
    while seq < Room.objects.get(name=room).seq:
        seq = page.hear()["seq"]
    return seq
