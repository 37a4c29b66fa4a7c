"""Every kind of room × role, by socket and by event stream. A new kind of room without a row here fails.

Roles as in tests/test_urls.py: nobody, a stranger (Caio), the owner (Ana), a manager (Bruno), an administrator (Alice).
"""

from collections.abc import Callable, Iterator

import pytest

from conversations.models import Conversation
from crm.accounts.models import User
from crm.realtime import rooms
from leads.services import lead_assign
from tests.realtime.conftest import Served, cookie_of, tell
from tests.realtime.follower import Follower
from tests.realtime.streamer import Streamer

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_IN_AGAIN = 4401
MANAGERS, OWNERS = {"bruno", "alice"}, {"ana", "bruno", "alice"}
CONSULTANTS = {"ana", "caio"}
# room → who may join it; {owner}: Ana, {lead} and {chat}: hers
TABLE: dict[str, set[str]] = {
    "user.{owner}": {"ana"},
    "board": MANAGERS,
    "board.{owner}": {"ana"},  # managers follow the board of all
    "board.open": CONSULTANTS,
    "inbox": MANAGERS,
    "inbox.{owner}": {"ana"},
    "inbox.open": CONSULTANTS,
    "unread": MANAGERS,
    "unread.{owner}": {"ana"},
    "unread.open": CONSULTANTS,
    "lead.{lead}": OWNERS,
    "chat.{chat}": OWNERS,
    "side.{chat}": OWNERS,
    "agenda": MANAGERS,
    "agenda.{owner}": OWNERS,
    "sessions": MANAGERS,
}
ROLES = ("caio", "ana", "bruno", "alice")


@pytest.fixture
def names(maria_thread: Conversation, ana: User) -> dict[str, str]:
    """The rows as rooms of this test."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    ids = {"owner": ana.pk, "lead": maria_thread.lead_id, "chat": maria_thread.pk}
    return {row: row.format(**ids) for row in TABLE}


@pytest.fixture(params=["socket", "stream"])
def line(request: pytest.FixtureRequest, server: Served) -> Iterator[Callable[[User | None], Follower | Streamer]]:
    opened: list[Follower | Streamer] = []

    def follow(user: User | None) -> Follower | Streamer:
        cookie = cookie_of(user) if user else ""
        opened.append(Follower(server.port, cookie) if request.param == "socket" else Streamer(server.port, cookie))
        return opened[-1]

    yield follow
    for one in opened:
        one.__exit__(None, None, None)


def test_every_kind_of_room_has_a_row() -> None:
    assert {row.partition(".")[0] for row in TABLE} == set(rooms._families)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_joins_what_the_table_says_and_hears_nothing_else(role, names, line, request) -> None:
    user = request.getfixturevalue(role)
    page = line(user)
    own, may = f"user.{user.pk}", {name for row, name in names.items() if role in TABLE[row]}
    denied = [frame["denied"] for frame in page.join(dict.fromkeys([own, *names.values()], 0)) if "denied" in frame]
    assert set(denied[0]) == set(names.values()) - may - {own}
    tell(*names.values(), html="<b>secret</b>")
    tell(own, html="<b>last</b>", object_id="other")
    heard, is_last = set[str](), False
    while not (is_last and heard >= may):  # each room is told at its own pace
        frame = page.hear()
        is_last = is_last or "last" in frame.get("html", "")
        if "secret" in frame.get("html", ""):
            heard.add(frame["room"])
    assert heard == may


def test_nobody_joins_nothing(names, server: Served) -> None:
    with Follower(server.port, "") as page:
        assert page.closed_with() == SIGN_IN_AGAIN
    with Streamer(server.port, "") as page:
        page.open("rooms=%7B%22board%22%3A0%7D")
        assert page.closed_with() == SIGN_IN_AGAIN
