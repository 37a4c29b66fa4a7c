"""Nobody hears of what they may not see, and who loses a right loses the socket."""

from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.test import Client
from django.urls import reverse
from websockets.exceptions import InvalidStatus

from crm.accounts.models import User
from crm.realtime.rooms import may_join
from leads.services import lead_assign
from tests.realtime.conftest import cookie_of, tell
from tests.realtime.follower import Follower

Follow = Callable[..., Follower]
SIGN_IN_AGAIN, ACCESS_CHANGED = 4401, 4403


def test_two_people_hear_only_their_own_rooms(follow: Follow, ana: User, caio: User, new_lead) -> None:
    lead = new_lead(owner=ana, name="Maria")
    pages = {user: follow(user) for user in (ana, caio)}
    rooms = [f"user.{ana.pk}", f"user.{caio.pk}", f"board.{ana.pk}", f"board.{caio.pk}", f"lead.{lead.pk}"]
    answers = {user: page.join(dict.fromkeys([*rooms, "board"], 0)) for user, page in pages.items()}
    assert answers[ana][-1] == {"denied": ["board", f"board.{caio.pk}", f"user.{caio.pk}"]}
    assert answers[caio] == [{"denied": ["board", f"board.{ana.pk}", f"lead.{lead.pk}", f"user.{ana.pk}"]}]
    tell(*rooms, "board", object_id="thing", html="hers and his")
    heard = {user: {frame["room"] for frame in [page.hear(), *page.until_pong()]} for user, page in pages.items()}
    assert heard[caio] == {f"user.{caio.pk}", f"board.{caio.pk}"}
    assert heard[ana] <= {f"user.{ana.pk}", f"board.{ana.pk}", f"lead.{lead.pk}"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "", ".", "board.", "board..1", "user", "user.0", "user.-1", "user.x", "chat", "chat.x", "chat.0", "lead.9" * 30,
        "lead", "side.1-1", "inbox.x", "session.1", "nothing", "nothing.1", "__class__", "board\n", "user.%s\n",
        "lead.99999999999999999999999999999", "chat.٣", "\ud800", "\x00", "user.%s.1", "USER.%s", "board.%s ", "room.*",
    ],
)  # fmt: skip
def test_a_forged_room_is_refused(ana: User, name: str) -> None:
    assert not may_join(ana, name.replace("%s", str(ana.pk)))


def test_forged_rooms_are_named_as_refused_and_the_others_joined(follow: Follow, ana: User) -> None:
    own = f"user.{ana.pk}"
    page = follow(ana)
    assert page.join({own: 0, "user.0": 0, "\ud800": 5, "x\n": 1}) == [{"denied": ["user.0", "x\n", "\ud800"]}]
    tell(own)
    assert page.hear()["room"] == own


def test_whoever_loses_a_lead_loses_the_socket_that_follows_it(
    follow: Follow, ana: User, caio: User, bruno: User, new_lead
) -> None:
    lead = new_lead(owner=ana)
    room = f"lead.{lead.pk}"
    loses, keeps = follow(ana), follow(bruno)
    for page in (loses, keeps):
        page.join({room: 0})
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk)
    assert loses.closed_with() == ACCESS_CHANGED
    assert keeps.until_pong() is not None
    assert follow(ana).join({room: 0}) == [{"denied": [room]}]


def test_a_socket_that_joined_before_the_loss_and_heals_after_it_is_refused(
    follow: Follow, ana: User, caio: User, new_lead
) -> None:
    lead = new_lead(owner=ana)
    page = follow(ana)
    page.join({f"user.{ana.pk}": 0})
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk)
    assert page.join({f"user.{ana.pk}": 0, f"lead.{lead.pk}": 0})[-1] == {"denied": [f"lead.{lead.pk}"]}


def test_a_deactivated_person_is_signed_out_everywhere(follow: Follow, ana: User, caio: User) -> None:
    pages, other = [follow(ana), follow(ana)], follow(caio)
    for page in [*pages, other]:
        page.join({f"user.{ana.pk}": 0, f"user.{caio.pk}": 0})
    ana.is_active = False
    ana.save()
    assert [page.closed_with() for page in pages] == [SIGN_IN_AGAIN] * 2
    assert other.until_pong() == []
    assert follow(ana).closed_with() == SIGN_IN_AGAIN


def test_a_deleted_account_is_signed_out(follow: Follow, bruno: User) -> None:
    page = follow(bruno)
    page.join({f"user.{bruno.pk}": 0})
    bruno.security_events.all().delete()  # the log holds on to whom it is about
    bruno.delete()
    assert page.closed_with() == SIGN_IN_AGAIN


def test_a_demoted_manager_loses_the_board_of_all(follow: Follow, bruno: User) -> None:
    page = follow(bruno)
    assert page.join({"board": 0, f"user.{bruno.pk}": 0}) is not None
    bruno.role = "consultant"
    bruno.save(update_fields=["role"])
    assert page.closed_with() == ACCESS_CHANGED


def test_signing_out_closes_the_sockets_of_that_session_alone(followers, server, follow: Follow, ana: User) -> None:
    browser = Client()
    browser.force_login(ana)
    cookie = "=".join((browser.cookies["sessionid"].key, browser.cookies["sessionid"].value))
    elsewhere = follow(ana)
    with Follower(server.port, cookie) as page:
        for one in (page, elsewhere):
            one.join({f"user.{ana.pk}": 0})
        browser.post(reverse("logout"))
        assert page.closed_with() == SIGN_IN_AGAIN
    assert elsewhere.until_pong() is not None


def test_a_new_password_ends_the_sockets_of_the_old_one(follow: Follow, ana: User) -> None:
    page = follow(ana)
    page.join({f"user.{ana.pk}": 0})
    ana.set_password("another-long-password")
    ana.save(update_fields=["password"])
    assert page.closed_with() == SIGN_IN_AGAIN


def test_signing_in_or_becoming_available_disturbs_nobody(follow: Follow, ana: User) -> None:
    page = follow(ana)
    page.join({f"user.{ana.pk}": 0})
    cookie_of(ana)
    ana.save(update_fields=["available"])
    assert page.until_pong() == []


@pytest.mark.parametrize("cookie", ["", "sessionid=", "sessionid=x", "sessionid=" + "a" * 32, "sessionid=;;=;"])
def test_a_socket_without_a_session_is_told_to_sign_in(server, cookie: str, transactional_db) -> None:
    with Follower(server.port, cookie) as page:
        assert page.closed_with() == SIGN_IN_AGAIN


def test_a_session_of_a_backend_that_is_gone_does_not_count(server, ana: User, transactional_db) -> None:
    browser = Client()
    browser.force_login(ana)
    session = browser.session
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    with Follower(server.port, f"sessionid={session.session_key}") as page:
        assert page.closed_with() == SIGN_IN_AGAIN


def test_a_page_of_another_site_gets_no_socket(server, ana: User, transactional_db) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        Follower(server.port, cookie_of(ana), origin="https://elsewhere.example")
