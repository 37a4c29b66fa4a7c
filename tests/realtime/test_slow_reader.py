"""A reader that does not read is dropped before it costs memory; nobody waits for it."""

import socket
from collections.abc import Callable
from pathlib import Path

from crm.accounts.models import User
from tests.realtime.conftest import Served, cookie_of, daphne, tell
from tests.realtime.follower import Follower
from tests.realtime.waiting import eventually

QUEUE = 10
LARGE = "x" * 200_000
MOST = 60  # events of LARGE: more than the queue and the system's buffers hold
TOO_SLOW, GONE = 4408, 1006


def test_a_slow_reader_is_dropped_and_the_others_miss_nothing(
    tmp_path: Path, followers: Callable[..., Follower], ana: User, transactional_db: None
) -> None:
    room = f"user.{ana.pk}"
    with daphne(tmp_path / "web.log", REALTIME_SOCKET_QUEUE=str(QUEUE)) as served:
        quick = followers(served, ana)
        quick.join({room: 0})
        with slow_reader(served, ana) as slow:
            slow.join({room: 0})
            for number in range(1, MOST + 1):
                tell(room, html=LARGE)
                assert quick.hear()["seq"] == number
            eventually(lambda: not connected(served, slow))  # sooner than any timeout of the server's
            assert slow.closed_with() in (TOO_SLOW, GONE)  # the word does not reach who does not read in time
        assert quick.until_pong() == []
        with Follower(served.port, cookie_of(ana)) as again:
            assert again.join({room: MOST}) == []


def slow_reader(served: Served, user: User) -> Follower:
    """A client that takes two frames and then lets the network fill up."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", served.port))
    return Follower(served.port, cookie_of(user), sock=narrow, max_queue=2)


def connected(served: Served, follower: Follower) -> bool:
    """Whether the server still holds its end."""
    import psutil

    local = follower.socket.socket.getsockname()
    ends = psutil.net_connections("tcp")
    return any(end.laddr[1:] == (served.port,) and end.raddr == local and end.status == "ESTABLISHED" for end in ends)
