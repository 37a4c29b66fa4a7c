"""What no browser of ours sends is answered by closing, and nothing breaks."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from crm.accounts.models import User
from tests.realtime.conftest import Served, tell
from tests.realtime.follower import Follower

NOT_UNDERSTOOD = 4400


@pytest.mark.parametrize(
    "frame",
    [
        "", " ", "hello", "{", "null", "[]", "1", '"rooms"', "{}", '{"other": 1}', "NaN", "[" * 4000,
        '{"rooms":' * 400, '{"rooms": null}', '{"rooms": []}', '{"rooms": "board"}', '{"rooms": {"board": null}}',
        '{"rooms": {"board": "1"}}', '{"rooms": {"board": 1.5}}', '{"rooms": {"board": true}}',
        '{"rooms": {"board": Infinity}}', '{"rooms": {"board": {}}}', '{"ping": 1, "rooms": 1}',
        json.dumps({"rooms": {f"user.{number}": 0 for number in range(21)}}), '{"ping": "' + "x" * 5000 + '"}',
        b"", b"\x00\xff", b'{"ping": 1}',
    ],
)  # fmt: skip
def test_a_frame_that_is_not_understood_closes_the_socket(
    server: Served, follow: Callable[..., Follower], ana: User, frame: str | bytes
) -> None:
    page = follow(ana)
    page.say(frame)
    assert page.closed_with() == NOT_UNDERSTOOD
    assert "Traceback" not in server.complaints


def test_what_comes_after_a_refused_frame_is_ignored(
    server: Served, follow: Callable[..., Follower], ana: User
) -> None:
    page = follow(ana)
    for frame in ("nonsense", {"ping": 1}, "nonsense", {"rooms": {f"user.{ana.pk}": 0}}):
        with suppress(ConnectionClosed):  # the server may be quicker than we are
            page.say(frame)
    assert page.closed_with() == NOT_UNDERSTOOD
    assert "Traceback" not in server.complaints


def test_twenty_rooms_are_not_too_many(follow: Callable[..., Follower], ana: User) -> None:
    asked = {f"user.{ana.pk + number}": 0 for number in range(20)}
    assert len(follow(ana).join(asked)[-1]["denied"]) == 19


def test_the_others_go_on(follow: Callable[..., Follower], ana: User) -> None:
    page, broken = follow(ana), follow(ana)
    page.join({f"user.{ana.pk}": 0})
    broken.join({f"user.{ana.pk}": 0})
    broken.say("nonsense")
    assert broken.closed_with() == NOT_UNDERSTOOD
    tell(f"user.{ana.pk}")
    assert page.hear()["seq"] == 1
