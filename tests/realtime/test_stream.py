"""Where no WebSocket gets through, the same frames come as server-sent events, under the same rules."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.realtime.rooms import snapshot
from leads.services import lead_assign
from stack.valkey import Valkey
from tests.realtime.conftest import Served, cookie_of, daphne, tell
from tests.realtime.streamer import Streamer
from tests.realtime.waiting import eventually

SIGN_IN_AGAIN, ACCESS_CHANGED, NOT_UNDERSTOOD, GONE = 4401, 4403, 4400, 1006
QUEUE, LARGE, MOST = 10, "x" * 200_000, 60

Stream = Callable[..., Streamer]


@pytest.fixture
def streams(transactional_db: None) -> Iterator[Callable[[Served, User], Streamer]]:
    with ExitStack() as stack:
        yield lambda served, user, **options: stack.enter_context(Streamer(served.port, cookie_of(user), **options))


@pytest.fixture
def stream(server: Served, streams: Callable[..., Streamer]) -> Stream:
    """A page by stream at the usual server."""
    return lambda user: streams(server, user)


@pytest.fixture
def room(transactional_db: None, ana: User) -> str:
    return f"user.{ana.pk}"


def test_what_was_missed_comes_first_and_then_every_event_in_order(stream: Stream, ana: User, room: str) -> None:
    for number, thing in enumerate("abacab", start=1):
        tell(room, object_id=thing, html=f"{thing}{number}")
    page = stream(ana)
    assert [(frame["seq"], frame["html"]) for frame in page.join({room: 1})] == [(4, "c4"), (5, "a5"), (6, "b6")]
    assert page.answer.headers["Content-Type"].startswith("text/event-stream")
    assert page.answer.headers["X-Accel-Buffering"] == "no"
    for number in range(7, 37):
        tell(room, object_id=f"o{number}", html="Olá <b>Zoë</b>\r\n🙂")
    heard = [page.hear() for _ in range(30)]
    assert [frame["seq"] for frame in heard] == list(range(7, 37))
    assert {frame["html"] for frame in heard} == {"Olá <b>Zoë</b>\r\n🙂"}


def test_too_much_missed_means_fetch_the_page(stream: Stream, ana: User, room: str) -> None:
    for number in range(101):
        tell(room, object_id=f"o{number}")
    assert stream(ana).join({room: 0}) == [{"room": room, "seq": 101, "refresh": True}]


def test_two_people_hear_only_their_own_rooms(stream: Stream, ana: User, caio: User, new_lead: Callable) -> None:
    lead = new_lead(owner=ana)
    rooms = [f"user.{ana.pk}", f"user.{caio.pk}", f"board.{ana.pk}", f"lead.{lead.pk}", "board"]
    page = stream(caio)
    assert page.join(dict.fromkeys(rooms, 0)) == [{"denied": sorted(set(rooms) - {f"user.{caio.pk}"})}]
    tell(*rooms, html="hers and his")
    assert page.hear()["room"] == f"user.{caio.pk}"
    tell(f"user.{caio.pk}", object_id="last")
    assert page.hear()["seq"] == 2


def test_whoever_loses_a_lead_loses_the_stream_that_follows_it(
    stream: Stream, ana: User, caio: User, bruno: User, new_lead: Callable
) -> None:
    lead = new_lead(owner=ana)
    room = f"lead.{lead.pk}"
    loses, keeps = stream(ana), stream(bruno)
    loses.join({room: 0})
    keeps.join(snapshot(bruno, [room]))
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk)
    assert loses.closed_with() == ACCESS_CHANGED
    assert keeps.hear()["room"] == room
    assert stream(ana).join({room: 0}) == [{"denied": [room]}]


def test_a_deactivated_person_is_signed_out(stream: Stream, ana: User, room: str) -> None:
    page = stream(ana)
    page.join({room: 0})
    ana.is_active = False
    ana.save()
    assert page.closed_with() == SIGN_IN_AGAIN
    page.open(urlencode({"rooms": "{}"}))
    assert page.closed_with() == SIGN_IN_AGAIN


def test_signing_out_ends_the_stream(server: Served, ana: User, room: str) -> None:
    browser = Client()
    browser.force_login(ana)
    with Streamer(server.port, f"sessionid={browser.cookies['sessionid'].value}") as page:
        page.join({room: 0})
        browser.post(reverse("logout"))
        assert page.closed_with() == SIGN_IN_AGAIN


@pytest.mark.parametrize(
    "query",
    ["", "rooms=", "rooms=1", "rooms=[]", "rooms={", "rooms=%FF%FE", "rooms={%22board%22:true}", "rooms=null",
     "rooms=" + quote("[" * 3000), "rooms=" + quote('{"board": 1e99}'), "rooms={%22board%22:0}" + "x" * 5000,
     "rooms=" + quote(str({f'user.{n}': 0 for n in range(21)}).replace("'", '"'))],
)  # fmt: skip
def test_what_is_not_understood_is_answered_by_ending(server: Served, stream: Stream, ana: User, query: str) -> None:
    page = stream(ana)
    page.open(query)
    assert page.closed_with() == NOT_UNDERSTOOD
    assert "Traceback" not in server.complaints


def test_only_reading_is_answered(server: Served) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/events/", body="{}")
    assert connection.getresponse().status == 405
    connection.close()


def test_a_slow_reader_is_dropped_and_the_others_miss_nothing(
    tmp_path: Path, streams: Callable[..., Streamer], ana: User, room: str
) -> None:
    with daphne(tmp_path / "web.log", REALTIME_SOCKET_QUEUE=str(QUEUE)) as served:
        quick, slow = streams(served, ana), streams(served, ana, narrow=True)
        quick.join({room: 0})
        slow.join({room: 0})
        for number in range(1, MOST + 1):
            tell(room, html=LARGE)
            assert quick.hear()["seq"] == number
        eventually(lambda: ended(slow))
        tell(room)
        assert quick.hear()["seq"] == MOST + 1
        assert stream_of(served, ana, {room: MOST + 1}) == []


def ended(page: Streamer) -> bool:
    """Read all that was left in the network's buffers: fewer frames than were sent, and no last word."""
    seen = [frame["seq"] for frame in iter_until_gone(page)]
    return len(seen) < MOST


def iter_until_gone(page: Streamer) -> Iterator[dict]:
    while True:
        try:
            yield page.hear()
        except (StopIteration, OSError, ValueError):
            return


def stream_of(served: Served, user: User, rooms: dict[str, int]) -> list[dict]:
    with Streamer(served.port, cookie_of(user)) as again:
        return again.join(rooms)


def test_streams_outlive_a_restart_of_valkey(
    own_valkey: Valkey, tmp_path: Path, streams: Callable[..., Streamer], ana: User, room: str
) -> None:
    with daphne(tmp_path / "web.log", REDIS_URL=own_valkey.url) as served:
        page = streams(served, ana)
        page.join(snapshot(ana))
        own_valkey.stop(3)
        tell(room)
        assert page.hear()["seq"] == 1
        own_valkey.start()
        eventually(own_valkey.ready)
        tell(room)
        assert page.hear()["seq"] == 2
