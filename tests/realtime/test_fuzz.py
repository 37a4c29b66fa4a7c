"""Whatever comes over a line is answered, refused or closed, and the others go on. The same examples in every run."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from crm.accounts.models import User
from tests.realtime.conftest import Served, cookie_of, tell
from tests.realtime.follower import Follower

NOT_UNDERSTOOD, TOO_BIG, NOT_TEXT, PROTOCOL = 4400, 1009, 1007, 1002
USUAL = settings(
    derandomize=True, max_examples=60, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
LONGER = settings(USUAL, derandomize=False, max_examples=1500)

NAMES = st.sampled_from(
    ["rooms", "here", "ping", "board", "user.1", "lead.1", "chat", "page", "id", "", "\0", "__proto__"]
)
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**400, 1.5, True, None])
THINGS = st.recursive(
    st.one_of(NUMBERS, st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(NAMES | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)
NESTED = st.builds(
    lambda depth, opens: opens * depth, st.integers(1, 60_000), st.sampled_from(["[", '{"rooms":', '{"a":['])
)
LARGE = st.builds(lambda size: json.dumps({"ping": "x" * size}), st.integers(1000, 300_000))
FRAMES = st.one_of(
    THINGS.map(json.dumps),
    st.dictionaries(NAMES, THINGS, max_size=4).map(json.dumps),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace").decode()),
    st.binary(max_size=500),
    NESTED,
    LARGE,
)


def _frames(server: Served, cookie: str, frames: list[str | bytes]) -> None:
    with Follower(server.port, cookie) as page:
        try:
            for frame in frames:
                page.say(frame)
            page.until_pong()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code in (NOT_UNDERSTOOD, TOO_BIG, NOT_TEXT)


def _streams(server: Served, cookie: str, asked: str) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(
        "GET", f"/events/?rooms={quote(asked.encode('utf-8', 'surrogatepass'))[:12_000]}", headers={"Cookie": cookie}
    )
    answer = connection.getresponse()
    assert answer.status in (200, 400, 414)
    connection.sock and connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()


def _bytes(server: Served, cookie: str, noise: list[bytes]) -> None:
    """After a proper handshake, no WebSocket at all."""
    key = b64encode(b"0123456789abcdef").decode()
    lines = ["GET /ws/ HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Origin: http://127.0.0.1:{server.port}"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall("\r\n".join([*lines, f"Cookie: {cookie}", "", ""]).encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 101")
        with suppress(OSError):
            for piece in noise:
                line.sendall(piece)


FUZZES: dict[str, tuple[Any, dict[str, Any]]] = {
    "frames": (_frames, {"frames": st.lists(FRAMES, min_size=1, max_size=3)}),
    "streams": (_streams, {"asked": FRAMES.filter(lambda frame: isinstance(frame, str))}),
    "bytes": (_bytes, {"noise": st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=4)}),
}


def play(what: str, how: settings, server: Served, follow: Callable[..., Follower], ana: User) -> None:
    good, own = follow(ana), f"user.{ana.pk}"
    good.join({own: 0})
    check, strategies = FUZZES[what]
    how(given(**strategies)(check))(server=server, cookie=cookie_of(ana))
    tell(own, html="<b>still here</b>")
    assert "still here" in good.hear()["html"]
    assert follow(ana).join({own: 0})
    assert "Traceback" not in server.complaints


@pytest.mark.parametrize("what", FUZZES)
def test_no_line_breaks_whatever_comes_over_it(what: str, server: Served, follow: Callable, ana: User) -> None:
    play(what, USUAL, server, follow, ana)


@pytest.mark.thorough
@pytest.mark.parametrize("what", FUZZES)
def test_no_line_breaks_in_a_longer_look_either(what: str, server: Served, follow: Callable, ana: User) -> None:
    play(what, LONGER, server, follow, ana)


def test_a_message_of_many_megabytes_ends_its_line_and_no_other(server: Served, follow: Callable, ana: User) -> None:
    good = follow(ana)
    with pytest.raises(ConnectionClosed), Follower(server.port, cookie_of(ana)) as page:
        page.say("x" * 5_000_000)
        page.until_pong()
    assert good.until_pong() == []


# ---- one request in another
SMUGGLED = "GET /board/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
DOUBLE = {
    "a length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"Content-Length: 0\r\nContent-Length: {len(SMUGGLED)}\r\n\r\n",
    "a crooked coding": "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n",
    "a length with a sign": "Content-Length: +0\r\n\r\n",
    "a blank before the colon": f"Content-Length : {len(SMUGGLED)}\r\n\r\n",
}


@pytest.mark.parametrize("way", DOUBLE)
def test_no_request_hides_in_another(way: str, server: Served, transactional_db: None) -> None:
    """Whose end two servers could see in two places is refused, and nothing behind it is answered."""
    head = "POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=3) as line:
        line.sendall(f"{head}{DOUBLE[way]}{SMUGGLED}".encode())
        told = b""
        with suppress(OSError):
            while piece := line.recv(65536):
                told += piece
    assert told.count(b"HTTP/1.1 ") <= 1 and b"/login/?next=/board/" not in told
    assert b"HTTP/1.1 2" not in told
