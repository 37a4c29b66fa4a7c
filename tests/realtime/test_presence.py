"""Who else is here: seen by those who follow the room, gone when the tab closes, and never in the way."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.realtime.presence import online_ids, presence_enter, presence_read
from leads.services import lead_assign
from stack.valkey import Valkey
from tests.realtime.conftest import Served, cookie_of, daphne, tell
from tests.realtime.follower import Follower, Frame
from tests.realtime.streamer import Streamer
from tests.realtime.waiting import eventually

Follow = Callable[..., Follower]
PRESENCE_SECONDS = 10


@pytest.fixture
def room(ana: User, new_lead: Callable, transactional_db: None) -> str:
    return f"lead.{new_lead(owner=ana).pk}"


def enter(page: Follower, room: str, **more: object) -> None:
    page.join({room: 0})
    page.say({"here": {"rooms": [room], **more}})


def others(page: Follower | Streamer) -> list[tuple[str, bool]]:
    """What the next word about presence says."""
    return seen_in(hear_presence(page))


def hear_presence(page: Follower | Streamer) -> Frame:
    while "presence" not in (frame := page.hear()):
        pass
    return frame["presence"]


def seen_in(presence: Frame) -> list[tuple[str, bool]]:
    return [(person["name"], person["typing"]) for person in presence["people"]]


def test_two_people_see_each_other_and_not_themselves(follow: Follow, ana: User, bruno: User, room: str) -> None:
    hers, his = follow(ana), follow(bruno)
    enter(hers, room)
    assert others(hers) == []
    enter(his, room)
    assert others(his) == [("Ana Clara", False)]
    assert hear_presence(hers) == {"room": room, "people": [{"id": bruno.pk, "name": "Bruno Rocha", "typing": False}]}
    his.say({"here": {"rooms": [room], "typing": room}})
    assert others(hers) == [("Bruno Rocha", True)]
    began = time.monotonic()
    assert others(hers) == [("Bruno Rocha", False)]
    assert 3 < time.monotonic() - began < 8
    his.say({"here": {"rooms": []}})
    assert others(hers) == []


def test_a_closed_tab_is_gone_at_once_but_not_while_another_is_open(
    server: Served, follow: Follow, ana: User, bruno: User, room: str
) -> None:
    hers = follow(ana)
    with Follower(server.port, cookie_of(bruno)) as one:
        with Follower(server.port, cookie_of(bruno)) as other:
            enter(one, room)
            enter(other, room)
            enter(hers, room)
            assert others(hers) == [("Bruno Rocha", False)]
        one.say({"here": {"rooms": [room], "typing": room}})
        assert others(hers) == [("Bruno Rocha", True)]
        began = time.monotonic()
    assert others(hers) == []
    assert time.monotonic() - began < 2


def test_a_stranger_is_neither_told_nor_shown(follow: Follow, ana: User, caio: User, bruno: User, room: str) -> None:
    hers, stranger, his = follow(ana), follow(caio), follow(bruno)
    enter(hers, room)
    assert others(hers) == []
    stranger.join({room: 0, f"user.{caio.pk}": 0})
    stranger.say({"here": {"rooms": [room, f"user.{caio.pk}", "board"], "typing": room}})
    enter(his, room)
    assert others(hers) == [("Bruno Rocha", False)]
    tell(f"user.{caio.pk}")
    assert "presence" not in stranger.hear()
    assert stranger.until_pong() == []


def test_who_loses_the_lead_is_seen_there_no_more(
    follow: Follow, ana: User, bruno: User, caio: User, room: str
) -> None:
    his, hers = follow(bruno), follow(ana)
    enter(his, room)
    enter(hers, room)
    eventually(lambda: others(his) == [("Ana Clara", False)])
    lead_assign(lead_id=int(room.removeprefix("lead.")), consultant_id=caio.pk)
    assert others(his) == []


def test_a_page_that_follows_without_looking_is_told_and_not_seen(
    follow: Follow, ana: User, bruno: User, room: str
) -> None:
    hidden, his = follow(ana), follow(bruno)
    hidden.join({room: 0})
    enter(his, room)
    assert others(his) == []
    assert others(hidden) == [("Bruno Rocha", False)]


@pytest.fixture
def stream(server: Served) -> Iterator[Callable[[User], Streamer]]:
    with ExitStack() as stack:
        yield lambda user: stack.enter_context(Streamer(server.port, cookie_of(user)))


def post_here(user: User, line: str, room: str, **more: object) -> list[Frame]:
    browser = Client()
    browser.force_login(user)
    body = {"line": line, "rooms": [room], **more}
    answer = browser.post(reverse("events:here"), body, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()["presence"]


def test_under_a_stream_a_post_says_it_and_the_end_of_the_stream_takes_it_back(
    follow: Follow, stream: Callable[[User], Streamer], ana: User, bruno: User, room: str
) -> None:
    hers, his = follow(ana), stream(bruno)
    enter(hers, room)
    assert others(hers) == []
    his.join({room: 0})
    assert [seen_in(one) for one in post_here(bruno, his.name, room, typing=room)] == [[("Ana Clara", False)]]
    assert others(hers) == [("Bruno Rocha", True)]
    hers.say({"here": {"rooms": [room], "typing": room}})
    assert others(his) in ([("Ana Clara", False)], [("Ana Clara", True)])
    his.leave()
    eventually(lambda: ("Bruno Rocha", True) not in others(hers))


def test_a_stranger_who_posts_learns_and_tells_nothing(ana: User, caio: User, room: str) -> None:
    presence_enter(ana, line="x", rooms=[room], typing="")
    assert post_here(caio, "y", room, typing=room) == []
    assert [person.name for person in presence_read([room])[room].people] == ["Ana Clara"]


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"rooms": "lead.1"}', '{"rooms": [1]}', '{"line": ""}', '{"typing": {}}', "x" * 5000]
)
def test_a_post_that_cannot_be_read_is_refused(ana: User, browse: Callable[[User], Client], body: str) -> None:
    assert browse(ana).post(reverse("events:here"), body, content_type="application/json").status_code == 400


def test_who_has_a_page_open_is_online(follow: Follow, ana: User, bruno: User, transactional_db: None) -> None:
    follow(ana).join({f"user.{ana.pk}": 0})
    eventually(lambda: ana.pk in online_ids())
    assert bruno.pk not in online_ids()


def test_without_redis_nobody_is_seen_and_everything_else_goes_on(
    own_valkey: Valkey, tmp_path: Path, followers: Callable[..., Follower], ana: User, bruno: User, room: str
) -> None:
    with daphne(tmp_path / "web.log", REDIS_URL=own_valkey.url, PRESENCE_SECONDS=str(PRESENCE_SECONDS)) as served:
        hers, his = followers(served, ana), followers(served, bruno)
        enter(hers, room)
        enter(his, room)
        assert others(his) == [("Ana Clara", False)]
        own_valkey.stop(3)
        his.say({"here": {"rooms": [room], "typing": room}})
        assert others(his) == []
        tell(room)
        while "seq" not in (frame := his.hear()):
            pass
        assert frame["seq"]
        own_valkey.start()
        eventually(own_valkey.ready)
        eventually(lambda: others(his) == [("Ana Clara", False)])
